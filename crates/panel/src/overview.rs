//! What is told of a panel that needs no curve: its files, models, people and stimuli.

use serde::{Deserialize, Serialize};

use crate::record::Origin;
use crate::settings::Grouping;

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Its numbers are in the panel.
    Merged,
    /// It is no result but is used: a study, a list, a table.
    Used,
    /// The session did not come to its end.
    NotComplete,
    /// It cannot be read.
    Damaged,
    /// It is of another study.
    OtherStudy,
    /// It is of this study, but something else was measured.
    OtherMeasure,
    /// Another model or mapping gave its numbers.
    OtherModel,
    /// It is a preview of the study's maker.
    Preview,
    /// The same session is there already.
    Duplicate,
    /// The participant withdrew.
    Withdrawn,
    /// It is no file of a panel.
    Unknown,
}

impl Status {
    /// The word in tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Merged => "merged",
            Self::Used => "used",
            Self::NotComplete => "not_complete",
            Self::Damaged => "damaged",
            Self::OtherStudy => "other_study",
            Self::OtherMeasure => "other_measure",
            Self::OtherModel => "other_model",
            Self::Preview => "preview",
            Self::Duplicate => "duplicate",
            Self::Withdrawn => "withdrawn",
            Self::Unknown => "unknown",
        }
    }
}

/// A file, or a part of one, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRow {
    /// Its name, as it was given.
    pub name: String,
    /// What became of it.
    pub status: Status,
    /// Why, as a sentence; empty of what is merged.
    pub reason: String,
    /// The session's id, where it is known.
    pub session: String,
}

/// A model whose numbers were found, and by how many people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// What the numbers come from.
    pub origin: Origin,
    /// Files of it.
    pub files: usize,
    /// Whether it is the one that is taken.
    pub taken: bool,
}

/// A list of expected ids beside what came.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reconciled {
    /// Expected, and complete.
    pub complete: Vec<String>,
    /// Expected, and a file came that is not merged.
    pub not_merged: Vec<String>,
    /// Expected, and nothing came.
    pub missing: Vec<String>,
    /// Merged, but not expected. A session without a participant's id stands here with its own.
    pub unknown: Vec<String>,
}

/// A stimulus of the panel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StimulusRow {
    /// Its id.
    pub id: String,
    /// Its length in milliseconds.
    pub duration_ms: u32,
    /// Its file's name in the study, if the study is there and it has one.
    pub file: Option<String>,
    /// Whether the file is a video.
    pub is_video: bool,
    /// The parts that the study names, in seconds.
    pub segments: Vec<(String, f64, f64)>,
    /// People who saw it.
    pub shown: usize,
    /// People who are usable.
    pub usable: usize,
    /// Reasons of exclusion, with how many people each leaves out.
    pub excluded: Vec<(String, usize)>,
}

/// The panel in numbers: all that needs no curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// The study's title, if its file is there; else its id.
    pub title: String,
    /// Every file, by name.
    pub files: Vec<FileRow>,
    /// How many people are merged.
    pub merged: usize,
    /// The models that were found.
    pub models: Vec<Model>,
    /// Sessions by their end, in the order of the outcomes: those of this study and model, each once.
    pub funnel: Vec<(String, usize)>,
    /// Participants with more than one merged session.
    pub twice: Vec<String>,
    /// People of each group and row of the order.
    pub balance: Vec<(String, String, usize)>,
    /// What was shown.
    pub stimuli: Vec<StimulusRow>,
    /// By what people can be parted, with the values and the people of each.
    pub groupings: Vec<(Grouping, Vec<(String, usize)>)>,
    /// The expected ids, where there is a list.
    pub reconciled: Option<Reconciled>,
    /// Numbers of earlier studies.
    pub norms: usize,
    /// People whose numbers come from receipts.
    pub receipts: usize,
}
