//! What the program writes fits docs/schemas: a small check of the keywords that these schemas use.

use std::collections::BTreeSet;

use emotion_core::reading::Reason;
use emotion_record::export::{columns, to_json};
use emotion_record::session::{
    FIELDS, LiveEvent, Models, OWN, OwnModel, OwnValues, SETTINGS, Sample, Session, SessionFile,
};
use serde_json::{Value, json};

const SESSION: &str = include_str!("../../../docs/schemas/session-3.json");
const LIVE_EVENT: &str = include_str!("../../../docs/schemas/live-event.json");
const FILE: &str = include_str!("../../../tests/files/session-3.json");
const FORMATS: &str = include_str!("../../../docs/formats.md");

/// Why `value` does not fit `schema`, one entry per fault; a rule for another type than the value's says nothing. A keyword that is not known here is a fault, too, so
/// that no rule goes unchecked.
fn faults(root: &Value, schema: &Value, value: &Value, path: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut fault = |fits: bool, what: &str| {
        if !fits {
            found.push(format!("{path}: {what}"));
        }
    };
    let mut inner = Vec::new();
    for (keyword, rule) in schema.as_object().unwrap() {
        match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" | "format" => {}
            "$ref" => {
                let pointer = rule.as_str().unwrap().trim_start_matches('#');
                inner.extend(faults(root, root.pointer(pointer).unwrap(), value, path));
            }
            "anyOf" => {
                let fits =
                    rule.as_array().unwrap().iter().any(|any| faults(root, any, value, path).is_empty());
                fault(fits, "fits none");
            }
            "type" => {
                let types = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                fault(
                    types.iter().any(|name| is_of_type(value, name.as_str().unwrap())),
                    &format!("is no {rule}"),
                );
            }
            "const" => fault(value == rule, "is another constant"),
            "enum" => fault(rule.as_array().unwrap().contains(value), "is not in the list"),
            "minimum" => fault(value.as_f64().is_none_or(|v| v >= rule.as_f64().unwrap()), "is too small"),
            "maximum" => fault(value.as_f64().is_none_or(|v| v <= rule.as_f64().unwrap()), "is too large"),
            "minItems" => fault(count(value).is_none_or(|n| n >= rule.as_u64().unwrap()), "is too short"),
            "maxItems" => fault(count(value).is_none_or(|n| n <= rule.as_u64().unwrap()), "is too long"),
            "uniqueItems" => {
                let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
                fault((1..items.len()).all(|i| !items[..i].contains(&items[i])), "has equal items");
            }
            // The one pattern of these schemas.
            "pattern" => {
                assert_eq!(rule, "^([0-9a-f]{64})?$");
                let text = value.as_str().unwrap_or_default();
                fault(
                    [0, 64].contains(&text.len()) && text.chars().all(|c| "0123456789abcdef".contains(c)),
                    "is no SHA-256",
                );
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    inner.extend(faults(root, rule, item, &format!("{path}[{index}]")));
                }
            }
            "properties" => {
                for (name, rule) in rule.as_object().unwrap() {
                    if let Some(value) = value.get(name) {
                        inner.extend(faults(root, rule, value, &format!("{path}.{name}")));
                    }
                }
            }
            "required" => {
                for name in rule.as_array().into_iter().flatten().filter(|_| value.is_object()) {
                    fault(value.get(name.as_str().unwrap()).is_some(), &format!("lacks {name}"));
                }
            }
            "additionalProperties" if rule.is_object() => {
                for (name, value) in value.as_object().into_iter().flatten() {
                    inner.extend(faults(root, rule, value, &format!("{path}.{name}")));
                }
            }
            "additionalProperties" => {
                let known = schema["properties"].as_object().unwrap();
                let mut names = value.as_object().into_iter().flat_map(|fields| fields.keys());
                fault(names.all(|name| known.contains_key(name)), "has a field that the schema lacks");
            }
            unknown => fault(false, &format!("keyword {unknown} is not checked")),
        }
    }
    found.extend(inner);
    found
}

fn count(value: &Value) -> Option<u64> {
    value.as_array().map(|items| items.len() as u64)
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_u64() || value.is_i64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("type {other}"),
    }
}

fn check(schema: &str, value: &Value) -> Vec<String> {
    let schema = serde_json::from_str(schema).unwrap();
    faults(&schema, &schema, value, "file")
}

#[test]
fn session_files_fit_their_schema() {
    let kept: Value = serde_json::from_str(FILE).unwrap();
    assert_eq!(check(SESSION, &kept), [""; 0]);
    let file = SessionFile::from_json(FILE).unwrap();
    let written: Value = serde_json::from_str(&to_json(&file).unwrap()).unwrap();
    assert_eq!(check(SESSION, &written), [""; 0]);
    let models = Models { detector_sha256: "a".repeat(64), classifier_sha256: "0".repeat(64) };
    let empty = SessionFile::new(Session::new("2026-01-01T00:00:00Z", models), vec![]);
    assert_eq!(check(SESSION, &serde_json::to_value(empty).unwrap()), [""; 0]);
    // What is left of a recording whose circumstances were lost with a crash.
    let bare = SessionFile::new(Session::new("", Models::default()), vec![Sample::without_face(5.0)]);
    assert_eq!(check(SESSION, &serde_json::to_value(bare).unwrap()), [""; 0]);
}

/// A session in which a person's own model ran.
fn with_own_model() -> SessionFile {
    let mut file = SessionFile::from_json(FILE).unwrap();
    file.session.own_model = Some(OwnModel {
        name: "lab".into(),
        sha256: "a".repeat(64),
        card_sha256: "b".repeat(64),
        labels: vec!["joy".into()],
    });
    file.samples[0].own = Some(OwnValues::new(&[("joy".into(), 0.5)]));
    file
}

#[test]
fn what_a_persons_own_model_adds_fits_and_what_is_no_number_does_not() {
    let written: Value = serde_json::from_str(&to_json(&with_own_model()).unwrap()).unwrap();
    assert_eq!(check(SESSION, &written), [""; 0]);
    let again = SessionFile::from_json(&written.to_string()).unwrap();
    assert_eq!(again, with_own_model());
    let event = serde_json::to_value(LiveEvent { time_ms: 5.0, samples: &again.samples[..1] }).unwrap();
    assert_eq!(check(LIVE_EVENT, &event), [""; 0]);
    let mut spoilt = written;
    spoilt["samples"][0]["own"]["joy"] = json!("much");
    spoilt["session"]["own_model"]["sha256"] = json!("abc");
    assert_eq!(check(SESSION, &spoilt).len(), 2);
}

#[test]
fn live_events_fit_their_schema() {
    let samples = SessionFile::from_json(FILE).unwrap().samples;
    for sample in [samples, vec![Sample::without_face(5.0)]] {
        let event = LiveEvent { time_ms: 5.0, samples: &sample };
        assert_eq!(check(LIVE_EVENT, &serde_json::to_value(event).unwrap()), [""; 0]);
    }
}

#[test]
fn the_schema_names_every_field_that_is_written() {
    let file: Value = serde_json::from_str(FILE).unwrap();
    let mut fields: Vec<&String> = file["samples"][0].as_object().unwrap().keys().collect();
    // Only where a person's own model runs.
    let own = OWN.to_owned();
    fields.push(&own);
    for text in [SESSION, LIVE_EVENT] {
        let schema: Value = serde_json::from_str(text).unwrap();
        let mut known: Vec<&String> =
            schema["$defs"]["sample"]["properties"].as_object().unwrap().keys().collect();
        known.sort();
        fields.sort();
        assert_eq!(fields, known);
    }
}

#[test]
fn the_check_finds_faults() {
    let kept: Value = serde_json::from_str(FILE).unwrap();
    let faults_with = |change: &dyn Fn(&mut Value)| {
        let mut file = kept.clone();
        change(&mut file);
        check(SESSION, &file).len()
    };
    assert_eq!(faults_with(&|_| {}), 0);
    assert_eq!(faults_with(&|file| file["version"] = json!(4)), 1);
    assert_eq!(faults_with(&|file| file["session"]["baselines"][1]["doubtful"] = json!("yes")), 1);
    assert_eq!(faults_with(&|file| file["samples"][0]["quality"] = json!(1.5)), 1);
    assert_eq!(faults_with(&|file| file["samples"][0]["emotion"] = json!("joy")), 1);
    assert_eq!(faults_with(&|file| file["samples"][0]["box"] = json!([0.0, 0.0, 0.5])), 1);
    assert_eq!(faults_with(&|file| file["samples"][0]["depth"]["happy"] = json!(-0.1)), 1);
    assert_eq!(faults_with(&|file| file["samples"][0]["mood"] = json!(1)), 1);
    assert_eq!(faults_with(&|file| drop(file["samples"][0].as_object_mut().unwrap().remove("raw"))), 1);
    assert_eq!(faults_with(&|file| file["session"]["models"]["detector_sha256"] = json!("abc")), 1);
}

#[test]
fn the_list_of_reasons_is_the_same_everywhere() {
    let schema: Value = serde_json::from_str(SESSION).unwrap();
    let listed = &schema["$defs"]["sample"]["properties"]["quality_reasons"]["items"]["enum"];
    assert_eq!(*listed, json!(Reason::ALL.map(Reason::code)));
    for reason in Reason::ALL {
        assert!(FORMATS.contains(&format!("| `{}` |", reason.code())), "{}", reason.code());
    }
}

#[test]
fn the_document_names_every_column() {
    for column in columns() {
        // raw.angry to raw.neutral are documented as raw.EMOTION.
        let column = match column.split_once('.') {
            Some((outer, _)) if outer != "box" && outer != "session" => format!("{outer}.EMOTION"),
            _ => column,
        };
        assert!(FORMATS.contains(&format!("`{column}`")), "{column}");
    }
}

#[test]
fn the_document_explains_every_field_in_the_pages_words() {
    for field in FIELDS.iter().chain(&SETTINGS) {
        let row = format!("| `{}` | {} | {} |\n", field.name, field.kind, field.meaning);
        assert!(FORMATS.contains(&row), "docs/formats.md lacks the row {row}");
    }
    let file: Value = serde_json::from_str(FILE).unwrap();
    let fields: BTreeSet<&str> = FIELDS.iter().map(|field| field.name).collect();
    let written: BTreeSet<&str> =
        file["samples"][0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, written);
}
