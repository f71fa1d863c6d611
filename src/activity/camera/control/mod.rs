//! The controller: owns the camera, the frame loop, the measures and the recording, and writes
//! the signals of [`State`]. Components call its methods.
//!
//! Its parts are handles that stop on drop: to stop something is to take it out of [`Parts`].

mod begin;
mod calibrating;
mod camera;
mod frames;
mod measures;
mod recording;

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;

use crate::activity::camera::control::measures::Measures;
use crate::activity::camera::control::recording::Records;
use crate::activity::camera::state::State;
use crate::activity::frame::Frame;
use crate::view::camera::views::{Event, View, next};
use crate::view::pause::Pause;
use crate::view::speed::Speed;
use crate::web::camera::Camera;
use crate::web::capture::FrameLoop;
use crate::web::listener::Listener;

/// What the page holds while it runs.
#[derive(Default)]
struct Parts {
    camera: Option<Rc<Camera>>,
    /// Listeners at the camera in use.
    camera_listeners: Vec<Listener>,
    frames: Option<Rc<FrameLoop>>,
    /// Listeners that live as long as the page.
    page_listeners: Vec<Listener>,
    /// Counts up whenever frames stop: answers and cameras of an earlier run come too late and are dropped.
    run: u64,
    /// Frames in a row that the engine could not read.
    bad_frames: u32,
    measures: Measures,
    pause: Pause,
    records: Records,
    speed: Speed,
    /// When the slower signals were last written, in milliseconds of the frames' clock.
    summary_ms: f64,
    timeline_ms: f64,
    speed_ms: f64,
    /// Since when the shown face has had no usable reading, and whether that was announced.
    silent_since_ms: Option<f64>,
    silence_announced: bool,
}

#[derive(Clone, Copy)]
pub struct Controller {
    frame: Frame,
    state: State,
    parts: StoredValue<Rc<RefCell<Parts>>, LocalStorage>,
}

impl Controller {
    pub fn new(frame: Frame, state: State) -> Self {
        Self { frame, state, parts: StoredValue::new_local(Rc::default()) }
    }

    /// Work with the parts; `work` must neither call the controller nor drop a handle that may call back.
    fn with<T>(self, work: impl FnOnce(&mut Parts) -> T) -> T {
        let parts = self.parts.get_value();
        let mut parts = parts.borrow_mut();
        work(&mut parts)
    }

    fn view(self) -> View {
        self.state.view.get_untracked()
    }

    /// Something happened: go to the view that follows.
    fn event(self, event: Event) {
        let now = self.state.working.get_untracked();
        let then = next(now, event);
        if then != now {
            self.state.working.set(then);
        }
    }

    /// Say why the work cannot go on.
    fn fail(self, sentence: String) {
        self.frame.fail(sentence);
    }

    /// The work has failed: let go of the camera.
    pub fn leave(self) {
        self.stop_recording();
        self.close_camera();
    }

    /// Show the gauges of `face`.
    pub fn choose_face(self, face: u32) {
        self.with(|parts| parts.measures.choose_face(face));
        self.state.summary.update(|summary| summary.face = Some(face));
    }

    /// Set the smoothing time in seconds, 0..=2.
    pub fn set_smoothing(self, seconds: f64) {
        let seconds = seconds.clamp(0.0, 2.0);
        self.state.smoothing_s.set(seconds);
        self.with(|parts| parts.measures.set_smoothing(seconds * 1000.0));
        self.journal_session();
    }
}
