//! The journal: recorded samples in the browser's own database, so that a crash or a closed tab costs at
//! most the last second.

use std::cell::{Cell, RefCell};

use js_sys::{Array, Promise, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    EventTarget, IdbDatabase, IdbObjectStore, IdbObjectStoreParameters, IdbOpenDbRequest, IdbRequest,
    IdbTransaction, IdbTransactionMode,
};

use crate::web::chunk::{Gathering, decode, encode, recording_of};
use crate::web::listener::{Listener, error_name, error_text};
use crate::web::tab_lock::{self, TabLock};
use emotion_record::session::Sample;

const DATABASE: &str = "emotion-depth";
const STORE: &str = "samples";

/// Why samples are not (or no longer) kept beside the page. The recording itself goes on in memory.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum JournalFault {
    #[error(
        "This browser keeps no recordings for this page (private window?). The recording goes on, but closing \
         the tab loses it: save it before."
    )]
    Unavailable,
    #[error(
        "The browser's storage is full. The recording goes on, but closing the tab loses it: save it soon."
    )]
    Full,
    #[error("The recording could not be kept ({0}). It goes on, but closing the tab loses it: save it soon.")]
    Other(String),
}

/// An open journal of samples of the type `S`. Several tabs may each have one: a tab neither recovers nor
/// deletes what another one is recording.
pub struct Journal<S = Sample> {
    database: IdbDatabase,
    /// Name of this page's own recording, held as a lock as long as the page lives.
    recording: String,
    _lock: TabLock,
    gathering: RefCell<Gathering<S>>,
    writing: Cell<bool>,
    /// A flush was asked for since the one under way took its samples.
    asked: Cell<bool>,
}

impl<S: Serialize + DeserializeOwned + Clone + 'static> Journal<S> {
    /// # Errors
    /// [`JournalFault::Unavailable`] where the browser has no database for this page.
    pub async fn open() -> Result<Self, JournalFault> {
        let window = web_sys::window().ok_or(JournalFault::Unavailable)?;
        let factory = window.indexed_db().ok().flatten().ok_or(JournalFault::Unavailable)?;
        let request = factory.open_with_u32(DATABASE, 1).map_err(|_| JournalFault::Unavailable)?;
        let database = opened(&request).await.map_err(|_| JournalFault::Unavailable)?;
        let recording = format!("{DATABASE} {} {}", js_sys::Date::now(), js_sys::Math::random());
        Ok(Self {
            database,
            _lock: TabLock::hold(&recording),
            recording,
            gathering: RefCell::default(),
            writing: Cell::new(false),
            asked: Cell::new(false),
        })
    }

    /// Take samples; they are written at the latest with the first call a second after them.
    ///
    /// # Errors
    /// [`JournalFault`] where they could not be written; they are kept for the next try.
    pub async fn append(&self, samples: &[S]) -> Result<(), JournalFault> {
        let due = self.gathering.borrow_mut().add(samples, js_sys::Date::now());
        if due { self.flush().await } else { Ok(()) }
    }

    /// Write what has been taken so far: at the end of a recording, or when the page is hidden.
    ///
    /// # Errors
    /// As for [`Journal::append`].
    pub async fn flush(&self) -> Result<(), JournalFault> {
        // One at a time, so that chunks keep their order; who asks meanwhile is served by the one under way.
        self.asked.set(true);
        if self.writing.replace(true) {
            return Ok(());
        }
        let mut outcome = Ok(());
        while outcome.is_ok() && self.asked.take() {
            let samples = self.gathering.borrow_mut().take();
            outcome = self.write(&self.recording, &samples).await.map_err(|error| {
                self.gathering.borrow_mut().put_back(samples);
                fault(&error)
            });
        }
        self.writing.set(false);
        outcome
    }

    /// What pages which are gone have recorded and not cleared, the oldest first: each page's name here, and its samples.
    ///
    /// # Errors
    /// [`JournalFault`] where the database cannot be read.
    pub async fn recover(&self) -> Result<Vec<(String, Vec<S>)>, JournalFault> {
        let live = tab_lock::held().await;
        let found = async {
            let (_transaction, store) = self.store(IdbTransactionMode::Readonly)?;
            result(&store.get_all()?).await
        };
        let chunks: Vec<String> = Array::from(&found.await.map_err(|error| fault(&error))?)
            .iter()
            .filter_map(|chunk| chunk.as_string())
            .collect();
        let gone = chunks.iter().map(String::as_str).filter(|chunk| {
            let recording = recording_of(chunk);
            recording != self.recording && !live.contains(recording)
        });
        Ok(decode(gone).into_iter().map(|(recording, samples)| (recording.to_owned(), samples)).collect())
    }

    /// Add to what pages which are gone have recorded, by the names that [`Journal::recover`] gives.
    ///
    /// # Errors
    /// [`JournalFault`] where it could not be written.
    pub async fn note(&self, recordings: &[String], samples: &[S]) -> Result<(), JournalFault> {
        for recording in recordings {
            self.write(recording, samples).await.map_err(|error| fault(&error))?;
        }
        Ok(())
    }

    /// Delete this page's samples: they were saved, or are not wanted.
    ///
    /// # Errors
    /// [`JournalFault`] where the database refuses.
    pub async fn clear(&self) -> Result<(), JournalFault> {
        self.gathering.borrow_mut().take();
        self.delete(std::slice::from_ref(&self.recording)).await
    }

    /// Delete what pages which are gone have recorded, by the names that [`Journal::recover`] gives.
    ///
    /// # Errors
    /// [`JournalFault`] where the database refuses.
    pub async fn delete(&self, recordings: &[String]) -> Result<(), JournalFault> {
        let deleted = async {
            let (transaction, store) = self.store(IdbTransactionMode::Readwrite)?;
            let keys = store.get_all_keys()?;
            let chunks = result(&store.get_all()?).await?;
            for (key, chunk) in Array::from(&keys.result()?).iter().zip(Array::from(&chunks).iter()) {
                let chunk = chunk.as_string().unwrap_or_default();
                let recording = recording_of(&chunk);
                if recordings.iter().any(|wanted| wanted == recording) {
                    store.delete(&key)?;
                }
            }
            finished(&transaction).await
        };
        deleted.await.map_err(|error| fault(&error))
    }

    async fn write(&self, recording: &str, samples: &[S]) -> Result<(), JsValue> {
        if samples.is_empty() {
            return Ok(());
        }
        let text = encode(recording, samples).map_err(|error| JsValue::from_str(&error.to_string()))?;
        let (transaction, store) = self.store(IdbTransactionMode::Readwrite)?;
        store.add(&JsValue::from_str(&text))?;
        finished(&transaction).await
    }

    fn store(&self, mode: IdbTransactionMode) -> Result<(IdbTransaction, IdbObjectStore), JsValue> {
        let transaction = self.database.transaction_with_str_and_mode(STORE, mode)?;
        let store = transaction.object_store(STORE)?;
        Ok((transaction, store))
    }
}

impl<S> Drop for Journal<S> {
    fn drop(&mut self) {
        self.database.close();
    }
}

async fn opened(request: &IdbOpenDbRequest) -> Result<IdbDatabase, JsValue> {
    let upgrading = request.clone();
    let upgrade = Listener::new(request, "upgradeneeded", move |_| {
        if let Ok(database) = upgrading.result() {
            let database: IdbDatabase = database.unchecked_into();
            let options = IdbObjectStoreParameters::new();
            options.set_auto_increment(true);
            // Fails only where the store exists.
            let _ = database.create_object_store_with_optional_parameters(STORE, &options);
        }
    });
    let database = result(request).await?;
    drop(upgrade);
    Ok(database.unchecked_into())
}

/// The result of one request.
async fn result(request: &IdbRequest) -> Result<JsValue, JsValue> {
    event(request, "success", "error").await?;
    request.result()
}

/// The end of a transaction: only then is it written. A failed request aborts it, and then it knows why.
async fn finished(transaction: &IdbTransaction) -> Result<(), JsValue> {
    event(transaction, "complete", "abort").await
}

/// Wait for the event `good`; at the event `bad` fail with the target's `error`.
async fn event(target: &EventTarget, good: &'static str, bad: &'static str) -> Result<(), JsValue> {
    let mut listeners = None;
    let promise = Promise::new(&mut |resolve, reject| {
        let on_good = Listener::new(target, good, move |_| {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        });
        let failed = target.clone();
        let on_bad = Listener::new(target, bad, move |_| {
            let error = Reflect::get(&failed, &JsValue::from_str("error")).unwrap_or(JsValue::UNDEFINED);
            let _ = reject.call1(&JsValue::UNDEFINED, &error);
        });
        listeners = Some((on_good, on_bad));
    });
    let outcome = JsFuture::from(promise).await;
    drop(listeners);
    outcome.map(|_| ())
}

fn fault(error: &JsValue) -> JournalFault {
    match error_name(error).as_str() {
        "QuotaExceededError" => JournalFault::Full,
        _ => JournalFault::Other(error_text(error)),
    }
}
