//! A whole quantized network in a file: what the engine loads. A host step writes it from ONNX
//! (`compile_models`), so that the browser needs neither tract nor the ONNX format.
//!
//! `EDPLAN`, one byte of version, then the [`PlanFile`] as postcard writes it.

use serde::{Deserialize, Serialize};

use super::graph::{Graph, GraphError};
use super::plan::Order;

const MAGIC: &[u8] = b"EDPLAN";
const VERSION: u8 = 1;

/// A network whose layers are all quantized, with one input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanFile {
    pub graph: Graph,
    /// In which order the network's input stands.
    pub input_order: Order,
    /// Each output of the network: real outputs of the graph (their numbers), one behind the other.
    pub outputs: Vec<Vec<usize>>,
}

/// Why a plan file cannot be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FileError {
    #[error("it is not a plan file of this engine")]
    NotAPlan,
    #[error("it is a plan file of version {0}, and this engine reads version {VERSION}")]
    Version(u8),
    #[error("the plan file is damaged: {0}")]
    Damaged(String),
    #[error("the plan file's network cannot be run: {0}")]
    Graph(#[from] GraphError),
}

impl PlanFile {
    /// Whether these are the bytes of a plan file, of whatever version.
    pub fn is_one(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC)
    }

    /// The file's bytes.
    ///
    /// # Errors
    /// [`FileError::Damaged`] where the network cannot be written.
    pub fn write(&self) -> Result<Vec<u8>, FileError> {
        let body = postcard::to_allocvec(self).map_err(|error| FileError::Damaged(error.to_string()))?;
        Ok([MAGIC, &[VERSION], &body].concat())
    }

    /// Read and check a file.
    ///
    /// # Errors
    /// [`FileError`] where it is no plan file, of another version, cut short or faulty.
    pub fn read(bytes: &[u8]) -> Result<Self, FileError> {
        let (version, body) =
            bytes.strip_prefix(MAGIC).and_then(<[u8]>::split_first).ok_or(FileError::NotAPlan)?;
        if *version != VERSION {
            return Err(FileError::Version(*version));
        }
        let (file, rest): (Self, &[u8]) =
            postcard::take_from_bytes(body).map_err(|error| FileError::Damaged(error.to_string()))?;
        if !rest.is_empty() {
            return Err(FileError::Damaged(format!("{} bytes too many", rest.len())));
        }
        file.check()?;
        Ok(file)
    }

    /// Everything that a run relies on.
    pub(crate) fn check(&self) -> Result<(), FileError> {
        self.graph.check()?;
        let damaged = |what: &str| Err(FileError::Damaged(what.into()));
        if self.graph.inputs.len() != 1 {
            return damaged("it has not one input");
        }
        for &output in self.outputs.iter().flatten() {
            // A checked graph describes its outputs.
            match self.graph.outputs.get(output).map(|&id| self.graph.values[id].quantization) {
                Some(None) => {}
                Some(Some(_)) => return damaged("an output is not real"),
                None => return damaged("an output is missing"),
            }
        }
        Ok(())
    }
}
