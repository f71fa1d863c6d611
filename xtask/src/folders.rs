//! Where things lie in the repository, and copying between them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fault::{AtPath, Result};

/// The repository's root. Cargo says where this package lies now; what was compiled in may be the place from which a
/// checkout was copied or moved together with its target folder.
pub fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&package).parent().unwrap_or(Path::new(".")).to_owned()
}

/// Cargo's target folder; `CARGO_TARGET_DIR` moves it.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// Makes `folder` anew and empty.
pub fn renew(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).at("empty the folder", folder)?;
    }
    fs::create_dir_all(folder).at("make the folder", folder)
}

/// Copies every file below `from` to the same place below `to`.
pub fn copy_all(from: &Path, to: &Path) -> Result<()> {
    for file in files_below(from)? {
        copy(&from.join(&file), &to.join(&file))?;
    }
    Ok(())
}

/// Copies one file and makes the folders above it.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).at("make the folder", folder)?;
    }
    fs::copy(from, to).at("copy", from)?;
    Ok(())
}

/// The files below `folder`, relative to it, sorted. An absent folder has none.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(current) = open.pop() {
        if !current.exists() {
            continue;
        }
        for entry in fs::read_dir(&current).at("list", &current)? {
            let path = entry.at("list", &current)?.path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(relative) = path.strip_prefix(folder) {
                files.push(relative.to_owned());
            }
        }
    }
    files.sort();
    Ok(files)
}
