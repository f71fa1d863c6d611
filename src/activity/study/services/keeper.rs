//! The keeper: writes the journal of the session into the browser's database, from the consent on.

use std::cell::RefCell;
use std::rc::Rc;

use emotion_study::session::Session;
use emotion_study::session::journal::Entry;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::activity::study::services::course::Loaded;
use crate::web::study_store::{About, SessionJournal, StudyStore};

#[derive(Default)]
struct Parts {
    /// What waits until the database is open.
    queue: Vec<Entry>,
    journal: Option<Rc<SessionJournal>>,
    /// A journal was begun and not deleted since.
    begun: bool,
}

/// Handle of the service.
#[derive(Clone, Copy)]
pub struct Keeper {
    /// This browser keeps nothing: the participant must know.
    pub refused: RwSignal<bool>,
    parts: StoredValue<Rc<RefCell<Parts>>, LocalStorage>,
}

impl Keeper {
    pub fn new() -> Self {
        Self { refused: RwSignal::new(false), parts: StoredValue::new_local(Rc::default()) }
    }

    fn with<T>(self, work: impl FnOnce(&mut Parts) -> T) -> T {
        let parts = self.parts.get_value();
        let mut parts = parts.borrow_mut();
        work(&mut parts)
    }

    /// Begin the journal of a session, or go on with it. A preview has none, nor a study that is never continued.
    pub fn begin(self, loaded: &Loaded, session: &Session<'_>, opened_at_ms: u64, camera: Option<[u32; 3]>) {
        let hours = loaded.study.resume_max_age_h;
        if loaded.preview || hours == 0 {
            return;
        }
        let about = About {
            session: session.id().to_owned(),
            study: loaded.path.to_owned(),
            title: loaded.study.title.clone(),
            participant: session.participant().id.clone(),
            opened_at_ms,
            keep_until_ms: opened_at_ms + u64::from(hours) * 3_600_000,
            camera,
        };
        self.with(|parts| parts.begun = true);
        spawn_local(async move {
            let opened = async { SessionJournal::begin(StudyStore::open().await?, about).await };
            match opened.await {
                Ok(journal) => {
                    let journal = Rc::new(journal);
                    let deleted = self.with(|parts| {
                        parts.queue.drain(..).for_each(|entry| journal.push(entry));
                        parts.journal = Some(journal.clone());
                        !parts.begun
                    });
                    if deleted { self.delete() } else { self.flush() }
                }
                Err(_) => {
                    self.with(|parts| {
                        parts.begun = false;
                        parts.queue.clear();
                    });
                    self.refused.set(true);
                }
            }
        });
    }

    /// Take an entry.
    pub fn push(self, entry: Entry) {
        self.with(|parts| match &parts.journal {
            Some(journal) => journal.push(entry),
            None if parts.begun => parts.queue.push(entry),
            None => {}
        });
    }

    /// Write what was taken.
    pub fn flush(self) {
        let Some(journal) = self.with(|parts| parts.journal.clone()) else { return };
        spawn_local(async move {
            let refused = journal.flush().await.is_err();
            if self.refused.get_untracked() != refused {
                self.refused.set(refused);
            }
        });
    }

    /// Note what the camera gives.
    pub fn note_camera(self, camera: [u32; 3]) {
        let Some(journal) = self.with(|parts| parts.journal.clone()) else { return };
        spawn_local(async move {
            // Without it the result only lacks the camera's size after a reload.
            let _ = journal.note_camera(camera).await;
        });
    }

    /// Whether what was recorded survives the page.
    pub fn keeps(self) -> bool {
        self.with(|parts| parts.begun) && !self.refused.get_untracked()
    }

    /// Delete all of this session.
    pub fn delete(self) {
        let journal = self.with(|parts| {
            parts.begun = false;
            parts.queue.clear();
            parts.journal.take()
        });
        let Some(journal) = journal else { return };
        spawn_local(async move {
            if journal.delete().await.is_err() {
                // Deleted at the latest when the time is over that was said.
                self.refused.set(true);
            }
        });
    }
}
