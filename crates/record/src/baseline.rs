//! The personal neutral: what the engine reads from one person's face at rest.
//!
//! Faces at rest differ: many are read a little sad or angry. The person looks neutral for some seconds, the mean of the
//! usable raw depths is kept, and later depths are shown beside their difference to it.
//!
//! A mean over two people, over a face in motion or over a false find is nobody's neutral: such a calibration is
//! refused. Where viewers would name something else than neutral, it is asked for once more, because the person may
//! have smiled; the second time it is taken, because some faces do look sad at rest, and marked as doubtful for good.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use emotion_core::emotion::{Depths, Emotion};
use emotion_core::geometry::Rect;
use emotion_core::reading::{FaceReading, FrameReading, Reason};

/// How long a neutral face is watched, in milliseconds.
pub const DURATION_MS: f64 = 5000.0;

/// At least this many usable readings make a baseline. A device that manages three frames a second gives 15 in
/// five seconds; with 10, noise of 0.1 from frame to frame leaves 0.03 in the mean.
pub const MIN_SAMPLES: u32 = 10;

/// So long a slower camera is waited for until it has given [`MIN_SAMPLES`] frames, in milliseconds.
pub const LONGEST_MS: f64 = 20_000.0;

/// If the face is missing for longer than this, the calibration ends, in milliseconds.
pub const LOST_MS: f64 = 1000.0;

/// The mean quality of the usable readings must be this high, 0..1: below it a reading has a reason that is named, and
/// false finds on walls and shelves have about 0.67.
pub const MIN_QUALITY: f64 = 0.75;

/// The standard deviation of no emotion's raw depth may be larger. A still face has 0.03 typically and 0.07 for one in
/// ten (the noise in the model card); two people who are read 0.4 apart, half of the time each, have 0.2.
pub const MAX_DEVIATION: f64 = 0.15;

/// From one reading to the next the face's middle may move by this share of its width, or its width change by it.
const MAX_MOVE: f32 = 0.5;

/// Another face whose box overlaps by this share (intersection over union) may have taken the number for itself.
const MAX_OVERLAP: f32 = 0.05;

/// The personal neutral of one face.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// The track's id; a face that was lost and found again has another one and needs its own baseline.
    pub face: u32,
    /// Mean raw depths of the neutral face, each 0..1.
    pub neutral: Depths,
    /// How many readings the mean was taken over.
    pub samples: u32,
    /// Viewers would name something else than neutral, twice in a row: the face may not have been at rest. Files of
    /// versions 1 and 2 did not tell.
    #[serde(default)]
    pub doubtful: bool,
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
    /// `reason`: what was wrong most often.
    #[error(
        "Only {usable} of {seen} readings were good enough for a neutral face; {MIN_SAMPLES}, and at least half, are needed. {}Then calibrate again.", advice(*.reason)
    )]
    TooFewUsable { usable: u32, seen: u32, reason: Option<Reason> },
    #[error(
        "The camera gave only {seen} pictures in {seconds} seconds, and {MIN_SAMPLES} are needed. Close other programs, or choose another camera, and calibrate again."
    )]
    TooFewFrames { seen: u32, seconds: u32 },
    #[error("The quality of the picture is too low for a neutral face. {}Then calibrate again.", advice(*.reason))]
    LowQuality { reason: Option<Reason> },
    #[error("The face was lost during the calibration. Stay in the picture and calibrate again.")]
    FaceLost,
    #[error(
        "The face moved too far during the calibration, or another one came in its place. Sit still, and calibrate again."
    )]
    Moved,
    #[error(
        "Another face came before or behind this one during the calibration. Let nobody else be near, and calibrate again."
    )]
    OtherFace,
    #[error(
        "The expression changed too much during the calibration ({} most), or several people were read as one. Keep your face at rest, alone in the picture, and calibrate again.", .emotion.name()
    )]
    Unsteady { emotion: Emotion },
    #[error(
        "Viewers would call this face {}, not neutral. Relax your face and calibrate again. If it looks like this at rest, calibrate again, too: the second time it is taken.", .largest.name()
    )]
    NotNeutral { largest: Emotion },
}

/// What to do about the reason, with a space behind it.
fn advice(reason: Option<Reason>) -> String {
    let words = reason.map_or("Improve the light, and look into the camera.", Reason::words);
    format!("{words} ")
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
    /// It was asked for again because neutral was not the largest: what comes now is taken.
    repeated: bool,
    /// Capture times of the first frame and of the last one with the face.
    begin_ms: Option<f64>,
    last_seen_ms: f64,
    last_box: Option<Rect>,
    sums: [f64; 7],
    squares: [f64; 7],
    quality: f64,
    seen: u32,
    usable: u32,
    /// How often each reason was named, in the order of [`Reason::ALL`].
    reasons: [u32; Reason::ALL.len()],
}

impl Collector {
    /// Watch the face with this id from the next reading on.
    pub fn new(face: u32) -> Self {
        Self {
            face,
            repeated: false,
            begin_ms: None,
            last_seen_ms: 0.0,
            last_box: None,
            sums: [0.0; 7],
            squares: [0.0; 7],
            quality: 0.0,
            seen: 0,
            usable: 0,
            reasons: [0; Reason::ALL.len()],
        }
    }

    /// The same after [`BaselineError::NotNeutral`]: a neutral face that is none is taken and marked as doubtful.
    pub fn again(face: u32) -> Self {
        Self { repeated: true, ..Self::new(face) }
    }

    /// The face that is watched.
    pub fn face(&self) -> u32 {
        self.face
    }

    /// Take one reading. Frames without the face count as unusable; readings from before the first are left out.
    /// After `Done` or `Failed` the collector has served its purpose: drop it.
    pub fn add(&mut self, reading: &FrameReading) -> Collected {
        let begin_ms = *self.begin_ms.get_or_insert_with(|| {
            self.last_seen_ms = reading.time_ms;
            reading.time_ms
        });
        let elapsed_ms = reading.time_ms - begin_ms;
        if elapsed_ms >= 0.0
            && let Err(error) = self.take(reading)
        {
            return Collected::Failed(error);
        }
        let slow = self.seen < MIN_SAMPLES && elapsed_ms < LONGEST_MS;
        if elapsed_ms < DURATION_MS || slow {
            let pictures = f64::from(self.seen) / f64::from(MIN_SAMPLES);
            return Collected::Collecting {
                share: (elapsed_ms / DURATION_MS).min(pictures).clamp(0.0, 1.0) as f32,
            };
        }
        match self.finish(elapsed_ms) {
            Ok(baseline) => Collected::Done(baseline),
            Err(error) => Collected::Failed(error),
        }
    }

    fn take(&mut self, reading: &FrameReading) -> Result<(), BaselineError> {
        self.seen += 1;
        let Some(face) = reading.faces.iter().find(|face| face.face == self.face) else {
            self.note(&[Reason::NoFace]);
            let lost = reading.time_ms - self.last_seen_ms > LOST_MS;
            return if lost { Err(BaselineError::FaceLost) } else { Ok(()) };
        };
        self.last_seen_ms = reading.time_ms;
        let near = |other: &&FaceReading| {
            other.face != self.face && other.box_px.overlap(&face.box_px) > MAX_OVERLAP
        };
        if reading.faces.iter().find(near).is_some() {
            return Err(BaselineError::OtherFace);
        }
        if self.last_box.replace(face.box_px).is_some_and(|last| has_moved(&last, &face.box_px)) {
            return Err(BaselineError::Moved);
        }
        self.note(&face.quality.reasons);
        if face.quality.usable {
            self.usable += 1;
            self.quality += f64::from(face.quality.value);
            let sums = self.sums.iter_mut().zip(&mut self.squares);
            for ((sum, square), depth) in sums.zip(face.raw.to_array().map(f64::from)) {
                *sum += depth;
                *square += depth * depth;
            }
        }
        Ok(())
    }

    fn note(&mut self, reasons: &[Reason]) {
        for (count, reason) in self.reasons.iter_mut().zip(Reason::ALL) {
            *count += u32::from(reasons.contains(&reason) && !reason.is_hint());
        }
    }

    /// The reason that was named most often; of equals the first.
    fn worst(&self) -> Option<Reason> {
        let counted = Reason::ALL.into_iter().zip(self.reasons).filter(|(_, count)| *count > 0);
        counted.rev().max_by_key(|(_, count)| *count).map(|(reason, _)| reason)
    }

    /// What came of the readings, `elapsed_ms` after the first.
    fn finish(&self, elapsed_ms: f64) -> Result<Baseline, BaselineError> {
        let Self { seen, usable, .. } = *self;
        if seen < MIN_SAMPLES {
            return Err(BaselineError::TooFewFrames { seen, seconds: (elapsed_ms / 1000.0).round() as u32 });
        }
        if usable < MIN_SAMPLES || usable * 2 < seen {
            return Err(BaselineError::TooFewUsable { usable, seen, reason: self.worst() });
        }
        let count = f64::from(usable);
        if self.quality / count < MIN_QUALITY {
            return Err(BaselineError::LowQuality { reason: self.worst() });
        }
        let means = self.sums.map(|sum| sum / count);
        let variances = means.iter().zip(self.squares).map(|(mean, square)| square / count - mean * mean);
        let widest = Emotion::ALL.into_iter().zip(variances).max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((emotion, variance)) = widest
            && variance > MAX_DEVIATION * MAX_DEVIATION
        {
            return Err(BaselineError::Unsteady { emotion });
        }
        let neutral = Depths::from_array(means.map(|mean| mean as f32));
        let largest = neutral.largest();
        let doubtful = largest != Emotion::Neutral;
        if doubtful && !self.repeated {
            return Err(BaselineError::NotNeutral { largest });
        }
        Ok(Baseline { face: self.face, neutral, samples: usable, doubtful })
    }
}

/// Whether a face at rest cannot have come from the one box to the other between two readings.
fn has_moved(from: &Rect, to: &Rect) -> bool {
    let width = from.width.max(1.0);
    from.centre().distance(to.centre()) > MAX_MOVE * width || (to.width - from.width).abs() > MAX_MOVE * width
}

#[cfg(test)]
mod tests;
