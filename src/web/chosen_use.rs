//! The choice of use, kept for the other activities of the same tab: each is a page load of its own, and would ask again.

use web_sys::Storage;

use crate::view::usage::Usage;

const KEY: &str = "emotion-depth-use";

/// The tab's own storage, which ends with the tab unless that is restored; `None` where the browser keeps nothing for this page.
fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

pub fn remember(usage: Usage) {
    if let Some(storage) = storage() {
        // Where it cannot be kept the next activity asks again.
        let _ = storage.set_item(KEY, usage.value());
    }
}

pub fn recalled() -> Option<Usage> {
    let value = storage()?.get_item(KEY).ok()??;
    Usage::ALL.into_iter().find(|usage| usage.value() == value)
}
