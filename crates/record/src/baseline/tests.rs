use super::*;
use emotion_core::reading::Quality;

/// A face at rest with this share of sad.
fn face(id: u32, sad: f32, usable: bool) -> FaceReading {
    FaceReading {
        face: id,
        box_px: Rect::new(220.0 * id as f32, 100.0, 200.0, 200.0),
        points_px: Default::default(),
        score: 0.9,
        pose: Default::default(),
        quality: Quality { value: 1.0, reasons: vec![], usable },
        raw: Depths { sad, neutral: 0.5, ..Depths::default() },
        studies: Default::default(),
        likeness: None,
        own: None,
    }
}

fn reading(time_ms: f64, faces: Vec<FaceReading>) -> FrameReading {
    FrameReading { time_ms, width: 640, height: 480, faces, stages: Default::default(), unchanged_ms: 0.0 }
}

/// Feed readings every `interval_ms` until the collector ends. Returns the number of the last one.
fn run_with(
    mut collector: Collector,
    interval_ms: f64,
    mut faces: impl FnMut(u32) -> Vec<FaceReading>,
) -> (u32, Collected) {
    for frame in 0..1000 {
        let state = collector.add(&reading(7000.0 + interval_ms * f64::from(frame), faces(frame)));
        if !matches!(state, Collected::Collecting { .. }) {
            return (frame, state);
        }
    }
    panic!("the calibration does not end");
}

fn run(faces: impl FnMut(u32) -> Vec<FaceReading>) -> (u32, Collected) {
    run_with(Collector::new(1), 100.0, faces)
}

fn error(state: Collected) -> BaselineError {
    match state {
        Collected::Failed(error) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn five_seconds_of_usable_readings_make_their_mean() {
    // Frames 0..=50; the unusable ones and the other face are left out.
    let (frame, state) = run(|frame| {
        let usable = frame % 5 != 0;
        let sad = match (usable, frame % 2) {
            (false, _) => 0.9,
            (true, 0) => 0.1,
            (true, _) => 0.3,
        };
        vec![face(1, sad, usable), face(2, 0.8, true)]
    });
    assert_eq!(frame, 50);
    let Collected::Done(baseline) = state else { panic!("{state:?}") };
    assert_eq!((baseline.face, baseline.samples, baseline.doubtful), (1, 40, false));
    assert!((baseline.neutral.sad - 0.2).abs() < 1e-6);
    assert_eq!(baseline.neutral.neutral, 0.5);
}

#[test]
fn progress_is_the_share_of_the_time_and_of_the_pictures() {
    let mut collector = Collector::new(1);
    let mut share = |time_ms| match collector.add(&reading(time_ms, vec![face(1, 0.0, true)])) {
        Collected::Collecting { share } => share,
        other => panic!("{other:?}"),
    };
    assert_eq!(share(100.0), 0.0);
    for time_ms in [200.0, 300.0, 400.0, 500.0] {
        share(time_ms);
    }
    assert_eq!(share(1350.0), 0.25);
    assert_eq!(share(50.0), 0.0);
    assert_eq!(share(5000.0), 0.7, "seven pictures of ten");
}

#[test]
fn too_few_usable_readings_are_said_with_their_number_and_the_commonest_reason() {
    let (_, state) = run(|frame| {
        let mut face = face(1, 0.1, frame % 3 == 0);
        if !face.quality.usable {
            face.quality.reasons =
                vec![if frame % 3 == 1 { Reason::TurnedAway } else { Reason::TooDark }, Reason::SeveralFaces];
        }
        vec![if frame == 4 { FaceReading { face: 2, ..face } } else { face }]
    });
    let error = error(state);
    let expected = BaselineError::TooFewUsable { usable: 17, seen: 51, reason: Some(Reason::TooDark) };
    assert_eq!(error, expected, "16 times turned away, 17 times too dark, and a hint is no reason");
    let sentence = error.to_string();
    assert!(
        sentence.starts_with("Only 17 of 51 readings") && sentence.contains("Turn on a light"),
        "{sentence}"
    );
}

#[test]
fn a_slow_camera_is_waited_for() {
    let still = |_| vec![face(1, 0.1, true)];
    let (frame, state) = run_with(Collector::new(1), 1000.0, still);
    assert!(matches!(&state, Collected::Done(baseline) if baseline.samples == 10), "{state:?}");
    assert_eq!(frame, 9, "a picture a second: ten of them");
    let (_, state) = run_with(Collector::new(1), 4000.0, still);
    let error = error(state);
    assert_eq!(error, BaselineError::TooFewFrames { seen: 6, seconds: 20 });
    assert!(error.to_string().starts_with("The camera gave only 6 pictures in 20 seconds"), "{error}");
}

#[test]
fn a_lost_or_changed_face_ends_the_calibration() {
    let (frame, state) = run(|frame| vec![face(if frame < 20 { 1 } else { 2 }, 0.1, true)]);
    assert_eq!((frame, error(state)), (30, BaselineError::FaceLost));
    // A blink of the tracker does not.
    let (_, state) = run(|frame| if frame == 20 { vec![] } else { vec![face(1, 0.1, true)] });
    assert!(matches!(state, Collected::Done(_)));
}

#[test]
fn a_wall_that_is_read_as_a_face_is_no_neutral_face() {
    let of_quality = |value: f32| {
        run(move |_| {
            let mut face = face(1, 0.1, true);
            face.quality = Quality { value, reasons: vec![Reason::Uncertain], usable: true };
            vec![face]
        })
        .1
    };
    let refused = error(of_quality(0.67));
    assert_eq!(refused, BaselineError::LowQuality { reason: Some(Reason::Uncertain) });
    assert!(refused.to_string().contains("Uncover it."), "{refused}");
    assert!(matches!(of_quality(0.76), Collected::Done(_)));
}

#[test]
fn several_people_under_one_number_are_refused() {
    // One of them sits elsewhere.
    let (frame, state) = run(|frame| {
        let mut face = face(1, 0.1, true);
        face.box_px.x += if frame < 20 { 0.0 } else { 120.0 };
        vec![face]
    });
    assert_eq!((frame, error(state)), (20, BaselineError::Moved));
    // One of them sits farther away.
    let (_, state) = run(|frame| {
        let mut face = face(1, 0.1, true);
        let side = if frame < 20 { 200.0 } else { 90.0 };
        face.box_px = Rect::new(320.0 - side / 2.0, 200.0 - side / 2.0, side, side);
        vec![face]
    });
    assert_eq!(error(state), BaselineError::Moved);
    // One passes behind the other, where the number may have gone over.
    let (frame, state) = run(|frame| {
        let mut other = face(2, 0.1, true);
        other.box_px.x = 440.0 - 5.0 * frame as f32;
        vec![face(1, 0.1, true), other]
    });
    assert_eq!(error(state), BaselineError::OtherFace);
    assert!(frame > 4, "only where they overlap: {frame}");
    // They change at the same place: the depths jump.
    let (_, state) = run(|frame| {
        let mut face = face(1, 0.0, true);
        face.raw.surprise = if frame % 20 < 10 { 0.0 } else { 0.7 };
        vec![face]
    });
    assert_eq!(error(state), BaselineError::Unsteady { emotion: Emotion::Surprise });
}

#[test]
fn a_face_that_sways_is_still_one() {
    let (_, state) = run(|frame| {
        let mut face = face(1, 0.1, true);
        face.box_px.x += 40.0 * (frame as f32 * 0.7).sin();
        face.box_px.width += 20.0 * (frame as f32 * 0.3).sin();
        vec![face]
    });
    assert!(matches!(state, Collected::Done(_)), "{state:?}");
}

#[test]
fn where_neutral_is_not_the_largest_it_is_asked_for_again_and_then_taken_as_doubtful() {
    let sad = |_| vec![face(1, 0.6, true)];
    let (_, state) = run(sad);
    let error = error(state);
    assert_eq!(error, BaselineError::NotNeutral { largest: Emotion::Sad });
    assert!(error.to_string().contains("the second time it is taken"), "{error}");
    let (_, state) = run_with(Collector::again(1), 100.0, sad);
    let Collected::Done(baseline) = state else { panic!("{state:?}") };
    assert!(baseline.doubtful && baseline.samples == 51);
    // A second time that is neutral is as good as a first one.
    let (_, state) = run_with(Collector::again(1), 100.0, |_| vec![face(1, 0.1, true)]);
    assert!(matches!(state, Collected::Done(Baseline { doubtful: false, .. })));
}

#[test]
fn corrected_depths_are_differences() {
    let neutral = Depths { sad: 0.3, neutral: 0.6, ..Depths::default() };
    let baseline = Baseline { face: 1, neutral, samples: 50, doubtful: false };
    let corrected = baseline.correct(&Depths { happy: 0.5, sad: 0.1, neutral: 0.6, ..Depths::default() });
    assert_eq!(corrected.happy, 0.5);
    assert!((corrected.sad + 0.2).abs() < 1e-6);
    assert_eq!(corrected.neutral, 0.0);
}

#[test]
fn a_baseline_of_an_older_file_is_not_known_to_be_doubtful() {
    let json = serde_json::json!({"face": 1, "neutral": Depths::default(), "samples": 48});
    let baseline: Baseline = serde_json::from_value(json).unwrap();
    assert!(!baseline.doubtful);
}
