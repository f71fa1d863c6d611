//! Reading questions, and judging answers to them.

use serde_json::Value;

use super::strings::id;
use crate::fault::Faults;
use crate::file::types::*;
use crate::walk::{self, Object};

/// A question; `placed` ones have a field `after`, those of the screening have none.
pub(in crate::file) fn question(
    value: &Value,
    path: &str,
    faults: &mut Faults,
    placed: bool,
) -> Option<Question> {
    let mut object = Object::open(value, path, faults)?;
    let id = object.required("id", faults, id);
    let prompt = object.required("prompt", faults, |v, p, f| walk::text(v, p, f, limits::LONG));
    let required = object.optional("required", true, faults, walk::boolean);
    let after = if placed {
        object.optional("after", defaults::after(), faults, self::id)
    } else {
        object.optional("after", defaults::after(), faults, |v, p, f| {
            let after = self::id(v, p, f)?;
            if after == AT_THE_END {
                return Some(after);
            }
            f.push(p, "A screening question is asked before everything else. Remove this field.");
            None
        })
    };
    let kind = object.one_of(&["scale", "choice", "text"], "How the question is answered", faults).and_then(
        |(kind, value)| {
            let at = object.at(kind);
            match kind {
                "scale" => scale(value, &at, faults).map(QuestionKind::Scale),
                "choice" => choice(value, &at, faults).map(QuestionKind::Choice),
                _ => free_text(value, &at, faults).map(QuestionKind::Text),
            }
        },
    );
    object.close(faults);
    Some(Question { id: id?, prompt: prompt?, required: required?, after: after?, kind: kind? })
}

fn scale(value: &Value, path: &str, faults: &mut Faults) -> Option<Scale> {
    let mut object = Object::open(value, path, faults)?;
    let label = |v: &Value, p: &str, f: &mut Faults| walk::text(v, p, f, limits::SHORT).map(Some);
    let min = object.required("min", faults, |v, p, f| walk::integer(v, p, f, (-100, 99)));
    let max = object.required("max", faults, |v, p, f| walk::integer(v, p, f, (-99, 100)));
    let min_label = object.optional("min_label", None, faults, label);
    let max_label = object.optional("max_label", None, faults, label);
    object.close(faults);
    let (min, max) = (min?, max?);
    if max <= min || max - min > 100 {
        faults.push(path, format!("A scale goes up, by at most 100; this one goes from {min} to {max}."));
        return None;
    }
    Some(Scale { min: min as i32, max: max as i32, min_label: min_label?, max_label: max_label? })
}

fn choice(value: &Value, path: &str, faults: &mut Faults) -> Option<Choice> {
    let mut object = Object::open(value, path, faults)?;
    let options =
        object.required("options", faults, |v, p, f| walk::list(v, p, f, (2, limits::OPTIONS), option));
    let multiple = object.optional("multiple", false, faults, walk::boolean);
    object.close(faults);
    Some(Choice { options: options?, multiple: multiple? })
}

fn option(value: &Value, path: &str, faults: &mut Faults) -> Option<ChoiceOption> {
    let mut object = Object::open(value, path, faults)?;
    let id = object.required("id", faults, id);
    let text = object.required("text", faults, |v, p, f| walk::text(v, p, f, limits::SHORT));
    object.close(faults);
    Some(ChoiceOption { id: id?, text: text? })
}

fn free_text(value: &Value, path: &str, faults: &mut Faults) -> Option<FreeText> {
    let mut object = Object::open(value, path, faults)?;
    let max_chars =
        object.required("max_chars", faults, |v, p, f| walk::integer(v, p, f, (1, limits::LONG as i64)));
    object.close(faults);
    Some(FreeText { max_chars: max_chars? as u32 })
}

pub(in crate::file) fn screening(value: &Value, path: &str, faults: &mut Faults) -> Option<Screening> {
    let mut object = Object::open(value, path, faults)?;
    let question = object.required("question", faults, |v, p, f| question(v, p, f, false));
    let screen_out_if = object.required("screen_out_if", faults, |v, p, f| {
        walk::list(v, p, f, (1, limits::OPTIONS), |v, p, f| match v {
            Value::String(_) => id(v, p, f).map(ScreenOut::Option),
            Value::Number(_) => walk::integer(v, p, f, (-100, 100)).map(|n| ScreenOut::Number(n as i32)),
            _ => {
                f.push(p, "Write the id of an option in quotation marks, or a number of the scale.");
                None
            }
        })
    });
    object.close(faults);
    let (question, screen_out_if) = (question?, screen_out_if?);
    let mut whole = true;
    for (index, answer) in screen_out_if.iter().enumerate() {
        let at = format!("{path}.screen_out_if[{index}]");
        match (&question.kind, answer) {
            (QuestionKind::Choice(choice), ScreenOut::Option(id))
                if choice.options.iter().any(|o| o.id == *id) => {}
            (QuestionKind::Scale(scale), ScreenOut::Number(n)) if (scale.min..=scale.max).contains(n) => {}
            (QuestionKind::Text(_), _) => {
                faults.push(at, "Free text cannot decide who takes part. Use a choice or a scale.");
                whole = false;
            }
            (QuestionKind::Choice(_), _) => {
                faults.push(at, "This is not the id of one of the question's options.");
                whole = false;
            }
            (QuestionKind::Scale(scale), _) => {
                faults.push(
                    at,
                    format!("This is not a number of the scale from {} to {}.", scale.min, scale.max),
                );
                whole = false;
            }
        }
    }
    whole.then_some(Screening { question, screen_out_if })
}
