//! The quantized engine.
//!
//! [`graph`] says what is computed, [`plan`] packs the weights and lays out the buffers once, and
//! [`kernels`] does the arithmetic: a readable scalar reference and its simd128 and AVX2 twins, equal bit
//! for bit. [`mod@file`] is a whole network in a file, and [`PlanNetwork`] runs it. The crate `nn-onnx` finds the
//! quantized patterns in a tract model and writes plan files. docs/engine.md states the arithmetic and the measurements.

pub mod file;
pub mod graph;
pub mod kernels;
pub mod plan;

mod build;
mod layout;
mod network;
mod plan_network;

pub use graph::{Graph, GraphError};
pub use network::{Cause, Network, NetworkError};
pub use plan::{Order, Plan, Scratch};
pub use plan_network::PlanNetwork;
