//! Recorded video: its readings in columns, and what is computed from them.
//!
//! [`columns`] keeps the samples at a fixed number of bytes each, [`smooth`] and [`summary`] work on them. At which times a
//! video is looked at is decided in [`emotion_core::walk`].

pub mod columns;
pub mod smooth;
pub mod summary;

pub use columns::{Columns, Whose};
