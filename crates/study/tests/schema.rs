//! The published schema and the parser are held to each other: every field of a full study is changed in every way that can be
//! thought of, and both must say the same.

use emotion_study::file;
use jsonschema::Validator;
use serde_json::{Value, json};

const FULL: &str = include_str!("files/full-study.json");
const SCHEMA: &str = include_str!("../../../docs/schemas/study-1.json");

fn validator() -> Validator {
    jsonschema::validator_for(&serde_json::from_str(SCHEMA).expect("JSON")).expect("a schema")
}

/// What a schema cannot say, because it compares fields with each other or looks into a text: pieces of the parser's sentences.
const BEYOND_THE_SCHEMA: &[&str] = &[
    "is there twice",             // ids
    "in the list twice",          // stimuli of a group
    "no stimulus with the id",    // references
    "means the end of the study", // a stimulus called "end"
    "nothing but pauses",
    "ends at",     // segments against their stimulus
    "no segments", // of a pause
    "A scale goes up",
    "not a number of the scale",
    "not the id of one",
    "Free text cannot decide",
    "asked before everything else", // a screening question with a place
    "link uses",                    // reserved parameters
    "in use already",               // a parameter declared twice
    "Nothing is called",            // names in links and texts
    "needs that page's address",
    "no text with the key",
    "always shown in its own words",
    "is not possible: a link begins", // links in Markdown
];

/// Whether both say of this value that it is right.
///
/// # Errors
/// What they say where they do not agree.
fn agreed(validator: &Validator, value: &Value, what: &str) -> Result<bool, String> {
    let by_schema = validator.is_valid(value);
    let beyond = |reason: &str| BEYOND_THE_SCHEMA.iter().any(|words| reason.contains(words));
    let faults = file::parse_value(value).err().unwrap_or_default();
    let by_parser = faults.iter().all(|fault| beyond(&fault.reason));
    if by_schema == by_parser {
        return Ok(by_schema);
    }
    let errors: Vec<String> = validator.iter_errors(value).map(|error| error.to_string()).collect();
    Err(format!("{what}: the parser says {faults:?}, the schema {errors:?}").chars().take(600).collect())
}

/// All places of a value, as JSON pointers.
fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(k, v)| places(v, &format!("{at}/{}", k.replace('~', "~0").replace('/', "~1")), out)),
        Value::Array(list) => list.iter().enumerate().for_each(|(i, v)| places(v, &format!("{at}/{i}"), out)),
        _ => {}
    }
}

/// Other values for one place.
fn others(value: &Value) -> Vec<Value> {
    let mut list = vec![
        Value::Null,
        json!(true),
        json!({}),
        json!([]),
        json!("x"),
        json!(""),
        json!("  \n"),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(1e300),
    ];
    match value {
        Value::String(text) => {
            for length in
                [35, 36, 40, 41, 200, 201, 500, 501, 1_000, 1_001, 2_000, 2_001, 5_000, 5_001, 20_000, 20_001]
            {
                list.push(json!("a".repeat(length)));
                list.push(json!("ü".repeat(length)));
            }
            for (before, after) in [
                ("", "\u{1}"),
                ("", "\n"),
                ("\t", ""),
                ("-", ""),
                ("_", ""),
                (".", ""),
                ("/", ""),
                ("../", ""),
                ("a/../", ""),
                ("a//", ""),
                ("./", ""),
                ("http://e.org/", ""),
                ("C:\\", ""),
                ("", "?x"),
                ("", "#x"),
                ("", "%20"),
                ("", " "),
                ("", "é"),
                ("", "{x"),
                ("", "x}"),
                ("", "{participant}"),
                ("", "{1}"),
                ("", "<b>"),
                ("", "\""),
            ] {
                list.push(json!(format!("{before}{text}{after}")));
            }
            list.push(json!(text.to_uppercase()));
            list.push(json!(text.to_lowercase()));
            list.extend(
                [
                    "file",
                    "end",
                    "random",
                    "https://e.org",
                    "http://localhost:80",
                    "http://127.0.0.1",
                    "http://e.org",
                    "https://e",
                    "https://-e.org",
                    "https://e.org/",
                    "https://u@e.org",
                    "https://e.org:123456",
                    "javascript:alert(1)",
                    "de",
                    "de-AT",
                    "x",
                    "DE",
                    "zh-Hant-TW",
                    "a.webm",
                    "a.MP4",
                    "a.Mp4",
                    "a.svg",
                    ".webm",
                    "a/.webm",
                    "b/a.png",
                    "a.jpeg",
                    "a_b-c",
                ]
                .map(|text| json!(text)),
            );
        }
        Value::Number(_) => {
            for number in [
                1_i64,
                2,
                3,
                5,
                7,
                10,
                30,
                31,
                60,
                61,
                99,
                100,
                101,
                168,
                169,
                199,
                200,
                499,
                500,
                10_000,
                10_001,
                12_000,
                12_001,
                600_000,
                600_001,
                7_200_000,
                7_200_001,
                1_000_000_000,
                1_000_000_001,
                4_294_967_295,
                4_294_967_296,
                -100,
                -101,
            ] {
                list.push(json!(number));
            }
            list.extend([json!(0.5), json!(1.0), json!(5.0), json!(1.0001), json!("5")]);
        }
        Value::Array(entries) => {
            for length in [1_usize, 4, 5, 10, 11, 20, 21, 50, 51, 100, 101] {
                let first = entries.first().cloned().unwrap_or(json!("x"));
                list.push(Value::Array(vec![first; length]));
            }
            list.push(Value::Array(entries.iter().rev().cloned().collect()));
        }
        Value::Object(map) => {
            let mut more = map.clone();
            more.insert("colour".to_owned(), json!("red"));
            list.push(Value::Object(more));
            let mut both = map.clone();
            both.insert("pause".to_owned(), json!({}));
            list.push(Value::Object(both));
            let mut both = map.clone();
            both.insert("text".to_owned(), json!({"max_chars": 5}));
            list.push(Value::Object(both));
        }
        Value::Bool(_) => list.push(json!(false)),
        Value::Null => {}
    }
    list
}

#[test]
fn the_full_example_names_every_field_of_the_schema() {
    // Otherwise a field would never be changed below.
    let schema: Value = serde_json::from_str(SCHEMA).expect("JSON");
    let full: Value = serde_json::from_str(FULL).expect("JSON");
    let mut names = Vec::new();
    let mut all = Vec::new();
    places(&full, "", &mut all);
    for place in all {
        names.extend(place.split('/').map(str::to_owned));
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
    let mut declared = Vec::new();
    properties(&schema, &mut declared);
    assert!(declared.len() > 60);
    for name in declared {
        assert!(names.contains(&name), "the full example has no \"{name}\"");
    }
}

#[test]
fn both_take_the_examples() {
    let validator = validator();
    let example = include_str!("../../../public/studies/example/study.json");
    for text in [FULL, example] {
        let value: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(file::parse(text), file::parse_value(&value));
        file::parse(text).expect("the parser takes it");
        assert_eq!(agreed(&validator, &value, "an example"), Ok(true));
    }
}

#[test]
fn both_say_the_same_of_every_change_of_every_field() {
    let validator = validator();
    let full: Value = serde_json::from_str(FULL).expect("JSON");
    let mut list = Vec::new();
    places(&full, "", &mut list);
    let (mut right, mut wrong) = (0, 0);
    let mut differences = Vec::new();
    for place in &list {
        let value = full.pointer(place).expect("it is there");
        let mut changed: Vec<(String, Value)> = others(value)
            .into_iter()
            .map(|other| {
                let mut study = full.clone();
                let shown: String = other.to_string().chars().take(80).collect();
                *study.pointer_mut(place).expect("it is there") = other;
                (format!("{place} = {shown}"), study)
            })
            .collect();
        if let Some((parent, name)) = place.rsplit_once('/') {
            let mut study = full.clone();
            match study.pointer_mut(parent).expect("it is there") {
                Value::Object(map) => {
                    map.remove(name);
                }
                Value::Array(entries) => {
                    entries.remove(name.parse().expect("an index"));
                }
                _ => unreachable!("only these have places in them"),
            }
            changed.push((format!("{place} removed"), study));
        }
        for (what, study) in changed {
            match agreed(&validator, &study, &what) {
                Ok(true) => right += 1,
                Ok(false) => wrong += 1,
                Err(difference) => differences.push(difference),
            }
        }
    }
    let shown = &differences[..differences.len().min(20)];
    assert!(differences.is_empty(), "{} differences, as {shown:#?}", differences.len());
    // Both kinds must be many, or the test tests nothing.
    println!("{right} changes are right by the schema, {wrong} are wrong");
    assert!(right > 1_000 && wrong > 5_000, "{right}, {wrong}");
}

#[test]
fn what_is_written_is_read_again() {
    let study = file::parse(FULL).expect("right");
    assert_eq!(file::parse(&study.to_json()).expect("what it writes is right"), study);
    let written = serde_json::from_str(&study.to_json()).expect("JSON");
    assert_eq!(agreed(&validator(), &written, "written"), Ok(true));
}

/// The result file's schema against what the writer writes.
#[test]
fn the_kept_result_fits_its_schema() {
    let schema = serde_json::from_str(include_str!("../../../docs/schemas/result-1.json")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let result = emotion_study::result::read(include_bytes!("files/result-1.result.json.gz")).expect("right");
    let text = emotion_study::result::to_json(&result);
    let value: Value = serde_json::from_str(&text).expect("JSON");
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

/// The published schemas are those of the types; `cargo test -p emotion-study --features schema` runs it.
#[cfg(feature = "schema")]
#[test]
fn the_published_schemas_are_up_to_date() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schemas");
    for (name, text) in emotion_study::schema::published() {
        let published = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(
            published == text,
            "docs/schemas/{name}: cargo run -p emotion-study --features schema --example schemas"
        );
    }
}
