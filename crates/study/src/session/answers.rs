//! Answers, and whether they fit their questions.

use serde::{Deserialize, Serialize};

use crate::file::{Question, QuestionKind, ScreenOut, Screening};

/// An answer to a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Answer {
    /// The question's id.
    pub question: String,
    /// What was answered.
    pub value: AnswerValue,
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum AnswerValue {
    /// A number of a scale.
    Number(i32),
    /// The id of the option, or the text.
    Text(String),
    /// The ids of the options, where several may be chosen.
    Options(Vec<String>),
}

/// Why an answer does not fit its question; nothing where it does.
pub fn answer_fault(question: &Question, value: &AnswerValue) -> Option<&'static str> {
    match (&question.kind, value) {
        (QuestionKind::Scale(scale), AnswerValue::Number(n)) => {
            (!(scale.min..=scale.max).contains(n)).then_some("is not a number of the scale")
        }
        (QuestionKind::Choice(choice), AnswerValue::Text(id)) if !choice.multiple => {
            (!choice.options.iter().any(|option| option.id == *id)).then_some("is not one of the options")
        }
        (QuestionKind::Choice(choice), AnswerValue::Options(ids)) if choice.multiple => {
            let known = ids.iter().all(|id| choice.options.iter().any(|option| option.id == *id));
            let twice = (1..ids.len()).any(|i| ids[..i].contains(&ids[i]));
            if !known || twice {
                Some("is not a list of options")
            } else {
                (question.required && ids.is_empty()).then_some("is empty")
            }
        }
        (QuestionKind::Text(text), AnswerValue::Text(words)) => {
            if words.chars().count() > text.max_chars as usize {
                Some("is too long")
            } else {
                (question.required && words.trim().is_empty()).then_some("is empty")
            }
        }
        _ => Some("is of another kind"),
    }
}

/// The ids of the questions that still need an answer, or whose answer does not fit; an answer to no question of these is
/// told by its own id.
pub fn missing_answers(questions: &[&Question], answers: &[Answer]) -> Vec<String> {
    let mut missing: Vec<String> = Vec::new();
    for question in questions {
        let mut given = answers.iter().filter(|answer| answer.question == question.id);
        let right = match (given.next(), given.next()) {
            (Some(answer), None) => answer_fault(question, &answer.value).is_none(),
            (None, _) => !question.required,
            (Some(_), Some(_)) => false,
        };
        if !right {
            missing.push(question.id.clone());
        }
    }
    let strange =
        answers.iter().filter(|answer| !questions.iter().any(|question| question.id == answer.question));
    missing.extend(strange.map(|answer| answer.question.clone()));
    missing
}

/// Whether the answers to a screening question mean that somebody may not take part.
pub fn screens_out(screening: &Screening, answers: &[Answer]) -> bool {
    let given = answers.iter().filter(|answer| answer.question == screening.question.id);
    given.into_iter().any(|answer| {
        screening.screen_out_if.iter().any(|out| match (out, &answer.value) {
            (ScreenOut::Number(out), AnswerValue::Number(n)) => out == n,
            (ScreenOut::Option(out), AnswerValue::Text(id)) => out == id,
            (ScreenOut::Option(out), AnswerValue::Options(ids)) => ids.contains(out),
            _ => false,
        })
    })
}
