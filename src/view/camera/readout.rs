//! What stands beside the gauges, renewed a few times a second so that it can be read.

use crate::view::camera::measures::Shown;
use emotion_core::emotion::Depths;
use emotion_core::reading::{FaceReading, Pose, Quality, Reason};
use emotion_record::session::UNCHANGED_MS;

/// The faces of the newest frame, for the overlay.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Faces {
    /// Size of the frame in pixels; boxes and points are in these pixels.
    pub width: u32,
    pub height: u32,
    pub faces: Vec<FaceReading>,
}

/// The shown face in print.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Readout {
    /// The face that is shown; `None` where there is none.
    pub face: Option<u32>,
    /// Its depths, where they are usable.
    pub depths: Option<Depths>,
    /// Its baseline-corrected depths, where a neutral face was calibrated for it.
    pub corrected: Option<Depths>,
    pub pose: Option<Pose>,
    pub quality: Quality,
    /// For so many whole seconds no bit of the picture has changed; `None` while it changes.
    pub unchanged_s: Option<u32>,
}

impl Readout {
    /// Of the shown face in a frame that was read; without one the quality says that there is no face.
    pub fn of(shown: Option<&Shown>) -> Self {
        match shown {
            Some(shown) => Self {
                face: Some(shown.face),
                depths: shown.depths,
                corrected: shown.corrected,
                pose: Some(shown.pose),
                quality: shown.quality.clone(),
                unchanged_s: None,
            },
            None => Self {
                quality: Quality { reasons: vec![Reason::NoFace], ..Quality::default() },
                ..Self::default()
            },
        }
    }

    /// In a picture that has been the same to the bit for so long.
    #[must_use]
    pub fn unchanged_for(self, unchanged_ms: f64) -> Self {
        let unchanged_s = (unchanged_ms >= UNCHANGED_MS).then_some((unchanged_ms / 1000.0) as u32);
        Self { unchanged_s, ..self }
    }

    /// That the picture stands still, in a sentence.
    pub fn unchanged_words(&self) -> Option<String> {
        self.unchanged_s.map(|seconds| {
            format!(
                "The picture has not changed for {seconds} s. A camera\u{2019}s pictures always differ a little: check the \
                 camera, or the program that gives its picture."
            )
        })
    }

    /// While the camera gives no frames.
    pub fn without_frame() -> Self {
        Self { quality: Quality { reasons: vec![Reason::NoFrame], ..Quality::default() }, ..Self::default() }
    }

    /// In a word: `good`, `fair` or `none`. Several faces are a hint, not a fault.
    pub fn grade(quality: &Quality) -> &'static str {
        match (quality.usable, quality.reasons.iter().all(|reason| reason.is_hint())) {
            (true, true) => "good",
            (true, false) => "fair",
            (false, _) => "none",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quality(usable: bool, reasons: &[Reason]) -> Quality {
        Quality { value: 0.5, reasons: reasons.to_vec(), usable }
    }

    #[test]
    fn several_faces_are_no_fault() {
        assert_eq!(Readout::grade(&quality(true, &[])), "good");
        assert_eq!(Readout::grade(&quality(true, &[Reason::SeveralFaces])), "good");
        assert_eq!(Readout::grade(&quality(true, &[Reason::SeveralFaces, Reason::TooDark])), "fair");
        assert_eq!(Readout::grade(&quality(false, &[])), "none");
    }

    #[test]
    fn a_picture_that_stands_still_is_told_from_the_moment_at_which_samples_are_marked() {
        let words = |unchanged_ms| Readout::of(None).unchanged_for(unchanged_ms).unchanged_words();
        assert_eq!(words(UNCHANGED_MS - 1.0), None);
        assert!(words(UNCHANGED_MS).is_some_and(|words| words.contains("not changed for 3 s")));
        assert!(words(72_900.0).is_some_and(|words| words.contains("for 72 s")));
    }

    #[test]
    fn a_frame_without_a_face_says_so() {
        let summary = Readout::of(None);
        assert_eq!(summary.quality.reasons, [Reason::NoFace]);
        assert_eq!((summary.face, summary.depths, Readout::grade(&summary.quality)), (None, None, "none"));
    }
}
