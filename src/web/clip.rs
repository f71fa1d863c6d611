//! A video file as the browser plays it: opened without being shown, and looked at by seeking.
//!
//! Why seeking and not playing, and what browsers do at a frame's edge: `docs/video.md`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Promise, Reflect, Uint8Array};
use thiserror::Error;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlVideoElement};

use crate::web::capture::{
    CapturedFrame, FrameSource, FrameVideo, lacks_video_frames, picture_of, tells_pictures,
};
use crate::web::clip_fault::{ClipFault, HEAD_BYTES, container};
use crate::web::listener::{FirstOf, Timer, error_text};
use crate::web::object_url::ObjectUrl;
use crate::web::visibility;
use emotion_core::walk::Shown;
use emotion_core::walk::{AIM_MS, same};

/// How long opening may take, and one seek: the browser decodes all frames since the last one that stands alone.
const OPEN_MS: i32 = 30_000;
const SEEK_MS: i32 = 20_000;
/// How long after a seek the browser's word is waited for that its picture is there.
const PRESENTED_MS: i32 = 300;
/// Where that word is not enough (in a hidden tab it never comes), the picture is taken again so often, after so long.
const TRIES: u32 = 4;
const AGAIN_MS: i32 = 100;
/// Far behind the end of any video, in seconds: where it ends is known once a browser has gone there.
const FAR_SECONDS: f64 = 1e9;

/// Why a look at the video gave no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LookFault {
    /// The browser gave up decoding: open it again before the next look.
    #[error("The video is damaged there.")]
    Damaged,
    /// The browser never came to an end.
    #[error("The browser did not get there in time.")]
    Stuck,
}

/// A picture of the video and when it is shown.
pub struct Look {
    /// Its time is that of the video.
    pub frame: CapturedFrame,
    pub shown: Shown,
}

/// An open video; closed when this is dropped.
#[must_use = "the video is closed when this is dropped"]
pub struct Clip {
    parts: Rc<Parts>,
}

struct Parts {
    video: HtmlVideoElement,
    url: ObjectUrl,
    /// VideoFrame of a video is known to fail here.
    bitmaps: Cell<bool>,
    /// The time of the picture that the last look gave.
    last_ms: Cell<Option<f64>>,
    /// The browser's word of that picture was not waited for, and may come later.
    owed: Cell<bool>,
}

impl Clip {
    /// Open a file. Nothing is fetched: the browser reads it from the disk.
    ///
    /// # Errors
    /// [`ClipFault`] where it is no video that this browser can show.
    pub async fn open(file: &Blob) -> Result<Self, ClipFault> {
        if file.size() == 0.0 {
            return Err(ClipFault::Empty);
        }
        let kind = container(&head(file).await?);
        let no_capture = |error: JsValue| ClipFault::NoCapture(error_text(&error));
        let document = web_sys::window().and_then(|window| window.document());
        let element = document.ok_or(ClipFault::NoCapture("there is no document".into()))?;
        let element = element.create_element("video").map_err(no_capture)?;
        let video: HtmlVideoElement = element.unchecked_into();
        video.set_muted(true);
        video.set_preload("auto");
        let url = ObjectUrl::new(file).map_err(|error| ClipFault::Unreadable(error_text(&error)))?;
        let parts = Parts {
            video,
            url,
            bitmaps: Cell::new(lacks_video_frames()),
            last_ms: Cell::new(None),
            owed: Cell::new(false),
        };
        let clip = Self { parts: Rc::new(parts) };
        clip.load().await.map_err(|fault| match (fault, kind) {
            (LookFault::Stuck, _) => ClipFault::Slow(OPEN_MS.unsigned_abs() / 1000),
            (LookFault::Damaged, Some(container)) => ClipFault::Format { container },
            (LookFault::Damaged, None) => ClipFault::NotVideo,
        })?;
        if clip.parts.video.video_width() == 0 {
            return Err(ClipFault::NoPicture { container: kind.unwrap_or("chosen") });
        }
        if clip.end_ms().is_none() {
            // What was recorded by a browser often does not say how long it is.
            let arrives = FirstOf::new(&clip.parts.video, &["seeked", "error"], SEEK_MS);
            clip.parts.video.set_current_time(FAR_SECONDS);
            if arrives.wait().await.as_deref() != Some("seeked") {
                // Then without a length, from the beginning.
                clip.reopen().await?;
            }
        }
        Ok(clip)
    }

    /// The video's length in milliseconds, where it is known.
    pub fn end_ms(&self) -> Option<f64> {
        Some(self.parts.video.duration() * 1000.0).filter(|end_ms| end_ms.is_finite())
    }

    /// Open the file once more, after a fault.
    ///
    /// # Errors
    /// [`ClipFault`] where that fails now.
    pub async fn reopen(&self) -> Result<(), ClipFault> {
        self.load().await.map_err(|_| ClipFault::Unreadable("the browser gave it up".into()))
    }

    async fn load(&self) -> Result<(), LookFault> {
        let mut opened = FirstOf::new(&self.parts.video, &["loadeddata", "error"], OPEN_MS);
        self.parts.last_ms.set(None);
        self.parts.video.set_src(self.parts.url.as_str());
        loop {
            match opened.wait().await.as_deref() {
                Some("loadeddata") => return Ok(()),
                Some(_) => return Err(LookFault::Damaged),
                // Chromium opens no video in a tab that was hidden before it was shown once.
                None if visibility::hidden() => {
                    opened = FirstOf::new(&self.parts.video, &["loadeddata", "error"], OPEN_MS);
                }
                None => return Err(LookFault::Stuck),
            }
        }
    }

    /// Go to a time and take the picture that is shown [`AIM_MS`] later. The browser is on its way when this returns; the
    /// future does not borrow the clip. One look at a time.
    pub fn look(&self, time_ms: f64) -> impl Future<Output = Result<Look, LookFault>> + use<> {
        let parts = self.parts.clone();
        let aim_ms = time_ms + AIM_MS;
        // Both listen before the browser is sent off: what comes early would be missed.
        let presented = Presented::next(&parts.video);
        let arrives = FirstOf::new(&parts.video, &["seeked", "error"], SEEK_MS);
        parts.video.set_current_time(aim_ms / 1000.0);
        async move {
            match arrives.wait().await.as_deref() {
                Some("seeked") => {}
                Some(_) => return Err(LookFault::Damaged),
                None => return Err(LookFault::Stuck),
            }
            let (frame, media_ms) = parts.picture(presented, aim_ms).await.ok_or(LookFault::Damaged)?;
            let (own_ms, duration_ms) = frame.media_times();
            let here_ms = parts.video.current_time() * 1000.0;
            // The picture's own word counts: it cannot belong to another picture.
            let time_ms = own_ms.or(media_ms).unwrap_or(here_ms);
            parts.last_ms.set(Some(time_ms));
            let shown = Shown {
                time_ms,
                duration_ms,
                // A browser goes no further than the end, which may be the very time of the last picture.
                ended: here_ms + 2.0 * AIM_MS < aim_ms,
            };
            Ok(Look { frame: CapturedFrame { frame, time_ms: shown.time_ms }, shown })
        }
    }
}

impl Parts {
    /// The picture after a seek, and its time where only the browser's word tells it.
    ///
    /// `seeked` may come before the picture: then the one from before the seek is still there. Another one is the new one.
    /// The same one may be either: the browser's word of a presented picture decides, if it cannot be a late one of the look
    /// before, and else whether the picture's own duration reaches to `aim_ms`.
    async fn picture(&self, presented: Presented, aim_ms: f64) -> Option<(FrameSource, Option<f64>)> {
        let mut frame = picture_of(&self.video, &self.bitmaps).await?;
        if self.is_new(&frame) {
            // Its word may still be on its way.
            self.owed.set(true);
            return Some((frame, None));
        }
        let mut word = presented.wait(if visibility::hidden() { 0 } else { PRESENTED_MS }).await;
        let mut certain = word.is_some() && !self.owed.replace(word.is_none());
        for _ in 0..TRIES {
            frame = picture_of(&self.video, &self.bitmaps).await?;
            if certain || self.is_new(&frame) || covers(&frame, aim_ms) {
                break;
            }
            if visibility::hidden() {
                pause(AGAIN_MS).await;
            } else {
                word = Presented::next(&self.video).wait(AGAIN_MS).await;
                certain = word.is_some();
            }
        }
        Some((frame, word))
    }

    /// Whether a picture is surely not that of the look before.
    fn is_new(&self, frame: &FrameSource) -> bool {
        match (frame.media_times(), self.last_ms.get()) {
            ((Some(time_ms), _), Some(last_ms)) => !same(time_ms, last_ms),
            _ => false,
        }
    }
}

/// Whether a picture is shown at a time by its own word; one that does not tell its duration is not.
fn covers(frame: &FrameSource, time_ms: f64) -> bool {
    match frame.media_times() {
        (Some(from_ms), Some(duration_ms)) => (from_ms..from_ms + duration_ms).contains(&time_ms),
        _ => false,
    }
}

impl Drop for Parts {
    fn drop(&mut self) {
        // The browser lets go of the decoder and of the file.
        let _ = self.video.remove_attribute("src");
        self.video.load();
    }
}

/// The first bytes of a file.
async fn head(file: &Blob) -> Result<Vec<u8>, ClipFault> {
    let fault = |error: JsValue| ClipFault::Unreadable(error_text(&error));
    let head = file.slice_with_f64_and_f64(0.0, f64::from(HEAD_BYTES)).map_err(fault)?;
    let bytes = JsFuture::from(head.array_buffer()).await.map_err(fault)?;
    Ok(Uint8Array::new(&bytes).to_vec())
}

async fn pause(ms: i32) {
    let mut timer = None;
    let rings = Promise::new(&mut |done: Function, _| {
        timer = Timer::new(ms, move || drop(done.call0(&JsValue::NULL)));
    });
    if timer.is_some() {
        // A promise that is only resolved does not fail.
        let _ = JsFuture::from(rings).await;
    }
}

/// The browser's word that the next picture of a video is there.
struct Presented {
    video: FrameVideo,
    request: Option<u32>,
    told: Promise,
    settle: Rc<RefCell<Option<Function>>>,
    _callback: Closure<dyn FnMut(f64, JsValue)>,
}

impl Presented {
    fn next(video: &HtmlVideoElement) -> Self {
        let video: FrameVideo = video.clone().unchecked_into();
        let settle = Rc::new(RefCell::new(None));
        let told = Promise::new(&mut |done, _| drop(settle.replace(Some(done))));
        let callback = Closure::<dyn FnMut(f64, JsValue)>::new({
            let settle = settle.clone();
            move |_, metadata: JsValue| {
                let media = Reflect::get(&metadata, &JsValue::from_str("mediaTime")).unwrap_or(JsValue::NULL);
                tell(&settle, &media);
            }
        });
        let tells = tells_pictures(&video);
        let request =
            tells.then(|| video.request_video_frame_callback(callback.as_ref().unchecked_ref::<Function>()));
        Self { video, request, told, settle, _callback: callback }
    }

    /// The picture's time in milliseconds; `None` where the browser does not tell within `limit_ms`.
    async fn wait(self, limit_ms: i32) -> Option<f64> {
        self.request?;
        let settle = self.settle.clone();
        let _limit = Timer::new(limit_ms, move || tell(&settle, &JsValue::NULL))?;
        let seconds = JsFuture::from(self.told.clone()).await.ok()?.as_f64()?;
        Some(seconds * 1000.0)
    }
}

/// Settle the promise, the first time.
fn tell(settle: &RefCell<Option<Function>>, value: &JsValue) {
    if let Some(settle) = settle.take() {
        // A promise's own function does not throw.
        let _ = settle.call1(&JsValue::NULL, value);
    }
}

impl Drop for Presented {
    fn drop(&mut self) {
        if let Some(request) = self.request {
            self.video.cancel_video_frame_callback(request);
        }
    }
}
