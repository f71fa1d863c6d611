//! The model files of a folder, as programs outside the browser read them.

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::{Manifest, ManifestError};

/// The bytes that [`crate::engine::Engine::new`] takes.
#[derive(Debug, Clone)]
pub struct ModelFiles {
    pub manifest: Vec<u8>,
    pub detector: Vec<u8>,
    pub classifier: Vec<u8>,
}

/// Why a folder of models cannot be used.
#[derive(Debug, Error)]
pub enum ModelFilesError {
    #[error("{path} cannot be read: {error}")]
    Read { path: PathBuf, error: std::io::Error },
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}

impl ModelFiles {
    /// Read manifest.json and the files that the engine loads.
    ///
    /// # Errors
    /// [`ModelFilesError`] where a file is missing, or the manifest is not accepted.
    pub fn read(folder: &Path) -> Result<Self, ModelFilesError> {
        let read = |name: &str| {
            let path = folder.join(name);
            std::fs::read(&path).map_err(|error| ModelFilesError::Read { path, error })
        };
        let manifest = read("manifest.json")?;
        let named = Manifest::parse(&manifest)?;
        let (detector, classifier) =
            (read(&named.detector_file().file)?, read(&named.classifier_file().file)?);
        Ok(Self { manifest, detector, classifier })
    }
}
