//! Installs the one package from npm that the browser tests use: axe-core, which finds barriers for people with
//! disabilities. It runs in the tested page only and is no part of the product.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::fault::{Fault, Result};
use crate::{apt, folders, shell, wasm};

/// Installs what browser-tests/package-lock.json names, unless it is there.
///
/// # Errors
/// npm is missing and cannot be installed, or it fails.
pub fn ensure() -> Result<()> {
    let folder = folders::root().join("browser-tests");
    let installed = folder.join("node_modules/axe-core/package.json");
    if let (Ok(installed), Some(wanted)) = (fs::read(installed), wanted_version(&folder)?)
        && serde_json::from_slice::<Value>(&installed).is_ok_and(|package| package["version"] == wanted)
    {
        return Ok(());
    }
    if shell::find("npm").is_none() {
        shell::say("npm, which fetches axe-core for the accessibility tests, is being installed");
        apt::install("npm").map_err(|fault| {
            Fault::new(format!(
                "The accessibility tests need npm: {fault} Install Node.js with npm and try again."
            ))
        })?;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder);
    shell::run(&mut npm)
}

fn wanted_version(folder: &std::path::Path) -> Result<Option<Value>> {
    let path = folder.join("package-lock.json");
    let lock: Value = serde_json::from_slice(&wasm::read(&path)?)
        .map_err(|error| Fault::new(format!("{} is not valid JSON: {error}.", path.display())))?;
    Ok(lock["packages"]["node_modules/axe-core"].get("version").cloned())
}
