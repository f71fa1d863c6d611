//! The evaluation: its figures against golden values from numpy and scipy, and its files, good and bad.

use std::collections::BTreeSet;
use std::io::{Cursor, Write};
use std::path::Path;
use std::process::ExitCode;

use emotion_cli::evaluation::{self, Mapping, Prediction};
use emotion_core::depth::{Mixture, Scores};
use serde_json::Value;

// The example itself, so that its command line and its messages are tested in this process.
use emotion_cli::evaluate as example;
use testkit::TempFolder;

/// THE depth is FER+'s mapping, as the golden figures have it.
const FERPLUS: Mixture = Mixture { ferplus: 1.0 };

const HEADER: &str = "emotion,pixels,Usage\n";
const VOTES_HEADER: &str =
    "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n";

fn golden() -> Value {
    serde_json::from_str(include_str!("../../../tests/golden/metrics.json")).unwrap()
}

fn pixels(value: usize) -> String {
    vec![value.to_string(); 48 * 48].join(" ")
}

/// The golden faces as the two files, each row preceded by one of another split.
fn golden_files(golden: &Value) -> (String, String) {
    let (mut images, mut votes) = (HEADER.to_owned(), VOTES_HEADER.to_owned());
    let rows = golden["labels"].as_array().unwrap().iter().zip(golden["counts"].as_array().unwrap());
    for (row, (label, counts)) in rows.enumerate() {
        images += &format!("3,{},Training\n{label},{},PublicTest\n", pixels(255), pixels(row));
        let counts: Vec<String> = counts.as_array().unwrap().iter().map(Value::to_string).collect();
        votes += &format!("Training,a.png,10,0,0,0,0,0,0,0,0,0\nPublicTest,b.png,{}\n", counts.join(","));
    }
    (images, votes)
}

fn numbers<const N: usize>(value: &Value) -> [f32; N] {
    std::array::from_fn(|i| value[i].as_f64().unwrap() as f32)
}

/// A network that answers what the golden file says for the row that the pixels name.
fn golden_predictions(golden: &Value, images: &evaluation::Images) -> Vec<Prediction> {
    let predict = |face: &evaluation::Face| {
        let row = usize::from(face.pixels[0]);
        let scores = Scores {
            classes: numbers(&golden["classes"][row]),
            votes: numbers(&golden["votes"][row]),
            photo: [0.125; 8],
        };
        Prediction { row: face.row, scores }
    };
    images.faces.iter().map(predict).collect()
}

/// Every number in `expected` is in `found` under the same name, within 1e-9.
fn assert_close(found: &Value, expected: &Value, path: &str) {
    match expected {
        Value::Object(fields) => {
            fields
                .iter()
                .for_each(|(name, value)| assert_close(&found[name], value, &format!("{path}.{name}")));
        }
        Value::Array(items) => {
            assert_eq!(found.as_array().map(Vec::len), Some(items.len()), "{path}");
            items.iter().enumerate().for_each(|(i, v)| assert_close(&found[i], v, &format!("{path}[{i}]")));
        }
        Value::Number(number) => {
            let (found, expected) = (found.as_f64().unwrap_or(f64::NAN), number.as_f64().unwrap());
            assert!((found - expected).abs() < 1e-9, "{path} is {found}, not {expected}");
        }
        other => assert_eq!(found, other, "{path}"),
    }
}

#[test]
fn all_figures_agree_with_numpy_and_scipy() {
    let golden = golden();
    let (images, votes) = golden_files(&golden);
    let images = evaluation::read_images(Cursor::new(images), "PublicTest").unwrap();
    let votes = evaluation::read_votes(Cursor::new(votes), &images).unwrap();
    let predictions = golden_predictions(&golden, &images);
    let report = evaluation::measure(&images, Some(&votes), &BTreeSet::new(), &predictions, FERPLUS);
    assert_eq!((report.rows, report.malformed, report.excluded), (60, 0, 0));
    let (found, expected) = (serde_json::to_value(&report).unwrap(), &golden["report"]);
    for name in ["accuracy", "loss", "calibration_error", "recall"] {
        assert_close(&found["classes"][name], &expected[name], name);
    }
    for name in ["ferplus_accuracy", "ties", "emotions", "mean", "neutral_misread"] {
        assert_close(&found["votes"][name], &expected[name], name);
    }
    let [low, high] = report.votes.unwrap().depth.agreement.mean_concordance_interval.unwrap();
    let mean = expected["mean"]["concordance"].as_f64().unwrap();
    assert!(low > mean - 0.2 && low < mean && mean < high && high < mean + 0.2, "{low} {mean} {high}");
}

#[test]
fn excluded_rows_leave_the_figures_only() {
    let golden = golden();
    let (images, _) = golden_files(&golden);
    let images = evaluation::read_images(Cursor::new(images), "PublicTest").unwrap();
    let predictions = golden_predictions(&golden, &images);
    let excluded =
        evaluation::read_excluded(Cursor::new("# near-duplicates\n0\n\n59 # twin of 7\n"), 60).unwrap();
    let report = evaluation::measure(&images, None, &excluded, &predictions, FERPLUS);
    let all = evaluation::measure(&images, None, &BTreeSet::new(), &predictions, FERPLUS);
    assert_eq!((report.excluded, report.classes.faces, report.classes.accuracy.of), (2, 58, 58));
    // Both rows' answers are right or wrong as the golden file says.
    let right = |row: usize| {
        let classes: [f32; 7] = numbers(&golden["classes"][row]);
        let largest = (0..7).max_by(|a, b| classes[*a].total_cmp(&classes[*b])).unwrap();
        usize::from(golden["labels"][row] == largest)
    };
    assert_eq!(report.classes.accuracy.hits, all.classes.accuracy.hits - right(0) - right(59));
    assert_eq!(evaluation::predictions_csv(&predictions, Mapping::Depth, FERPLUS).lines().count(), 61);
}

#[test]
fn predictions_are_rows_of_numbers_under_the_agreed_header() {
    let scores = Scores {
        classes: [0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.015625],
        votes: [0.1, 0.2, 0.3, 0.05, 0.06, 0.07, 0.08, 0.04, 0.09, 0.01],
        photo: [0.5, 0.0, 0.25, 0.125, 0.0625, 0.0, 0.0625, 0.0],
    };
    let predictions = [Prediction { row: 3, scores }];
    let text = evaluation::predictions_csv(&predictions, Mapping::Ferplus, Mixture { ferplus: 0.5 });
    assert_eq!(
        text,
        "row,class_angry,class_disgust,class_fear,class_happy,class_sad,class_surprise,class_neutral,\
         depth_angry,depth_disgust,depth_fear,depth_happy,depth_sad,depth_surprise,depth_neutral,depth_contempt\n\
         3,0.5,0.25,0.125,0.0625,0.03125,0.015625,0.015625,0.06,0.07,0.08,0.2,0.05,0.3,0.1,0.04\n"
    );
    let depths = |mapping| {
        let text = evaluation::predictions_csv(&predictions, mapping, Mixture { ferplus: 0.5 });
        let row = text.lines().nth(1).unwrap().split(',').skip(8);
        row.map(|cell| cell.parse().unwrap()).collect::<Vec<f32>>()
    };
    assert_eq!(depths(Mapping::Photo), [0.5, 0.0, 0.25, 0.125, 0.0625, 0.0, 0.0625, 0.0]);
    // Half of each study; contempt was asked for by one alone.
    let mixed = [0.28, 0.035, 0.165, 0.1625, 0.05625, 0.15, 0.08125, 0.02];
    assert!(depths(Mapping::Depth).iter().zip(mixed).all(|(a, b)| (a - b).abs() < 1e-6));
}

/// Exit code, stdout and stderr of the example.
fn run(arguments: &[&str]) -> (ExitCode, String, String) {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let code = example::run(arguments.iter().map(|text| text.to_string()), &mut output, &mut errors);
    (code, String::from_utf8(output).unwrap(), String::from_utf8(errors).unwrap())
}

/// The message with which the example refuses its input.
fn refusal(arguments: &[&str]) -> String {
    let (code, output, errors) = run(arguments);
    assert_eq!(code, ExitCode::FAILURE);
    assert_eq!(output, "");
    errors
}

fn assert_contains(text: &str, part: &str) {
    assert!(text.contains(part), "\"{part}\" is not in: {text}");
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn faulty_rows_are_named_with_line_and_reason() {
    let rows = [
        format!("0,{},PublicTest", pixels(1)),
        format!("0,{} 7,PublicTest", pixels(1)),
        format!("0,{},PublicTest", pixels(256)),
        format!("7,{},PublicTest", pixels(1)),
        "0,1 2 3".to_owned(),
        format!("0,{} -1,PublicTest", pixels(1)),
        "0,1 2 3,PrivateTest".to_owned(),
        ",1 2 3,PublicTest".to_owned(),
        "0,,PublicTest".to_owned(),
        format!("\"6\",\"{}\",\"PublicTest\"\r", pixels(2)),
    ];
    let text = format!("{HEADER}{}\n", rows.join("\n"));
    let images = evaluation::read_images(Cursor::new(&text), "PublicTest").unwrap();
    assert_eq!(images.rows, 8);
    assert_eq!(images.faces.iter().map(|face| (face.row, face.label)).collect::<Vec<_>>(), [(0, 0), (7, 6)]);
    let problems: Vec<String> = images.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "line 3 (row 1 of the split): it has 2305 pixels, but a face has 2304",
            "line 4 (row 2 of the split): pixel 0 is \"256\", but should be 0 to 255",
            "line 5 (row 3 of the split): the emotion is \"7\", but should be 0 to 6",
            "line 6: it has 2 columns, but the header has 3",
            "line 7 (row 4 of the split): pixel 2304 is \"-1\", but should be 0 to 255",
            "line 9 (row 5 of the split): the emotion is \"\", but should be 0 to 6",
            "line 10 (row 6 of the split): it has 0 pixels, but a face has 2304",
        ]
    );
}

#[test]
fn faulty_votes_are_named_and_cost_only_the_figures_of_votes() {
    let images: String = (0..6).map(|row| format!("0,{},PublicTest\n", pixels(row))).collect();
    let images = evaluation::read_images(Cursor::new(format!("{HEADER}{images}")), "PublicTest").unwrap();
    let votes = format!(
        "{VOTES_HEADER}PublicTest,a,5,0,0,0,5,0,0,0,0,0\nPublicTest,b,0,0,0,0,0,0,0,0,0,0\nPublicTest,c,11,0,0,0,0,0,0,0,0,0\n\
         PublicTest,d,1,2\nPublicTest,e,,,,,,,,,,\nPublicTest,f,1,0,x,0,0,0,0,0,0,0\n"
    );
    let votes = evaluation::read_votes(Cursor::new(votes), &images).unwrap();
    assert_eq!(votes.shares(0), Some([0.5, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0]));
    assert!((1..6).all(|row| votes.shares(row).is_none()));
    let problems: Vec<String> = votes.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "line 3 (row 1 of the split): it has no votes",
            "line 4 (row 2 of the split): the votes for neutral are \"11\", but should be 0 to 10",
            "line 5 (row 3 of the split): it has 4 columns, but the header has 12",
            "line 6 (row 4 of the split): it has no votes",
            "line 7 (row 5 of the split): the votes for surprise are \"x\", but should be 0 to 10",
        ]
    );
    let scores = Scores { classes: [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], votes: [0.1; 10], photo: [0.125; 8] };
    let predictions: Vec<_> = (0..6).map(|row| Prediction { row, scores }).collect();
    let report = evaluation::measure(&images, Some(&votes), &BTreeSet::new(), &predictions, FERPLUS);
    assert_eq!(report.classes.faces, 6);
    let votes = report.votes.unwrap();
    assert_eq!((votes.faces, votes.ties, votes.ferplus_accuracy.of), (1, 1, 0));
}

#[test]
fn unusable_files_are_refused_with_a_sentence() {
    let folder = TempFolder::new();
    let good = format!("{HEADER}0,{},PublicTest\n", pixels(1));
    let good_path = folder.write("good.csv", &good);
    let images = |name: &str, bytes: &[u8]| {
        let path = folder.write(name, bytes);
        refusal(&["--images", &path, "--split", "PublicTest"])
    };
    assert_contains(&images("empty.csv", b""), "empty.csv: the file is empty");
    assert_contains(&images("other.csv", b"a,b,c\n1,2,3\n"), "lacks the column \"emotion\"; it is \"a,b,c\"");
    assert_contains(
        &images("broken.csv", format!("{HEADER}0,1 2 3,PublicTest\n").as_bytes()),
        "it has 3 pixels",
    );
    let zipped = gzip(&good);
    assert_contains(&images("cut.csv.gz", &zipped[..zipped.len() - 9]), "cut short. Get it again.");
    assert_contains(&images("cut10.csv.gz", &zipped[..11]), "ends within line 1: it is cut short");
    let mut spoiled = zipped.clone();
    let last = spoiled.len() - 6;
    spoiled[last] ^= 0xff;
    assert_contains(&images("spoiled.csv.gz", &spoiled), "cannot be read");

    let message = refusal(&["--images", &good_path, "--split", "PrivateTest"]);
    assert_contains(&message, "no row has the Usage \"PrivateTest\"; there are: PublicTest");
    let missing = folder.path().join("missing.csv");
    let message = refusal(&["--images", missing.to_str().unwrap(), "--split", "PublicTest"]);
    assert_contains(&message, "missing.csv cannot be opened");

    let votes = |name: &str, text: String| {
        let path = folder.write(name, text);
        refusal(&["--images", &good_path, "--split", "PublicTest", "--votes", &path])
    };
    let row = "PublicTest,a.png,10,0,0,0,0,0,0,0,0,0\n";
    assert_contains(
        &votes("long.csv", format!("{VOTES_HEADER}{row}{row}")),
        "2 rows of votes, but there are 1 faces",
    );
    assert_contains(&votes("short.csv", VOTES_HEADER.to_owned()), "0 rows of votes");
    let other = row.replace("Public", "Private");
    assert_contains(&votes("other.csv", format!("{VOTES_HEADER}{other}")), "line 2 is of \"PrivateTest\"");
    assert_contains(&votes("header.csv", format!("{HEADER}{row}")), "lacks the column \"neutral\"");

    let exclude = folder.write("exclude.txt", "0\n1\n");
    let message = refusal(&["--images", &good_path, "--split", "PublicTest", "--exclude", &exclude]);
    assert_contains(&message, "line 2 is \"1\", but should be the number of a row of the split, 0 to 0");
    let models = folder.path().to_str().unwrap();
    let message = refusal(&["--images", &good_path, "--split", "PublicTest", "--models", models]);
    assert_contains(&message, "manifest.json cannot be read");
}

#[test]
fn the_command_line_explains_itself() {
    let (code, output, _) = run(&["--help"]);
    assert_eq!(code, ExitCode::SUCCESS);
    assert_contains(&output, "--predictions FILE");
    assert_contains(&refusal(&["--images", "a.csv"]), "--split is missing");
    assert_contains(&refusal(&["--split=PublicTest"]), "--images is missing");
    assert_contains(&refusal(&["--images"]), "--images needs a value");
    assert_contains(&refusal(&["--photos", "a.csv"]), "\"--photos\" is not an option");
}

/// The shipped network on faces that are none: the numbers say nothing, but every part has run.
#[test]
fn the_shipped_model_is_measured_from_file_to_file() {
    let folder = TempFolder::new();
    let ramp = |step: usize| (0..48 * 48).map(|i| (i * step % 256).to_string()).collect::<Vec<_>>().join(" ");
    let images = format!(
        "{HEADER}3,{},PublicTest\n0,1 2 3,PublicTest\n6,{},Training\n6,{},PublicTest\n4,{},PublicTest\n",
        ramp(1),
        ramp(2),
        ramp(3),
        ramp(5)
    );
    let votes = format!(
        "{VOTES_HEADER}PublicTest,a,1,9,0,0,0,0,0,0,0,0\nPublicTest,b,10,0,0,0,0,0,0,0,0,0\nTraining,c,9,1,0,0,0,0,0,0,0,0\n\
         PublicTest,d,8,1,0,1,0,0,0,0,0,0\nPublicTest,e,2,0,0,7,0,0,0,0,1,0\n"
    );
    let (images, votes) = (folder.write("i.csv.gz", gzip(&images)), folder.write("v.csv", votes));
    let (predictions, json) = (folder.path().join("p.csv"), folder.path().join("f.json"));
    let (code, output, errors) = run(&[
        "--images",
        &images,
        "--votes",
        &votes,
        "--split=PublicTest",
        "--predictions",
        predictions.to_str().unwrap(),
        "--json",
        json.to_str().unwrap(),
    ]);
    assert_eq!(code, ExitCode::SUCCESS, "{errors}");
    assert_contains(&errors, "line 3 (row 1 of the split): it has 3 pixels");
    assert_contains(&errors, "1 malformed rows are left out");
    assert_contains(&output, "PublicTest: 4 rows, 1 malformed, 0 excluded, 3 measured");
    let figures: Value = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
    assert_eq!(figures["votes"]["faces"], 3);
    let manifest: Value = serde_json::from_str(include_str!("../../../models/manifest.json")).unwrap();
    assert_eq!(figures["classifier_sha256"], manifest["classifier"]["sha256"]);
    check_predictions(&predictions);
}

fn check_predictions(path: &Path) {
    let text = std::fs::read_to_string(path).unwrap();
    let rows: Vec<Vec<f64>> = text
        .lines()
        .skip(1)
        .map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect())
        .collect();
    assert_eq!(rows.iter().map(|row| row[0]).collect::<Vec<_>>(), [0.0, 2.0, 3.0]);
    for row in &rows {
        assert_eq!(row.len(), 16);
        assert!((row[1..8].iter().sum::<f64>() - 1.0).abs() < 1e-5);
        assert!(
            row[8..].iter().all(|depth| (0.0..=1.0).contains(depth))
                && row[8..].iter().sum::<f64>() < 1.0 + 1e-5
        );
    }
    assert_ne!(rows[0][1..], rows[1][1..]);
}
