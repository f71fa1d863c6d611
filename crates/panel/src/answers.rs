//! The answers of a panel: how often each was given.

use std::collections::BTreeMap;

use emotion_stats::{PRIVACY_MINIMUM, groups_to_show};
use emotion_study::session::AnswerValue;
use serde::{Deserialize, Serialize};

use crate::merge::Panel;
use crate::settings::Settings;

/// The answers to one question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Distribution {
    /// The question's id.
    pub question: String,
    /// What was asked, if the study's file is there.
    pub prompt: String,
    /// People who answered.
    pub people: usize,
    /// Each answer with its number of people; `None` where that is hidden to protect them. Empty of free texts, which stand in
    /// the table of participants alone.
    pub counts: Vec<(String, Option<usize>)>,
    /// Mean of a scale.
    pub mean: Option<f64>,
}

impl Panel {
    /// How often each answer was given by the merged people.
    #[must_use]
    pub fn answers(&self, settings: &Settings) -> Vec<Distribution> {
        let records = self.merged(settings);
        let mut questions: BTreeMap<&str, Vec<&AnswerValue>> = BTreeMap::new();
        for answer in records.iter().flat_map(|record| &record.answers) {
            questions.entry(&answer.question).or_default().push(&answer.value);
        }
        let distribution = |(question, values): (&str, Vec<&AnswerValue>)| {
            let known = self.study().and_then(|study| study.question(question));
            let is_text =
                known.is_some_and(|known| matches!(known.kind, emotion_study::file::QuestionKind::Text(_)));
            let mut numbers: BTreeMap<i32, usize> = BTreeMap::new();
            let mut words: BTreeMap<&str, usize> = BTreeMap::new();
            for value in &values {
                match value {
                    AnswerValue::Number(number) => *numbers.entry(*number).or_default() += 1,
                    AnswerValue::Text(text) if !is_text => *words.entry(text).or_default() += 1,
                    AnswerValue::Text(_) => {}
                    AnswerValue::Options(ids) => ids.iter().for_each(|id| *words.entry(id).or_default() += 1),
                }
            }
            let total: usize = numbers.values().sum();
            let sum: f64 = numbers.iter().map(|(number, count)| f64::from(*number) * *count as f64).sum();
            let numbers = numbers.into_iter().map(|(number, count)| (number.to_string(), count));
            let all: Vec<(String, usize)> =
                numbers.chain(words.into_iter().map(|(word, count)| (word.to_owned(), count))).collect();
            let shown = groups_to_show(&all.iter().map(|(_, count)| *count).collect::<Vec<_>>());
            Distribution {
                question: question.to_owned(),
                prompt: known.map_or_else(String::new, |known| known.prompt.clone()),
                people: values.len(),
                counts: all
                    .into_iter()
                    .zip(shown)
                    .map(|((word, count), shown)| (word, shown.then_some(count)))
                    .collect(),
                mean: (total >= PRIVACY_MINIMUM).then(|| sum / total as f64),
            }
        };
        questions.into_iter().map(distribution).collect()
    }
}
