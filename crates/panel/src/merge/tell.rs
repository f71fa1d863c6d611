//! The panel in numbers.

use std::collections::{BTreeMap, BTreeSet};

use emotion_study::session::Outcome;

use super::{Content, Entry, Panel};
use crate::overview::{FileRow, Overview, Reconciled, Status, StimulusRow};
use crate::record::Record;
use crate::settings::{Grouping, Settings};
use crate::table::StimulusTable;

impl Panel {
    fn groupings(&self, records: &[&Record]) -> Vec<(Grouping, Vec<(String, usize)>)> {
        /// More values than this are no groups.
        const MOST_VALUES: usize = 12;
        let mut all = vec![Grouping::Group];
        let questions: BTreeSet<&str> = records
            .iter()
            .flat_map(|record| &record.answers)
            .map(|answer| answer.question.as_str())
            .collect();
        all.extend(questions.into_iter().map(|question| Grouping::Answer(question.to_owned())));
        let columns: BTreeSet<&String> = self.attributes.iter().flat_map(|table| &table.columns).collect();
        all.extend(columns.into_iter().map(|column| Grouping::Attribute(column.clone())));
        let counted = all.into_iter().map(|grouping| {
            let mut counts: BTreeMap<String, usize> = BTreeMap::new();
            for value in records.iter().filter_map(|record| self.value_of(record, &grouping)) {
                *counts.entry(value).or_default() += 1;
            }
            (grouping, counts.into_iter().collect::<Vec<_>>())
        });
        counted.filter(|(_, values)| (1..=MOST_VALUES).contains(&values.len())).collect()
    }

    /// The panel in numbers.
    #[must_use]
    pub fn overview(&self, settings: &Settings) -> Overview {
        self.overview_and_tables(settings).0
    }

    /// The panel in numbers, and the table of each stimulus in the same order, from which they were counted.
    pub(crate) fn overview_and_tables(&self, settings: &Settings) -> (Overview, Vec<StimulusTable>) {
        let (decided, models) = self.decide(settings);
        let records = super::merged_of(&decided);
        let (stimuli, tables) = self.stimuli(&records, settings).into_iter().unzip();
        let expected = self.expected(settings);
        let files: Vec<FileRow> = decided
            .iter()
            .map(|(entry, status, reason)| FileRow {
                name: entry.name.clone(),
                status: *status,
                reason: reason.clone(),
                session: match &entry.content {
                    Content::Record(record) => record.session.clone(),
                    Content::Other(..) => String::new(),
                },
            })
            .collect();
        let outcome_of = |entry: &Entry| match &entry.content {
            Content::Record(record) => Some(record.outcome),
            Content::Other(..) => None,
        };
        let funnel = Outcome::ALL.map(|outcome| {
            let here = decided.iter().filter(|(entry, status, _)| match status {
                Status::Merged | Status::NotComplete => outcome_of(entry) == Some(outcome),
                Status::Withdrawn => outcome == Outcome::Withdrawn,
                _ => false,
            });
            (outcome.word().to_owned(), here.count())
        });
        let mut people: BTreeMap<&str, usize> = BTreeMap::new();
        let mut balance: BTreeMap<(String, String), usize> = BTreeMap::new();
        for record in &records {
            if let Some(participant) = &record.participant {
                *people.entry(participant).or_default() += 1;
            }
            let row = record.row.map_or(String::new(), |row| row.to_string());
            *balance.entry((record.group.clone().unwrap_or_default(), row)).or_default() += 1;
        }
        let title = self.study.as_ref().map(|study| study.title.clone());
        let overview = Overview {
            title: title
                .or_else(|| records.iter().find_map(|record| record.study.clone()))
                .unwrap_or_default(),
            merged: records.len(),
            models,
            funnel: funnel.into(),
            twice: people.iter().filter(|(_, count)| **count > 1).map(|(id, _)| (*id).to_owned()).collect(),
            balance: balance.into_iter().map(|((group, row), count)| (group, row, count)).collect(),
            stimuli,
            groupings: self.groupings(&records),
            reconciled: expected.map(|expected| self.reconcile(&expected, &decided)),
            norms: self.norms.len(),
            receipts: records.iter().filter(|record| record.from_receipt).count(),
            files,
        };
        (overview, tables)
    }

    fn stimuli(&self, records: &[&Record], settings: &Settings) -> Vec<(StimulusRow, StimulusTable)> {
        let mut lengths: BTreeMap<&str, u32> = BTreeMap::new();
        for exposure in records.iter().flat_map(|record| &record.exposures) {
            lengths.entry(&exposure.stimulus).or_insert(exposure.duration_ms);
        }
        // In the study's order where it is known.
        let place = |id: &str| {
            let stimuli = self.study.as_ref().map(|study| &study.stimuli);
            stimuli.and_then(|list| list.iter().position(|stimulus| stimulus.id == id)).unwrap_or(usize::MAX)
        };
        let mut ids: Vec<&str> = lengths.keys().copied().collect();
        ids.sort_by_key(|id| (place(id), *id));
        let row = |id: &str| {
            let media =
                self.study.as_ref().and_then(|study| study.stimulus(id)).map(|stimulus| &stimulus.media);
            let table = crate::table::of(records, id, settings)?;
            let row = StimulusRow {
                id: id.to_owned(),
                duration_ms: lengths.get(id).copied().unwrap_or(0),
                file: media.and_then(|media| media.file()).map(|file| file.path.to_owned()),
                segments: self
                    .segments(id)
                    .iter()
                    .map(|part| (part.id.clone(), f64::from(part.from_ms) / 1e3, f64::from(part.to_ms) / 1e3))
                    .collect(),
                is_video: media.is_some_and(|media| media.kind() == "video"),
                shown: table.shown,
                usable: table.people.len(),
                excluded: table.reasons(),
            };
            Some((row, table))
        };
        // Every stimulus of a record was shown to somebody, so each has a table.
        ids.into_iter().filter_map(row).collect()
    }

    fn reconcile(&self, expected: &BTreeSet<String>, decided: &[(&Entry, Status, String)]) -> Reconciled {
        let id = |record: &Record| record.participant.clone().unwrap_or_else(|| record.session.clone());
        let (mut merged, mut others) = (BTreeSet::new(), BTreeSet::new());
        for (entry, status, _) in decided {
            if let Content::Record(record) = &entry.content {
                let list = if *status == Status::Merged { &mut merged } else { &mut others };
                list.insert(id(record));
            }
        }
        let of = |keep: &dyn Fn(&String) -> bool| expected.iter().filter(|id| keep(id)).cloned().collect();
        Reconciled {
            complete: of(&|id| merged.contains(id)),
            not_merged: of(&|id| !merged.contains(id) && others.contains(id)),
            missing: of(&|id| !merged.contains(id) && !others.contains(id)),
            unknown: merged.difference(expected).cloned().collect(),
        }
    }
}
