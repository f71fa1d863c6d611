//! Python programs beside ours: a virtual environment with pinned packages.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fault::Result;
use crate::{apt, shell};

/// Makes the environment where it is missing, installs what `requirements` pins, and gives its interpreter.
pub fn ensure(environment: &Path, requirements: &Path) -> Result<PathBuf> {
    let python = environment.join("bin/python");
    if !python.is_file() {
        let venv = |folder: &Path| shell::run(Command::new("python3").args(["-m", "venv"]).arg(folder));
        if venv(environment).is_err() {
            shell::say("Python's virtual environments are being installed");
            apt::install(&["python3-venv"])?;
            venv(environment)?;
        }
    }
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"]);
    shell::run(pip.arg("--requirement").arg(requirements))?;
    Ok(python)
}
