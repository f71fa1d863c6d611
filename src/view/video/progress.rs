//! How far the reading of a video has come.

/// The video that is being read, or was.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Progress {
    pub running: bool,
    pub cancelled: bool,
    /// Why it ended early, a sentence.
    pub fault: Option<String>,
    /// The time up to which the video was looked at, and its length where that is known, in milliseconds.
    pub at_ms: f64,
    pub end_ms: Option<f64>,
    /// Frames that were read.
    pub frames: usize,
    /// By the clock on the wall.
    pub elapsed_ms: f64,
}

impl Progress {
    /// How many times faster than real time, once there is something to measure.
    pub fn speed(&self) -> Option<f64> {
        (self.at_ms > 0.0 && self.elapsed_ms > 0.0).then(|| self.at_ms / self.elapsed_ms)
    }

    /// How long the rest takes at this speed, in milliseconds.
    pub fn left_ms(&self) -> Option<f64> {
        Some((self.end_ms? - self.at_ms).max(0.0) / self.speed()?)
    }

    /// 0..1; `None` where the length is not known.
    pub fn share(&self) -> Option<f64> {
        self.end_ms.filter(|end_ms| *end_ms > 0.0).map(|end_ms| (self.at_ms / end_ms).clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speed_and_time_left_follow_from_what_is_done() {
        let mut progress = Progress { end_ms: Some(60_000.0), ..Progress::default() };
        assert_eq!((progress.speed(), progress.left_ms(), progress.share()), (None, None, Some(0.0)));
        (progress.at_ms, progress.elapsed_ms) = (20_000.0, 5_000.0);
        assert_eq!((progress.speed(), progress.left_ms()), (Some(4.0), Some(10_000.0)));
        progress.end_ms = None;
        assert_eq!((progress.left_ms(), progress.share()), (None, None));
    }
}
