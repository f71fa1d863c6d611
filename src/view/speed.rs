//! How fast the page works: frames per second and milliseconds per stage over the last seconds.

use std::collections::VecDeque;

use emotion_core::reading::StageTimes;

/// The window over which is averaged, in milliseconds.
pub const WINDOW_MS: f64 = 3000.0;

/// The analysed frames of the last [`WINDOW_MS`].
#[derive(Debug, Clone, Default)]
pub struct Speed {
    frames: VecDeque<(f64, StageTimes)>,
}

/// What the fold-out shows.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SpeedSummary {
    /// Analysed frames per second.
    pub frames_per_second: f64,
    /// Mean milliseconds of each stage.
    pub stages: StageTimes,
}

impl Speed {
    /// Take in a frame analysed at `time_ms`.
    pub fn push(&mut self, time_ms: f64, stages: StageTimes) {
        if self.frames.back().is_some_and(|(last, _)| *last > time_ms) {
            self.frames.clear();
        }
        self.frames.push_back((time_ms, stages));
        while self.frames.front().is_some_and(|(first, _)| time_ms - first > WINDOW_MS) {
            self.frames.pop_front();
        }
    }

    pub fn clear(&mut self) {
        self.frames.clear();
    }

    /// `None` before two frames are there.
    pub fn summary(&self) -> Option<SpeedSummary> {
        let (first, last) = (self.frames.front()?.0, self.frames.back()?.0);
        if last <= first {
            return None;
        }
        let count = self.frames.len() as f64;
        let mean =
            |stage: fn(&StageTimes) -> f64| self.frames.iter().map(|(_, s)| stage(s)).sum::<f64>() / count;
        Some(SpeedSummary {
            frames_per_second: (count - 1.0) * 1000.0 / (last - first),
            stages: StageTimes {
                copy_ms: mean(|s| s.copy_ms),
                detect_ms: mean(|s| s.detect_ms),
                track_ms: mean(|s| s.track_ms),
                align_ms: mean(|s| s.align_ms),
                classify_ms: mean(|s| s.classify_ms),
                own_ms: mean(|s| s.own_ms),
                total_ms: mean(|s| s.total_ms),
            },
        })
    }
}

/// Below so many frames a second passing expressions are missed: one lasts half a second and more.
const FEW: f64 = 4.0;

/// What is to be said of few frames a second.
pub fn few_frames(frames_per_second: f64) -> Option<String> {
    (frames_per_second < FEW).then(|| {
        format!(
            "Only {frames_per_second:.1} pictures a second are read: short expressions are missed. Close other programs, or \
             choose another camera."
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stages(total_ms: f64) -> StageTimes {
        StageTimes { total_ms, ..StageTimes::default() }
    }

    #[test]
    fn the_window_forgets_old_frames() {
        let mut speed = Speed::default();
        speed.push(0.0, stages(1000.0));
        assert_eq!(speed.summary(), None);
        for frame in 0..=100 {
            speed.push(10_000.0 + 40.0 * f64::from(frame), stages(if frame % 2 == 0 { 10.0 } else { 20.0 }));
        }
        let summary = speed.summary().unwrap();
        assert!((summary.frames_per_second - 25.0).abs() < 1e-9);
        assert!((summary.stages.total_ms - 15.0).abs() < 0.2);
    }

    #[test]
    fn a_slow_camera_is_told_by_its_number() {
        assert!(few_frames(1.0).is_some_and(|words| words.starts_with("Only 1.0 pictures a second")));
        assert_eq!(few_frames(15.0), None);
    }

    #[test]
    fn a_clock_that_starts_again_starts_the_window_again() {
        let mut speed = Speed::default();
        speed.push(5000.0, stages(1.0));
        speed.push(5040.0, stages(1.0));
        speed.push(0.0, stages(1.0));
        assert_eq!(speed.summary(), None);
    }
}
