//! What the photo activity shows: signals, written by its controller alone.

use std::sync::Arc;

use leptos::prelude::*;

use crate::ui::state::Loading;
use crate::view::photos::{Batch, Filter, Order, Row};
use crate::view::usage::Usage;

/// The views of the photo activity; `main[data-view]` holds the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// What it is, and the choice of use.
    Welcome,
    /// Start was pressed before everything was there.
    Loading,
    Photos,
    /// Loading or starting the engine failed.
    Failed,
    Unsupported,
}

impl View {
    pub fn name(self) -> &'static str {
        match self {
            View::Welcome => "photos-welcome",
            View::Loading => "photos-loading",
            View::Photos => "photos",
            View::Failed => "photos-failed",
            View::Unsupported => "unsupported",
        }
    }
}

/// So many rows are shown at first, and so many more on each request: a table of thousands would be slow.
pub const ROWS_AT_ONCE: usize = 200;

#[derive(Clone, Copy)]
pub struct State {
    pub view: RwSignal<View>,
    pub usage: RwSignal<Option<Usage>>,
    pub loading: RwSignal<Loading>,
    /// The sentence of the views `photos-failed` and `unsupported`, or what went wrong with a saved file.
    pub fault: RwSignal<String>,
    pub sealed: RwSignal<bool>,
    /// The engine can read.
    pub ready: RwSignal<bool>,
    pub rows: RwSignal<Vec<Arc<Row>>>,
    pub order: RwSignal<Order>,
    pub filter: RwSignal<Filter>,
    /// How many of the chosen rows are shown.
    pub limit: RwSignal<usize>,
    pub batch: RwSignal<Batch>,
    /// Look for faces down to 24 pixels.
    pub small: RwSignal<bool>,
    /// How long one search takes on this device, in milliseconds.
    pub search_ms: RwSignal<Option<f64>>,
    pub announcement: RwSignal<String>,
}

impl State {
    pub fn new() -> Self {
        Self {
            view: RwSignal::new(View::Welcome),
            usage: RwSignal::new(None),
            loading: RwSignal::new(Loading::Bytes { loaded: 0, total: 0 }),
            fault: RwSignal::new(String::new()),
            sealed: RwSignal::new(false),
            ready: RwSignal::new(false),
            rows: RwSignal::new(Vec::new()),
            order: RwSignal::new(Order::default()),
            filter: RwSignal::new(Filter::default()),
            limit: RwSignal::new(ROWS_AT_ONCE),
            batch: RwSignal::new(Batch::default()),
            small: RwSignal::new(false),
            search_ms: RwSignal::new(None),
            announcement: RwSignal::new(String::new()),
        }
    }
}
