//! From a reading to samples: smoothing, the personal neutral, and which face is shown.

use crate::view::choice::{FaceChoice, Seen};
use emotion_core::depth::DepthRange;
use emotion_core::emotion::Depths;
use emotion_core::reading::{FrameReading, Pose, Quality};
use emotion_record::baseline::{Baseline, BaselineError, Collected, Collector};
use emotion_record::session::{Sample, samples_of};
use emotion_record::smooth::Smoother;

/// The smoothing time at the beginning, in seconds: calm to look at, quick enough for a passing smile.
pub const DEFAULT_SMOOTHING_S: f64 = 0.5;

/// What one frame came to.
pub struct Taken {
    /// Capture time since the recording began; without one, since the camera was first on.
    pub time_ms: f64,
    pub samples: Vec<Sample>,
    /// The face whose gauges are shown, whether its reading is usable or not.
    pub shown: Option<Shown>,
    /// Where the calibration stands, if one runs or has just ended.
    pub calibration: Option<Collected>,
}

/// The shown face in one frame.
pub struct Shown {
    pub face: u32,
    /// After smoothing; `None` where the reading is not usable.
    pub depths: Option<Depths>,
    /// From one study to the other, smoothed as the depths, which therefore lie in it.
    pub range: Option<DepthRange>,
    pub corrected: Option<Depths>,
    pub pose: Pose,
    pub quality: Quality,
}

/// The way from readings to samples, with what it remembers.
pub struct Measures {
    smoother: Smoother,
    /// The same for both ends of the range.
    ends: [Smoother; 2],
    /// Of several for one face the last counts.
    baselines: Vec<Baseline>,
    collector: Option<Collector>,
    /// The face that was not neutral in its last calibration: the next one takes it as it is.
    doubted: Option<u32>,
    choice: FaceChoice,
    /// When the recording, or the reading, began, on the frames' clock.
    begin_ms: Option<f64>,
    newest_ms: f64,
}

impl Default for Measures {
    fn default() -> Self {
        Self {
            smoother: Smoother::new(DEFAULT_SMOOTHING_S * 1000.0),
            ends: std::array::from_fn(|_| Smoother::new(DEFAULT_SMOOTHING_S * 1000.0)),
            baselines: Vec::new(),
            collector: None,
            doubted: None,
            choice: FaceChoice::default(),
            begin_ms: None,
            newest_ms: 0.0,
        }
    }
}

impl Measures {
    /// Take one reading; each once, in the order of capture.
    pub fn take(&mut self, reading: &FrameReading) -> Taken {
        let begin_ms = *self.begin_ms.get_or_insert(reading.time_ms);
        self.newest_ms = reading.time_ms;
        let samples = samples_of(reading, begin_ms, &mut self.smoother, &self.baselines);
        let ranges = self.ranges(reading);
        let seen = reading.faces.iter().map(|face| Seen::of(face, reading));
        let chosen = self.choice.update(reading.time_ms, seen);
        let shown = chosen.and_then(|id| {
            let face = reading.faces.iter().find(|face| face.face == id)?;
            let sample = samples.iter().find(|sample| sample.face == Some(id))?;
            Some(Shown {
                face: id,
                depths: sample.depth,
                range: ranges.iter().find(|(face, _)| *face == id).map(|(_, range)| *range),
                corrected: sample.baseline_corrected,
                pose: face.pose,
                quality: face.quality.clone(),
            })
        });
        let calibration = self.collector.as_mut().map(|collector| collector.add(reading));
        match &calibration {
            Some(Collected::Done(baseline)) => {
                self.baselines.push(baseline.clone());
                self.collector = None;
                self.doubted = None;
            }
            Some(Collected::Failed(error)) => {
                let face = self.collector.take().map(|collector| collector.face());
                if matches!(error, BaselineError::NotNeutral { .. }) {
                    self.doubted = face;
                }
            }
            Some(Collected::Collecting { .. }) | None => {}
        }
        // The samples' own time, rounded as theirs is.
        let time_ms = samples.first().map_or(0.0, |sample| sample.time_ms);
        Taken { time_ms, samples, shown, calibration }
    }

    /// The smoothed range of every usable face.
    fn ranges(&mut self, reading: &FrameReading) -> Vec<(u32, DepthRange)> {
        let [low, high] = &mut self.ends;
        let usable = reading.faces.iter().filter(|face| face.quality.usable);
        usable
            .map(|face| {
                let range = face.studies.range();
                let low = low.update(face.face, reading.time_ms, &range.low);
                (face.face, DepthRange { low, high: high.update(face.face, reading.time_ms, &range.high) })
            })
            .collect()
    }

    /// The sample of a moment at which the camera has given no frame for so long, in milliseconds.
    pub fn without_frame(&self, silent_ms: f64) -> Sample {
        let begin_ms = self.begin_ms.unwrap_or(self.newest_ms);
        Sample::without_frame((self.newest_ms - begin_ms + silent_ms).round())
    }

    pub fn choose_face(&mut self, face: u32) {
        self.choice.choose(face, self.newest_ms);
    }

    pub fn set_smoothing(&mut self, time_ms: f64) {
        self.smoother.set_time(time_ms);
        self.ends.iter_mut().for_each(|end| end.set_time(time_ms));
    }

    /// The smoothing time in milliseconds.
    pub fn smoothing_ms(&self) -> f64 {
        self.smoother.time()
    }

    /// The next frame's time is 0.
    pub fn restart_clock(&mut self) {
        self.begin_ms = None;
    }

    /// The picture was interrupted: what comes now starts afresh.
    pub fn forget_faces(&mut self) {
        self.smoother.clear();
        self.ends.iter_mut().for_each(Smoother::clear);
        self.collector = None;
        self.doubted = None;
        self.choice = FaceChoice::default();
    }

    /// A new engine counts its faces from 1 again: neutral faces of old numbers are nobody's.
    pub fn forget_everything(&mut self) {
        self.forget_faces();
        self.baselines.clear();
    }

    /// Watch the neutral face of `face` from the next frame on. Where it was not neutral the last time, it is taken now.
    pub fn calibrate(&mut self, face: u32) {
        let again = self.doubted == Some(face);
        self.collector = Some(if again { Collector::again(face) } else { Collector::new(face) });
    }

    pub fn cancel_calibration(&mut self) {
        self.collector = None;
    }

    pub fn baselines(&self) -> &[Baseline] {
        &self.baselines
    }

    /// The person says that `face` is the one to whom the newest neutral face belongs.
    pub fn use_neutral_for(&mut self, face: u32) {
        if let Some(last) = self.baselines.last() {
            self.baselines.push(Baseline { face, ..last.clone() });
        }
    }

    pub fn forget_neutral(&mut self) {
        self.baselines.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use emotion_core::depth::StudyDepths;
    use emotion_core::geometry::Rect;
    use emotion_core::reading::{FaceReading, Reason};

    fn face(id: u32, side: f32, happy: f32) -> FaceReading {
        FaceReading {
            face: id,
            box_px: Rect::new(10.0, 10.0, side, side),
            points_px: Default::default(),
            score: 0.9,
            pose: Pose::default(),
            quality: Quality { value: 0.9, reasons: vec![], usable: true },
            raw: Depths { happy, neutral: 1.0 - happy, ..Depths::default() },
            studies: Default::default(),
            likeness: None,
            own: None,
        }
    }

    fn reading(time_ms: f64, faces: Vec<FaceReading>) -> FrameReading {
        FrameReading {
            time_ms,
            width: 640,
            height: 480,
            faces,
            stages: Default::default(),
            unchanged_ms: 0.0,
        }
    }

    #[test]
    fn times_count_from_the_first_frame_and_again_from_a_new_beginning() {
        let mut measures = Measures::default();
        assert_eq!(measures.take(&reading(500.0, vec![])).time_ms, 0.0);
        assert_eq!(measures.take(&reading(700.0, vec![])).time_ms, 200.0);
        measures.restart_clock();
        let taken = measures.take(&reading(900.0, vec![face(1, 50.0, 0.5)]));
        assert_eq!((taken.time_ms, taken.samples[0].time_ms), (0.0, 0.0));
    }

    #[test]
    fn the_chosen_face_is_shown_although_another_is_larger() {
        let mut measures = Measures::default();
        let two = || vec![face(1, 100.0, 0.1), face(2, 50.0, 0.9)];
        assert_eq!(measures.take(&reading(0.0, two())).shown.map(|shown| shown.face), Some(1));
        measures.choose_face(2);
        let shown = measures.take(&reading(100.0, two())).shown.unwrap();
        assert_eq!(shown.face, 2);
        assert!(shown.depths.unwrap().happy > 0.5);
        measures.forget_faces();
        assert_eq!(measures.take(&reading(200.0, two())).shown.map(|shown| shown.face), Some(1));
    }

    #[test]
    fn the_depth_lies_in_the_range_while_both_are_smoothed() {
        let mut measures = Measures::default();
        for at in 0..40 {
            let happy = if at % 7 < 3 { 0.9 } else { 0.1 };
            let mut one = face(1, 100.0, happy);
            let depths = |happy: f32| Depths { happy, neutral: 1.0 - happy, ..Depths::default() };
            one.studies = StudyDepths { ferplus: depths(happy - 0.1), photo: depths(happy + 0.05) };
            let shown = measures.take(&reading(f64::from(at) * 70.0, vec![one])).shown.unwrap();
            let (depth, range) = (shown.depths.unwrap().happy, shown.range.unwrap());
            assert!(range.low.happy < depth && depth < range.high.happy, "{at}: {depth} {range:?}");
        }
        let mut unusable = face(1, 100.0, 0.5);
        unusable.quality.usable = false;
        assert!(measures.take(&reading(3000.0, vec![unusable])).shown.unwrap().range.is_none());
    }

    #[test]
    fn a_moment_without_a_frame_has_the_time_since_the_last_one() {
        let mut measures = Measures::default();
        measures.take(&reading(500.0, vec![face(1, 60.0, 0.5)]));
        measures.take(&reading(900.0, vec![face(1, 60.0, 0.5)]));
        let sample = measures.without_frame(1100.0);
        assert_eq!(
            (sample.time_ms, sample.face, sample.quality_reasons),
            (1500.0, None, vec![Reason::NoFrame])
        );
    }

    #[test]
    fn samples_are_told_for_every_face_and_for_none() {
        let mut measures = Measures::default();
        let taken = measures.take(&reading(0.0, vec![face(1, 60.0, 0.5), face(2, 50.0, 0.5)]));
        assert_eq!(taken.samples.len(), 2);
        let taken = measures.take(&reading(100.0, vec![]));
        assert_eq!((taken.samples.len(), taken.samples[0].face), (1, None));
        assert!(taken.shown.is_none());
    }

    #[test]
    fn a_smile_is_taken_for_a_neutral_face_the_second_time_only() {
        let mut measures = Measures::default();
        let mut now_ms = 0.0;
        let mut calibrate = |measures: &mut Measures, face_id, happy| {
            measures.calibrate(face_id);
            loop {
                now_ms += 100.0;
                match measures.take(&reading(now_ms, vec![face(face_id, 60.0, happy)])).calibration {
                    Some(Collected::Collecting { .. }) => {}
                    Some(ended) => return ended,
                    None => panic!("a calibration ends with a word"),
                }
            }
        };
        let refused = |ended| matches!(ended, Collected::Failed(BaselineError::NotNeutral { .. }));
        assert!(refused(calibrate(&mut measures, 1, 0.9)));
        assert!(refused(calibrate(&mut measures, 2, 0.9)), "another face has its own first time");
        assert!(measures.baselines().is_empty());
        let taken = calibrate(&mut measures, 2, 0.9);
        assert!(matches!(&taken, Collected::Done(baseline) if baseline.doubtful), "{taken:?}");
        assert!(measures.baselines()[0].doubtful);
        measures.use_neutral_for(7);
        assert!(measures.baselines()[1].doubtful, "the doubt goes with it");
        assert!(refused(calibrate(&mut measures, 2, 0.9)), "each calibration anew");
        measures.forget_faces();
        assert!(refused(calibrate(&mut measures, 2, 0.9)), "who comes after an interruption may be another");
    }

    #[test]
    fn a_neutral_face_is_handed_on_and_forgotten_with_the_engine() {
        let mut measures = Measures::default();
        measures.calibrate(1);
        let mut done = false;
        for at in 0..200 {
            let taken = measures.take(&reading(f64::from(at) * 50.0, vec![face(1, 60.0, 0.0)]));
            done |= matches!(taken.calibration, Some(Collected::Done(_)));
        }
        assert!(done, "ten seconds of a face at rest are enough");
        assert_eq!(measures.baselines().len(), 1);
        measures.use_neutral_for(7);
        assert_eq!(measures.baselines().last().map(|baseline| baseline.face), Some(7));
        measures.forget_everything();
        assert!(measures.baselines().is_empty());
    }
}
