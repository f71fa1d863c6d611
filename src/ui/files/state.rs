//! Signals of the activities that read files, written by [`crate::ui::files::FilesControl`] and the activity's own controller.

use leptos::prelude::*;

use crate::ui::state::Loading;
use crate::view::usage::Usage;
use crate::web::asset_list::Activity;

/// The views of an activity; `main[data-view]` holds the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// What it is, and the choice of use.
    Welcome,
    /// Start was pressed before everything was there.
    Loading,
    /// Files can be chosen.
    Work,
    /// Loading or starting the engine failed.
    Failed,
    Unsupported,
}

impl View {
    pub fn name(self, activity: Activity) -> &'static str {
        let video = activity == Activity::Video;
        match self {
            View::Welcome if video => "video-welcome",
            View::Welcome => "photos-welcome",
            View::Loading if video => "video-loading",
            View::Loading => "photos-loading",
            View::Work if video => "video",
            View::Work => "photos",
            View::Failed if video => "video-failed",
            View::Failed => "photos-failed",
            View::Unsupported => "unsupported",
        }
    }
}

#[derive(Clone, Copy)]
pub struct FilesState {
    pub view: RwSignal<View>,
    pub usage: RwSignal<Option<Usage>>,
    pub loading: RwSignal<Loading>,
    /// The sentence of the views that failed, or what went wrong with a saved file.
    pub fault: RwSignal<String>,
    pub sealed: RwSignal<bool>,
    /// The engine can read.
    pub ready: RwSignal<bool>,
    pub announcement: RwSignal<String>,
    /// Under which name the readings, or their chart, were saved last, as a sentence; empty again with new readings or a fault.
    pub saved: RwSignal<String>,
    /// There are readings that no file holds: the browser asks before the page is left.
    pub unsaved: RwSignal<bool>,
}

impl FilesState {
    pub fn new() -> Self {
        Self {
            view: RwSignal::new(View::Welcome),
            usage: RwSignal::new(None),
            loading: RwSignal::new(Loading::Bytes { loaded: 0, total: 0 }),
            fault: RwSignal::new(String::new()),
            sealed: RwSignal::new(false),
            ready: RwSignal::new(false),
            announcement: RwSignal::new(String::new()),
            saved: RwSignal::new(String::new()),
            unsaved: RwSignal::new(false),
        }
    }
}
