//! From the classifier's 25 logits to calibrated class probabilities, what the viewers of two studies would say, and the depths.
//!
//! Viewers name more or less according to what they are shown and asked. So each rating study has a mapping of its own:
//! FER+ (one word for a grey thumbnail of 48 pixels) and the photo study (how strong each of six emotions is in a real photograph).
//! THE depth is a fixed mixture of both, `share * FER+ + (1 - share) * photo`; where they differ, the two are its range.

use serde::{Deserialize, Serialize};

use crate::emotion::Depths;

/// Number of FER2013 classes, the first logits.
pub const CLASS_COUNT: usize = 7;
/// Number of FER+ columns, the logits after them.
pub const VOTE_COUNT: usize = 10;
/// Number of the photo study's columns, the last logits: the seven emotions, and the share that names none of them.
pub const PHOTO_COUNT: usize = 8;
/// Number of logits of the classifier.
pub const LOGIT_COUNT: usize = CLASS_COUNT + VOTE_COUNT + PHOTO_COUNT;

/// Where the seven emotions, in the order of [`crate::emotion::Emotion::ALL`], stand among the votes.
const EMOTION_VOTES: [usize; 7] = [4, 5, 6, 1, 3, 2, 0];
/// Where contempt stands among the votes.
const CONTEMPT: usize = 7;

/// Scale and bias of each logit of the first two heads, fitted on held-out training faces (vector scaling, Guo et al. 2017).
/// The photo head needs none: it was fitted to its study as it stands (training/photo_head.py).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    pub class_scale: [f32; CLASS_COUNT],
    pub class_bias: [f32; CLASS_COUNT],
    pub vote_scale: [f32; VOTE_COUNT],
    pub vote_bias: [f32; VOTE_COUNT],
}

/// How much of each study's mapping a depth takes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Mixture {
    /// Share of FER+'s mapping, 0..1; the photo study's has the rest.
    pub ferplus: f32,
}

/// What the classifier says of one crop, calibrated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scores {
    /// Probability of each FER2013 class, in the order of [`crate::model::CLASSES`]; the sum is 1.
    pub classes: [f32; CLASS_COUNT],
    /// Expected share of FER+'s votes, in the order of [`crate::model::VOTES`]; the sum is 1.
    pub votes: [f32; VOTE_COUNT],
    /// Expected share of the photo study's raters, in the order of [`crate::model::PHOTO`]; the sum is 1.
    pub photo: [f32; PHOTO_COUNT],
}

/// The shares of viewers that each study would find for one face, 0..1.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct StudyDepths {
    pub ferplus: Depths,
    pub photo: Depths,
}

impl Calibration {
    /// The calibration that changes nothing.
    pub const IDENTITY: Self = Self {
        class_scale: [1.0; CLASS_COUNT],
        class_bias: [0.0; CLASS_COUNT],
        vote_scale: [1.0; VOTE_COUNT],
        vote_bias: [0.0; VOTE_COUNT],
    };

    /// Whether every number is finite.
    pub fn is_finite(&self) -> bool {
        let all =
            self.class_scale.iter().chain(&self.class_bias).chain(&self.vote_scale).chain(&self.vote_bias);
        all.into_iter().all(|value| value.is_finite())
    }

    /// `softmax(scale * logit + bias)` over the classes and over the votes, and the softmax of the photo head.
    pub fn scores(&self, logits: &[f32; LOGIT_COUNT]) -> Scores {
        let class = |i: usize| self.class_scale[i] * logits[i] + self.class_bias[i];
        let vote = |i: usize| self.vote_scale[i] * logits[CLASS_COUNT + i] + self.vote_bias[i];
        let photo = |i: usize| logits[CLASS_COUNT + VOTE_COUNT + i];
        Scores {
            classes: softmax(std::array::from_fn(class)),
            votes: softmax(std::array::from_fn(vote)),
            photo: softmax(std::array::from_fn(photo)),
        }
    }
}

impl Scores {
    /// What each study's viewers would say of the seven emotions.
    pub fn studies(&self) -> StudyDepths {
        let [angry, disgust, fear, happy, sad, surprise, neutral, _] = self.photo;
        StudyDepths {
            ferplus: Depths::from_array(EMOTION_VOTES.map(|vote| self.votes[vote])),
            photo: Depths { angry, disgust, fear, happy, sad, surprise, neutral },
        }
    }

    /// The share of FER+'s viewers who would say contempt, for the eight-emotion figure of FER+.
    pub fn contempt(&self) -> f32 {
        self.votes[CONTEMPT]
    }
}

impl Mixture {
    /// THE depths: `share * FER+ + (1 - share) * photo`, each 0..1.
    pub fn of(self, studies: &StudyDepths) -> Depths {
        let photo_share = 1.0 - self.ferplus;
        studies.ferplus.zip(studies.photo, |ferplus, photo| self.ferplus * ferplus + photo_share * photo)
    }
}

/// From the study whose viewers name an emotion less to the one whose viewers name it more, for each emotion.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct DepthRange {
    pub low: Depths,
    pub high: Depths,
}

impl StudyDepths {
    /// The range between the studies.
    pub fn range(&self) -> DepthRange {
        DepthRange {
            low: self.ferplus.zip(self.photo, f32::min),
            high: self.ferplus.zip(self.photo, f32::max),
        }
    }
}

/// Softmax, summed from the first value to the last.
fn softmax<const N: usize>(values: [f32; N]) -> [f32; N] {
    let mut largest = f32::NEG_INFINITY;
    for value in values {
        largest = largest.max(value);
    }
    let powers = values.map(|value| libm::expf(value - largest));
    let mut sum = 0.0;
    for power in powers {
        sum += power;
    }
    powers.map(|power| power / sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emotion::Emotion;
    use crate::model::{CLASSES, PHOTO, VOTES};

    #[test]
    fn names_and_positions_agree() {
        for emotion in Emotion::ALL {
            assert_eq!(CLASSES[emotion.index()], emotion.name());
            assert_eq!(VOTES[EMOTION_VOTES[emotion.index()]], emotion.name());
            assert_eq!(PHOTO[emotion.index()], emotion.name());
        }
        assert_eq!(VOTES[CONTEMPT], "contempt");
    }

    #[test]
    fn equal_logits_are_equal_shares() {
        let scores = Calibration::IDENTITY.scores(&[3.0; LOGIT_COUNT]);
        assert!(scores.classes.iter().all(|p| (p - 1.0 / 7.0).abs() < 1e-6));
        assert!(scores.votes.iter().all(|p| (p - 0.1).abs() < 1e-6));
        assert!(scores.photo.iter().all(|p| (p - 0.125).abs() < 1e-6));
    }

    #[test]
    fn logarithms_of_shares_give_the_shares_back() {
        let votes = [0.1f32, 0.3, 0.05, 0.15, 0.1, 0.02, 0.08, 0.05, 0.1, 0.05];
        let mut logits = [0.0; LOGIT_COUNT];
        for (logit, share) in logits[CLASS_COUNT..CLASS_COUNT + VOTE_COUNT].iter_mut().zip(votes) {
            *logit = share.ln() + 40.0;
        }
        let scores = Calibration::IDENTITY.scores(&logits);
        let depths = scores.studies().ferplus;
        assert!((depths.happy - 0.3).abs() < 1e-5);
        assert!((depths.sad - 0.15).abs() < 1e-5);
        assert!((depths.neutral - 0.1).abs() < 1e-5);
        assert!((scores.contempt() - 0.05).abs() < 1e-5);
    }

    #[test]
    fn scale_sharpens_and_bias_shifts() {
        let mut calibration = Calibration::IDENTITY;
        calibration.class_scale = [2.0; CLASS_COUNT];
        calibration.vote_bias[1] = 100.0;
        let mut logits = [0.0; LOGIT_COUNT];
        logits[0] = 1.0;
        let scores = calibration.scores(&logits);
        // exp(2) / (exp(2) + 6)
        assert!((scores.classes[0] - 0.551_875).abs() < 1e-5, "{}", scores.classes[0]);
        assert_eq!(scores.studies().ferplus.happy, 1.0);
    }

    #[test]
    fn the_depth_is_the_stated_mixture_and_lies_in_the_range() {
        let studies = StudyDepths {
            ferplus: Depths { angry: 0.2, neutral: 0.8, ..Depths::default() },
            photo: Depths { angry: 0.6, neutral: 0.3, ..Depths::default() },
        };
        let depths = Mixture { ferplus: 0.25 }.of(&studies);
        assert!((depths.angry - 0.5).abs() < 1e-6 && (depths.neutral - 0.425).abs() < 1e-6);
        let range = studies.range();
        assert_eq!((range.low.angry, range.high.angry), (0.2, 0.6));
        assert_eq!((range.low.neutral, range.high.neutral), (0.3, 0.8));
        assert_eq!(Mixture { ferplus: 1.0 }.of(&studies), studies.ferplus);
        assert_eq!(Mixture { ferplus: 0.0 }.of(&studies), studies.photo);
    }
}
