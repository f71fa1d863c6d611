//! Everything that the components show: signals, written by the controller alone.

use leptos::html::Video;
use leptos::prelude::*;

use crate::activity::frame::Frame;
use crate::view::camera::views::View;
use crate::view::speed::SpeedSummary;
use crate::view::timeline::Timeline;
use crate::view::usage::Usage;
use emotion_core::emotion::{Depths, Emotion};
use emotion_core::reading::{FaceReading, Pose, Quality};
use emotion_record::baseline::Baseline;

/// The faces of the newest frame, for the overlay.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Faces {
    /// Size of the frame in pixels; boxes and points are in these pixels.
    pub width: u32,
    pub height: u32,
    pub faces: Vec<FaceReading>,
}

/// What stands beside the gauges, renewed a few times a second so that it can be read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// The face that is shown; `None` where there is none.
    pub face: Option<u32>,
    /// Its depths, where they are usable.
    pub depths: Option<Depths>,
    /// Its baseline-corrected depths, where a neutral face was calibrated for it.
    pub corrected: Option<Depths>,
    pub pose: Option<Pose>,
    pub quality: Quality,
}

/// The calibration of a personal neutral face.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Calibration {
    #[default]
    None,
    /// 0..1 of the time needed.
    Collecting { progress: f32 },
    /// Why there is none, and what to do.
    Failed { sentence: String },
    /// There is a neutral face now; said until it is put away.
    Done,
}

/// A recording.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Recording {
    pub running: bool,
    pub samples: usize,
    pub elapsed_ms: f64,
    /// Saved as a file since the last sample.
    pub saved: bool,
    /// A fault of the recording or of saving it: what is wrong, and what to do.
    pub fault: Option<String>,
}

impl Recording {
    /// Whether a recording lies here that stopped and was not saved.
    pub fn waits_to_be_saved(&self) -> bool {
        !self.running && self.samples > 0 && !self.saved
    }
}

/// Recordings of earlier pages, found in the journal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recovered {
    pub recordings: usize,
    pub samples: usize,
    /// All together.
    pub duration_ms: f64,
}

/// A camera that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameraItem {
    pub id: String,
    pub label: String,
}

/// The signals. `Copy`: every component takes it from the context.
#[derive(Clone, Copy)]
pub struct State {
    /// What is shown: the phase of the activity, or within its work [`State::working`].
    pub view: Memo<View>,
    pub working: RwSignal<View>,
    /// While unplugged: a camera is there again.
    pub camera_back: RwSignal<bool>,
    /// The camera is on; while it is asked for, that means that only the engine is waited for.
    pub camera_allowed: RwSignal<bool>,
    /// The camera is on but gives no pictures: taken by a call, or behind a shutter.
    pub camera_muted: RwSignal<bool>,
    pub cameras: RwSignal<Vec<CameraItem>>,
    /// The id of the camera in use.
    pub camera: RwSignal<String>,
    pub mirrored: RwSignal<bool>,
    /// Smoothing time in seconds, 0..=2.
    pub smoothing_s: RwSignal<f64>,
    pub faces: RwSignal<Faces>,
    /// The shown face's depths of the newest frame, where they are usable.
    pub depths: RwSignal<Option<Depths>>,
    pub summary: RwSignal<Summary>,
    pub timeline: StoredValue<Timeline>,
    /// Counts up when the timeline is to be drawn again.
    pub timeline_tick: RwSignal<u32>,
    /// Which curves are drawn, in the order of `Emotion::ALL`.
    pub curves: RwSignal<[bool; 7]>,
    pub speed: RwSignal<Option<SpeedSummary>>,
    pub calibration: RwSignal<Calibration>,
    /// The neutral faces; of several for one face the last counts.
    pub baselines: RwSignal<Vec<Baseline>>,
    pub recording: RwSignal<Recording>,
    /// Recordings that were interrupted by a crash, a reload or a closed tab and never saved.
    pub recovered: RwSignal<Option<Recovered>>,
    /// Those that were saved and are kept for some days, should a file be lost.
    pub kept: RwSignal<Option<Recovered>>,
    /// What a screen reader announces: changes of state, never numbers.
    pub announcement: RwSignal<String>,
    /// Where the camera's picture is shown.
    pub video: NodeRef<Video>,
}

impl State {
    pub fn new(frame: Frame) -> Self {
        let working = RwSignal::new(View::Asking);
        let refused = move || frame.usage.get().is_some_and(|usage| !Usage::allowed(usage));
        Self {
            view: Memo::new(move |_| View::of(frame.phase.get(), refused(), working.get())),
            working,
            camera_back: RwSignal::new(false),
            camera_allowed: RwSignal::new(false),
            camera_muted: RwSignal::new(false),
            cameras: RwSignal::new(Vec::new()),
            camera: RwSignal::new(String::new()),
            mirrored: RwSignal::new(true),
            smoothing_s: RwSignal::new(DEFAULT_SMOOTHING_S),
            faces: RwSignal::new(Faces::default()),
            depths: RwSignal::new(None),
            summary: RwSignal::new(Summary::default()),
            timeline: StoredValue::new(Timeline::default()),
            timeline_tick: RwSignal::new(0),
            curves: RwSignal::new([true; 7]),
            speed: RwSignal::new(None),
            calibration: RwSignal::new(Calibration::None),
            baselines: RwSignal::new(Vec::new()),
            recording: RwSignal::new(Recording::default()),
            recovered: RwSignal::new(None),
            kept: RwSignal::new(None),
            announcement: frame.announcement,
            video: NodeRef::new(),
        }
    }

    /// The depth of one emotion in the newest frame, where it is usable.
    pub fn depth(&self, emotion: Emotion) -> Option<f32> {
        self.depths.get().map(|depths| depths.get(emotion))
    }
}

/// Half a second: calm to look at, quick enough for a passing smile.
pub const DEFAULT_SMOOTHING_S: f64 = 0.5;
