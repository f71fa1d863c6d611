//! A study that was done from begin to end, with a face that changes: for the tests of several modules.

use crate::draw::Draw;
use crate::file::{self, Study};
use crate::link::Participant;
use crate::result::{
    Camera, Circumstances, Columns, DeviceClass, LoggedEvent, Models, Reading, ResultFile, build,
};
use crate::session::{Answer, AnswerValue, Event, Outcome, Session, Stage};

pub const SESSION: [u8; 10] = [7, 1, 2, 3, 5, 8, 13, 21, 34, 55];

pub fn example() -> Study {
    file::parse(include_str!("../../../public/studies/example/study.json")).expect("right")
}

pub fn full() -> Study {
    file::parse(include_str!("../tests/files/full-study.json")).expect("right")
}

pub fn participant() -> Participant {
    Participant { id: Some("P017".to_owned()), group: None, row: Some(3), carried: Vec::new() }
}

pub fn session(study: &Study) -> Session<'_> {
    Session::open(study, &crate::code::session_id(SESSION), participant())
}

pub fn apply(session: &mut Session<'_>, events: impl IntoIterator<Item = Event>) {
    for event in events {
        let stage = session.stage().clone();
        session.apply(event.clone()).unwrap_or_else(|error| panic!("{event:?} in {stage:?}: {error}"));
    }
}

pub fn consented() -> Event {
    Event::Consented { minute: "2026-01-31T12:03Z".to_owned() }
}

pub fn baseline() -> Event {
    Event::BaselineTaken { raw: [300, 100, 200, 500, 900, 400, 7_000], samples: 48 }
}

pub fn answer(question: &str, value: AnswerValue) -> Answer {
    Answer { question: question.to_owned(), value }
}

/// From the begin to the first stimulus, in a study without screening.
pub fn to_first_stimulus(session: &mut Session<'_>) {
    apply(session, [Event::NoticeRead, consented(), Event::Loaded, Event::ChecksPassed, baseline()]);
}

/// The answers to the example's questions.
pub fn example_answers() -> Event {
    let answers = vec![
        answer("liked", AnswerValue::Text("video".to_owned())),
        answer("pleasant", AnswerValue::Number(4)),
        answer("remark", AnswerValue::Text("Schön, ein Ball.".to_owned())),
    ];
    Event::Answered { answers }
}

/// A face: seven shares that wander, with the noise of a camera.
pub struct Face {
    draw: Draw,
    state: [f32; 7],
}

impl Face {
    pub fn new(label: &str) -> Self {
        Self { draw: Draw::new(label), state: [0.03, 0.01, 0.02, 0.15, 0.1, 0.04, 0.6] }
    }

    /// Between -1 and 1, near a normal distribution of a third.
    fn noise(&mut self) -> f32 {
        let sum: u64 = (0..4).map(|_| self.draw.below(2_001)).sum();
        (sum as f32 - 4_000.0) / 4_000.0
    }

    pub fn next(&mut self) -> [f32; 7] {
        for index in 0..7 {
            let step = self.noise() * 0.02;
            self.state[index] = (self.state[index] + step).clamp(0.005, 0.95);
        }
        let sum: f32 = self.state.iter().sum::<f32>().max(1.0);
        // Noise is largest in the middle of the range, as with every share.
        std::array::from_fn(|index| {
            let share = self.state[index] / sum;
            (share + self.noise() * 0.05 * (share * (1.0 - share)).sqrt()).clamp(0.0, 1.0)
        })
    }
}

/// Readings of one exposure, `rate` a second, with a rest of a second before it.
pub fn readings(
    columns: &mut Columns,
    face: &mut Face,
    exposure: u16,
    started_ms: u32,
    media_ms: u32,
    rate: u32,
) {
    let step = 1_000.0 / rate as f32;
    let count = ((media_ms + 1_000) as f32 / step) as u32;
    for index in 0..count {
        let jitter = face.draw.below(9) as u32;
        let offset = (index as f32 * step) as u32 + jitter;
        let turned = face.noise() * 8.0;
        let raw = face.next();
        columns.push(&Reading {
            time_ms: started_ms + offset,
            media_ms: offset as i32 - 1_000,
            exposure,
            quality: 0.9 + 0.1 * face.noise().abs(),
            reasons: 0,
            face: Some((turned, raw)),
            inputs: &[],
        });
    }
}

pub fn circumstances(outcome: Outcome) -> Circumstances {
    Circumstances {
        study_sha256: "ab".repeat(32),
        outcome,
        preview: false,
        device: DeviceClass::Computer,
        camera: Camera { width: 640, height: 480, fps: 30 },
        models: Models {
            detector_sha256: "01".repeat(32),
            classifier_sha256: "23".repeat(32),
            mapping: "mixture".to_owned(),
        },
        app_version: "0.1.0".to_owned(),
    }
}

/// The example study, done to the review; its readings.
pub fn done(study: &Study) -> (Session<'_>, Columns) {
    let mut session = session(study);
    to_first_stimulus(&mut session);
    let (mut columns, mut face, mut time_ms) = (Columns::default(), Face::new("done"), 20_000);
    while *session.stage() == Stage::Ready {
        let duration =
            session.stimulus().and_then(|stimulus| stimulus.media.duration_ms()).expect("measured");
        let exposure = session.exposures().len() as u16;
        readings(&mut columns, &mut face, exposure, time_ms, duration, study.sample_rate_hz);
        apply(
            &mut session,
            [
                Event::Started { time_ms: time_ms + 1_000 },
                Event::Finished { time_ms: time_ms + 1_000 + duration, media_ms: duration },
            ],
        );
        time_ms += duration + 3_000;
    }
    (session, columns)
}

/// The example study's result.
pub fn result() -> ResultFile {
    let study = example();
    let (mut session, columns) = done(&study);
    apply(&mut session, [example_answers(), Event::Reviewed]);
    let events = vec![LoggedEvent {
        time_ms: 23_000,
        exposure: Some(0),
        media_ms: Some(2_000),
        kind: crate::result::EventKind::SecondFace,
    }];
    build(&session, columns, events, circumstances(Outcome::Complete)).expect("there is one")
}
