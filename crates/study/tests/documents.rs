//! The documents name what the code has.

use emotion_study::{result, words};
use serde_json::Value;

const STUDIES: &str = include_str!("../../../docs/studies.md");
const FORMATS: &str = include_str!("../../../docs/formats.md");

#[test]
fn studies_md_lists_every_key_and_no_other() {
    let table = STUDIES.split("| key | in English |").nth(1).expect("the table of keys");
    let listed: Vec<(&str, &str)> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|line| line.trim_end_matches(" |").split_once("` |"))
        .map(|(key, text)| (key, text.trim()))
        .collect();
    let ours: Vec<(&str, &str)> = words::all().map(|phrase| (phrase.key, phrase.texts[0].trim())).collect();
    assert_eq!(listed, ours);
}

#[test]
fn every_field_of_the_study_file_is_explained() {
    let schema: Value =
        serde_json::from_str(include_str!("../../../docs/schemas/study-1.json")).expect("JSON");
    let mut names = Vec::new();
    properties(&schema, &mut names);
    assert!(names.len() > 60);
    for name in names {
        assert!(STUDIES.contains(&format!("`{name}`")), "docs/studies.md does not name `{name}`");
    }
}

#[test]
fn every_part_of_the_result_file_is_explained() {
    let schema: Value =
        serde_json::from_str(include_str!("../../../docs/schemas/result-1.json")).expect("JSON");
    let mut names = Vec::new();
    properties(&schema, &mut names);
    assert!(names.len() > 50);
    for name in names.iter().filter(|name| !name.starts_with("raw_")) {
        // The camera's and the answers' parts stand in words in one line.
        let named =
            FORMATS.contains(&format!("`{name}`")) || matches!(name.as_str(), "width" | "height" | "fps");
        assert!(named, "docs/formats.md does not name `{name}`");
    }
    for (bit, code) in result::REASONS.iter().enumerate() {
        assert!(FORMATS.contains(&format!("| {bit} | `{code}`")), "bit {bit} is {code}");
    }
    for name in result::csv::header().iter().filter(|name| !name.contains('.')) {
        assert!(FORMATS.contains(&format!("`{name}`")), "docs/formats.md does not name the column {name}");
    }
}

fn properties(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::Object(fields)) = map.get("properties") {
                out.extend(fields.keys().cloned());
            }
            map.values().for_each(|value| properties(value, out));
        }
        Value::Array(list) => list.iter().for_each(|value| properties(value, out)),
        _ => {}
    }
}
