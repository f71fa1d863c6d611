use serde::{Deserialize, Serialize};

/// What is measured of a face, second by second: seven expressions and two numbers made of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Depth of anger, 0..1.
    Angry,
    /// Depth of disgust, 0..1.
    Disgust,
    /// Depth of fear, 0..1.
    Fear,
    /// Depth of happiness, 0..1.
    Happy,
    /// Depth of sadness, 0..1.
    Sad,
    /// Depth of surprise, 0..1.
    Surprise,
    /// Depth of neutral, 0..1.
    Neutral,
    /// happy - (angry + disgust + fear + sad) of one sample, cut to -1..1.
    Valence,
    /// 1 - neutral of one sample, 0..1.
    Intensity,
}

impl Measure {
    /// All measures, in the order of columns everywhere: the seven expressions first.
    pub const ALL: [Self; MEASURES] = [
        Self::Angry,
        Self::Disgust,
        Self::Fear,
        Self::Happy,
        Self::Sad,
        Self::Surprise,
        Self::Neutral,
        Self::Valence,
        Self::Intensity,
    ];

    /// Its place in [`Measure::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Its name in files and on the page.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Angry => "angry",
            Self::Disgust => "disgust",
            Self::Fear => "fear",
            Self::Happy => "happy",
            Self::Sad => "sad",
            Self::Surprise => "surprise",
            Self::Neutral => "neutral",
            Self::Valence => "valence",
            Self::Intensity => "intensity",
        }
    }
}

/// Number of expressions.
pub const EXPRESSIONS: usize = 7;
/// Number of measures: the expressions, valence and intensity.
pub const MEASURES: usize = 9;

/// All measures of one sample from its seven expressions, in whatever unit has `one` as its 1 (10,000 in result files).
#[must_use]
pub fn measures_of(raw: [i32; EXPRESSIONS], one: i32) -> [i32; MEASURES] {
    let [angry, disgust, fear, happy, sad, _, neutral] = raw;
    let valence = (happy - (angry + disgust + fear + sad)).clamp(-one, one);
    let mut all = [0; MEASURES];
    all[..EXPRESSIONS].copy_from_slice(&raw);
    all[Measure::Valence.index()] = valence;
    all[Measure::Intensity.index()] = one - neutral;
    all
}
