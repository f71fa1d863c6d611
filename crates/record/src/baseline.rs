//! The personal neutral: what the engine reads from one person's face at rest.
//!
//! Faces at rest differ: many are read a little sad or angry. The person looks neutral for some seconds, the mean of the
//! usable raw depths is kept, and later depths are shown beside their difference to it.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use emotion_core::emotion::Depths;
use emotion_core::reading::FrameReading;

/// How long a neutral face is watched, in milliseconds.
pub const DURATION_MS: f64 = 5000.0;

/// At least this many usable readings make a baseline. A device that manages three frames a second gives 15 in
/// five seconds; with 10, noise of 0.1 from frame to frame leaves 0.03 in the mean.
pub const MIN_SAMPLES: u32 = 10;

/// If the face is missing for longer than this, the calibration ends, in milliseconds.
pub const LOST_MS: f64 = 1000.0;

/// The personal neutral of one face.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// The track's id; a face that was lost and found again has another one and needs its own baseline.
    pub face: u32,
    /// Mean raw depths of the neutral face, each 0..1.
    pub neutral: Depths,
    /// How many readings the mean was taken over.
    pub samples: u32,
}

impl Baseline {
    /// The depths minus the personal neutral, each -1..1: 0.2 happy means that two viewers in ten more than for
    /// this face at rest would say happy.
    pub fn correct(&self, depths: &Depths) -> Depths {
        depths.zip(self.neutral, |depth, neutral| (depth - neutral).clamp(-1.0, 1.0))
    }
}

/// Why no baseline came of a calibration; the message tells the person what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BaselineError {
    #[error(
        "Only {usable} of {seen} readings were good enough for a neutral face; {MIN_SAMPLES}, and at least half, are needed. Improve the light, look into the camera, and calibrate again."
    )]
    TooFewUsable { usable: u32, seen: u32 },
    #[error("The face was lost during the calibration. Stay in the picture and calibrate again.")]
    FaceLost,
}

/// Where a calibration stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Collected {
    /// `share` of the time is over, 0..1.
    Collecting {
        share: f32,
    },
    Done(Baseline),
    Failed(BaselineError),
}

/// Collects the readings of one face until its [`Baseline`] stands.
#[derive(Debug, Clone)]
pub struct Collector {
    face: u32,
    /// Capture times of the first frame and of the last one with the face.
    begin_ms: Option<f64>,
    last_seen_ms: f64,
    sums: [f64; 7],
    seen: u32,
    usable: u32,
}

impl Collector {
    /// Watch the face with this id from the next reading on.
    pub fn new(face: u32) -> Self {
        Self { face, begin_ms: None, last_seen_ms: 0.0, sums: [0.0; 7], seen: 0, usable: 0 }
    }

    /// Take one reading. Frames without the face count as unusable; readings from before the first are left out.
    /// After `Done` or `Failed` the collector has served its purpose: drop it.
    pub fn add(&mut self, reading: &FrameReading) -> Collected {
        let begin_ms = *self.begin_ms.get_or_insert_with(|| {
            self.last_seen_ms = reading.time_ms;
            reading.time_ms
        });
        let elapsed_ms = reading.time_ms - begin_ms;
        if elapsed_ms >= 0.0 {
            self.seen += 1;
            match reading.faces.iter().find(|face| face.face == self.face) {
                Some(face) => {
                    self.last_seen_ms = reading.time_ms;
                    if face.quality.usable {
                        self.usable += 1;
                        for (sum, depth) in self.sums.iter_mut().zip(face.raw.to_array()) {
                            *sum += f64::from(depth);
                        }
                    }
                }
                None if reading.time_ms - self.last_seen_ms > LOST_MS => {
                    return Collected::Failed(BaselineError::FaceLost);
                }
                None => {}
            }
        }
        if elapsed_ms < DURATION_MS {
            return Collected::Collecting { share: (elapsed_ms / DURATION_MS).clamp(0.0, 1.0) as f32 };
        }
        if self.usable < MIN_SAMPLES || self.usable * 2 < self.seen {
            return Collected::Failed(BaselineError::TooFewUsable { usable: self.usable, seen: self.seen });
        }
        let neutral = Depths::from_array(self.sums.map(|sum| (sum / f64::from(self.usable)) as f32));
        Collected::Done(Baseline { face: self.face, neutral, samples: self.usable })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use emotion_core::reading::{FaceReading, Quality};

    fn reading(time_ms: f64, faces: &[(u32, f32, bool)]) -> FrameReading {
        let faces = faces.iter().map(|(face, sad, usable)| FaceReading {
            face: *face,
            box_px: Default::default(),
            points_px: Default::default(),
            score: 0.9,
            pose: Default::default(),
            quality: Quality { value: 1.0, reasons: vec![], usable: *usable },
            raw: Depths { sad: *sad, neutral: 0.5, ..Depths::default() },
            studies: Default::default(),
        });
        FrameReading {
            time_ms,
            width: 640,
            height: 480,
            faces: faces.collect(),
            stages: Default::default(),
            unchanged_ms: 0.0,
        }
    }

    /// Feed readings every 100 ms until the collector ends.
    fn run(mut face: impl FnMut(u32) -> Vec<(u32, f32, bool)>) -> (u32, Collected) {
        let mut collector = Collector::new(1);
        for frame in 0..100 {
            let state = collector.add(&reading(7000.0 + 100.0 * f64::from(frame), &face(frame)));
            if !matches!(state, Collected::Collecting { .. }) {
                return (frame, state);
            }
        }
        panic!("the calibration does not end");
    }

    #[test]
    fn five_seconds_of_usable_readings_make_their_mean() {
        // Frames 0..=50; the unusable ones and the other face are left out.
        let (frame, state) = run(|frame| {
            let usable = frame % 5 != 0;
            vec![
                (
                    1,
                    if !usable {
                        0.9
                    } else if frame % 2 == 0 {
                        0.1
                    } else {
                        0.3
                    },
                    usable,
                ),
                (2, 0.8, true),
            ]
        });
        assert_eq!(frame, 50);
        let Collected::Done(baseline) = state else { panic!("{state:?}") };
        assert_eq!((baseline.face, baseline.samples), (1, 40));
        assert!((baseline.neutral.sad - 0.2).abs() < 1e-6);
        assert_eq!(baseline.neutral.neutral, 0.5);
    }

    #[test]
    fn progress_is_the_share_of_the_time() {
        let mut collector = Collector::new(1);
        assert_eq!(collector.add(&reading(100.0, &[(1, 0.0, true)])), Collected::Collecting { share: 0.0 });
        assert_eq!(collector.add(&reading(1350.0, &[(1, 0.0, true)])), Collected::Collecting { share: 0.25 });
        assert_eq!(collector.add(&reading(50.0, &[(1, 0.0, true)])), Collected::Collecting { share: 0.0 });
    }

    #[test]
    fn too_few_usable_readings_are_said_with_their_number() {
        let (_, state) = run(|frame| vec![(1, 0.1, frame % 3 == 0)]);
        assert_eq!(state, Collected::Failed(BaselineError::TooFewUsable { usable: 17, seen: 51 }));
        let mut collector = Collector::new(1);
        collector.add(&reading(0.0, &[(1, 0.1, true)]));
        let state = collector.add(&reading(5000.0, &[(1, 0.1, true)]));
        let Collected::Failed(error) = state else { panic!("{state:?}") };
        assert!(error.to_string().starts_with("Only 2 of 2 readings"), "{error}");
    }

    #[test]
    fn a_lost_or_changed_face_ends_the_calibration() {
        let (frame, state) =
            run(|frame| if frame < 20 { vec![(1, 0.1, true)] } else { vec![(2, 0.1, true)] });
        assert_eq!((frame, state), (30, Collected::Failed(BaselineError::FaceLost)));
        // A blink of the tracker does not.
        let (_, state) = run(|frame| if frame == 20 { vec![] } else { vec![(1, 0.1, true)] });
        assert!(matches!(state, Collected::Done(_)));
    }

    #[test]
    fn corrected_depths_are_differences() {
        let neutral = Depths { sad: 0.3, neutral: 0.6, ..Depths::default() };
        let baseline = Baseline { face: 1, neutral, samples: 50 };
        let corrected = baseline.correct(&Depths { happy: 0.5, sad: 0.1, neutral: 0.6, ..Depths::default() });
        assert_eq!(corrected.happy, 0.5);
        assert!((corrected.sad + 0.2).abs() < 1e-6);
        assert_eq!(corrected.neutral, 0.0);
    }
}
