//! Installs packages on Debian and its kin; elsewhere a person does.

use std::process::Command;

use crate::fault::{Fault, Result};
use crate::shell;

/// Installs packages with apt, as root or through sudo without a question.
///
/// # Errors
/// There is no apt-get, neither right works, or apt fails.
pub fn install(packages: &[&str]) -> Result<()> {
    if shell::find("apt-get").is_none() {
        return Err(Fault::new("this system has no apt-get"));
    }
    let is_root = shell::output_of(Command::new("id").arg("-u")).is_some_and(|id| id == "0");
    let apt = |args: &[&str]| {
        let mut command = Command::new(if is_root { "env" } else { "sudo" });
        if !is_root {
            command.args(["-n", "env"]);
        }
        // Nobody is there to answer a question.
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(args);
        shell::run(&mut command)
    };
    apt(&["update"])?;
    apt(&[&["install", "--yes", "--no-install-recommends"], packages].concat())
}
