//! Who may use whom: the crates of the workspace by what their `Cargo.toml` names, the folders of `src/` by their paths.
//!
//! docs/architecture.md draws the same picture. A new crate or folder gets a line here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A crate, and those of the workspace that it may use outside of its tests.
const CRATES: &[(&str, &[&str])] = &[
    ("activities", &[]),
    ("demux", &[]),
    ("nn", &[]),
    ("nn-onnx", &["nn"]),
    ("emotion-core", &["nn", "nn-onnx"]),
    ("own-model", &["emotion-core", "nn-onnx"]),
    ("emotion-record", &["emotion-core"]),
    ("emotion-stats", &["emotion-core", "emotion-record"]),
    ("emotion-study", &["emotion-core", "emotion-record", "emotion-stats"]),
    ("emotion-panel", &["emotion-record", "emotion-stats", "emotion-study"]),
    (
        "emotion-cli",
        &[
            "emotion-core",
            "emotion-panel",
            "emotion-record",
            "emotion-stats",
            "emotion-study",
            "nn",
            "nn-onnx",
            "own-model",
        ],
    ),
    ("testkit", &["emotion-core", "emotion-record", "nn"]),
    ("site-server", &[]),
    (
        "emotion-depth",
        &[
            "activities",
            "demux",
            "emotion-core",
            "emotion-panel",
            "emotion-record",
            "emotion-stats",
            "emotion-study",
        ],
    ),
    ("xtask", &["activities", "site-server"]),
    ("browser-tests", &["activities", "site-server", "testkit"]),
    ("browser-bench", &["activities", "browser-tests", "emotion-panel", "emotion-study", "site-server"]),
    ("kernel-twin", &["emotion-core", "nn", "testkit"]),
];

/// A folder (or file) below `src/`, and those that it may use. `activity/` has a rule of its own.
const FOLDERS: &[(&str, &[&str])] = &[
    ("protocol", &[]),
    // The worker and the page's end of it share how the worker's source is put together.
    ("order", &[]),
    ("worker", &["order", "protocol", "worker_port"]),
    ("worker_port", &["protocol", "web::worker_source"]),
    ("panel_worker", &["protocol", "worker_port"]),
    ("view", &["activity::life"]),
    ("web", &["protocol", "view"]),
    ("ui", &["view", "web"]),
];

/// What an activity may use besides its own folder.
const OF_AN_ACTIVITY: &[&str] = &[
    "activity::Activity",
    "activity::frame",
    "activity::life",
    "activity::turns",
    "protocol",
    "ui",
    "view",
    "web",
];

/// What the shared files of `src/activity` may use: no activity.
const OF_THE_FRAME: &[&str] =
    &["activity::frame", "activity::life", "activity::offline", "protocol", "ui", "view", "web"];

#[test]
fn crates_use_only_those_below_them() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo can be asked");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    let names: BTreeSet<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    let rules: BTreeMap<_, _> = CRATES.iter().copied().collect();
    let mut faults = Vec::new();
    for package in packages {
        let name = package["name"].as_str().expect("a package has a name");
        let Some(allowed) = rules.get(name) else {
            faults.push(format!("{name} has no line in tests/walls.rs"));
            continue;
        };
        let used = package["dependencies"].as_array().into_iter().flatten();
        // What tests use is their own affair.
        let used = used.filter(|dependency| dependency["kind"].as_str() != Some("dev"));
        for dependency in used.filter_map(|dependency| dependency["name"].as_str()) {
            if names.contains(dependency) && !allowed.contains(&dependency) {
                faults.push(format!("{name} uses {dependency}"));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn folders_use_only_those_below_them() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    for file in files_below(&src) {
        let place = place_of(file.strip_prefix(&src).expect("it lies there"));
        let parts: Vec<&str> = place.split("::").collect();
        let (allowed, own) = match parts[0] {
            "lib" | "bin" => continue,
            "activity" => match parts.get(1).copied() {
                None | Some("frame" | "life" | "offline" | "page" | "turns") => {
                    (OF_THE_FRAME, "activity".to_owned())
                }
                Some(activity) => (OF_AN_ACTIVITY, format!("activity::{activity}")),
            },
            folder => match FOLDERS.iter().find(|(name, _)| *name == folder) {
                Some((_, allowed)) => (*allowed, folder.to_owned()),
                None => {
                    faults.push(format!("{place} has no line in tests/walls.rs"));
                    continue;
                }
            },
        };
        seen.insert(own.clone());
        let text = std::fs::read_to_string(&file).expect("a source file is text");
        for path in paths_in(&text) {
            let begins = |with: &str| {
                path == with || path.strip_prefix(with).is_some_and(|rest| rest.starts_with("::"))
            };
            let known = begins(&own) && own != "activity" || allowed.iter().any(|allowed| begins(allowed));
            if !known {
                faults.push(format!("{place} uses {path}"));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    for folder in [
        "activity::builder",
        "activity::camera",
        "activity::photos",
        "activity::study",
        "activity::video",
        "ui",
        "view",
        "web",
        "worker",
    ] {
        assert!(seen.contains(folder), "{folder} was not looked at: {seen:?}");
    }
}

#[test]
fn paths_are_found_in_every_form() {
    let text = "use crate::web::{assets, seal::{self, Sealed}};\n/// [`crate::ui::parts`]\nlet a = crate::view::words::x(1);";
    let found: Vec<String> = paths_in(text);
    assert_eq!(
        found,
        ["web::assets", "web::seal::self", "web::seal::Sealed", "view::words::x"],
        "documentation may name anything"
    );
}

/// `activity::camera::control` for `activity/camera/control/mod.rs`.
fn place_of(file: &Path) -> String {
    let without = file.with_extension("");
    let parts: Vec<_> = without.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    parts.into_iter().filter(|part| part != "mod").collect::<Vec<_>>().join("::")
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder can be listed") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// Every path below `crate::` that the code names, with the braces of `use` opened.
fn paths_in(text: &str) -> Vec<String> {
    let code: String =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut paths = Vec::new();
    for (at, found) in code.match_indices("crate::") {
        read_path(&mut code[at + found.len()..].chars().peekable(), String::new(), &mut paths);
    }
    paths
}

type Letters<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// Reads one path, and where it opens a brace each of those within.
fn read_path(letters: &mut Letters, mut path: String, paths: &mut Vec<String>) {
    while let Some(&letter) = letters.peek() {
        match letter {
            '{' => {
                letters.next();
                loop {
                    while letters.peek().is_some_and(|letter| letter.is_whitespace() || *letter == ',') {
                        letters.next();
                    }
                    match letters.peek() {
                        None => return,
                        Some('}') => {
                            letters.next();
                            return;
                        }
                        Some(_) => {
                            let before = letters.clone().count();
                            read_path(letters, path.clone(), paths);
                            // `x as y`, `*` and the like: go on to what follows.
                            while letters.clone().count() == before
                                || letters.peek().is_some_and(|letter| !matches!(letter, ',' | '}'))
                            {
                                if letters.next().is_none() {
                                    return;
                                }
                            }
                        }
                    }
                }
            }
            ':' => {
                letters.next();
                if letters.peek() != Some(&':') {
                    break;
                }
                letters.next();
                path.push_str("::");
            }
            letter if letter.is_alphanumeric() || letter == '_' => {
                path.push(letter);
                letters.next();
            }
            _ => break,
        }
    }
    paths.push(path.trim_end_matches("::").to_owned());
}
