//! Finds the browser that the tests drive, or installs it.

use std::path::{Path, PathBuf};

use crate::fault::{Fault, Result};
use crate::{apt, shell};

/// The environment variable that names a browser to use instead.
pub const VARIABLE: &str = "CHROMIUM";

const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

const MAC_PLACES: [&str; 2] = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// A Chromium or Chrome; on Debian it is installed if there is none.
///
/// # Errors
/// There is none and it cannot be installed.
pub fn ensure() -> Result<PathBuf> {
    if let Some(browser) = find()? {
        return Ok(browser);
    }
    shell::say("no Chromium or Chrome was found; it is being installed");
    let what_to_do = format!(
        "Install Chromium or Google Chrome, or set {VARIABLE} to its program; `cargo xtask test --no-browser` runs \
         the other tests."
    );
    apt::install(&["chromium"])
        .map_err(|fault| Fault::new(format!("The browser tests need a Chromium: {fault} {what_to_do}")))?;
    find()?.ok_or_else(|| Fault::new(format!("Chromium was installed but is not found. {what_to_do}")))
}

fn find() -> Result<Option<PathBuf>> {
    if let Some(named) = std::env::var_os(VARIABLE).map(PathBuf::from) {
        let found = if named.is_file() { Some(named.clone()) } else { named.to_str().and_then(shell::find) };
        return found.map(Some).ok_or_else(|| {
            Fault::new(format!("{VARIABLE} names {}, which is no program.", named.display()))
        });
    }
    let on_path = NAMES.iter().find_map(|name| shell::find(name));
    let on_mac = || MAC_PLACES.iter().map(Path::new).find(|place| place.is_file()).map(Path::to_owned);
    Ok(on_path.or_else(on_mac))
}
