//! What the camera activity shows, decided without a browser.

pub mod views;
