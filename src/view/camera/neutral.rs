//! Whether a personal neutral face can be one.

use emotion_core::emotion::{Depths, Emotion};

/// What is to be said of a neutral face that viewers would not call neutral: a smile taken for the face at rest would be
/// corrected to nothing.
pub fn not_neutral(neutral: &Depths) -> Option<String> {
    let largest = neutral.largest();
    (largest != Emotion::Neutral && neutral.get(largest) > 0.5).then(|| {
        let name = largest.name();
        format!("Viewers would call this face {name}, not neutral. If it was not at rest, calibrate again.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_face_that_most_viewers_would_name_otherwise_is_pointed_out() {
        let smile = Depths { happy: 0.6, neutral: 0.4, ..Depths::default() };
        assert!(not_neutral(&smile).is_some_and(|words| words.contains("happy")));
        let rest = Depths { sad: 0.3, neutral: 0.7, ..Depths::default() };
        assert_eq!(not_neutral(&rest), None);
        let mixed = Depths { sad: 0.45, neutral: 0.4, ..Depths::default() };
        assert_eq!(not_neutral(&mixed), None, "less than half of the viewers");
    }
}
