//! Recording: samples in memory and, at the same time, in the browser's journal, until they are saved or
//! discarded by the person.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::activity::camera::control::Controller;
use crate::activity::camera::state::{Recording, Recovered};
use crate::ui::parts::focus;
use crate::ui::saving::FileKind;
use crate::view::journal::{Entry, Found, assemble};
use crate::view::words::{LocalTime, file_name};
use crate::web::awake::WakeLock;
use crate::web::clock::{local_time, now_utc};
use crate::web::journal::Journal;
use emotion_record::session::{Sample, Session, SessionFile};

/// The recording in memory, those found in the journal, and what keeps them.
#[derive(Default)]
pub(super) struct Records {
    running: bool,
    samples: Vec<Sample>,
    session: Option<Session>,
    /// By the clock on the wall, for the file's name.
    began: Option<LocalTime>,
    /// What earlier pages left, each with the name that it has in the journal.
    recovered: Vec<(String, Found)>,
    journal: Option<Rc<Journal<Entry>>>,
    wake_lock: Option<WakeLock>,
}

impl Controller {
    /// Open the journal and offer what an earlier page left in it.
    pub(super) fn open_journal(self) {
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
                parts.records.recovered = found;
                parts.records.journal = Some(journal);
            });
            self.show_recovered();
            self.delete_from_journal(over);
        });
    }

    /// Whether recordings are kept beyond this page.
    pub(super) fn has_journal(self) -> bool {
        self.with(|parts| parts.records.journal.is_some())
    }

    /// Tell what earlier pages left: what was never saved, and what was.
    fn show_recovered(self) {
        let summary = |saved: bool| {
            self.with(|parts| {
                let found = parts.records.recovered.iter().map(|(_, found)| found);
                let files: Vec<_> = found.filter(|found| found.saved_ms.is_some() == saved).collect();
                (!files.is_empty()).then(|| Recovered {
                    recordings: files.len(),
                    samples: files.iter().map(|found| found.file.samples.len()).sum(),
                    duration_ms: files.iter().map(|found| duration_ms(&found.file.samples)).sum(),
                })
            })
        };
        self.state.recovered.set(summary(false));
        self.state.kept.set(summary(true));
    }

    pub fn toggle_recording(self) {
        if self.with(|parts| parts.records.running) {
            self.stop_recording();
        } else {
            self.start_recording();
        }
    }

    fn start_recording(self) {
        let waiting = self.state.recording.with_untracked(Recording::waits_to_be_saved);
        let interrupted = self.state.recovered.get_untracked().is_some();
        let obstacle = if waiting {
            Some("Save or discard the last recording first.")
        } else if interrupted {
            Some("Save or discard the earlier recording first; it stands at the top of the page.")
        } else {
            None
        };
        if let Some(obstacle) = obstacle {
            self.state.recording.update(|recording| recording.fault = Some(obstacle.to_owned()));
            return;
        }
        let models = self.frame.models();
        let journal = self.with(|parts| {
            parts.measures.restart_clock();
            parts.records.samples.clear();
            parts.records.session = Some(Session::new(now_utc(), models));
            parts.records.began = Some(local_time(&js_sys::Date::new_0()));
            parts.records.running = true;
            parts.records.journal.clone()
        });
        self.state.recording.set(Recording { running: true, ..Recording::default() });
        self.state.announcement.set("Recording.".to_owned());
        self.journal_session();
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
                    if parts.records.running {
                        parts.records.wake_lock = Some(lock);
                    }
                });
            }
        });
    }

    /// End the recording, if one runs; it waits to be saved.
    pub(super) fn stop_recording(self) {
        let lock = self.with(|parts| parts.records.running.then(|| parts.records.wake_lock.take()));
        if lock.is_none() {
            return;
        }
        drop(lock);
        self.journal_session();
        self.with(|parts| parts.records.running = false);
        self.flush_journal();
        self.show_recording();
        self.state.recording.update(|recording| recording.running = false);
        self.state.announcement.set("The recording has ended and waits to be saved.".to_owned());
    }

    /// Add the samples of one frame to a running recording.
    pub(super) fn record(self, samples: &[Sample]) {
        let journal = self.with(|parts| {
            let records = &mut parts.records;
            if records.running {
                records.samples.extend_from_slice(samples);
            }
            records.running.then(|| records.journal.clone()).flatten()
        });
        if let Some(journal) = journal {
            let entries = samples.iter().cloned().map(Entry::Sample).collect();
            self.append(journal, entries);
        }
    }

    /// While a recording runs: note what was set in the meantime, smoothing and neutral faces.
    pub(super) fn journal_session(self) {
        let noted = self.with(|parts| {
            let records = &mut parts.records;
            let session = records.session.as_mut().filter(|_| records.running)?;
            session.smoothing_time_ms = parts.measures.smoothing_ms();
            // A neutral face that was forgotten still stands behind earlier samples.
            for baseline in parts.measures.baselines() {
                if !session.baselines.contains(baseline) {
                    session.baselines.push(baseline.clone());
                }
            }
            Some((records.journal.clone()?, session.clone()))
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
    pub(super) fn flush_journal(self) {
        let Some(journal) = self.with(|parts| parts.records.journal.clone()) else { return };
        spawn_local(async move {
            if let Err(fault) = journal.flush().await {
                self.recording_fault(fault.to_string());
            }
        });
    }

    fn recording_fault(self, sentence: String) {
        if self.state.recording.with_untracked(|recording| recording.fault.as_ref() != Some(&sentence)) {
            self.state.recording.update(|recording| recording.fault = Some(sentence));
        }
    }

    /// Renew the count and the time of a recording.
    pub(super) fn show_recording(self) {
        let (running, samples, elapsed_ms) = self.with(|parts| {
            let samples = &parts.records.samples;
            (parts.records.running, samples.len(), duration_ms(samples))
        });
        let changed = self.state.recording.with_untracked(|recording| recording.samples != samples);
        if running || changed {
            self.state.recording.update(|recording| {
                recording.samples = samples;
                recording.elapsed_ms = elapsed_ms;
            });
        }
    }

    /// Hand the recording to the browser as a file.
    pub fn save(self, kind: FileKind) {
        self.journal_session();
        let file = self.with(|parts| {
            let records = &parts.records;
            Some((records.began?, SessionFile::new(records.session.clone()?, records.samples.clone())))
        });
        let Some((began, file)) = file else { return };
        let name = file_name(began, kind.extension());
        match kind.save(&name, &file) {
            Ok(()) => {
                let running = self.with(|parts| parts.records.running);
                self.state.recording.update(|recording| {
                    recording.saved = !running;
                    recording.fault = None;
                });
                if !running {
                    self.clear_journal();
                }
                self.state.announcement.set(format!("Saved as {name}."));
            }
            Err(sentence) => self.recording_fault(sentence),
        }
    }

    /// Forget the recording: the person does not want it.
    pub fn discard_recording(self) {
        self.with(|parts| parts.records.samples.clear());
        self.state.recording.set(Recording::default());
        self.clear_journal();
        self.state.announcement.set("The recording was discarded.".to_owned());
        focus("record");
    }

    /// Hand recordings of earlier pages to the browser, a file each: those that were saved before, or those that never were. They
    /// stay at hand for some days: whether the files are written no page hears.
    pub fn save_recovered(self, kind: FileKind, saved: bool) {
        let recordings: Vec<_> = self.with(|parts| {
            let of_kind = |(_, found): &&(String, Found)| found.saved_ms.is_some() == saved;
            parts.records.recovered.iter().filter(of_kind).cloned().collect()
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
            for (_, found) in parts.records.recovered.iter_mut().filter(handed_over) {
                found.saved_ms.get_or_insert(now_ms);
            }
            let names: Vec<_> = recordings.into_iter().map(|(name, _)| name).collect();
            (parts.records.journal.clone(), names)
        });
        if let (Some(journal), false) = (journal, saved) {
            spawn_local(async move {
                // Where this cannot be noted, the recording is offered again as if it had not been saved: nothing is lost.
                let _ = journal.note(&names, &[Entry::Saved(now_ms)]).await;
            });
        }
        self.show_recovered();
        self.state.announcement.set("Saved.".to_owned());
    }

    /// Forget recordings of earlier pages: those that were saved, or those that never were.
    pub fn discard_recovered(self, saved: bool) {
        let discarded: Vec<(String, Found)> = self.with(|parts| {
            let (discarded, others) = std::mem::take(&mut parts.records.recovered)
                .into_iter()
                .partition(|(_, found)| found.saved_ms.is_some() == saved);
            parts.records.recovered = others;
            discarded
        });
        self.delete_from_journal(discarded);
        self.show_recovered();
        self.state.announcement.set("The earlier recording was discarded.".to_owned());
        focus("record");
    }

    /// Delete recordings from the journal, but no page's of which another recording is still at hand: the journal deletes
    /// by page.
    fn delete_from_journal(self, unwanted: Vec<(String, Found)>) {
        let mut names: Vec<String> = unwanted.into_iter().map(|(name, _)| name).collect();
        let journal = self.with(|parts| {
            names.retain(|name| parts.records.recovered.iter().all(|(wanted, _)| wanted != name));
            parts.records.journal.clone()
        });
        let (Some(journal), false) = (journal, names.is_empty()) else { return };
        spawn_local(async move {
            if let Err(fault) = journal.delete(&names).await {
                self.recording_fault(fault.to_string());
            }
        });
    }

    fn clear_journal(self) {
        let Some(journal) = self.with(|parts| parts.records.journal.clone()) else { return };
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
