//! What is shown and what is asked.

use serde::Serialize;

use super::data;
#[cfg(feature = "schema")]
use super::{defaults, limits, pattern};

data! {
/// One thing that is shown.
pub struct Stimulus {
    /// Its name in results and charts.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = pattern::ID)))]
    pub id: String,
    /// What it is: `video`, `image`, `text` or `pause`.
    #[serde(flatten)]
    pub media: Media,
    /// Parts that the panel page reports on, such as a scene or the moment of the brand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::SEGMENTS)))]
    pub segments: Vec<Segment>,
}

/// A video with or without sound. Its file lies beside the study file.
pub struct Video {
    /// Path from the study file, such as `media/spot.mp4`; no web address, no `..`.
    #[cfg_attr(feature = "schema", schemars(length(max = limits::PATH), regex(pattern = pattern::VIDEO)))]
    pub file: String,
    /// SHA-256 of the file, 64 digits in lower case.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = pattern::SHA256)))]
    pub sha256: String,
    /// Length in milliseconds.
    #[cfg_attr(feature = "schema", schemars(range(min = limits::MIN_DURATION_MS, max = limits::MAX_VIDEO_MS)))]
    pub duration_ms: u32,
    /// Size of the file in bytes, told before it is loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = limits::MAX_MEDIA_BYTES)))]
    pub bytes: Option<u64>,
}

/// An image. Its file lies beside the study file.
pub struct Image {
    /// Path from the study file, such as `media/pack.png`; no web address, no `..`.
    #[cfg_attr(feature = "schema", schemars(length(max = limits::PATH), regex(pattern = pattern::IMAGE)))]
    pub file: String,
    /// SHA-256 of the file, 64 digits in lower case.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = pattern::SHA256)))]
    pub sha256: String,
    /// How long it is shown, in milliseconds.
    #[cfg_attr(feature = "schema", schemars(range(min = limits::MIN_DURATION_MS, max = limits::MAX_STILL_MS)))]
    pub duration_ms: u32,
    /// Size of the file in bytes, told before it is loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = limits::MAX_MEDIA_BYTES)))]
    pub bytes: Option<u64>,
    /// What the image shows, for people who do not see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::SHORT), regex(pattern = pattern::TEXT)))]
    pub alt: Option<String>,
}

/// A card with text.
pub struct TextCard {
    /// The text; simple Markdown.
    #[cfg_attr(feature = "schema", schemars(length(max = limits::LONG), regex(pattern = pattern::TEXT)))]
    pub text: String,
    /// How long it is shown, in milliseconds.
    #[cfg_attr(feature = "schema", schemars(range(min = limits::MIN_DURATION_MS, max = limits::MAX_STILL_MS)))]
    pub duration_ms: u32,
}

/// A rest. Nothing is recorded in it, and it keeps its place when an order shuffles the stimuli around it.
pub struct Pause {
    /// What is written meanwhile; simple Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::LONG), regex(pattern = pattern::TEXT)))]
    pub text: Option<String>,
    /// How long it lasts, in milliseconds; left out, the participant goes on with a click.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = limits::MIN_DURATION_MS, max = limits::MAX_STILL_MS)))]
    pub duration_ms: Option<u32>,
}

/// A part of a stimulus.
pub struct Segment {
    /// Its name in charts.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = pattern::ID)))]
    pub id: String,
    /// Its begin, in milliseconds of the stimulus.
    #[cfg_attr(feature = "schema", schemars(range(max = limits::MAX_VIDEO_MS)))]
    pub from_ms: u32,
    /// Its end, in milliseconds of the stimulus.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = limits::MAX_VIDEO_MS)))]
    pub to_ms: u32,
}

/// A question to the participant.
pub struct Question {
    /// Its name in the results.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = pattern::ID)))]
    pub id: String,
    /// The question itself.
    #[cfg_attr(feature = "schema", schemars(length(max = limits::LONG), regex(pattern = pattern::TEXT)))]
    pub prompt: String,
    /// Whether it must be answered.
    #[cfg_attr(feature = "schema", schemars(default = "defaults::required"))]
    pub required: bool,
    /// `end`, or the id of the stimulus after which it is asked. A screening question has no such place.
    #[serde(default = "defaults::after")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = pattern::ID)))]
    pub after: String,
    /// How it is answered: `scale`, `choice` or `text`.
    #[serde(flatten)]
    pub kind: QuestionKind,
}

/// Whole numbers from `min` to `max`.
pub struct Scale {
    /// The lowest number.
    #[cfg_attr(feature = "schema", schemars(range(min = -100, max = 99)))]
    pub min: i32,
    /// The highest number; at most 100 above the lowest.
    #[cfg_attr(feature = "schema", schemars(range(min = -99, max = 100)))]
    pub max: i32,
    /// What the lowest number means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::SHORT), regex(pattern = pattern::TEXT)))]
    pub min_label: Option<String>,
    /// What the highest number means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::SHORT), regex(pattern = pattern::TEXT)))]
    pub max_label: Option<String>,
}

/// One or several of some options.
pub struct Choice {
    /// The options.
    #[cfg_attr(feature = "schema", schemars(length(min = 2, max = limits::OPTIONS)))]
    pub options: Vec<ChoiceOption>,
    /// Whether several may be chosen.
    #[serde(default)]
    pub multiple: bool,
}

/// An option of a choice.
pub struct ChoiceOption {
    /// Its name in the results.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = pattern::ID)))]
    pub id: String,
    /// What the participant reads.
    #[cfg_attr(feature = "schema", schemars(length(max = limits::SHORT), regex(pattern = pattern::TEXT)))]
    pub text: String,
}

/// Words of the participant's own.
pub struct FreeText {
    /// The longest answer, in characters.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = limits::LONG)))]
    pub max_chars: u32,
}

/// What a stimulus is.
#[serde(rename_all = "lowercase")]
pub enum Media {
    /// A video.
    Video(Video),
    /// An image.
    Image(Image),
    /// A card with text.
    Text(TextCard),
    /// A rest.
    Pause(Pause),
}

/// How a question is answered.
#[serde(rename_all = "lowercase")]
pub enum QuestionKind {
    /// A number.
    Scale(Scale),
    /// One or several options.
    Choice(Choice),
    /// Own words.
    Text(FreeText),
}

/// An answer that screens out.
#[serde(untagged)]
pub enum ScreenOut {
    /// A number of a scale.
    Number(#[cfg_attr(feature = "schema", schemars(range(min = -100, max = 100)))] i32),
    /// The id of an option.
    Option(#[cfg_attr(feature = "schema", schemars(regex(pattern = pattern::ID)))] String),
}
}
