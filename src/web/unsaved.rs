//! Whether a recording of the camera waits to be saved, told to the page's other activities. The recording itself is in the
//! journal, which only the camera's page reads; here is nothing but the word.

use web_sys::Storage;

const KEY: &str = "emotion-depth-unsaved";

/// The word must outlive the tab, as the journal does; `None` where the browser keeps nothing for this page.
fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// A recording waits, or none does any more.
pub fn tell(waits: bool) {
    if let Some(storage) = storage() {
        // Where it cannot be kept the other activities do not know; the camera's page offers the recording all the same.
        let _ = if waits { storage.set_item(KEY, "1") } else { storage.remove_item(KEY) };
    }
}

pub fn waits() -> bool {
    storage().and_then(|storage| storage.get_item(KEY).ok().flatten()).is_some()
}
