//! The engine and its models: fetched before the seal, checked, and kept for restarts.

use js_sys::{Uint8Array, WebAssembly};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::RequestCache;

pub use crate::web::asset_list::{AssetFault, BytesLoaded};
use crate::web::asset_list::{Counter, parse};
use crate::web::fetcher::Fetcher;
use crate::web::listener::error_text;
use crate::web::offline;

/// Everything that the worker needs, in memory: after the seal nothing more can be fetched.
///
/// Cloning copies handles, not bytes.
#[derive(Clone)]
pub struct Assets {
    /// wasm-bindgen's glue, JavaScript.
    pub(super) glue: String,
    /// Compiled once; each worker gets the same module.
    pub(super) module: WebAssembly::Module,
    /// The files after glue and module, by role: the models of an engine that has networks.
    pub(super) models: Vec<(String, Uint8Array)>,
}

impl Assets {
    /// Fetch the files with these roles (glue, module, then models) that `assets.json` lists, check each one's SHA-256 and compile
    /// the engine.
    ///
    /// `on_progress` is called for each piece that comes, `on_file` for each file (its path below the page) that is right. Dropping
    /// the future ends the fetching.
    ///
    /// # Errors
    /// [`AssetFault`]: no network, a file missing or damaged, an insecure origin, a browser that cannot
    /// compile the engine. Loading may be tried again after each of them.
    pub async fn load(
        roles: &[&str],
        mut on_progress: impl FnMut(BytesLoaded),
        mut on_file: impl FnMut(String, Uint8Array),
    ) -> Result<Self, AssetFault> {
        let window = web_sys::window().ok_or_else(|| AssetFault::Unusable("there is no window".into()))?;
        if !window.is_secure_context() {
            return Err(AssetFault::Insecure);
        }
        let fetcher = Fetcher::new(window)?;
        let folder = offline::folder();
        let place = |file: &str| format!("{folder}{file}");
        let list = fetcher.text(&place("assets.json"), RequestCache::NoCache).await?;
        let assets = parse(&list, roles)?;
        let mut counter = Counter::new(&assets);
        on_progress(BytesLoaded {
            loaded_bytes: 0,
            total_bytes: assets.iter().map(|asset| asset.bytes).sum(),
        });
        // All requests leave at once; the bodies are read one after the other.
        let responses: Vec<JsFuture> =
            assets.iter().map(|asset| fetcher.send(&place(&asset.file), RequestCache::Default)).collect();
        let mut files = Vec::new();
        for (asset, response) in assets.iter().zip(responses) {
            let mut bytes =
                fetcher.body(&asset.file, response, |piece| on_progress(counter.add(piece))).await?;
            if !fetcher.matches(&bytes, &asset.sha256).await? {
                // Perhaps the browser's cache still holds the version before this one.
                counter.restart_file();
                let again = fetcher.send(&place(&asset.file), RequestCache::Reload);
                bytes = fetcher.body(&asset.file, again, |piece| on_progress(counter.add(piece))).await?;
                if !fetcher.matches(&bytes, &asset.sha256).await? {
                    return Err(AssetFault::Damaged(asset.file.clone()));
                }
            }
            on_progress(counter.finish_file(asset));
            on_file(place(&asset.file), bytes.clone());
            files.push(bytes);
        }
        let mut files = files.into_iter();
        let (Some(glue), Some(wasm)) = (files.next(), files.next()) else {
            return Err(AssetFault::List("a file is missing".into()));
        };
        let models = assets.iter().skip(2).map(|asset| asset.role.clone()).zip(files).collect();
        let glue =
            String::from_utf8(glue.to_vec()).map_err(|_| AssetFault::Damaged(assets[0].file.clone()))?;
        let module = JsFuture::from(WebAssembly::compile(&wasm))
            .await
            .map_err(|error| AssetFault::Unusable(error_text(&error)))?;
        Ok(Self { glue, module: module.unchecked_into(), models })
    }

    /// The models' manifest, JSON text: classes, figures, hashes. Empty without networks.
    pub fn manifest_json(&self) -> String {
        let manifest = self.models.iter().find(|(role, _)| role == "manifest");
        manifest.map(|(_, bytes)| String::from_utf8_lossy(&bytes.to_vec()).into_owned()).unwrap_or_default()
    }
}
