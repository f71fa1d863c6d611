//! A ZIP file made of texts and of files that a person chose: the files are not copied into the page's memory.

use emotion_study::hash::Fingerprint;
use emotion_study::zip::{Content, layout};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag};

use crate::web::listener::error_text;

/// What a ZIP is made of, in its order.
#[derive(Default)]
pub struct ZipFile {
    contents: Vec<Content>,
    parts: Vec<JsValue>,
}

impl ZipFile {
    /// Add a text.
    pub fn add_text(&mut self, name: String, text: &str) {
        let mut whole = Fingerprint::default();
        whole.add(text.as_bytes());
        let whole = whole.finish();
        self.contents.push(Content { name, bytes: whole.bytes, crc32: whole.crc32 });
        self.parts.push(Uint8Array::from(text.as_bytes()).into());
    }

    /// Add a file whose CRC-32 is known.
    pub fn add_file(&mut self, name: String, file: &Blob, crc32: u32) {
        self.contents.push(Content { name, bytes: file.size() as u64, crc32 });
        self.parts.push(file.into());
    }

    /// The whole file: a list of its parts, which the browser reads when it is saved.
    ///
    /// # Errors
    /// A sentence where it is too large.
    pub fn finish(self) -> Result<Blob, String> {
        let around = layout(&self.contents).map_err(|fault| fault.to_string())?;
        let parts = Array::new();
        for (before, part) in around.before.iter().zip(&self.parts) {
            parts.push(&Uint8Array::from(before.as_slice()));
            parts.push(part);
        }
        parts.push(&Uint8Array::from(around.end.as_slice()));
        let options = BlobPropertyBag::new();
        options.set_type("application/zip");
        Blob::new_with_blob_sequence_and_options(&parts, &options)
            .map_err(|error| format!("The ZIP file could not be made: {}.", error_text(&error)))
    }
}
