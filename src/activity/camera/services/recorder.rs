//! The recorder service: samples in memory and, at the same time, in the browser's journal, until they are saved or
//! discarded by the person.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::activity::camera::services::reader::Settings;
use crate::ui::parts::focus;
use crate::ui::saving::FileKind;
use crate::view::camera::obstacle::obstacle;
use crate::view::journal::{Entry, Found, assemble};
use crate::view::throttle::Throttle;
use crate::view::words::{LocalTime, file_name};
use crate::web::awake::WakeLock;
use crate::web::clock::{local_time, now_utc};
use crate::web::journal::Journal;
use emotion_record::session::{Models, Sample, Session, SessionFile};

/// The count and the time are shown anew so often, in milliseconds.
const SHOWN_MS: f64 = 200.0;

/// A recording.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Recording {
    pub running: bool,
    pub samples: usize,
    pub elapsed_ms: f64,
    /// Saved as a file since the last sample.
    pub saved: bool,
    /// A fault of the recording or of saving it: what is wrong, and what to do.
    pub fault: Option<String>,
}

impl Recording {
    /// Whether a recording lies here that stopped and was not saved.
    pub fn waits_to_be_saved(&self) -> bool {
        !self.running && self.samples > 0 && !self.saved
    }
}

/// Recordings of earlier pages, found in the journal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recovered {
    pub recordings: usize,
    pub samples: usize,
    /// All together.
    pub duration_ms: f64,
}

/// The recording in memory, those found in the journal, and what keeps them.
#[derive(Default)]
struct Parts {
    running: bool,
    samples: Vec<Sample>,
    session: Option<Session>,
    /// By the clock on the wall, for the file's name.
    began: Option<LocalTime>,
    /// What earlier pages left, each with the name that it has in the journal.
    recovered: Vec<(String, Found)>,
    journal: Option<Rc<Journal<Entry>>>,
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

    /// Open the journal and offer what an earlier page left in it.
    pub fn begin(self) {
        spawn_local(async move {
            let journal = match Journal::open().await {
                Ok(journal) => Rc::new(journal),
                // Told when it matters: when a recording starts.
                Err(_) => return,
            };
            // What cannot be read now stays in the journal for another time.
            let recordings = journal.recover().await.unwrap_or_default();
            let now_ms = js_sys::Date::now();
            let (over, found): (Vec<_>, Vec<_>) = recordings
                .into_iter()
                .flat_map(|(name, entries)| {
                    assemble(entries).into_iter().map(move |found| (name.clone(), found))
                })
                .partition(|(_, found)| found.is_over(now_ms));
            self.with(|parts| {
                parts.recovered = found;
                parts.journal = Some(journal);
            });
            self.show_recovered();
            self.delete_from_journal(over);
        });
    }

    pub fn is_running(self) -> bool {
        self.with(|parts| parts.running)
    }

    /// Whether leaving the page now loses a recording: what no journal keeps. The rest is found again by the next page.
    pub fn would_be_lost(self) -> bool {
        let unsaved =
            self.recording.with_untracked(|recording| recording.running || recording.waits_to_be_saved());
        unsaved && self.with(|parts| parts.journal.is_none())
    }

    /// Tell what earlier pages left: what was never saved, and what was.
    fn show_recovered(self) {
        let summary = |saved: bool| {
            self.with(|parts| {
                let found = parts.recovered.iter().map(|(_, found)| found);
                let files: Vec<_> = found.filter(|found| found.saved_ms.is_some() == saved).collect();
                (!files.is_empty()).then(|| Recovered {
                    recordings: files.len(),
                    samples: files.iter().map(|found| found.file.samples.len()).sum(),
                    duration_ms: files.iter().map(|found| duration_ms(&found.file.samples)).sum(),
                })
            })
        };
        self.recovered.set(summary(false));
        self.kept.set(summary(true));
    }

    /// Begin a recording. False where something has to be done first, which is said.
    pub fn start(self, models: Models, settings: &Settings) -> bool {
        let waiting = self.recording.with_untracked(Recording::waits_to_be_saved);
        let interrupted = self.recovered.get_untracked().is_some();
        if let Some(obstacle) = obstacle(waiting, interrupted) {
            self.recording.update(|recording| recording.fault = Some(obstacle.to_owned()));
            return false;
        }
        let journal = self.with(|parts| {
            parts.samples.clear();
            parts.session = Some(Session::new(now_utc(), models));
            parts.began = Some(local_time(&js_sys::Date::new_0()));
            parts.running = true;
            parts.journal.clone()
        });
        self.recording.set(Recording { running: true, ..Recording::default() });
        self.announcement.set("Recording.".to_owned());
        self.note(settings);
        if journal.is_none() {
            self.recording_fault(
                "This browser keeps no recordings for this page (private window?). The recording goes on, but \
                 closing the tab loses it: save it before."
                    .to_owned(),
            );
        }
        spawn_local(async move {
            if let Some(lock) = WakeLock::request().await {
                self.with(|parts| {
                    if parts.running {
                        parts.wake_lock = Some(lock);
                    }
                });
            }
        });
        true
    }

    /// End the recording, if one runs; it waits to be saved.
    pub fn stop(self, settings: &Settings) {
        let lock = self.with(|parts| parts.running.then(|| parts.wake_lock.take()));
        if lock.is_none() {
            return;
        }
        drop(lock);
        self.note(settings);
        self.with(|parts| parts.running = false);
        self.flush();
        self.show_recording();
        self.recording.update(|recording| recording.running = false);
        self.announcement.set("The recording has ended and waits to be saved.".to_owned());
    }

    /// Add the samples of one frame to a running recording.
    pub fn record(self, samples: &[Sample]) {
        let Some(newest_ms) = samples.last().map(|sample| sample.time_ms) else { return };
        let (journal, show) = self.with(|parts| {
            if !parts.running {
                return (None, false);
            }
            parts.samples.extend_from_slice(samples);
            (parts.journal.clone(), parts.shown_due.due(newest_ms, SHOWN_MS))
        });
        if show {
            self.show_recording();
        }
        if let Some(journal) = journal {
            let entries = samples.iter().cloned().map(Entry::Sample).collect();
            self.append(journal, entries);
        }
    }

    /// While a recording runs: note what was set in the meantime, smoothing and neutral faces.
    pub fn note(self, settings: &Settings) {
        let noted = self.with(|parts| {
            let session = parts.session.as_mut().filter(|_| parts.running)?;
            session.smoothing_time_ms = settings.smoothing_ms;
            // A neutral face that was forgotten still stands behind earlier samples.
            for baseline in &settings.baselines {
                if !session.baselines.contains(baseline) {
                    session.baselines.push(baseline.clone());
                }
            }
            Some((parts.journal.clone()?, session.clone()))
        });
        if let Some((journal, session)) = noted {
            self.append(journal, vec![Entry::Session(session)]);
        }
    }

    fn append(self, journal: Rc<Journal<Entry>>, entries: Vec<Entry>) {
        spawn_local(async move {
            if let Err(fault) = journal.append(&entries).await {
                self.recording_fault(fault.to_string());
            }
        });
    }

    /// Write what the journal still holds back: the page may be gone in a moment.
    pub fn flush(self) {
        let Some(journal) = self.with(|parts| parts.journal.clone()) else { return };
        spawn_local(async move {
            if let Err(fault) = journal.flush().await {
                self.recording_fault(fault.to_string());
            }
        });
    }

    fn recording_fault(self, sentence: String) {
        if self.recording.with_untracked(|recording| recording.fault.as_ref() != Some(&sentence)) {
            self.recording.update(|recording| recording.fault = Some(sentence));
        }
    }

    /// Renew the count and the time of a recording.
    fn show_recording(self) {
        let (running, samples, elapsed_ms) = self.with(|parts| {
            let samples = &parts.samples;
            (parts.running, samples.len(), duration_ms(samples))
        });
        let changed = self.recording.with_untracked(|recording| recording.samples != samples);
        if running || changed {
            self.recording.update(|recording| {
                recording.samples = samples;
                recording.elapsed_ms = elapsed_ms;
            });
        }
    }

    /// Hand the recording to the browser as a file.
    pub fn save(self, kind: FileKind) {
        let file = self.with(|parts| {
            Some((parts.began?, SessionFile::new(parts.session.clone()?, parts.samples.clone())))
        });
        let Some((began, file)) = file else { return };
        let name = file_name(began, kind.extension());
        match kind.save(&name, &file) {
            Ok(()) => {
                let running = self.with(|parts| parts.running);
                self.recording.update(|recording| {
                    recording.saved = !running;
                    recording.fault = None;
                });
                if !running {
                    self.clear_journal();
                }
                self.announcement.set(format!("Saved as {name}."));
            }
            Err(sentence) => self.recording_fault(sentence),
        }
    }

    /// Forget the recording: the person does not want it.
    pub fn discard(self) {
        self.with(|parts| parts.samples.clear());
        self.recording.set(Recording::default());
        self.clear_journal();
        self.announcement.set("The recording was discarded.".to_owned());
        focus("record");
    }

    /// Hand recordings of earlier pages to the browser, a file each: those that were saved before, or those that never were. They
    /// stay at hand for some days: whether the files are written no page hears.
    pub fn save_recovered(self, kind: FileKind, saved: bool) {
        let recordings: Vec<_> = self.with(|parts| {
            let of_kind = |(_, found): &&(String, Found)| found.saved_ms.is_some() == saved;
            parts.recovered.iter().filter(of_kind).cloned().collect()
        });
        for (at, (_, Found { file, .. })) in recordings.iter().enumerate() {
            // Named by its start like any other, and otherwise by now; numbered, should two have begun in one second.
            let began = js_sys::Date::new(&wasm_bindgen::JsValue::from_str(&file.session.started_at));
            let known = !began.get_time().is_nan();
            let began = if known { local_time(&began) } else { local_time(&js_sys::Date::new_0()) };
            let name = match at {
                0 => file_name(began, kind.extension()),
                _ => file_name(began, &format!("{}.{}", at + 1, kind.extension())),
            };
            if let Err(sentence) = kind.save(&name, file) {
                return self.recording_fault(sentence);
            }
        }
        let now_ms = js_sys::Date::now();
        let (journal, names) = self.with(|parts| {
            // Those of the other kind were not handed over.
            let handed_over = |found: &&mut (String, Found)| found.1.saved_ms.is_some() == saved;
            for (_, found) in parts.recovered.iter_mut().filter(handed_over) {
                found.saved_ms.get_or_insert(now_ms);
            }
            let names: Vec<_> = recordings.into_iter().map(|(name, _)| name).collect();
            (parts.journal.clone(), names)
        });
        if let (Some(journal), false) = (journal, saved) {
            spawn_local(async move {
                // Where this cannot be noted, the recording is offered again as if it had not been saved: nothing is lost.
                let _ = journal.note(&names, &[Entry::Saved(now_ms)]).await;
            });
        }
        self.show_recovered();
        self.announcement.set("Saved.".to_owned());
    }

    /// Forget recordings of earlier pages: those that were saved, or those that never were.
    pub fn discard_recovered(self, saved: bool) {
        let discarded: Vec<(String, Found)> = self.with(|parts| {
            let (discarded, others) = std::mem::take(&mut parts.recovered)
                .into_iter()
                .partition(|(_, found)| found.saved_ms.is_some() == saved);
            parts.recovered = others;
            discarded
        });
        self.delete_from_journal(discarded);
        self.show_recovered();
        self.announcement.set("The earlier recording was discarded.".to_owned());
        focus("record");
    }

    /// Delete recordings from the journal, but no page's of which another recording is still at hand: the journal deletes
    /// by page.
    fn delete_from_journal(self, unwanted: Vec<(String, Found)>) {
        let mut names: Vec<String> = unwanted.into_iter().map(|(name, _)| name).collect();
        let journal = self.with(|parts| {
            names.retain(|name| parts.recovered.iter().all(|(wanted, _)| wanted != name));
            parts.journal.clone()
        });
        let (Some(journal), false) = (journal, names.is_empty()) else { return };
        spawn_local(async move {
            if let Err(fault) = journal.delete(&names).await {
                self.recording_fault(fault.to_string());
            }
        });
    }

    fn clear_journal(self) {
        let Some(journal) = self.with(|parts| parts.journal.clone()) else { return };
        spawn_local(async move {
            if let Err(fault) = journal.clear().await {
                self.recording_fault(fault.to_string());
            }
        });
    }
}

/// From the recording's begin to its last sample, in milliseconds.
fn duration_ms(samples: &[Sample]) -> f64 {
    samples.last().map_or(0.0, |sample| sample.time_ms)
}
