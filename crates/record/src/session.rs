//! Samples, the rows of every recording and of the live event, and the session file that keeps them.
//!
//! The fields, the rules for null and the schemas are described in `docs/formats.md`.

mod fields;
mod file;
mod own;

pub(crate) use fields::place;
pub use fields::{Cells, FIELDS, Field, SETTINGS, Values};
pub use file::{FORMAT, Models, NOTICE, Session, SessionError, SessionFile, VERSION};
pub use own::{OWN, OwnModel, OwnValues};

use serde::{Deserialize, Serialize};

use crate::baseline::Baseline;
use crate::smooth::Smoother;
use emotion_core::emotion::{Depths, Emotion};
use emotion_core::geometry::Rect;
use emotion_core::reading::{FaceReading, FrameReading, Reason};

/// One face in one frame, or a frame without a face.
///
/// Without a face everything is null but the time, `quality` (0) and `quality_reasons` (`no_face`). With a face
/// whose quality is not usable, `raw` is given but everything that would be shown is null, so that nothing guessed is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// The frame's capture time since the recording began, in milliseconds, to a thousandth.
    pub time_ms: f64,
    /// The track's id, from 1.
    pub face: Option<u32>,
    /// Left, top, width and height as shares of the frame's width and height, cut to the frame: 0..1.
    #[serde(rename = "box")]
    pub face_box: Option<[f32; 4]>,
    /// The detector's confidence, 0..1.
    pub score: Option<f32>,
    /// Degrees, signs as in [`emotion_core::reading::Pose`].
    pub yaw: Option<f32>,
    pub pitch: Option<f32>,
    pub roll: Option<f32>,
    /// 0..1.
    pub quality: f32,
    pub quality_reasons: Vec<Reason>,
    /// The largest depth.
    pub emotion: Option<Emotion>,
    /// THE depths of this frame alone: the mixture of both rating studies.
    pub raw: Option<Depths>,
    /// What the viewers of the one study would say, and of the other: of each emotion the smaller and the larger. `raw` lies between
    /// them. Null in files of version 1, which knew one study only.
    #[serde(default)]
    pub range_low: Option<Depths>,
    #[serde(default)]
    pub range_high: Option<Depths>,
    /// `raw` after smoothing.
    pub depth: Option<Depths>,
    /// `depth` minus the personal neutral, -1..1; null without a calibration of this face.
    pub baseline_corrected: Option<Depths>,
    /// -1..1, of `depth`: [`Depths::valence`].
    pub valence: Option<f32>,
    /// 0..1, of `depth`: [`Depths::intensity`].
    pub intensity: Option<f32>,
    /// Name of the file that the frame came from; absent for the camera.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Phase of the study.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// The stimulus that was shown, and how long it had been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stimulus: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stimulus_time_ms: Option<f64>,
    /// The smoothing time of this sample's `depth`, in milliseconds; 0 is none. Absent without a depth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smoothing_time_ms: Option<f64>,
    /// What a person's own model says of this face, by its card's labels, as the model gave it; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<OwnValues>,
}

/// What the page dispatches for every analysed frame, as `detail` of the CustomEvent `emotiondepth`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LiveEvent<'a> {
    /// As in the samples.
    pub time_ms: f64,
    /// One per face, by ascending id; without a face exactly one.
    pub samples: &'a [Sample],
}

impl Sample {
    /// The sample of a frame without a face.
    pub fn without_face(time_ms: f64) -> Self {
        Self {
            time_ms,
            face: None,
            face_box: None,
            score: None,
            yaw: None,
            pitch: None,
            roll: None,
            quality: 0.0,
            quality_reasons: vec![Reason::NoFace],
            emotion: None,
            raw: None,
            range_low: None,
            range_high: None,
            depth: None,
            baseline_corrected: None,
            valence: None,
            intensity: None,
            source: None,
            phase: None,
            stimulus: None,
            stimulus_time_ms: None,
            smoothing_time_ms: None,
            own: None,
        }
    }

    /// The sample of a moment at which the camera gave no frame: as [`Sample::without_face`], for another reason.
    pub fn without_frame(time_ms: f64) -> Self {
        Self { quality_reasons: vec![Reason::NoFrame], ..Self::without_face(time_ms) }
    }

    /// The sample of one face; `depth` is null where there is nothing to show.
    fn of_face(
        time_ms: f64,
        face: &FaceReading,
        face_box: [f32; 4],
        depth: Option<Depths>,
        baseline: Option<&Baseline>,
    ) -> Self {
        let range = face.studies.range();
        Self {
            face: Some(face.face),
            face_box: Some(face_box),
            score: Some(face.score),
            yaw: Some(face.pose.yaw),
            pitch: Some(face.pose.pitch),
            roll: Some(face.pose.roll),
            quality: face.quality.value,
            quality_reasons: face.quality.reasons.clone(),
            raw: Some(face.raw),
            own: face.own.as_deref().map(OwnValues::new),
            range_low: Some(range.low),
            range_high: Some(range.high),
            baseline_corrected: depth.and_then(|depth| Some(baseline?.correct(&depth))),
            ..Self::without_face(time_ms)
        }
        .with_depth(depth)
    }

    /// The same sample with this depth and what follows from it.
    #[must_use]
    pub fn with_depth(mut self, depth: Option<Depths>) -> Self {
        self.set_depth(depth);
        self
    }

    /// As [`Sample::with_depth`], in place.
    pub(crate) fn set_depth(&mut self, depth: Option<Depths>) {
        self.depth = depth;
        self.emotion = depth.map(|depth| depth.largest());
        self.valence = depth.map(|depth| depth.valence());
        self.intensity = depth.map(|depth| depth.intensity());
    }
}

/// From so long on, in milliseconds, a picture that does not change by a single bit is told with the reason `unchanged`.
pub const UNCHANGED_MS: f64 = 3000.0;

/// The samples of one frame: one per face, or one that says there is none.
///
/// `begin_ms` is when the recording began, on the clock of `reading.time_ms`. `smoother` takes the usable faces; the
/// last of `baselines` with a face's id is that face's neutral. Give each reading once, in the order of capture.
pub fn samples_of(
    reading: &FrameReading,
    begin_ms: f64,
    smoother: &mut Smoother,
    baselines: &[Baseline],
) -> Vec<Sample> {
    let time_ms = thousandths(reading.time_ms - begin_ms);
    // A still that is repeated cannot be told from a person who sits still, but no sensor gives the same bits twice.
    let repeated = (reading.unchanged_ms >= UNCHANGED_MS).then_some(Reason::Unchanged);
    if reading.faces.is_empty() {
        let mut sample = Sample::without_face(time_ms);
        sample.quality_reasons.extend(repeated);
        return vec![sample];
    }
    let smoothing_time_ms = smoother.time();
    let sample = |face: &FaceReading| {
        let depth = face.quality.usable.then(|| smoother.update(face.face, reading.time_ms, &face.raw));
        let baseline = baselines.iter().rev().find(|baseline| baseline.face == face.face);
        let mut sample =
            Sample::of_face(time_ms, face, share_of_frame(face.box_px, reading), depth, baseline);
        sample.smoothing_time_ms = depth.map(|_| smoothing_time_ms);
        sample.quality_reasons.extend(repeated);
        sample
    };
    reading.faces.iter().map(sample).collect()
}

/// Rounded to a thousandth, so that a difference of two capture times has no digits that mean nothing.
fn thousandths(time_ms: f64) -> f64 {
    (time_ms * 1000.0).round() / 1000.0
}

/// The box as shares of the frame, cut to it.
fn share_of_frame(box_px: Rect, reading: &FrameReading) -> [f32; 4] {
    let span = |begin: f32, length: f32, whole: u32| {
        let whole = whole.max(1) as f32;
        let (from, to) = ((begin / whole).clamp(0.0, 1.0), ((begin + length) / whole).clamp(0.0, 1.0));
        (from, (to - from).max(0.0))
    };
    let (x, width) = span(box_px.x, box_px.width, reading.width);
    let (y, height) = span(box_px.y, box_px.height, reading.height);
    [x, y, width, height]
}

#[cfg(test)]
mod tests {
    use super::*;
    use emotion_core::depth::StudyDepths;
    use emotion_core::reading::{Pose, Quality};

    fn face(id: u32, usable: bool) -> FaceReading {
        FaceReading {
            face: id,
            box_px: Rect::new(160.0, 120.0, 320.0, 240.0),
            points_px: Default::default(),
            score: 0.875,
            pose: Pose { yaw: 1.5, pitch: -2.5, roll: 3.5 },
            quality: Quality {
                value: if usable { 0.75 } else { 0.25 },
                reasons: vec![Reason::TooDark, Reason::SeveralFaces],
                usable,
            },
            raw: Depths::from_array([0.0, 0.0, 0.0, 0.5, 0.25, 0.0, 0.25]),
            studies: StudyDepths {
                ferplus: Depths::from_array([0.0, 0.0, 0.0, 0.25, 0.25, 0.0, 0.25]),
                photo: Depths::from_array([0.0, 0.0, 0.0, 0.75, 0.25, 0.0, 0.25]),
            },
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
    fn a_usable_face_has_every_field_under_its_name() {
        let baseline = |neutral| Baseline { face: 7, neutral, samples: 50, doubtful: false };
        let baselines = [
            baseline(Depths { happy: 0.9, ..Depths::default() }),
            baseline(Depths { happy: 0.25, ..Depths::default() }),
            Baseline { face: 8, ..baseline(Depths::default()) },
        ];
        let samples =
            samples_of(&reading(1033.3, vec![face(7, true)]), 1000.0, &mut Smoother::new(0.0), &baselines);
        let depths = |happy: f32| serde_json::json!({"angry": 0.0, "disgust": 0.0, "fear": 0.0, "happy": happy, "sad": 0.25, "surprise": 0.0, "neutral": 0.25});
        assert_eq!(
            serde_json::to_value(&samples).unwrap(),
            serde_json::json!([{
                "time_ms": 33.3, "face": 7, "box": [0.25, 0.25, 0.5, 0.5], "score": 0.875,
                "yaw": 1.5, "pitch": -2.5, "roll": 3.5,
                "quality": 0.75, "quality_reasons": ["too_dark", "several_faces"],
                "emotion": "happy", "raw": depths(0.5), "range_low": depths(0.25), "range_high": depths(0.75),
                "depth": depths(0.5), "baseline_corrected": depths(0.25),
                "valence": 0.25, "intensity": 0.75, "smoothing_time_ms": 0.0
            }])
        );
    }

    #[test]
    fn no_face_gives_one_sample_of_nulls() {
        let samples = samples_of(&reading(40.0, vec![]), 0.0, &mut Smoother::new(0.0), &[]);
        assert_eq!(
            serde_json::to_value(&samples).unwrap(),
            serde_json::json!([{
                "time_ms": 40.0, "face": null, "box": null, "score": null, "yaw": null, "pitch": null, "roll": null,
                "quality": 0.0, "quality_reasons": ["no_face"], "emotion": null, "raw": null, "range_low": null, "range_high": null, "depth": null,
                "baseline_corrected": null, "valence": null, "intensity": null
            }])
        );
    }

    #[test]
    fn an_unusable_face_shows_its_raw_depths_only_and_is_not_smoothed() {
        let mut smoother = Smoother::new(500.0);
        let baseline = [Baseline { face: 1, neutral: Depths::default(), samples: 10, doubtful: false }];
        let mut bad = face(1, false);
        bad.raw.happy = 1.0;
        let [sample] = &samples_of(&reading(0.0, vec![bad]), 0.0, &mut smoother, &baseline)[..] else {
            panic!()
        };
        assert_eq!(sample.raw.map(|raw| raw.happy), Some(1.0));
        assert!(sample.face_box.is_some() && sample.score.is_some() && sample.yaw.is_some());
        assert_eq!((sample.depth, sample.baseline_corrected, sample.emotion), (None, None, None));
        assert_eq!((sample.valence, sample.intensity), (None, None));
        let [sample] = &samples_of(&reading(100.0, vec![face(1, true)]), 0.0, &mut smoother, &[])[..] else {
            panic!()
        };
        assert_eq!(sample.depth.map(|depth| depth.happy), Some(0.5));
        assert_eq!(sample.baseline_corrected, None);
    }

    #[test]
    fn depth_is_smoothed_per_face_and_raw_is_not() {
        let mut smoother = Smoother::new(1000.0);
        let mut second = face(2, true);
        second.raw.happy = 0.0;
        samples_of(&reading(0.0, vec![face(1, true), second]), 0.0, &mut smoother, &[]);
        let samples =
            samples_of(&reading(100.0, vec![face(1, true), face(2, true)]), 0.0, &mut smoother, &[]);
        assert_eq!(samples.iter().map(|s| s.face).collect::<Vec<_>>(), [Some(1), Some(2)]);
        assert_eq!(samples[0].depth.unwrap().happy, 0.5);
        assert!((samples[1].depth.unwrap().happy - 0.5 * (1.0 - (-0.1f32).exp())).abs() < 1e-6);
        assert_eq!(samples[1].raw.unwrap().happy, 0.5);
    }

    #[test]
    fn each_sample_has_the_smoothing_of_its_own_time() {
        let mut smoother = Smoother::new(500.0);
        let take = |time_ms, smoother: &mut Smoother| {
            samples_of(&reading(time_ms, vec![face(1, true)]), 0.0, smoother, &[])
        };
        let before = take(0.0, &mut smoother);
        smoother.set_time(0.0);
        let after = take(100.0, &mut smoother);
        assert_eq!((before[0].smoothing_time_ms, after[0].smoothing_time_ms), (Some(500.0), Some(0.0)));
        // What has no depth was not smoothed.
        let none = samples_of(&reading(200.0, vec![face(1, false)]), 0.0, &mut smoother, &[]);
        assert_eq!(none[0].smoothing_time_ms, None);
    }

    #[test]
    fn a_moment_without_a_frame_has_its_own_reason_and_all_else_null() {
        let sample = serde_json::to_value(Sample::without_frame(7.0)).unwrap();
        let mut other = serde_json::to_value(Sample::without_face(7.0)).unwrap();
        assert_eq!(sample["quality_reasons"], serde_json::json!(["no_frame"]));
        other["quality_reasons"] = sample["quality_reasons"].clone();
        assert_eq!(sample, other);
    }

    #[test]
    fn a_picture_that_stands_still_to_the_bit_is_marked() {
        let still = |unchanged_ms, faces| FrameReading { unchanged_ms, ..reading(0.0, faces) };
        let reasons =
            |reading| samples_of(&reading, 0.0, &mut Smoother::new(0.0), &[])[0].quality_reasons.clone();
        assert!(!reasons(still(UNCHANGED_MS - 1.0, vec![face(1, true)])).contains(&Reason::Unchanged));
        assert_eq!(reasons(still(UNCHANGED_MS, vec![face(1, true)])).last(), Some(&Reason::Unchanged));
        assert_eq!(reasons(still(UNCHANGED_MS, vec![])), [Reason::NoFace, Reason::Unchanged]);
    }

    #[test]
    fn boxes_are_cut_to_the_frame() {
        let cut = |box_px| share_of_frame(box_px, &reading(0.0, vec![]));
        assert_eq!(cut(Rect::new(-64.0, 240.0, 128.0, 480.0)), [0.0, 0.5, 0.1, 0.5]);
        assert_eq!(cut(Rect::new(700.0, -50.0, 10.0, 20.0)), [1.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn the_numbers_of_a_persons_own_model_stand_under_their_labels() {
        let mut read = face(1, false);
        read.own = Some(vec![("joy".into(), 0.5), ("a b".into(), -2.0)]);
        let samples = samples_of(&reading(0.0, vec![read]), 0.0, &mut Smoother::new(0.0), &[]);
        let value = serde_json::to_value(&samples[0]).unwrap();
        // As `raw`, they are given whatever the quality.
        assert_eq!(value["own"], serde_json::json!({"joy": 0.5, "a b": -2.0}));
        // As text, so that their order is kept, too.
        let text = serde_json::to_string(&samples[0]).unwrap();
        assert_eq!(serde_json::from_str::<Sample>(&text).unwrap(), samples[0]);
        let without = serde_json::to_value(Sample::without_face(0.0)).unwrap();
        assert!(without.get("own").is_none(), "nothing changes for those who use none");
    }

    #[test]
    fn study_fields_appear_where_they_apply() {
        let sample = Sample {
            source: Some("a.jpg".into()),
            phase: Some("show".into()),
            stimulus: Some("clip-1".into()),
            stimulus_time_ms: Some(12.5),
            ..Sample::without_face(1.0)
        };
        let value = serde_json::to_value(&sample).unwrap();
        assert_eq!((&value["source"], &value["stimulus_time_ms"]), (&"a.jpg".into(), &12.5.into()));
        assert_eq!(serde_json::from_value::<Sample>(value).unwrap(), sample);
    }
}
