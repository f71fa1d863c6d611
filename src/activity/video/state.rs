//! What the video activity shows: signals, written by its controller alone, and the readings behind them.

use leptos::html::Video;
use leptos::prelude::*;

use crate::activity::frame::Frame;
use crate::ui::kept::Kept;
use crate::view::timeline::Curves;
use crate::view::video::curves::curves;
use crate::view::video::{Holdings, Overview, Progress, Window};
use emotion_core::walk::{Pace, Span};
use emotion_record::clip::columns::FaceTally;
use emotion_record::clip::smooth::{smoothed, smoothed_ranges};
use emotion_record::clip::{Columns, Whose};

/// Half widths of the smoothing in seconds; 0 is none.
pub const SMOOTHINGS_S: [f64; 5] = [0.0, 0.25, 0.5, 1.0, 2.0];

/// The readings of a video and what is drawn of them.
#[derive(Debug, Default)]
pub struct Readings {
    pub columns: Columns,
    /// Of all rows, smoothed as is chosen.
    pub depths: Vec<[f32; 7]>,
    /// The ends of their ranges, smoothed alike; empty where they are not known.
    pub ranges: Vec<[[f32; 7]; 2]>,
    /// The rows that are shown, see [`Columns::rows_of`].
    pub rows: Vec<u32>,
    pub unread: Vec<Span>,
    pub frozen: Vec<Span>,
    /// What the file holds and claims, where it was taken apart.
    pub holdings: Option<Holdings>,
}

impl Readings {
    /// After new readings or another choice.
    pub fn arrange(&mut self, whose: Whose, smoothing_ms: f64) {
        self.depths = smoothed(&self.columns, smoothing_ms);
        self.ranges = smoothed_ranges(&self.columns, smoothing_ms);
        self.rows = self.columns.rows_of(whose);
    }

    /// The curves of a part of the video on so many columns of pixels.
    pub fn curves(&self, window: &Window, pixels: usize) -> Curves {
        curves(&self.columns, &self.rows, &self.depths, &self.ranges, &self.unread, window, pixels)
    }

    /// The shown depths at a time of the video.
    pub fn depths_at(&self, time_ms: f64) -> Option<[f32; 7]> {
        let row = self.columns.row_at(&self.rows, time_ms).filter(|row| self.columns.usable(*row))?;
        self.depths.get(row).copied()
    }
}

#[derive(Clone, Copy)]
pub struct State {
    pub frame: Frame,
    pub kept: Kept,
    pub pace: RwSignal<Pace>,
    /// The pace at which the file was read; `None` without a file.
    pub read_pace: RwSignal<Option<Pace>>,
    /// The videos that were chosen, in order, as far as they are begun; which of them is shown; how many wait.
    pub clips: RwSignal<Vec<Overview>>,
    pub shown: RwSignal<Option<usize>>,
    pub waiting: RwSignal<usize>,
    /// Name of the shown file.
    pub name: RwSignal<String>,
    /// `None` until a file was chosen.
    pub progress: RwSignal<Option<Progress>>,
    /// The address under which the player shows the file.
    pub address: RwSignal<Option<String>>,
    pub player: NodeRef<Video>,
    /// Width and height of the video in pixels, once the player knows them.
    pub size: RwSignal<(u32, u32)>,
    pub readings: StoredValue<Readings>,
    /// Counts up when the readings or what is drawn of them have changed.
    pub tick: RwSignal<u64>,
    pub faces: RwSignal<Vec<FaceTally>>,
    pub notes: RwSignal<Vec<String>>,
    pub whose: RwSignal<Whose>,
    pub smoothing_s: RwSignal<f64>,
    pub threshold: RwSignal<f32>,
    /// Which curves are shown, in the order of `Emotion::ALL`.
    pub curves: RwSignal<[bool; 7]>,
    pub window: RwSignal<Window>,
    /// The time that chart and player share.
    pub cursor_ms: RwSignal<f64>,
}

impl State {
    pub fn new(frame: Frame) -> Self {
        Self {
            frame,
            kept: Kept::new(frame.announcement),
            pace: RwSignal::new(Pace::default()),
            read_pace: RwSignal::new(None),
            clips: RwSignal::new(Vec::new()),
            shown: RwSignal::new(None),
            waiting: RwSignal::new(0),
            name: RwSignal::new(String::new()),
            progress: RwSignal::new(None),
            address: RwSignal::new(None),
            player: NodeRef::new(),
            size: RwSignal::new((0, 0)),
            readings: StoredValue::new(Readings::default()),
            tick: RwSignal::new(0),
            faces: RwSignal::new(Vec::new()),
            notes: RwSignal::new(Vec::new()),
            whose: RwSignal::new(Whose::default()),
            smoothing_s: RwSignal::new(0.5),
            threshold: RwSignal::new(0.5),
            curves: RwSignal::new([true; 7]),
            window: RwSignal::new(Window::whole(0.0)),
            cursor_ms: RwSignal::new(0.0),
        }
    }

    pub fn running(self) -> bool {
        self.progress.with(|progress| progress.as_ref().is_some_and(|progress| progress.running))
    }

    /// As [`State::running`], outside of effects.
    pub fn running_now(self) -> bool {
        self.progress.with_untracked(|progress| progress.as_ref().is_some_and(|progress| progress.running))
    }

    /// Whether a face was found: else there is nothing to save.
    pub fn has_faces(self) -> bool {
        self.tick.track();
        self.readings.with_value(|readings| !readings.columns.faces().is_empty())
    }

    /// Whether there is a reading to draw.
    pub fn has_curves(self) -> bool {
        self.tick.track();
        self.readings.with_value(|readings| readings.columns.faces().iter().any(|face| face.usable > 0))
    }
}
