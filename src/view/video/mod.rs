//! The video activity as plain data: how far the work has come, which part is shown, the curves and the chart as a file.

pub mod colours;
pub mod curves;
mod holdings;
pub mod keys;
pub mod outlines;
pub mod overview;
mod progress;
pub mod svg;
mod window;
pub mod words;

pub use holdings::Holdings;
pub use overview::Overview;
pub use progress::Progress;
pub use window::Window;
