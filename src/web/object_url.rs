//! Addresses of blobs, given back when they are no longer needed.

use wasm_bindgen::JsValue;
use web_sys::{Blob, Url};

/// A blob's address; what it leads to can be freed when this is dropped.
#[must_use = "the address is given back when this is dropped"]
pub struct ObjectUrl(String);

impl ObjectUrl {
    /// # Errors
    /// What the browser threw.
    pub fn new(blob: &Blob) -> Result<Self, JsValue> {
        Ok(Self(Url::create_object_url_with_blob(blob)?))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for ObjectUrl {
    fn drop(&mut self) {
        // An address that is not known any more is no fault.
        let _ = Url::revoke_object_url(&self.0);
    }
}
