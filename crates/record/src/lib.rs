//! What becomes of readings: samples, smoothed and compared with a personal neutral, kept, summarised and saved.
//!
//! reading -> smooth, baseline -> session (samples) -> clip (columns) -> export (CSV and JSON)

pub mod baseline;
pub mod clip;
pub mod export;
pub mod session;
pub mod smooth;
pub mod source_names;
pub mod still;
