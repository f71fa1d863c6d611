//! The one media element in which all videos of a study are shown: reused, so that a telephone that unlocked it once lets it play
//! again.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlVideoElement;

use crate::web::capture::FrameVideo;
use crate::web::clock;
use crate::web::listener::{Interval, Listener, error_name};

/// So often the time of a video is asked where the browser does not tell its pictures, in milliseconds.
const ASK_MS: i32 = 40;

/// What a playing video tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Played {
    /// A picture of `media_ms` is presented at `page_ms` of the page's clock.
    Picture { page_ms: f64, media_ms: f64 },
    /// It has come to its end, so far, in milliseconds.
    Ended { media_ms: f64 },
    /// It cannot be played.
    Failed,
}

/// How play began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    Playing,
    /// The browser wants a click first.
    Rejected,
    Failed,
}

/// Unlock an element, from within a click: play is asked for and taken back at once, so that nothing is heard.
pub fn unlock(video: &HtmlVideoElement) {
    if let Ok(asked) = video.play() {
        spawn_local(async move {
            // Taken back below: it is always rejected.
            let _ = JsFuture::from(asked).await;
        });
    }
    let _ = video.pause();
}

/// One showing of one video. Dropping it stops the video and empties the element.
#[must_use = "the video stops when this is dropped"]
pub struct Showing {
    video: HtmlVideoElement,
    _pictures: Pictures,
    _listeners: [Listener; 2],
}

impl Showing {
    /// Prepare to show what `url` leads to in `video`; nothing is played yet.
    pub fn new(video: &HtmlVideoElement, url: &str, tell: impl FnMut(Played) + 'static) -> Self {
        let tell: Tell = Rc::new(RefCell::new(tell));
        if video.src() != url {
            video.set_src(url);
        }
        video.set_current_time(0.0);
        let (ended, failed) = (tell.clone(), tell.clone());
        let at_end = video.clone();
        let listeners = [
            Listener::new(video, "ended", move |_| {
                hear(&ended, Played::Ended { media_ms: at_end.current_time() * 1_000.0 });
            }),
            Listener::new(video, "error", move |_| hear(&failed, Played::Failed)),
        ];
        Self { _pictures: Pictures::follow(video, tell), video: video.clone(), _listeners: listeners }
    }

    /// Play it from where it stands. The future does not borrow the showing.
    pub fn play(&self) -> impl Future<Output = Begun> + use<> {
        let asked = self.video.play();
        async move {
            let Ok(asked) = asked else { return Begun::Failed };
            match JsFuture::from(asked).await {
                Ok(_) => Begun::Playing,
                Err(error) => match error_name(&error).as_str() {
                    "NotAllowedError" => Begun::Rejected,
                    // The showing was ended while play began.
                    "AbortError" => Begun::Playing,
                    _ => Begun::Failed,
                },
            }
        }
    }

    /// How far it has come, in milliseconds.
    pub fn media_ms(&self) -> f64 {
        self.video.current_time() * 1_000.0
    }
}

impl Drop for Showing {
    fn drop(&mut self) {
        let _ = self.video.pause();
    }
}

type Tell = Rc<RefCell<dyn FnMut(Played)>>;

/// What the browser calls with the page's time and what is known of the picture; it asks for itself again.
type OnPicture = Rc<RefCell<Option<Closure<dyn FnMut(f64, JsValue)>>>>;

/// Tell, unless it is being told just now: from within itself nothing is heard.
fn hear(tell: &Tell, played: Played) {
    if let Ok(mut tell) = tell.try_borrow_mut() {
        tell(played);
    }
}

/// Tells each picture that is presented.
struct Pictures {
    video: FrameVideo,
    request: Rc<Cell<Option<u32>>>,
    callback: OnPicture,
    _asking: Option<Interval>,
}

impl Pictures {
    fn follow(video: &HtmlVideoElement, tell: Tell) -> Self {
        let frames: FrameVideo = video.clone().unchecked_into();
        let request = Rc::new(Cell::new(None));
        let callback = OnPicture::default();
        let tells = Reflect::get(video, &JsValue::from_str("requestVideoFrameCallback"))
            .is_ok_and(|function| function.is_instance_of::<Function>());
        if !tells {
            let (asked, mut before) = (video.clone(), -1.0);
            let asking = Interval::new(ASK_MS, move || {
                let media_ms = asked.current_time() * 1_000.0;
                if !asked.paused() && media_ms != before {
                    before = media_ms;
                    hear(&tell, Played::Picture { page_ms: clock::now_ms(), media_ms });
                }
            });
            return Self { video: frames, request, callback, _asking: asking };
        }
        let (again, next, weak) = (frames.clone(), request.clone(), Rc::downgrade(&callback));
        let on_picture = Closure::<dyn FnMut(f64, JsValue)>::new(move |now_ms, metadata: JsValue| {
            let number = |name: &str| Reflect::get(&metadata, &JsValue::from_str(name)).ok()?.as_f64();
            if let Some(callback) = weak.upgrade()
                && let Some(callback) = callback.borrow().as_ref()
            {
                next.set(Some(again.request_video_frame_callback(callback.as_ref().unchecked_ref())));
            }
            let page_ms = number("expectedDisplayTime").unwrap_or(now_ms);
            // Pictures that are loaded while the video stands are no showing.
            if let Some(media_ms) = number("mediaTime").map(|seconds| seconds * 1_000.0)
                && !again.paused()
            {
                hear(&tell, Played::Picture { page_ms, media_ms });
            }
        });
        request.set(Some(frames.request_video_frame_callback(on_picture.as_ref().unchecked_ref())));
        callback.replace(Some(on_picture));
        Self { video: frames, request, callback, _asking: None }
    }
}

impl Drop for Pictures {
    fn drop(&mut self) {
        if let Some(id) = self.request.take() {
            self.video.cancel_video_frame_callback(id);
        }
        // From within its own call the closure must not be dropped.
        let callback = self.callback.take();
        spawn_local(async move { drop(callback) });
    }
}
