//! What the engine knows of a face after a pause, with the shipped networks on a real head.

use emotion_core::engine::Engine;
use emotion_core::frame::Frame;
use emotion_core::model::ModelFiles;

const WIDTH: usize = 640;
const HEIGHT: usize = 480;
/// A head, RGB (tests/pictures/LICENSES.md), and the side of its square.
const HEAD: &[u8] = include_bytes!("../../../tests/pictures/astronaut_144.rgb");
const SIDE: usize = 144;

/// A grey wall with the head's left upper corner here.
fn frame(left: usize, top: usize) -> Vec<u8> {
    let mut rgba = vec![120; WIDTH * HEIGHT * 4];
    for (at, pixel) in HEAD.chunks(3).enumerate() {
        let to = ((top + at / SIDE) * WIDTH + left + at % SIDE) * 4;
        rgba[to..to + 3].copy_from_slice(pixel);
    }
    rgba
}

/// The faces' numbers in frames at these times and places.
fn ids(frames: &[(f64, usize, usize)]) -> Vec<Vec<u32>> {
    let folder = testkit::file("models");
    let files = ModelFiles::read(&folder).unwrap();
    let mut engine = Engine::new(&files.manifest, &files.detector, &files.classifier).unwrap();
    let read = |&(time_ms, left, top): &(f64, usize, usize)| {
        let rgba = frame(left, top);
        let frame = Frame::new(WIDTH, HEIGHT, &rgba).unwrap();
        let reading = engine.analyse(&frame, time_ms, &|| 0.0).unwrap();
        reading.faces.iter().map(|face| face.face).collect()
    };
    frames.iter().map(read).collect()
}

#[test]
fn a_face_at_its_place_keeps_its_number_through_minutes_without_frames() {
    let minutes = 60_000.0;
    let last = 5.0 * minutes;
    let seen = ids(&[(0.0, 240, 160), (40.0, 240, 160), (last, 250, 165), (last + 40.0, 250, 165)]);
    assert_eq!(seen, [vec![1], vec![1], vec![], vec![1]]);
}

#[test]
fn a_face_elsewhere_is_a_new_one() {
    let seen = ids(&[(0.0, 40, 160), (40.0, 40, 160), (60_000.0, 440, 160)]);
    assert_eq!(seen, [vec![1], vec![1], vec![2]]);
}
