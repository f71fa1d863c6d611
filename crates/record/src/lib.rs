//! What becomes of readings: samples, smoothed and compared with a personal neutral, kept, summarised and saved.
//!
//! reading -> smooth, baseline -> session (samples) -> store (columns) -> export (CSV and JSON)
//!
//! [`recorder`] is a recording from its start to the file, [`journal`] what keeps it meanwhile, [`clip`] the readings of a video.

pub mod baseline;
pub mod clip;
pub mod export;
pub mod journal;
pub mod notes;
pub mod recorder;
pub mod session;
pub mod smooth;
pub mod source_names;
pub mod still;
pub mod store;
