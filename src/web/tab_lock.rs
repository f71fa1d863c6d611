//! A name that this tab holds as long as it lives, and that other tabs can see.

use std::collections::BTreeSet;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

// navigator.locks, with only what is used here.
#[wasm_bindgen]
extern "C" {
    type LockManager;
    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &Object,
        callback: &Closure<dyn FnMut() -> Promise>,
    ) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn query(this: &LockManager) -> Result<Promise, JsValue>;
}

/// Holds a Web Lock until it is dropped or the tab ends, by a crash too.
#[must_use = "the name is given back when this is dropped"]
pub struct TabLock {
    release: Option<Function>,
    _callback: Option<Closure<dyn FnMut() -> Promise>>,
}

impl TabLock {
    /// Hold `name`, which nobody else may use. Without Web Locks this holds nothing.
    pub fn hold(name: &str) -> Self {
        let Some(locks) = locks() else { return Self { release: None, _callback: None } };
        let mut release = None;
        let held = Promise::new(&mut |resolve, _| release = Some(resolve));
        let callback = Closure::<dyn FnMut() -> Promise>::new(move || held.clone());
        if let Ok(done) = locks.request(name, &Object::new(), &callback) {
            spawn_local(async move {
                // Rejected where the page is going away: then the lock is gone anyway.
                let _ = JsFuture::from(done).await;
            });
        }
        Self { release, _callback: Some(callback) }
    }
}

impl Drop for TabLock {
    fn drop(&mut self) {
        if let Some(release) = self.release.take() {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// The names that all tabs of this site hold now, this one's too; empty without Web Locks.
pub async fn held() -> BTreeSet<String> {
    let Some(Ok(query)) = locks().map(|locks| locks.query()) else { return BTreeSet::new() };
    let Ok(snapshot) = JsFuture::from(query).await else { return BTreeSet::new() };
    let Ok(held) = Reflect::get(&snapshot, &JsValue::from_str("held")) else { return BTreeSet::new() };
    Array::from(&held)
        .iter()
        .filter_map(|lock| Reflect::get(&lock, &JsValue::from_str("name")).ok()?.as_string())
        .collect()
}

fn locks() -> Option<LockManager> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &JsValue::from_str("locks")).ok()?;
    locks.is_object().then(|| locks.unchecked_into())
}
