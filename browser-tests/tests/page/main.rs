//! The built page in a real headless Chromium, used as a person would use it.
//!
//! `cargo xtask test` builds the page and names the browser; each test starts its own browser with a fresh profile and
//! its own server on a free port.

mod accessibility;
mod binaries;
mod bit_equal;
mod builder;
mod camera_states;
mod engine_states;
mod faults;
mod live;
mod narrow;
mod offline;
mod other_worlds;
mod panel;
mod photos;
mod privacy;
mod readme;
mod recording;
mod steps;
mod study;
mod video;
mod welcome;
