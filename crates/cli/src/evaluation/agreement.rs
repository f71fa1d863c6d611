//! How depths agree with raters' shares, whichever study the raters are of.

use emotion_core::depth::{Mixture, Scores};
use emotion_core::emotion::{Depths, Emotion};
use serde::Serialize;

use super::metrics::{self, Summary};

/// Which depths are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mapping {
    /// THE depth: the stated mixture.
    Depth,
    /// FER+'s mapping alone.
    Ferplus,
    /// The photo study's mapping alone.
    Photo,
}

impl Mapping {
    pub const ALL: [Mapping; 3] = [Mapping::Depth, Mapping::Ferplus, Mapping::Photo];

    /// The name on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            Mapping::Depth => "depth",
            Mapping::Ferplus => "ferplus",
            Mapping::Photo => "photo",
        }
    }

    /// The depths of one face by this mapping, each 0..1.
    pub fn depths(self, scores: &Scores, mixture: Mixture) -> Depths {
        let studies = scores.studies();
        match self {
            Mapping::Depth => mixture.of(&studies),
            Mapping::Ferplus => studies.ferplus,
            Mapping::Photo => studies.photo,
        }
    }

    /// The share of the viewers who would say contempt, 0..1. The photo study did not ask for it.
    pub fn contempt(self, scores: &Scores, mixture: Mixture) -> f32 {
        match self {
            Mapping::Depth => mixture.ferplus * scores.contempt(),
            Mapping::Ferplus => scores.contempt(),
            Mapping::Photo => 0.0,
        }
    }
}

/// How the depths of the seven emotions agree with the raters' shares.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// In the order of [`Emotion::ALL`].
    pub emotions: Vec<EmotionFigures>,
    /// Means over the emotions for which a figure is defined.
    pub mean: Summary,
    /// 95 % interval of the mean concordance: percentiles of 1000 bootstrap samples of the faces, or of the persons, fixed seed.
    pub mean_concordance_interval: Option<[f64; 2]>,
}

/// One emotion's depth against the share of raters who named it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EmotionFigures {
    pub emotion: Emotion,
    #[serde(flatten)]
    pub summary: Summary,
}

impl Agreement {
    /// `said`: depths, `truth`: shares of the raters, both `[faces][7]`; `raters`: of each face, for the ceiling of r. With `persons`, the person
    /// of each face, the interval resamples persons: pictures of one person are no independent cases.
    pub fn of(said: &[[f32; 7]], truth: &[[f64; 7]], raters: f64, persons: Option<&[usize]>) -> Self {
        let columns: Vec<(Vec<f64>, Vec<f64>)> = (0..7)
            .map(|at| said.iter().zip(truth).map(|(said, truth)| (f64::from(said[at]), truth[at])).unzip())
            .collect();
        let emotions: Vec<EmotionFigures> = Emotion::ALL
            .iter()
            .zip(&columns)
            .map(|(emotion, (said, truth))| EmotionFigures {
                emotion: *emotion,
                summary: Summary::of(said, truth, raters),
            })
            .collect();
        let each: Vec<usize>;
        let groups = match persons {
            Some(persons) => persons,
            None => {
                each = (0..said.len()).collect();
                &each
            }
        };
        Self {
            mean: Summary::mean(emotions.iter().map(|figures| &figures.summary)),
            mean_concordance_interval: metrics::bootstrap_mean_concordance(&columns, groups, 1000, 1),
            emotions,
        }
    }
}
