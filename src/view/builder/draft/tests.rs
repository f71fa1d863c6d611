use serde_json::json;

use super::*;

const FULL: &str = include_str!("../../../../crates/study/tests/files/full-study.json");
const EXAMPLE: &str = include_str!("../../../../public/studies/example/study.json");

#[test]
fn a_study_comes_out_of_the_forms_as_it_went_in() {
    for text in [FULL, EXAMPLE] {
        let study = file::parse(text).expect("it is right");
        let draft = Draft::of_json(text).expect("it is a study");
        assert_eq!(draft.study().expect("it is right"), study);
        assert_eq!(file::parse(&draft.to_json()).expect("it is right"), study);
    }
}

/// Every value of a file, put once more through the input that shows it, leaves the study as it was.
#[test]
fn what_an_input_shows_is_what_it_puts() {
    fn paths(value: &Value, path: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let inner = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    paths(value, &inner, found);
                }
            }
            Value::Array(entries) => {
                for (at, entry) in entries.iter().enumerate() {
                    paths(entry, &format!("{path}[{at}]"), found);
                }
            }
            _ => found.push(path.to_owned()),
        }
    }
    let before = Draft::of_json(FULL).expect("it is a study");
    let mut after = before.clone();
    let mut found = Vec::new();
    paths(&before.value, "", &mut found);
    assert!(found.len() > 100, "{}", found.len());
    for path in found {
        match before.get(&path).expect("it is there") {
            Value::String(_) => after.set_text(&path, &before.text(&path)),
            Value::Number(_) if path.ends_with("_ms") => after.set_seconds(&path, &before.seconds(&path)),
            Value::Number(_) => after.set_number(&path, &before.text(&path)),
            // Left out, it is false.
            Value::Bool(_) if path.ends_with("required") => {}
            _ => after.set_flag(&path, before.flag(&path)),
        }
    }
    after.set_words("identity.carry", &before.listed("identity.carry"));
    after.set_numbers("screening[1].screen_out_if", &before.listed("screening[1].screen_out_if"));
    assert_eq!(after.study().expect("it is right"), before.study().expect("it is right"));
}

#[test]
fn typed_numbers_and_times_keep_what_was_meant() {
    let mut draft = Draft::default();
    draft.set_seconds("a_ms", "1,5");
    draft.set_seconds("b_ms", "0.0301");
    draft.set_seconds("c_ms", "soon");
    draft.set_number("d", " -3 ");
    draft.set_number("e", "0.25");
    draft.set_number("f", "1e5");
    draft.set_number("g", "inf");
    let of = |path| draft.get(path).cloned();
    assert_eq!(
        (of("a_ms"), of("b_ms"), of("c_ms")),
        (Some(json!(1500)), Some(json!(30)), Some(json!("soon")))
    );
    assert_eq!((of("d"), of("e"), of("f")), (Some(json!(-3)), Some(json!(0.25)), Some(json!("1e5"))));
    assert_eq!(of("g"), Some(json!("inf")));
    assert_eq!((draft.seconds("a_ms").as_str(), draft.seconds("c_ms").as_str()), ("1.5", "soon"));
    draft.set_number("d", "");
    draft.set_seconds("a_ms", " ");
    assert_eq!((draft.get("d"), draft.get("a_ms")), (None, None));
}

#[test]
fn lists_of_words_and_numbers_are_typed_with_commas() {
    let mut draft = Draft::default();
    draft.set_words("a.b", " x, y;z,\n");
    assert_eq!((draft.get("a.b"), draft.listed("a.b").as_str()), (Some(&json!(["x", "y", "z"])), "x, y, z"));
    draft.set_numbers("n", "1, 2, many");
    assert_eq!(draft.get("n"), Some(&json!([1, 2, "many"])));
    draft.set_member("a.b", "y", false);
    draft.set_member("a.b", "w", true);
    assert_eq!(draft.get("a.b"), Some(&json!(["x", "z", "w"])));
    assert!(draft.member("a.b", "w") && !draft.member("a.b", "y"));
    draft.set_words("a.b", " , ");
    draft.set_numbers("n", "");
    assert_eq!((draft.get("a.b"), draft.get("n")), (None, None));
}

#[test]
fn an_emptied_group_goes_where_it_may_and_stays_where_it_says_something() {
    let mut draft = Draft::default();
    let empty = draft.clone();
    for path in
        ["baseline.seconds", "outcomes.complete.link", "identity.participant_parameter", "controller.name"]
    {
        draft.set_text(path, "x");
        draft.set_text(path, "");
    }
    assert_eq!(draft, empty);
    let at = draft.add_pause();
    draft.set_seconds(&format!("stimuli[{at}].pause.duration_ms"), "3");
    draft.set_seconds(&format!("stimuli[{at}].pause.duration_ms"), "");
    assert_eq!(draft.stimulus_kind(at), Some("pause"), "it is still a rest");
    // Each field that is missing is told, not its group.
    let bare = Draft::of_json("{\"format\":\"emotion-depth-study\",\"version\":1}").expect("a study");
    let faults = bare.study().expect_err("all is missing");
    for path in ["controller.name", "consent.text", "consent.minimum_age"] {
        assert!(faults.iter().any(|fault| fault.path == path), "{path}: {faults:?}");
    }
}

#[test]
fn ids_are_free_and_short() {
    let mut draft = Draft::default();
    assert_eq!(draft.free_id("stimuli", "id", "spot"), "spot");
    draft.push("stimuli", json!({"id": "spot"}));
    draft.push("stimuli", json!({"id": "spot-2"}));
    assert_eq!(draft.free_id("stimuli", "id", "spot"), "spot-3");
    assert!(draft.free_id("stimuli", "id", &"x".repeat(60)).len() <= 40);
    draft.move_up("stimuli", 1);
    draft.move_up("stimuli", 0);
    draft.move_up("stimuli", 9);
    assert_eq!((draft.text("stimuli[0].id").as_str(), draft.len("stimuli")), ("spot-2", 2));
}

#[test]
fn other_files_and_newer_studies_are_not_opened() {
    for (text, path) in [
        ("[]", ""),
        ("{\"format\": 1", ""),
        ("{}", "format"),
        ("{\"format\":\"emotion-depth-study\",\"version\":9}", "version"),
    ] {
        let faults = Draft::of_json(text).expect_err(text);
        assert_eq!(faults[0].path, path, "{text}: {faults:?}");
    }
    // One with faults is opened, and its unknown fields stay.
    let draft =
        Draft::of_json("{\"format\":\"emotion-depth-study\",\"version\":1,\"colour\":2}").expect("a study");
    assert_eq!(draft.get("colour"), Some(&json!(2)));
    assert!(draft.to_json().contains("colour"));
}

#[test]
fn an_entry_is_moved_over_several_others() {
    let mut draft = Draft::default();
    for id in ["a", "b", "c", "d"] {
        draft.push("groups", json!({ "id": id }));
    }
    let ids = |draft: &Draft| {
        (0..draft.len("groups")).map(|at| draft.text(&format!("groups[{at}].id"))).collect::<String>()
    };
    draft.move_to("groups", 0, 2);
    assert_eq!(ids(&draft), "bcad");
    draft.move_to("groups", 3, 0);
    assert_eq!(ids(&draft), "dbca");
    draft.move_to("groups", 1, 4);
    draft.move_to("groups", 9, 0);
    assert_eq!(ids(&draft), "dbca", "places that are not there change nothing");
}
