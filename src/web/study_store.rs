//! What a study keeps on this device: the journal of each session, so that a reload or a crash loses at most the last seconds, and
//! what is said of it where kept things are listed.
//!
//! A session has one record of what it is ([`About`]) and numbered records with its entries. A record is only ever added; a
//! session is deleted as a whole.

use std::cell::{Cell, RefCell};

use emotion_study::session::journal::Entry;
use js_sys::Array;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use web_sys::{IdbDatabase, IdbKeyRange, IdbObjectStore, IdbTransaction, IdbTransactionMode};

use crate::web::database::{finished, opened, result, store_of};
use crate::web::tab_lock::{self, TabLock};

const DATABASE: &str = "emotion-depth-studies";
const ABOUT: &str = "sessions";
const ENTRIES: &str = "entries";

/// What is kept, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The session's id.
    pub session: String,
    /// Path of the study file from the page.
    pub study: String,
    /// The study's title.
    pub title: String,
    /// The participant's id from the link.
    pub participant: Option<String>,
    /// Wall clock of the consent, in milliseconds since 1970.
    pub opened_at_ms: u64,
    /// When it is deleted, in milliseconds since 1970.
    pub keep_until_ms: u64,
    /// Width and height of the camera's picture in pixels, and its frames a second, once they were measured.
    #[serde(default)]
    pub camera: Option<[u32; 3]>,
}

/// Why nothing is kept: the browser's own reason, for developers; the participant reads the study's words.
#[derive(Debug, Clone)]
pub struct StoreFault(pub JsValue);

impl From<JsValue> for StoreFault {
    fn from(error: JsValue) -> Self {
        Self(error)
    }
}

/// The open store.
pub struct StudyStore {
    database: IdbDatabase,
}

impl StudyStore {
    /// # Errors
    /// [`StoreFault`] where the browser keeps nothing for this page.
    pub async fn open() -> Result<Self, StoreFault> {
        let window = web_sys::window().ok_or(JsValue::NULL)?;
        let factory = window.indexed_db()?.ok_or(JsValue::NULL)?;
        let request = factory.open_with_u32(DATABASE, 1)?;
        let database = opened(&request, |request| {
            if let Ok(database) = request.result() {
                let database: IdbDatabase = database.unchecked_into();
                // Fails only where the stores exist.
                let _ = database.create_object_store(ABOUT);
                let _ = database.create_object_store(ENTRIES);
            }
        });
        Ok(Self { database: database.await? })
    }

    /// The sessions that no other tab is in, the newest first. What is older than it may be is deleted unread.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn sessions(&self) -> Result<Vec<About>, StoreFault> {
        let (_transaction, store) = self.store(ABOUT, IdbTransactionMode::Readonly)?;
        let all = Array::from(&result(&store.get_all()?).await?);
        let live = tab_lock::held().await;
        let now_ms = js_sys::Date::now() as u64;
        let mut kept = Vec::new();
        for record in all.iter().filter_map(|record| record.as_string()) {
            let Ok(about) = serde_json::from_str::<About>(&record) else { continue };
            if live.contains(&lock_name(&about.session)) {
                continue;
            }
            if about.keep_until_ms < now_ms {
                self.delete(&about.session).await?;
            } else {
                kept.push(about);
            }
        }
        kept.sort_by_key(|about| std::cmp::Reverse(about.opened_at_ms));
        Ok(kept)
    }

    /// The entries of a session, in order; a damaged record ends them.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn entries(&self, session: &str) -> Result<Vec<Entry>, StoreFault> {
        let (_transaction, store) = self.store(ENTRIES, IdbTransactionMode::Readonly)?;
        let all = Array::from(&result(&store.get_all_with_key(&whole(session)?)?).await?);
        let mut entries = Vec::new();
        for record in all.iter() {
            let read = record.as_string().and_then(|text| serde_json::from_str::<Vec<Entry>>(&text).ok());
            match read {
                Some(more) => entries.extend(more),
                None => break,
            }
        }
        Ok(entries)
    }

    /// Delete all of a session.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn delete(&self, session: &str) -> Result<(), StoreFault> {
        let (transaction, store) = self.store(ENTRIES, IdbTransactionMode::Readwrite)?;
        store.delete(&whole(session)?)?;
        finished(&transaction).await?;
        let (transaction, store) = self.store(ABOUT, IdbTransactionMode::Readwrite)?;
        store.delete(&JsValue::from_str(session))?;
        finished(&transaction).await?;
        Ok(())
    }

    async fn note(&self, about: &About) -> Result<(), JsValue> {
        let (transaction, store) = self.store(ABOUT, IdbTransactionMode::Readwrite)?;
        let record = serde_json::to_string(about).unwrap_or_default(); // plain text and numbers: it cannot fail
        store.put_with_key(&JsValue::from_str(&record), &JsValue::from_str(&about.session))?;
        finished(&transaction).await
    }

    async fn count(&self, session: &str) -> Result<u32, JsValue> {
        let (_transaction, store) = self.store(ENTRIES, IdbTransactionMode::Readonly)?;
        let keys = Array::from(&result(&store.get_all_keys_with_key(&whole(session)?)?).await?);
        if keys.length() == 0 {
            return Ok(0);
        }
        let last = Array::from(&keys.get(keys.length() - 1)).get(1).as_f64();
        Ok(last.map_or(0, |last| last as u32 + 1))
    }

    async fn write(&self, session: &str, number: u32, entries: &[Entry]) -> Result<(), JsValue> {
        let (transaction, store) = self.store(ENTRIES, IdbTransactionMode::Readwrite)?;
        let record = serde_json::to_string(entries).unwrap_or_default(); // plain data: it cannot fail
        // `add`, not `put`: what is there is never written over.
        store.add_with_key(&JsValue::from_str(&record), &key(session, &number.into()))?;
        finished(&transaction).await
    }

    fn store(
        &self,
        name: &str,
        mode: IdbTransactionMode,
    ) -> Result<(IdbTransaction, IdbObjectStore), JsValue> {
        store_of(&self.database, name, mode)
    }
}

impl Drop for StudyStore {
    fn drop(&mut self) {
        self.database.close();
    }
}

/// Writes the entries of one session. While it lives no other tab takes the session up.
pub struct SessionJournal {
    store: StudyStore,
    about: About,
    next: Cell<u32>,
    waiting: RefCell<Vec<Entry>>,
    writing: Cell<bool>,
    _lock: TabLock,
}

impl SessionJournal {
    /// Begin the journal of a new session, or go on with that of an old one.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn begin(store: StudyStore, about: About) -> Result<Self, StoreFault> {
        let lock = TabLock::hold(&lock_name(&about.session));
        let next = store.count(&about.session).await?;
        store.note(&about).await?;
        let (next, waiting, writing) = (Cell::new(next), RefCell::default(), Cell::new(false));
        Ok(Self { store, about, next, waiting, writing, _lock: lock })
    }

    /// Take an entry; it is written with the next [`SessionJournal::flush`].
    pub fn push(&self, entry: Entry) {
        self.waiting.borrow_mut().push(entry);
    }

    /// Write what waits. Who calls while it is being written is served by the call before.
    ///
    /// # Errors
    /// [`StoreFault`]; what could not be written waits for the next call.
    pub async fn flush(&self) -> Result<(), StoreFault> {
        if self.writing.replace(true) {
            return Ok(());
        }
        let mut outcome = Ok(());
        while outcome.is_ok() {
            let entries = self.waiting.take();
            if entries.is_empty() {
                break;
            }
            let number = self.next.get();
            outcome = self.store.write(&self.about.session, number, &entries).await.map_err(StoreFault);
            match outcome {
                Ok(()) => self.next.set(number + 1),
                Err(_) => {
                    let later = self.waiting.take();
                    self.waiting.replace(entries.into_iter().chain(later).collect());
                }
            }
        }
        self.writing.set(false);
        outcome
    }

    /// Note what the camera gives: a page that is opened again after the stimuli could not know.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn note_camera(&self, camera: [u32; 3]) -> Result<(), StoreFault> {
        Ok(self.store.note(&About { camera: Some(camera), ..self.about.clone() }).await?)
    }

    /// Delete all that was written, and what waits.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn delete(&self) -> Result<(), StoreFault> {
        self.waiting.take();
        self.store.delete(&self.about.session).await
    }
}

fn lock_name(session: &str) -> String {
    format!("emotion-depth study {session}")
}

fn key(session: &str, number: &JsValue) -> JsValue {
    Array::of2(&JsValue::from_str(session), number).into()
}

/// All entries of a session: to a database a list is larger than any number.
fn whole(session: &str) -> Result<JsValue, JsValue> {
    let from = Array::of1(&JsValue::from_str(session));
    Ok(IdbKeyRange::bound(&from, &key(session, &Array::new().into()))?.into())
}
