use serde_json::{Value, json};

use super::*;

/// A card in which every field stands.
pub(crate) fn full() -> Value {
    json!({
        "format": "emotion-depth-card", "version": 1, "name": "Laboratory 7", "model_sha256": "0a".repeat(32),
        "input": {
            "shape": [1, 3, 112, 112], "layout": "nchw", "colour": "bgr",
            "pixels": {"kind": "mean_deviation", "mean": [0.5, 0.25, 0.0], "deviation": [1.0, 2.0, 0.5]},
            "crop": {"template": "arcface", "margin": 0.125}
        },
        "outputs": [
            {"name": "logits", "activation": "softmax", "labels": ["joy", "rest", "contempt"],
             "emotions": ["happy", "neutral", null]},
            {"name": "valence", "activation": "none", "labels": ["valence"], "range": [-1.0, 1.0]}
        ]
    })
}

fn faults(card: &Value) -> Vec<String> {
    match parse(&card.to_string()) {
        Ok(_) => vec![],
        Err(faults) => faults.0.iter().map(|fault| fault.path.clone()).collect(),
    }
}

/// The paths that a change of one place makes faulty.
fn faults_with(pointer: &str, value: Value) -> Vec<String> {
    let mut card = full();
    *card.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} is in the card")) = value;
    faults(&card)
}

#[test]
fn a_full_card_is_read_and_written_again() {
    let card = parse(&full().to_string()).unwrap();
    assert_eq!(card.labels().collect::<Vec<_>>(), ["joy", "rest", "contempt", "valence"]);
    assert_eq!(card.emotions(), [Some(Emotion::Happy), Some(Emotion::Neutral), None, None]);
    assert_eq!(card.ranges()[2..], [[0.0, 1.0], [-1.0, 1.0]]);
    assert_eq!(serde_json::from_str::<Value>(&card.to_json()).unwrap(), full());
    assert_eq!(parse(&card.to_json()).unwrap(), card);
}

#[test]
fn what_may_be_left_out_has_its_default() {
    let card = parse(
        r#"{"format": "emotion-depth-card", "version": 1, "name": "a", "outputs": [{"name": "o", "labels": ["x"]}],
            "input": {"shape": [1, 48, 48, 1], "layout": "nhwc", "colour": "grey"}}"#,
    )
    .unwrap();
    assert_eq!((card.input.side(), &card.input.pixels), (48, &Pixels::Unit));
    assert_eq!(card.input.crop, Crop { template: Template::Fer, margin: 0.0 });
    assert_eq!(card.outputs[0].activation, Activation::None);
}

#[test]
fn every_fault_is_told_at_its_place() {
    for (pointer, value, path) in [
        ("/version", json!(2), "version"),
        ("/version", json!("1"), "version"),
        ("/name", json!(" "), "name"),
        ("/name", json!("a\nb"), "name"),
        ("/model_sha256", json!("abc"), "model_sha256"),
        ("/input", json!([]), "input"),
        ("/input/shape", json!([1, 3, 112]), "input.shape"),
        ("/input/shape", json!([2, 3, 112, 112]), "input.shape"),
        ("/input/shape", json!([1, 112, 112, 3]), "input.shape"),
        ("/input/shape", json!([1, 3, 112, 96]), "input.shape"),
        ("/input/shape", json!([1, 3, 100_000, 100_000]), "input.shape"),
        ("/input/shape", json!([1, 3, -112, 112]), "input.shape"),
        ("/input/layout", json!("chw"), "input.layout"),
        ("/input/colour", json!("gray"), "input.colour"),
        ("/input/pixels/kind", json!("zscore"), "input.pixels.kind"),
        ("/input/pixels/mean", json!([0.5]), "input.pixels.mean"),
        ("/input/pixels/deviation", json!([1, 0, 1]), "input.pixels.deviation"),
        ("/input/crop/template", json!("mtcnn"), "input.crop.template"),
        ("/input/crop/margin", json!(7), "input.crop.margin"),
        ("/outputs", json!([]), "outputs"),
        ("/outputs/0/name", json!(""), "outputs[0].name"),
        ("/outputs/1/name", json!("logits"), "outputs[1].name"),
        ("/outputs/0/activation", json!("relu"), "outputs[0].activation"),
        ("/outputs/0/labels/1", json!(7), "outputs[0].labels[1]"),
        ("/outputs/0/labels/1", json!("joy"), "outputs[0].labels[1]"),
        ("/outputs/1/labels/0", json!("joy"), "outputs[1].labels[0]"),
        ("/outputs/0/emotions", json!(["happy"]), "outputs[0].emotions"),
        ("/outputs/0/emotions/1", json!("joy"), "outputs[0].emotions[1]"),
        ("/outputs/0/emotions/1", json!("happy"), "outputs[0].emotions[1]"),
        ("/outputs/1/range", json!([1, -1]), "outputs[1].range"),
    ] {
        let found = faults_with(pointer, value.clone());
        assert!(found.iter().any(|found| found == path), "{pointer} = {value}: {found:?}");
    }
    // Several at once, each once.
    let mut card = full();
    card["name"] = json!(1);
    card["input"]["layout"] = json!("x");
    card["outputs"][1]["range"] = json!(3);
    card["mood"] = json!(1);
    assert_eq!(faults(&card), ["name", "input.layout", "outputs[1].range", "mood"]);
}

#[test]
fn a_field_that_nobody_knows_is_told_with_those_that_are() {
    let mut card = full();
    card["input"]["color"] = json!("rgb");
    let faults = parse(&card.to_string()).unwrap_err();
    assert!(faults.to_string().contains("input.color: No field has this name"), "{faults}");
    assert!(faults.to_string().contains("colour"), "{faults}");
}

#[test]
fn what_is_no_card_at_all_is_said_in_a_sentence() {
    for (text, words) in [
        ("", "not JSON"),
        ("\u{8}\u{8}PK", "not JSON"),
        ("[]", "no card"),
        (r#"{"format": "emotion-depth-session"}"#, "no card"),
        (&" ".repeat(MOST_BYTES + 1), "at most"),
        (&"[".repeat(MOST_BYTES), "not JSON"),
    ] {
        let faults = parse(text).unwrap_err();
        assert!(faults.to_string().contains(words), "{faults}");
    }
}

#[test]
fn outputs_become_shares() {
    let mut values = [1000.0, 1000.0, -1000.0, 1000.0];
    Activation::Softmax.apply(&mut values);
    assert_eq!(values, [1.0 / 3.0, 1.0 / 3.0, 0.0, 1.0 / 3.0]);
    let mut values = [0.0, 100.0, -100.0];
    Activation::Sigmoid.apply(&mut values);
    assert!(values[0] == 0.5 && values[1] == 1.0 && values[2] < 1e-30);
    Activation::None.apply(&mut values);
    assert_eq!(values[0], 0.5);
}
