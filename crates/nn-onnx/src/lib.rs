//! Between tract and our own engine.
//!
//! `operators` and `rewrite` find the quantized patterns in a tract model and put a plan of the crate [`nn`] in their
//! place; [`compile()`] writes plan files; [`TractNetwork`] runs a file as it is. docs/engine.md states the arithmetic.

mod compile;
mod constants;
mod network;
mod operators;
mod recognise;
mod rewrite;

pub use compile::{CompileError, compile};
pub use network::TractNetwork;
pub use operators::{QuantizedGraph, knows, onnx};
pub use rewrite::{RewriteReport, optimise, optimise_with};
