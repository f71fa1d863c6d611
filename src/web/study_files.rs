//! The files of a study: fetched before the seal, held against their hashes, kept as blobs. A study that was opened once can be
//! opened without a network: its files stay on this device beside those of the page.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, RequestCache, Window};

use crate::view::study::loading::Wanted;
use crate::web::asset_list::AssetFault;
use crate::web::fetcher::Fetcher;
use crate::web::listener::error_text;
use crate::web::object_url::ObjectUrl;
use crate::web::offline::Shelf;

/// A file of a study, in memory.
pub struct MediaFile {
    /// Path from the study file.
    pub file: String,
    pub url: ObjectUrl,
}

/// Why a file is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileTrouble {
    /// It did not come, or not whole.
    Missing,
    /// It is another file than the study says.
    Wrong,
}

/// The bytes of the study file.
///
/// # Errors
/// [`AssetFault`]: it cannot be fetched.
pub async fn study_file(path: &str) -> Result<Vec<u8>, AssetFault> {
    let window = web_sys::window().ok_or_else(|| AssetFault::Unusable("there is no window".into()))?;
    let fetcher = Fetcher::new(window)?;
    let shelf = Shelf::of_studies().await;
    // Always the newest: a closed study must be known as closed.
    let response = fetcher.send(path, RequestCache::NoCache);
    match (fetcher.body(path, response, |_| ()).await, &shelf) {
        (Ok(bytes), shelf) => {
            if let Some(shelf) = shelf {
                // One that cannot be kept needs a network the next time.
                let _ = shelf.put(path, &bytes).await;
            }
            Ok(bytes.to_vec())
        }
        (Err(AssetFault::Offline(file)), Some(shelf)) => {
            let kept = shelf.bytes(path).await.ok_or(AssetFault::Offline(file))?;
            Ok(kept.to_vec())
        }
        (Err(fault), _) => Err(fault),
    }
}

/// How many bytes a file has, as the host tells it without sending it; nothing where it does not.
pub async fn told_size(path: &str) -> Option<u64> {
    let fetcher = Fetcher::new(web_sys::window()?).ok()?;
    fetcher.size(path).await
}

/// One file of a study. `on_bytes` hears how many of its bytes are here.
///
/// # Errors
/// [`FileTrouble`]; it may be tried again.
pub async fn media_file(
    folder: &str,
    wanted: &Wanted,
    on_bytes: impl FnMut(u64),
) -> Result<MediaFile, FileTrouble> {
    let bytes = checked_bytes(folder, wanted, on_bytes).await?;
    kept(wanted, &bytes).ok_or(FileTrouble::Missing)
}

/// The bytes of a file below `folder`, held against its hash. `on_bytes` hears how many of them are here.
///
/// # Errors
/// [`FileTrouble`]; it may be tried again.
pub async fn checked_bytes(
    folder: &str,
    wanted: &Wanted,
    mut on_bytes: impl FnMut(u64),
) -> Result<Uint8Array, FileTrouble> {
    let window = web_sys::window().ok_or(FileTrouble::Missing)?;
    let path = format!("{folder}{}", wanted.file);
    let shelf = Shelf::of_studies().await;
    if let Some(bytes) = kept_file(&window, shelf.as_ref(), &path, wanted).await {
        on_bytes(u64::from(bytes.length()));
        return Ok(bytes);
    }
    // Once more past the browser's cache: it may hold an earlier version of the file.
    for cache in [RequestCache::Default, RequestCache::Reload] {
        let fetcher = Fetcher::new(window.clone()).map_err(|_| FileTrouble::Missing)?;
        let mut here = 0;
        let response = fetcher.send(&path, cache);
        let body = fetcher.body(&path, response, |piece| {
            here += piece;
            on_bytes(here);
        });
        let bytes = body.await.map_err(|_| FileTrouble::Missing)?;
        if fetcher.matches(&bytes, &wanted.sha256).await.unwrap_or(false) {
            if let Some(shelf) = &shelf {
                // As above.
                let _ = shelf.put(&path, &bytes).await;
            }
            return Ok(bytes);
        }
    }
    Err(FileTrouble::Wrong)
}

/// A file that an earlier visit has left here, if it is the one that is wanted.
async fn kept_file(
    window: &Window,
    shelf: Option<&Shelf>,
    path: &str,
    wanted: &Wanted,
) -> Option<Uint8Array> {
    let bytes = shelf?.bytes(path).await?;
    let fetcher = Fetcher::new(window.clone()).ok()?;
    fetcher.matches(&bytes, &wanted.sha256).await.unwrap_or(false).then_some(bytes)
}

/// A file that is on this device, held against its hash.
///
/// # Errors
/// [`FileTrouble`].
pub async fn media_of(wanted: &Wanted, file: &Blob) -> Result<MediaFile, FileTrouble> {
    let buffer = wasm_bindgen_futures::JsFuture::from(file.array_buffer()).await;
    let bytes = Uint8Array::new(&buffer.map_err(|_| FileTrouble::Missing)?);
    let window = web_sys::window().ok_or(FileTrouble::Missing)?;
    let fetcher = Fetcher::new(window).map_err(|_| FileTrouble::Missing)?;
    match fetcher.matches(&bytes, &wanted.sha256).await {
        Ok(true) => kept(wanted, &bytes).ok_or(FileTrouble::Missing),
        _ => Err(FileTrouble::Wrong),
    }
}

fn kept(wanted: &Wanted, bytes: &Uint8Array) -> Option<MediaFile> {
    let url = ObjectUrl::new(&blob(bytes, wanted.mime).ok()?).ok()?;
    Some(MediaFile { file: wanted.file.clone(), url })
}

/// A blob of bytes.
///
/// # Errors
/// What the browser threw, for lack of memory for example.
pub fn blob(bytes: &Uint8Array, mime: &str) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    Blob::new_with_u8_array_sequence_and_options(&Array::of1(bytes), &options)
}

/// The address of bytes in memory.
///
/// # Errors
/// A sentence's part: what the browser said.
pub fn address_of(bytes: &[u8], mime: &str) -> Result<ObjectUrl, String> {
    let blob = blob(&Uint8Array::from(bytes), mime).map_err(|error| error_text(&error))?;
    ObjectUrl::new(&blob).map_err(|error| error_text(&error))
}
