//! The course: the session, its clock, what was read and noted, and the journal of all that. It knows neither camera nor stimuli.

use std::cell::RefCell;
use std::rc::Rc;

use emotion_study::code;
use emotion_study::completion;
use emotion_study::file::Study;
use emotion_study::hash::{file_sha256, measure_sha256};
use emotion_study::link::Participant;
use emotion_study::result::csv;
use emotion_study::result::{
    self, Camera, Circumstances, Columns, DeviceClass, EventKind, LoggedEvent, Models, ResultFile,
};
use emotion_study::session::journal::{Begun, Entry, Resumed};
use emotion_study::session::{Change, Event, Outcome, Session, Stage};
use leptos::prelude::*;

use crate::activity::frame::Frame;
use crate::activity::study::services::keeper::Keeper;
use crate::view::study::sampling::{self, SessionClock};
use crate::view::study::words::Words;
use crate::web::listener::Listener;
use crate::web::study_store::About;
use crate::web::{clock, place, random};

/// A study as it was loaded.
#[derive(Clone, Copy)]
pub struct Loaded {
    pub study: &'static Study,
    /// Path of the study file from the page; empty in a preview.
    pub path: &'static str,
    /// The text of the study file.
    pub json: &'static str,
    pub sha256: &'static str,
    pub measure_sha256: &'static str,
    pub preview: bool,
}

impl Loaded {
    /// Keep a study for as long as the page lives: one page load is one study, or two where it was changed in the middle of a session.
    pub fn new(study: Study, path: String, bytes: &[u8], preview: bool) -> Self {
        Self {
            json: String::from_utf8_lossy(bytes).into_owned().leak(),
            sha256: file_sha256(bytes).leak(),
            measure_sha256: measure_sha256(&study).leak(),
            study: Box::leak(Box::new(study)),
            path: path.leak(),
            preview,
        }
    }
}

#[derive(Default)]
struct Parts {
    loaded: Option<Loaded>,
    session: Option<Session<'static>>,
    /// What happened up to the consent: nothing is kept before.
    before: Vec<Event>,
    clock: Option<SessionClock>,
    samples: Columns,
    noted: Vec<LoggedEvent>,
    camera: Option<Camera>,
    /// The models that give the readings of this session, since the page was first sealed.
    models: Option<Models>,
    on_stage: Option<Rc<dyn Fn(Stage)>>,
    guard: Option<Listener>,
}

/// Handle of the service.
#[derive(Clone, Copy)]
pub struct Course {
    pub words: RwSignal<Words>,
    pub stage: RwSignal<Stage>,
    /// Counts what happened: two stages of one name may follow each other.
    pub turn: RwSignal<u32>,
    /// The study is here.
    pub there: RwSignal<bool>,
    pub preview: RwSignal<bool>,
    pub keeper: Keeper,
    frame: Frame,
    parts: StoredValue<Rc<RefCell<Parts>>, LocalStorage>,
}

impl Course {
    pub fn new(frame: Frame) -> Self {
        Self {
            words: RwSignal::new(Words::of_browser(&place::language())),
            stage: RwSignal::new(Stage::Notice),
            turn: RwSignal::new(0),
            there: RwSignal::new(false),
            preview: RwSignal::new(false),
            keeper: Keeper::new(),
            frame,
            parts: StoredValue::new_local(Rc::default()),
        }
    }

    /// Work with the parts; `work` must not call the service.
    fn with<T>(self, work: impl FnOnce(&mut Parts) -> T) -> T {
        let parts = self.parts.get_value();
        let mut parts = parts.borrow_mut();
        work(&mut parts)
    }

    /// Who hears which stage begins.
    pub fn begin(self, on_stage: impl Fn(Stage) + 'static) {
        let guard = Listener::before_leaving(&window(), move || self.would_be_lost());
        self.with(|parts| {
            parts.on_stage = Some(Rc::new(on_stage));
            parts.guard = Some(guard);
        });
    }

    /// The study is here: in its words from now on.
    pub fn take(self, loaded: Loaded) {
        self.words.set(Words::of_study(loaded.study));
        self.preview.set(loaded.preview);
        self.with(|parts| parts.loaded = Some(loaded));
        self.there.set(true);
    }

    pub fn loaded(self) -> Option<Loaded> {
        self.with(|parts| parts.loaded)
    }

    /// Begin a session. False where the browser gives no random bytes.
    pub fn open(self, participant: Participant) -> bool {
        let Some((loaded, random)) = self.loaded().zip(random::bytes()) else { return false };
        let session = Session::open(loaded.study, &code::session_id(random), participant);
        let stage = session.stage().clone();
        self.with(|parts| {
            parts.session = Some(session);
            parts.samples = sampling::columns();
        });
        self.tell(stage);
        true
    }

    /// Go on with a session that came back out of the journal.
    pub fn resume(self, resumed: Resumed<'static>, about: &About) {
        let Some(loaded) = self.loaded() else { return };
        let Resumed { session, samples, mut noted, models, added } = resumed;
        let (now_ms, wall_ms) = (clock::now_ms(), js_sys::Date::now());
        let last_exposure = session.exposures().last().map_or(0, |exposure| exposure.ended_ms);
        let last_ms = samples.time_ms.last().copied().unwrap_or(0).max(last_exposure);
        let ticking = SessionClock::resumed(now_ms, wall_ms - about.opened_at_ms as f64, last_ms);
        let stage = session.stage().clone();
        self.keeper.begin(&loaded, &session, about.opened_at_ms, about.camera);
        added.into_iter().for_each(|event| self.keeper.push(Entry::Event(event)));
        let reloaded = LoggedEvent {
            time_ms: ticking.since_consent(now_ms),
            exposure: None,
            media_ms: None,
            kind: EventKind::Reloaded,
        };
        self.keeper.push(Entry::Noted(reloaded.clone()));
        noted.push(reloaded);
        self.with(|parts| {
            parts.clock = Some(ticking);
            parts.samples = if samples.is_empty() { sampling::columns() } else { samples };
            parts.noted = noted;
            parts.models = models;
            parts.camera = about.camera.map(|[width, height, fps]| Camera { width, height, fps });
            parts.session = Some(session);
        });
        self.keeper.flush();
        self.tell(stage);
    }

    fn tell(self, stage: Stage) {
        self.stage.set(stage.clone());
        self.turn.update(|turn| *turn = turn.wrapping_add(1));
        if let Some(on_stage) = self.with(|parts| parts.on_stage.clone()) {
            on_stage(stage);
        }
    }

    /// Tell what happened. False where it cannot happen now: then nothing has changed.
    pub fn apply(self, event: Event) -> bool {
        let applied = self.with(|parts| {
            let session = parts.session.as_mut()?;
            session.apply(event.clone()).ok()?;
            if let Event::Consented { .. } = event {
                parts.clock = Some(SessionClock::begun(clock::now_ms()));
            }
            if session.consented_at().is_none() {
                parts.before.push(event.clone());
            }
            Some(session.stage().clone())
        });
        let Some(stage) = applied else { return false };
        self.write_down(event);
        self.tell(stage);
        true
    }

    fn write_down(self, event: Event) {
        let gone = self.with(|parts| {
            let session = parts.session.as_ref();
            session.is_some_and(Session::is_deleted)
                || matches!(session.map(Session::stage), Some(Stage::Ended { outcome: Outcome::Failed }))
                    && session.is_some_and(|session| session.exposures().is_empty())
        });
        if gone {
            self.with(|parts| {
                parts.samples = sampling::columns();
                parts.noted.clear();
            });
            self.keeper.delete();
            return;
        }
        if let Event::Consented { .. } = event {
            let Some(loaded) = self.loaded() else { return };
            let opened_at_ms = js_sys::Date::now() as u64;
            self.with(|parts| {
                let before = std::mem::take(&mut parts.before);
                if let Some(session) = &parts.session {
                    let events = before.into_iter().chain([event]).collect();
                    self.keeper.begin(&loaded, session, opened_at_ms, None);
                    let begun = Begun {
                        json: loaded.json,
                        sha256: loaded.sha256,
                        measure_sha256: loaded.measure_sha256,
                    };
                    self.keeper.push(session.opened(begun, events, opened_at_ms));
                }
            });
        } else if self.with(|parts| parts.clock.is_some()) {
            self.keeper.push(Entry::Event(event));
        }
        self.keeper.flush();
    }

    /// Note something beside the curves. `media_ms`: within an exposure, where in the stimulus.
    pub fn note(self, kind: EventKind, page_ms: f64, media_ms: Option<i32>) {
        let noted = self.with(|parts| {
            let time_ms = parts.clock?.since_consent(page_ms);
            let exposures = parts.session.as_ref()?.exposures().len() as u32;
            let exposure = media_ms.and_then(|_| exposures.checked_sub(1));
            let event = LoggedEvent { time_ms, exposure, media_ms, kind };
            parts.noted.push(event.clone());
            Some(event)
        });
        if let Some(event) = noted {
            self.keeper.push(Entry::Noted(event));
        }
    }

    /// Add readings of the exposure that is shown; they go into the journal as they are.
    pub fn add(self, chunk: &Columns) {
        // All have the same inputs, so they fit each other.
        if !chunk.is_empty() && self.with(|parts| parts.samples.append(chunk)).is_ok() {
            self.keeper.push(Entry::Samples(chunk.clone()));
            self.keeper.flush();
        }
    }

    /// Milliseconds since the consent at a time of the page's clock.
    pub fn since_consent(self, page_ms: f64) -> u32 {
        self.with(|parts| parts.clock.map_or(0, |clock| clock.since_consent(page_ms)))
    }

    /// What the camera gives: for the result, which keeps neither its name nor anything else of it.
    pub fn note_camera(self, camera: Camera) {
        self.keeper.note_camera([camera.width, camera.height, camera.fps]);
        self.with(|parts| parts.camera = Some(camera));
    }

    /// Look at the session.
    pub fn session<T>(self, look: impl FnOnce(&Session<'static>) -> T) -> Option<T> {
        self.with(|parts| parts.session.as_ref().map(look))
    }

    /// Look at the readings so far.
    pub fn samples<T>(self, look: impl FnOnce(&Columns) -> T) -> T {
        self.with(|parts| look(&parts.samples))
    }

    /// All is loaded, and the page is sealed. Where other models have come than those that read the first of it, the session goes no
    /// further: numbers of different models do not belong together.
    pub fn prepared(self) {
        let models = self.models_here();
        let (kept, recorded) = self.with(|parts| {
            let recorded = parts.session.as_ref().is_some_and(|session| !session.exposures().is_empty());
            (parts.models.clone(), recorded)
        });
        if kept.is_some() && kept != models && recorded {
            self.apply(Event::Changed { what: Change::Models });
            return;
        }
        if let Some(models) = models.filter(|models| kept.as_ref() != Some(models)) {
            self.with(|parts| parts.models = Some(models.clone()));
            self.keeper.push(Entry::Models(models));
        }
        self.apply(Event::Loaded);
    }

    /// The models that this page has loaded; nothing while they are on their way.
    fn models_here(self) -> Option<Models> {
        let models = self.frame.models();
        (!models.classifier_sha256.is_empty()).then(|| Models {
            detector_sha256: models.detector_sha256,
            classifier_sha256: models.classifier_sha256,
            mapping: "mixture".to_owned(),
        })
    }

    /// The result as it is now; nothing where there is none.
    pub fn result(self) -> Option<ResultFile> {
        // A session that an earlier version of the page has kept does not know its models: they are on their way.
        let models = self.with(|parts| parts.models.clone()).or_else(|| self.models_here())?;
        self.with(|parts| {
            let (session, loaded) = (parts.session.as_ref()?, parts.loaded?);
            let outcome = match session.stage() {
                Stage::Review { outcome } | Stage::Handover { outcome } | Stage::Ended { outcome } => {
                    *outcome
                }
                _ => return None,
            };
            let circumstances = Circumstances {
                study_sha256: loaded.sha256.to_owned(),
                outcome,
                preview: loaded.preview,
                device: device(),
                camera: parts.camera.clone().unwrap_or(Camera { width: 0, height: 0, fps: 0 }),
                models,
                app_version: env!("CARGO_PKG_VERSION").to_owned(),
            };
            result::build(session, parts.samples.clone(), parts.noted.clone(), circumstances)
        })
    }

    /// Name and bytes of the result file.
    pub fn file(self) -> Option<(String, Vec<u8>)> {
        let result = self.result()?;
        let name = result::file_name(&result);
        let name = if result.session.preview { format!("preview_{name}") } else { name };
        Some((name, result::write(&result)))
    }

    /// Name and text of the table beside the result file.
    pub fn table(self, dialect: csv::Dialect) -> Option<(String, String)> {
        let result = self.result()?;
        let (name, _) = self.file()?;
        let stem = name.strip_suffix(".result.json.gz").unwrap_or(&name);
        Some((format!("{stem}.csv"), csv::table(&result, dialect)))
    }

    /// The completion code, if the result is whole; a preview has none.
    pub fn completion_code(self) -> Option<String> {
        let loaded = self.loaded().filter(|loaded| !loaded.preview)?;
        let (_, bytes) = self.file()?;
        let id = self.session(|session| session.id().to_owned())?;
        completion::issue(loaded.study, &id, &bytes).ok()
    }

    /// Whether something would be lost if the page were left now.
    fn would_be_lost(self) -> bool {
        let open = self.with(|parts| {
            parts.session.as_ref().is_some_and(|session| {
                session.consented_at().is_some() && session.handed_over().is_empty() && !session.is_deleted()
            }) && !parts.samples.is_empty()
        });
        open && !self.keeper.keeps()
    }
}

/// The kind of device: the only thing that is kept of it.
fn device() -> DeviceClass {
    match place::screen() {
        (_, false) => DeviceClass::Computer,
        (side, true) if side < 600.0 => DeviceClass::Phone,
        _ => DeviceClass::Tablet,
    }
}
