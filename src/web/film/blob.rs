//! The bytes of a file that a person chose, slice by slice.

use std::ops::Range;

use demux::Source;
use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use crate::web::listener::error_name;

/// A chosen file.
pub struct BlobSource(pub Blob);

impl Source for BlobSource {
    fn len(&self) -> u64 {
        // A whole number below 2^53.
        self.0.size() as u64
    }

    async fn read(&self, range: Range<u64>) -> Result<Vec<u8>, String> {
        let slice = self.0.slice_with_f64_and_f64(range.start as f64, range.end as f64);
        let slice = slice.map_err(|error| error_name(&error))?;
        let bytes = JsFuture::from(slice.array_buffer()).await.map_err(|error| error_name(&error))?;
        Ok(Uint8Array::new(&bytes).to_vec())
    }
}
