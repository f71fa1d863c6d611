//! Made-up samples.

use emotion_core::emotion::Depths;
use emotion_core::reading::Reason;
use emotion_record::session::Sample;

/// A face with this depth of happy; `size` is the side of its box.
pub fn sample(time_ms: f64, face: u32, happy: f32, size: f32, usable: bool) -> Sample {
    let raw = Depths { happy, neutral: 1.0 - happy, ..Depths::default() };
    Sample {
        face: Some(face),
        face_box: Some([0.25, 0.125, size, size]),
        score: Some(0.875),
        yaw: Some(1.5),
        pitch: Some(-2.0),
        roll: Some(3.0),
        quality: if usable { 0.75 } else { 0.25 },
        quality_reasons: vec![Reason::TooDark, Reason::NoFace, Reason::SeveralFaces],
        raw: Some(raw),
        ..Sample::without_face(time_ms)
    }
    .with_depth(usable.then_some(raw))
}
