//! Which records are merged, and why the others are not.

use std::collections::{BTreeMap, BTreeSet};

use emotion_study::file::Study;
use emotion_study::hash::measure_sha256;
use emotion_study::session::{AnswerValue, Outcome};

use crate::lists::Attributes;
use crate::norms::Norm;
use crate::overview::{FileRow, Model, Overview, Reconciled, Status, StimulusRow};
use crate::record::{Origin, Record};
use crate::settings::{Grouping, Settings};
use crate::source::{Found, entry, found};

enum Content {
    Record(Box<Record>),
    Other(Status, String),
}

struct Entry {
    name: String,
    content: Content,
}

/// All that was read.
#[derive(Default)]
pub struct Panel {
    entries: Vec<Entry>,
    study: Option<Study>,
    withdrawn: BTreeSet<String>,
    expected: Option<BTreeSet<String>>,
    attributes: Vec<Attributes>,
    norms: Vec<Norm>,
}

impl Panel {
    /// Read a file. Whatever it is, it becomes rows of the overview.
    pub fn add(&mut self, name: &str, bytes: &[u8]) {
        self.take(found(name, bytes));
    }

    /// Read a file of an archive, which is opened elsewhere, or take why it could not be read.
    pub fn add_entry(&mut self, archive: &str, inner: &str, bytes: Result<Vec<u8>, String>) {
        self.take(entry(archive, inner, bytes));
    }

    /// Take a file that could not be opened, with the reason as a sentence.
    pub(crate) fn add_damaged(&mut self, name: &str, reason: String) {
        self.take(vec![(name.to_owned(), Found::Damaged(reason))]);
    }

    fn take(&mut self, parts: Vec<(String, Found)>) {
        for (name, found) in parts {
            let used = |what: String| Content::Other(Status::Used, what);
            let content = match found {
                Found::Record(record) => Content::Record(record),
                Found::Study(study) => {
                    let what = format!("The study \"{}\".", study.title);
                    self.study = Some(*study);
                    used(what)
                }
                Found::Withdrawn(codes) => {
                    let what = format!("A list of {} withdrawn codes.", codes.len());
                    self.withdrawn.extend(codes);
                    used(what)
                }
                Found::Expected(ids) => {
                    let what = format!("A list of {} expected participants.", ids.len());
                    self.expected.get_or_insert_default().extend(ids);
                    used(what)
                }
                Found::Attributes(table) => {
                    let what = format!("Attributes of people: {}.", table.columns.join(", "));
                    self.attributes.push(table);
                    used(what)
                }
                Found::Norms(norms) => {
                    let what = format!("The summary of an earlier study, {} rows.", norms.len());
                    self.norms.extend(norms);
                    used(what)
                }
                Found::Damaged(sentence) => Content::Other(Status::Damaged, sentence),
                Found::Unknown(sentence) => Content::Other(Status::Unknown, sentence),
            };
            self.entries.push(Entry { name, content });
        }
    }

    /// Add a record that was made here: sample data.
    pub fn add_record(&mut self, name: &str, record: Record) {
        self.entries.push(Entry { name: name.to_owned(), content: Content::Record(Box::new(record)) });
    }

    /// The study's file, if it was read.
    #[must_use]
    pub fn study(&self) -> Option<&Study> {
        self.study.as_ref()
    }

    /// Numbers of earlier studies.
    #[must_use]
    pub fn norms(&self) -> &[Norm] {
        &self.norms
    }

    /// The models that were found, the most frequent first.
    #[must_use]
    pub fn models(&self, settings: &Settings) -> Vec<Model> {
        let mut counts: BTreeMap<Origin, usize> = BTreeMap::new();
        for record in self.records().filter(|record| !record.preview) {
            *counts.entry(record.origin.clone()).or_default() += 1;
        }
        // A receipt does not tell the detector: it goes with the results that share all else, if they agree.
        let told: Vec<Origin> = counts.keys().filter(|origin| !origin.detector.is_empty()).cloned().collect();
        let untold: Vec<Origin> =
            counts.keys().filter(|origin| origin.detector.is_empty()).cloned().collect();
        for origin in untold {
            let mut fitting =
                told.iter().filter(|told| Origin { detector: String::new(), ..(*told).clone() } == origin);
            if let (Some(only), None) = (fitting.next(), fitting.next()) {
                let files = counts.remove(&origin).unwrap_or(0);
                *counts.entry(only.clone()).or_default() += files;
            }
        }
        let measure =
            self.study.as_ref().map(|study| measure_sha256(study).chars().take(16).collect::<String>());
        let mut models: Vec<Model> =
            counts.into_iter().map(|(origin, files)| Model { origin, files, taken: false }).collect();
        // That of the study's file first; of equal ones the one whose hashes come first.
        models.sort_by_key(|model| {
            let of_study = measure.as_ref().is_some_and(|measure| *measure == model.origin.measure);
            (!of_study, std::cmp::Reverse(model.files), model.origin.clone())
        });
        let taken =
            models.iter().position(|model| Some(&model.origin) == settings.origin.as_ref()).unwrap_or(0);
        if let Some(model) = models.get_mut(taken) {
            model.taken = true;
        }
        models
    }

    /// The expected ids of lists and settings; `None` where there are none.
    fn expected(&self, settings: &Settings) -> Option<BTreeSet<String>> {
        let typed = crate::lists::entries(&settings.expected);
        let mut all = self.expected.clone();
        if !typed.is_empty() {
            all.get_or_insert_default().extend(typed);
        }
        all
    }

    /// The withdrawn codes of lists and settings.
    fn withdrawn(&self, settings: &Settings) -> BTreeSet<String> {
        let typed = crate::lists::entries(&settings.withdrawn).into_iter();
        let typed = typed.map(|typed| emotion_study::code::read(&typed).unwrap_or(typed));
        self.withdrawn.iter().cloned().chain(typed).collect()
    }

    fn records(&self) -> impl Iterator<Item = &Record> {
        self.entries.iter().filter_map(|entry| match &entry.content {
            Content::Record(record) => Some(&**record),
            Content::Other(..) => None,
        })
    }

    /// What becomes of each entry, by name.
    fn decide(&self, settings: &Settings) -> (Vec<(&Entry, Status, String)>, Vec<Model>) {
        let models = self.models(settings);
        let withdrawn = self.withdrawn(settings);
        let taken = models.iter().find(|model| model.taken).map(|model| model.origin.clone());
        let study_id = self.study.as_ref().map(|study| study.id.clone()).or_else(|| {
            let same =
                |record: &&Record| taken.as_ref().is_some_and(|taken| taken.measure == record.origin.measure);
            self.records().filter(same).find_map(|record| record.study.clone())
        });
        // Of one session: a complete one before a broken one, a file before a receipt, then by name.
        let mut order: Vec<&Entry> = self.entries.iter().collect();
        let rank = |entry: &&Entry| match &entry.content {
            Content::Record(record) => {
                (record.outcome != Outcome::Complete, record.from_receipt, entry.name.clone())
            }
            Content::Other(..) => (false, false, entry.name.clone()),
        };
        order.sort_by_key(rank);
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        let mut decided: Vec<(&Entry, Status, String)> = Vec::with_capacity(order.len());
        for entry in order {
            let (status, reason) = match &entry.content {
                Content::Other(status, reason) => (*status, reason.clone()),
                Content::Record(record) => {
                    match self.refusal(record, taken.as_ref(), study_id.as_deref(), &models, &withdrawn) {
                        Some(refused) => refused,
                        None => match seen.get(record.session.as_str()) {
                            Some(first) => (
                                Status::Duplicate,
                                format!("The same session is in {first} already, which is used."),
                            ),
                            None => {
                                seen.insert(&record.session, &entry.name);
                                if settings.rule.only_complete && record.outcome != Outcome::Complete {
                                    let word = record.outcome.word();
                                    let reason = format!(
                                        "The session did not come to its end: its outcome is {word}."
                                    );
                                    (Status::NotComplete, reason)
                                } else {
                                    (Status::Merged, String::new())
                                }
                            }
                        },
                    }
                }
            };
            decided.push((entry, status, reason));
        }
        decided.sort_by(|a, b| a.0.name.cmp(&b.0.name));
        (decided, models)
    }

    fn refusal(
        &self,
        record: &Record,
        taken: Option<&Origin>,
        study_id: Option<&str>,
        models: &[Model],
        withdrawn: &BTreeSet<String>,
    ) -> Option<(Status, String)> {
        let taken = taken?;
        if record.preview {
            return Some((
                Status::Preview,
                "This is a preview by the study's maker; it never counts.".to_owned(),
            ));
        }
        if record.outcome == Outcome::Withdrawn || withdrawn.contains(&record.session) {
            return Some((Status::Withdrawn, "The participant has withdrawn. Delete this file.".to_owned()));
        }
        if record.origin.measure != taken.measure {
            return Some(match (record.study.as_deref(), study_id) {
                (Some(study), Some(wanted)) if study == wanted => (
                    Status::OtherMeasure,
                    "Something else was measured: stimuli, order, rate or rest were changed in this study. Merge it on its own."
                        .to_owned(),
                ),
                (Some(study), _) => (Status::OtherStudy, format!("It is of another study, \"{study}\".")),
                (None, _) => (Status::OtherStudy, "This receipt is of another study.".to_owned()),
            });
        }
        if !record.origin.same_model(taken) {
            let of = &record.origin;
            return Some((
                Status::OtherModel,
                format!(
                    "Another model gave its numbers ({}, mapping {}). Numbers of different models are never averaged.",
                    of.classifier, of.mapping
                ),
            ));
        }
        let same =
            |model: &&Model| record.origin.same_model(&model.origin) && model.origin.measure == taken.measure;
        if record.origin.detector.is_empty() && models.iter().filter(same).count() > 1 {
            return Some((
                Status::OtherModel,
                "This receipt does not tell its face detector, and the results have several.".to_owned(),
            ));
        }
        None
    }

    /// The merged records, sorted by session: the order of people everywhere.
    #[must_use]
    pub fn merged(&self, settings: &Settings) -> Vec<&Record> {
        let mut records: Vec<&Record> = self
            .decide(settings)
            .0
            .into_iter()
            .filter(|(_, status, _)| *status == Status::Merged)
            .filter_map(|(entry, ..)| match &entry.content {
                Content::Record(record) => Some(&**record),
                Content::Other(..) => None,
            })
            .collect();
        records.sort_by(|a, b| a.session.cmp(&b.session));
        records
    }

    /// The value by which somebody belongs to a group; `None` where there is none.
    #[must_use]
    pub fn value_of(&self, record: &Record, grouping: &Grouping) -> Option<String> {
        match grouping {
            Grouping::Group => record.group.clone(),
            Grouping::Answer(question) => {
                let answer = record.answers.iter().find(|answer| answer.question == *question)?;
                match &answer.value {
                    AnswerValue::Number(number) => Some(number.to_string()),
                    AnswerValue::Text(text) => Some(text.clone()),
                    // Several answers put nobody into one group.
                    AnswerValue::Options(_) => None,
                }
            }
            Grouping::Attribute(column) => self.attributes.iter().find_map(|table| {
                let ids = [record.participant.as_deref(), Some(record.session.as_str())];
                ids.into_iter().flatten().find_map(|id| table.get(id, column)).map(str::to_owned)
            }),
        }
    }

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
        let (decided, models) = self.decide(settings);
        let records = self.merged(settings);
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
        Overview {
            title: title
                .or_else(|| records.iter().find_map(|record| record.study.clone()))
                .unwrap_or_default(),
            merged: records.len(),
            models,
            funnel: funnel.into(),
            twice: people.iter().filter(|(_, count)| **count > 1).map(|(id, _)| (*id).to_owned()).collect(),
            balance: balance.into_iter().map(|((group, row), count)| (group, row, count)).collect(),
            stimuli: self.stimuli(&records, settings),
            groupings: self.groupings(&records),
            reconciled: expected.map(|expected| self.reconcile(&expected, &decided)),
            norms: self.norms.len(),
            receipts: records.iter().filter(|record| record.from_receipt).count(),
            files,
        }
    }

    fn stimuli(&self, records: &[&Record], settings: &Settings) -> Vec<StimulusRow> {
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
            let table = crate::table::of(records, id, settings);
            StimulusRow {
                id: id.to_owned(),
                duration_ms: lengths.get(id).copied().unwrap_or(0),
                file: media.and_then(|media| media.file()).map(|file| file.path.to_owned()),
                segments: self
                    .segments(id)
                    .iter()
                    .map(|part| (part.id.clone(), f64::from(part.from_ms) / 1e3, f64::from(part.to_ms) / 1e3))
                    .collect(),
                is_video: media.is_some_and(|media| media.kind() == "video"),
                shown: table.as_ref().map_or(0, |table| table.shown),
                usable: table.as_ref().map_or(0, |table| table.people.len()),
                excluded: table.map_or(Vec::new(), |table| table.reasons()),
            }
        };
        ids.into_iter().map(row).collect()
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

    /// The people of one stimulus who are usable, second by second; `None` if nobody saw it.
    #[must_use]
    pub fn table(&self, stimulus: &str, settings: &Settings) -> Option<crate::StimulusTable> {
        crate::table::of(&self.merged(settings), stimulus, settings)
    }
}
