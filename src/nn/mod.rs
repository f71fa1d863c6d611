//! The quantized engine.
//!
//! [`graph`] says what is computed, [`plan`] packs the weights and lays out the buffers once, and
//! [`kernels`] does the arithmetic: a readable scalar reference and its simd128 and AVX2 twins, equal bit
//! for bit. [`file`] is a whole network in a file. With the feature `onnx`, `operators` and `rewrite` find the
//! quantized patterns in a tract model and put a plan in their place, and `compile` writes plan files. docs/engine.md states the arithmetic and the measurements.

pub mod file;
pub mod graph;
pub mod kernels;
pub mod plan;

mod build;
mod layout;

#[cfg(feature = "onnx")]
mod compile;
#[cfg(feature = "onnx")]
mod constants;
#[cfg(feature = "onnx")]
mod operators;
#[cfg(feature = "onnx")]
mod recognise;
#[cfg(feature = "onnx")]
mod rewrite;

pub use graph::{Graph, GraphError};
pub use plan::{Order, Plan, Scratch};

#[cfg(feature = "onnx")]
pub use compile::{CompileError, compile};
#[cfg(feature = "onnx")]
pub use operators::{QuantizedGraph, onnx};
#[cfg(feature = "onnx")]
pub use rewrite::{RewriteReport, optimise, optimise_with};
