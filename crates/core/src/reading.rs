//! What the engine says of one frame: the faces in it, each with its place, pose, quality and depths.

use serde::{Deserialize, Serialize};

use crate::depth::StudyDepths;
use crate::emotion::Depths;
use crate::geometry::{Point, Rect};

/// Everything the engine found in one frame.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrameReading {
    /// Capture time of the frame in milliseconds, as the request gave it.
    pub time_ms: f64,
    /// Size of the analysed frame in pixels; boxes and points are in these pixels.
    pub width: u32,
    pub height: u32,
    /// At most four faces, by ascending id.
    pub faces: Vec<FaceReading>,
    pub stages: StageTimes,
    /// For how long the frames have been equal to the last bit, in milliseconds: a still that a virtual camera repeats, or a
    /// camera that hangs. A sensor's noise makes each frame another one.
    #[serde(default)]
    pub unchanged_ms: f64,
}

/// One face in one frame.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FaceReading {
    /// The track's id: stable while the face is followed, never given again in a session; from 1.
    pub face: u32,
    pub box_px: Rect,
    /// In the order of [`FacePoint`].
    pub points_px: [Point; 6],
    /// The detector's confidence, 0..1.
    pub score: f32,
    pub pose: Pose,
    pub quality: Quality,
    /// THE depths of this frame alone: the mixture of `studies`.
    pub raw: Depths,
    /// What each rating study's viewers would say.
    pub studies: StudyDepths,
    /// How like the remembered person this face is, -1..=1: see [`crate::person`]. `None` where nobody is remembered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likeness: Option<f32>,
    /// What a person's own model says of this face, by its card's labels; the engine itself leaves it `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<Vec<(String, f32)>>,
}

/// The detector's six points. Left and right are the picture's, not the person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FacePoint {
    LeftEye,
    RightEye,
    Nose,
    Mouth,
    LeftEar,
    RightEar,
}

/// Head pose in degrees; all zero is a face straight to the camera.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Pose {
    /// Positive: turned to the picture's right.
    pub yaw: f32,
    /// Positive: looking up.
    pub pitch: f32,
    /// Positive: tilted clockwise in the picture.
    pub roll: f32,
}

/// How far the reading of one face can be trusted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Quality {
    /// 0 (no reading possible) .. 1 (as good as the training pictures).
    pub value: f32,
    /// What is wrong, the worst first; empty for a good picture. Hints ([`Reason::is_hint`]) stand last.
    pub reasons: Vec<Reason>,
    /// Whether the depths may be shown; otherwise the gauges grey out.
    pub usable: bool,
}

/// Why a reading is poor or absent: the closed list of reason codes of docs/formats.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    NoFace,
    TooDark,
    TooBright,
    LowContrast,
    Blurred,
    TurnedAway,
    TooFar,
    CutOff,
    Uncertain,
    SeveralFaces,
    Covered,
    NoFrame,
    UpsideDown,
    Unchanged,
}

impl Reason {
    /// In the order in which they came: codes are only ever appended.
    pub const ALL: [Reason; 14] = [
        Reason::NoFace,
        Reason::TooDark,
        Reason::TooBright,
        Reason::LowContrast,
        Reason::Blurred,
        Reason::TurnedAway,
        Reason::TooFar,
        Reason::CutOff,
        Reason::Uncertain,
        Reason::SeveralFaces,
        Reason::Covered,
        Reason::NoFrame,
        Reason::UpsideDown,
        Reason::Unchanged,
    ];

    /// Whether the code only says something about the picture: it lowers no quality.
    pub fn is_hint(self) -> bool {
        matches!(self, Reason::SeveralFaces | Reason::UpsideDown | Reason::Unchanged)
    }

    /// The code as it stands in files and events.
    pub fn code(self) -> &'static str {
        match self {
            Reason::NoFace => "no_face",
            Reason::TooDark => "too_dark",
            Reason::TooBright => "too_bright",
            Reason::LowContrast => "low_contrast",
            Reason::Blurred => "blurred",
            Reason::TurnedAway => "turned_away",
            Reason::TooFar => "too_far",
            Reason::CutOff => "cut_off",
            Reason::Uncertain => "uncertain",
            Reason::SeveralFaces => "several_faces",
            Reason::Covered => "covered",
            Reason::NoFrame => "no_frame",
            Reason::UpsideDown => "upside_down",
            Reason::Unchanged => "unchanged",
        }
    }

    /// What a person reads, with what to do.
    pub fn words(self) -> &'static str {
        match self {
            Reason::NoFace => "No face in the picture. Look into the camera.",
            Reason::TooDark => "Too dark. Turn on a light before you.",
            Reason::TooBright => "Too bright. Move out of the glare.",
            Reason::LowContrast => "The face has little contrast. Change the light.",
            Reason::Blurred => "Blurred. Hold still or clean the lens.",
            Reason::TurnedAway => "Face turned away. Look towards the camera.",
            Reason::TooFar => "Too far. Come nearer.",
            Reason::CutOff => "The face is cut off. Move into the middle.",
            Reason::Uncertain => "Not sure that this is a whole face. Uncover it.",
            Reason::SeveralFaces => "Several faces. Choose one by a click on it.",
            Reason::Covered => "Something hides the mouth. Uncover the face.",
            Reason::NoFrame => "The camera gives no pictures. Check it, or choose it again.",
            Reason::UpsideDown => "The picture is upside down. Turn the camera round.",
            Reason::Unchanged => "The picture does not change. Check the camera.",
        }
    }
}

/// Milliseconds that each stage of one frame took.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct StageTimes {
    /// Getting the pixels out of the camera's frame.
    pub copy_ms: f64,
    /// Face detection; 0 on frames where the faces were only tracked.
    pub detect_ms: f64,
    pub track_ms: f64,
    pub align_ms: f64,
    pub classify_ms: f64,
    /// A person's own model, over all faces; 0 without one, and then in no file.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub own_ms: f64,
    /// The whole frame in the worker, the stages above included.
    pub total_ms: f64,
}

/// Nothing to write; serde passes a reference.
fn is_zero(number: &f64) -> bool {
    *number == 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_what_serde_writes() {
        for reason in Reason::ALL {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.code());
        }
    }
}
