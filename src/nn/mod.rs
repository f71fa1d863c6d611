//! The quantized engine: int8 convolutions as one operator of tract's graph.
//!
//! [`graph`] says what is computed, [`plan`] packs the weights and lays out the buffers once, and
//! [`kernels`] does the arithmetic: a readable scalar reference and its simd128 and AVX2 twins, equal bit
//! for bit. `operators` and `rewrite` (feature `engine`) find the quantized patterns in a tract model and
//! put a plan in their place. docs/engine.md states the arithmetic and the measurements.

pub mod graph;
pub mod kernels;
pub mod plan;

mod build;
mod layout;

#[cfg(feature = "engine")]
mod constants;
#[cfg(feature = "engine")]
mod operators;
#[cfg(feature = "engine")]
mod recognise;
#[cfg(feature = "engine")]
mod rewrite;

pub use graph::{Graph, GraphError};
pub use plan::{Plan, Scratch};

#[cfg(feature = "engine")]
pub use operators::{QuantizedGraph, onnx};
#[cfg(feature = "engine")]
pub use rewrite::{RewriteReport, optimise, optimise_with};
