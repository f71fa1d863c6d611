//! What the photo activity shows: signals, written by its controller alone.

use std::sync::Arc;

use leptos::prelude::*;

use crate::activity::frame::Frame;
use crate::ui::kept::Kept;
use crate::view::photos::{Batch, Filter, Order, Row};

/// So many rows are shown at first, and so many more on each request: a table of thousands would be slow.
pub const ROWS_AT_ONCE: usize = 200;

#[derive(Clone, Copy)]
pub struct State {
    pub frame: Frame,
    pub kept: Kept,
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
}

impl State {
    pub fn new(frame: Frame) -> Self {
        Self {
            frame,
            kept: Kept::new(frame.announcement),
            rows: RwSignal::new(Vec::new()),
            order: RwSignal::new(Order::default()),
            filter: RwSignal::new(Filter::default()),
            limit: RwSignal::new(ROWS_AT_ONCE),
            batch: RwSignal::new(Batch::default()),
            small: RwSignal::new(false),
            search_ms: RwSignal::new(None),
        }
    }
}
