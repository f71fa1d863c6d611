//! Detector and alignment against golden values of independent tools (tests/golden/*.py).

use emotion_core::align::{SIZE, Warper};
use emotion_core::detect::letterbox::Turn;
use emotion_core::detect::{DetectOptions, Detection, Detector};
use emotion_core::frame::Frame;
use emotion_core::geometry::{Point, Rect, Similarity};
use emotion_core::model::{Network, NetworkError};
use emotion_core::track::{TrackOptions, Tracker};
use serde::Deserialize;

fn golden<T: serde::de::DeserializeOwned>(name: &str) -> T {
    let path = testkit::file("tests/golden").join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn astronaut() -> image::RgbaImage {
    let path = testkit::file("tests/pictures/astronaut.jpg");
    image::open(path).unwrap().to_rgba8()
}

#[derive(Deserialize)]
struct Face {
    score: f32,
    #[serde(rename = "box")]
    rect: [f32; 4],
    points: [[f32; 2]; 6],
}

/// All faces agree: scores within `tolerance`, places within `tolerance_px`.
fn assert_faces(found: &[Detection], expected: &[Face], tolerance: f32, tolerance_px: f32) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found.score - expected.score).abs() < tolerance, "{} {}", found.score, expected.score);
        let Rect { x, y, width, height } = found.box_px;
        for (found, expected) in [x, y, width, height].iter().zip(expected.rect) {
            assert!((found - expected).abs() < tolerance_px, "box: {found} instead of {expected}");
        }
        for (found, [x, y]) in found.points_px.iter().zip(expected.points) {
            assert!(found.distance(Point::new(x, y)) < tolerance_px, "{found:?} instead of {x} {y}");
        }
    }
}

#[derive(Deserialize)]
struct DetectorGolden {
    random: Vec<Face>,
    #[cfg_attr(not(feature = "onnx"), allow(dead_code))]
    picture: Vec<Face>,
    #[cfg_attr(not(feature = "onnx"), allow(dead_code))]
    second_look: Vec<Face>,
}

/// One run over the whole frame and no more.
const FIRST_LOOK: DetectOptions = DetectOptions {
    min_score: 0.5,
    min_first_score: 0.5,
    max_overlap: 0.3,
    max_second_looks: 0,
    large_px: f32::INFINITY,
    sure_score: 1.0,
    agree: false,
};

/// Answers with the made-up outputs of tests/golden/detector.py.
struct RandomOutputs;

impl Network for RandomOutputs {
    fn run(&mut self, _: &[f32]) -> Result<Vec<Vec<f32>>, NetworkError> {
        let mut state = 2024u32;
        let mut random = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) as f32 / 65_536.0
        };
        let cells = |count: usize, per_cell: usize| {
            (0..count * count * per_cell).map(move |at| {
                let (cell, side) = (at / per_cell, 128.0 / count as f32);
                (((cell % count) as f32 + 0.5) * side, ((cell / count) as f32 + 0.5) * side)
            })
        };
        let targets = [(30.0, 30.0), (90.0, 40.0), (64.0, 64.0), (40.0, 100.0), (100.0, 100.0)];
        let (mut boxes, mut logits) = (Vec::new(), Vec::new());
        for (anchor, (x, y)) in cells(16, 2).chain(cells(8, 6)).enumerate() {
            let (to_x, to_y) = targets[anchor % 5];
            boxes.extend([to_x - x + 6.0 * random(), to_y - y + 6.0 * random()]);
            boxes.extend([20.0 + 8.0 * random(), 20.0 + 8.0 * random()]);
            boxes.extend((0..12).map(|_| 30.0 * random() - 15.0));
            logits.push(6.0 * random() - 5.0);
        }
        Ok(vec![boxes, logits])
    }
}

#[test]
fn made_up_outputs_decode_and_blend_as_in_the_reference() {
    let expected: DetectorGolden = golden("detector.json");
    let mut detector = Detector::new(Box::new(RandomOutputs), FIRST_LOOK);
    let rgba = vec![0; 128 * 128 * 4];
    let found = detector.detect(&Frame::new(128, 128, &rgba).unwrap(), &[], Turn::None).unwrap();
    assert!(found.len() >= 5);
    assert_faces(&found, &expected.random, 1e-4, 1e-3);
}

#[cfg(feature = "onnx")]
#[test]
fn a_real_face_is_found_where_the_reference_finds_it() {
    use emotion_core::model::TractNetwork;

    let expected: DetectorGolden = golden("detector.json");
    let path = testkit::file("models/face_detector.onnx");
    let onnx = std::fs::read(path).unwrap();
    let picture = astronaut();
    let detect = |options| {
        let network = TractNetwork::load(&onnx, &[1, 128, 128, 3]).unwrap();
        let frame = Frame::new(512, 512, picture.as_raw()).unwrap();
        Detector::new(Box::new(network), options).detect(&frame, &[], Turn::None).unwrap()
    };
    // PIL and this project decode JPEG with differences of a grey level here and there, which can move
    // the second look by a pixel. The face is 105 pixels wide.
    assert_faces(&detect(FIRST_LOOK), &expected.picture, 5e-3, 0.5);
    assert_faces(&detect(DetectOptions::default()), &expected.second_look, 5e-3, 2.0);
}

#[cfg(feature = "onnx")]
#[test]
fn bytes_that_are_no_network_are_refused() {
    use emotion_core::model::TractNetwork;

    assert!(matches!(TractNetwork::load(b"no graph", &[1]), Err(NetworkError::Load(_))));
    let path = testkit::file("models/face_detector.onnx");
    let mut network = TractNetwork::load(&std::fs::read(path).unwrap(), &[1, 128, 128, 3]).unwrap();
    assert!(matches!(network.run(&[0.0]), Err(NetworkError::Input { actual: 1, .. })));
}

#[derive(Deserialize)]
struct Crop {
    to_frame: [f32; 4],
    crop: Vec<u8>,
}

#[test]
fn crops_agree_with_pils_resampling() {
    let expected: std::collections::BTreeMap<String, Crop> = golden("warp.json");
    assert_eq!(expected.len(), 3);
    let picture = astronaut();
    let frame = Frame::new(512, 512, picture.as_raw()).unwrap();
    for (name, Crop { to_frame: [a, b, tx, ty], crop: expected }) in expected {
        let mut crop = vec![0; SIZE * SIZE];
        Warper::new().warp(&frame, &Similarity { a, b, tx, ty }, SIZE, &mut crop);
        let differences: Vec<i32> =
            crop.iter().zip(&expected).map(|(a, b)| (i32::from(*a) - i32::from(*b)).abs()).collect();
        let mean = differences.iter().sum::<i32>() as f32 / differences.len() as f32;
        let largest = differences.iter().max().unwrap();
        println!("{name}: mean {mean}, largest {largest}");
        // JPEG decoders differ by up to 2; where the side is not a whole number of pixels, bilinear
        // samples and area means differ at edges.
        let (mean_limit, limit) = if name == "shrunk_far" { (2.5, 25) } else { (1.0, 4) };
        assert!(mean < mean_limit && *largest <= limit, "{name}: mean {mean}, largest {largest}");
    }
}

/// A window of the picture, `SIDE` pixels a side, with its corner at `(left, top)`.
fn window(picture: &image::RgbaImage, left: u32, top: u32) -> image::RgbaImage {
    const SIDE: u32 = 320;
    image::imageops::crop_imm(picture, left, top, SIDE, SIDE).to_image()
}

#[test]
fn a_real_face_is_followed_as_the_camera_pans() {
    let expected: DetectorGolden = golden("detector.json");
    let picture = astronaut();
    let mut tracker =
        Tracker::new(TrackOptions { detect_every_ms: 1e9, twice: false, ..TrackOptions::default() });
    let truth = |left: u32, top: u32| {
        expected.second_look[0].points.map(|[x, y]| Point::new(x - left as f32, y - top as f32))
    };
    for step in 0..20 {
        let (left, top) = (60 + 4 * step, 10 + (step % 5) * 6);
        let seen = window(&picture, left, top);
        let frame = Frame::new(320, 320, seen.as_raw()).unwrap();
        let asked = tracker.follow(&frame, f64::from(step) * 33.0);
        assert_eq!(asked, step == 0, "frame {step}");
        if asked {
            let box_px = Rect::new(171.4 - left as f32, 71.9 - top as f32, 104.6, 104.6);
            let face = Detection { box_px, points_px: truth(left, top), score: 0.95 };
            tracker.correct(&frame, 0.0, &[face]);
        }
        let face = tracker.faces().next().unwrap();
        for (found, truth) in face.points_px.iter().zip(truth(left, top)) {
            assert!(found.distance(truth) < 1.0, "frame {step}: {found:?} instead of {truth:?}");
        }
    }
}
