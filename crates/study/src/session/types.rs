//! Stages, events and outcomes of a session.

use serde::{Deserialize, Serialize};

use super::Answer;
use crate::file::Method;

/// How often the files are tried before the study has failed.
pub const MAX_LOADS: u32 = 3;
/// How often one stimulus is shown at most, where interrupted ones are repeated.
pub const MAX_ATTEMPTS: u32 = 3;

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done to the end.
    Complete,
    /// An answer of the screening did not fit.
    ScreenedOut,
    /// The study or the group is closed.
    QuotaFull,
    /// The participant did not agree.
    Declined,
    /// It did not work on this device.
    Failed,
    /// The participant agreed and withdrew later.
    Withdrawn,
}

impl Outcome {
    /// All six.
    pub const ALL: [Self; 6] =
        [Self::Complete, Self::ScreenedOut, Self::QuotaFull, Self::Declined, Self::Failed, Self::Withdrawn];

    /// The word in files and links.
    pub fn word(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::ScreenedOut => "screened_out",
            Self::QuotaFull => "quota_full",
            Self::Declined => "declined",
            Self::Failed => "failed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// What the participant has before them. Each stage waits for an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// The fixed notice, the study's title and who is responsible.
    Notice,
    /// Questions that decide who may take part.
    Screening,
    /// The consent.
    Consent,
    /// All files are loaded and checked, the page is sealed.
    Loading,
    /// Camera, light and sound.
    Checks,
    /// The face at rest.
    Baseline,
    /// Before a stimulus: a click starts it. This is the participant's own pause.
    Ready,
    /// A stimulus is shown.
    Showing,
    /// A pause of the study.
    Pause,
    /// Questions.
    Questions,
    /// The participant sees what was recorded.
    Review {
        /// How the session will end.
        outcome: Outcome,
    },
    /// The participant hands over.
    Handover {
        /// How the session will end.
        outcome: Outcome,
    },
    /// The end. What was recorded can be handed over again until it is deleted.
    Ended {
        /// How it ended.
        outcome: Outcome,
    },
}

impl Stage {
    /// Its name, as in the keys of the participant's texts.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Screening => "screening",
            Self::Consent => "consent",
            Self::Loading => "loading",
            Self::Checks => "checks",
            Self::Baseline => "baseline",
            Self::Ready => "ready",
            Self::Showing => "showing",
            Self::Pause => "pause",
            Self::Questions => "questions",
            Self::Review { .. } => "review",
            Self::Handover { .. } => "handover",
            Self::Ended { .. } => "ended",
        }
    }
}

/// Why the showing of a stimulus broke off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The page was hidden.
    Hidden,
    /// The video stood still.
    Stalled,
    /// The video could not be played.
    MediaError,
    /// The camera gave no pictures.
    CameraLost,
    /// The page was reloaded, closed or crashed.
    LeftPage,
    /// The participant stopped it.
    Stopped,
}

/// What is another one than when the session began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// What the study measures, or what the participant has agreed to.
    Study,
    /// The models that read the face: their numbers do not belong together.
    Models,
}

/// Something that happened. Times are milliseconds of one monotonic clock since the consent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The participant has read the notice and goes on.
    NoticeRead,
    /// The study cannot run here: an in-app browser, a frame without permission, no camera.
    CannotRun,
    /// Questions were answered, those of the screening too.
    Answered {
        /// One for each answered question.
        answers: Vec<Answer>,
    },
    /// The participant agreed.
    Consented {
        /// When, in UTC, to the minute: `2026-01-31T12:03Z`.
        minute: String,
    },
    /// The participant did not agree.
    Declined,
    /// All files are there and right.
    Loaded,
    /// A file could not be loaded; after [`MAX_LOADS`] times the session has failed.
    LoadFailed,
    /// Camera, light and sound are good enough.
    ChecksPassed,
    /// The face at rest was measured.
    BaselineTaken {
        /// Mean raw depths x 10,000.
        raw: [u16; 7],
        /// From so many readings.
        samples: u32,
    },
    /// The participant cannot go on: no camera, too dark, no face.
    GaveUp,
    /// A stimulus has begun.
    Started {
        /// When.
        time_ms: u32,
    },
    /// A stimulus has ended of itself.
    Finished {
        /// When.
        time_ms: u32,
        /// How far it was played, in milliseconds of the stimulus.
        media_ms: u32,
    },
    /// A stimulus broke off.
    Interrupted {
        /// When.
        time_ms: u32,
        /// How far it was played, in milliseconds of the stimulus.
        media_ms: u32,
        /// Why.
        cause: Cause,
    },
    /// A pause is over.
    PauseOver,
    /// The page was opened again: files, camera and face must be got again before the next stimulus.
    Reloaded,
    /// The page was opened again, and something is another one now: the session goes no further. What was recorded stays.
    Changed {
        /// What.
        what: Change,
    },
    /// The participant has seen what was recorded and goes on.
    Reviewed,
    /// The result was saved, copied, shared or acknowledged.
    HandedOver {
        /// How.
        #[serde(with = "method")]
        method: Method,
    },
    /// The participant has deleted the result from the device.
    Deleted,
    /// The participant withdrew: everything is deleted.
    Withdrawn,
}

impl Event {
    /// Its name in sentences for developers.
    pub fn name(&self) -> &'static str {
        match self {
            Self::NoticeRead => "notice_read",
            Self::CannotRun => "cannot_run",
            Self::Answered { .. } => "answered",
            Self::Consented { .. } => "consented",
            Self::Declined => "declined",
            Self::Loaded => "loaded",
            Self::LoadFailed => "load_failed",
            Self::ChecksPassed => "checks_passed",
            Self::BaselineTaken { .. } => "baseline_taken",
            Self::GaveUp => "gave_up",
            Self::Started { .. } => "started",
            Self::Finished { .. } => "finished",
            Self::Interrupted { .. } => "interrupted",
            Self::PauseOver => "pause_over",
            Self::Reloaded => "reloaded",
            Self::Changed { .. } => "changed",
            Self::Reviewed => "reviewed",
            Self::HandedOver { .. } => "handed_over",
            Self::Deleted => "deleted",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// When it happened, where that matters.
    pub fn time_ms(&self) -> Option<u32> {
        match self {
            Self::Started { time_ms }
            | Self::Finished { time_ms, .. }
            | Self::Interrupted { time_ms, .. } => Some(*time_ms),
            _ => None,
        }
    }
}

/// An event that was refused. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Impossible {
    /// It does not happen in this stage.
    #[error("\"{event}\" cannot happen in the stage \"{stage}\"")]
    Stage {
        /// The event.
        event: &'static str,
        /// The stage.
        stage: &'static str,
    },
    /// It is earlier than what came before.
    #[error("an event at {time_ms} ms comes after one at {last_ms} ms: the clock went backwards")]
    Disorder {
        /// The event's time.
        time_ms: u32,
        /// The time of the one before.
        last_ms: u32,
    },
    /// A required question has no answer, or an answer does not fit its question.
    #[error("an answer is missing or does not fit its question")]
    Answers,
}

/// A face at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct BaselineTaken {
    /// Index of the first exposure that it counts for; another one follows after a reload.
    pub from_exposure: u32,
    /// Mean raw depths x 10,000, from angry to neutral.
    #[cfg_attr(feature = "schema", schemars(inner(range(max = 10_000))))]
    pub raw: [u16; 7],
    /// From so many readings.
    pub samples: u32,
}

/// One stimulus, shown once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// Index of the stimulus in the study.
    pub stimulus: usize,
    /// 1, or more where an interrupted one was repeated.
    pub attempt: u32,
    /// Begin, in milliseconds since the consent.
    pub started_ms: u32,
    /// End, in milliseconds since the consent.
    pub ended_ms: u32,
    /// How far it was played, in milliseconds of the stimulus.
    pub media_ms: u32,
    /// Why it broke off, if it did.
    pub interrupted: Option<Cause>,
}

mod method {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::file::Method;

    pub fn serialize<S: Serializer>(method: &Method, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(method.word())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Method, D::Error> {
        let word = String::deserialize(deserializer)?;
        let found = Method::WORDS.iter().find(|(known, _)| *known == word).map(|(_, method)| *method);
        found.ok_or_else(|| D::Error::custom("an unknown way of handing over"))
    }
}
