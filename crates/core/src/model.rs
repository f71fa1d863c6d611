//! The networks: what the engine needs of one, what runs it, and the manifest that names the files.

mod files;
mod manifest;

pub use files::{ModelFiles, ModelFilesError};
pub use manifest::{
    Alignment, CLASSES, ClassifierEntry, DetectorEntry, Manifest, ManifestError, ModelFile, PHOTO, PlanEntry,
    VOTES, check_bytes,
};
pub use nn::{Network, NetworkError, PlanNetwork};
#[cfg(feature = "onnx")]
pub use nn_onnx::TractNetwork;

/// A network from a file with one f32 input of the given shape: a plan file, or, with the feature `onnx`, an ONNX file.
///
/// # Errors
/// [`NetworkError::Load`] where the bytes are neither, or the network cannot be run.
pub fn load(bytes: &[u8], shape: &[usize]) -> Result<Box<dyn Network>, NetworkError> {
    #[cfg(feature = "onnx")]
    if !nn::file::PlanFile::is_one(bytes) {
        return Ok(Box::new(TractNetwork::load(bytes, shape)?));
    }
    let network = PlanNetwork::load(bytes)?;
    let (expected, actual) = (shape.iter().product(), network.input_len());
    if expected != actual {
        return Err(NetworkError::Input { expected, actual });
    }
    Ok(Box::new(network))
}
