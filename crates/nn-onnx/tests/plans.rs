//! The plan files that the engine loads: what they are made of, and that they are up to date.

use emotion_core::detect::letterbox::Turn;
use emotion_core::detect::{DetectOptions, Detector};
use emotion_core::frame::Frame;
use emotion_core::model::{self, Manifest, ModelFile, NetworkError};
use nn::file::{FileError, PlanFile};

fn read(name: &str) -> Vec<u8> {
    std::fs::read(testkit::file("models").join(name)).unwrap()
}

fn manifest() -> Manifest {
    Manifest::parse(&read("manifest.json")).unwrap()
}

/// The ONNX file's, and the plan's that is loaded in its place.
fn pairs(manifest: &Manifest) -> [(&ModelFile, &ModelFile, &[usize]); 2] {
    let (detector, classifier) = (&manifest.detector, &manifest.classifier);
    [
        (&detector.source, manifest.detector_file(), &detector.input),
        (&classifier.source, manifest.classifier_file(), &classifier.input),
    ]
}

/// `cargo xtask models` was run after the last change of an ONNX file. That nothing of a network remains for tract is a
/// part of it: `compile` refuses it otherwise.
#[test]
fn the_shipped_plans_are_what_the_onnx_files_compile_to() {
    let manifest = manifest();
    for (source, plan, shape) in pairs(&manifest) {
        assert!(plan.file.ends_with(".plan"), "{}", plan.file);
        let onnx = read(&source.file);
        source.check(&onnx).unwrap();
        let compiled = nn_onnx::compile(&onnx, shape).unwrap();
        let shipped = read(&plan.file);
        plan.check(&shipped).unwrap();
        assert_eq!(PlanFile::read(&shipped).unwrap(), compiled, "{}", plan.file);
        assert!(shipped == compiled.write().unwrap(), "{}", plan.file);
    }
}

/// The whole model as tract runs it, with our operator in it, against the plan file alone.
#[test]
fn a_plan_gives_the_same_bits_as_its_onnx_file() {
    let manifest = manifest();
    for (source, plan, shape) in pairs(&manifest) {
        let count = shape.iter().product();
        let input: Vec<f32> = (0..count).map(|index| (index * 7919 % 256) as f32 / 255.0).collect();
        let run = |file: &str| model::load(&read(file), shape).unwrap().run(&input).unwrap();
        assert_eq!(run(&source.file), run(&plan.file), "{}", plan.file);
    }
}

/// A network's input may come as bytes; the bits are those of the real numbers that the bytes stand for.
#[test]
fn bytes_give_the_same_bits_as_the_real_numbers_that_they_stand_for() {
    let manifest = manifest();
    for (_, plan, shape) in pairs(&manifest) {
        let bytes: Vec<u8> =
            (0..shape.iter().product::<usize>()).map(|index| (index * 7919 / 3) as u8).collect();
        // Also beyond what the network's input can hold, and not-a-number.
        let reals = std::array::from_fn(|byte| match byte {
            0 => f32::NAN,
            1 => 1e30,
            2 => -1e30,
            _ => byte as f32 / 127.5 - 1.0,
        });
        let numbers: Vec<f32> = bytes.iter().map(|&byte| reals[usize::from(byte)]).collect();
        let mut network = model::load(&read(&plan.file), shape).unwrap();
        let wanted = network.run(&numbers).unwrap();
        assert_eq!(network.run_bytes(&bytes, &reals).unwrap(), wanted, "{}", plan.file);
        let error = network.run_bytes(&bytes[1..], &reals).unwrap_err();
        assert!(matches!(error, NetworkError::Input { .. }), "{error}");
    }
}

/// training/quantize_detector.py holds it to 1 % of the face's width over many pictures; here is a real one.
#[test]
fn the_integer_detector_finds_a_real_face_where_the_float_one_does() {
    let path = testkit::file("tests/pictures/astronaut.jpg");
    let picture = image::open(path).unwrap().to_rgba8();
    let frame = Frame::new(512, 512, picture.as_raw()).unwrap();
    let detect = |file: &str| {
        let network = model::load(&read(file), &[1, 128, 128, 3]).unwrap();
        Detector::new(network, DetectOptions::default()).detect(&frame, &[], Turn::None).unwrap()
    };
    let (float, integer) = (detect("face_detector.onnx"), detect(&manifest().detector_file().file));
    assert_eq!((float.len(), integer.len()), (1, 1));
    assert!((float[0].score - integer[0].score).abs() < 0.01);
    for (a, b) in float[0].points_px.iter().zip(&integer[0].points_px) {
        assert!(a.distance(*b) < 0.01 * float[0].box_px.width, "{a:?} {b:?}");
    }
}

#[test]
fn what_is_no_plan_is_refused_in_words() {
    let shipped = read(&manifest().detector_file().file);
    assert_eq!(PlanFile::read(b"no plan"), Err(FileError::NotAPlan));
    assert_eq!(PlanFile::read(&[]), Err(FileError::NotAPlan));
    let mut newer = shipped.clone();
    newer[6] = 9;
    assert_eq!(PlanFile::read(&newer), Err(FileError::Version(9)));
    for length in [7, 20, shipped.len() / 2, shipped.len() - 1] {
        let error = PlanFile::read(&shipped[..length]).unwrap_err();
        assert!(matches!(error, FileError::Damaged(_)), "{length}: {error}");
    }
    let longer = [shipped.as_slice(), b"!"].concat();
    assert!(matches!(PlanFile::read(&longer), Err(FileError::Damaged(_))));
}
