//! Emotion depth, the browser application: how deep each of seven expressions is on a face, measured on the device.
//!
//! What needs no browser lies in `crates/`. Here: `protocol` is all that page and worker share, `worker` answers with the
//! engine, `web` holds the browser's things, `view` decides what is shown (no web types, tested on the host), `ui` has the components
//! that activities share, and each activity is a folder of `activity`.

pub mod activity;
pub mod order;
pub mod protocol;
pub mod view;

/// The engine's worker; only in the engine's binary.
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
pub mod worker;

/// The worker of panels; only in its binary.
#[cfg(all(target_arch = "wasm32", feature = "panel_worker"))]
pub mod panel_worker;

/// What the workers share.
#[cfg(all(target_arch = "wasm32", any(feature = "engine", feature = "panel_worker")))]
pub mod worker_port;

pub mod web;

/// The components of the page; only in its binaries.
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod ui;
