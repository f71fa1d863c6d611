//! What a researcher may set. The same settings and files give the same numbers everywhere.

use emotion_record::export::Dialect;
use emotion_stats::{ExclusionRule, SecondRule};
use serde::{Deserialize, Serialize};

use crate::record::Origin;

/// Who counts: the quality rule. [`Rule::default`] is the rule of the documents.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Least quality of a reading that counts, 0..1. Receipts hold seconds that were counted with 0.5.
    pub least_quality: f64,
    /// Least share of the seconds of an exposure that must be there, 0..1.
    pub least_usable_share: f64,
    /// Largest share of seconds with another face, 0..1.
    pub most_other_faces: f64,
    /// Whether interrupted exposures are left out.
    pub leave_out_interrupted: bool,
    /// Whether only sessions that came to their end are used.
    pub only_complete: bool,
}

impl Default for Rule {
    fn default() -> Self {
        let exclusion = ExclusionRule::default();
        Self {
            least_quality: SecondRule::default().least_quality,
            least_usable_share: exclusion.least_usable_share,
            most_other_faces: exclusion.most_other_faces,
            leave_out_interrupted: exclusion.leave_out_interrupted,
            only_complete: true,
        }
    }
}

impl Rule {
    /// The rule of seconds at `rate_hz` readings a second.
    pub(crate) fn seconds(&self, rate_hz: u32) -> SecondRule {
        SecondRule {
            sample_rate_hz: f64::from(rate_hz.max(1)),
            least_quality: self.least_quality,
            ..SecondRule::default()
        }
    }

    pub(crate) fn exclusion(&self) -> ExclusionRule {
        ExclusionRule {
            least_usable_share: self.least_usable_share,
            most_other_faces: self.most_other_faces,
            leave_out_interrupted: self.leave_out_interrupted,
        }
    }

    /// The rule in a sentence, for captions and reports.
    #[must_use]
    pub fn sentence(&self) -> String {
        let percent = |share: f64| format!("{:.0} %", share * 100.0);
        let mut text = format!(
            "An exposure counts if at least {} of its seconds are there. A second is there if readings with a quality of at \
             least {} cover half of it",
            percent(self.least_usable_share),
            self.least_quality
        );
        if self.most_other_faces < 1.0 {
            text += &format!(
                ", and another face may be in at most {} of the seconds",
                percent(self.most_other_faces)
            );
        }
        text += ".";
        if self.leave_out_interrupted {
            text += " Interrupted exposures are left out.";
        }
        text += if self.only_complete {
            " Only complete sessions count."
        } else {
            " Sessions that broke off count, too."
        };
        text
    }
}

/// By what people are parted into groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", content = "name", rename_all = "snake_case")]
pub enum Grouping {
    /// By the group of the link.
    Group,
    /// By the answer to a question.
    Answer(String),
    /// By a column of a table of attributes.
    Attribute(String),
}

/// All settings of a panel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Whose numbers are taken, where files were made by several studies or models; without it the most frequent.
    pub origin: Option<Origin>,
    /// Who counts.
    pub rule: Rule,
    /// Whether each person's neutral face is taken off.
    pub corrected: bool,
    /// From which depth on a viewer counts as showing an expression, in the measure's unit.
    pub threshold: f64,
    /// Confidence of intervals and bands.
    pub confidence: f64,
    /// Resamples of bands and bootstraps.
    pub resamples: usize,
    /// Permutations of a test.
    pub permutations: usize,
    /// Start of all random draws.
    pub seed: u64,
    /// How tables are written.
    pub dialect: Dialect,
    /// Withdrawn codes that were typed, besides those of files.
    pub withdrawn: String,
    /// Ids of expected participants that were typed, besides those of files.
    pub expected: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            origin: None,
            rule: Rule::default(),
            corrected: false,
            threshold: 0.5,
            confidence: 0.95,
            resamples: 2_000,
            permutations: 5_000,
            seed: 1,
            dialect: Dialect::Point,
            withdrawn: String::new(),
            expected: String::new(),
        }
    }
}
