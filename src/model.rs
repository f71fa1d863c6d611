//! The networks: what the engine needs of one, how tract runs it, and the manifest that names the files.

mod manifest;
#[cfg(feature = "engine")]
mod tract;

use std::error::Error;

use thiserror::Error as ThisError;

pub use manifest::{
    Alignment, CLASSES, ClassifierEntry, DetectorEntry, Manifest, ManifestError, VOTES, check_bytes,
};
#[cfg(feature = "engine")]
pub use tract::TractNetwork;

/// A network: numbers in, numbers out. Tests inject fakes with computable answers.
pub trait Network {
    /// Run once. `input`: the values of the one input tensor, row-major, in the shape that the manifest
    /// gives. Returns the values of each output tensor, row-major, in the order of the graph's outputs.
    ///
    /// # Errors
    /// [`NetworkError`] where the length does not fit or the run fails.
    fn run(&mut self, input: &[f32]) -> Result<Vec<Vec<f32>>, NetworkError>;
}

/// The cause of a [`NetworkError`], kept for the log.
pub type Cause = Box<dyn Error + Send + Sync>;

/// Why a network cannot be loaded or run.
#[derive(Debug, ThisError)]
pub enum NetworkError {
    #[error("the network file cannot be read ({0})")]
    Load(#[source] Cause),
    #[error("the network takes {expected} numbers, but {actual} came")]
    Input { expected: usize, actual: usize },
    #[error("the network failed ({0})")]
    Run(#[source] Cause),
    #[error("the network should give {expected}, but gave {actual}")]
    Output { expected: &'static str, actual: String },
}
