//! `cargo xtask dist`: the page as plain files for any static host and any path.

use crate::fault::Result;
use crate::wasm::Profile;
use crate::{first_visit, folders, release, shell, site};

/// Builds with all optimisation into dist/ and writes dist/first-visit.json.
pub fn dist() -> Result<()> {
    let folder = folders::root().join("dist");
    site::build(&folder, Profile::Release)?;
    shell::say("measure what a first visit loads");
    let listing = first_visit::listing(&folder, true)?;
    site::write_json(&folder.join("first-visit.json"), &listing)?;
    for activity in first_visit::activities(&folder)? {
        shell::say(&activity);
    }
    release::write(&folder)?;
    let kilobytes = |key: &str| listing[key].as_u64().unwrap_or_default().div_ceil(1000);
    let files = listing["files"].as_array().map_or(0, Vec::len);
    shell::say(&format!(
        "a first visit loads {files} files: {} kB, with brotli {} kB. Copy dist/ to any static host, at any path.",
        kilobytes("bytes"),
        kilobytes("brotli_bytes")
    ));
    Ok(())
}
