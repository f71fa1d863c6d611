//! `cargo xtask dist`: the page as plain files for any static host and any path.

use crate::fault::Result;
use crate::wasm::Profile;
use crate::{first_visit, folders, layout, release, shell, site};

/// Builds with all optimisation, lays the files out as a release in dist/ and writes dist/first-visit.json.
pub fn dist() -> Result<()> {
    let folder = folders::root().join("dist");
    let flat = folders::target().join("site.release");
    site::build(&flat, Profile::Release)?;
    let release = layout::lay_out(&flat, &folder)?;
    release::write(&folder, &release)?;
    shell::say("measure what a first visit loads");
    let inner = format!("{}/", release.id);
    let more = [layout::worker_name(&release.id), release::MANIFEST.to_owned()];
    let listing = first_visit::listing(&folder, &inner, &more, true)?;
    site::write_json(&folder.join(release::FIRST_VISIT), &listing)?;
    for activity in first_visit::activities(&folder, &inner)? {
        shell::say(&activity);
    }
    let kilobytes = |key: &str| listing[key].as_u64().unwrap_or_default().div_ceil(1000);
    let files = listing["files"].as_array().map_or(0, Vec::len);
    shell::say(&format!(
        "a first visit loads {files} files: {} kB, with brotli {} kB. Copy dist/ to any static host, at any path.",
        kilobytes("bytes"),
        kilobytes("brotli_bytes")
    ));
    Ok(())
}
