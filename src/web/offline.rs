//! The files of a release on this device, and the service worker that gives them out (`public/offline.js`): before the
//! seal only, which takes both away.

use std::collections::BTreeSet;

use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use thiserror::Error;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{EventTarget, Request, RequestCache, Response, Url};

use crate::view::release::{Release, ReleaseFile, media_type, parse};
use crate::web::asset_list::AssetFault;
use crate::web::fetcher::Fetcher;
use crate::web::listener::{FirstOf, error_name, error_text};
use crate::web::tab_lock;

// Cache Storage and service workers, with only what is used here.
#[wasm_bindgen]
extern "C" {
    type CacheStorage;
    #[wasm_bindgen(method, catch)]
    fn open(this: &CacheStorage, name: &str) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn keys(this: &CacheStorage) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn delete(this: &CacheStorage, name: &str) -> Result<Promise, JsValue>;

    type Cache;
    #[wasm_bindgen(method, catch, js_name = keys)]
    fn requests(this: &Cache) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = match)]
    fn find(this: &Cache, url: &str) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn put(this: &Cache, url: &str, response: &MadeResponse) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_name = Response)]
    type MadeResponse;
    #[wasm_bindgen(constructor, js_class = "Response", catch)]
    fn new(body: &Uint8Array, init: &Object) -> Result<MadeResponse, JsValue>;

    type Workers;
    #[wasm_bindgen(method, catch, js_name = getRegistration)]
    fn registration(this: &Workers) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn register(this: &Workers, script: &str) -> Result<Promise, JsValue>;

    type Registration;
    #[wasm_bindgen(method, getter)]
    fn active(this: &Registration) -> Option<OwnWorker>;
    #[wasm_bindgen(method, getter)]
    fn installing(this: &Registration) -> Option<OwnWorker>;
    #[wasm_bindgen(method, getter)]
    fn waiting(this: &Registration) -> Option<OwnWorker>;

    #[wasm_bindgen(extends = EventTarget)]
    type OwnWorker;
    #[wasm_bindgen(method, getter, js_name = scriptURL)]
    fn script(this: &OwnWorker) -> String;
    #[wasm_bindgen(method, getter)]
    fn state(this: &OwnWorker) -> String;
}

/// What a promise gives, if it was made.
async fn settled(promise: Result<Promise, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(promise?).await
}

/// What the window or its navigator has under a name.
fn part<T: JsCast>(of: &JsValue, name: &str) -> Option<T> {
    // Where it is barred, as in a sandbox, even to ask for it throws.
    let found = Reflect::get(of, &JsValue::from_str(name)).ok()?;
    found.is_object().then(|| found.unchecked_into())
}

/// The list of a release, on its host and beside its files.
const LIST: &str = "release.json";
/// Every cache of ours begins so; the worker says the same.
const PREFIX: &str = "emotion-depth-";
/// What is kept of studies that were opened, beside the releases; the page alone reads it.
const STUDIES: &str = "studies";
/// Held by the tab that loads another release: what it has so far is not tidied away.
const UPDATING: &str = "emotion-depth-update";
/// Starting a worker takes no longer.
const START_MS: i32 = 10_000;

/// Why something is not kept. The message is for a person.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OfflineFault {
    #[error(transparent)]
    File(#[from] AssetFault),
    #[error("There is no room left on this device for the page's files. Delete something and try again.")]
    Full,
    #[error("This browser keeps nothing for this page ({0}). In a private window that is so.")]
    Refused(String),
}

impl OfflineFault {
    fn of_store(error: &JsValue) -> Self {
        match error_name(error).as_str() {
            "QuotaExceededError" => OfflineFault::Full,
            _ => OfflineFault::Refused(error_text(error)),
        }
    }
}

/// The release that this page is of; `None`: it is a build that is not one.
pub fn own_release() -> Option<String> {
    let document = web_sys::window()?.document()?;
    let meta = document.query_selector("meta[name=release]").ok()??;
    meta.get_attribute("content").filter(|id| !id.is_empty())
}

/// The folder of the page's own files, relative to the page: empty, or with a slash at its end.
pub fn folder() -> String {
    own_release().map(|id| format!("{id}/")).unwrap_or_default()
}

/// Whether this browser can keep a page.
pub fn is_supported() -> bool {
    container().is_some() && storage().is_some()
}

fn container() -> Option<Workers> {
    part(&web_sys::window()?.navigator(), "serviceWorker")
}

fn storage() -> Option<CacheStorage> {
    part(&web_sys::window()?.into(), "caches")
}

/// The address of the page's folder, with a slash at its end.
fn here() -> Option<String> {
    let location = web_sys::window()?.location().href().ok()?;
    Some(Url::new_with_base("./", &location).ok()?.href())
}

/// The path by which a file is asked for: a host may have `index.html` under the folder's name alone.
fn address(file: &str) -> &str {
    if file == "index.html" { "" } else { file }
}

/// The list of the release that the host has now.
///
/// # Errors
/// There is no network, or no such list.
pub async fn newest(fetcher: &Fetcher) -> Result<(Release, String), AssetFault> {
    let text = fetcher.text(LIST, RequestCache::NoCache).await?;
    let release = parse(&text).ok_or_else(|| AssetFault::List("it is not the list of a release".into()))?;
    Ok((release, text))
}

/// What is kept of one release.
pub struct Shelf {
    cache: Cache,
    here: String,
}

impl Shelf {
    /// # Errors
    /// The browser keeps nothing for this page.
    pub async fn open(id: &str) -> Result<Self, OfflineFault> {
        let caches = storage().ok_or_else(|| OfflineFault::Refused("there is no store".into()))?;
        let here = here().ok_or_else(|| OfflineFault::Refused("the page has no address".into()))?;
        let cache = settled(caches.open(&format!("{PREFIX}{id}"))).await;
        let cache = cache.map_err(|error| OfflineFault::of_store(&error))?.unchecked_into();
        Ok(Self { cache, here })
    }

    /// Of the files of studies; `None` where nothing is kept.
    pub(super) async fn of_studies() -> Option<Self> {
        (own_release().is_some() && is_supported()).then_some(())?;
        Self::open(STUDIES).await.ok()
    }

    /// Paths below the page of what is there.
    pub async fn names(&self) -> BTreeSet<String> {
        let Ok(keys) = settled(self.cache.requests()).await else { return BTreeSet::new() };
        let path = |request: JsValue| {
            let url = request.unchecked_into::<Request>().url();
            let path = url.strip_prefix(self.here.as_str())?;
            Some(if path.is_empty() { "index.html" } else { path }.to_owned())
        };
        Array::from(&keys).iter().filter_map(path).collect()
    }

    /// The list of the release, if it is there.
    pub async fn list(&self) -> Option<Release> {
        let bytes = self.bytes(LIST).await?;
        parse(&String::from_utf8(bytes.to_vec()).ok()?)
    }

    pub(super) async fn bytes(&self, file: &str) -> Option<Uint8Array> {
        let key = format!("{}{}", self.here, address(file));
        let found = settled(self.cache.find(&key)).await.ok()?;
        let response = found.dyn_into::<Response>().ok()?;
        let buffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
        Some(Uint8Array::new(&buffer))
    }

    pub(super) async fn put(&self, file: &str, bytes: &Uint8Array) -> Result<(), OfflineFault> {
        let fault = |error: JsValue| OfflineFault::of_store(&error);
        let (init, headers) = (Object::new(), Object::new());
        Reflect::set(&headers, &"Content-Type".into(), &media_type(file).into()).map_err(fault)?;
        Reflect::set(&init, &"headers".into(), &headers).map_err(fault)?;
        let response = MadeResponse::new(bytes, &init).map_err(fault)?;
        let key = format!("{}{}", self.here, address(file));
        settled(self.cache.put(&key, &response)).await.map_err(fault)?;
        Ok(())
    }

    /// Keep a release's list, when its files are there.
    ///
    /// # Errors
    /// [`OfflineFault`].
    pub async fn put_list(&self, text: &str) -> Result<(), OfflineFault> {
        self.put(LIST, &Uint8Array::from(text.as_bytes())).await
    }

    /// Keep these files, each held against its hash. `at_hand` are files that were loaded already, `cache` where else to look
    /// first; `on_bytes` hears how many bytes were added.
    ///
    /// # Errors
    /// [`OfflineFault`]; what was kept until then stays.
    pub async fn keep(
        &self,
        fetcher: &Fetcher,
        files: &[&ReleaseFile],
        at_hand: &AtHand<'_>,
        cache: RequestCache,
        mut on_bytes: impl FnMut(u64),
    ) -> Result<(), OfflineFault> {
        for row in files {
            let bytes = match at_hand.find(fetcher, row).await {
                Some(bytes) => bytes,
                None => fetch_checked(fetcher, row, cache).await?,
            };
            self.put(&row.file, &bytes).await?;
            on_bytes(row.bytes);
        }
        Ok(())
    }
}

/// Files that need not be loaded once more.
#[derive(Default)]
pub struct AtHand<'a> {
    /// In memory, by their paths below the page.
    pub loaded: Vec<(String, Uint8Array)>,
    /// Of the release before.
    pub before: Option<(&'a Shelf, &'a Release)>,
}

impl AtHand<'_> {
    async fn find(&self, fetcher: &Fetcher, row: &ReleaseFile) -> Option<Uint8Array> {
        let loaded = self.loaded.iter().find(|(file, _)| *file == row.file).map(|(_, bytes)| bytes.clone());
        let bytes = match (loaded, &self.before) {
            (Some(bytes), _) => bytes,
            (None, Some((shelf, release))) => {
                shelf.bytes(release.by_hash().get(row.sha256.as_str())?).await?
            }
            (None, None) => return None,
        };
        fetcher.matches(&bytes, &row.sha256).await.ok()?.then_some(bytes)
    }
}

/// A file of the host; once more past the browser's cache where it is another one.
async fn fetch_checked(
    fetcher: &Fetcher,
    row: &ReleaseFile,
    cache: RequestCache,
) -> Result<Uint8Array, AssetFault> {
    for cache in [cache, RequestCache::Reload] {
        let response = fetcher.send(address(&row.file), cache);
        let bytes = fetcher.body(&row.file, response, |_| ()).await?;
        if fetcher.matches(&bytes, &row.sha256).await? {
            return Ok(bytes);
        }
    }
    Err(AssetFault::Damaged(row.file.clone()))
}

fn worker_of(id: &str) -> String {
    format!("offline-{id}.js")
}

/// Have the worker of a release answer for the page, from the next load on; does nothing where it does already.
///
/// # Errors
/// The browser does not start it; the one before goes on.
pub async fn enlist(id: &str) -> Result<(), OfflineFault> {
    let refused = |error: JsValue| OfflineFault::Refused(error_text(&error));
    let no_start = || OfflineFault::Refused("its worker does not start".into());
    let container = container().ok_or_else(no_start)?;
    let script = worker_of(id);
    let is_ours = |worker: Option<OwnWorker>| worker.is_some_and(|worker| worker.script().ends_with(&script));
    let found = settled(container.registration()).await.map_err(refused)?;
    if found.is_object() && is_ours(found.unchecked_into::<Registration>().active()) {
        return Ok(());
    }
    let registered = settled(container.register(&format!("./{script}"))).await.map_err(refused)?;
    let registration: Registration = registered.unchecked_into();
    loop {
        if is_ours(registration.active()) {
            return Ok(());
        }
        let starting = registration.installing().or_else(|| registration.waiting()).ok_or_else(no_start)?;
        let changes = FirstOf::new(&starting, &["statechange"], START_MS);
        match starting.state().as_str() {
            "activated" => return Ok(()),
            "redundant" => return Err(no_start()),
            _ => drop(changes.wait().await.ok_or_else(no_start)?),
        }
    }
}

/// Delete what is kept of other releases, unless a tab is loading one just now.
pub async fn tidy(id: &str) {
    let Some(caches) = storage() else { return };
    if tab_lock::held().await.contains(UPDATING) {
        return;
    }
    let Ok(names) = settled(caches.keys()).await else { return };
    let own = format!("{PREFIX}{id}");
    for name in Array::from(&names).iter().filter_map(|name| name.as_string()) {
        let of_release =
            name.strip_prefix(PREFIX).is_some_and(|id| id.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if of_release && name != own {
            // What cannot be deleted now is at the next visit.
            let _ = settled(caches.delete(&name)).await;
        }
    }
}

/// While it lives, other tabs do not tidy.
pub fn updating() -> tab_lock::TabLock {
    tab_lock::TabLock::hold(UPDATING)
}
