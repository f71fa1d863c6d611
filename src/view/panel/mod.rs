//! What the panel's page decides.

mod charts;
mod progress;
pub mod words;

pub use charts::{HEIGHT, MEASURES_AT_FIRST, curves_chart, second_at, share_chart};
pub use progress::Reading;
