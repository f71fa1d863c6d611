//! What the tests of several packages share: frames and layers that are the same everywhere, and the repository's files.

pub mod cases;
mod folder;
pub mod frames;
pub mod samples;

use std::path::{Path, PathBuf};

pub use folder::TempFolder;

/// A file of the repository, by its path from the root.
pub fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}
