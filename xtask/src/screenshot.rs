//! `cargo xtask screenshot`: makes the README's picture anew.

use crate::fault::Result;
use crate::wasm::Profile;
use crate::{chromium, folders, shell, site};

/// Where the browser test puts it, below the target folder, and where the README has it.
const MADE: &str = "screenshots/readme.png";
const KEPT: &str = "docs/screenshot.png";

/// Builds the page and lets it watch a minute of a changing face.
pub fn screenshot() -> Result<()> {
    site::build(&site::folder(), Profile::Fast)?;
    let mut test = shell::cargo();
    test.args(["test", "--package", "browser-tests", "--test", "page", "--", "--ignored", "readme_picture"]);
    shell::run(test.env(chromium::VARIABLE, chromium::ensure()?).current_dir(folders::root()))?;
    folders::copy(&folders::target().join(MADE), &folders::root().join(KEPT))?;
    shell::say(&format!("the picture is {KEPT}; look at it before you keep it"));
    Ok(())
}
