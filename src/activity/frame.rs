//! The frame of an activity: carries out what its [`Life`] orders, and tells where it stands.
//!
//! The seal is the frame's: an engine cannot be started without the token that sealing gives.

use std::cell::RefCell;
use std::rc::Rc;

use activities::Activity as Row;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::activity::life::{Event, Life, Order, Phase};
use crate::activity::offline::Offline;
use crate::view::loading::Loading;
use crate::view::usage::Usage;
use crate::view::words;
use crate::web::assets::{Assets, BytesLoaded};
use crate::web::chosen_use;
use crate::web::listener::Timer;
use crate::web::pending::Pending;
use crate::web::place;
use crate::web::seal::{self, Sealed};
use crate::web::support::{self, Need};
use crate::web::worker_client::{EngineClient, EngineFault};
use emotion_record::session::Models;

type Started = Result<Rc<EngineClient>, EngineFault>;

/// So long a start waits for what is kept for use without a network; the rest comes at the next visit.
const KEEPING_MS: i32 = 10_000;

/// What an activity does when its work begins, and when it ends by a failure.
type Hook = Rc<dyn Fn()>;

struct Parts {
    life: Life,
    assets: Option<Assets>,
    sealed: Option<Sealed>,
    /// Starting or running.
    engine: Option<Rc<EngineClient>>,
    /// Why the last start failed.
    start_fault: Option<EngineFault>,
    /// Those who wait for the engine to run.
    waiting: Pending<Started>,
    hooks: Option<(Hook, Hook)>,
    /// Ends the waiting for what is kept.
    keeping: Option<Timer>,
}

/// Handle of the one frame of a page.
#[derive(Clone, Copy)]
pub struct Frame {
    pub row: Row,
    pub phase: RwSignal<Phase>,
    pub usage: RwSignal<Option<Usage>>,
    pub loading: RwSignal<Loading>,
    /// The sentence of the phases that failed or are not supported.
    pub fault: RwSignal<String>,
    pub sealed: RwSignal<bool>,
    /// The engine has run since the work began; one that was given up is started again by who wants it. Without an engine: the
    /// page is sealed.
    pub ready: RwSignal<bool>,
    /// Counts the engines that came to run: a new one knows nothing of the faces of the last.
    pub engines: RwSignal<u32>,
    /// What a screen reader announces: changes of state, never numbers.
    pub announcement: RwSignal<String>,
    pub offline: Offline,
    parts: StoredValue<Rc<RefCell<Parts>>, LocalStorage>,
}

impl Frame {
    pub fn new(row: Row) -> Self {
        let parts = Parts {
            life: Life::new(row.engine.is_some()),
            assets: None,
            sealed: None,
            engine: None,
            start_fault: None,
            waiting: Pending::default(),
            hooks: None,
            keeping: None,
        };
        Self {
            row,
            phase: RwSignal::new(Phase::First),
            usage: RwSignal::new(None),
            loading: RwSignal::new(Loading::Bytes { loaded: 0, total: 0 }),
            fault: RwSignal::new(String::new()),
            sealed: RwSignal::new(false),
            ready: RwSignal::new(false),
            engines: RwSignal::new(0),
            announcement: RwSignal::new(String::new()),
            offline: Offline::new(row),
            parts: StoredValue::new_local(Rc::new(RefCell::new(parts))),
        }
    }

    /// Work with the parts; `work` must neither call the frame nor drop a handle that may call back.
    fn with<T>(self, work: impl FnOnce(&mut Parts) -> T) -> T {
        let parts = self.parts.get_value();
        let mut parts = parts.borrow_mut();
        work(&mut parts)
    }

    /// The page is open: see what the browser can do, and load. Where it does not ask for the use, it can start at once.
    pub fn open(
        self,
        needs: &[Need],
        asks_use: bool,
        enter: impl Fn() + 'static,
        leave: impl Fn() + 'static,
    ) {
        self.with(|parts| parts.hooks = Some((Rc::new(enter), Rc::new(leave))));
        // A stranger's page must not wrap this one; a study names the page that may, and looks for itself.
        let framed = place::is_framed() && !self.row.by_fragment;
        let missing = if framed { Some(words::framed(&place::address())) } else { support::missing(needs) };
        let supported = missing.is_none();
        if let Some(sentence) = missing {
            self.fault.set(sentence);
        } else if !asks_use {
            self.take(Event::UseChosen { allowed: true });
        } else if let Some(usage) = chosen_use::recalled() {
            self.choose_usage(usage);
        }
        self.take(Event::Opened { supported });
    }

    /// The browser turns out to lack something.
    pub fn unsupported(self, sentence: String) {
        self.fault.set(sentence);
        self.take(Event::Opened { supported: false });
    }

    /// A use was chosen on the first screen.
    pub fn choose_usage(self, usage: Usage) {
        self.usage.set(Some(usage));
        chosen_use::remember(usage);
        self.take(Event::UseChosen { allowed: usage.allowed() });
    }

    /// The person pressed start, or retry.
    pub fn start(self) {
        let timer = Timer::new(KEEPING_MS, move || self.offline.stop());
        self.with(|parts| parts.keeping = timer);
        self.take(Event::Start);
    }

    /// Load again what could not be loaded.
    pub fn load(self) {
        self.take(Event::LoadAgain);
    }

    /// The work cannot go on: say why, and let go of the engine.
    pub fn fail(self, sentence: String) {
        self.fault.set(sentence);
        self.take(Event::Failed);
    }

    /// The running engine; a start that is under way is waited for, and where there is none one begins.
    ///
    /// # Errors
    /// Why it does not run; [`EngineFault::Stopped`] where it was given up meanwhile.
    pub async fn engine(self) -> Started {
        if self.with(|parts| parts.engine.as_ref().is_some_and(|engine| engine.is_gone())) {
            self.take(Event::EngineGone);
        }
        self.take(Event::EngineWanted);
        let answer = self.with(|parts| {
            if parts.life.engine_runs() {
                return parts.engine.clone().ok_or(EngineFault::Stopped).map(Ok);
            }
            if !parts.life.has_worker() {
                return Err(parts.start_fault.clone().unwrap_or(EngineFault::Stopped));
            }
            Ok(Err(parts.waiting.open(u32::MAX).1))
        });
        match answer? {
            Ok(engine) => Ok(engine),
            Err(answer) => answer.await,
        }
    }

    /// The engine, if it runs now.
    pub fn running_engine(self) -> Option<Rc<EngineClient>> {
        self.with(|parts| parts.engine.clone().filter(|_| parts.life.engine_runs()))
    }

    /// End the engine; what waits for it is answered now, and the next use starts another.
    pub fn stop_engine(self) {
        self.take(Event::EngineStopped);
    }

    /// The hashes of the models in use; empty where the manifest cannot be read.
    pub fn models(self) -> Models {
        self.with(|parts| {
            let manifest = parts.assets.as_ref().map(Assets::manifest_json);
            manifest.map(|json| Models::of_manifest(json.as_bytes())).unwrap_or_default()
        })
    }

    fn take(self, event: Event) {
        let (orders, phase) = self.with(|parts| (parts.life.take(event), parts.life.phase()));
        if self.phase.get_untracked() != phase {
            self.phase.set(phase);
        }
        for order in orders {
            self.carry_out(order);
        }
    }

    fn carry_out(self, order: Order) {
        match order {
            Order::Load => self.load_files(),
            Order::Seal => self.seal(),
            Order::Enter => {
                if self.row.engine.is_none() {
                    self.ready.set(true);
                }
                if let Some((enter, _)) = self.with(|parts| parts.hooks.clone()) {
                    enter();
                }
            }
            Order::StartEngine { number } => self.start_engine(number),
            Order::DropEngine => {
                let engine = self.with(|parts| {
                    parts.waiting.settle_all(|| Err(EngineFault::Stopped));
                    parts.engine.take()
                });
                drop(engine);
            }
            Order::AnswerWaiting => self.answer_waiting(),
            Order::Leave => {
                self.ready.set(false);
                if let Some((_, leave)) = self.with(|parts| parts.hooks.clone()) {
                    leave();
                }
            }
        }
    }

    fn seal(self) {
        self.offline.stop();
        match seal::seal() {
            Ok(token) => {
                self.with(|parts| parts.sealed = Some(token));
                self.sealed.set(true);
                self.take(Event::Sealed { done: true });
            }
            Err(fault) => {
                self.fault.set(fault.to_string());
                self.take(Event::Sealed { done: false });
            }
        }
    }

    /// Load what the engine needs, and keep what the activity needs without a network.
    fn load_files(self) {
        self.loading.set(Loading::Bytes { loaded: 0, total: 0 });
        spawn_local(async move {
            let (mut total, mut files) = (0, Vec::new());
            let loaded = match self.row.engine {
                Some(_) => {
                    let on_progress = |progress: BytesLoaded| {
                        total = progress.total_bytes;
                        self.loading.set(Loading::Bytes { loaded: progress.loaded_bytes, total });
                    };
                    let on_file = |file, bytes| files.push((file, bytes));
                    Assets::load(&self.row.roles(), on_progress, on_file).await.map(Some)
                }
                None => Ok(None),
            };
            match loaded {
                Ok(assets) => {
                    self.with(|parts| parts.assets = assets);
                    self.offline.keep_this(files).await;
                    self.loading.set(Loading::Ready { total });
                    self.take(Event::Loaded);
                }
                Err(fault) => {
                    let sentence = fault.to_string();
                    self.loading.set(Loading::Failed { sentence: sentence.clone() });
                    self.fault.set(sentence);
                    self.take(Event::LoadFailed);
                }
            }
            // Perhaps the new version has what failed here.
            self.offline.look_for_update();
        });
    }

    fn start_engine(self, number: u32) {
        let (assets, sealed) = self.with(|parts| (parts.assets.clone(), parts.sealed));
        let (Some(assets), Some(sealed)) = (assets, sealed) else {
            return self.start_failed(number, EngineFault::Stopped);
        };
        let engine = match EngineClient::spawn(&assets, sealed) {
            Ok(engine) => Rc::new(engine),
            Err(fault) => return self.start_failed(number, fault),
        };
        // Kept from the first moment on: to end a start that is under way is to drop it.
        self.with(|parts| parts.engine = Some(engine.clone()));
        let loaded = engine.load(&assets);
        drop(engine);
        spawn_local(async move {
            match loaded.await {
                Ok(()) => self.take(Event::EngineStarted { number }),
                Err(fault) => self.start_failed(number, fault),
            }
        });
    }

    fn start_failed(self, number: u32, fault: EngineFault) {
        if self.with(|parts| parts.life.engine_starts(number)) {
            self.fault.set(fault.to_string());
            self.with(|parts| parts.start_fault = Some(fault));
        }
        self.take(Event::EngineFailed { number });
    }

    fn answer_waiting(self) {
        let runs = self.with(|parts| {
            let runs = parts.life.engine_runs();
            let answer = match (parts.engine.clone().filter(|_| runs), &parts.start_fault) {
                (Some(engine), _) => Ok(engine),
                (None, Some(fault)) => Err(fault.clone()),
                (None, None) => Err(EngineFault::Stopped),
            };
            parts.waiting.settle_all(|| answer.clone());
            runs
        });
        if runs {
            self.ready.set(true);
            self.engines.update(|count| *count += 1);
        }
    }
}
