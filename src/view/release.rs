//! A release's list of files, `release.json`: what is kept of it on this device, and for which activity.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// The list, as `cargo xtask dist` writes it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Release {
    format: String,
    /// Of the list's format.
    version: u32,
    /// The version of the page.
    pub release: String,
    /// The name of this release: two have the same one only where all their files are the same.
    pub id: String,
    pub files: Vec<ReleaseFile>,
}

/// A row of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ReleaseFile {
    /// Path below the page.
    pub file: String,
    pub bytes: u64,
    /// Lower-case hexadecimal.
    pub sha256: String,
    /// The ids of the activities that need it without a network; empty: none does.
    #[serde(default, rename = "for")]
    kept_for: Vec<String>,
}

/// Read `release.json`; `None` where it is none, or names what cannot be a file below the page.
pub fn parse(text: &str) -> Option<Release> {
    let list: Release = serde_json::from_str(text).ok()?;
    let hex = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let plain = |file: &str| {
        !file.is_empty()
            && !file.starts_with('/')
            && !file.contains([':', '\\', '?', '#', '%'])
            && !file.split('/').any(|part| part == "..")
    };
    let right = list.format == "emotion-depth-release"
        && list.version == 1
        && !list.id.is_empty()
        && hex(&list.id)
        && list.files.iter().all(|row| plain(&row.file) && row.sha256.len() == 64 && hex(&row.sha256));
    right.then_some(list)
}

impl Release {
    /// The files that these activities need.
    pub fn files_for<'a>(&'a self, ids: &'a BTreeSet<String>) -> impl Iterator<Item = &'a ReleaseFile> {
        self.files.iter().filter(|row| row.kept_for.iter().any(|id| ids.contains(id)))
    }

    /// The ids of all activities.
    pub fn activities(&self) -> BTreeSet<String> {
        self.files.iter().flat_map(|row| row.kept_for.iter().cloned()).collect()
    }

    /// Those of which every file is among `kept`.
    pub fn complete(&self, kept: &BTreeSet<String>) -> BTreeSet<String> {
        let mut ids = self.activities();
        for row in self.files.iter().filter(|row| !kept.contains(&row.file)) {
            ids.retain(|id| !row.kept_for.contains(id));
        }
        ids
    }

    /// The files of these activities that are not among `kept`.
    pub fn missing<'a>(&'a self, ids: &'a BTreeSet<String>, kept: &BTreeSet<String>) -> Vec<&'a ReleaseFile> {
        self.files_for(ids).filter(|row| !kept.contains(&row.file)).collect()
    }

    /// The file of each hash: what two releases share need not be loaded twice.
    pub fn by_hash(&self) -> BTreeMap<&str, &str> {
        self.files.iter().map(|row| (row.sha256.as_str(), row.file.as_str())).collect()
    }
}

/// The sum of their sizes.
pub fn bytes_of<'a>(files: impl IntoIterator<Item = &'a ReleaseFile>) -> u64 {
    files.into_iter().map(|row| row.bytes).sum()
}

/// The media type of a file of the page, by its name: a script under another one is refused.
pub fn media_type(file: &str) -> &'static str {
    match file.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(rows: &[(&str, u64, &[&str])]) -> String {
        let row = |(file, bytes, ids): &(&str, u64, &[&str])| serde_json::json!({ "file": file, "bytes": bytes, "sha256": format!("{bytes:064x}"), "for": ids });
        let files: Vec<_> = rows.iter().map(row).collect();
        let list = serde_json::json!({
            "format": "emotion-depth-release", "version": 1, "release": "0.2.0", "id": "ab12", "files": files,
        });
        list.to_string()
    }

    fn set(words: &[&str]) -> BTreeSet<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn an_activity_is_kept_when_all_its_files_are() {
        let text = list(&[
            ("index.html", 1, &["camera", "photos"]),
            ("ab12/camera.js", 20, &["camera"]),
            ("ab12/photos.js", 300, &["photos"]),
            ("LICENSE", 4000, &[]),
        ]);
        let release = parse(&text).unwrap();
        assert_eq!(release.activities(), set(&["camera", "photos"]));
        let kept = set(&["index.html", "ab12/camera.js"]);
        assert_eq!(release.complete(&kept), set(&["camera"]));
        assert_eq!(release.complete(&BTreeSet::new()), BTreeSet::new());
        let all = release.activities();
        assert_eq!(bytes_of(release.missing(&all, &kept)), 300);
        assert_eq!(bytes_of(release.files_for(&all)), 321);
        assert_eq!(release.by_hash().get(format!("{:064x}", 20).as_str()), Some(&"ab12/camera.js"));
    }

    #[test]
    fn what_is_no_list_or_leads_elsewhere_is_refused() {
        assert!(parse(&list(&[("a/b.js", 1, &["camera"])])).is_some());
        for file in ["https://example.org/a.js", "//example.org/a", "../a", "a/../../b", "", "a?b", "a%2e"] {
            assert!(parse(&list(&[(file, 1, &["camera"])])).is_none(), "{file}");
        }
        let good = list(&[("a", 1, &[])]);
        for (from, to) in [
            ("emotion-depth-release", "another"),
            ("\"version\":1", "\"version\":2"),
            ("ab12", "../x"),
            ("ab12", ""),
            (&"0".repeat(60), ""),
        ] {
            assert!(good.contains(from) && parse(&good.replace(from, to)).is_none(), "{from}");
        }
        assert!(parse("<!doctype html>").is_none());
    }

    #[test]
    fn scripts_and_modules_have_the_types_that_browsers_ask_for() {
        assert_eq!(media_type("ab/start.js"), "text/javascript; charset=utf-8");
        assert_eq!(media_type("ab/camera_bg.wasm"), "application/wasm");
        assert_eq!(media_type("ab/models/depth.plan"), "application/octet-stream");
    }
}
