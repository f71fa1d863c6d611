//! What a browser loads when somebody opens the camera page for the first time.

use std::path::{Path, PathBuf};

use activities::{ACTIVITIES, Activity};
use brotli::enc::BrotliEncoderParams;
use serde_json::{Value, json};

use crate::fault::{AtPath, Fault, Result};
use crate::wasm;

/// `{files: [{file, bytes, brotli_bytes}, ...], bytes, brotli_bytes}` of a page whose files lie in `inner` ("" or
/// "RELEASE/"), and of the files `more`; the brotli numbers only if asked for, since the best quality takes a while. A
/// browser test compares the files with what is really fetched.
pub fn listing(site: &Path, inner: &str, more: &[String], with_brotli: bool) -> Result<Value> {
    let (mut total, mut brotli_total) = (0, 0);
    let mut entries = Vec::new();
    for file in files(site, inner)?.into_iter().chain(more.iter().cloned()) {
        let bytes = wasm::read(&site.join(&file))?;
        let mut entry = json!({ "file": file, "bytes": bytes.len() });
        total += bytes.len();
        if with_brotli {
            let length = brotli_length(&bytes).at("compress", Path::new(&file))?;
            brotli_total += length;
            entry["brotli_bytes"] = json!(length);
        }
        entries.push(entry);
    }
    let mut listing = json!({ "files": entries, "bytes": total });
    if with_brotli {
        listing["brotli_bytes"] = json!(brotli_total);
    }
    Ok(listing)
}

/// For each activity the bytes of its own code, in a row of the table in docs/performance.md.
pub fn activities(site: &Path, inner: &str) -> Result<Vec<String>> {
    let row = |activity: Activity| {
        let mut row = format!("| {}", activity.id);
        for file in [format!("{inner}{}_bg.wasm", activity.id), format!("{inner}{}.js", activity.id)] {
            let bytes = wasm::read(&site.join(&file))?;
            let length = brotli_length(&bytes).at("compress", Path::new(&file))?;
            row += &format!(" | {} | {length}", bytes.len());
        }
        Ok(row + " |")
    };
    ACTIVITIES.into_iter().map(row).collect()
}

/// The document, what it names, the page's code, and what the page fetches for the engine.
fn files(site: &Path, inner: &str) -> Result<Vec<String>> {
    let mut files = vec!["index.html".to_owned()];
    files.extend(named_in_page(site)?);
    let camera = ACTIVITIES[0];
    let own = [format!("{}.js", camera.id), format!("{}_bg.wasm", camera.id), "assets.json".to_owned()];
    files.extend(own.map(|file| format!("{inner}{file}")));
    // Another activity's engine is loaded when somebody opens that.
    let roles = camera.roles();
    let assets = assets(&site.join(inner))?;
    let live = assets
        .iter()
        .filter(|asset| asset["role"].as_str().is_some_and(|role| roles.contains(&role)))
        .filter_map(|asset| asset["file"].as_str());
    files.extend(live.map(|file| format!("{inner}{file}")));
    files.sort();
    files.dedup();
    Ok(files)
}

/// The rows of assets.json.
pub fn assets(folder: &Path) -> Result<Vec<Value>> {
    let assets: Value = serde_json::from_str(&text(folder.join("assets.json"))?)
        .map_err(|error| Fault::new(format!("assets.json is not valid JSON: {error}.")))?;
    Ok(assets.as_array().cloned().unwrap_or_default())
}

/// The files that the document of a site names.
pub fn named_in_page(site: &Path) -> Result<Vec<String>> {
    Ok(named_in(&text(site.join("index.html"))?))
}

/// The files beside the document that its `href` and `src` attributes name; they all begin with "./".
fn named_in(html: &str) -> Vec<String> {
    let named = html.split(['"', '\'']).filter_map(|text| text.strip_prefix("./"));
    named.filter(|file| !file.is_empty()).map(str::to_owned).collect()
}

fn text(path: PathBuf) -> Result<String> {
    String::from_utf8(wasm::read(&path)?)
        .map_err(|_| Fault::new(format!("{} is not UTF-8 text.", path.display())))
}

fn brotli_length(bytes: &[u8]) -> std::io::Result<usize> {
    let best = BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: bytes.len(), ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &best)?;
    Ok(compressed.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_own_files_are_found() {
        let html = r#"<link rel="icon" href="data:,"><link href="./style.css"><script src='./start.js'></script>
            <a href="https://example.org/x.js">"#;
        assert_eq!(named_in(html), ["style.css", "start.js"]);
    }

    #[test]
    fn brotli_shrinks_what_repeats() {
        let length = brotli_length(&[b'a'; 10_000]).unwrap();
        assert!((1..100).contains(&length), "{length}");
    }
}
