//! The turns of a camera's frames: one is taken from a video element, analysed and answered, then the next one; a timer notices
//! when none comes.
//!
//! What a reading means, and what is to be done where none comes, decides the activity: it hears each turn's end.

use std::cell::RefCell;
use std::rc::Rc;

use emotion_core::reading::FrameReading;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::HtmlVideoElement;

use crate::activity::frame::Frame;
use crate::protocol::Fault;
use crate::view::bad_frames::BadFrames;
use crate::view::frame_watch::FrameWatch;
use crate::view::runs::Runs;
use crate::web::capture::{CapturedFrame, FrameLoop};
use crate::web::clock;
use crate::web::listener::Interval;
use crate::web::worker_client::EngineFault;

/// So often it is asked whether the camera still gives frames, in milliseconds.
const WATCH_MS: i32 = 250;

/// How a turn ended.
pub enum Turned {
    /// A frame was read.
    Read(FrameReading),
    /// A second without a frame is over.
    NoFrame(Missing),
    /// The reading cannot go on: the engine is gone, or too many frames in a row could not be read. No turn follows.
    Failed(EngineFault),
}

/// A second without a frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Missing {
    /// When it was noticed, on the page's clock in milliseconds.
    pub page_ms: f64,
    /// For how long there has been no frame, in milliseconds.
    pub silent_ms: f64,
    /// It is the first of its kind: until now there were frames.
    pub first: bool,
}

type Tell = Rc<dyn Fn(Turned)>;

#[derive(Default)]
struct Parts {
    frames: Option<Rc<FrameLoop>>,
    /// The answer to a frame of an earlier run comes too late and is dropped.
    runs: Runs,
    bad_frames: BadFrames,
    /// Notices by time that the camera gives no frames; asked by the timer beside it.
    watch: Option<(FrameWatch, Interval)>,
    /// A frame is with the engine: the next one cannot come yet.
    waiting: bool,
    tell: Option<Tell>,
}

/// Handle of the service.
#[derive(Clone, Copy)]
pub struct Turns {
    frame: Frame,
    parts: StoredValue<Rc<RefCell<Parts>>, LocalStorage>,
}

impl Turns {
    pub fn new(frame: Frame) -> Self {
        Self { frame, parts: StoredValue::new_local(Rc::default()) }
    }

    /// Work with the parts; `work` must neither call the service nor drop a handle that may call back.
    fn with<T>(self, work: impl FnOnce(&mut Parts) -> T) -> T {
        let parts = self.parts.get_value();
        let mut parts = parts.borrow_mut();
        work(&mut parts)
    }

    /// Who hears how each turn ends.
    pub fn begin(self, tell: impl Fn(Turned) + 'static) {
        self.with(|parts| parts.tell = Some(Rc::new(tell)));
    }

    fn tell(self, turned: Turned) {
        if let Some(tell) = self.with(|parts| parts.tell.clone()) {
            tell(turned);
        }
    }

    /// Read the frames of a video element from now on.
    pub fn run(self, video: &HtmlVideoElement) {
        let frames = FrameLoop::start(video, move |frame| self.captured(frame));
        let ticks = Interval::new(WATCH_MS, move || self.watch_frames());
        let old = self.with(|parts| {
            parts.waiting = false;
            let watch = ticks.map(|ticks| (FrameWatch::new(clock::now_ms()), ticks));
            (parts.frames.replace(Rc::new(frames)), std::mem::replace(&mut parts.watch, watch))
        });
        drop(old);
    }

    /// Take no more frames and ignore the answer to the one on its way.
    pub fn halt(self) {
        let old = self.with(|parts| {
            parts.runs.begin();
            (parts.frames.take(), parts.watch.take())
        });
        drop(old);
    }

    /// How long no frame has come, in milliseconds; without a camera for ever.
    pub fn silent_ms(self) -> f64 {
        let now_ms = clock::now_ms();
        self.with(|parts| match &parts.watch {
            Some(_) if parts.waiting => 0.0,
            Some((watch, _)) => watch.silent_ms(now_ms),
            None => f64::INFINITY,
        })
    }

    fn captured(self, frame: CapturedFrame) {
        let run = self.with(|parts| parts.runs.now());
        let Some(engine) = self.frame.running_engine() else { return };
        self.with(|parts| {
            parts.waiting = true;
            if let Some((watch, _)) = &mut parts.watch {
                watch.frame(clock::now_ms());
            }
        });
        spawn_local(async move {
            let outcome = engine.analyse(frame).await;
            drop(engine);
            if self.with(|parts| parts.runs.is_over(run)) {
                return;
            }
            self.with(|parts| {
                parts.waiting = false;
                if let Some((watch, _)) = &mut parts.watch {
                    watch.frame(clock::now_ms());
                }
            });
            match outcome {
                Ok(reading) => {
                    self.with(|parts| parts.bad_frames.good());
                    self.tell(Turned::Read(reading));
                }
                // The answer to a frame from before a pause is still on its way.
                Err(EngineFault::Busy) => {}
                Err(EngineFault::Request(Fault::Frame(_))) if !self.with(|parts| parts.bad_frames.bad()) => {}
                Err(fault) => return self.tell(Turned::Failed(fault)),
            }
            if let Some(frames) = self.with(|parts| parts.frames.clone()) {
                frames.ready();
            }
        });
    }

    /// Asked by a timer, because no check may depend on a frame coming.
    fn watch_frames(self) {
        let page_ms = clock::now_ms();
        let missing = self.with(|parts| {
            let (watch, _) = parts.watch.as_mut().filter(|_| !parts.waiting)?;
            let due = watch.tick(page_ms);
            let silent_ms = watch.silent_ms(page_ms);
            due.sample_ms.map(|_| Missing { page_ms, silent_ms, first: due.changed.is_some() })
        });
        if let Some(missing) = missing {
            self.tell(Turned::NoFrame(missing));
        }
    }
}
