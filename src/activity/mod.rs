//! What the page can be opened for. An activity is one folder here, one binary in `src/bin` and one row of the table in the
//! crate `activities`; everything else about its life is the same for all: see [`life`].

pub mod life;

#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod builder;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod camera;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod frame;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
mod offline;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
mod page;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod panel;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod photos;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod study;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod turns;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod video;

#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub use page::{Activity, start};
