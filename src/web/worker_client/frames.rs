//! Frames on their way to the worker, a few at a time.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::{EngineFault, FRAME_SECONDS, Link, Outcome};
use crate::protocol::{Fault, Request};
use crate::web::capture::{CapturedFrame, FrameSource};
use crate::web::listener::error_text;
use crate::web::pending::Answer;

/// A turn; given back where it comes to no request.
pub(super) struct Reserved {
    link: Rc<Link>,
    sent: Cell<bool>,
}

/// What came of sending a frame.
pub(super) enum Begun {
    Sent(Answer<Outcome>),
    /// This browser makes VideoFrames but does not transfer them.
    NotTransferred(FrameSource, f64),
}

impl Reserved {
    pub fn new(link: &Rc<Link>) -> Result<Self, EngineFault> {
        if !link.state.borrow_mut().turns.reserve() {
            return Err(EngineFault::Busy);
        }
        Ok(Self { link: link.clone(), sent: Cell::new(false) })
    }

    pub fn begin(&self, frame: CapturedFrame) -> Result<Begun, EngineFault> {
        let CapturedFrame { frame, time_ms } = frame;
        match self.send(&frame, time_ms) {
            Ok(answer) => Ok(Begun::Sent(answer)),
            Err(EngineFault::Start(_)) if matches!(frame, FrameSource::Video(_)) => {
                Ok(Begun::NotTransferred(frame, time_ms))
            }
            Err(fault) => Err(fault),
        }
    }

    pub async fn send_bitmap(
        &self,
        source: &FrameSource,
        time_ms: f64,
    ) -> Result<Answer<Outcome>, EngineFault> {
        let bitmap = bitmap(source).await;
        let bitmap = bitmap.map_err(|error| EngineFault::Request(Fault::Frame(error_text(&error))))?;
        self.send(&bitmap, time_ms)
    }

    fn send(&self, source: &FrameSource, time_ms: f64) -> Result<Answer<Outcome>, EngineFault> {
        let request = move |id| Request::Analyse { id, time_ms };
        let answer = self.link.send(request, source.as_js(), &Array::of1(source.as_js()), FRAME_SECONDS)?;
        self.sent.set(true);
        Ok(answer)
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        if !self.sent.get() {
            self.link.state.borrow_mut().turns.abandon();
        }
    }
}

async fn bitmap(source: &FrameSource) -> Result<FrameSource, JsValue> {
    let window = web_sys::window().ok_or("there is no window")?;
    let promise: js_sys::Promise = match source {
        FrameSource::Video(frame) => window.create_image_bitmap_with_video_frame(frame)?.unchecked_into(),
        FrameSource::Bitmap(bitmap) => window.create_image_bitmap_with_image_bitmap(bitmap)?,
    };
    Ok(FrameSource::Bitmap(JsFuture::from(promise).await?.unchecked_into()))
}
