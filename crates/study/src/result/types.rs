//! The types of the result file. Their documentation becomes the schema's descriptions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Columns;
use crate::session::{Answer, BaselineTaken, Cause, Outcome};

/// What `format` says in every result file.
pub const FORMAT: &str = "emotion-depth-result";
/// The version of the format that this code writes, and the newest that it reads.
pub const VERSION: u32 = 1;
/// Most exposures of a file.
pub const MAX_EXPOSURES: usize = 1_000;
/// Most events of a file.
pub const MAX_EVENTS: usize = 20_000;
/// Most answers of a file.
pub const MAX_ANSWERS: usize = 200;
/// Most baselines of a file.
pub const MAX_BASELINES: usize = 100;

#[cfg(feature = "schema")]
mod pattern {
    pub const SHA256: &str = "^[0-9a-f]{64}$";
    pub const DAY: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
    pub const MINUTE: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z$";
}

macro_rules! data {
    ($($(#[$meta:meta])* pub struct $name:ident { $($body:tt)* })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
        pub struct $name { $($body)* }
    )*};
}

data! {
/// The result of one session: what the participant was shown, what was read from the face, and what was answered.
pub struct ResultFile {
    /// Which study.
    pub study: StudyReference,
    /// Who took part, when and how.
    pub session: SessionReference,
    /// Which models gave the numbers. Numbers of different models are never averaged.
    pub models: Models,
    /// The face at rest; more than one where the page was opened again in between.
    #[cfg_attr(feature = "schema", schemars(length(max = MAX_BASELINES)))]
    pub baselines: Vec<BaselineTaken>,
    /// What was shown, in order.
    #[cfg_attr(feature = "schema", schemars(length(max = MAX_EXPOSURES)))]
    pub exposures: Vec<ExposureRecord>,
    /// What happened beside the curves.
    #[cfg_attr(feature = "schema", schemars(length(max = MAX_EVENTS)))]
    pub events: Vec<LoggedEvent>,
    /// What was answered.
    #[cfg_attr(feature = "schema", schemars(length(max = MAX_ANSWERS)))]
    pub answers: Vec<Answer>,
    /// The readings, in columns of the same length.
    #[cfg_attr(feature = "schema", schemars(with = "super::columns::Shape"))]
    pub samples: Columns,
    /// What the numbers mean and what they must not be used for.
    pub notice: String,
}

/// Which study.
pub struct StudyReference {
    /// The study's id.
    pub id: String,
    /// SHA-256 of the study file.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = pattern::SHA256)))]
    pub sha256: String,
    /// SHA-256 of what is measured: results merge if and only if it is the same.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = pattern::SHA256)))]
    pub measure_sha256: String,
}

/// Who took part, when and how.
pub struct SessionReference {
    /// The session's id, which is the withdrawal code.
    pub id: String,
    /// The participant's id from the link; null where the link has none.
    pub participant: Option<String>,
    /// Further parameters of the link that the study declares.
    pub carried: BTreeMap<String, String>,
    /// The group; null in a study without groups.
    pub group: Option<String>,
    /// The row of the order, from 1; null in a fixed order.
    pub row: Option<u32>,
    /// Ids of the stimuli in the planned order, pauses left out.
    pub order: Vec<String>,
    /// The day, in UTC.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = pattern::DAY)))]
    pub date: String,
    /// When the participant agreed, in UTC, to the minute.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = pattern::MINUTE)))]
    pub consented_at: String,
    /// How the session ended.
    pub outcome: Outcome,
    /// Whether this was a preview of the study's maker. A preview is never merged.
    pub preview: bool,
    /// The language of the participant's views.
    pub language: String,
    /// The kind of device. Nothing else is kept of it.
    pub device: DeviceClass,
    /// The camera's picture; its name is not kept.
    pub camera: Camera,
    /// Readings a second that were asked for.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 30)))]
    pub sample_rate_hz: u32,
    /// Version of the program.
    pub app_version: String,
}

/// The camera's picture.
pub struct Camera {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Frames a second that were read in the camera check.
    pub fps: u32,
}

}

/// Which models gave the numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Models {
    /// SHA-256 of the face detector's file.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = pattern::SHA256)))]
    pub detector_sha256: String,
    /// SHA-256 of the file of the network that reads expressions.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = pattern::SHA256)))]
    pub classifier_sha256: String,
    /// Name of the mapping from the network's answers to depths.
    pub mapping: String,
}

data! {
/// One stimulus, shown once.
pub struct ExposureRecord {
    /// The stimulus's id.
    pub stimulus: String,
    /// Its place in the session, from 0.
    pub index: u32,
    /// 1, or more where an interrupted one was repeated.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub attempt: u32,
    /// Begin, in milliseconds since the consent.
    pub started_ms: u32,
    /// End, in milliseconds since the consent.
    pub ended_ms: u32,
    /// How far it was played, in milliseconds of the stimulus.
    pub media_ms: u32,
    /// How long it lasts according to the study, in milliseconds.
    pub duration_ms: u32,
    /// From 6 (perfect) to 1 (hardly anything is usable); 4 and more count as usable.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 6)))]
    pub grade: u32,
    /// Why the grade is not 6.
    pub reasons: Vec<GradeReason>,
    /// Why the showing broke off; null where it did not.
    pub interrupted: Option<Cause>,
    /// How long the page was hidden meanwhile, in milliseconds.
    pub hidden_ms: u32,
    /// How long no face was found, in milliseconds.
    pub absent_ms: u32,
}
}

/// Something that happened beside the curves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct LoggedEvent {
    /// When, in milliseconds since the consent.
    pub time_ms: u32,
    /// Index of the exposure; null between exposures.
    pub exposure: Option<u32>,
    /// When, in milliseconds of the stimulus; null between exposures.
    pub media_ms: Option<i32>,
    /// What.
    pub kind: EventKind,
}

macro_rules! words {
    ($($(#[$meta:meta])* pub enum $name:ident { $($(#[$inner:meta])* $word:ident = $text:literal,)* })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum $name { $($(#[$inner])* #[serde(rename = $text)] $word,)* }

        impl $name {
            /// All of them, with the words that stand in files.
            pub const WORDS: &[(&str, $name)] = &[$(($text, $name::$word)),*];

            /// The word that stands in files.
            pub fn word(self) -> &'static str {
                match self { $($name::$word => $text,)* }
            }
        }
    )*};
}

words! {
/// What happened beside the curves.
pub enum EventKind {
    /// The page was hidden.
    Hidden = "hidden",
    /// The page was to be seen again.
    Shown = "shown",
    /// The window lost the focus.
    Blurred = "blurred",
    /// The window has the focus again.
    Focused = "focused",
    /// Full screen was left.
    LeftFullScreen = "left_full_screen",
    /// Full screen came back.
    BackFullScreen = "back_full_screen",
    /// The video stood still.
    Stalled = "stalled",
    /// The video went on.
    PlayedOn = "played_on",
    /// The browser did not let the video play without a click.
    PlayRejected = "play_rejected",
    /// The face was lost.
    LostFace = "lost_face",
    /// The face was found again.
    FaceBack = "face_back",
    /// A second face was seen.
    SecondFace = "second_face",
    /// The face is not the one of the baseline.
    OtherFace = "other_face",
    /// The camera gave no pictures.
    CameraLost = "camera_lost",
    /// The camera gives pictures again.
    CameraBack = "camera_back",
    /// The page was opened again.
    Reloaded = "reloaded",
}

/// Why a grade is not 6.
pub enum GradeReason {
    /// Too few seconds have usable readings.
    FewUsableSeconds = "few_usable_seconds",
    /// The showing broke off.
    Interrupted = "interrupted",
    /// It was played shorter than the study says.
    PlayedShort = "played_short",
    /// The page was hidden for a second or more.
    Hidden = "hidden",
    /// No face was found for a tenth of the time or more.
    Absent = "absent",
    /// A tenth or more of the readings are of another face.
    OtherFace = "other_face",
    /// There are fewer readings a second than asked for.
    LowRate = "low_rate",
    /// The picture is poor.
    PoorPicture = "poor_picture",
}

/// The kind of device.
pub enum DeviceClass {
    /// A phone.
    Phone = "phone",
    /// A tablet.
    Tablet = "tablet",
    /// A computer.
    Computer = "computer",
}
}

impl ResultFile {
    /// The face at rest that counts for an exposure.
    pub fn baseline_of(&self, exposure: u32) -> Option<&BaselineTaken> {
        self.baselines.iter().rev().find(|baseline| baseline.from_exposure <= exposure)
    }
}
