//! The card: what a model takes and gives, as JSON that people write. docs/own-model.md explains every field.

mod parse;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

use emotion_core::emotion::Emotion;
pub use parse::parse;

/// What the `format` field of a card says.
pub const FORMAT: &str = "emotion-depth-card";

/// The version that this program reads and writes.
pub const VERSION: u32 = 1;

/// A card of more bytes is not read.
pub const MOST_BYTES: usize = 64 * 1024;

/// The sides of the picture that a model may ask for, in pixels.
pub const SIDES: std::ops::RangeInclusive<usize> = 16..=512;

/// At most so many outputs of a graph, and so many numbers of all of them together.
pub const MOST_OUTPUTS: usize = 8;
pub const MOST_LABELS: usize = 64;

/// At most so many letters of a name or a label.
pub const MOST_LETTERS: usize = 40;

/// A card that was read and found right: [`parse()`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Always `emotion-depth-card`.
    pub format: String,
    /// The version of this format: 1.
    pub version: u32,
    /// What the model is called on the page and in files, 1 to 40 letters.
    pub name: String,
    /// SHA-256 of the ONNX file, 64 lower-case hexadecimal digits; where it stands, another file is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_sha256: Option<String>,
    pub input: Input,
    /// The graph's outputs that are shown, 1 to 8.
    pub outputs: Vec<Output>,
}

/// How a face becomes the numbers that the model takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Of one picture, in the order of `layout`: the batch is 1, height and width are equal, 16 to 512.
    pub shape: [usize; 4],
    pub layout: Layout,
    pub colour: Colour,
    #[serde(default)]
    pub pixels: Pixels,
    #[serde(default)]
    pub crop: Crop,
}

/// The order of the input's dimensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// Batch, channels, rows, columns: what PyTorch writes.
    Nchw,
    /// Batch, rows, columns, channels: what TensorFlow writes.
    Nhwc,
}

/// The channels of a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Colour {
    /// One channel of luma (ITU-R BT.601).
    Grey,
    Rgb,
    /// As OpenCV reads pictures.
    Bgr,
}

/// How a channel's byte becomes a number.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Pixels {
    /// 0 to 1: the byte divided by 255.
    #[default]
    Unit,
    /// 0 to 255: the byte as it is.
    Byte,
    /// The byte divided by 255, minus `mean`, divided by `deviation`: one number for each channel, in the order of `colour`.
    MeanDeviation { mean: Vec<f32>, deviation: Vec<f32> },
}

/// Which part of the picture the model sees.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Crop {
    #[serde(default)]
    pub template: Template,
    /// How much more than the template is cut out at each side, as a share of its side: -0.25 to 1.
    #[serde(default)]
    pub margin: f32,
}

/// Where the face lies in the crop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Template {
    /// Turned upright and scaled as the built-in model sees it: as the faces of FER2013 lie.
    #[default]
    Fer,
    /// Turned upright and scaled as face recognition networks see it: eyes, nose and mouth where ArcFace has them.
    Arcface,
    /// The detector's box made square, not turned.
    Box,
}

/// One output of the graph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// As the graph calls it.
    pub name: String,
    #[serde(default)]
    pub activation: Activation,
    /// What each of its numbers is called, in their order: each name once in the whole card, 1 to 40 letters.
    pub labels: Vec<String>,
    /// For each label the emotion that it means, or null; absent where the labels are something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emotions: Option<Vec<Option<EmotionName>>>,
    /// From where to where a gauge goes: 0 to 1 where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<[f32; 2]>,
}

/// What the page does with an output's numbers before it shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Activation {
    /// They are shown as they are.
    #[default]
    None,
    /// They become shares that add up to 1.
    Softmax,
    /// Each becomes a share of 0 to 1.
    Sigmoid,
}

/// One of the seven emotions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum EmotionName {
    Angry,
    Disgust,
    Fear,
    Happy,
    Sad,
    Surprise,
    Neutral,
}

impl From<EmotionName> for Emotion {
    fn from(name: EmotionName) -> Self {
        Emotion::ALL[name as usize]
    }
}

/// Why a text is no card: everything that is wrong with it, each with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardFaults(pub Vec<CardFault>);

/// One thing that is wrong with a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardFault {
    /// Where it is, as in `outputs[0].labels[2]`, counted from 0; empty for the card as a whole.
    pub path: String,
    /// A sentence: what is wrong, and what would be right.
    pub reason: String,
}

impl fmt::Display for CardFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.reason),
            path => write!(f, "{path}: {}", self.reason),
        }
    }
}

impl fmt::Display for CardFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("The card has faults. ")?;
        for (at, fault) in self.0.iter().enumerate() {
            write!(f, "{}{fault}", if at == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

impl std::error::Error for CardFaults {}

impl Card {
    /// The names of all numbers, output by output: the columns behind `own.` in files.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.outputs.iter().flat_map(|output| output.labels.iter().map(String::as_str))
    }

    /// For each number of [`Card::labels`] the emotion that it means.
    pub fn emotions(&self) -> Vec<Option<Emotion>> {
        let of = |output: &Output| match &output.emotions {
            Some(emotions) => emotions.iter().map(|name| name.map(Emotion::from)).collect(),
            None => vec![None; output.labels.len()],
        };
        self.outputs.iter().flat_map(of).collect()
    }

    /// For each number of [`Card::labels`] from where to where its gauge goes.
    pub fn ranges(&self) -> Vec<[f32; 2]> {
        self.outputs
            .iter()
            .flat_map(|output| vec![output.range.unwrap_or([0.0, 1.0]); output.labels.len()])
            .collect()
    }

    /// The card as people keep it: JSON over several lines, ending in a line feed.
    pub fn to_json(&self) -> String {
        // Numbers and text under fixed names: nothing in it can fail.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

impl Input {
    /// Side of the picture in pixels.
    pub fn side(&self) -> usize {
        match self.layout {
            Layout::Nchw => self.shape[2],
            Layout::Nhwc => self.shape[1],
        }
    }
}

impl Colour {
    /// Numbers of a pixel.
    pub fn channels(self) -> usize {
        match self {
            Colour::Grey => 1,
            Colour::Rgb | Colour::Bgr => 3,
        }
    }
}

impl Activation {
    /// Applies it to the numbers of one output.
    ///
    /// ```
    /// use own_model::card::Activation;
    ///
    /// let mut shares = [0.0, 0.0];
    /// Activation::Softmax.apply(&mut shares);
    /// assert_eq!(shares, [0.5, 0.5]);
    /// ```
    pub fn apply(self, values: &mut [f32]) {
        match self {
            Activation::None => {}
            Activation::Softmax => {
                let largest = values.iter().copied().fold(f32::MIN, f32::max);
                values.iter_mut().for_each(|value| *value = libm::expf(*value - largest));
                let sum: f32 = values.iter().sum();
                values.iter_mut().for_each(|value| *value /= sum);
            }
            Activation::Sigmoid => {
                values.iter_mut().for_each(|value| *value = 1.0 / (1.0 + libm::expf(-*value)));
            }
        }
    }
}
