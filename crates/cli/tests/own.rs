//! A model of a person's own on the command line: `--model FILE --card FILE`, and what is said where it cannot be run.

use std::path::PathBuf;
use std::process::ExitCode;

use emotion_cli::{evaluate, score};
use emotion_record::session::Sample;
use testkit::TempFolder;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn path(name: &str) -> String {
    root().join(name).to_str().expect("a path of text").to_owned()
}

type Program = fn(std::vec::IntoIter<String>, &mut dyn std::io::Write, &mut dyn std::io::Write) -> ExitCode;

fn run(program: Program, arguments: &[&str]) -> (ExitCode, String, String) {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
    let code = program(arguments.into_iter(), &mut output, &mut errors);
    (code, String::from_utf8(output).unwrap(), String::from_utf8(errors).unwrap())
}

fn scored(arguments: &[&str]) -> (ExitCode, String, String) {
    run(|arguments, output, errors| score::run(arguments, output, errors), arguments)
}

fn evaluated(arguments: &[&str]) -> (ExitCode, String, String) {
    run(|arguments, output, errors| evaluate::run(arguments, output, errors), arguments)
}

#[test]
fn its_numbers_stand_beside_the_depths_and_change_none_of_them() {
    let (picture, model, card) = (
        path("tests/pictures/astronaut.jpg"),
        path("tests/own/plain.onnx"),
        path("tests/own/plain.card.json"),
    );
    let (code, output, errors) = scored(&[&picture, "--model", &model, "--card", &card]);
    assert_eq!((code, errors.as_str()), (ExitCode::SUCCESS, ""));
    let with: Vec<Sample> = serde_json::from_str(&output).unwrap();
    let own = with[0].own.as_ref().expect("the model gives numbers");
    assert_eq!(own.iter().map(|(label, _)| label).collect::<Vec<_>>(), ["joy", "rest", "other", "valence"]);
    let sum: f32 = ["joy", "rest", "other"].iter().filter_map(|label| own.get(label)).sum();
    assert!((sum - 1.0).abs() < 1e-5, "a softmax: {own:?}");
    assert!(own.get("valence").is_some_and(|valence| valence.abs() <= 1.0), "a tanh: {own:?}");
    let (_, output, _) = scored(&[&picture]);
    let without: Vec<Sample> = serde_json::from_str(&output).unwrap();
    let taken_out: Vec<Sample> = with.into_iter().map(|sample| Sample { own: None, ..sample }).collect();
    assert_eq!(taken_out, without);

    let (_, csv, _) = scored(&[&picture, "--model", &model, "--card", &card, "--csv"]);
    let (header, row) = csv.split_once('\n').unwrap();
    assert!(
        header.ends_with("session.own_card_sha256_prefix,own.joy,own.rest,own.other,own.valence"),
        "{header}"
    );
    assert!(row.contains(",test plain,"), "{row}");
}

#[test]
fn a_card_is_proposed_that_runs_the_model() {
    let folder = TempFolder::new();
    let (model, card) = (path("tests/own/int8.onnx"), folder.path().join("int8.card.json"));
    let (code, output, errors) = scored(&["--propose-card", &model]);
    assert_eq!(code, ExitCode::SUCCESS);
    assert!(errors.contains("FER2013's order is assumed"), "{errors}");
    std::fs::write(&card, output).unwrap();
    let picture = path("tests/pictures/astronaut.jpg");
    let (code, output, errors) = scored(&[&picture, "--model", &model, "--card", card.to_str().unwrap()]);
    assert_eq!((code, errors.as_str()), (ExitCode::SUCCESS, ""));
    assert!(output.contains(r#""own":{"angry":"#), "{output}");
}

#[test]
fn what_cannot_be_run_ends_in_a_sentence() {
    let folder = TempFolder::new();
    let cut_off = folder.path().join("cut.onnx");
    let whole = std::fs::read(path("tests/own/plain.onnx")).unwrap();
    std::fs::write(&cut_off, &whole[..whole.len() / 2]).unwrap();
    let (picture, plain) = (path("tests/pictures/astronaut.jpg"), path("tests/own/plain.card.json"));
    let (model, unknown) = (path("tests/own/unknown.onnx"), path("tests/own/unknown.card.json"));
    for (arguments, words) in [
        (vec!["--model", &model], "--model needs a card"),
        (vec!["--card", &plain], "--card needs the model"),
        (vec!["--model", &model, "--card", &unknown], "The operator DeformConv (node odd) is not known here"),
        (vec!["--model", cut_off.to_str().unwrap(), "--card", &plain], "damaged or cut off"),
        (vec!["--model", &plain, "--card", &plain], "a JSON text, perhaps the card"),
        (vec!["--model", &model, "--card", &model], "UTF-8"),
        (vec!["--model", "nowhere.onnx", "--card", &plain], "nowhere.onnx"),
    ] {
        let arguments = [&[picture.as_str()][..], &arguments].concat();
        let (code, output, errors) = scored(&arguments);
        assert_eq!((code, output.as_str()), (ExitCode::FAILURE, ""), "{arguments:?}");
        assert!(errors.contains(words), "{arguments:?}: {errors}");
    }
}

#[test]
fn evaluate_measures_the_numbers_that_mean_an_emotion() {
    let folder = TempFolder::new();
    let images = folder.path().join("fer.csv");
    let row = |label: usize, luma: usize| {
        format!("{label},{},PublicTest\n", vec![luma.to_string(); 48 * 48].join(" "))
    };
    let rows = [row(3, 10), row(3, 200), row(6, 90), row(0, 5)].concat();
    std::fs::write(&images, format!("emotion,pixels,Usage\n{rows}")).unwrap();
    let (json, model, card) =
        (folder.path().join("out.json"), path("tests/own/plain.onnx"), path("tests/own/plain.card.json"));
    let (code, output, errors) = evaluated(&[
        "--images",
        images.to_str().unwrap(),
        "--split",
        "PublicTest",
        "--json",
        json.to_str().unwrap(),
        "--model",
        &model,
        "--card",
        &card,
    ]);
    assert_eq!((code, errors.as_str()), (ExitCode::SUCCESS, ""));
    assert!(output.contains("test plain with SHA-256") && output.contains("4 of 4 faces read"), "{output}");
    let figures: serde_json::Value = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
    // Happy and neutral are what the card knows: three of the four faces.
    assert_eq!((&figures["accuracy"]["of"], &figures["read"]), (&3.into(), &4.into()));
    assert_eq!(figures["model"]["labels"][0], "joy");
}
