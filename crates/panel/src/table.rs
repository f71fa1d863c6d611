//! The person-seconds of one stimulus.

use std::collections::BTreeMap;

use emotion_stats::{
    EXPRESSIONS, Exclusion, MEASURES, PersonSeconds, Recording, StatsError, baseline_measures,
    person_seconds, seconds_of,
};

use crate::record::{Data, Exposure, Record};
use crate::settings::Settings;

/// Somebody who saw the stimulus and is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excluded {
    /// The session.
    pub session: String,
    /// Why, as codes: `too_few_seconds`, `other_faces`, `interrupted`, `no_baseline`, `unreadable`.
    pub reasons: Vec<&'static str>,
}

/// The people of one stimulus.
#[derive(Debug, Clone)]
pub struct StimulusTable {
    /// The stimulus's id.
    pub stimulus: String,
    /// People who saw it, usable or not.
    pub shown: usize,
    /// Sessions of the usable people, in the order of the table's people.
    pub people: Vec<String>,
    /// Their person-seconds: all nine measures.
    pub table: PersonSeconds,
    /// Who is left out.
    pub excluded: Vec<Excluded>,
}

impl StimulusTable {
    /// Reasons of exclusion, with how many people each leaves out; somebody can have several.
    #[must_use]
    pub fn reasons(&self) -> Vec<(String, usize)> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for reason in self.excluded.iter().flat_map(|one| &one.reasons) {
            *counts.entry(reason).or_default() += 1;
        }
        counts.into_iter().map(|(reason, count)| (reason.to_owned(), count)).collect()
    }
}

/// The person-seconds of an exposure: cells as in [`PersonSeconds::push`], and how many seconds are there.
pub(crate) fn cells(
    exposure: &Exposure,
    rate_hz: u32,
    corrected: bool,
    settings: &Settings,
) -> Result<(Vec<f64>, usize), StatsError> {
    let baseline = exposure.baseline.as_ref().filter(|_| corrected);
    match &exposure.data {
        Data::Samples { shown, .. } => {
            let rule = settings.rule.seconds(rate_hz);
            let binned = person_seconds(&shown.samples(), exposure.duration_ms, baseline, &rule)?;
            Ok((binned.cells, binned.usable_seconds))
        }
        Data::Seconds(list) => {
            let seconds = seconds_of(exposure.duration_ms);
            let neutral = baseline.map(baseline_measures).transpose()?.unwrap_or_default();
            let mut cells = vec![f64::NAN; MEASURES * seconds];
            let mut usable = 0;
            for (second, raw) in list.iter().take(seconds).enumerate() {
                let Some(raw) = raw else { continue };
                usable += 1;
                let raw: [f64; EXPRESSIONS] = raw.map(|byte| f64::from(byte) / 255.0);
                for (measure, value) in baseline_measures(&raw)?.into_iter().enumerate() {
                    cells[measure * seconds + second] = value - neutral[measure];
                }
            }
            Ok((cells, usable))
        }
    }
}

/// Why an exposure is left out; empty if it counts.
fn exclusions(exposure: &Exposure, usable: usize, settings: &Settings) -> Vec<&'static str> {
    let recording = Recording {
        seconds: seconds_of(exposure.duration_ms) as u32,
        usable_seconds: usable as u32,
        other_face_seconds: exposure.other_face_seconds,
        interrupted: exposure.interrupted,
    };
    match settings.rule.exclusion().apply(&recording) {
        Err(_) => vec!["unreadable"],
        Ok(list) => {
            let word = |exclusion| match exclusion {
                Exclusion::TooFewSeconds => "too_few_seconds",
                Exclusion::OtherFaces => "other_faces",
                Exclusion::Interrupted => "interrupted",
            };
            let mut reasons: Vec<&'static str> = list.into_iter().map(word).collect();
            if settings.corrected && exposure.baseline.is_none() {
                reasons.push("no_baseline");
            }
            reasons
        }
    }
}

/// The table of one stimulus of these people; `None` if nobody saw it.
pub(crate) fn of(records: &[&Record], stimulus: &str, settings: &Settings) -> Option<StimulusTable> {
    let mut table: Option<PersonSeconds> = None;
    let (mut shown, mut people, mut excluded) = (0, Vec::new(), Vec::new());
    for record in records {
        let Some(exposure) = record.exposure(stimulus) else { continue };
        shown += 1;
        let seconds = seconds_of(exposure.duration_ms);
        if table.is_none() {
            table = PersonSeconds::new(MEASURES, seconds).ok();
            if let Some(table) = &mut table {
                table.reserve(records.len());
            }
        }
        let out = |reasons| Excluded { session: record.session.clone(), reasons };
        match cells(exposure, record.rate_hz, settings.corrected, settings) {
            Err(_) => excluded.push(out(vec!["unreadable"])),
            Ok((cells, usable)) => {
                let reasons = exclusions(exposure, usable, settings);
                // One measure hash means one length, so that everybody's cells fit.
                if !reasons.is_empty() {
                    excluded.push(out(reasons));
                } else if table.as_mut().is_some_and(|table| table.push(&cells).is_ok()) {
                    people.push(record.session.clone());
                } else {
                    excluded.push(out(vec!["unreadable"]));
                }
            }
        }
    }
    Some(StimulusTable { stimulus: stimulus.to_owned(), shown, people, table: table?, excluded })
}
