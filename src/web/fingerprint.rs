//! What tells a file from others, read piece by piece: a video is never in memory as a whole.

use emotion_study::hash::{Fingerprint, Fingerprinted};
use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use crate::web::listener::error_text;

/// So many bytes are read at a time.
const PIECE_BYTES: u64 = 4_000_000;

/// Read a file from beginning to end. `on_bytes` hears how many bytes are read so far, and says whether to go on.
///
/// # Errors
/// A sentence; `None` where `on_bytes` said to stop.
pub async fn fingerprint(
    file: &Blob,
    mut on_bytes: impl FnMut(u64) -> bool,
) -> Result<Fingerprinted, Option<String>> {
    let unreadable = |error| {
        let why = error_text(&error);
        Some(format!(
            "The file could not be read ({why}). It may have been moved or changed; choose it again."
        ))
    };
    // A whole number below 2^53.
    let size = file.size() as u64;
    let mut whole = Fingerprint::default();
    let mut at = 0;
    while at < size {
        let end = size.min(at + PIECE_BYTES);
        let piece = file.slice_with_f64_and_f64(at as f64, end as f64).map_err(unreadable)?;
        let bytes = JsFuture::from(piece.array_buffer()).await.map_err(unreadable)?;
        whole.add(&Uint8Array::new(&bytes).to_vec());
        at = end;
        if !on_bytes(at) {
            return Err(None);
        }
    }
    Ok(whole.finish())
}
