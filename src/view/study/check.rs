//! The camera check: whether the last three seconds were good enough, and what to do where they were not.

use std::collections::VecDeque;

use emotion_core::reading::{FrameReading, Reason};
use emotion_study::words::{Phrase, camera};

use crate::view::choice::Seen;

/// What the check looks back at, in milliseconds.
const WINDOW_MS: f64 = 3_000.0;
/// So much of the window must have been seen before anything is called good, in milliseconds.
const LEAST_MS: f64 = 1_500.0;
/// Of the window's frames so many must be good, in percent.
const GOOD_PERCENT: usize = 80;
/// A fault is told where so many of the window's frames have it, in percent.
const TOLD_PERCENT: usize = 40;
/// A face this far from the picture's middle (0) towards its edge (1) is not in the middle.
const OFF_CENTRE: f32 = 0.6;
/// A face that fills less of the picture's area than this is too small: a twelfth of the width and height of a face before a laptop.
const LEAST_AREA: f32 = 0.012;
/// A picture without a face that has been equal to the last bit for so long, in milliseconds, is none: covered, or taken by another program.
const BLACK_MS: f64 = 1_500.0;
/// Without a reading for so long, in milliseconds, the camera gives no frames.
const SILENT_MS: f64 = 2_500.0;

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Advice {
    Black,
    NoFace,
    SeveralFaces,
    TooDark,
    TooBright,
    LowContrast,
    Blurred,
    TurnedAway,
    TooFar,
    Centre,
    Covered,
    /// Too few frames a second.
    Slow,
}

/// All advice, the most urgent first.
const ALL: [Advice; 12] = [
    Advice::Black,
    Advice::NoFace,
    Advice::SeveralFaces,
    Advice::TooDark,
    Advice::TooBright,
    Advice::LowContrast,
    Advice::Blurred,
    Advice::TurnedAway,
    Advice::TooFar,
    Advice::Centre,
    Advice::Covered,
    Advice::Slow,
];

impl Advice {
    pub fn phrase(self) -> &'static Phrase {
        match self {
            Advice::Black => &camera::ADVICE_BLACK,
            Advice::NoFace => &camera::ADVICE_NO_FACE,
            Advice::SeveralFaces => &camera::ADVICE_SEVERAL,
            Advice::TooDark => &camera::ADVICE_DARK,
            Advice::TooBright => &camera::ADVICE_BRIGHT,
            Advice::LowContrast => &camera::ADVICE_CONTRAST,
            Advice::Blurred => &camera::ADVICE_BLURRED,
            Advice::TurnedAway => &camera::ADVICE_TURNED,
            Advice::TooFar => &camera::ADVICE_FAR,
            Advice::Centre => &camera::ADVICE_CENTRE,
            Advice::Covered => &camera::ADVICE_COVERED,
            Advice::Slow => &camera::ADVICE_SLOW,
        }
    }

    fn of_reason(reason: Reason) -> Option<Self> {
        Some(match reason {
            Reason::NoFace => Advice::NoFace,
            Reason::TooDark => Advice::TooDark,
            Reason::TooBright => Advice::TooBright,
            Reason::LowContrast => Advice::LowContrast,
            Reason::Blurred => Advice::Blurred,
            Reason::TurnedAway => Advice::TurnedAway,
            Reason::TooFar => Advice::TooFar,
            Reason::CutOff => Advice::Centre,
            Reason::SeveralFaces => Advice::SeveralFaces,
            Reason::Covered | Reason::Uncertain => Advice::Covered,
            Reason::NoFrame => Advice::Black,
            Reason::UpsideDown | Reason::Unchanged => return None,
        })
    }
}

/// How the check stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// What to do, the most urgent first; empty while nothing is known yet.
    pub advice: Vec<Advice>,
    /// Frames that were read in the last second, on average.
    pub fps: u32,
    /// The participant may go on.
    pub good: bool,
}

struct Look {
    time_ms: f64,
    good: bool,
    /// A bit for each of [`ALL`].
    faults: u16,
}

/// Looks at the camera's last three seconds.
pub struct Check {
    min_fps: u32,
    min_quality: f64,
    began_ms: f64,
    newest_ms: f64,
    looks: VecDeque<Look>,
}

impl Check {
    /// A check that begins at `now_ms`, on the clock of the readings. `min_fps` and `min_quality` are the study's.
    pub fn new(min_fps: u32, min_quality: f64, now_ms: f64) -> Self {
        Self { min_fps, min_quality, began_ms: now_ms, newest_ms: now_ms, looks: VecDeque::new() }
    }

    /// Take a reading, in the order of capture.
    pub fn take(&mut self, reading: &FrameReading) {
        let mut faults = 0;
        let mut note = |advice: Advice| {
            faults |= ALL.iter().position(|known| *known == advice).map_or(0, |bit| 1 << bit);
        };
        let quality = match reading.faces.as_slice() {
            [] if reading.unchanged_ms >= BLACK_MS => {
                note(Advice::Black);
                0.0
            }
            [] => {
                note(Advice::NoFace);
                0.0
            }
            [face, rest @ ..] => {
                face.quality
                    .reasons
                    .iter()
                    .filter_map(|reason| Advice::of_reason(*reason))
                    .for_each(&mut note);
                if !rest.is_empty() {
                    note(Advice::SeveralFaces);
                }
                let seen = Seen::of(face, reading);
                if seen.off_centre > OFF_CENTRE {
                    note(Advice::Centre);
                }
                if seen.area < LEAST_AREA {
                    note(Advice::TooFar);
                }
                f64::from(face.quality.value)
            }
        };
        let blocking = faults
            & !ALL.iter().enumerate().fold(0, |bits, (bit, advice)| {
                // What only lowers the quality does so by its number; these do not.
                let lowers = !matches!(
                    advice,
                    Advice::SeveralFaces | Advice::Centre | Advice::TooFar | Advice::NoFace | Advice::Black
                );
                bits | (u16::from(lowers) << bit)
            });
        let good = blocking == 0 && !reading.faces.is_empty() && quality >= self.min_quality;
        self.newest_ms = self.newest_ms.max(reading.time_ms);
        self.looks.push_back(Look { time_ms: reading.time_ms, good, faults });
        while self.looks.front().is_some_and(|look| look.time_ms < self.newest_ms - WINDOW_MS) {
            self.looks.pop_front();
        }
    }

    /// How it stands at `now_ms`; no frame need have come.
    pub fn standing(&self, now_ms: f64) -> Standing {
        if now_ms - self.newest_ms > SILENT_MS {
            return Standing { advice: vec![Advice::Black], fps: 0, good: false };
        }
        let count = self.looks.len();
        let span_ms = self.looks.front().map_or(0.0, |first| self.newest_ms - first.time_ms);
        let fps = if count > 1 && span_ms > 0.0 {
            libm::round((count - 1) as f64 * 1_000.0 / span_ms) as u32
        } else {
            0
        };
        let enough = self.newest_ms - self.began_ms >= LEAST_MS && span_ms >= LEAST_MS;
        let share = |part: usize| (part * 100).checked_div(count).unwrap_or(0);
        let with = |bit: usize| self.looks.iter().filter(|look| look.faults >> bit & 1 == 1).count();
        let mut advice: Vec<Advice> = ALL
            .iter()
            .enumerate()
            .filter(|(bit, _)| count > 0 && share(with(*bit)) >= TOLD_PERCENT)
            .map(|(_, advice)| *advice)
            .collect();
        let slow = enough && fps < self.min_fps;
        if slow {
            advice.push(Advice::Slow);
        }
        let good_looks = self.looks.iter().filter(|look| look.good).count();
        Standing { good: enough && !slow && share(good_looks) >= GOOD_PERCENT, advice, fps }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use emotion_core::geometry::Rect;
    use emotion_core::reading::{FaceReading, Quality};

    fn face(id: u32, x: f32, value: f32, reasons: &[Reason]) -> FaceReading {
        FaceReading {
            face: id,
            box_px: Rect { x, y: 140.0, width: 160.0, height: 200.0 },
            points_px: Default::default(),
            score: 0.9,
            pose: Default::default(),
            quality: Quality { value, reasons: reasons.to_vec(), usable: value >= 0.5 },
            raw: Default::default(),
            studies: Default::default(),
            likeness: None,
            own: None,
        }
    }

    fn reading(time_ms: f64, faces: Vec<FaceReading>) -> FrameReading {
        FrameReading {
            time_ms,
            width: 640,
            height: 480,
            faces,
            stages: Default::default(),
            unchanged_ms: 0.0,
        }
    }

    /// More than two seconds of the same picture.
    fn after(faces: impl Fn() -> Vec<FaceReading>, step_ms: u32) -> Standing {
        let mut check = Check::new(8, 0.5, 0.0);
        for time_ms in (0..=2_400).step_by(step_ms as usize) {
            check.take(&reading(f64::from(time_ms), faces()));
        }
        check.standing(2_410.0)
    }

    #[test]
    fn a_good_face_in_the_middle_is_good() {
        let standing = after(|| vec![face(1, 240.0, 0.9, &[])], 100);
        assert_eq!(standing, Standing { advice: vec![], fps: 10, good: true });
    }

    #[test]
    fn nothing_is_good_before_it_was_seen_for_a_while() {
        let mut check = Check::new(8, 0.5, 0.0);
        for time_ms in [0.0, 100.0, 200.0] {
            check.take(&reading(time_ms, vec![face(1, 240.0, 0.9, &[])]));
        }
        assert!(!check.standing(210.0).good);
    }

    #[test]
    fn each_fault_is_told_and_keeps_from_going_on() {
        let cases: [(&str, Vec<FaceReading>, Advice); 6] = [
            ("nobody", vec![], Advice::NoFace),
            ("two", vec![face(1, 240.0, 0.9, &[]), face(2, 20.0, 0.9, &[])], Advice::SeveralFaces),
            ("dark", vec![face(1, 240.0, 0.3, &[Reason::TooDark])], Advice::TooDark),
            ("at the edge", vec![face(1, 470.0, 0.9, &[])], Advice::Centre),
            ("turned", vec![face(1, 240.0, 0.4, &[Reason::TurnedAway])], Advice::TurnedAway),
            (
                "small",
                vec![FaceReading {
                    box_px: Rect { x: 300.0, y: 220.0, width: 40.0, height: 50.0 },
                    ..face(1, 0.0, 0.9, &[])
                }],
                Advice::TooFar,
            ),
        ];
        for (name, faces, advice) in cases {
            let standing = after(|| faces.clone(), 100);
            assert_eq!(standing.advice.first(), Some(&advice), "{name}");
            assert!(!standing.good, "{name}");
        }
    }

    #[test]
    fn what_is_named_but_readable_may_pass() {
        let standing = after(|| vec![face(1, 240.0, 0.7, &[Reason::TooDark])], 100);
        assert_eq!(standing.advice, [Advice::TooDark]);
        assert!(standing.good);
    }

    #[test]
    fn few_frames_and_none_are_told() {
        let standing = after(|| vec![face(1, 240.0, 0.9, &[])], 200);
        assert_eq!((standing.fps, standing.good), (5, false));
        assert_eq!(standing.advice, [Advice::Slow]);
        let silent = Check::new(8, 0.5, 0.0);
        assert_eq!(silent.standing(2_600.0).advice, [Advice::Black], "no frame need come");
        let mut black = Check::new(8, 0.5, 0.0);
        for time_ms in (0..=2_400).step_by(100) {
            let time_ms = f64::from(time_ms);
            black.take(&FrameReading { unchanged_ms: time_ms, ..reading(time_ms, vec![]) });
        }
        assert!(black.standing(2_410.0).advice.contains(&Advice::Black));
    }
}
