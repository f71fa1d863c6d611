//! The browser's side of the page: camera, frames, worker, files, storage. Thin: a handle for each
//! thing that must be stopped, which stops it when dropped. What needs no browser stands in files of
//! its own, compiled and tested on the host too.

pub mod asset_list;
pub mod camera_fault;
pub mod clip_fault;
pub mod file_name;
pub mod pending;
pub mod turn;
pub mod worker_source;

// What only exists in a browser.
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod assets;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod awake;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod camera;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod capture;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod chosen_dialect;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod chosen_use;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod clip;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod clock;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
mod database;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod fetcher;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod files;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod film;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod fingerprint;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod full_screen;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod journal;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod listener;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod live_event;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod media;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod object_url;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod offline;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod picked;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod place;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod player;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod random;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod raster;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod requests;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod seal;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod sharing;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod still;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod study_files;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod study_folder;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod study_store;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod support;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod tab_lock;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod unsaved;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod visibility;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod worker_client;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod zip_file;
