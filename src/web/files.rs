//! Files that a person saves to their own disk.

use thiserror::Error;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement};

use crate::web::listener::error_text;
use crate::web::object_url::ObjectUrl;

/// Why a file was not saved.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FileFault {
    #[error("The file {name} could not be made: {detail}. The recording is still here; try again.")]
    Failed { name: String, detail: String },
}

/// How long the blob stays readable for the browser's download, in milliseconds.
const KEPT_MS: i32 = 60_000;

/// Let the browser save a text, given in pieces, as a file `name` (see [`crate::web::file_name`]) of the type `mime`.
/// Each piece goes to the browser before the next is made: a long text never stands whole in the page's memory.
///
/// Whether and where it is written is the browser's and the person's decision, of which no page hears.
///
/// # Errors
/// [`FileFault`] where the file cannot be made, for lack of memory for example.
pub fn save(name: &str, mime: &str, pieces: impl Iterator<Item = String>) -> Result<(), FileFault> {
    let mut file = Pieces::new(mime);
    for piece in pieces {
        file.push(&piece).map_err(|error| fault(name, &error))?;
    }
    file.save(name)
}

/// A file that is made piece by piece, for those who wait for the pieces: see [`save`].
pub struct Pieces {
    mime: String,
    parts: js_sys::Array,
    /// Bytes of the texts among the parts.
    waiting: usize,
}

impl Pieces {
    pub fn new(mime: &str) -> Self {
        Self { mime: mime.to_owned(), parts: js_sys::Array::new(), waiting: 0 }
    }

    /// Add a piece.
    ///
    /// # Errors
    /// What the browser threw, for lack of memory for example.
    pub fn push(&mut self, piece: &str) -> Result<(), JsValue> {
        self.parts.push(&JsValue::from_str(piece));
        self.waiting += piece.len();
        if self.waiting > FOLD_BYTES {
            // A blob may be kept on the disk; texts may not.
            self.parts = js_sys::Array::of1(blob(&self.parts, &self.mime)?.as_ref());
            self.waiting = 0;
        }
        Ok(())
    }

    /// Let the browser save what was added.
    ///
    /// # Errors
    /// As [`save`].
    pub fn save(self, name: &str) -> Result<(), FileFault> {
        save_blob(name, &blob(&self.parts, &self.mime).map_err(|error| fault(name, &error))?)
    }
}

/// What the browser threw, as a sentence.
pub fn fault(name: &str, error: &JsValue) -> FileFault {
    FileFault::Failed { name: name.to_owned(), detail: error_text(error) }
}

/// As [`save`], of a blob.
///
/// # Errors
/// As [`save`].
pub fn save_blob(name: &str, blob: &Blob) -> Result<(), FileFault> {
    offer(name, blob).map_err(|error| fault(name, &error))
}

/// So much text waits at most before it is put into a blob.
const FOLD_BYTES: usize = 4_000_000;

/// A blob of texts and blobs.
fn blob(parts: &js_sys::Array, mime: &str) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    Blob::new_with_blob_sequence_and_options(parts, &options)
}

fn offer(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let window = web_sys::window().ok_or("there is no window")?;
    let document = window.document().ok_or("there is no document")?;
    let body = document.body().ok_or("there is no body")?;
    let url = ObjectUrl::new(blob)?;
    let anchor: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    anchor.set_href(url.as_str());
    anchor.set_download(name);
    anchor.set_hidden(true);
    body.append_child(&anchor)?;
    anchor.click();
    anchor.remove();
    // Safari reads the blob some time after the click. The closure frees itself when it has run.
    let revoke = Closure::once_into_js(move || drop(url));
    window.set_timeout_with_callback_and_timeout_and_arguments_0(revoke.unchecked_ref(), KEPT_MS)?;
    Ok(())
}
