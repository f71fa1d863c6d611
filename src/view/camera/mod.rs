//! What the camera activity shows, decided without a browser.

pub mod bad_frames;
pub mod measures;
pub mod neutral;
pub mod obstacle;
pub mod readout;
pub mod silence;
pub mod views;
