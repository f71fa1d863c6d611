//! The manifest of a release: every file of the page with its SHA-256, and the comparison of a copy with it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::args::Args;
use crate::fault::{Fault, Result};
use crate::layout::Release;
use crate::{apt, folders, shell, site, wasm};

/// For the page and this program; `SUMS` says the same to `sha256sum --check`.
pub const MANIFEST: &str = "release.json";
const SUMS: &str = "SHA256SUMS";
/// Made after the lists, because it tells how large they are.
pub const FIRST_VISIT: &str = "first-visit.json";
const OUTSIDE: [&str; 3] = [MANIFEST, SUMS, FIRST_VISIT];

/// Writes both lists into the folder of a release. They list everything but themselves. The page keeps those files that say for
/// which activities, and knows by the id that another release is there (`src/view/release.rs` reads it).
pub fn write(folder: &Path, release: &Release) -> Result<()> {
    let mut files = Vec::new();
    let mut sums = String::new();
    for file in folders::files_below(folder)? {
        let name = site::url_of(&file);
        if OUTSIDE.contains(&name.as_str()) {
            continue;
        }
        let bytes = wasm::read(&folder.join(&file))?;
        let sha256 = sha256(&bytes);
        sums += &format!("{sha256}  {name}\n");
        let mut row = json!({ "file": name, "bytes": bytes.len(), "sha256": sha256 });
        if let Some(ids) = release.kept_for.get(&name) {
            row["for"] = json!(ids);
        }
        files.push(row);
    }
    let manifest = json!({
        "format": "emotion-depth-release",
        "version": 1,
        "release": env!("CARGO_PKG_VERSION"),
        "id": release.id,
        "files": files,
    });
    site::write_json(&folder.join(MANIFEST), &manifest)?;
    std::fs::write(folder.join(SUMS), sums)
        .map_err(|error| Fault::new(format!("{SUMS} cannot be written: {error}.")))
}

/// Where a copy of the page lies.
enum Copy {
    Folder(PathBuf),
    /// Ends with a slash.
    Address(String),
}

impl Copy {
    fn of(place: &str) -> Self {
        if place.starts_with("https://") || place.starts_with("http://") {
            let slash = if place.ends_with('/') { "" } else { "/" };
            Copy::Address(format!("{place}{slash}"))
        } else {
            Copy::Folder(place.into())
        }
    }

    /// `None` where there is no such file.
    fn read(&self, file: &str) -> Option<Vec<u8>> {
        match self {
            Copy::Folder(folder) => std::fs::read(folder.join(file)).ok(),
            Copy::Address(address) => {
                // The server's answer as it is sent to a browser, whatever lies between; nothing from a cache.
                let mut curl = Command::new("curl");
                curl.args([
                    "--silent",
                    "--fail",
                    "--location",
                    "--compressed",
                    "--header",
                    "Cache-Control: no-cache",
                ]);
                curl.arg(format!("{address}{file}"));
                let output = curl.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
                output.status.success().then_some(output.stdout)
            }
        }
    }
}

/// What differs between a copy and a release; all empty where nothing does.
#[derive(Debug, Default, PartialEq)]
struct Differences {
    missing: Vec<String>,
    changed: Vec<String>,
    /// Only a folder can tell.
    unknown: Vec<String>,
    same: usize,
}

/// `verify PLACE [--manifest FILE]`: compares every file of the copy at PLACE, a folder or an address, with the manifest;
/// without one, with what `cargo xtask dist` built here.
///
/// # Errors
/// Something differs, or the manifest cannot be read.
pub fn verify(mut args: Args) -> Result<()> {
    let manifest = args.value("--manifest")?.map(PathBuf::from);
    let place =
        args.word().ok_or_else(|| Fault::new("Say which copy: `cargo xtask verify FOLDER_OR_ADDRESS`."))?;
    args.finish()?;
    let manifest = manifest.unwrap_or_else(|| folders::root().join("dist").join(MANIFEST));
    if !manifest.is_file() {
        return Err(Fault::new(format!(
            "There is no {}. Run `cargo xtask dist` first, or name the manifest of a release with --manifest.",
            manifest.display()
        )));
    }
    let copy = Copy::of(&place);
    if matches!(copy, Copy::Address(_)) && shell::find("curl").is_none() {
        return Err(Fault::new(
            "The program curl, which fetches the files, is not installed. Install it and try again.",
        ));
    }
    let differences = compare(&copy, &parse(&wasm::read(&manifest)?)?)?;
    for (files, what) in [
        (&differences.missing, "is not there"),
        (&differences.changed, "is another file"),
        (&differences.unknown, "does not belong to the release"),
    ] {
        for file in files {
            shell::say(&format!("{file} {what}"));
        }
    }
    let wrong = differences.missing.len() + differences.changed.len() + differences.unknown.len();
    if wrong > 0 {
        return Err(Fault::new(format!("{place} is not the release: {wrong} files differ.")));
    }
    shell::say(&format!(
        "{place} is the release: all {} files are the same, byte for byte",
        differences.same
    ));
    Ok(())
}

/// Installs curl where it is missing: a test compares a hosted copy.
///
/// # Errors
/// It is missing and cannot be installed.
pub fn ensure_curl() -> Result<()> {
    if shell::find("curl").is_some() {
        return Ok(());
    }
    shell::say("curl, which fetches a hosted copy for a test, is being installed");
    apt::install(&["curl"])
        .map_err(|fault| Fault::new(format!("A test needs curl: {fault} Install it by hand and try again.")))
}

/// File and SHA-256 of each row.
fn parse(manifest: &[u8]) -> Result<Vec<(String, String)>> {
    let damaged = || Fault::new("The manifest is not that of a release. Take release.json of the release.");
    let manifest: Value = serde_json::from_slice(manifest).map_err(|_| damaged())?;
    if manifest["format"] != "emotion-depth-release" || manifest["version"] != 1 {
        return Err(damaged());
    }
    let row = |row: &Value| Some((row["file"].as_str()?.to_owned(), row["sha256"].as_str()?.to_owned()));
    let files = manifest["files"].as_array().ok_or_else(damaged)?;
    files.iter().map(|file| row(file).ok_or_else(damaged)).collect()
}

fn compare(copy: &Copy, files: &[(String, String)]) -> Result<Differences> {
    let mut differences = Differences::default();
    for (file, expected) in files {
        match copy.read(file) {
            None => differences.missing.push(file.clone()),
            Some(bytes) if sha256(&bytes) != *expected => differences.changed.push(file.clone()),
            Some(_) => differences.same += 1,
        }
    }
    if let Copy::Folder(folder) = copy {
        let known: BTreeSet<&str> = files.iter().map(|(file, _)| file.as_str()).chain(OUTSIDE).collect();
        let there = folders::files_below(folder)?;
        let unknown =
            there.iter().map(|file| site::url_of(file)).filter(|file| !known.contains(file.as_str()));
        differences.unknown = unknown.collect();
    }
    Ok(differences)
}

/// In lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use site_server::Listener;

    use super::*;

    /// A page of two files with its lists; each test has a folder of its own.
    fn page(test: &str) -> (PathBuf, Vec<(String, String)>) {
        let folder = folders::target().join("tmp/release").join(test);
        folders::renew(&folder.join("models")).unwrap();
        for left in folders::files_below(&folder).unwrap() {
            fs::remove_file(folder.join(left)).unwrap();
        }
        fs::write(folder.join("index.html"), "<p>").unwrap();
        fs::write(folder.join("models/depth.plan"), [1, 2, 3]).unwrap();
        let kept_for = [("models/depth.plan".to_owned(), vec!["camera"])].into();
        write(&folder, &Release { id: "abc".into(), kept_for }).unwrap();
        let files = parse(&fs::read(folder.join(MANIFEST)).unwrap()).unwrap();
        (folder, files)
    }

    #[test]
    fn every_file_is_listed_with_its_hash() {
        let (folder, files) = page("listed");
        // Of `printf '<p>' | sha256sum`.
        let hash = "33f2799467177287a29260780a107ac98ea63dd6165f67fcc0d74767d0a82090";
        assert_eq!(files.len(), 2);
        assert_eq!((files[0].0.as_str(), files[1].0.as_str()), ("index.html", "models/depth.plan"));
        assert_eq!(files[0].1, hash);
        let list: Value = serde_json::from_slice(&fs::read(folder.join(MANIFEST)).unwrap()).unwrap();
        assert_eq!((&list["id"], &list["files"][1]["for"]), (&json!("abc"), &json!(["camera"])));
        assert_eq!(list["files"][0]["for"], Value::Null);
        let sums = fs::read_to_string(folder.join(SUMS)).unwrap();
        assert_eq!(sums.lines().count(), 2);
        assert!(sums.starts_with(&format!("{}  index.html\n", files[0].1)));
    }

    #[test]
    fn a_copy_is_compared_file_by_file() {
        let (folder, files) = page("folder");
        let copy = Copy::of(folder.to_str().unwrap());
        assert_eq!(compare(&copy, &files).unwrap(), Differences { same: 2, ..Differences::default() });
        fs::write(folder.join("index.html"), "<P>").unwrap();
        fs::remove_file(folder.join("models/depth.plan")).unwrap();
        fs::write(folder.join("extra.js"), "").unwrap();
        let wrong = compare(&copy, &files).unwrap();
        assert_eq!(wrong.changed, ["index.html"]);
        assert_eq!(wrong.missing, ["models/depth.plan"]);
        assert_eq!((wrong.unknown, wrong.same), (vec!["extra.js".to_owned()], 0));
    }

    #[test]
    fn a_hosted_copy_is_compared_too() {
        assert!(
            shell::find("curl").is_some(),
            "this test needs curl: install it, or run `cargo xtask test`, which does"
        );
        let (folder, files) = page("hosted");
        let server = Listener::bind(0).unwrap().serve(&folder, "/some/path/");
        let copy = Copy::of(&server.url());
        assert_eq!(compare(&copy, &files).unwrap(), Differences { same: 2, ..Differences::default() });
        fs::write(folder.join("index.html"), "<P>").unwrap();
        assert_eq!(compare(&copy, &files).unwrap().changed, ["index.html"]);
    }

    #[test]
    fn other_files_are_no_manifest() {
        for text in ["", "{}", r#"{"format":"emotion-depth-release","version":2,"files":[]}"#, "[1]"] {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
    }
}
