//! The browser's side of the page: camera, frames, worker, files, storage. Thin: a handle for each
//! thing that must be stopped, which stops it when dropped. What needs no browser stands in files of
//! its own, compiled and tested on the host too.

pub mod asset_list;
pub mod camera_fault;
pub mod chunk;
pub mod file_name;
pub mod pending;
pub mod worker_source;

/// What only exists in a browser.
macro_rules! browser {
    ($($name:ident)*) => {
        $(#[cfg(all(target_arch = "wasm32", feature = "page"))] pub mod $name;)*
    };
}

browser! {
    assets awake camera capture files journal listener live_event media seal support tab_lock visibility worker_client
}
