//! Emotion depth: how deep each of seven expressions is on a face, measured in the browser, on the device.
//!
//! The modules stand in the order in which the data flows, from frame to gauge. Everything above
//! `worker` is pure: no web types, tested on the host.
//!
//! frame -> detect -> track -> align -> model -> depth -> quality -> (engine) -> smooth -> session -> export

pub mod emotion;
pub mod frame;
pub mod geometry;
pub mod nn;

pub mod align;
pub mod depth;
pub mod detect;
pub mod engine;
pub mod model;
pub mod pose;
pub mod quality;
pub mod track;

pub mod still;

/// Picture files; not in the engine that reads the camera.
#[cfg(feature = "pictures")]
pub mod picture;

pub mod protocol;
pub mod reading;
pub mod thumbnail;

pub mod baseline;
pub mod clip;
pub mod export;
pub mod session;
pub mod smooth;

pub mod evaluation;
pub mod view;

/// The engine's worker; only in the engine's binary.
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
pub mod worker;

pub mod web;

/// The page; only in the page's binary.
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod ui;
