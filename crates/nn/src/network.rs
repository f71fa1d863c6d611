//! What runs a network: the trait that tests replace by fakes with computable answers.

use std::error::Error;

use thiserror::Error as ThisError;

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
