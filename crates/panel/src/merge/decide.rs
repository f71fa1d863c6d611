//! Which model's numbers are taken, and what becomes of each file.

use std::collections::{BTreeMap, BTreeSet};

use emotion_study::hash::measure_sha256;
use emotion_study::session::Outcome;

use super::{Content, Entry, Panel};
use crate::overview::{Model, Status};
use crate::record::{Origin, Record};
use crate::settings::Settings;

impl Entry {
    /// Which of one session's files goes first.
    fn rank(&self) -> (bool, bool, &str) {
        match &self.content {
            Content::Record(record) => (record.outcome != Outcome::Complete, record.from_receipt, &self.name),
            Content::Other(..) => (false, false, &self.name),
        }
    }
}

impl Panel {
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

    /// What becomes of each entry, by name.
    pub(super) fn decide(&self, settings: &Settings) -> (Vec<(&Entry, Status, String)>, Vec<Model>) {
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
        order.sort_by(|a, b| a.rank().cmp(&b.rank()));
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
}
