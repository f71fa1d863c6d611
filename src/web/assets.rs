//! The engine and its models: fetched before the seal, checked, and kept for restarts.

use js_sys::{Promise, Reflect, Uint8Array, WebAssembly};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader, RequestCache, RequestInit, Response, Window};

pub use crate::web::asset_list::{AssetFault, BytesLoaded};
use crate::web::asset_list::{Counter, hex, parse};
use crate::web::listener::{error_name, error_text};

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
    /// `on_progress` is called for each piece that comes. Dropping the future ends the fetching.
    ///
    /// # Errors
    /// [`AssetFault`]: no network, a file missing or damaged, an insecure origin, a browser that cannot
    /// compile the engine. Loading may be tried again after each of them.
    pub async fn load(roles: &[&str], mut on_progress: impl FnMut(BytesLoaded)) -> Result<Self, AssetFault> {
        let window = web_sys::window().ok_or_else(|| AssetFault::Unusable("there is no window".into()))?;
        if !window.is_secure_context() {
            return Err(AssetFault::Insecure);
        }
        let fetcher = Fetcher::new(window)?;
        let list = fetcher.text("assets.json", RequestCache::NoCache).await?;
        let assets = parse(&list, roles)?;
        let mut counter = Counter::new(&assets);
        on_progress(BytesLoaded {
            loaded_bytes: 0,
            total_bytes: assets.iter().map(|asset| asset.bytes).sum(),
        });
        // All requests leave at once; the bodies are read one after the other.
        let responses: Vec<JsFuture> =
            assets.iter().map(|asset| fetcher.send(&asset.file, RequestCache::Default)).collect();
        let mut files = Vec::new();
        for (asset, response) in assets.iter().zip(responses) {
            let mut bytes =
                fetcher.body(&asset.file, response, |piece| on_progress(counter.add(piece))).await?;
            if !fetcher.matches(&bytes, &asset.sha256).await? {
                // Perhaps the browser's cache still holds the version before this one.
                counter.restart_file();
                let again = fetcher.send(&asset.file, RequestCache::Reload);
                bytes = fetcher.body(&asset.file, again, |piece| on_progress(counter.add(piece))).await?;
                if !fetcher.matches(&bytes, &asset.sha256).await? {
                    return Err(AssetFault::Damaged(asset.file.clone()));
                }
            }
            on_progress(counter.finish_file(asset));
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

/// Fetches until it is dropped.
struct Fetcher {
    window: Window,
    abort: AbortController,
}

impl Fetcher {
    fn new(window: Window) -> Result<Self, AssetFault> {
        let abort = AbortController::new().map_err(|error| AssetFault::Unusable(error_text(&error)))?;
        Ok(Self { window, abort })
    }

    fn send(&self, file: &str, cache: RequestCache) -> JsFuture {
        let init = RequestInit::new();
        init.set_cache(cache);
        init.set_signal(Some(&self.abort.signal()));
        let promise: Promise = self.window.fetch_with_str_and_init(&format!("./{file}"), &init);
        JsFuture::from(promise)
    }

    async fn text(&self, file: &str, cache: RequestCache) -> Result<String, AssetFault> {
        let bytes = self.body(file, self.send(file, cache), |_| ()).await?;
        String::from_utf8(bytes.to_vec()).map_err(|_| AssetFault::List("it is not text".into()))
    }

    /// All bytes of a response; `on_piece` hears the size of each piece.
    async fn body(
        &self,
        file: &str,
        response: JsFuture,
        mut on_piece: impl FnMut(u64),
    ) -> Result<Uint8Array, AssetFault> {
        let offline = |_| AssetFault::Offline(file.to_owned());
        let response: Response = response.await.map_err(offline)?.unchecked_into();
        if !response.ok() {
            return Err(AssetFault::Missing { file: file.to_owned(), status: response.status() });
        }
        let Some(stream) = response.body() else {
            return Err(AssetFault::Damaged(file.to_owned()));
        };
        let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
        let mut pieces: Vec<Uint8Array> = Vec::new();
        let mut length = 0;
        loop {
            let step = JsFuture::from(reader.read()).await.map_err(offline)?;
            let done = Reflect::get(&step, &JsValue::from_str("done")).is_ok_and(|done| done.is_truthy());
            if done {
                break;
            }
            let piece: Uint8Array =
                Reflect::get(&step, &JsValue::from_str("value")).map_err(offline)?.unchecked_into();
            length += piece.length();
            on_piece(u64::from(piece.length()));
            pieces.push(piece);
        }
        let bytes = Uint8Array::new_with_length(length);
        let mut at = 0;
        for piece in pieces {
            bytes.set(&piece, at);
            at += piece.length();
        }
        Ok(bytes)
    }

    async fn matches(&self, bytes: &Uint8Array, sha256: &str) -> Result<bool, AssetFault> {
        let unusable =
            |error: JsValue| AssetFault::Unusable(format!("{} while a file was checked", error_name(&error)));
        let subtle = self.window.crypto().map_err(unusable)?.subtle();
        let promise = subtle.digest_with_str_and_buffer_source("SHA-256", bytes).map_err(unusable)?;
        let digest = JsFuture::from(promise).await.map_err(unusable)?;
        Ok(hex(&Uint8Array::new(&digest).to_vec()) == sha256)
    }
}

impl Drop for Fetcher {
    fn drop(&mut self) {
        self.abort.abort();
    }
}
