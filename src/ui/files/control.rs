//! Loads the engine, seals the page and keeps the engine running, for the activities that read files.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::ui::control::models;
use crate::ui::files::{FilesState, View};
use crate::ui::state::Loading;
use crate::view::usage::Usage;
use crate::web::asset_list::Activity;
use crate::web::assets::Assets;
use crate::web::listener::Listener;
use crate::web::worker_client::{EngineClient, EngineFault};
use crate::web::{chosen_use, seal, support};
use emotion_record::session::Models;

#[derive(Default)]
struct Parts {
    assets: Option<Assets>,
    loading: bool,
    engine: Option<Rc<EngineClient>>,
    /// Counts up when the engine is stopped: one that was being started then is not kept.
    stops: u64,
    /// What keeps the page from being left by accident.
    guards: Vec<Listener>,
}

#[derive(Clone, Copy)]
pub struct FilesControl {
    pub state: FilesState,
    pub activity: Activity,
    parts: StoredValue<Rc<RefCell<Parts>>, LocalStorage>,
}

impl FilesControl {
    pub fn new(activity: Activity) -> Self {
        Self { state: FilesState::new(), activity, parts: StoredValue::new_local(Rc::default()) }
    }

    /// Work with the parts; `work` must not call the controller.
    fn with<T>(self, work: impl FnOnce(&mut Parts) -> T) -> T {
        let parts = self.parts.get_value();
        let mut parts = parts.borrow_mut();
        work(&mut parts)
    }

    /// The page is open: see what the browser can do, and load the engine.
    pub fn begin(self) {
        if let Some(sentence) = support::missing(self.activity) {
            self.state.fault.set(sentence);
            self.state.view.set(View::Unsupported);
            return;
        }
        self.guard();
        self.state.usage.set(chosen_use::recalled());
        self.load();
    }

    /// Readings of files are in the page alone: have the browser ask before it leaves them, and have a file that is dropped
    /// beside its place open nothing.
    fn guard(self) {
        let unsaved = self.state.unsaved;
        let leaving = Listener::before_leaving(&window(), move || unsaved.get_untracked());
        let dropped = ["dragover", "drop"]
            .map(|kind| Listener::new(&document(), kind, |event: web_sys::Event| event.prevent_default()));
        self.with(|parts| parts.guards = std::iter::once(leaving).chain(dropped).collect());
    }

    /// Load the engine and its models, unless that is done or under way.
    pub fn load(self) {
        let needed =
            self.with(|parts| parts.assets.is_none() && !std::mem::replace(&mut parts.loading, true));
        if !needed {
            return;
        }
        let loading = self.state.loading;
        loading.set(Loading::Bytes { loaded: 0, total: 0 });
        spawn_local(async move {
            let mut total = 0;
            let outcome = Assets::load(self.activity, |progress| {
                total = progress.total_bytes;
                loading.set(Loading::Bytes { loaded: progress.loaded_bytes, total });
            })
            .await;
            self.with(|parts| parts.loading = false);
            match outcome {
                Ok(assets) => {
                    self.with(|parts| parts.assets = Some(assets));
                    loading.set(Loading::Ready { total });
                    if self.state.view.get_untracked() == View::Loading {
                        self.open();
                    }
                }
                Err(fault) => {
                    loading.set(Loading::Failed { sentence: fault.to_string() });
                    if self.state.view.get_untracked() == View::Loading {
                        self.fail(fault.to_string());
                    }
                }
            }
        });
    }

    pub fn choose_usage(self, usage: Usage) {
        self.state.usage.set(Some(usage));
        chosen_use::remember(usage);
    }

    /// The person pressed start or retry.
    pub fn start(self) {
        if !self.state.usage.get_untracked().is_some_and(Usage::allowed) {
            return;
        }
        if self.with(|parts| parts.assets.is_some()) {
            self.open();
        } else {
            self.state.view.set(View::Loading);
            self.load();
        }
    }

    /// Everything is loaded: seal the page, show the work and start the engine behind it.
    fn open(self) {
        if let Err(fault) = seal::seal() {
            self.fail(fault.to_string());
            return;
        }
        self.state.sealed.set(true);
        self.state.view.set(View::Work);
        spawn_local(async move {
            match self.engine().await {
                Ok(_) => self.state.ready.set(true),
                Err(fault) => self.fail(fault.to_string()),
            }
        });
    }

    fn fail(self, sentence: String) {
        self.stop_engine();
        self.state.ready.set(false);
        self.state.fault.set(sentence);
        self.state.view.set(View::Failed);
    }

    /// The running engine; a new one where there is none or the last one has ended.
    ///
    /// # Errors
    /// As [`EngineClient::start`].
    pub async fn engine(self) -> Result<Rc<EngineClient>, EngineFault> {
        let (engine, assets, stops) = self.with(|parts| {
            let engine = parts.engine.clone().filter(|engine| !engine.is_gone());
            (engine, parts.assets.clone(), parts.stops)
        });
        if let Some(engine) = engine {
            return Ok(engine);
        }
        let assets = assets.ok_or(EngineFault::Stopped)?;
        let engine = Rc::new(EngineClient::start(&assets).await?);
        let earlier =
            self.with(|parts| (parts.stops == stops).then(|| parts.engine.replace(engine.clone())).flatten());
        drop(earlier);
        Ok(engine)
    }

    /// End the engine; what waits for it is answered now, and the next use starts another.
    pub fn stop_engine(self) {
        let engine = self.with(|parts| {
            parts.stops += 1;
            parts.engine.take()
        });
        // Outside of the parts: who waits may call the controller.
        drop(engine);
    }

    /// There are readings of a face that no file holds.
    pub fn has_new_readings(self) {
        // Many times a second: only a change is worth telling.
        if !self.state.unsaved.get_untracked() {
            self.state.unsaved.set(true);
        }
        if !self.state.saved.with_untracked(String::is_empty) {
            self.state.saved.set(String::new());
        }
    }

    /// A file was handed to the browser under `name`: said beside the buttons and to screen readers.
    pub fn told_saved(self, name: &str) {
        let sentence = format!("Saved as {name}.");
        self.state.fault.set(String::new());
        self.state.announcement.set(sentence.clone());
        self.state.saved.set(sentence);
    }

    /// What went wrong, or nothing any more, beside the buttons.
    pub fn say(self, sentence: String) {
        self.state.saved.set(String::new());
        self.state.fault.set(sentence);
    }

    /// The readings are gone: nothing is unsaved, nothing is saved, nothing is wrong.
    pub fn has_no_readings(self) {
        self.state.unsaved.set(false);
        self.say(String::new());
    }

    /// The hashes of the models in use.
    pub fn models(self) -> Models {
        self.with(|parts| models(parts.assets.as_ref()))
    }
}
