//! What the figures were taken on.

use std::fs;
use std::path::Path;
use std::process::Command;

use browser_tests::Browser;
use serde_json::{Value, json};

/// Processor, memory, system, browser, the commit, and the packages that the lock file pins.
pub fn describe(browser: &Browser, root: &Path, profile: &str) -> Value {
    let version = browser.try_call(&None, "Browser.getVersion", json!({})).unwrap_or_default();
    json!({
        "processor": field("/proc/cpuinfo", "model name").unwrap_or_else(|| "not known".into()),
        "cores": std::thread::available_parallelism().map_or(0, usize::from),
        "memory": field("/proc/meminfo", "MemTotal").unwrap_or_else(|| "not known".into()),
        "system": system(),
        "browser": version["product"],
        "commit": commit(root),
        "build_profile": profile,
        "packages": packages(root),
    })
}

/// The mean numbers of processes that wanted to run in the last 1, 5 and 15 minutes.
pub fn load() -> Value {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    json!(text.split_whitespace().take(3).filter_map(|word| word.parse::<f64>().ok()).collect::<Vec<_>>())
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn system() -> String {
    let text = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    name.map_or_else(|| std::env::consts::OS.to_owned(), |name| name.trim_matches('"').to_owned())
}

fn commit(root: &Path) -> Option<String> {
    let git = |args: &[&str]| {
        let output = Command::new("git").args(args).current_dir(root).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let mut commit = git(&["rev-parse", "--short", "HEAD"])?;
    if !git(&["status", "--porcelain", "--untracked-files=no"])?.is_empty() {
        commit.push_str(" with changes");
    }
    Some(commit)
}

fn packages(root: &Path) -> Value {
    let text = fs::read_to_string(root.join("benches/browser/package.json")).unwrap_or_default();
    serde_json::from_str::<Value>(&text).map(|package| package["dependencies"].clone()).unwrap_or_default()
}
