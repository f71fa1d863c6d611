//! What is said of a personal neutral face that is doubtful.

use emotion_record::baseline::Baseline;

/// What is to be said of a neutral face that viewers would not call neutral: a smile taken for the face at rest would be
/// corrected to nothing.
pub fn doubt(baseline: &Baseline) -> Option<String> {
    baseline.doubtful.then(|| {
        let name = baseline.neutral.largest().name();
        format!(
            "Viewers would call this face {name}, not neutral: what is corrected by it is doubtful, and saved files say \
             so. If it was not at rest, calibrate again."
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use emotion_core::emotion::Depths;

    #[test]
    fn a_doubtful_neutral_face_is_told_with_what_viewers_would_say() {
        let neutral = Depths { sad: 0.45, neutral: 0.4, ..Depths::default() };
        let baseline = |doubtful| Baseline { face: 1, neutral, samples: 40, doubtful };
        assert!(doubt(&baseline(true)).is_some_and(|words| words.contains("sad")));
        assert_eq!(doubt(&baseline(false)), None);
    }
}
