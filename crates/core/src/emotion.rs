//! The seven emotions and a value for each of them.

use serde::{Deserialize, Serialize};

/// One of the seven emotions, in the order of FER2013's classes; the order of every array of seven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Emotion {
    Angry,
    Disgust,
    Fear,
    Happy,
    Sad,
    Surprise,
    Neutral,
}

impl Emotion {
    pub const ALL: [Emotion; 7] = [
        Emotion::Angry,
        Emotion::Disgust,
        Emotion::Fear,
        Emotion::Happy,
        Emotion::Sad,
        Emotion::Surprise,
        Emotion::Neutral,
    ];

    /// The name in lower case, as it stands in files, events and on the gauges.
    pub fn name(self) -> &'static str {
        match self {
            Emotion::Angry => "angry",
            Emotion::Disgust => "disgust",
            Emotion::Fear => "fear",
            Emotion::Happy => "happy",
            Emotion::Sad => "sad",
            Emotion::Surprise => "surprise",
            Emotion::Neutral => "neutral",
        }
    }

    /// Position in [`Emotion::ALL`] and in every array of seven.
    pub fn index(self) -> usize {
        self as usize
    }
}

/// One value per emotion.
///
/// As a *depth*: the share of human viewers, 0..1, who would name that emotion for this face, mixed of two rating studies
/// ([`crate::depth`]). The
/// seven need not add up to 1: viewers may also say contempt, "unknown" or "not a face".
/// As a *baseline-corrected* depth: the depth minus the personal neutral, -1..1.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Depths {
    pub angry: f32,
    pub disgust: f32,
    pub fear: f32,
    pub happy: f32,
    pub sad: f32,
    pub surprise: f32,
    pub neutral: f32,
}

impl Depths {
    /// From values in the order of [`Emotion::ALL`].
    pub fn from_array(values: [f32; 7]) -> Self {
        let [angry, disgust, fear, happy, sad, surprise, neutral] = values;
        Self { angry, disgust, fear, happy, sad, surprise, neutral }
    }

    /// The values in the order of [`Emotion::ALL`].
    pub fn to_array(self) -> [f32; 7] {
        [self.angry, self.disgust, self.fear, self.happy, self.sad, self.surprise, self.neutral]
    }

    pub fn get(&self, emotion: Emotion) -> f32 {
        self.to_array()[emotion.index()]
    }

    /// The emotion with the largest value; of equals the first in the order of [`Emotion::ALL`].
    pub fn largest(&self) -> Emotion {
        let values = self.to_array();
        let mut best = 0;
        for (index, value) in values.iter().enumerate() {
            if *value > values[best] {
                best = index;
            }
        }
        Emotion::ALL[best]
    }

    /// Combine two sets value by value.
    pub fn zip(self, other: Self, combine: impl Fn(f32, f32) -> f32) -> Self {
        let (a, b) = (self.to_array(), other.to_array());
        Self::from_array(std::array::from_fn(|i| combine(a[i], b[i])))
    }

    /// Valence, -1 (unpleasant) .. 1 (pleasant): `happy - (angry + disgust + fear + sad)`, cut to -1..1.
    ///
    /// The difference of pleasant and unpleasant shares of the viewers; surprise and neutral count as
    /// neither (Russell's circumplex places surprise near valence 0).
    pub fn valence(&self) -> f32 {
        (self.happy - (self.angry + self.disgust + self.fear + self.sad)).clamp(-1.0, 1.0)
    }

    /// Intensity, 0..1: `1 - neutral`, the share of viewers who would see any expression at all.
    pub fn intensity(&self) -> f32 {
        (1.0 - self.neutral).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_all_is_the_order_of_the_arrays() {
        let depths = Depths::from_array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        for emotion in Emotion::ALL {
            assert_eq!(depths.get(emotion), emotion.index() as f32);
        }
        assert_eq!(depths.to_array(), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(depths.largest(), Emotion::Neutral);
    }

    #[test]
    fn of_equal_depths_the_first_is_the_largest() {
        assert_eq!(Depths::from_array([0.0, 0.2, 0.3, 0.1, 0.3, 0.0, 0.1]).largest(), Emotion::Fear);
    }

    #[test]
    fn valence_and_intensity_follow_their_formulas() {
        let depths = Depths::from_array([0.1, 0.05, 0.0, 0.4, 0.2, 0.05, 0.2]);
        assert!((depths.valence() - 0.05).abs() < 1e-6);
        assert!((depths.intensity() - 0.8).abs() < 1e-6);
        assert_eq!(Depths::from_array([0.5, 0.5, 0.5, 0.0, 0.0, 0.0, 0.0]).valence(), -1.0);
    }
}
