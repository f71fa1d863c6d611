//! What leaves the panel: tidy tables, a Psych-DS folder, a report. Numbers equal those on screen.

mod psych_ds;
mod report;
mod tables;

use emotion_stats::{MEASURES, Measure};

use crate::analysis::Details;
use crate::archive;
use crate::merge::Panel;
use crate::settings::Settings;
use crate::table::StimulusTable;

pub use report::curve_chart;
pub use tables::SamplesTable;

/// The format of the tables, in every row.
pub const TABLE_VERSION: u32 = 1;

/// A stimulus with all its numbers: what the summary and the report are made of.
#[derive(Debug)]
pub struct Computed {
    /// Its people.
    pub table: StimulusTable,
    /// All measures, in the order of [`Measure::ALL`].
    pub details: Vec<Details>,
}

impl Panel {
    /// All numbers of all stimuli; `progress` hears how many of how many measures are done.
    #[must_use]
    pub fn compute(&self, settings: &Settings, mut progress: impl FnMut(usize, usize)) -> Vec<Computed> {
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
            computed.push(Computed { table, details: details.into() });
        }
        computed
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

    /// The summary: a row for each stimulus and measure, and for each segment.
    #[must_use]
    pub fn summary_csv(&self, computed: &[Computed], settings: &Settings) -> String {
        tables::summary(self, computed, settings)
    }

    /// The panel as a Psych-DS folder in a ZIP.
    ///
    /// # Errors
    /// A sentence, if it is too large for a ZIP.
    pub fn psych_ds(&self, computed: &[Computed], settings: &Settings) -> Result<Vec<u8>, String> {
        archive::pack(&psych_ds::files(self, computed, settings))
    }

    /// The report: one HTML file without scripts.
    #[must_use]
    pub fn report(&self, computed: &[Computed], settings: &Settings) -> String {
        report::html(self, computed, settings)
    }
}
