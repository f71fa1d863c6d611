//! Recorded video: at which times it is looked at, its readings in columns, and what is computed from them.
//!
//! [`walk`] says where to look next and what a picture that was seen there is worth; the browser's side only seeks and
//! captures. [`columns`] keeps the samples at a fixed number of bytes each, [`smooth`] and [`summary`] work on them.

pub mod columns;
pub mod sequence;
pub mod smooth;
pub mod summary;
pub mod walk;

pub use columns::{Columns, Whose};
pub use sequence::Sequence;
pub use walk::{Pace, Shown, Span, Verdict, Walk};
