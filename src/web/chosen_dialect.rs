//! In which dialect tables are saved, kept for the next visit: a setting, and nothing of a person.

use web_sys::Storage;

use emotion_record::export::Dialect;

const KEY: &str = "emotion-depth-table";

/// `None` where the browser keeps nothing for this page.
fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

pub fn remember(dialect: Dialect) {
    if let Some(storage) = storage() {
        // Where it cannot be kept the next visit begins with the other one.
        let _ = storage.set_item(KEY, dialect.name());
    }
}

pub fn recalled() -> Option<Dialect> {
    Dialect::named(&storage()?.get_item(KEY).ok()??)
}
