//! The reader service: frames to the engine, and readings into signals.

mod calibrating;

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use web_sys::HtmlVideoElement;

use crate::activity::frame::Frame;
use crate::activity::turns::{Missing, Turned, Turns};
use crate::view::camera::measures::Measures;
use crate::view::camera::readout::{Faces, Readout};
use crate::view::camera::silence::Silence;
use crate::view::speed::{Speed, SpeedSummary};
use crate::view::throttle::Throttle;
use crate::view::timeline::Timeline;
use crate::web::{live_event, media};
use emotion_core::depth::DepthRange;
use emotion_core::emotion::{Depths, Emotion};
use emotion_core::reading::{FrameReading, Reason};
use emotion_record::baseline::Baseline;
use emotion_record::session::{LiveEvent, Sample};

pub use calibrating::Calibration;

/// Numbers in print change so often, in milliseconds: faster than that nobody reads them.
const SUMMARY_MS: f64 = 200.0;
/// The timeline is drawn so often, and so often where less motion is asked for.
const TIMELINE_MS: f64 = 100.0;
const TIMELINE_CALM_MS: f64 = 1000.0;
const SPEED_MS: f64 = 1000.0;

/// What the reader tells.
pub enum Told {
    /// The samples of one frame, each frame once, in the order of capture.
    Samples(Vec<Sample>),
    /// The smoothing or the neutral faces are others now.
    Settings,
    /// The reading cannot go on: why, and what to do.
    Failed(String),
}

/// What stands behind the samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    pub smoothing_ms: f64,
    pub baselines: Vec<Baseline>,
}

#[derive(Default)]
struct Parts {
    measures: Measures,
    speed: Speed,
    silence: Silence,
    /// For the slower signals.
    summary_due: Throttle,
    timeline_due: Throttle,
    speed_due: Throttle,
    tell: Option<Rc<dyn Fn(Told)>>,
}

/// Handle of the service.
#[derive(Clone, Copy)]
pub struct Reader {
    /// Smoothing time in seconds, 0..=2.
    pub smoothing_s: RwSignal<f64>,
    pub faces: RwSignal<Faces>,
    /// The shown face's depths of the newest frame, where they are usable.
    pub depths: RwSignal<Option<Depths>>,
    /// The range of those depths, from one study to the other.
    pub range: RwSignal<Option<DepthRange>>,
    pub readout: RwSignal<Readout>,
    pub timeline: StoredValue<Timeline>,
    /// Counts up when the timeline is to be drawn again.
    pub timeline_tick: RwSignal<u32>,
    /// Which curves are drawn, in the order of `Emotion::ALL`.
    pub curves: RwSignal<[bool; 7]>,
    pub speed: RwSignal<Option<SpeedSummary>>,
    pub calibration: RwSignal<Calibration>,
    /// The neutral faces; of several for one face the last counts.
    pub baselines: RwSignal<Vec<Baseline>>,
    turns: Turns,
    frame: Frame,
    parts: StoredValue<Rc<RefCell<Parts>>, LocalStorage>,
}

impl Reader {
    pub fn new(frame: Frame) -> Self {
        Self {
            smoothing_s: RwSignal::new(crate::view::camera::measures::DEFAULT_SMOOTHING_S),
            faces: RwSignal::new(Faces::default()),
            depths: RwSignal::new(None),
            range: RwSignal::new(None),
            readout: RwSignal::new(Readout::default()),
            timeline: StoredValue::new(Timeline::default()),
            timeline_tick: RwSignal::new(0),
            curves: RwSignal::new([true; 7]),
            speed: RwSignal::new(None),
            calibration: RwSignal::new(Calibration::None),
            baselines: RwSignal::new(Vec::new()),
            turns: Turns::new(frame),
            frame,
            parts: StoredValue::new_local(Rc::default()),
        }
    }

    /// Work with the parts; `work` must neither call the service nor drop a handle that may call back.
    fn with<T>(self, work: impl FnOnce(&mut Parts) -> T) -> T {
        let parts = self.parts.get_value();
        let mut parts = parts.borrow_mut();
        work(&mut parts)
    }

    /// Who hears what is read.
    pub fn begin(self, tell: impl Fn(Told) + 'static) {
        self.with(|parts| parts.tell = Some(Rc::new(tell)));
        self.turns.begin(move |turned| match turned {
            Turned::Read(reading) => self.take(&reading),
            Turned::NoFrame(missing) => self.without_frame(missing),
            Turned::Failed(fault) => self.tell(Told::Failed(fault.to_string())),
        });
    }

    fn tell(self, what: Told) {
        if let Some(tell) = self.with(|parts| parts.tell.clone()) {
            tell(what);
        }
    }

    /// Read the frames of a video element from now on.
    pub fn run(self, video: &HtmlVideoElement) {
        self.turns.run(video);
    }

    /// Take no more frames and ignore the answer to the one on its way.
    pub fn halt(self) {
        self.turns.halt();
        self.with(|parts| parts.speed.clear());
        self.cancel_calibration();
        self.speed.set(None);
        // Grey gauges: there is no reading now.
        self.depths.set(None);
        self.range.set(None);
        self.readout.set(Readout::default());
        self.faces.update(|faces| faces.faces.clear());
    }

    /// The picture was interrupted: whatever faces come now start afresh.
    pub fn forget_faces(self) {
        self.with(|parts| parts.measures.forget_faces());
    }

    /// A new engine counts its faces from 1 again: neutral faces of old numbers are nobody's.
    pub fn forget_everything(self) {
        self.with(|parts| parts.measures.forget_everything());
        self.show_baselines();
    }

    pub fn clear_timeline(self) {
        self.timeline.update_value(Timeline::clear);
    }

    /// The next frame's time is 0.
    pub fn restart_clock(self) {
        self.with(|parts| parts.measures.restart_clock());
    }

    /// What stands behind the samples now.
    pub fn settings(self) -> Settings {
        self.with(|parts| Settings {
            smoothing_ms: parts.measures.smoothing_ms(),
            baselines: parts.measures.baselines().to_vec(),
        })
    }

    /// The depth of one emotion in the newest frame, where it is usable.
    pub fn depth(self, emotion: Emotion) -> Option<f32> {
        self.depths.get().map(|depths| depths.get(emotion))
    }

    /// The two ends of the shown depth's range, as a signal's value.
    pub fn ends(self, emotion: Emotion) -> Option<(f32, f32)> {
        self.range.get().map(|range| (range.low.get(emotion), range.high.get(emotion)))
    }

    /// Show the gauges of `face`.
    pub fn choose_face(self, face: u32) {
        self.with(|parts| parts.measures.choose_face(face));
        self.readout.update(|readout| readout.face = Some(face));
    }

    /// Set the smoothing time in seconds, 0..=2.
    pub fn set_smoothing(self, seconds: f64) {
        let seconds = seconds.clamp(0.0, 2.0);
        self.smoothing_s.set(seconds);
        self.with(|parts| parts.measures.set_smoothing(seconds * 1000.0));
        self.tell(Told::Settings);
    }

    /// After a second without a frame the gauges grey out, and each second gets a sample that says so.
    fn without_frame(self, missing: Missing) {
        let sample = self.with(|parts| parts.measures.without_frame(missing.silent_ms));
        let time_ms = sample.time_ms;
        let samples = vec![sample];
        live_event::dispatch(&LiveEvent { time_ms, samples: &samples });
        self.tell(Told::Samples(samples));
        if missing.first {
            self.cancel_calibration();
            self.speed.set(None);
            self.depths.set(None);
            self.range.set(None);
            self.faces.update(|faces| faces.faces.clear());
            self.readout.set(Readout::without_frame());
            self.frame.announcement.set(Reason::NoFrame.words().to_owned());
        }
    }

    /// One reading: smooth, dispatch, tell, show.
    fn take(self, reading: &FrameReading) {
        let now = reading.time_ms;
        let taken = self.with(|parts| parts.measures.take(reading));
        live_event::dispatch(&LiveEvent { time_ms: taken.time_ms, samples: &taken.samples });
        self.tell(Told::Samples(taken.samples));
        self.show_calibration(taken.calibration.as_ref());

        self.faces.set(Faces { width: reading.width, height: reading.height, faces: reading.faces.clone() });
        let shown = taken.shown.as_ref();
        let depths = shown.and_then(|shown| shown.depths);
        self.depths.set(depths);
        self.range.set(shown.and_then(|shown| shown.range));
        self.timeline.update_value(|timeline| {
            timeline.push(now, shown.and_then(|shown| Some((shown.face, shown.depths.as_ref()?))));
            if let Some(range) = shown.and_then(|shown| shown.range.as_ref()) {
                timeline.push_range(range);
            }
        });
        // A face that comes or goes is told at once, as by the gauges: whoever calibrates then must not be told that there is none.
        let other = self.readout.with_untracked(|readout| readout.depths.is_some()) != depths.is_some();
        if self.with(|parts| parts.summary_due.due(now, SUMMARY_MS)) || other {
            self.readout.set(Readout::of(shown).unchanged_for(reading.unchanged_ms));
        }
        let timeline_ms = if media::prefers_reduced_motion() { TIMELINE_CALM_MS } else { TIMELINE_MS };
        if self.with(|parts| parts.timeline_due.due(now, timeline_ms)) {
            self.timeline_tick.update(|count| *count = count.wrapping_add(1));
        }
        let speed = self.with(|parts| {
            parts.speed.push(now, reading.stages);
            parts.speed_due.due(now, SPEED_MS).then(|| parts.speed.summary())
        });
        if let Some(speed) = speed {
            self.speed.set(speed);
        }
        if let Some(words) = self.with(|parts| parts.silence.hear(now, depths.is_some())) {
            self.frame.announcement.set(words.to_owned());
        }
    }
}
