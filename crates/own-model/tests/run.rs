//! Models run by tract beside onnxruntime, and all that is refused. The files of `tests/own` are made by the script beside them.

use std::path::PathBuf;

use emotion_core::model::{Alignment, Network};
use own_model::card::parse;
use own_model::graph::Graph;
use own_model::proposal::propose;
use own_model::{OwnModelError, load};

const FER: Alignment = Alignment {
    size: 48,
    left_eye: [15.0, 17.0],
    right_eye: [33.0, 17.0],
    nose: [24.0, 28.0],
    mouth: [24.0, 37.0],
};

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/own").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn card(name: &str) -> String {
    String::from_utf8(bytes(&format!("{name}.card.json"))).unwrap()
}

fn refused(onnx: &[u8], card: &str) -> OwnModelError {
    load(onnx, card, &FER).err().expect("it is refused")
}

/// The same numbers as in tests/own/make.py.
fn picture(count: usize) -> Vec<f32> {
    let mut seed = 1_u64;
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 40) as f32 / (1 << 24) as f32
    };
    (0..count).map(|_| next()).collect()
}

#[test]
fn tract_says_what_onnxruntime_says() {
    let answers: serde_json::Value = serde_json::from_slice(&bytes("answers.json")).unwrap();
    for (name, shape) in [("plain", [1, 3, 48, 48]), ("int8", [1, 1, 48, 48])] {
        let mut network = nn_onnx::TractNetwork::load(&bytes(&format!("{name}.onnx")), &shape).unwrap();
        let got = network.run(&picture(shape.iter().product())).unwrap();
        let wanted: Vec<Vec<f32>> = serde_json::from_value(answers[name].clone()).unwrap();
        assert_eq!(got.len(), wanted.len());
        for (got, wanted) in got.iter().flatten().zip(wanted.iter().flatten()) {
            assert!((got - wanted).abs() < 2e-4, "{name}: {got}, onnxruntime says {wanted}");
        }
    }
}

#[test]
fn a_model_and_its_card_are_loaded_and_run_once() {
    for name in ["plain", "int8"] {
        let model = load(&bytes(&format!("{name}.onnx")), &card(name), &FER).unwrap();
        assert_eq!(model.sha256().len(), 64);
        assert_eq!(model.card(), &parse(&card(name)).unwrap());
    }
}

#[test]
fn an_operator_that_tract_does_not_read_is_named() {
    let error = refused(&bytes("unknown.onnx"), &card("unknown")).to_string();
    assert!(error.contains("DeformConv (node odd)") && error.contains("Export"), "{error}");
}

#[test]
fn a_card_that_does_not_fit_its_model_is_refused_with_both_sides() {
    let onnx = bytes("plain.onnx");
    let changed = |from: &str, to: &str| {
        let text = card("plain");
        assert!(text.contains(from), "{from} is in the card");
        refused(&onnx, &text.replace(from, to)).to_string()
    };
    let shape = changed("\n      48,\n      48\n", "\n      64,\n      64\n");
    assert!(shape.contains("[1, 3, 64, 64]") && shape.contains("[open, 3, 48, 48]"), "{shape}");
    let output = changed("\"name\": \"valence\"", "\"name\": \"arousal\"");
    assert!(output.contains("\"arousal\"") && output.contains("\"logits\", \"valence\""), "{output}");
    let labels = changed("\"valence\"\n      ],", "\"valence\", \"arousal\"\n      ],");
    assert!(labels.contains("1 for the 2 labels of valence"), "{labels}");
    let hash =
        changed("\"version\": 1,", &format!("\"version\": 1, \"model_sha256\": \"{}\",", "0".repeat(64)));
    assert!(hash.contains("another model"), "{hash}");
}

#[test]
fn what_is_proposed_for_a_model_runs_it() {
    for name in ["plain", "int8"] {
        let onnx = bytes(&format!("{name}.onnx"));
        let proposal = propose(&Graph::read(&onnx).unwrap(), name).unwrap();
        load(&onnx, &proposal.card.to_json(), &FER).unwrap();
        assert!(!proposal.guesses.is_empty());
    }
}

/// A file that was cut off or spoilt ends in a sentence, whatever tract makes of it.
#[test]
fn spoilt_files_end_in_an_answer() {
    let whole = bytes("plain.onnx");
    for end in (0..whole.len()).step_by(97) {
        let _ = refused(&whole[..end], &card("plain"));
    }
    let mut seed = 3_u64;
    for _ in 0..60 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut spoilt = whole.clone();
        let at = (seed >> 33) as usize % spoilt.len();
        spoilt[at] = (seed >> 20) as u8;
        // Either it runs (a weight was changed), or it says why not.
        if let Err(error) = load(&spoilt, &card("plain"), &FER) {
            assert!(error.to_string().len() > 20, "{error}");
        }
    }
}
