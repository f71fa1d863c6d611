//! Which files of models/ belong to the built page, and how plan files are made.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::fault::{Fault, Result};
use crate::{folders, shell, wasm};

/// The manifest and the models that it names, relative to the folder, in the order of loading.
///
/// # Errors
/// The manifest is missing or damaged, or names a file that is not there.
pub fn files_of(folder: &Path) -> Result<Vec<PathBuf>> {
    let manifest_path = folder.join("manifest.json");
    let manifest: Value = serde_json::from_slice(&wasm::read(&manifest_path)?)
        .map_err(|error| Fault::new(format!("{} is not valid JSON: {error}.", manifest_path.display())))?;
    let mut files = vec![PathBuf::from("manifest.json")];
    for part in ["detector", "classifier"] {
        // The engine loads the plan where there is one.
        let entry = &manifest[part];
        let name = entry["plan"]["file"].as_str().or(entry["file"].as_str()).ok_or_else(|| {
            Fault::new(format!("{} names no file for the {part}.", manifest_path.display()))
        })?;
        if !folder.join(name).is_file() {
            return Err(Fault::new(format!(
                "The {part} models/{name} is missing. Fetch it from the repository, or train it as training/ describes."
            )));
        }
        files.push(name.into());
    }
    Ok(files)
}

/// Whether a network is shipped as ONNX, so that the engine needs tract.
pub fn need_onnx(files: &[PathBuf]) -> bool {
    files.iter().any(|file| file.extension().is_some_and(|extension| extension == "onnx"))
}

/// Make the plan files of models/*.onnx anew and put them into the manifest.
pub fn compile() -> Result<()> {
    let mut cargo = shell::cargo();
    cargo.args(["run", "--package", "emotion-cli", "--features", "onnx", "--example", "compile_models"]);
    shell::run(cargo.current_dir(folders::root()))
}

/// The licences and the model card: they travel with the models.
pub fn papers_of(folder: &Path) -> Result<Vec<PathBuf>> {
    let is_paper = |file: &PathBuf| {
        let name = file.to_string_lossy().to_uppercase();
        name.contains("LICENSE") || name.contains("NOTICE") || name == "MODEL_CARD.MD"
    };
    Ok(folders::files_below(folder)?.into_iter().filter(is_paper).collect())
}
