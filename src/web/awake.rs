//! Keep the screen on while something is recorded.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{WakeLockSentinel, WakeLockType};

use crate::web::listener::Listener;
use crate::web::visibility;

/// A screen wake lock; the screen may sleep again when it is dropped.
///
/// The browser takes the lock away while the page is hidden; it is asked for again on return.
#[must_use = "the screen may sleep again when this is dropped"]
pub struct WakeLock {
    sentinel: Rc<RefCell<Option<WakeLockSentinel>>>,
    _visibility: Listener,
}

impl WakeLock {
    /// `None` where the browser has no wake lock or refuses it (low battery): the page works without.
    pub async fn request() -> Option<Self> {
        let sentinel = Rc::new(RefCell::new(Some(sentinel().await?)));
        let weak = Rc::downgrade(&sentinel);
        let visibility = visibility::on_change(move |hidden| {
            let weak = weak.clone();
            if hidden {
                return;
            }
            spawn_local(async move {
                let new = self::sentinel().await;
                match (weak.upgrade(), new) {
                    (Some(slot), Some(new)) => {
                        if let Some(old) = slot.replace(Some(new)) {
                            release(&old);
                        }
                    }
                    (None, Some(new)) => release(&new),
                    (_, None) => {}
                }
            });
        });
        Some(Self { sentinel, _visibility: visibility })
    }
}

impl Drop for WakeLock {
    fn drop(&mut self) {
        if let Some(sentinel) = self.sentinel.take() {
            release(&sentinel);
        }
    }
}

async fn sentinel() -> Option<WakeLockSentinel> {
    let navigator = web_sys::window()?.navigator();
    // Absent in older browsers and on insecure origins, where the getter gives undefined.
    if !js_sys::Reflect::has(&navigator, &JsValue::from_str("wakeLock")).unwrap_or(false) {
        return None;
    }
    JsFuture::from(navigator.wake_lock().request(WakeLockType::Screen)).await.ok()
}

fn release(sentinel: &WakeLockSentinel) {
    let released = sentinel.release();
    spawn_local(async move {
        let _ = JsFuture::from(released).await;
    });
}
