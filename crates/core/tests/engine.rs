//! The engine with fake networks whose answers follow by arithmetic, and on a real picture.

use std::cell::Cell;
use std::rc::Rc;

use emotion_core::engine::{Engine, EngineError, EngineOptions};
use emotion_core::frame::Frame;
use emotion_core::geometry::Point;
use emotion_core::model::{CLASSES, Manifest, Network, NetworkError, PHOTO, VOTES};
use emotion_core::reading::Reason;
use serde_json::json;

const WIDTH: usize = 640;
const HEIGHT: usize = 480;

/// Sees one upright face in the middle of a frame whose top left corner is white, else none; on a second
/// look, which shows the face's surroundings without a black margin, somewhat larger.
struct FakeDetector {
    runs: Rc<Cell<u32>>,
    fails: Rc<Cell<bool>>,
    /// Side of the face in the first look, and its logit.
    first: Rc<Cell<(i8, f32)>>,
}

/// The first anchor whose centre is (72, 72) of 128: cell (4, 4) of the 8 x 8 grid.
const ANCHOR: usize = 512 + (4 * 8 + 4) * 6;
/// Centre, size and points relative to the anchor. First look: centre (64, 64), 32 x 32 ...
const FIRST: [i8; 16] = [-8, -8, 32, 32, -16, -14, 0, -14, -8, -7, -8, 0, -22, -12, 6, -12];
/// ... second look: centre (64, 64), 80 x 80, eyes (46, 50) and (82, 50), nose (64, 64), mouth (64, 80).
const SECOND: [i8; 16] = [-8, -8, 80, 80, -26, -22, 10, -22, -8, -8, -8, 8, -38, -20, 22, -20];

impl Network for FakeDetector {
    fn run(&mut self, input: &[f32]) -> Result<Vec<Vec<f32>>, NetworkError> {
        self.runs.set(self.runs.get() + 1);
        if self.fails.get() {
            return Err(NetworkError::Run("out of order".into()));
        }
        assert_eq!(input.len(), 128 * 128 * 3);
        let (mut boxes, mut logits) = (vec![0.0; 896 * 16], vec![-9.0; 896]);
        // The letterbox of 640 x 480: rows 16..112; above it all is black.
        let first = input[0] == -1.0;
        if !first || input[16 * 128 * 3] > 0.9 {
            let (side, logit) = self.first.get();
            logits[ANCHOR] = if first { logit } else { 3.0 };
            let mut values = if first { FIRST } else { SECOND };
            if first {
                values[2..4].fill(side);
            }
            boxes[ANCHOR * 16..][..16].copy_from_slice(&values.map(f32::from));
        }
        Ok(vec![boxes, logits])
    }
}

/// Logits by arithmetic: happy, as class, as vote and in the photo study, gets the mean of the crop times ten.
struct FakeClassifier;

impl Network for FakeClassifier {
    fn run(&mut self, input: &[f32]) -> Result<Vec<Vec<f32>>, NetworkError> {
        assert_eq!(input.len(), 48 * 48);
        assert!(input.iter().all(|value| (0.0..=1.0).contains(value)));
        let mut logits = vec![0.0; 25];
        let mean = input.iter().sum::<f32>() / input.len() as f32;
        logits[3] = 10.0 * mean;
        logits[7 + 1] = 10.0 * mean;
        logits[17 + 3] = 10.0 * mean;
        Ok(vec![logits])
    }
}

fn manifest() -> Manifest {
    let value = json!({
        "format": 2,
        "detector": {"file": "face_detector.onnx", "sha256": "", "bytes": 0, "input": [1, 128, 128, 3]},
        "classifier": {
            "file": "depth.onnx", "sha256": "", "bytes": 0, "input": [1, 1, 48, 48],
            "normalisation": "luma / 255", "output": [1, 25], "classes": CLASSES, "votes": VOTES, "photo": PHOTO,
            "mixture": {"ferplus": 0.25},
            "calibration": {
                "class_scale": vec![1.0; 7], "class_bias": vec![0.0; 7],
                "vote_scale": vec![1.0; 10], "vote_bias": vec![0.0; 10]
            }
        },
        "alignment": {
            "size": 48, "left_eye": [16, 15], "right_eye": [32, 15], "nose": [24, 22], "mouth": [24, 29]
        }
    });
    Manifest::parse(value.to_string().as_bytes()).unwrap()
}

struct Fixture {
    engine: Engine,
    runs: Rc<Cell<u32>>,
    fails: Rc<Cell<bool>>,
    first: Rc<Cell<(i8, f32)>>,
}

fn fixture() -> Fixture {
    let (runs, fails) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(false)));
    let first = Rc::new(Cell::new((FIRST[2], 3.0)));
    let detector = FakeDetector { runs: runs.clone(), fails: fails.clone(), first: first.clone() };
    let detector = Box::new(detector);
    // Each find counts at once, and frames are not turned: the networks alone decide. What the default adds is tested beside it.
    let mut options = EngineOptions { turns: false, ..EngineOptions::default() };
    (options.detect.agree, options.track.twice) = (false, false);
    let engine = Engine::with_networks(&manifest(), detector, Box::new(FakeClassifier), options);
    Fixture { engine, runs, fails, first }
}

/// A grained picture; `face`: whether the fake detector sees a face in it.
fn picture(face: bool) -> Vec<u8> {
    (0..WIDTH * HEIGHT)
        .flat_map(|at| {
            let (x, y) = (at % WIDTH, at / WIDTH);
            let grain = (x / 7 * 13 + y / 5 * 29 + (x / 11) * (y / 9) * 3) % 41;
            let corner = x < 10 && y < 10;
            let value = if corner { u8::from(face) * 255 } else { 108 + grain as u8 };
            [value, value, value, 255]
        })
        .collect()
}

fn frame(rgba: &[u8]) -> Frame<'_> {
    Frame::new(WIDTH, HEIGHT, rgba).unwrap()
}

/// A clock that goes on by one millisecond whenever it is read.
fn clock() -> impl Fn() -> f64 {
    let time_ms = Cell::new(0.0);
    move || {
        time_ms.set(time_ms.get() + 1.0);
        time_ms.get()
    }
}

#[test]
fn a_reading_follows_from_the_networks_by_arithmetic() {
    let Fixture { mut engine, .. } = fixture();
    let reading = engine.analyse(&frame(&picture(true)), 40.0, &clock()).unwrap();
    assert_eq!((reading.time_ms, reading.width, reading.height), (40.0, 640, 480));
    assert_eq!(reading.faces.len(), 1);
    let face = &reading.faces[0];
    assert_eq!(face.face, 1);
    // First look: five frame pixels per pixel of the square, which begins 16 rows above the frame, so the
    // face is (240, 160) to (400, 320). Second look: 1.75 widths around its centre, (180, 100) to
    // (460, 380), give or take a pixel, in 128 pixels.
    let second = |x: f32, y: f32| Point::new(180.0 + x * 280.0 / 128.0, 100.0 + y * 280.0 / 128.0);
    let corner = Point::new(face.box_px.x, face.box_px.y);
    assert!(corner.distance(second(24.0, 24.0)) < 1.5, "{:?}", face.box_px);
    assert!((face.box_px.width - 175.0).abs() < 1.5 && (face.box_px.height - 175.0).abs() < 1.5);
    assert!(face.points_px[0].distance(second(46.0, 50.0)) < 1.5, "{:?}", face.points_px);
    assert!(face.points_px[3].distance(second(64.0, 80.0)) < 1.5, "{:?}", face.points_px);
    assert!((face.score - 0.952_574).abs() < 1e-5); // 1 / (1 + e^-3)
    assert!(face.pose.roll.abs() < 0.1);
    // The crop's mean is about 128 of 255: happy = e^5 / (e^5 + 9) in FER+, e^5 / (e^5 + 7) in the photo study.
    let (ferplus, photo) = (face.studies.ferplus.happy, face.studies.photo.happy);
    assert!((ferplus - 0.943).abs() < 0.02 && (photo - 0.955).abs() < 0.02, "{:?}", face.studies);
    assert!((face.raw.happy - (0.25 * ferplus + 0.75 * photo)).abs() < 1e-6, "{:?}", face.raw);
    assert!((face.raw.sad - face.raw.neutral).abs() < 1e-6);
    assert!(!face.quality.reasons.contains(&Reason::SeveralFaces));
}

#[test]
fn each_stage_is_timed_by_the_injected_clock() {
    let Fixture { mut engine, .. } = fixture();
    let rgba = picture(true);
    let stages = engine.analyse(&frame(&rgba), 0.0, &clock()).unwrap().stages;
    // Every stage lies between two readings of a clock that counts its readings.
    assert_eq!((stages.detect_ms, stages.track_ms), (1.0, 2.0));
    assert_eq!((stages.align_ms, stages.classify_ms, stages.copy_ms), (1.0, 1.0, 0.0));
    assert_eq!(stages.total_ms, 7.0);
    let stages = engine.analyse(&frame(&rgba), 33.0, &clock()).unwrap().stages;
    assert_eq!((stages.detect_ms, stages.track_ms), (0.0, 1.0));
}

#[test]
fn detection_is_spared_while_the_face_is_followed_and_ids_are_not_given_twice() {
    let Fixture { mut engine, runs, .. } = fixture();
    let rgba = picture(true);
    for index in 0..7 {
        let reading = engine.analyse(&frame(&rgba), f64::from(index) * 33.0, &clock()).unwrap();
        assert_eq!(reading.faces.iter().map(|face| face.face).collect::<Vec<_>>(), [1]);
    }
    // Frames 0, 3 and 6, with a first and a second look each.
    assert_eq!(runs.get(), 6);
    engine.forget();
    let reading = engine.analyse(&frame(&rgba), 300.0, &clock()).unwrap();
    assert_eq!(reading.faces[0].face, 2);
}

#[test]
fn a_face_that_the_first_look_shows_large_and_surely_needs_no_second() {
    let Fixture { mut engine, runs, first, .. } = fixture();
    let rgba = picture(true);
    // Logits 1.3 and 1.5 are scores of 0.786 and 0.818.
    for (side, logit, looks) in [(35, 3.0, 2), (36, 1.3, 2), (36, 1.5, 1), (60, 3.0, 1)] {
        first.set((side, logit));
        runs.set(0);
        engine.forget();
        let reading = engine.analyse(&frame(&rgba), 0.0, &clock()).unwrap();
        assert_eq!(runs.get(), looks, "{side} pixels of the network's input, logit {logit}");
        // Five frame pixels a pixel of the first look; 280 / 128 a pixel of the second around 160 pixels.
        let second = if looks == 2 { 80.0 * 1.75 * f32::from(side) * 5.0 / 128.0 } else { 0.0 };
        let expected = if looks == 1 { f32::from(side) * 5.0 } else { second };
        assert!((reading.faces[0].box_px.width - expected).abs() < 3.0, "{:?}", reading.faces[0].box_px);
    }
}

#[test]
fn no_face_gives_no_reading_and_a_failing_network_an_error_that_passes() {
    let Fixture { mut engine, fails, .. } = fixture();
    let (empty, full) = (picture(false), picture(true));
    assert!(engine.analyse(&frame(&empty), 0.0, &clock()).unwrap().faces.is_empty());
    fails.set(true);
    let error = engine.analyse(&frame(&full), 33.0, &clock()).unwrap_err();
    assert_eq!(error.to_string(), "the face detector: the network failed (out of order)");
    fails.set(false);
    assert_eq!(engine.analyse(&frame(&full), 66.0, &clock()).unwrap().faces.len(), 1);
}

#[test]
fn crops_are_classified_as_they_are() {
    let Fixture { mut engine, .. } = fixture();
    let scores = engine.classify_crop(&[51; 48 * 48]).unwrap();
    // Mean 0.2: e^2 / (e^2 + 6) and e^2 / (e^2 + 9).
    assert!((scores.classes[3] - 0.551_875).abs() < 1e-4);
    assert!((scores.studies().ferplus.happy - 0.450_853).abs() < 1e-4);
    let error = engine.classify_crop(&[0; 47]).unwrap_err();
    assert!(matches!(error, EngineError::Crop { expected: 2304, actual: 47 }));
}

mod shipped {

    use emotion_core::emotion::Emotion;
    use emotion_core::model::ModelFiles;

    use super::*;

    fn files() -> ModelFiles {
        ModelFiles::read(&testkit::file("models")).unwrap()
    }

    #[test]
    fn the_shipped_models_read_a_real_face() {
        let path = testkit::file("tests/pictures/astronaut.jpg");
        let picture = image::open(path).unwrap().to_rgba8();
        let frame = Frame::new(512, 512, picture.as_raw()).unwrap();
        let ModelFiles { manifest, detector, classifier } = files();
        let mut engine = Engine::new(&manifest, &detector, &classifier).unwrap();
        let reading = engine.analyse(&frame, 0.0, &clock()).unwrap();
        assert_eq!(reading.faces.len(), 1);
        let face = &reading.faces[0];
        // Read off the picture by eye: pupils, tip of the nose, middle of the mouth.
        for (index, x, y) in [(0, 203.5, 101.0), (1, 246.5, 103.5), (2, 225.0, 128.0), (3, 223.5, 144.0)] {
            let error_px = face.points_px[index].distance(Point::new(x, y));
            assert!(error_px < 9.0, "{index}: {error_px} px, {:?}", face.points_px);
        }
        assert!(face.quality.usable, "{:?}", face.quality);
        assert!(face.pose.yaw.abs() < 30.0 && face.pose.roll.abs() < 15.0, "{:?}", face.pose);
        // She smiles broadly.
        assert_eq!(face.raw.largest(), Emotion::Happy, "{:?}", face.raw);
        // The same frame again, followed instead of detected, says nearly the same.
        let again = engine.analyse(&frame, 33.0, &clock()).unwrap();
        assert_eq!(again.stages.detect_ms, 0.0);
        assert!((again.faces[0].raw.happy - face.raw.happy).abs() < 0.1);
        assert!(again.faces[0].points_px[0].distance(face.points_px[0]) < 0.5);
    }

    #[test]
    fn a_damaged_file_is_named() {
        let ModelFiles { manifest, mut detector, classifier } = files();
        let last = detector.len() - 1;
        detector[last] ^= 1;
        let message = Engine::new(&manifest, &detector, &classifier).err().unwrap().to_string();
        assert!(message.contains("face_detector") && message.contains("SHA-256"), "{message}");
        let result = Engine::new(b"{}", &detector, &[]);
        assert!(matches!(result.err().unwrap(), EngineError::Manifest(_)));
    }
}
