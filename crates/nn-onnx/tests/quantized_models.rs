//! The rewrite and the plans against onnxruntime's answers to small quantized models, which
//! tests/golden/quantized_models.py writes.

use nn_onnx::RewriteReport;
use serde::Deserialize;
use tract_onnx::prelude::*;

#[derive(Deserialize)]
struct Golden {
    /// sha256 of the model, where it is not beside the golden values
    model: Option<String>,
    outputs: Vec<String>,
    runs: Vec<Run>,
}

#[derive(Deserialize)]
struct Run {
    /// uint8, in hexadecimal digits
    pixels: String,
    outputs: Vec<Output>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Output {
    Quantized(String),
    Real(Vec<f32>),
}

fn bytes(digits: &str) -> Vec<u8> {
    let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal digits");
    (0..digits.len()).step_by(2).map(byte).collect()
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(testkit::file(name)).expect("the file is in the repository")
}

fn golden(name: &str) -> Golden {
    serde_json::from_slice(&file(&format!("tests/golden/{name}.json"))).expect("the script writes valid JSON")
}

fn optimised(onnx: &[u8], shape: [usize; 4]) -> (TypedModel, RewriteReport) {
    let model = nn_onnx::onnx().model_for_read(&mut &onnx[..]).expect("tract reads the model");
    let model = model.with_input_fact(0, f32::fact(shape).into()).expect("the model has an input");
    nn_onnx::optimise(model.into_typed().expect("the model is complete"))
        .expect("the rewrite keeps the model whole")
}

fn run(model: TypedModel, pixels: &[Vec<u8>], shape: [usize; 4]) -> Vec<TVec<TValue>> {
    let model = model.into_optimized().and_then(TypedModel::into_runnable).expect("tract runs the model");
    let mut state = model.spawn().expect("tract runs the model");
    let reals = |pixels: &Vec<u8>| pixels.iter().map(|&pixel| f32::from(pixel) / 255.0).collect::<Vec<_>>();
    let inputs =
        pixels.iter().map(|pixels| Tensor::from_shape(&shape, &reals(pixels)).expect("the shape fits"));
    inputs.map(|input| state.run(tvec!(input.into_tvalue())).expect("the run succeeds")).collect()
}

/// Largest difference of the logits from onnxruntime's, relative to the range of that run's logits.
fn logits_off(golden: &Golden, got: &[TVec<TValue>]) -> f32 {
    let runs = golden.runs.iter().zip(got).map(|(run, got)| {
        let [Output::Real(wanted)] = run.outputs.as_slice() else { panic!("the model gives logits") };
        let got = got[0].try_as_plain_ram().expect("a plain tensor");
        let got = got.as_slice::<f32>().expect("logits are real");
        assert_eq!(got.len(), wanted.len());
        let range =
            wanted.iter().copied().fold(f32::MIN, f32::max) - wanted.iter().copied().fold(f32::MAX, f32::min);
        got.iter().zip(wanted).map(|(got, wanted)| (got - wanted).abs() / range).fold(0.0, f32::max)
    });
    runs.fold(0.0, f32::max)
}

/// docs/engine.md: a layer's result is within 1 of what the model's float arithmetic rounds to.
#[test]
fn every_kind_of_layer_is_within_one_step_of_onnxruntime() {
    let golden = golden("layers");
    let shape = [1, 1, 9, 7];
    let (model, report) = optimised(&file("tests/golden/layers.onnx"), shape);
    assert_eq!(report, RewriteReport { layers: 11, plans: 1, ..RewriteReport::default() });
    let pixels: Vec<_> = golden.runs.iter().map(|run| bytes(&run.pixels)).collect();
    let (mut values, mut different) = (0, 0);
    for (run, got) in golden.runs.iter().zip(run(model, &pixels, shape)) {
        for ((name, wanted), got) in golden.outputs.iter().zip(&run.outputs).zip(got) {
            let Output::Quantized(wanted) = wanted else { panic!("{name} is uint8") };
            let got = got.try_as_plain_ram().expect("a plain tensor");
            let got = got.as_slice::<u8>().expect("results are uint8");
            let wanted = bytes(wanted);
            assert_eq!(got.len(), wanted.len(), "{name}");
            for (index, (&got, &wanted)) in got.iter().zip(&wanted).enumerate() {
                assert!(got.abs_diff(wanted) <= 1, "{name}[{index}]: {got}, onnxruntime has {wanted}");
                different += usize::from(got != wanted);
                values += 1;
            }
        }
    }
    println!("{different} of {values} differ by one step");
    // Only values that fall on the border between two steps may differ.
    assert!(different * 200 <= values, "{different} of {values} differ");
}

#[test]
fn a_residual_network_becomes_one_plan_and_agrees_with_onnxruntime() {
    let golden = golden("network");
    let shape = [1, 1, 16, 16];
    let (model, report) = optimised(&file("tests/golden/network.onnx"), shape);
    assert_eq!(report, RewriteReport { layers: 10, plans: 1, ..RewriteReport::default() });
    let pixels: Vec<_> = golden.runs.iter().map(|run| bytes(&run.pixels)).collect();
    let off = logits_off(&golden, &run(model, &pixels, shape));
    println!("logits off by {off} of their range");
    assert!(off < 0.01, "logits off by {off} of their range");
}

/// Operators that the engine does not know stay tract's, between two plans.
#[test]
fn unknown_operators_stay_and_the_model_still_runs() {
    let golden = golden("islands");
    let shape = [1, 1, 16, 16];
    let (model, report) = optimised(&file("tests/golden/islands.onnx"), shape);
    assert_eq!((report.plans, report.layers, &report.refused), (2, 10, &None));
    // The sigmoid; then a dilated convolution, one whose weights have a zero point, and one whose input is
    // dequantized with another scale, each with its ReLU. The last one's result goes straight into a plan.
    let convolution = ["Quantize", "Dequantize", "Conv", "Max"];
    let remaining = [&["Dequantize", "Sigmoid"][..], &convolution, &convolution, &convolution].concat();
    assert_eq!(report.remaining, remaining);
    let pixels: Vec<_> = golden.runs.iter().map(|run| bytes(&run.pixels)).collect();
    let off = logits_off(&golden, &run(model, &pixels, shape));
    println!("logits off by {off} of their range");
    assert!(off < 0.01, "logits off by {off} of their range");
}

/// Nothing of the shipped classifier is left to tract, and the plan says to the last digits what the file says in
/// double precision. The pictures are such that none of its sums is rounded to another side (tests/golden/classifier.py).
/// tract alone adds in f32 and may be a step off somewhere, which moves a logit by some hundredths, as onnxruntime
/// and PyTorch differ on this file (training/quantize.py prints by how much): hence its wider bound.
#[test]
fn the_shipped_classifier_becomes_one_plan_and_says_what_its_file_says() {
    let (onnx, shape, golden) = (file("models/depth.onnx"), [1, 1, 48, 48], golden("classifier"));
    let manifest: serde_json::Value =
        serde_json::from_slice(&file("models/manifest.json")).expect("valid JSON");
    let released = &manifest["classifier"]["sha256"];
    assert_eq!(
        golden.model.as_deref(),
        released.as_str(),
        "run tests/golden/classifier.py: the golden values are another model's"
    );
    let (model, report) = optimised(&onnx, shape);
    assert_eq!((report.plans, report.remaining, report.refused), (1, vec![], None));
    assert!(report.layers > 10, "{} layers", report.layers);
    let alone = tract_onnx::onnx().model_for_read(&mut &onnx[..]).expect("tract reads the model");
    let alone = alone.with_input_fact(0, f32::fact(shape).into()).expect("the model has an input");
    let alone = alone.into_typed().expect("the model is complete");
    let pixels: Vec<_> = golden.runs.iter().map(|run| bytes(&run.pixels)).collect();
    assert_eq!(pixels.len(), 6);
    let mut digits = 0;
    for (who, model, bound) in [("the plan", model, 1e-5), ("tract alone", alone, 0.05)] {
        for (picture, (got, golden)) in run(model, &pixels, shape).iter().zip(&golden.runs).enumerate() {
            let [Output::Real(wanted)] = golden.outputs.as_slice() else { panic!("the model gives logits") };
            let got = got[0].try_as_plain_ram().expect("a plain tensor");
            let got = got.as_slice::<f32>().expect("logits are real");
            assert_eq!((got.len(), wanted.len()), (25, 25));
            // NaN is near nothing.
            let near = |bound| got.iter().zip(wanted).all(|(got, wanted)| (got - wanted).abs() < bound);
            assert!(near(bound), "{who}, picture {picture}: {got:?}, the file says {wanted:?}");
            digits += usize::from(near(1e-5));
        }
    }
    // All six of the plan, and two thirds of tract's.
    assert!(digits >= 6 + 4, "only {digits} of 12 agree to the last digits");
}

/// A network without quantized layers comes back as it was.
#[test]
fn a_float_network_is_left_alone() {
    let (onnx, shape) = (file("models/face_detector.onnx"), [1, 128, 128, 3]);
    let (model, report) = optimised(&onnx, shape);
    assert_eq!((report.plans, report.layers, report.refused), (0, 0, None));
    assert!(report.remaining.iter().any(|name| name.contains("Conv")), "{:?}", report.remaining);
    assert_eq!(model.input_fact(0).expect("one input").shape.as_concrete(), Some(&shape[..]));
}

/// Without a rewrite, tract's own operators give the same: what a model falls back to.
#[test]
fn the_same_file_runs_without_the_rewrite() {
    let golden = golden("network");
    let shape = [1, 1, 16, 16];
    let model =
        nn_onnx::onnx().model_for_read(&mut &file("tests/golden/network.onnx")[..]).expect("tract reads it");
    let model = model.with_input_fact(0, f32::fact(shape).into()).expect("the model has an input");
    let pixels: Vec<_> = golden.runs.iter().map(|run| bytes(&run.pixels)).collect();
    let got = run(model.into_typed().expect("the model is complete"), &pixels, shape);
    let off = logits_off(&golden, &got);
    assert!(off < 0.01, "logits off by {off} of their range");
}
