//! Puts the built page together: plain files with relative URLs.

use std::fs;
use std::path::{Path, PathBuf};

use activities::{ACTIVITIES, Activity, Engine, MODELS};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::fault::{AtPath, Fault, Result};
use crate::wasm::{self, Binary, Profile};
use crate::{first_visit, folders, layout, models, shell};

/// Where `build`, `serve` and `test` put the page.
pub fn folder() -> PathBuf {
    folders::target().join("site")
}

/// Builds all binaries and writes the whole page into `site`, which is replaced in one step: a server that reads
/// from it never gives out half a build.
pub fn build(site: &Path, profile: Profile) -> Result<()> {
    wasm::ensure_target()?;
    let root = folders::root();
    let with_onnx = models::need_onnx(&models::files_of(&root.join("models"))?);
    let pages = ACTIVITIES.map(Binary::Page);
    let engines = Engine::ALL.map(|engine| Binary::Engine { engine, with_onnx });
    let mut made = Vec::new();
    for binary in pages.into_iter().chain(engines) {
        made.push(wasm::build(binary, profile)?);
    }

    let new = folders::target().join("site.new");
    folders::renew(&new)?;
    folders::copy(&root.join("index.html"), &new.join("index.html"))?;
    folders::copy_all(&root.join("public"), &new)?;
    // Only a release has a worker that keeps it.
    fs::remove_file(new.join(layout::WORKER)).at("leave out", Path::new(layout::WORKER))?;
    for folder in &made {
        folders::copy_all(folder, &new)?;
    }
    write_start(&new.join("start.js"), |_| Ok(None))?;
    let models = copy_models(&root.join("models"), &new)?;
    let mut assets: Vec<_> = MODELS.into_iter().zip(models).collect();
    for file in Engine::ALL.iter().flat_map(|engine| engine.files()) {
        assets.push((file.role, PathBuf::from(file.file)));
    }
    write_json(&new.join("assets.json"), &listing(&new, &assets)?)?;
    write_json(&new.join("first-visit.json"), &first_visit::listing(&new, "", &[], false)?)?;

    if site.exists() {
        fs::remove_dir_all(site).at("remove the earlier build", site)?;
    }
    fs::rename(&new, site).at("put the build into", site)?;
    shell::say(&format!("the page is in {}", site.strip_prefix(&root).unwrap_or(site).display()));
    Ok(())
}

/// Where public/start.js has room for the table of activities.
const TABLE: &str = "/* activities */";

/// Writes the table of activities into the start script at `path`, a copy of public/start.js. `integrity` gives a file's
/// hash as browsers check it.
pub fn write_start(path: &Path, integrity: impl Fn(&str) -> Result<Option<String>>) -> Result<()> {
    let mut rows = Vec::new();
    for activity in ACTIVITIES {
        let mut row = json!({ "id": activity.id, "fragment": activity.by_fragment });
        let [script, module] = page_files(activity);
        for (key, file) in [("script", script), ("module", module)] {
            if let Some(hash) = integrity(&file)? {
                row[key] = json!(hash);
            }
        }
        rows.push(row.to_string());
    }
    fill(path, TABLE, &rows.join(", "))
}

/// The script and the module of an activity's page.
pub fn page_files(activity: Activity) -> [String; 2] {
    [format!("{}.js", activity.id), format!("{}_bg.wasm", activity.id)]
}

/// Replaces the `place` in a script at `path`, which must be there.
pub fn fill(path: &Path, place: &str, text: &str) -> Result<()> {
    let script = fs::read_to_string(path).at("read", path)?;
    if !script.contains(place) {
        return Err(Fault::new(format!("{} has no `{place}` in it.", path.display())));
    }
    fs::write(path, script.replace(place, text)).at("write", path)
}

fn copy_models(from: &Path, site: &Path) -> Result<Vec<PathBuf>> {
    let files = models::files_of(from)?;
    for file in files.iter().chain(&models::papers_of(from)?) {
        folders::copy(&from.join(file), &site.join("models").join(file))?;
    }
    Ok(files.iter().map(|file| Path::new("models").join(file)).collect())
}

/// `[{role, file, bytes, sha256}, ...]`, with slashes on every system: what the page loads for its engine.
fn listing(site: &Path, files: &[(&str, PathBuf)]) -> Result<Value> {
    let entries = files.iter().map(|(role, file)| {
        let bytes = wasm::read(&site.join(file))?;
        let sha256: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(json!({ "role": role, "file": url_of(file), "bytes": bytes.len(), "sha256": sha256 }))
    });
    Ok(Value::Array(entries.collect::<Result<_>>()?))
}

/// A file's URL relative to the page.
pub fn url_of(file: &Path) -> String {
    file.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

pub fn write_json(path: &Path, value: &Value) -> Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Fault::new(error.to_string()))?;
    fs::write(path, text + "\n").at("write", path)
}
