//! Frames of a playing video, one at a time: the next is taken only when the last has been dealt with.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlVideoElement, ImageBitmap, VideoFrame};

/// One picture of the video.
#[must_use = "a frame holds a buffer of the camera until it is sent or dropped"]
pub struct CapturedFrame {
    pub frame: FrameSource,
    /// When the camera captured it, in milliseconds of `performance.now()`; where the browser does not tell,
    /// when it was presented.
    pub time_ms: f64,
}

/// The picture itself, not copied yet. Closed when it is dropped, unless it was transferred before.
pub enum FrameSource {
    Video(VideoFrame),
    Bitmap(ImageBitmap),
}

impl FrameSource {
    pub fn as_js(&self) -> &JsValue {
        match self {
            FrameSource::Video(frame) => frame.as_ref(),
            FrameSource::Bitmap(bitmap) => bitmap.as_ref(),
        }
    }

    /// The picture's own time in the video and how long it is shown, in milliseconds, where the browser tells.
    pub(super) fn media_times(&self) -> (Option<f64>, Option<f64>) {
        let FrameSource::Video(frame) = self else { return (None, None) };
        let number = |name: &str| Reflect::get(frame, &JsValue::from_str(name)).ok()?.as_f64();
        let milliseconds = |name: &str| number(name).map(|microseconds| microseconds / 1000.0);
        (milliseconds("timestamp"), milliseconds("duration").filter(|duration| *duration > 0.0))
    }
}

impl Drop for FrameSource {
    fn drop(&mut self) {
        // Closing what was transferred or closed before does nothing.
        match self {
            FrameSource::Video(frame) => frame.close(),
            FrameSource::Bitmap(bitmap) => bitmap.close(),
        }
    }
}

// requestVideoFrameCallback is not in web-sys.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = HtmlVideoElement)]
    #[derive(Clone)]
    pub(super) type FrameVideo;
    #[wasm_bindgen(method, js_name = requestVideoFrameCallback)]
    pub(super) fn request_video_frame_callback(this: &FrameVideo, callback: &Function) -> u32;
    #[wasm_bindgen(method, js_name = cancelVideoFrameCallback)]
    pub(super) fn cancel_video_frame_callback(this: &FrameVideo, id: u32);
}

/// Watches a video for new pictures until it is dropped.
#[must_use = "the loop ends when this is dropped"]
pub struct FrameLoop {
    state: Rc<State>,
    _on_picture: Closure<dyn FnMut(f64, JsValue)>,
}

struct State {
    video: FrameVideo,
    /// The callback that the browser calls for each picture; owned by the loop's handle.
    callback: RefCell<Option<Function>>,
    on_frame: RefCell<Box<dyn FnMut(CapturedFrame)>>,
    /// The browser's `requestVideoFrameCallback`, or its animation frames.
    per_picture: bool,
    request: Cell<Option<u32>>,
    in_flight: Cell<bool>,
    /// Capture time of the newest picture, and of the last one that was taken.
    newest_ms: Cell<f64>,
    taken_ms: Cell<f64>,
    /// VideoFrame of a video is known to fail here: take an ImageBitmap.
    bitmaps: Cell<bool>,
}

impl FrameLoop {
    /// Call `on_frame` with a picture of `video`; then with the newest one after each call of
    /// [`FrameLoop::ready`]. While the page is hidden there are no pictures.
    pub fn start(video: &HtmlVideoElement, on_frame: impl FnMut(CapturedFrame) + 'static) -> Self {
        let state = Rc::new(State {
            video: video.clone().unchecked_into(),
            callback: RefCell::new(None),
            on_frame: RefCell::new(Box::new(on_frame)),
            per_picture: tells_pictures(video),
            request: Cell::new(None),
            in_flight: Cell::new(false),
            newest_ms: Cell::new(f64::NEG_INFINITY),
            taken_ms: Cell::new(f64::NEG_INFINITY),
            bitmaps: Cell::new(lacks_video_frames()),
        });
        let weak = Rc::downgrade(&state);
        let on_picture = Closure::<dyn FnMut(f64, JsValue)>::new(move |now_ms, metadata| {
            if let Some(state) = weak.upgrade() {
                state.picture(now_ms, &metadata);
            }
        });
        state.callback.replace(Some(on_picture.as_ref().unchecked_ref::<Function>().clone()));
        state.wait();
        Self { state, _on_picture: on_picture }
    }

    /// The last frame has been dealt with: the next may come.
    pub fn ready(&self) {
        self.state.in_flight.set(false);
        let weak = Rc::downgrade(&self.state);
        // Not from within the caller, who may hold what `on_frame` wants to borrow.
        spawn_local(async move { take(&weak).await });
    }
}

impl Drop for FrameLoop {
    fn drop(&mut self) {
        self.state.callback.replace(None);
        let Some(id) = self.state.request.take() else { return };
        if self.state.per_picture {
            self.state.video.cancel_video_frame_callback(id);
        } else if let Some(window) = web_sys::window() {
            let _ = window.cancel_animation_frame(id as i32);
        }
    }
}

impl State {
    /// Have the browser call again for the next picture.
    fn wait(&self) {
        let Some(callback) = self.callback.borrow().clone() else { return };
        let id = if self.per_picture {
            Some(self.video.request_video_frame_callback(&callback))
        } else {
            web_sys::window()
                .and_then(|window| window.request_animation_frame(&callback).ok())
                .map(|id| id as u32)
        };
        self.request.set(id);
    }

    fn picture(self: &Rc<Self>, now_ms: f64, metadata: &JsValue) {
        self.wait();
        let time_ms = capture_time(metadata).unwrap_or(now_ms);
        if time_ms > self.newest_ms.get() {
            self.newest_ms.set(time_ms);
        }
        let weak = Rc::downgrade(self);
        spawn_local(async move { take(&weak).await });
    }
}

/// Take the newest picture, if one is wanted and it was not taken before.
async fn take(state: &Weak<State>) {
    let Some(state) = state.upgrade() else { return };
    let time_ms = state.newest_ms.get();
    let shows = state.video.ready_state() >= 2 && state.video.video_width() > 0;
    if state.in_flight.get() || time_ms <= state.taken_ms.get() || !shows {
        return;
    }
    state.in_flight.set(true);
    state.taken_ms.set(time_ms);
    let frame = picture_of(&state.video, &state.bitmaps).await;
    // The loop may have been dropped while the bitmap was made.
    if state.callback.borrow().is_none() {
        return;
    }
    match frame {
        Some(frame) => {
            if let Ok(mut on_frame) = state.on_frame.try_borrow_mut() {
                on_frame(CapturedFrame { frame, time_ms });
            }
        }
        // No picture could be had, right after a change of the camera for example: wait for the next.
        None => state.in_flight.set(false),
    }
}

/// Whether the browser calls for each picture of a video.
pub(super) fn tells_pictures(video: &HtmlVideoElement) -> bool {
    has(video, "requestVideoFrameCallback")
}

/// Whether the browser has no VideoFrame, the picture with the least copying.
pub(super) fn lacks_video_frames() -> bool {
    !has(&js_sys::global(), "VideoFrame")
}

fn has(object: &JsValue, name: &str) -> bool {
    Reflect::has(object, &JsValue::from_str(name)).unwrap_or(false)
}

/// The picture that a video shows now; `None` where there is none. `bitmaps`: VideoFrame is known to fail here, so that an
/// ImageBitmap is taken.
pub(super) async fn picture_of(video: &HtmlVideoElement, bitmaps: &Cell<bool>) -> Option<FrameSource> {
    if !bitmaps.get() {
        match VideoFrame::new_with_html_video_element(video) {
            Ok(frame) => return Some(FrameSource::Video(frame)),
            Err(_) => bitmaps.set(true),
        }
    }
    let promise = web_sys::window()?.create_image_bitmap_with_html_video_element(video).ok()?;
    let bitmap = JsFuture::from(promise).await.ok()?;
    Some(FrameSource::Bitmap(bitmap.unchecked_into()))
}

/// Milliseconds of `performance.now()` at which the camera captured the picture, else at which the browser
/// presented it; `None` where there is no metadata.
fn capture_time(metadata: &JsValue) -> Option<f64> {
    if !metadata.is_object() {
        return None;
    }
    ["captureTime", "presentationTime"]
        .iter()
        .find_map(|name| Reflect::get(metadata, &JsValue::from_str(name)).ok()?.as_f64())
}
