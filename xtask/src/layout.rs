//! How a release lies on a host: what does not change its name, and below it one folder with everything else, named by
//! what is in it.
//!
//! ```text
//! index.html  manifest.webmanifest  icon...  offline-RELEASE.js  studies/...
//! RELEASE/start.js  RELEASE/camera.js  RELEASE/models/depth.plan ...
//! ```
//!
//! So a cache anywhere may hold any mixture of old and new files, and a page still gets those of one release: its
//! index.html names a folder. `index.html` and `start.js` name hashes too, and `offline-RELEASE.js` has one for each file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use activities::ACTIVITIES;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::fault::{AtPath, Fault, Result};
use crate::{first_visit, folders, release, shell, site, wasm};

/// The service worker in public/; a release has it under a name of its own.
pub const WORKER: &str = "offline.js";

/// Where the service worker has room for the release, and for its files.
const RELEASE: &str = "/* release */";
const FILES: &str = "/* files */";

/// Where index.html has room for the release.
const META: &str = r#"<meta name="release" content="">"#;

/// Only a release can be installed: a browser looks at these by itself, whenever it likes.
const INSTALLED: &str = r#"
    <link rel="apple-touch-icon" href="./icon-192.png">
    <link rel="manifest" href="./manifest.webmanifest">"#;

/// A release: its name, and which files are kept for which activities.
pub struct Release {
    /// The first half of a SHA-256 in hexadecimal.
    pub id: String,
    /// Path below the page -> ids of the activities that need it without a network.
    pub kept_for: BTreeMap<String, Vec<&'static str>>,
}

/// Lays the built page `flat` out in `folder`, which is replaced.
pub fn lay_out(flat: &Path, folder: &Path) -> Result<Release> {
    let root = folders::root();
    let new = folders::target().join("release.new");
    folders::renew(&new)?;
    folders::copy_all(flat, &new)?;
    site_scripts(&root, &new)?;
    let id = name_of(&new, &root)?;

    let kept_for = kept_for(&new)?;
    let inner: Vec<String> = names(&new)?.into_iter().filter(|name| !stays(name)).collect();
    let inside =
        |name: &str| if inner.iter().any(|file| file == name) { format!("{id}/{name}") } else { name.into() };
    point_into(&new.join("index.html"), &id, &inner, &new)?;
    for name in &inner {
        let from = new.join(name);
        folders::copy(&from, &new.join(&id).join(name))?;
        fs::remove_file(&from).at("move", &from)?;
    }
    fs::remove_dir(new.join("models")).at("remove the empty folder", Path::new("models"))?;
    let release =
        Release { kept_for: kept_for.into_iter().map(|(name, ids)| (inside(&name), ids)).collect(), id };
    write_worker(&root, &new, &release)?;

    if folder.exists() {
        fs::remove_dir_all(folder).at("remove the earlier release", folder)?;
    }
    fs::rename(&new, folder).at("put the release into", folder)?;
    Ok(release)
}

/// The start script once more, now with hashes.
fn site_scripts(root: &Path, new: &Path) -> Result<()> {
    let start = new.join("start.js");
    folders::copy(&root.join("public/start.js"), &start)?;
    site::write_start(&start, |file| Ok(Some(integrity(&wasm::read(&new.join(file))?))))
}

/// Whether a file has its place beside index.html, whatever the release.
fn stays(name: &str) -> bool {
    ["index.html", "manifest.webmanifest", "_headers", "first-visit.json"].contains(&name)
        || name.starts_with("icon")
        || name.starts_with("studies/")
        // Spoken digits, which a study asks for and keeps as its own files, held against hashes of the page's code.
        || name.starts_with("sound/")
}

/// A name for what is in `new`, the service worker included: the same files have the same name.
fn name_of(new: &Path, root: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    for name in names(new)? {
        // A host's own studies are no part of it, and the list is made of the rest.
        if !name.starts_with("studies/") && name != "first-visit.json" {
            hash.update(format!("{}  {name}\n", release::sha256(&wasm::read(&new.join(&name))?)));
        }
    }
    hash.update(wasm::read(&root.join("public").join(WORKER))?);
    Ok(hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect())
}

fn names(folder: &Path) -> Result<Vec<String>> {
    Ok(folders::files_below(folder)?.iter().map(|file| site::url_of(file)).collect())
}

/// As browsers check it.
fn integrity(bytes: &[u8]) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(bytes)))
}

/// Has index.html name the files in the folder of the release, each with its hash.
fn point_into(index: &Path, id: &str, inner: &[String], new: &Path) -> Result<()> {
    site::fill(index, META, &format!("{}{INSTALLED}", META.replace("\"\"", &format!("\"{id}\""))))?;
    let mut html = fs::read_to_string(index).at("read", index)?;
    for name in inner {
        let plain = format!("\"./{name}\"");
        if html.contains(&plain) {
            let hash = integrity(&wasm::read(&new.join(name))?);
            html = html.replace(&plain, &format!("\"./{id}/{name}\" integrity=\"{hash}\""));
        }
    }
    fs::write(index, html).at("write", index)
}

/// What each activity needs, by the names of the built page.
fn kept_for(flat: &Path) -> Result<BTreeMap<String, Vec<&'static str>>> {
    let mut kept: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    let assets = first_visit::assets(flat)?;
    let named = first_visit::named_in_page(flat)?;
    let all = [
        "index.html",
        "assets.json",
        "manifest.webmanifest",
        "icon-192.png",
        "icon-512.png",
        "icon-maskable.png",
    ]
    .map(str::to_owned);
    for activity in ACTIVITIES {
        let mut files: Vec<String> = all.iter().chain(&named).cloned().collect();
        files.extend(site::page_files(activity));
        let roles = activity.roles();
        let needed =
            assets.iter().filter(|asset| asset["role"].as_str().is_some_and(|role| roles.contains(&role)));
        files.extend(needed.filter_map(|asset| asset["file"].as_str().map(str::to_owned)));
        for file in files {
            let ids = kept.entry(file).or_default();
            if !ids.contains(&activity.id) {
                ids.push(activity.id);
            }
        }
    }
    Ok(kept)
}

/// The service worker of the release, with its files and their hashes.
fn write_worker(root: &Path, new: &Path, release: &Release) -> Result<()> {
    let path = new.join(worker_name(&release.id));
    folders::copy(&root.join("public").join(WORKER), &path)?;
    let mut rows = String::new();
    for name in release.kept_for.keys() {
        let sha256 = release::sha256(&wasm::read(&new.join(name))?);
        rows += &format!("\n  {},", Value::from([name.as_str(), sha256.as_str()].as_slice()));
    }
    site::fill(&path, RELEASE, &release.id)?;
    site::fill(&path, FILES, &format!("{rows}\n"))
}

/// The name of the service worker; `src/web/offline.rs` says the same.
pub fn worker_name(id: &str) -> String {
    format!("offline-{id}.js")
}

/// For the browser tests: the page as one release, and as the next, which differs in a style sheet.
pub fn lay_out_for_tests(flat: &Path) -> Result<()> {
    shell::say("lay the page out as two releases, for the tests of offline use");
    let folder = folders::target().join("releases");
    folders::renew(&folder)?;
    let one = lay_out(flat, &folder.join("one"))?;
    release::write(&folder.join("one"), &one)?;
    let changed = folders::target().join("site.changed");
    folders::renew(&changed)?;
    folders::copy_all(flat, &changed)?;
    let sheet = changed.join("style.css");
    let text = fs::read_to_string(&sheet).at("read", &sheet)?;
    fs::write(&sheet, text + "\n/* The next release. */\n").at("write", &sheet)?;
    let two = lay_out(&changed, &folder.join("two"))?;
    release::write(&folder.join("two"), &two)?;
    if one.id == two.id {
        return Err(Fault::new("Two different releases have one name."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_host_adds_or_names_stays_where_it_is() {
        for name in ["index.html", "studies/example/study.json", "sound/digits-en.wav", "icon-192.png"] {
            assert!(stays(name), "{name}");
        }
        for name in ["start.js", "style.css", "models/depth.plan", "assets.json"] {
            assert!(!stays(name), "{name}");
        }
    }

    /// Of `printf '<p>' | openssl dgst -sha256 -binary | base64`.
    #[test]
    fn hashes_are_written_as_browsers_read_them() {
        assert_eq!(integrity(b"<p>"), "sha256-M/J5lGcXcoeikmB4ChB6yY6mPdYWX2f8wNdHZ9CoIJA=");
    }
}
