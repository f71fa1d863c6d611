//! Picture files: read, decoded and analysed one at a time, so that memory holds one picture and no more.

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, DedicatedWorkerGlobalScope};

use super::pixels::{self, PixelReader};
use super::{STATE, now_ms, sentence_part};
use crate::protocol::Fault;
use emotion_core::picture::{MOST_BYTES, MOST_PIXELS, Picture, PictureError};
use emotion_core::reading::FrameReading;
use emotion_core::still::Reach;
use emotion_core::thumbnail::thumbnails;

/// What came of one file.
pub struct Read {
    pub reading: FrameReading,
    pub by_browser: bool,
    /// See [`crate::protocol::Reply::Read`].
    pub smallest_px: f32,
    pub note: Option<String>,
    pub searches: u32,
    pub thumbnails: ArrayBuffer,
}

/// Read a file: `payload` is a File or Blob.
///
/// # Errors
/// [`Fault::Picture`] where it gives no picture, [`Fault::NotReady`], [`Fault::Engine`].
pub async fn read(payload: JsValue, reach: Reach) -> Result<Read, Fault> {
    let start_ms = now_ms();
    let file: Blob =
        payload.dyn_into().map_err(|_| Fault::Message("a request without a picture file".into()))?;
    let (picture, by_browser) = decode(&file).await?;
    let decoded_ms = now_ms();
    let frame = picture.frame().map_err(|error| Fault::Frame(error.to_string()))?;
    let smallest_px = reach.smallest_px(frame.width(), frame.height());
    let (mut reading, searches) = STATE.with_borrow_mut(|state| {
        let engine = state.engine.as_mut().ok_or(Fault::NotReady)?;
        let reading = engine.read_still(&frame, smallest_px, &now_ms);
        let reading = reading.map_err(|error| Fault::Engine(sentence_part(&error)))?;
        Ok((reading, engine.searches()))
    })?;
    reading.stages.copy_ms = decoded_ms - start_ms;
    reading.stages.total_ms = now_ms() - start_ms;
    let pixels = Uint8Array::from(thumbnails(&frame, &reading.faces).as_slice());
    let note = picture.note().map(|note| note.to_string());
    Ok(Read { reading, by_browser, smallest_px, note, searches, thumbnails: pixels.buffer() })
}

/// The picture, and whether the browser decoded it.
async fn decode(file: &Blob) -> Result<(Picture, bool), Fault> {
    let fault = |error: PictureError| Fault::Picture(error.to_string());
    if file.size() > MOST_BYTES as f64 {
        return Err(fault(PictureError::Heavy { bytes: file.size() as u64 }));
    }
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| {
        Fault::Picture(
            "The file could not be read: it was moved, changed or locked since it was chosen. Choose it again."
                .into(),
        )
    })?;
    let bytes = Uint8Array::new(&buffer).to_vec();
    match Picture::decode(&bytes) {
        Ok(picture) => Ok((picture, false)),
        Err(error @ PictureError::Foreign { .. }) => {
            drop(bytes);
            by_browser(file).await.map(|picture| (picture, true)).ok_or_else(|| fault(error))
        }
        Err(error) => Err(fault(error)),
    }
}

/// What the browser makes of a file that `image` does not know; `None` where it cannot, either.
async fn by_browser(file: &Blob) -> Option<Picture> {
    let scope = js_sys::global().unchecked_into::<DedicatedWorkerGlobalScope>();
    let promise = scope.create_image_bitmap_with_blob(file).ok()?;
    let bitmap = JsFuture::from(promise).await.ok()?;
    let picture = pixels::FrameSource::from_js(bitmap)?;
    let (width, height) = picture.size();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return None;
    }
    let mut reader = PixelReader::default();
    let (width, height) = reader.read(&picture).await.ok()?;
    Picture::from_rgba(width, height, reader.into_rgba()).ok()
}
