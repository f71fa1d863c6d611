//! The page: Leptos components that read signals, fed by one controller.
//!
//! camera -> frames -> worker -> reading -> smoothing and baseline -> [`state::State`] -> components.
//! Components call the controller's methods; nothing flows back otherwise.

mod app;
mod columns;
mod control;
mod corrected;
mod faces;
mod files;
mod gauges;
mod live;
mod notices;
mod parts;
mod photos;
mod picture;
mod plot;
mod quality;
mod recording;
mod recovery;
mod settings;
mod speed;
mod state;
mod timeline;
mod toolbar;
mod uses;
mod video;
mod welcome;

use crate::web::asset_list::Activity;

/// Show the page in the document's body.
pub fn start() {
    console_error_panic_hook::set_once();
    let query = web_sys::window().and_then(|window| window.location().search().ok()).unwrap_or_default();
    match Activity::of_query(&query) {
        Activity::Live => leptos::mount::mount_to_body(app::App),
        Activity::Photos => leptos::mount::mount_to_body(photos::Photos),
        Activity::Video => leptos::mount::mount_to_body(video::Video),
    }
}
