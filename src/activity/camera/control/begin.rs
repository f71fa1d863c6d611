//! The page is open, and the work begins: listeners, recovery, engine and camera.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::activity::camera::control::Controller;
use crate::view::camera::views::{Event, View};
use crate::web::listener::Listener;
use crate::web::{camera, visibility};

impl Controller {
    /// The page is open: look for an interrupted recording.
    pub fn begin(self) {
        // What no journal keeps is lost with the page; the rest is found again by the next one.
        let recording = self.state.recording;
        let leaving = Listener::before_leaving(&window(), move || {
            let unsaved =
                recording.with_untracked(|recording| recording.running || recording.waits_to_be_saved());
            unsaved && !self.has_journal()
        });
        let listeners = [
            leaving,
            visibility::on_change(move |hidden| self.visibility_changed(hidden)),
            camera::on_devices_changed(move || self.devices_changed()),
        ];
        self.with(|parts| parts.page_listeners.extend(listeners));
        Effect::new(move |_| {
            if self.frame.engines.get() > 0 {
                self.engine_changed();
            }
        });
        self.open_journal();
    }

    /// The page is sealed and the engine is starting: ask for the camera at the same time.
    pub fn enter(self) {
        self.event(Event::Ask);
        self.open_camera();
    }

    /// The person pressed try again, start again, or go on.
    pub fn ask_again(self) {
        self.event(Event::Ask);
        if self.view() != View::Asking {
            return;
        }
        self.open_camera();
        spawn_local(async move {
            // Where it fails the frame tells it.
            let _ = self.frame.engine().await;
        });
    }

    /// A new engine runs: it counts its faces from 1 again.
    fn engine_changed(self) {
        self.with(|parts| parts.measures.forget_everything());
        self.show_baselines();
        self.go_live();
    }
}
