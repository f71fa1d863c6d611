//! What leaves the panel: tidy tables, a Psych-DS folder, a report. Numbers equal those on screen.

mod charts;
mod groups;
mod psych_ds;
mod report;
mod summary;
mod tables;

use std::rc::Rc;

use emotion_stats::{MEASURES, Measure};

use crate::analysis::Details;
use crate::archive;
use crate::compare::Compared;
use crate::merge::Panel;
use crate::settings::Settings;
use crate::table::StimulusTable;

pub use charts::{curve_chart, difference_chart, group_chart};
pub use tables::SamplesTable;

/// The format of the tables, in every row. 2 has the time of capture and the head's turn in the table of samples, and groups: a
/// table of their own, and columns at the end of the summary.
pub const TABLE_VERSION: u32 = 2;

/// All numbers of a panel: what the summary and the report are made of.
#[derive(Debug, Default)]
pub struct Numbers {
    /// Of each stimulus.
    pub stimuli: Vec<Computed>,
    /// Groups that were compared, in the order in which that was asked.
    pub comparisons: Vec<Compared>,
}

/// A stimulus with all its numbers.
#[derive(Debug)]
pub struct Computed {
    /// Its people.
    pub table: Rc<StimulusTable>,
    /// All measures, in the order of [`Measure::ALL`].
    pub details: Vec<Details>,
}

impl Panel {
    /// All numbers of all stimuli, without groups; `progress` hears how many of how many measures are done.
    #[must_use]
    pub fn compute(&self, settings: &Settings, mut progress: impl FnMut(usize, usize)) -> Numbers {
        let stimuli = self.overview(settings).stimuli;
        let all = stimuli.len() * MEASURES;
        let mut computed = Vec::new();
        for stimulus in &stimuli {
            let Some(table) = self.table(&stimulus.id, settings) else { continue };
            let segments = self.segments(&stimulus.id);
            let details = Measure::ALL.map(|measure| {
                let details = table.details(measure, segments, settings);
                progress(computed.len() * MEASURES + measure.index() + 1, all);
                details
            });
            computed.push(Computed { table: Rc::new(table), details: details.into() });
        }
        Numbers { stimuli: computed, comparisons: Vec::new() }
    }

    /// The table of seconds: a row for each second of each usable exposure.
    #[must_use]
    pub fn seconds_csv(&self, settings: &Settings) -> String {
        tables::seconds(self, settings)
    }

    /// The table of participants: a row for each merged session.
    #[must_use]
    pub fn participants_csv(&self, settings: &Settings) -> String {
        tables::participants(self, settings)
    }

    /// The table of files: what became of each.
    #[must_use]
    pub fn files_csv(&self, settings: &Settings) -> String {
        tables::files(self, settings)
    }

    /// The summary: a row for each stimulus and measure, for each segment, and for each of both in compared groups.
    #[must_use]
    pub fn summary_csv(&self, numbers: &Numbers, settings: &Settings) -> String {
        summary::table(self, numbers, settings)
    }

    /// The table of compared groups: a row for each second, measure and comparison.
    #[must_use]
    pub fn groups_csv(&self, numbers: &Numbers, settings: &Settings) -> String {
        groups::table(&numbers.comparisons, settings)
    }

    /// The panel as a Psych-DS folder in a ZIP.
    ///
    /// # Errors
    /// A sentence, if it is too large for a ZIP.
    pub fn psych_ds(&self, numbers: &Numbers, settings: &Settings) -> Result<Vec<u8>, String> {
        archive::pack(&psych_ds::files(self, numbers, settings))
    }

    /// The report: one HTML file without scripts.
    #[must_use]
    pub fn report(&self, numbers: &Numbers, settings: &Settings) -> String {
        report::html(self, numbers, settings)
    }
}
