//! The recorder service: a recording in memory and, at the same time, in the browser's journal, until the person has
//! saved or discarded it; and what earlier pages left there. What may happen when is decided in
//! [`emotion_record::recorder`].

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::activity::camera::services::reader::Settings;
use crate::ui::parts::focus;
use crate::ui::saving::{FileKind, file_of, not_json};
use crate::view::camera::recording::{Recording, Recovered};
use crate::view::throttle::Throttle;
use crate::view::words::{LocalTime, file_name};
use crate::web::awake::WakeLock;
use crate::web::clock::{local_time, now_utc};
use crate::web::journal::{Journal, JournalFault};
use crate::web::{files, unsaved};
use emotion_record::export::Writer;
use emotion_record::journal::{Assembly, Entry};
use emotion_record::recorder::{Earlier, Recorder as State};
use emotion_record::session::{Models, Sample, Session};

/// The count and the time are shown anew so often, in milliseconds.
const SHOWN_MS: f64 = 200.0;

#[derive(Default)]
struct Parts {
    state: State,
    /// By the clock on the wall, for the file's name.
    began: Option<LocalTime>,
    journal: Option<Rc<Journal>>,
    /// What earlier pages left has been looked for: before that nothing is known of it.
    looked: bool,
    /// What the other activities were told last.
    told: Option<bool>,
    /// Held while a recording runs: the screen stays on.
    wake_lock: Option<WakeLock>,
    shown_due: Throttle,
}

/// Handle of the service.
#[derive(Clone, Copy)]
pub struct Recorder {
    pub recording: RwSignal<Recording>,
    /// Recordings that were interrupted by a crash, a reload or a closed tab and never saved.
    pub recovered: RwSignal<Option<Recovered>>,
    /// Those that were saved and are kept for some days, should a file be lost.
    pub kept: RwSignal<Option<Recovered>>,
    announcement: RwSignal<String>,
    parts: StoredValue<Rc<RefCell<Parts>>, LocalStorage>,
}

impl Recorder {
    /// `announcement`: what screen readers say.
    pub fn new(announcement: RwSignal<String>) -> Self {
        Self {
            recording: RwSignal::new(Recording::default()),
            recovered: RwSignal::new(None),
            kept: RwSignal::new(None),
            announcement,
            parts: StoredValue::new_local(Rc::default()),
        }
    }

    /// Work with the parts; `work` must neither call the service nor drop a handle that may call back.
    fn with<T>(self, work: impl FnOnce(&mut Parts) -> T) -> T {
        let parts = self.parts.get_value();
        let mut parts = parts.borrow_mut();
        work(&mut parts)
    }

    /// Open the journal and offer what earlier pages left in it.
    pub fn begin(self) {
        spawn_local(async move {
            let journal = match Journal::open().await {
                Ok(journal) => Rc::new(journal),
                // Told when it matters: when a recording starts.
                Err(_) => return,
            };
            self.with(|parts| parts.journal = Some(journal.clone()));
            // What cannot be read now stays in the journal for another time.
            let found = earlier(&journal).await.unwrap_or_default();
            let over = self.with(|parts| {
                parts.looked = true;
                parts.state.found(found, js_sys::Date::now())
            });
            self.show_earlier();
            self.delete(&over);
        });
    }

    pub fn is_running(self) -> bool {
        self.with(|parts| parts.state.is_running())
    }

    /// Whether leaving the page now loses a recording: what no journal keeps. The rest is found again by the next page.
    pub fn would_be_lost(self) -> bool {
        let unsaved =
            self.recording.with_untracked(|recording| recording.running || recording.waits_to_be_saved());
        unsaved && self.with(|parts| parts.journal.is_none())
    }

    /// Begin a recording. False where something has to be done first, which is said.
    pub fn start(self, models: Models, settings: &Settings) -> bool {
        if let Err(obstacle) = self.with(|parts| parts.state.start(Session::new(now_utc(), models))) {
            self.fault(obstacle.to_string());
            return false;
        }
        let keeps = self.with(|parts| {
            parts.began = Some(local_time(&js_sys::Date::new_0()));
            parts.journal.is_some()
        });
        self.announcement.set("Recording.".to_owned());
        self.show((!keeps).then(|| JournalFault::Unavailable.to_string()));
        self.note(settings);
        spawn_local(async move {
            if let Some(lock) = WakeLock::request().await {
                self.with(|parts| {
                    if parts.state.is_running() {
                        parts.wake_lock = Some(lock);
                    }
                });
            }
        });
        true
    }

    /// Add the samples of one frame to a running recording.
    pub fn record(self, samples: &[Sample]) {
        let Some(newest_ms) = samples.last().map(|sample| sample.time_ms) else { return };
        let (taken, show) = self.with(|parts| {
            let taken = parts.state.add(samples);
            (taken, taken && parts.shown_due.due(newest_ms, SHOWN_MS))
        });
        if show {
            self.show_again();
        }
        if taken {
            self.append(samples.iter().cloned().map(Entry::Sample).collect());
        }
    }

    /// While a recording runs: note what was set in the meantime, smoothing and neutral faces.
    pub fn note(self, settings: &Settings) {
        let note = |parts: &mut Parts| parts.state.note(settings.smoothing_ms, &settings.baselines).cloned();
        if let Some(session) = self.with(note) {
            self.append(vec![Entry::Session(session)]);
        }
    }

    /// No frames come for a while: the recording's clock stands still.
    pub fn pause(self) {
        self.with(|parts| parts.state.pause());
    }

    /// Frames come again.
    pub fn resume(self) {
        self.with(|parts| parts.state.resume());
    }

    /// End the recording, if one runs; it waits to be saved.
    pub fn stop(self, settings: &Settings) {
        self.note(settings);
        let (stopped, lock) = self.with(|parts| (parts.state.stop(), parts.wake_lock.take()));
        drop(lock);
        if !stopped {
            return;
        }
        self.flush();
        self.show_again();
        self.announcement.set("The recording has ended and waits to be saved.".to_owned());
    }

    /// Hand the recording to the browser as a file.
    pub fn save(self, kind: FileKind) {
        let made = self.with(|parts| {
            let name = file_name(parts.began?, kind.extension());
            let session = parts.state.session()?;
            Some(file_of(kind, &name, session, parts.state.samples().iter()).map(|file| (name, file)))
        });
        // Handed over outside: what hears of it may ask the recorder.
        let saved = made.map(|made| {
            made.and_then(|(name, file)| {
                file.save(&name).map_err(|fault| fault.to_string())?;
                Ok(name)
            })
        });
        match saved {
            None => {}
            Some(Ok(name)) => {
                if self.with(|parts| parts.state.saved()) {
                    self.clear();
                }
                self.show(None);
                self.announcement.set(format!("Saved as {name}."));
            }
            Some(Err(sentence)) => self.fault(sentence),
        }
    }

    /// Forget the recording: the person does not want it.
    pub fn discard(self) {
        self.with(|parts| parts.state.discard());
        self.show(None);
        self.clear();
        self.announcement.set("The recording was discarded.".to_owned());
        focus("record");
    }

    /// Hand recordings of earlier pages to the browser, a file each: those that were saved before, or those that
    /// never were. They stay at hand for some days: whether the files are written no page hears. `then` is called
    /// when all are handed over.
    pub fn save_recovered(self, kind: FileKind, saved: bool, then: impl FnOnce() + 'static) {
        let (journal, earlier): (_, Vec<Earlier>) =
            self.with(|parts| (parts.journal.clone(), parts.state.earlier(saved).cloned().collect()));
        let Some(journal) = journal else { return };
        spawn_local(async move {
            for (at, earlier) in earlier.iter().enumerate() {
                // Named by its start like any other, and otherwise by now; numbered, should two have begun in one
                // second.
                let began =
                    js_sys::Date::new(&wasm_bindgen::JsValue::from_str(&earlier.found.session.started_at));
                let known = !began.get_time().is_nan();
                let began = if known { local_time(&began) } else { local_time(&js_sys::Date::new_0()) };
                let name = match at {
                    0 => file_name(began, kind.extension()),
                    _ => file_name(began, &format!("{}.{}", at + 1, kind.extension())),
                };
                if let Err(sentence) = save_found(&journal, earlier, kind, &name).await {
                    return self.fault(sentence);
                }
            }
            let now_ms = js_sys::Date::now();
            if !saved {
                self.with(|parts| parts.state.earlier_saved(now_ms));
                let pages: Vec<String> = earlier.into_iter().map(|earlier| earlier.page).collect();
                // Where this cannot be noted, the recording is offered again as if it had not been saved: nothing is
                // lost.
                let _ = journal.note(&pages, &Entry::Saved(now_ms)).await;
            }
            self.show_earlier();
            self.announcement.set("Saved.".to_owned());
            then();
        });
    }

    /// Forget recordings of earlier pages: those that were saved, or those that never were.
    pub fn discard_recovered(self, saved: bool) {
        let discarded = self.with(|parts| parts.state.discard_earlier(saved));
        self.delete(&discarded);
        self.show_earlier();
        self.announcement.set("The earlier recording was discarded.".to_owned());
        focus("record");
    }

    /// Write what the journal still holds back: the page may be gone in a moment.
    pub fn flush(self) {
        self.in_journal(async |journal| journal.flush().await);
    }

    /// Renew the count and the time of a recording.
    fn show_again(self) {
        self.show(self.recording.with_untracked(|shown| shown.fault.clone()));
    }

    fn show(self, fault: Option<String>) {
        let shown = self.with(|parts| Recording::of(&parts.state, fault));
        self.recording.set(shown);
        self.tell_others();
    }

    /// The other activities' pages say when a recording waits to be saved.
    fn tell_others(self) {
        if self.with(|parts| parts.looked) {
            let of_now = self.recording.with_untracked(|recording| {
                recording.waits_to_be_saved() || recording.running && recording.samples > 0
            });
            let waits = of_now || self.recovered.with_untracked(Option::is_some);
            if self.with(|parts| parts.told.replace(waits) != Some(waits)) {
                unsaved::tell(waits);
            }
        }
    }

    fn show_earlier(self) {
        let (recovered, kept) = self.with(|parts| (parts.state.together(false), parts.state.together(true)));
        self.recovered.set(recovered);
        self.kept.set(kept);
        self.tell_others();
    }

    fn fault(self, sentence: String) {
        if self.recording.with_untracked(|shown| shown.fault.as_ref() != Some(&sentence)) {
            self.recording.update(|shown| shown.fault = Some(sentence));
        }
    }

    fn append(self, entries: Vec<Entry>) {
        self.in_journal(async move |journal| journal.append(entries).await);
    }

    fn clear(self) {
        self.in_journal(async |journal| journal.clear().await);
    }

    fn delete(self, unwanted: &[Earlier]) {
        let pages = self.with(|parts| parts.state.pages_to_delete(unwanted));
        if !pages.is_empty() {
            self.in_journal(async move |journal| journal.delete(&pages).await);
        }
    }

    /// Do something with the journal, where there is one; its fault is said beside the buttons.
    fn in_journal(self, work: impl AsyncFnOnce(&Journal) -> Result<(), JournalFault> + 'static) {
        let Some(journal) = self.with(|parts| parts.journal.clone()) else { return };
        spawn_local(async move {
            if let Err(fault) = work(&journal).await {
                self.fault(fault.to_string());
            }
        });
    }
}

/// What pages which are gone have left.
async fn earlier(journal: &Journal) -> Result<Vec<Earlier>, JournalFault> {
    let mut all = Vec::new();
    for page in journal.pages().await? {
        let mut assembly = Assembly::default();
        journal.read(&page, |entry| drop(assembly.add(entry))).await?;
        all.extend(assembly.found().into_iter().map(|found| Earlier { page: page.clone(), found }));
    }
    Ok(all)
}

/// Hand a recording of an earlier page to the browser; its samples go from the journal into the file, a minute at a
/// time.
///
/// # Errors
/// A sentence for the person.
async fn save_found(journal: &Journal, earlier: &Earlier, kind: FileKind, name: &str) -> Result<(), String> {
    let (mut writer, begin) = Writer::begin(kind, &earlier.found.session).map_err(not_json)?;
    let mut file = files::Pieces::new(kind.mime());
    let mut outcome = file.push(&begin);
    let mut assembly = Assembly::default();
    let mut written = 0;
    let read = journal.read(&earlier.page, |entry| {
        if let Some((at, sample)) = assembly.add(entry)
            && at == earlier.found.at
            && outcome.is_ok()
        {
            outcome = file.push(&writer.sample(&sample));
            written += 1;
        }
    });
    read.await.map_err(|fault| fault.to_string())?;
    outcome.and_then(|()| file.push(writer.end())).map_err(|error| files::fault(name, &error).to_string())?;
    if written < earlier.found.samples {
        return Err(
            "The recording could not be read as a whole: another tab may have deleted it. Reload the page."
                .to_owned(),
        );
    }
    file.save(name).map_err(|fault| fault.to_string())
}
