//! From readings to what is kept: at the asked rate, in the participant's own clock, with the reasons as bits.

use emotion_core::emotion::Emotion;
use emotion_core::reading::{FaceReading, Reason};
use emotion_study::result::{Columns, NO_FACE, NO_FRAME, OTHER_FACE, Reading, reason_mask};

use crate::view::study::participant::Presence;

/// Keeps at most so many readings a second, evenly.
#[derive(Debug, Clone)]
pub struct Rate {
    period_ms: f64,
    due_ms: f64,
}

impl Rate {
    /// `rate_hz`: readings a second, from 1.
    pub fn new(rate_hz: u32) -> Self {
        Self { period_ms: 1_000.0 / f64::from(rate_hz.max(1)), due_ms: f64::NEG_INFINITY }
    }

    /// Whether a reading of this time is kept; times rise.
    pub fn keeps(&mut self, time_ms: f64) -> bool {
        // A quarter of a period early is on time: else a camera of just this rate would lose every other frame.
        if time_ms < self.due_ms - self.period_ms / 4.0 {
            return false;
        }
        // On the beat, so that lateness does not add up; after a gap a new beat begins.
        self.due_ms = (self.due_ms + self.period_ms).max(time_ms + self.period_ms / 2.0);
        true
    }
}

/// The participant's clock: milliseconds since the consent, through reloads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SessionClock {
    /// Its zero on the page's clock.
    zero_ms: f64,
}

impl SessionClock {
    /// The consent was given at `now_ms` of the page's clock.
    pub fn begun(now_ms: f64) -> Self {
        Self { zero_ms: now_ms }
    }

    /// The page was opened again, and it is `now_ms` of its clock. `elapsed_ms`: since the consent by the clock on the wall, which
    /// may have been set; what comes now is in any case a second later than `last_ms`, the last that was kept.
    pub fn resumed(now_ms: f64, elapsed_ms: f64, last_ms: u32) -> Self {
        Self { zero_ms: now_ms - elapsed_ms.max(f64::from(last_ms) + 1_000.0) }
    }

    /// A time of the page's clock in milliseconds since the consent.
    pub fn since_consent(&self, page_ms: f64) -> u32 {
        libm::round(page_ms - self.zero_ms).clamp(0.0, f64::from(u32::MAX)) as u32
    }
}

/// Names of the mapping's inputs, in the order of [`inputs_of`].
const INPUTS: [&str; 14] = [
    "ferplus.angry",
    "ferplus.disgust",
    "ferplus.fear",
    "ferplus.happy",
    "ferplus.sad",
    "ferplus.surprise",
    "ferplus.neutral",
    "photo.angry",
    "photo.disgust",
    "photo.fear",
    "photo.happy",
    "photo.sad",
    "photo.surprise",
    "photo.neutral",
];

/// Empty columns of a session.
pub fn columns() -> Columns {
    Columns::with_inputs(&INPUTS)
}

/// What each rating study's viewers would say: from this THE depth was mixed, and could be mixed anew.
fn inputs_of(face: &FaceReading) -> [(&'static str, f32); 14] {
    let values = [face.studies.ferplus.to_array(), face.studies.photo.to_array()].concat();
    std::array::from_fn(|at| (INPUTS[at], values.get(at).copied().unwrap_or_default()))
}

/// When and where in the session a reading was taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// Milliseconds since the consent.
    pub time_ms: u32,
    /// Milliseconds of the stimulus; negative in the rest before it.
    pub media_ms: i32,
    /// Index of the exposure.
    pub exposure: u16,
}

/// Keep a reading. Times that do not rise are left out: one clock, no disorder. Of faces that are not the participant's nothing is
/// kept but that they were there.
pub fn keep(columns: &mut Columns, moment: Moment, presence: Presence<'_>) {
    let before = columns.time_ms.last().copied();
    if before.is_some_and(|before| moment.time_ms <= before) {
        return;
    }
    let same = columns.exposure.last() == Some(&moment.exposure);
    let media_ms = match columns.media_ms.last() {
        Some(before) if same => moment.media_ms.max(*before),
        _ => moment.media_ms,
    };
    let absent = |reasons: u32| Reading {
        time_ms: moment.time_ms,
        media_ms,
        exposure: moment.exposure,
        quality: 0.0,
        reasons,
        face: None,
        inputs: &[],
    };
    match presence {
        Presence::Nobody => columns.push(&absent(NO_FACE)),
        Presence::Other => columns.push(&absent(OTHER_FACE)),
        Presence::Here { face, others } => {
            let mut reasons: Vec<&str> = face.quality.reasons.iter().map(|reason| reason.code()).collect();
            if others && !face.quality.reasons.contains(&Reason::SeveralFaces) {
                reasons.push(Reason::SeveralFaces.code());
            }
            let inputs = inputs_of(face);
            columns.push(&Reading {
                quality: face.quality.value,
                reasons: reason_mask(reasons),
                face: Some((face.pose.yaw, Emotion::ALL.map(|emotion| face.raw.get(emotion)))),
                inputs: &inputs,
                ..absent(0)
            });
        }
    }
}

/// Keep a moment without a frame.
pub fn keep_no_frame(columns: &mut Columns, moment: Moment) {
    let before = columns.len();
    keep(columns, moment, Presence::Nobody);
    if columns.len() > before
        && let Some(reasons) = columns.reasons.last_mut()
    {
        *reasons = NO_FRAME;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use emotion_core::emotion::Depths;
    use emotion_core::reading::Quality;

    fn kept(rate_hz: u32, every_ms: f64, count: u32) -> u32 {
        let mut rate = Rate::new(rate_hz);
        (0..count).filter(|at| rate.keeps(f64::from(*at) * every_ms)).count() as u32
    }

    #[test]
    fn so_many_readings_a_second_are_kept_as_asked() {
        // Ten seconds of cameras of 30, 15, 12 and 10 frames a second.
        assert!((99..=103).contains(&kept(10, 1_000.0 / 30.0, 300)), "{}", kept(10, 1_000.0 / 30.0, 300));
        assert!((80..=101).contains(&kept(10, 1_000.0 / 15.0, 150)), "{}", kept(10, 1_000.0 / 15.0, 150));
        assert!((80..=120).contains(&kept(10, 1_000.0 / 12.0, 120)), "{}", kept(10, 1_000.0 / 12.0, 120));
        assert_eq!(kept(10, 100.0, 100), 100, "a camera of just this rate loses none");
        assert_eq!(kept(10, 250.0, 40), 40, "a slow one neither");
    }

    #[test]
    fn the_clock_goes_on_through_a_reload_and_never_back() {
        let clock = SessionClock::begun(500.0);
        assert_eq!(clock.since_consent(1_500.4), 1_000);
        assert_eq!(clock.since_consent(0.0), 0);
        let later = SessionClock::resumed(20.0, 60_000.0, 1_000);
        assert_eq!(later.since_consent(20.0), 60_000);
        let set_back = SessionClock::resumed(20.0, -5_000.0, 30_000);
        assert_eq!(set_back.since_consent(20.0), 31_000);
    }

    fn face(happy: f32) -> FaceReading {
        FaceReading {
            face: 1,
            box_px: emotion_core::geometry::Rect { x: 0.0, y: 0.0, width: 9.0, height: 9.0 },
            points_px: Default::default(),
            score: 0.9,
            pose: Default::default(),
            quality: Quality { value: 0.8, reasons: vec![Reason::TooDark], usable: true },
            raw: Depths { happy, ..Depths::default() },
            studies: Default::default(),
            likeness: None,
            own: None,
        }
    }

    #[test]
    fn a_reading_becomes_columns_and_disorder_is_left_out() {
        let mut columns = columns();
        let moment = |time_ms, media_ms| Moment { time_ms, media_ms, exposure: 0 };
        let smile = face(0.75);
        keep(&mut columns, moment(50, -70), Presence::Nobody);
        keep(&mut columns, moment(100, -20), Presence::Here { face: &smile, others: true });
        keep(&mut columns, moment(100, 0), Presence::Nobody);
        keep(&mut columns, moment(200, 80), Presence::Other);
        keep(&mut columns, moment(300, 60), Presence::Nobody);
        keep_no_frame(&mut columns, moment(400, 60));
        assert_eq!(columns.time_ms, [50, 100, 200, 300, 400], "the same time twice is left out");
        assert_eq!(columns.media_ms, [-70, -20, 80, 80, 80], "the stimulus does not run backwards");
        assert_eq!(
            columns.reasons,
            [NO_FACE, reason_mask(["too_dark", "several_faces"]), OTHER_FACE, NO_FACE, NO_FRAME]
        );
        assert_eq!(columns.raw[3][1], 7_500, "happy");
        assert!(columns.raw_at(2).is_none() && !columns.is_usable(2), "nothing of another face is kept");
        assert_eq!(columns.inputs.len(), 14, "though the first reading has no face");
        assert_eq!(columns.inputs["photo.happy"], [i16::MIN, 0, i16::MIN, i16::MIN, i16::MIN]);
        assert!(columns.is_even());
    }
}
