//! The programs beside the page, and what they are made of. `examples/` holds one file for each program.

pub mod evaluate;
pub mod evaluation;
pub mod fer2013;
pub mod own;
pub mod panel;
pub mod score;
pub mod validate;

use std::path::{Path, PathBuf};

/// Where the shipped models lie.
pub fn models_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models")
}
