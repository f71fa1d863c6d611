//! The photo activity as plain data: the rows of its table, their order and choice, and how far the work has come.

mod progress;
mod rows;
pub mod words;

pub use progress::Batch;
pub use rows::{Column, Filter, Order, Row, arrange};
