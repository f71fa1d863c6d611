//! The journal: recorded samples in the browser's own database, so that a crash or a closed tab costs at
//! most the last second. What its chunks hold is decided in [`emotion_record::journal`].
//!
//! A chunk's key is `[page, number]`: a page's chunks stand together in their order, and are read and deleted as a
//! range.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use js_sys::{Array, Uint8Array};
use thiserror::Error;
use wasm_bindgen::prelude::*;
use web_sys::{IdbDatabase, IdbFactory, IdbKeyRange, IdbObjectStore, IdbTransaction, IdbTransactionMode};

use crate::web::database::{finished, opened, result, store_of};
use crate::web::listener::{error_name, error_text};
use crate::web::tab_lock::{self, TabLock};
use emotion_record::journal::{Entry, Gathering, decode, decode_text, encode, text_recording};

const DATABASE: &str = "emotion-depth-journal";
const STORE: &str = "chunks";

/// Where version 1 wrote its chunks, as texts numbered in the order of writing, of all pages together. A database of
/// its own, so that a tab which still runs that version keeps its journal, and hinders no other.
const OLD_DATABASE: &str = "emotion-depth";
const OLD_STORE: &str = "samples";

/// Every page's name begins so, in both versions.
const PAGE: &str = "emotion-depth";

/// So many chunks, of a second each, are read at a time.
const CHUNKS_AT_ONCE: u32 = 64;

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

/// An open journal. Several tabs may each have one: a tab neither recovers nor deletes what another one is recording.
pub struct Journal {
    factory: IdbFactory,
    database: IdbDatabase,
    /// Name of this page, held as a lock as long as it lives.
    page: String,
    _lock: TabLock,
    /// Number of this page's next chunk.
    next: Cell<u32>,
    gathering: RefCell<Gathering<Entry>>,
    writing: Cell<bool>,
    /// A flush was asked for since the one under way took its entries.
    asked: Cell<bool>,
}

impl Journal {
    /// # Errors
    /// [`JournalFault::Unavailable`] where the browser has no database for this page.
    pub async fn open() -> Result<Self, JournalFault> {
        let window = web_sys::window().ok_or(JournalFault::Unavailable)?;
        let factory = window.indexed_db().ok().flatten().ok_or(JournalFault::Unavailable)?;
        let request = factory.open_with_u32(DATABASE, 1).map_err(|_| JournalFault::Unavailable)?;
        let database = opened(&request, |request| {
            if let Ok(database) = request.result() {
                let database: IdbDatabase = database.unchecked_into();
                // Fails only where the store exists.
                let _ = database.create_object_store(STORE);
            }
        });
        let database = database.await.map_err(|_| JournalFault::Unavailable)?;
        let page = format!("{PAGE} {} {}", js_sys::Date::now(), js_sys::Math::random());
        Ok(Self {
            factory,
            database,
            _lock: TabLock::hold(&page),
            page,
            next: Cell::new(0),
            gathering: RefCell::default(),
            writing: Cell::new(false),
            asked: Cell::new(false),
        })
    }

    /// Take entries; they are written at the latest with the first call a second after them.
    ///
    /// # Errors
    /// [`JournalFault`] where they could not be written; they are kept for the next try.
    pub async fn append(&self, entries: Vec<Entry>) -> Result<(), JournalFault> {
        let due = self.gathering.borrow_mut().add(entries, js_sys::Date::now());
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
            let entries = self.gathering.borrow_mut().take();
            if entries.is_empty() {
                continue;
            }
            outcome = self.write(&self.page, self.next.get(), &entries).await.map_err(|error| {
                self.gathering.borrow_mut().put_back(entries);
                fault(&error)
            });
            if outcome.is_ok() {
                self.next.set(self.next.get() + 1);
            }
        }
        self.writing.set(false);
        outcome
    }

    /// The pages which are gone and have left something, the oldest first.
    ///
    /// # Errors
    /// [`JournalFault`] where the database cannot be read.
    pub async fn pages(&self) -> Result<Vec<String>, JournalFault> {
        let live = tab_lock::held().await;
        // What cannot be moved now stays where it is for another time.
        let _ = self.adopt(&live).await;
        let found = async {
            let mut pages: Vec<String> = Vec::new();
            let (_transaction, store) = self.store(IdbTransactionMode::Readonly)?;
            let mut range = IdbKeyRange::lower_bound(&Array::new())?;
            // The first key behind each page's chunks is the next page's.
            while let Some(page) = first_page(&store, &range).await? {
                range = IdbKeyRange::lower_bound_with_open(&behind(&page), true)?;
                pages.push(page);
            }
            Ok(pages)
        };
        let mut pages = found.await.map_err(|error: JsValue| fault(&error))?;
        pages.retain(|page| *page != self.page && !live.contains(page));
        Ok(pages)
    }

    /// Give the entries of a page to `take`, in their order. A damaged chunk costs its own second, not the recording.
    ///
    /// # Errors
    /// [`JournalFault`] where the database cannot be read.
    pub async fn read(&self, page: &str, mut take: impl FnMut(Entry)) -> Result<(), JournalFault> {
        let mut read = async || {
            let mut range = whole(page)?;
            loop {
                let (_transaction, store) = self.store(IdbTransactionMode::Readonly)?;
                let keys = store.get_all_keys_with_key_and_limit(&range, CHUNKS_AT_ONCE)?;
                let chunks = result(&store.get_all_with_key_and_limit(&range, CHUNKS_AT_ONCE)?).await?;
                for chunk in Array::from(&chunks).iter() {
                    let entries = match chunk.as_string() {
                        Some(text) => decode_text(&text),
                        None => decode(&Uint8Array::new(&chunk).to_vec()),
                    };
                    entries.unwrap_or_default().into_iter().for_each(&mut take);
                }
                let keys = Array::from(&keys.result()?);
                if keys.length() < CHUNKS_AT_ONCE {
                    return Ok(());
                }
                let last = keys.get(keys.length() - 1);
                range = IdbKeyRange::bound_with_lower_open(&last, &behind(page), true)?.into();
            }
        };
        read().await.map_err(|error: JsValue| fault(&error))
    }

    /// Add to what pages which are gone have recorded, by the names that [`Journal::pages`] gives.
    ///
    /// # Errors
    /// [`JournalFault`] where it could not be written.
    pub async fn note(&self, pages: &[String], entry: &Entry) -> Result<(), JournalFault> {
        let noted = async {
            for page in pages {
                let (_transaction, store) = self.store(IdbTransactionMode::Readonly)?;
                let keys = Array::from(&result(&store.get_all_keys_with_key(&whole(page)?)?).await?);
                let last = Array::from(&keys.get(keys.length().saturating_sub(1))).get(1).as_f64();
                let next = last.map_or(0, |last| last as u32 + 1);
                self.write(page, next, std::slice::from_ref(entry)).await?;
            }
            Ok(())
        };
        noted.await.map_err(|error: JsValue| fault(&error))
    }

    /// Delete what this page has written: it was saved, or is not wanted.
    ///
    /// # Errors
    /// [`JournalFault`] where the database refuses.
    pub async fn clear(&self) -> Result<(), JournalFault> {
        self.gathering.borrow_mut().take();
        self.delete(std::slice::from_ref(&self.page)).await
    }

    /// Delete what pages have written, by the names that [`Journal::pages`] gives.
    ///
    /// # Errors
    /// [`JournalFault`] where the database refuses.
    pub async fn delete(&self, pages: &[String]) -> Result<(), JournalFault> {
        let deleted = async {
            let (transaction, store) = self.store(IdbTransactionMode::Readwrite)?;
            for page in pages {
                store.delete(&whole(page)?)?;
            }
            finished(&transaction).await
        };
        deleted.await.map_err(|error| fault(&error))
    }

    async fn write(&self, page: &str, number: u32, entries: &[Entry]) -> Result<(), JsValue> {
        let (transaction, store) = self.store(IdbTransactionMode::Readwrite)?;
        store.put_with_key(&Uint8Array::from(encode(entries).as_slice()), &key(page, number.into()))?;
        finished(&transaction).await
    }

    fn store(&self, mode: IdbTransactionMode) -> Result<(IdbTransaction, IdbObjectStore), JsValue> {
        store_of(&self.database, STORE, mode)
    }

    /// Move what pages of version 1 which are gone have left here, as it is. Where this is cut off it is done again:
    /// a chunk is deleted there when it stands here, under a key of its own.
    async fn adopt(&self, live: &BTreeSet<String>) -> Result<(), JsValue> {
        let request = self.factory.open(OLD_DATABASE)?;
        let opened = opened(&request, |request| {
            // There is none: make none.
            if let Some(transaction) = request.transaction() {
                let _ = transaction.abort();
            }
        });
        let Ok(old) = opened.await else { return Ok(()) };
        let emptied = self.adopt_from(&old, live).await;
        old.close();
        // Another tab of that version may be about to write.
        if emptied? && live.iter().all(|name| *name == self.page || !name.starts_with(PAGE)) {
            self.factory.delete_database(OLD_DATABASE)?;
        }
        Ok(())
    }

    /// Returns whether nothing is left there.
    async fn adopt_from(&self, old: &IdbDatabase, live: &BTreeSet<String>) -> Result<bool, JsValue> {
        let mut emptied = true;
        let mut range = IdbKeyRange::lower_bound(&JsValue::from_f64(0.0))?;
        loop {
            let (_reading, from) = store_of(old, OLD_STORE, IdbTransactionMode::Readonly)?;
            let keys = from.get_all_keys_with_key_and_limit(&range, CHUNKS_AT_ONCE)?;
            let chunks = result(&from.get_all_with_key_and_limit(&range, CHUNKS_AT_ONCE)?).await?;
            let keys = Array::from(&keys.result()?);
            let (writing, to) = self.store(IdbTransactionMode::Readwrite)?;
            let mut moved = Vec::new();
            for (number, chunk) in keys.iter().zip(Array::from(&chunks).iter()) {
                let text = chunk.as_string().unwrap_or_default();
                let page = text_recording(&text);
                if live.contains(page) {
                    emptied = false;
                    continue;
                }
                to.put_with_key(&chunk, &key(page, number.clone()))?;
                moved.push(number);
            }
            finished(&writing).await?;
            let (deleting, from) = store_of(old, OLD_STORE, IdbTransactionMode::Readwrite)?;
            for number in &moved {
                from.delete(number)?;
            }
            finished(&deleting).await?;
            if keys.length() < CHUNKS_AT_ONCE {
                return Ok(emptied);
            }
            range = IdbKeyRange::lower_bound_with_open(&keys.get(keys.length() - 1), true)?;
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.database.close();
    }
}

fn key(page: &str, number: JsValue) -> JsValue {
    Array::of2(&JsValue::from_str(page), &number).into()
}

/// What stands behind all chunks of a page: to a database a list is larger than any number.
fn behind(page: &str) -> JsValue {
    key(page, Array::new().into())
}

/// All chunks of a page.
fn whole(page: &str) -> Result<JsValue, JsValue> {
    Ok(IdbKeyRange::bound(&Array::of1(&JsValue::from_str(page)), &behind(page))?.into())
}

/// The page of the first chunk in a range.
async fn first_page(store: &IdbObjectStore, range: &IdbKeyRange) -> Result<Option<String>, JsValue> {
    let keys = Array::from(&result(&store.get_all_keys_with_key_and_limit(range, 1)?).await?);
    Ok(keys.iter().next().and_then(|key| Array::from(&key).get(0).as_string()))
}

fn fault(error: &JsValue) -> JournalFault {
    match error_name(error).as_str() {
        "QuotaExceededError" => JournalFault::Full,
        _ => JournalFault::Other(error_text(error)),
    }
}
