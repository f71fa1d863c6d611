//! From the pixels of a frame to the depths of seven expressions. No web types, no clock of its own.
//!
//! The modules stand in the order in which the data flows:
//!
//! frame -> detect -> track -> align -> model -> depth -> pose, quality -> (engine) -> reading

pub mod emotion;
pub mod frame;
pub mod geometry;
pub mod reading;

pub mod align;
pub mod cover;
pub mod depth;
pub mod detect;
pub mod engine;
pub mod model;
pub mod pose;
pub mod quality;
pub mod track;

/// Picture files; not in the engine that reads the camera.
#[cfg(feature = "pictures")]
pub mod picture;
pub mod sequence;
pub mod still;
pub mod thumbnail;
pub mod walk;
