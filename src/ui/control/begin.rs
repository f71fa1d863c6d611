//! From opening the page to a ready engine: support, loading, recovery, the start.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::ui::control::Controller;
use crate::ui::state::Loading;
use crate::view::state::{Event, View};
use crate::view::usage::Usage;
use crate::web::asset_list::Activity;
use crate::web::assets::Assets;
use crate::web::listener::Listener;
use crate::web::{camera, chosen_use, seal, support, visibility};

impl Controller {
    /// The page is open: see what the browser can do, load the engine, look for an interrupted recording.
    pub fn begin(self) {
        if let Some(sentence) = support::missing(Activity::Live) {
            self.state.fault.set(sentence);
            self.event(Event::Unsupported);
            return;
        }
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
        if let Some(usage) = chosen_use::recalled() {
            self.choose_usage(usage);
        }
        self.load();
        self.open_journal();
    }

    /// Load the engine and its models, unless that is done or under way.
    pub fn load(self) {
        let needed =
            self.with(|parts| parts.assets.is_none() && !std::mem::replace(&mut parts.loading, true));
        if !needed {
            return;
        }
        self.state.loading.set(Loading::Bytes { loaded: 0, total: 0 });
        spawn_local(async move {
            let outcome = Assets::load(Activity::Live, move |progress| {
                self.state
                    .loading
                    .set(Loading::Bytes { loaded: progress.loaded_bytes, total: progress.total_bytes });
            })
            .await;
            self.with(|parts| parts.loading = false);
            match outcome {
                Ok(assets) => {
                    self.with(|parts| parts.assets = Some(assets));
                    let total = match self.state.loading.get_untracked() {
                        Loading::Bytes { total, .. } | Loading::Ready { total } => total,
                        Loading::Failed { .. } => 0,
                    };
                    self.state.loading.set(Loading::Ready { total });
                    if self.view() == View::Loading {
                        self.open();
                    }
                }
                Err(fault) => {
                    let sentence = fault.to_string();
                    self.state.loading.set(Loading::Failed { sentence: sentence.clone() });
                    self.state.fault.set(sentence);
                    self.event(Event::Failed);
                }
            }
        });
    }

    /// The person pressed start, start again, retry or go on.
    pub fn start(self) {
        if !self.state.usage.get_untracked().is_some_and(Usage::allowed) {
            return;
        }
        self.event(Event::Start);
        if !matches!(self.view(), View::Loading | View::Asking) {
            return;
        }
        if self.with(|parts| parts.assets.is_some()) {
            self.open();
        } else {
            self.load();
        }
    }

    /// Everything is loaded: seal the page, then start the engine and ask for the camera at the same time.
    fn open(self) {
        if let Err(fault) = seal::seal() {
            self.fail(fault.to_string());
            return;
        }
        self.state.sealed.set(true);
        self.event(Event::Loaded);
        self.start_engine();
        self.open_camera();
    }
}
