//! The samples of a still picture.

use emotion_core::reading::FrameReading;

use crate::session::{Sample, samples_of};
use crate::smooth::Smoother;

/// The samples of a picture from the file `source`: one for each face, or one that says that there is none.
///
/// `time_ms` is 0 and `depth` is `raw`: a picture has no before. Everything else is as in a recording.
///
/// ```
/// use emotion_core::reading::{FrameReading, Reason, StageTimes};
///
/// let stages = StageTimes::default();
/// let (time_ms, unchanged_ms) = (0.0, 0.0);
/// let reading = FrameReading { time_ms, width: 640, height: 480, faces: vec![], stages, unchanged_ms };
/// let samples = emotion_record::still::samples(&reading, "wall.jpg");
/// assert_eq!(samples.len(), 1, "no face is a sample, too");
/// assert_eq!((samples[0].face, samples[0].quality_reasons.as_slice()), (None, [Reason::NoFace].as_slice()));
/// ```
pub fn samples(reading: &FrameReading, source: &str) -> Vec<Sample> {
    let reading = FrameReading { time_ms: 0.0, ..reading.clone() };
    let mut samples = samples_of(&reading, 0.0, &mut Smoother::new(0.0), &[]);
    for sample in &mut samples {
        sample.source = Some(source.to_owned());
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::*;
    use emotion_core::emotion::Depths;
    use emotion_core::geometry::Rect;
    use emotion_core::reading::{FaceReading, Pose, Quality};

    #[test]
    fn samples_have_the_source_and_no_history() {
        let face = |id, usable| FaceReading {
            face: id,
            box_px: Rect::new(25.0, 25.0, 50.0, 50.0),
            points_px: Default::default(),
            score: 0.9,
            pose: Pose::default(),
            quality: Quality { value: 0.9, reasons: vec![], usable },
            raw: Depths { happy: 0.75, ..Depths::default() },
            studies: Default::default(),
            likeness: None,
            own: None,
        };
        let reading = FrameReading {
            time_ms: 17.0,
            width: 100,
            height: 100,
            faces: vec![face(1, true), face(2, false)],
            stages: Default::default(),
            unchanged_ms: 0.0,
        };
        let samples = samples(&reading, "a/b.jpg");
        assert_eq!(samples.len(), 2);
        for sample in &samples {
            assert_eq!((sample.time_ms, sample.source.as_deref()), (0.0, Some("a/b.jpg")));
        }
        assert_eq!((samples[0].depth, samples[0].face), (samples[0].raw, Some(1)));
        assert!(samples[1].depth.is_none() && samples[1].raw.is_some());
        let none = super::samples(&FrameReading { faces: vec![], ..reading }, "c.png");
        assert_eq!(none.len(), 1);
        assert!(none[0].face.is_none() && none[0].source.as_deref() == Some("c.png"));
    }
}
