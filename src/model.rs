//! The networks: what the engine needs of one, what runs it, and the manifest that names the files.

mod files;
mod manifest;
mod plan;
#[cfg(feature = "onnx")]
mod tract;

use std::error::Error;

use thiserror::Error as ThisError;

pub use files::{ModelFiles, ModelFilesError};
pub use manifest::{
    Alignment, CLASSES, ClassifierEntry, DetectorEntry, Manifest, ManifestError, ModelFile, PlanEntry, VOTES,
    check_bytes,
};
pub use plan::PlanNetwork;
#[cfg(feature = "onnx")]
pub use tract::TractNetwork;

/// A network: numbers in, numbers out. Tests inject fakes with computable answers.
pub trait Network {
    /// Run once. `input`: the values of the one input tensor, row-major, in the shape that the manifest
    /// gives. Returns the values of each output tensor, row-major, in the order of the graph's outputs.
    ///
    /// # Errors
    /// [`NetworkError`] where the length does not fit or the run fails.
    fn run(&mut self, input: &[f32]) -> Result<Vec<Vec<f32>>, NetworkError>;

    /// Run once on bytes, of which each stands for a real number: `reals[byte]`. The same bits as [`Network::run`] on
    /// those numbers, sooner where the network's own input is an integer.
    ///
    /// # Errors
    /// As [`Network::run`].
    fn run_bytes(&mut self, input: &[u8], reals: &[f32; 256]) -> Result<Vec<Vec<f32>>, NetworkError> {
        let input: Vec<f32> = input.iter().map(|&byte| reals[usize::from(byte)]).collect();
        self.run(&input)
    }
}

/// A network from a file with one f32 input of the given shape: a plan file, or, with the feature `onnx`, an ONNX file.
///
/// # Errors
/// [`NetworkError::Load`] where the bytes are neither, or the network cannot be run.
pub fn load(bytes: &[u8], shape: &[usize]) -> Result<Box<dyn Network>, NetworkError> {
    #[cfg(feature = "onnx")]
    if !crate::nn::file::PlanFile::is_one(bytes) {
        return Ok(Box::new(TractNetwork::load(bytes, shape)?));
    }
    let network = PlanNetwork::load(bytes)?;
    let (expected, actual) = (shape.iter().product(), network.input_len());
    if expected != actual {
        return Err(NetworkError::Input { expected, actual });
    }
    Ok(Box::new(network))
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
