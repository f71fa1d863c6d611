//! The camera's life: opened, shown, paused, lost, found again, stopped.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::{spawn_local, tick};
use web_sys::HtmlVideoElement;

use crate::activity::camera::control::Controller;
use crate::activity::camera::state::{CameraItem, Summary};
use crate::view::camera::views::{Event, View};
use crate::web::camera::{self, Camera, CameraFault};
use crate::web::capture::FrameLoop;
use crate::web::visibility;

/// The view is there after a tick or two of the executor; it never comes where it was left meanwhile.
const MOST_TICKS: u32 = 100;

impl Controller {
    /// Ask for the camera that was last in use, or else for any.
    pub(super) fn open_camera(self) {
        self.close_camera();
        let run = self.with(|parts| parts.run);
        let wanted = self.state.camera.get_untracked();
        spawn_local(async move {
            let mut opened = match wanted.as_str() {
                "" => Camera::open(None).await,
                id => Camera::open(Some(id)).await,
            };
            // The one from before is gone: any other will do.
            if !wanted.is_empty() && matches!(opened, Err(CameraFault::NotFound)) {
                opened = Camera::open(None).await;
            }
            if self.with(|parts| parts.run) != run {
                // Stopped in the meantime; dropping the camera switches it off.
                return;
            }
            match opened {
                Ok(camera) => self.camera_opened(camera),
                Err(fault) => self.camera_failed(&fault),
            }
        });
    }

    fn camera_opened(self, camera: Camera) {
        let mut listeners = vec![camera.on_ended(move || self.camera_ended())];
        listeners.extend(camera.on_muted(move |muted| self.state.camera_muted.set(muted)));
        self.state.camera.set(camera.device_id());
        self.state.camera_back.set(false);
        self.state.camera_allowed.set(true);
        self.state.camera_muted.set(false);
        self.with(|parts| {
            parts.camera = Some(Rc::new(camera));
            parts.camera_listeners = listeners;
        });
        self.devices_changed();
        self.go_live_afresh();
    }

    fn camera_failed(self, fault: &CameraFault) {
        self.stop_recording();
        match fault {
            CameraFault::Denied => self.event(Event::CameraDenied),
            CameraFault::NotFound => self.event(Event::CameraMissing),
            CameraFault::Busy => self.event(Event::CameraBusy),
            CameraFault::Insecure | CameraFault::Unsupported => {
                self.frame.unsupported(fault.to_string());
            }
            CameraFault::Other(_) => self.fail(fault.to_string()),
        }
    }

    /// With both camera and engine there, show the picture and read frames.
    pub(super) fn go_live(self) {
        let (run, camera) = self.with(|parts| (parts.run, parts.camera.clone()));
        let Some(camera) = camera.filter(|_| self.frame.running_engine().is_some()) else { return };
        self.event(Event::Ready);
        spawn_local(async move {
            let Some(video) = self.video().await else { return };
            if let Err(fault) = camera.attach(&video).await {
                if self.with(|parts| parts.run) == run {
                    self.camera_failed(&fault);
                }
                return;
            }
            drop(camera);
            if self.with(|parts| parts.run) != run {
                return;
            }
            if visibility::hidden() {
                self.event(Event::TabHidden);
            }
            if self.view() == View::Live {
                self.run_frames();
            }
        });
    }

    /// The video element: it is in the document when the view's effects have run.
    async fn video(self) -> Option<HtmlVideoElement> {
        for _ in 0..MOST_TICKS {
            if let Some(video) = self.state.video.get_untracked() {
                return Some(video);
            }
            tick().await;
        }
        None
    }

    fn run_frames(self) {
        let Some(video) = self.state.video.get_untracked() else { return };
        let frames = FrameLoop::start(&video, move |frame| self.frame_captured(frame));
        let old = self.with(|parts| parts.frames.replace(Rc::new(frames)));
        drop(old);
    }

    /// Take no more frames and ignore the answer to the one on its way.
    fn halt_frames(self) {
        let frames = self.with(|parts| {
            parts.run += 1;
            parts.speed.clear();
            parts.frames.take()
        });
        drop(frames);
        self.cancel_calibration();
        self.state.speed.set(None);
        self.show_nothing();
    }

    /// Grey gauges: there is no reading now.
    fn show_nothing(self) {
        self.state.depths.set(None);
        self.state.summary.set(Summary::default());
        self.state.faces.update(|faces| faces.faces.clear());
    }

    /// Take no more frames for a while: the camera stays on.
    fn pause_frames(self) {
        self.halt_frames();
        self.with(|parts| parts.pause.begin(js_sys::Date::now()));
    }

    /// Go on after a pause. After a short one the engine still knows the faces, and one that is where it was keeps its number
    /// and its neutral face.
    fn resume_frames(self) {
        let same_faces = self.with(|parts| parts.pause.end(js_sys::Date::now()));
        if self.with(|parts| parts.camera.is_none()) {
            // Another one was being opened when the pause came.
            self.open_camera();
        } else if same_faces {
            self.go_live();
        } else {
            self.go_live_afresh();
        }
    }

    /// As [`Controller::go_live`] where the faces may be others: all get new numbers.
    fn go_live_afresh(self) {
        self.with(|parts| parts.measures.forget_faces());
        let engine = self.frame.running_engine();
        let run = self.with(|parts| parts.run);
        spawn_local(async move {
            let outcome = match engine {
                Some(engine) => engine.forget().await,
                None => Ok(()),
            };
            if self.with(|parts| parts.run) != run {
                return;
            }
            match outcome {
                Ok(()) => self.go_live(),
                Err(fault) => self.fail(fault.to_string()),
            }
        });
    }

    /// Switch the camera off and take no more frames.
    pub(super) fn close_camera(self) {
        self.halt_frames();
        let (camera, listeners) =
            self.with(|parts| (parts.camera.take(), std::mem::take(&mut parts.camera_listeners)));
        // First the listeners: the page itself ends the track.
        drop(listeners);
        drop(camera);
        self.state.camera_allowed.set(false);
    }

    fn camera_ended(self) {
        self.event(Event::CameraEnded);
        self.flush_journal();
        // Not from within the listener that is dropped here.
        spawn_local(async move {
            self.close_camera();
            self.devices_changed();
        });
    }

    /// Cameras came or went: renew the choice.
    pub(super) fn devices_changed(self) {
        spawn_local(async move {
            let cameras = camera::list().await;
            let wanted = self.state.camera.get_untracked();
            let back = cameras.iter().any(|camera| camera.id == wanted || wanted.is_empty());
            self.state.camera_back.set(self.view() == View::Unplugged && back);
            let items = cameras.into_iter().map(|camera| CameraItem { id: camera.id, label: camera.label });
            self.state.cameras.set(items.collect());
        });
    }

    pub fn choose_camera(self, id: String) {
        self.state.camera.set(id);
        if self.view() == View::Live {
            self.with(|parts| parts.measures.forget_faces());
            self.open_camera();
        }
    }

    pub fn toggle_pause(self) {
        match self.view() {
            View::Live => {
                self.event(Event::Pause);
                self.pause_frames();
                if let Some(video) = self.state.video.get_untracked() {
                    // An element that does not play cannot be paused: then nothing is to be done.
                    let _ = video.pause();
                }
                self.flush_journal();
            }
            View::Paused => {
                self.event(Event::Continue);
                self.state.announcement.set("The reading goes on.".to_owned());
                self.resume_frames();
            }
            _ => {}
        }
    }

    /// Switch the camera off; a recording ends and waits to be saved.
    pub fn stop(self) {
        self.stop_recording();
        self.event(Event::Stop);
        self.close_camera();
        self.with(|parts| parts.measures.forget_faces());
        self.state.timeline.update_value(|timeline| timeline.clear());
    }

    pub(super) fn visibility_changed(self, hidden: bool) {
        match (self.view(), hidden) {
            (View::Live, true) => {
                self.event(Event::TabHidden);
                self.pause_frames();
            }
            (View::Hidden, false) => {
                self.event(Event::TabShown);
                self.resume_frames();
            }
            _ => {}
        }
        if hidden {
            self.flush_journal();
        }
    }
}
