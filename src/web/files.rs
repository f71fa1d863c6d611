//! Files that a person saves to their own disk.

use thiserror::Error;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use crate::web::listener::error_text;

/// Why a file was not saved.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FileFault {
    #[error("The file {name} could not be made: {detail}. The recording is still here; try again.")]
    Failed { name: String, detail: String },
}

/// How long the blob stays readable for the browser's download, in milliseconds.
const KEPT_MS: i32 = 60_000;

/// Let the browser save `text` as a file `name` (see [`crate::web::file_name`]) of the type `mime`.
///
/// Whether and where it is written is the browser's and the person's decision, of which no page hears.
///
/// # Errors
/// [`FileFault`] where the file cannot be made, for lack of memory for example.
pub fn save(name: &str, mime: &str, text: &str) -> Result<(), FileFault> {
    offer(name, mime, text)
        .map_err(|error| FileFault::Failed { name: name.to_owned(), detail: error_text(&error) })
}

fn offer(name: &str, mime: &str, text: &str) -> Result<(), JsValue> {
    let window = web_sys::window().ok_or("there is no window")?;
    let document = window.document().ok_or("there is no document")?;
    let body = document.body().ok_or("there is no body")?;
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let anchor: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.set_hidden(true);
    body.append_child(&anchor)?;
    anchor.click();
    anchor.remove();
    // Safari reads the blob some time after the click. The closure frees itself when it has run.
    let revoke = Closure::once_into_js(move || {
        let _ = Url::revoke_object_url(&url);
    });
    window.set_timeout_with_callback_and_timeout_and_arguments_0(revoke.unchecked_ref(), KEPT_MS)?;
    Ok(())
}
