//! What the camera activity shows, decided without a browser.

pub mod labels;
pub mod measures;
pub mod neutral;
pub mod readout;
pub mod recording;
pub mod silence;
pub mod views;
