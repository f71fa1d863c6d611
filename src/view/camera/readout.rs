//! What stands beside the gauges, renewed a few times a second so that it can be read.

use crate::view::camera::measures::Shown;
use emotion_core::emotion::Depths;
use emotion_core::reading::{FaceReading, Pose, Quality, Reason};

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
            },
            None => Self {
                quality: Quality { reasons: vec![Reason::NoFace], ..Quality::default() },
                ..Self::default()
            },
        }
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
    fn a_frame_without_a_face_says_so() {
        let summary = Readout::of(None);
        assert_eq!(summary.quality.reasons, [Reason::NoFace]);
        assert_eq!((summary.face, summary.depths, Readout::grade(&summary.quality)), (None, None, "none"));
    }
}
