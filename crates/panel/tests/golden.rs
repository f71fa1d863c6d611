//! The merge against a program that shares no code with it: tests/golden/merge.py.

use emotion_panel::sample::{Sample, study_json};
use emotion_panel::{Panel, Settings};
use emotion_study::result;
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    stimulus: String,
    corrected: bool,
    people: Vec<String>,
    curve: Vec<(u32, Option<Vec<f64>>)>,
}

#[test]
fn curves_are_those_of_an_independent_program() {
    let golden: Vec<Golden> = serde_json::from_str(include_str!("golden/merge.json")).unwrap();
    assert_eq!(golden.len(), 4);
    let sample = Sample::default();
    let mut panel = Panel::default();
    panel.add("study.json", study_json().as_bytes());
    for index in 0..12 {
        panel.add(&index.to_string(), &result::write(&sample.result(index)));
    }
    for golden in golden {
        let settings = Settings { corrected: golden.corrected, ..Settings::default() };
        let table = panel.table(&golden.stimulus, &settings).unwrap();
        assert_eq!(table.people, golden.people);
        let curves = table.curves(&settings).unwrap();
        for (second, (people, means)) in golden.curve.iter().enumerate() {
            for (curve, mean) in curves.measures.iter().zip(means.as_ref().unwrap()) {
                let point = &curve.points[second];
                assert_eq!(point.people, *people);
                assert!((point.mean.unwrap() - mean).abs() < 1e-12, "{} {second}", curve.measure.name());
            }
        }
    }
}
