//! What can be asked of the desk, and what it answers.

use emotion_record::export::Dialect;
use emotion_stats::{Measure, PermutationResult, Plan, PlanQuestion, Progress};
use serde::{Deserialize, Serialize};

use crate::analysis::{Curves, Details};
use crate::answers::Distribution;
use crate::compare::{Comparison, Question};
use crate::norms::Percentiles;
use crate::overview::Overview;
use crate::settings::Settings;

/// What can be asked. Bytes come beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Ask {
    /// Read a file, whose bytes come with the question. An archive is opened, and its files are read one by one by
    /// [`Ask::Next`].
    Read {
        /// Its name.
        name: String,
    },
    /// Read the next files of the open archive.
    Next {
        /// How many.
        files: usize,
    },
    /// Close the open archive; the rest of it is not read.
    Leave,
    /// Add sample people.
    Sample {
        /// From which on, counted from 0.
        from: u32,
        /// How many.
        people: u32,
    },
    /// The panel in numbers, with these settings from now on.
    Overview {
        /// The settings.
        settings: Box<Settings>,
    },
    /// How tables are written from now on; nothing is computed anew.
    Dialect {
        /// The dialect.
        dialect: Dialect,
    },
    /// The mean curves of a stimulus.
    Curves {
        /// Its id.
        stimulus: String,
    },
    /// What takes longer, of one measure.
    Details {
        /// The stimulus's id.
        stimulus: String,
        /// Which measure.
        measure: Measure,
    },
    /// Two groups.
    Compare {
        /// Which.
        question: Question,
    },
    /// Begin the tests of two groups.
    Test {
        /// Which.
        question: Question,
    },
    /// Go on with the tests.
    Advance {
        /// By how many permutations.
        permutations: usize,
    },
    /// How often each answer was given.
    Answers,
    /// How many people a study needs.
    Plan {
        /// What is to be seen.
        question: PlanQuestion,
    },
    /// A file to save.
    Export {
        /// Which.
        file: ExportFile,
    },
    /// A part of the table of samples: its header with `from` 0.
    Samples {
        /// From which session on.
        from: usize,
        /// How many sessions.
        sessions: usize,
    },
    /// Forget everything.
    Clear,
}

/// A file that is made at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFile {
    /// The table of seconds.
    Seconds,
    /// The table of participants.
    Participants,
    /// The summary.
    Summary,
    /// Compared groups, second by second.
    Groups,
    /// What became of each file.
    Files,
    /// The folder as a ZIP.
    PsychDs,
    /// The report.
    Report,
}

impl ExportFile {
    /// Its name and kind.
    #[must_use]
    pub fn name_and_mime(self) -> (&'static str, &'static str) {
        match self {
            Self::Seconds => ("seconds.csv", "text/csv"),
            Self::Participants => ("participants.csv", "text/csv"),
            Self::Groups => ("groups.csv", "text/csv"),
            Self::Summary => ("summary.csv", "text/csv"),
            Self::Files => ("files.csv", "text/csv"),
            Self::PsychDs => ("psych-ds.zip", "application/zip"),
            Self::Report => ("report.html", "text/html"),
        }
    }

    /// Whether all details must be computed for it.
    #[must_use]
    pub fn needs_details(self) -> bool {
        matches!(self, Self::Summary | Self::PsychDs | Self::Report)
    }
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", content = "with", rename_all = "snake_case")]
pub enum Answer {
    /// Done. So many files of an open archive are left.
    Read {
        /// Files of the archive that are still to be read.
        left: usize,
    },
    /// The panel in numbers. Of its files those alone that are not used: with 10,000 right ones the page would stand still.
    Overview(Box<Overview>),
    /// The curves, and the spread between people of each measure for the planner.
    Curves(Curves, [Option<f64>; emotion_stats::MEASURES]),
    /// The details, and where they stand among own norms.
    Details(Box<Details>, Option<Percentiles>),
    /// Two groups.
    Compared(Box<Comparison>),
    /// How far the tests are.
    Testing(Progress),
    /// The tests' result.
    Tested(PermutationResult),
    /// The answers.
    Answers(Vec<Distribution>),
    /// The plan.
    Plan(Plan),
    /// A file, whose bytes come with the answer; of a table of samples also how many sessions there are.
    File {
        /// Sessions of the table of samples; 0 of other files.
        sessions: usize,
    },
    /// It cannot be answered: a sentence.
    Fault(String),
}
