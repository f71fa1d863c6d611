//! Whether the camera still gives frames. A track can be live and unmuted and give none: only the time tells.
//!
//! The page calls [`FrameWatch::frame`] for each frame that comes, and [`FrameWatch::tick`] by a timer, several times a second.

use std::collections::VecDeque;

/// Without a frame for so long, in milliseconds, the picture counts as gone.
pub const GONE_AFTER_MS: f64 = 1000.0;

/// A camera that gives a frame a second is waited for longer: so many times the longest of its last intervals. One that is
/// longer than the second number, in milliseconds, is no pace but an interruption.
const LATE: f64 = 1.5;
const SLOWEST_MS: f64 = 3000.0;

/// So many intervals tell a camera's pace. The page tells of a frame twice: when it comes, and when it is read.
const INTERVALS: usize = 8;

/// So often a recording gets a sample that says so, in milliseconds.
pub const SAMPLE_EVERY_MS: f64 = 1000.0;

/// What the page must do now.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Due {
    /// The gauges turned grey or came back: say it once. `Some(true)`: frames have just stopped; `Some(false)`: they have just come back.
    pub changed: Option<bool>,
    /// Write one sample with the reason `no_frame` for this time, on the watch's clock.
    pub sample_ms: Option<f64>,
}

/// Watches one camera. Times are of one clock in milliseconds, the frames' own or the page's.
#[derive(Debug, Clone, PartialEq)]
pub struct FrameWatch {
    last_ms: f64,
    /// When the last sample without a frame was due.
    sampled_ms: Option<f64>,
    paused: bool,
    /// The last intervals between frames, the oldest first.
    intervals_ms: VecDeque<f64>,
}

impl FrameWatch {
    /// The camera was switched on at `now_ms`, or chosen anew: its first frame is waited for as long as any other.
    pub fn new(now_ms: f64) -> Self {
        Self { last_ms: now_ms, sampled_ms: None, paused: false, intervals_ms: VecDeque::new() }
    }

    /// A frame came.
    pub fn frame(&mut self, now_ms: f64) -> Due {
        let changed = self.sampled_ms.take().map(|_| false);
        let interval_ms = now_ms - self.last_ms;
        if interval_ms <= SLOWEST_MS {
            self.intervals_ms.push_back(interval_ms);
            if self.intervals_ms.len() > INTERVALS {
                self.intervals_ms.pop_front();
            }
        }
        self.last_ms = now_ms;
        Due { changed, sample_ms: None }
    }

    /// The clock went on. Between two calls may lie any time: a browser slows the timers of hidden tabs. Each second without a frame
    /// gives one sample; of seconds that were slept through only the last does.
    pub fn tick(&mut self, now_ms: f64) -> Due {
        if self.paused || now_ms - self.last_ms < self.patience_ms() {
            return Due::default();
        }
        match self.sampled_ms {
            None => {
                self.sampled_ms = Some(now_ms);
                Due { changed: Some(true), sample_ms: Some(now_ms) }
            }
            Some(before_ms) if now_ms - before_ms >= SAMPLE_EVERY_MS => {
                // On the beat, so that a timer's delays do not add up.
                let beats = ((now_ms - before_ms) / SAMPLE_EVERY_MS).floor();
                self.sampled_ms = Some(before_ms + beats * SAMPLE_EVERY_MS);
                Due { changed: None, sample_ms: self.sampled_ms }
            }
            Some(_) => Due::default(),
        }
    }

    /// So long a frame may take to come.
    fn patience_ms(&self) -> f64 {
        let longest_ms = self.intervals_ms.iter().copied().fold(0.0, f64::max);
        (longest_ms * LATE).max(GONE_AFTER_MS)
    }

    /// Whether the gauges are grey because no frame comes.
    pub fn is_gone(&self) -> bool {
        self.sampled_ms.is_some()
    }

    /// For how long no frame has come, in milliseconds; for a sentence, and for a frame rate that falls.
    pub fn silent_ms(&self, now_ms: f64) -> f64 {
        (now_ms - self.last_ms).max(0.0)
    }

    /// The person paused, or the tab is hidden: nothing is expected.
    pub fn pause(&mut self) {
        self.paused = true;
        self.sampled_ms = None;
    }

    /// It goes on: a frame is expected from now.
    pub fn resume(&mut self, now_ms: f64) {
        *self = Self::new(now_ms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ticks every 100 ms up to `to_ms`; the changes and the samples with their times.
    fn run(watch: &mut FrameWatch, from_ms: i32, to_ms: i32) -> (Vec<(f64, bool)>, Vec<f64>) {
        let (mut changes, mut samples) = (Vec::new(), Vec::new());
        for now_ms in (from_ms..=to_ms).step_by(100).map(f64::from) {
            let due = watch.tick(now_ms);
            changes.extend(due.changed.map(|changed| (now_ms, changed)));
            samples.extend(due.sample_ms);
        }
        (changes, samples)
    }

    #[test]
    fn after_a_second_without_a_frame_there_is_a_sample_a_second() {
        let mut watch = FrameWatch::new(0.0);
        watch.frame(40.0);
        let (changes, samples) = run(&mut watch, 100, 5000);
        assert_eq!(changes, [(1100.0, true)]);
        assert_eq!(samples, [1100.0, 2100.0, 3100.0, 4100.0]);
        assert!(watch.is_gone());
        assert_eq!(watch.silent_ms(5000.0), 4960.0);
        assert_eq!(watch.frame(5050.0), Due { changed: Some(false), sample_ms: None });
        assert!(!watch.is_gone());
        assert_eq!(watch.frame(5090.0), Due::default());
    }

    #[test]
    fn a_camera_that_never_gave_a_frame_is_noticed_too() {
        assert_eq!(run(&mut FrameWatch::new(0.0), 0, 1500).0, [(1000.0, true)]);
    }

    #[test]
    fn a_slow_camera_is_none() {
        let mut watch = FrameWatch::new(0.0);
        for second in 0..10 {
            assert_eq!(watch.frame(f64::from(second) * 990.0), Due::default());
            assert_eq!(run(&mut watch, second * 990, second * 990 + 900), (vec![], vec![]));
        }
    }

    #[test]
    fn a_frame_a_second_is_a_pace_that_is_learned_and_forgotten() {
        let mut watch = FrameWatch::new(0.0);
        // The first comes late; from then on it is known.
        assert_eq!(run(&mut watch, 0, 1000).0, [(1000.0, true)]);
        for frame in 1..6 {
            let now_ms = frame * 1010;
            watch.frame(f64::from(now_ms));
            watch.frame(f64::from(now_ms + 50));
            assert_eq!(run(&mut watch, now_ms + 100, now_ms + 1000).0, [], "frame {frame}");
        }
        // Then none comes: 1.5 times its usual second later that is said.
        assert_eq!(run(&mut watch, 6_100, 7_000).0, [(6_600.0, true)]);
        // A faster camera is expected as before, soon.
        let mut now_ms = 7_000;
        for _ in 0..=INTERVALS {
            watch.frame(f64::from(now_ms));
            now_ms += 40;
        }
        assert_eq!(run(&mut watch, now_ms, now_ms + 1000).0, [(f64::from(now_ms + 1000), true)]);
    }

    #[test]
    fn pauses_are_not_missed_and_slept_seconds_not_made_up() {
        let mut watch = FrameWatch::new(0.0);
        watch.pause();
        assert_eq!(run(&mut watch, 0, 5000), (vec![], vec![]));
        watch.resume(5000.0);
        assert_eq!(run(&mut watch, 5000, 6000).1, [6000.0]);
        // The timer slept.
        assert_eq!(watch.tick(9_430.0).sample_ms, Some(9000.0));
        assert_eq!(watch.tick(9_990.0).sample_ms, None);
        assert_eq!(watch.tick(10_010.0).sample_ms, Some(10_000.0));
    }
}
