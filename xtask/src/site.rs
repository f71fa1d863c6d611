//! Puts the built page together: plain files with relative URLs.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::fault::{AtPath, Fault, Result};
use crate::wasm::{self, Binary, Profile};
use crate::{first_visit, folders, models, shell};

/// What the page loads for photos instead of the camera's engine.
pub const PHOTOS_ENGINE: [&str; 2] = ["photos.js", "photos_bg.wasm"];

/// Where `build`, `serve` and `test` put the page.
pub fn folder() -> PathBuf {
    folders::target().join("site")
}

/// Builds all binaries and writes the whole page into `site`, which is replaced in one step: a server that reads
/// from it never gives out half a build.
pub fn build(site: &Path, profile: Profile) -> Result<()> {
    wasm::ensure_target()?;
    let root = folders::root();
    let page = wasm::build(Binary::Page, profile)?;
    let with_onnx = models::need_onnx(&models::files_of(&root.join("models"))?);
    let engine = wasm::build(if with_onnx { Binary::EngineWithOnnx } else { Binary::Engine }, profile)?;
    let photos = wasm::build(if with_onnx { Binary::PhotosWithOnnx } else { Binary::Photos }, profile)?;

    let new = folders::target().join("site.new");
    folders::renew(&new)?;
    folders::copy(&root.join("index.html"), &new.join("index.html"))?;
    folders::copy_all(&root.join("public"), &new)?;
    folders::copy_all(&page, &new)?;
    folders::copy_all(&engine, &new)?;
    folders::copy_all(&photos, &new)?;
    let mut assets = vec![("glue", PathBuf::from("engine.js")), ("wasm", PathBuf::from("engine_bg.wasm"))];
    let models = copy_models(&root.join("models"), &new)?;
    assets.extend(["manifest", "detector", "classifier"].into_iter().zip(models));
    assets.extend(["photos_glue", "photos_wasm"].into_iter().zip(PHOTOS_ENGINE.map(PathBuf::from)));
    write_json(&new.join("assets.json"), &listing(&new, &assets)?)?;
    write_json(&new.join("first-visit.json"), &first_visit::listing(&new, false)?)?;

    if site.exists() {
        fs::remove_dir_all(site).at("remove the earlier build", site)?;
    }
    fs::rename(&new, site).at("put the build into", site)?;
    shell::say(&format!("the page is in {}", site.strip_prefix(&root).unwrap_or(site).display()));
    Ok(())
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
