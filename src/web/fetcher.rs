//! Fetching files below the page's folder, piece by piece and with their hashes: before the seal only.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader, RequestCache, RequestInit, Response, Window};

use crate::web::asset_list::{AssetFault, hex};
use crate::web::listener::{Interval, error_name, error_text};

/// Fetches until it is dropped.
pub struct Fetcher {
    window: Window,
    abort: AbortController,
}

impl Fetcher {
    pub fn new(window: Window) -> Result<Self, AssetFault> {
        let abort = AbortController::new().map_err(|error| AssetFault::Unusable(error_text(&error)))?;
        Ok(Self { window, abort })
    }

    /// End all that it is fetching; from now on it fetches nothing.
    pub fn stop(&self) {
        self.abort.abort();
    }

    pub(super) fn send(&self, file: &str, cache: RequestCache) -> JsFuture {
        let init = RequestInit::new();
        init.set_cache(cache);
        init.set_signal(Some(&self.abort.signal()));
        let promise: Promise = self.window.fetch_with_str_and_init(&format!("./{file}"), &init);
        JsFuture::from(promise)
    }

    /// The size that the host tells of a file, in bytes, without its content; nothing where it does not tell.
    pub(super) async fn size(&self, file: &str) -> Option<u64> {
        let init = RequestInit::new();
        init.set_method("HEAD");
        init.set_cache(RequestCache::NoCache);
        init.set_signal(Some(&self.abort.signal()));
        let _silence = Silence::watch(self.abort.clone());
        let asked = self.window.fetch_with_str_and_init(&format!("./{file}"), &init);
        let response: Response = JsFuture::from(asked).await.ok()?.unchecked_into();
        if !response.ok() {
            return None;
        }
        // Of a file that is packed on its way the packed size would be told: media are not packed.
        let headers = Reflect::get(&response, &JsValue::from_str("headers")).ok()?;
        let get: Function = Reflect::get(&headers, &JsValue::from_str("get")).ok()?.dyn_into().ok()?;
        get.call1(&headers, &JsValue::from_str("content-length")).ok()?.as_string()?.parse().ok()
    }

    pub(super) async fn text(&self, file: &str, cache: RequestCache) -> Result<String, AssetFault> {
        let bytes = self.body(file, self.send(file, cache), |_| ()).await?;
        String::from_utf8(bytes.to_vec()).map_err(|_| AssetFault::List("it is not text".into()))
    }

    /// All bytes of a response; `on_piece` hears the size of each piece.
    pub(super) async fn body(
        &self,
        file: &str,
        response: JsFuture,
        mut on_piece: impl FnMut(u64),
    ) -> Result<Uint8Array, AssetFault> {
        let offline = |_| AssetFault::Offline(file.to_owned());
        let silence = Silence::watch(self.abort.clone());
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
            silence.heard();
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

    pub(super) async fn matches(&self, bytes: &Uint8Array, sha256: &str) -> Result<bool, AssetFault> {
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

/// Ends a fetch over which nothing has come for [`SILENCE_TICKS`]; while bytes come there is no limit.
struct Silence {
    ticks: Rc<Cell<u32>>,
    _timer: Option<Interval>,
}

const TICK_MS: i32 = 1000;
const SILENCE_TICKS: u32 = 60;

impl Silence {
    fn watch(abort: AbortController) -> Self {
        let ticks = Rc::new(Cell::new(0));
        let count = ticks.clone();
        let timer = Interval::new(TICK_MS, move || {
            count.set(count.get() + 1);
            if count.get() >= SILENCE_TICKS {
                abort.abort();
            }
        });
        Self { ticks, _timer: timer }
    }

    fn heard(&self) {
        self.ticks.set(0);
    }
}
