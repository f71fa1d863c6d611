//! What the page shows, as plain data and arithmetic: no web types, tested on the host.
//!
//! `ui` holds the components; everything that can be wrong by a number or a word is decided here.

pub mod bad_frames;
pub mod builder;
pub mod camera;
pub mod chart;
pub mod choice;
pub mod frame_watch;
pub mod loading;
pub mod marker;
pub mod offline;
pub mod overlay;
pub mod panel;
pub mod pause;
pub mod photos;
pub mod release;
pub mod runs;
pub mod speed;
pub mod study;
pub mod throttle;
pub mod timeline;
pub mod usage;
pub mod video;
pub mod words;
