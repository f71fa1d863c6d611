use super::*;
use crate::geometry::Similarity;

const WIDTH: usize = 480;
const HEIGHT: usize = 320;

/// Finds count at once: these tests are about other things.
fn once() -> TrackOptions {
    TrackOptions { twice: false, ..TrackOptions::default() }
}

/// A drawn face: blobs for eyes, nose and mouth on an oval whose grain tells it from others.
#[derive(Clone, Copy)]
struct Drawn {
    /// From the face's own units (eyes at (-1, -1) and (1, -1), nose (0, 0), mouth (0, 1)) to pixels.
    to_frame: Similarity,
    grain: f32,
}

const EYES_NOSE_MOUTH_EARS: [(f32, f32); 6] =
    [(-1.0, -1.0), (1.0, -1.0), (0.0, 0.0), (0.0, 1.0), (-2.0, -0.6), (2.0, -0.6)];

impl Drawn {
    fn at(x: f32, y: f32, unit_px: f32, turn: f32, grain: f32) -> Self {
        let (a, b) = (unit_px * libm::cosf(turn), unit_px * libm::sinf(turn));
        Self { to_frame: Similarity { a, b, tx: x, ty: y }, grain }
    }

    fn detection(&self) -> Detection {
        let centre = self.to_frame.apply(Point::default());
        let side = 4.4 * self.to_frame.scale();
        Detection {
            box_px: Rect::new(centre.x - side * 0.5, centre.y - side * 0.5, side, side),
            points_px: EYES_NOSE_MOUTH_EARS.map(|(x, y)| self.to_frame.apply(Point::new(x, y))),
            score: 0.9,
        }
    }

    /// Luma at a place in the face's units; `None` outside of it.
    fn luma(&self, u: f32, v: f32) -> Option<f32> {
        if u * u / 4.0 + v * v / 6.0 > 1.0 {
            return None;
        }
        let blob = |x: f32, y: f32, wide: f32, high: f32| {
            let (dx, dy) = ((u - x) / wide, (v - y) / high);
            libm::expf(-dx * dx - dy * dy)
        };
        let dark = blob(-1.0, -1.0, 0.35, 0.2) + blob(1.0, -1.0, 0.35, 0.2) + blob(0.0, 1.0, 0.7, 0.2);
        let grain = 25.0 * libm::sinf(self.grain * u + 1.0) * libm::cosf(self.grain * 0.7 * v);
        // Those of the coarsest grain have a beard, a light fringe, and light from the right.
        let own = if self.grain > 8.0 {
            70.0 * u + 80.0 * blob(0.0, -1.8, 1.6, 0.5) - 90.0 * blob(0.0, 1.5, 1.6, 0.6)
        } else {
            0.0
        };
        Some(170.0 + own + grain - 110.0 * dark + 40.0 * blob(0.0, 0.0, 0.2, 0.35))
    }
}

/// A frame with faces, the first in front.
fn draw(faces: &[Drawn]) -> Vec<u8> {
    let inverses: Vec<_> = faces.iter().map(|face| face.to_frame.inverse().unwrap()).collect();
    let mut rgba = Vec::with_capacity(WIDTH * HEIGHT * 4);
    for at in 0..WIDTH * HEIGHT {
        let place = Point::new((at % WIDTH) as f32 + 0.5, (at / WIDTH) as f32 + 0.5);
        let luma = faces.iter().zip(&inverses).find_map(|(face, inverse)| {
            let own = inverse.apply(place);
            face.luma(own.x, own.y)
        });
        let wall = 90.0 + 30.0 * libm::sinf(place.x * 0.07) * libm::sinf(place.y * 0.05 + 1.0);
        let grey = luma.unwrap_or(wall).clamp(0.0, 255.0) as u8;
        rgba.extend([grey, grey, grey, 255]);
    }
    rgba
}

/// One frame through the tracker with a scripted detector; returns whether it was asked.
fn step(tracker: &mut Tracker, time_ms: f64, drawn: &[Drawn], detections: &[Detection]) -> bool {
    let rgba = draw(drawn);
    let frame = Frame::new(WIDTH, HEIGHT, &rgba).unwrap();
    let asked = tracker.follow(&frame, time_ms);
    if asked {
        tracker.correct(&frame, time_ms, detections);
    }
    asked
}

fn ids(tracker: &Tracker) -> Vec<u32> {
    tracker.faces().map(|face| face.id).collect()
}

/// The id of the face nearest to where a drawn face is.
fn id_at(tracker: &Tracker, drawn: &Drawn) -> u32 {
    let place = drawn.detection().box_px.centre();
    let distance = |face: &TrackedFace| face.box_px.centre().distance(place);
    tracker.faces().min_by(|a, b| distance(a).total_cmp(&distance(b))).map(|face| face.id).unwrap()
}

#[test]
fn a_moving_turning_growing_face_is_followed_without_the_detector() {
    let options = TrackOptions { detect_every_ms: 1e9, ..once() };
    let mut tracker = Tracker::new(options);
    for index in 0..40u8 {
        let t = f32::from(index);
        let (x, y) = (120.0 + 6.0 * t, 150.0 + 40.0 * libm::sinf(t * 0.15));
        let drawn = Drawn::at(x, y, 20.0 + 0.2 * t, 0.3 * libm::sinf(t * 0.1), 2.0);
        let truth = drawn.detection();
        let asked = step(&mut tracker, f64::from(index) * 33.0, &[drawn], &[truth]);
        assert_eq!(asked, index == 0, "frame {index}");
        let face = tracker.faces().next().unwrap();
        for (found, truth) in face.points_px.iter().zip(truth.points_px) {
            let error_px = found.distance(truth);
            assert!(error_px < 2.0, "frame {index}: {error_px} px");
        }
        assert!((face.box_px.width - truth.box_px.width).abs() < 4.0);
    }
}

#[test]
fn the_light_may_change_between_frames() {
    let mut tracker = Tracker::new(TrackOptions { detect_every_ms: 1e9, ..once() });
    let drawn = Drawn::at(200.0, 150.0, 22.0, 0.1, 2.0);
    step(&mut tracker, 0.0, &[drawn], &[drawn.detection()]);
    let darker: Vec<u8> = draw(&[drawn]).iter().map(|value| value / 3 + 10).collect();
    let frame = Frame::new(WIDTH, HEIGHT, &darker).unwrap();
    assert!(!tracker.follow(&frame, 33.0));
    let face = tracker.faces().next().unwrap();
    assert!(face.points_px[0].distance(drawn.detection().points_px[0]) < 0.5);
}

#[test]
fn the_detector_is_asked_every_nth_frame_and_when_a_face_jumps() {
    let mut tracker = Tracker::new(once());
    let here = Drawn::at(120.0, 150.0, 20.0, 0.0, 2.0);
    let there = Drawn::at(360.0, 150.0, 20.0, 0.0, 2.0);
    let asked: Vec<bool> =
        (0..7).map(|i| step(&mut tracker, f64::from(i) * 33.0, &[here], &[here.detection()])).collect();
    assert_eq!(asked, [true, false, false, true, false, false, true]);
    assert!(step(&mut tracker, 240.0, &[there], &[there.detection()]));
    // Two face widths away within one frame is another face.
    assert_eq!(ids(&tracker), [2]);
}

#[test]
fn two_faces_that_cross_keep_their_ids() {
    let mut tracker = Tracker::new(once());
    let place = |t: f32| {
        [Drawn::at(110.0 + 9.0 * t, 160.0, 20.0, 0.0, 2.0), Drawn::at(380.0 - 9.0 * t, 166.0, 20.0, 0.0, 5.0)]
    };
    for index in 0..30u8 {
        let drawn = place(f32::from(index));
        let mut detections = vec![drawn[0].detection(), drawn[1].detection()];
        if detections[0].box_px.overlap(&detections[1].box_px) > 0.3 {
            detections.truncate(1); // the one behind is hidden, and suppressed
        }
        step(&mut tracker, f64::from(index) * 33.0, &drawn, &detections);
        assert_eq!(id_at(&tracker, &drawn[0]), 1, "frame {index}");
    }
    assert_eq!(ids(&tracker), [1, 2]);
    assert_eq!(id_at(&tracker, &place(29.0)[1]), 2);
}

#[test]
fn a_face_that_leaves_and_returns_is_new_but_one_hidden_for_a_moment_is_not() {
    let mut tracker = Tracker::new(once());
    let drawn = Drawn::at(200.0, 150.0, 20.0, 0.0, 2.0);
    step(&mut tracker, 0.0, &[drawn], &[drawn.detection()]);
    assert!(step(&mut tracker, 100.0, &[], &[]));
    assert!(ids(&tracker).is_empty());
    step(&mut tracker, 600.0, &[drawn], &[drawn.detection()]);
    assert_eq!(ids(&tracker), [1]);
    step(&mut tracker, 700.0, &[], &[]);
    step(&mut tracker, 1800.0, &[drawn], &[drawn.detection()]);
    assert_eq!(ids(&tracker), [2]);
}

#[test]
fn a_face_that_the_detector_misses_stays_for_a_while_and_then_goes() {
    let mut tracker = Tracker::new(TrackOptions { detect_every_ms: 0.0, ..once() });
    let drawn = Drawn::at(200.0, 150.0, 20.0, 0.0, 2.0);
    step(&mut tracker, 0.0, &[drawn], &[drawn.detection()]);
    let seen: Vec<usize> = (1..=4)
        .map(|i| {
            step(&mut tracker, f64::from(i) * 99.0, &[drawn], &[]);
            tracker.faces().count()
        })
        .collect();
    assert_eq!(seen, [1, 1, 1, 0]);
}

#[test]
fn a_face_that_is_not_found_is_gone_after_300_ms_at_any_pace() {
    for frame_ms in [10.0, 16.0, 40.0, 100.0, 150.0, 250.0, 1000.0] {
        let mut tracker = Tracker::new(once());
        let drawn = Drawn::at(200.0, 150.0, 20.0, 0.0, 2.0);
        step(&mut tracker, 0.0, &[drawn], &[drawn.detection()]);
        // It seems to be there still, and is followed well.
        let gone = (1..).find(|index| {
            step(&mut tracker, f64::from(*index) * frame_ms, &[drawn], &[]);
            tracker.faces().count() == 0
        });
        let gone_ms = f64::from(gone.unwrap()) * frame_ms;
        // The next search after 300 ms; searches are at most 95 ms and a frame apart.
        assert!(gone_ms >= 300.0 && gone_ms < 300.0 + 95.0 + 2.0 * frame_ms, "{frame_ms}: {gone_ms}");
    }
}

#[test]
fn a_find_becomes_a_face_in_the_next_frame_or_never() {
    let mut tracker = Tracker::new(TrackOptions::default());
    let [here, there] = [120.0, 360.0].map(|x| Drawn::at(x, 150.0, 20.0, 0.0, 2.0));
    step(&mut tracker, -33.0, &[], &[]);
    assert!(step(&mut tracker, 0.0, &[here], &[here.detection()]));
    assert!(ids(&tracker).is_empty());
    // Somewhere else in the next frame: again only once.
    assert!(step(&mut tracker, 33.0, &[here], &[there.detection()]));
    assert!(ids(&tracker).is_empty());
    assert!(step(&mut tracker, 66.0, &[there], &[]));
    assert!(step(&mut tracker, 99.0, &[there], &[there.detection()]));
    assert!(ids(&tracker).is_empty());
    assert!(step(&mut tracker, 132.0, &[there], &[there.detection()]));
    assert_eq!(ids(&tracker), [1]);
    step(&mut tracker, 180.0, &[there], &[]);
    // Beside a known face, too: the next frame is searched at once.
    assert!(step(&mut tracker, 231.0, &[here, there], &[here.detection(), there.detection()]));
    assert_eq!(ids(&tracker), [1]);
    assert!(step(&mut tracker, 264.0, &[here, there], &[here.detection(), there.detection()]));
    assert_eq!(ids(&tracker), [1, 2]);
}

#[test]
fn where_frames_are_rare_one_is_enough() {
    let mut tracker = Tracker::new(TrackOptions::default());
    let drawn = Drawn::at(120.0, 150.0, 20.0, 0.0, 2.0);
    step(&mut tracker, 0.0, &[], &[]);
    step(&mut tracker, 1000.0, &[drawn], &[drawn.detection()]);
    assert!(tracker.is_slow());
    assert_eq!(ids(&tracker), [1]);
}

#[test]
fn another_face_at_the_same_place_has_another_number() {
    let mut tracker = Tracker::new(once());
    let [left, right] = [140.0, 340.0];
    let at = |x, grain| Drawn::at(x, 150.0, 20.0, 0.0, grain);
    let before = [at(left, 2.0), at(right, 9.0)];
    step(&mut tracker, 0.0, &before, &before.map(|drawn| drawn.detection()));
    assert_eq!(ids(&tracker), [1, 2]);
    // A cut between two people who change places, in front of the same wall.
    let after = [at(left, 9.0), at(right, 2.0)];
    step(&mut tracker, 40.0, &after, &after.map(|drawn| drawn.detection()));
    assert_eq!(ids(&tracker), [3, 4]);
}

#[test]
fn a_jump_of_the_whole_picture_ends_all_tracks() {
    let mut tracker = Tracker::new(once());
    let drawn = Drawn::at(200.0, 150.0, 20.0, 0.0, 2.0);
    step(&mut tracker, 0.0, &[drawn], &[drawn.detection()]);
    // The same face at the same place before another wall: only the picture around it jumps.
    let rgba: Vec<u8> = draw(&[drawn]);
    let mut other = rgba.clone();
    for (at, pixel) in other.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        let (x, y) = (at % WIDTH, at / WIDTH);
        if !(130..270).contains(&x) || !(80..220).contains(&y) {
            pixel[..3].fill(if (x / 60 + y / 40) % 2 == 0 { 20 } else { 230 });
        }
    }
    let frame = Frame::new(WIDTH, HEIGHT, &other).unwrap();
    assert!(tracker.follow(&frame, 33.0));
    assert!(ids(&tracker).is_empty());
    tracker.correct(&frame, 33.0, &[drawn.detection()]);
    assert_eq!(ids(&tracker), [2]);
}

#[test]
fn the_detectors_jitter_is_halved_and_its_drift_corrected() {
    let mut tracker = Tracker::new(TrackOptions { detect_every_ms: 0.0, ..once() });
    let drawn = Drawn::at(200.0, 150.0, 20.0, 0.0, 2.0);
    let shifted = Drawn::at(204.0, 150.0, 20.0, 0.0, 2.0);
    step(&mut tracker, 0.0, &[drawn], &[drawn.detection()]);
    let mut errors = Vec::new();
    for index in 1..=5 {
        step(&mut tracker, f64::from(index) * 33.0, &[drawn], &[shifted.detection()]);
        let face = tracker.faces().next().unwrap();
        errors.push(shifted.detection().points_px[2].x - face.points_px[2].x);
    }
    assert!((errors[0] - 2.0).abs() < 0.3 && (errors[1] - 1.0).abs() < 0.4, "{errors:?}");
    assert!(errors[4] < 0.5, "{errors:?}");
}

#[test]
fn at_most_four_faces_the_largest_first_and_ids_are_never_given_again() {
    let mut tracker = Tracker::new(once());
    let five: Vec<Drawn> = (0..5u8)
        .map(|i| Drawn::at(60.0 + 90.0 * f32::from(i), 150.0, 10.0 + f32::from(i), 0.0, 2.0 + f32::from(i)))
        .collect();
    let detections: Vec<_> = five.iter().map(Drawn::detection).collect();
    step(&mut tracker, 0.0, &five, &detections);
    assert_eq!(ids(&tracker), [1, 2, 3, 4]);
    assert_eq!(id_at(&tracker, &five[4]), 1);
    assert!(tracker.faces().all(|face| face.box_px.width > 44.1));
    tracker.forget();
    assert!(ids(&tracker).is_empty());
    step(&mut tracker, 33.0, &five, &detections);
    assert_eq!(ids(&tracker), [5, 6, 7, 8]);
}

#[test]
fn a_detection_without_extent_is_no_face() {
    let mut tracker = Tracker::new(once());
    let nothing = Detection { box_px: Rect::default(), points_px: [Point::new(5.0, 5.0); 6], score: 0.9 };
    step(&mut tracker, 0.0, &[], &[nothing]);
    assert!(ids(&tracker).is_empty());
}
