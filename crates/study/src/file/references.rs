//! What no field can say alone: ids that are there twice, and names that lead nowhere.
//!
//! It looks at the JSON and not at the types, so that these faults come out beside all others.

use serde_json::Value;

use super::types::AT_THE_END;
use crate::fault::Faults;
use crate::walk::{listed, nearest, shortened};

/// What the links of the outcomes may name besides the link's own parameters.
const LINK_NAMES: [&str; 5] = ["participant", "session", "group", "outcome", "code"];

pub(super) fn check(study: &Value, faults: &mut Faults) {
    let stimuli = entries(study, "stimuli");
    let stimulus_ids = unique(stimuli, "stimuli", "id", faults);
    unique(entries(study, "groups"), "groups", "id", faults);
    question_ids(study, faults);
    for (index, stimulus) in stimuli.iter().enumerate() {
        let path = format!("stimuli[{index}]");
        if stimulus.get("id").and_then(Value::as_str) == Some(AT_THE_END) {
            faults.push(format!("{path}.id"), "\"end\" means the end of the study. Choose another id.");
        }
        segments(stimulus, &path, faults);
    }
    if !stimuli.is_empty() && stimuli.iter().all(|stimulus| stimulus.get("pause").is_some()) {
        faults.push("stimuli", "There is nothing but pauses. Add a video, an image or a text.");
    }
    for (index, group) in entries(study, "groups").iter().enumerate() {
        let path = format!("groups[{index}].stimuli");
        let named = entries(group, "stimuli");
        for (place, id) in named.iter().enumerate() {
            known_stimulus(id, &format!("{path}[{place}]"), &stimulus_ids, faults);
            if named[..place].contains(id) {
                faults.push(format!("{path}[{place}]"), "This stimulus is in the list twice.");
            }
        }
    }
    for (index, question) in entries(study, "questions").iter().enumerate() {
        if let Some(after) = question.get("after").filter(|after| after.as_str() != Some(AT_THE_END)) {
            known_stimulus(after, &format!("questions[{index}].after"), &stimulus_ids, faults);
        }
    }
    parameters(study, faults);
    let handover = study.get("handover");
    let parent =
        handover.map_or(&[][..], |handover| entries(handover, "methods")).iter().any(|m| m == "parent");
    if parent && handover.is_some_and(|handover| handover.get("parent_origin").is_none()) {
        faults.push(
            "handover.parent_origin",
            "The hand-over to a page around this one needs that page's address here.",
        );
    }
}

fn entries<'v>(value: &'v Value, field: &str) -> &'v [Value] {
    value.get(field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The ids of a list's entries; one that is there twice is a fault.
fn unique<'v>(list: &'v [Value], path: &str, field: &str, faults: &mut Faults) -> Vec<&'v str> {
    let mut ids: Vec<&str> = Vec::new();
    for (index, entry) in list.iter().enumerate() {
        let Some(id) = entry.get(field).and_then(Value::as_str) else { continue };
        if ids.contains(&id) {
            faults.push(
                format!("{path}[{index}].{field}"),
                format!("The id \"{}\" is there twice.", shortened(id)),
            );
        }
        ids.push(id);
    }
    ids
}

fn question_ids(study: &Value, faults: &mut Faults) {
    let screening = entries(study, "screening").iter().enumerate().filter_map(|(index, entry)| {
        entry.get("question").map(|question| (format!("screening[{index}].question"), question))
    });
    let questions =
        entries(study, "questions").iter().enumerate().map(|(i, q)| (format!("questions[{i}]"), q));
    let mut ids: Vec<&str> = Vec::new();
    for (path, question) in screening.chain(questions) {
        if let Some(choice) = question.get("choice") {
            unique(entries(choice, "options"), &format!("{path}.choice.options"), "id", faults);
        }
        let Some(id) = question.get("id").and_then(Value::as_str) else { continue };
        if ids.contains(&id) {
            faults.push(format!("{path}.id"), format!("The id \"{}\" is there twice.", shortened(id)));
        }
        ids.push(id);
    }
}

fn segments(stimulus: &Value, path: &str, faults: &mut Faults) {
    let list = entries(stimulus, "segments");
    unique(list, &format!("{path}.segments"), "id", faults);
    let media = ["video", "image", "text", "pause"].iter().find_map(|kind| stimulus.get(kind));
    let duration = media.and_then(|media| media.get("duration_ms")).and_then(Value::as_f64);
    if stimulus.get("pause").is_some() && !list.is_empty() {
        faults.push(format!("{path}.segments"), "Nothing is recorded in a pause, so it has no segments.");
    }
    for (index, segment) in list.iter().enumerate() {
        let time = |field: &str| segment.get(field).and_then(Value::as_f64);
        let at = format!("{path}.segments[{index}].to_ms");
        if let (Some(from), Some(to)) = (time("from_ms"), time("to_ms")) {
            if to <= from {
                faults.push(at, format!("The segment ends at {to} ms, but it begins at {from} ms."));
            } else if duration.is_some_and(|duration| to > duration) {
                let reason = format!(
                    "The segment ends at {to} ms, but the stimulus lasts {} ms.",
                    duration.unwrap_or(0.0)
                );
                faults.push(at, reason);
            }
        }
    }
}

fn known_stimulus(id: &Value, path: &str, ids: &[&str], faults: &mut Faults) {
    let Some(id) = id.as_str() else { return };
    if ids.contains(&id) {
        return;
    }
    let hint =
        nearest(id, ids.iter().copied()).map_or(String::new(), |name| format!(" Did you mean \"{name}\"?"));
    faults.push(path, format!("There is no stimulus with the id \"{}\".{hint}", shortened(id)));
}

/// Parameters that are declared twice, and names in links that nobody declared.
fn parameters(study: &Value, faults: &mut Faults) {
    let identity = study.get("identity");
    let parameter = identity.and_then(|i| i.get("participant_parameter")).and_then(Value::as_str);
    let mut names: Vec<&str> = vec![parameter.unwrap_or("participant")];
    for (index, name) in identity.map_or(&[][..], |i| entries(i, "carry")).iter().enumerate() {
        let Some(name) = name.as_str() else { continue };
        if names.contains(&name) || LINK_NAMES.contains(&name) {
            faults.push(
                format!("identity.carry[{index}]"),
                format!("The name \"{}\" is in use already. Leave it out here.", shortened(name)),
            );
        }
        names.push(name);
    }
    names.extend(LINK_NAMES.iter().filter(|name| **name != "participant" || parameter.is_some()));
    let Some(outcomes) = study.get("outcomes").and_then(Value::as_object) else { return };
    for (outcome, ending) in outcomes {
        let Some(link) = ending.get("link").and_then(Value::as_str) else { continue };
        for named in link.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name) {
            if !names.contains(&named) {
                faults.push(
                    format!("outcomes.{outcome}.link"),
                    format!(
                        "Nothing is called {{{}}}. These names are known: {}.",
                        shortened(named),
                        listed(&names)
                    ),
                );
            }
        }
    }
}
