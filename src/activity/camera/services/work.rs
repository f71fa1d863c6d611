//! What happens while the camera's page works: leads from one view to the next, and lets camera, reader and recorder play
//! together. Each of the three has its own state; here is only who does what when.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::activity::camera::services::camera::{self, CameraService};
use crate::activity::camera::services::reader::{self, Reader};
use crate::activity::camera::services::recorder::Recorder;
use crate::activity::frame::Frame;
use crate::view::camera::views::{Event, View, next};
use crate::view::pause::Pause;
use crate::view::runs::Runs;
use crate::view::usage::Usage;
use crate::web::camera::CameraFault;
use crate::web::listener::Listener;
use crate::web::visibility;

#[derive(Default)]
struct Parts {
    pause: Pause,
    /// What was begun before the frames last stopped comes too late.
    runs: Runs,
    /// Live as long as the page.
    listeners: Vec<Listener>,
}

/// Handle of the work.
#[derive(Clone, Copy)]
pub struct Work {
    /// What is shown: the phase of the activity, or within its work [`Work::working`].
    pub view: Memo<View>,
    pub working: RwSignal<View>,
    frame: Frame,
    camera: CameraService,
    reader: Reader,
    recorder: Recorder,
    parts: StoredValue<Rc<RefCell<Parts>>, LocalStorage>,
}

impl Work {
    pub fn new(frame: Frame, camera: CameraService, reader: Reader, recorder: Recorder) -> Self {
        let working = RwSignal::new(View::Asking);
        let refused = move || frame.usage.get().is_some_and(|usage| !Usage::allowed(usage));
        let view = Memo::new(move |_| View::of(frame.phase.get(), refused(), working.get()));
        let parts = StoredValue::new_local(Rc::default());
        Self { view, working, frame, camera, reader, recorder, parts }
    }

    /// Work with the parts; `work` must not call back.
    fn with<T>(self, work: impl FnOnce(&mut Parts) -> T) -> T {
        let parts = self.parts.get_value();
        let mut parts = parts.borrow_mut();
        work(&mut parts)
    }

    /// The page is open: hear what happens.
    pub fn begin(self) {
        self.camera.begin(move |told| match told {
            camera::Told::Opened => self.go_live_afresh(),
            camera::Told::Failed(fault) => self.camera_failed(&fault),
            camera::Told::Ended => self.camera_ended(),
        });
        self.reader.begin(move |told| match told {
            reader::Told::Samples(samples) => self.recorder.record(&samples),
            reader::Told::Settings => self.recorder.note(&self.reader.settings()),
            reader::Told::Failed(sentence) => self.frame.fail(sentence),
        });
        self.recorder.begin();
        let listeners = [
            Listener::before_leaving(&window(), move || self.recorder.would_be_lost()),
            visibility::on_change(move |hidden| self.visibility_changed(hidden)),
        ];
        self.with(|parts| parts.listeners.extend(listeners));
        Effect::new(move |_| {
            if self.frame.engines.get() > 0 {
                self.reader.forget_everything();
                self.go_live();
            }
        });
    }

    /// The page is sealed and the engine is starting: ask for the camera at the same time.
    pub fn enter(self) {
        self.event(Event::Ask);
        self.open_camera();
    }

    /// The person pressed try again, start again, or go on.
    pub fn ask_again(self) {
        self.event(Event::Ask);
        if self.working.get_untracked() != View::Asking {
            return;
        }
        self.open_camera();
        spawn_local(async move {
            // Where it fails the frame tells it.
            let _ = self.frame.engine().await;
        });
    }

    /// The work has failed: let go of the camera.
    pub fn leave(self) {
        self.recorder.stop(&self.reader.settings());
        self.close_camera();
    }

    /// Switch the camera off; a recording ends and waits to be saved.
    pub fn stop(self) {
        self.recorder.stop(&self.reader.settings());
        self.event(Event::Stop);
        self.close_camera();
        self.reader.forget_faces();
        self.reader.clear_timeline();
    }

    pub fn toggle_recording(self) {
        if self.recorder.is_running() {
            self.recorder.stop(&self.reader.settings());
        } else if self.recorder.start(self.frame.models(), &self.reader.settings()) {
            self.reader.restart_clock();
        }
    }

    pub fn choose_camera(self, id: String) {
        self.camera.chosen.set(id);
        if self.working.get_untracked() == View::Live {
            self.reader.forget_faces();
            self.open_camera();
        }
    }

    pub fn toggle_pause(self) {
        match self.working.get_untracked() {
            View::Live => {
                self.event(Event::Pause);
                self.pause_frames();
                self.camera.freeze();
                self.recorder.flush();
            }
            View::Paused => {
                self.event(Event::Continue);
                self.frame.announcement.set("The reading goes on.".to_owned());
                self.resume_frames();
            }
            _ => {}
        }
    }

    /// Something happened: go to the view that follows.
    fn event(self, event: Event) {
        let now = self.working.get_untracked();
        let then = next(now, event);
        if then != now {
            self.working.set(then);
        }
    }

    fn open_camera(self) {
        self.halt();
        self.camera.open();
    }

    fn close_camera(self) {
        self.halt();
        self.camera.close();
    }

    fn halt(self) {
        self.with(|parts| parts.runs.begin());
        self.reader.halt();
        self.recorder.pause();
    }

    fn camera_failed(self, fault: &CameraFault) {
        self.recorder.stop(&self.reader.settings());
        match fault {
            CameraFault::Denied => self.event(Event::CameraDenied),
            CameraFault::NotFound => self.event(Event::CameraMissing),
            CameraFault::Busy => self.event(Event::CameraBusy),
            CameraFault::Insecure | CameraFault::Unsupported => self.frame.unsupported(fault.to_string()),
            CameraFault::Other(_) => self.frame.fail(fault.to_string()),
        }
    }

    fn camera_ended(self) {
        self.event(Event::CameraEnded);
        self.recorder.flush();
        // Not from within the listener that is dropped here.
        spawn_local(async move {
            self.close_camera();
            self.camera.renew_list();
        });
    }

    /// With both camera and engine there, show the picture and read frames.
    fn go_live(self) {
        if !self.camera.is_open() || self.frame.running_engine().is_none() {
            return;
        }
        let run = self.with(|parts| parts.runs.now());
        self.event(Event::Ready);
        spawn_local(async move {
            let attached = self.camera.attach().await;
            if self.with(|parts| parts.runs.is_over(run)) {
                return;
            }
            let video = match attached {
                Ok(Some(video)) => video,
                Ok(None) => return,
                Err(fault) => return self.camera_failed(&fault),
            };
            if visibility::hidden() {
                self.event(Event::TabHidden);
            }
            if self.view.get_untracked() == View::Live {
                self.recorder.resume();
                self.reader.run(&video);
            }
        });
    }

    /// As [`Work::go_live`] where the faces may be others: all get new numbers.
    fn go_live_afresh(self) {
        self.reader.forget_faces();
        let engine = self.frame.running_engine();
        let run = self.with(|parts| parts.runs.now());
        spawn_local(async move {
            let outcome = match engine {
                Some(engine) => engine.forget().await,
                None => Ok(()),
            };
            if self.with(|parts| parts.runs.is_over(run)) {
                return;
            }
            match outcome {
                Ok(()) => self.go_live(),
                Err(fault) => self.frame.fail(fault.to_string()),
            }
        });
    }

    /// Take no more frames for a while: the camera stays on.
    fn pause_frames(self) {
        self.halt();
        if !self.camera.is_open() {
            // One that is being opened is opened again after the pause.
            self.camera.close();
        }
        self.with(|parts| parts.pause.begin(js_sys::Date::now()));
    }

    /// Go on after a pause. After a short one the engine still knows the faces, and one that is where it was keeps its number
    /// and its neutral face.
    fn resume_frames(self) {
        let same_faces = self.with(|parts| parts.pause.end(js_sys::Date::now()));
        if !self.camera.is_open() {
            // Another one was being opened when the pause came.
            self.open_camera();
        } else if same_faces {
            self.go_live();
        } else {
            self.go_live_afresh();
        }
    }

    fn visibility_changed(self, hidden: bool) {
        match (self.view.get_untracked(), hidden) {
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
            self.recorder.flush();
        }
    }
}
