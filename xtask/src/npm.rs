//! Installs packages from npm where tests or the benchmark use some; they are no part of the product.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::fault::{Fault, Result};
use crate::{apt, folders, shell, wasm};

/// As [`ensure_in`], of axe-core, which finds barriers for people with disabilities: for the browser tests.
pub fn ensure() -> Result<()> {
    ensure_in(&folders::root().join("browser-tests"), "axe-core for the accessibility tests")
}

/// Installs what the `package-lock.json` of `folder` names, unless it is there. `what` says what the packages are.
///
/// # Errors
/// npm is missing and cannot be installed, or it fails.
pub fn ensure_in(folder: &Path, what: &str) -> Result<()> {
    if is_installed(folder)? {
        return Ok(());
    }
    if shell::find("npm").is_none() {
        shell::say(&format!("npm, which fetches {what}, is being installed"));
        apt::install(&["npm"]).map_err(|fault| {
            Fault::new(format!("npm is needed for {what}: {fault} Install Node.js with npm and try again."))
        })?;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder);
    shell::run(&mut npm)
}

/// Whether every package of the lock file is there in the version that it names.
fn is_installed(folder: &Path) -> Result<bool> {
    let path = folder.join("package-lock.json");
    let lock: Value = serde_json::from_slice(&wasm::read(&path)?)
        .map_err(|error| Fault::new(format!("{} is not valid JSON: {error}.", path.display())))?;
    let mut packages =
        lock["packages"].as_object().into_iter().flatten().filter(|(place, _)| !place.is_empty());
    Ok(packages.all(|(place, wanted)| {
        let installed = fs::read(folder.join(place).join("package.json")).ok();
        let installed = installed.and_then(|text| serde_json::from_slice::<Value>(&text).ok());
        installed.is_some_and(|installed| installed["version"] == wanted["version"])
    }))
}
