//! Which moment of the stimulus was shown at a time of the page's clock.
//!
//! Of a video the browser tells for each picture that it presents which time of the video that is ([`StimulusClock::shown`]).
//! Between two pictures the video runs on by the page's clock, at most to the next picture. What is agreed on are these two
//! clocks; how long the camera and loudspeakers take, no page can know.

use std::collections::VecDeque;

/// So many pictures are remembered: a second or two, longer than an analysis takes.
const REMEMBERED: usize = 128;
/// Behind the last picture that was told the video is taken to run on for so long at most, in milliseconds: then it stands still.
const RUN_ON_MS: f64 = 120.0;

/// The clock of one showing.
#[derive(Debug, Clone)]
pub struct StimulusClock {
    began_ms: f64,
    /// Pairs of the page's time and the stimulus's, both in milliseconds; empty for what is no video.
    pictures: VecDeque<(f64, f64)>,
    is_video: bool,
}

impl StimulusClock {
    /// A text or an image that was there at `began_ms` of the page's clock.
    pub fn still(began_ms: f64) -> Self {
        Self { began_ms, pictures: VecDeque::new(), is_video: false }
    }

    /// A video whose picture of `media_ms` was presented at `page_ms`.
    pub fn video(page_ms: f64, media_ms: f64) -> Self {
        let pictures = VecDeque::from([(page_ms, media_ms)]);
        Self { began_ms: page_ms - media_ms, pictures, is_video: true }
    }

    /// When the stimulus was at its begin, on the page's clock.
    pub fn began_ms(&self) -> f64 {
        self.began_ms
    }

    /// The video's picture of `media_ms` is presented at `page_ms`.
    pub fn shown(&mut self, page_ms: f64, media_ms: f64) {
        if self.pictures.back().is_some_and(|(before, _)| page_ms <= *before) {
            return;
        }
        if self.pictures.len() == REMEMBERED {
            self.pictures.pop_front();
        }
        self.pictures.push_back((page_ms, media_ms));
    }

    /// The newest picture's times, page and stimulus; `None` for what is no video.
    pub fn newest(&self) -> Option<(f64, f64)> {
        self.pictures.back().copied()
    }

    /// The moment of the stimulus at `page_ms`, in milliseconds; negative before its begin.
    pub fn media_ms(&self, page_ms: f64) -> i32 {
        if page_ms < self.began_ms || !self.is_video {
            return rounded(page_ms - self.began_ms);
        }
        let after = self.pictures.partition_point(|(shown_ms, _)| *shown_ms <= page_ms);
        let Some((shown_ms, media_ms)) = after.checked_sub(1).and_then(|at| self.pictures.get(at)) else {
            // Before the first picture that is remembered: by the page's clock.
            return rounded(page_ms - self.began_ms);
        };
        let run_ms = page_ms - shown_ms;
        let media = match self.pictures.get(after) {
            Some((_, next)) => (media_ms + run_ms).min(next.max(*media_ms)),
            None => media_ms + run_ms.min(RUN_ON_MS),
        };
        rounded(media)
    }
}

fn rounded(ms: f64) -> i32 {
    libm::round(ms).clamp(-60_000.0, f64::from(i32::MAX)) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_still_runs_by_the_pages_clock() {
        let clock = StimulusClock::still(1_000.0);
        assert_eq!([900.0, 1_000.0, 3_500.4].map(|at| clock.media_ms(at)), [-100, 0, 2_500]);
    }

    #[test]
    fn a_video_runs_by_its_pictures() {
        let mut clock = StimulusClock::video(1_040.0, 40.0);
        assert_eq!(clock.began_ms(), 1_000.0);
        for picture in 2..10 {
            let at = f64::from(picture) * 40.0;
            clock.shown(1_000.0 + at, at);
        }
        assert_eq!(clock.media_ms(950.0), -50, "in the rest before it");
        assert_eq!(clock.media_ms(1_020.0), 20, "before the first picture that was told");
        assert_eq!(clock.media_ms(1_095.0), 95, "between two pictures");
        assert_eq!(clock.media_ms(1_370.0), 370, "just behind the newest");
    }

    #[test]
    fn a_video_that_stands_still_does_not_run_on() {
        let mut clock = StimulusClock::video(1_000.0, 0.0);
        clock.shown(1_040.0, 40.0);
        // It stood still for two seconds, then went on.
        clock.shown(3_040.0, 80.0);
        assert_eq!(clock.media_ms(1_060.0), 60);
        assert_eq!(clock.media_ms(2_500.0), 80, "not beyond the picture that came next");
        assert_eq!(clock.media_ms(3_050.0), 90);
        assert_eq!(clock.media_ms(9_000.0), 200, "nothing is known of what comes");
        clock.shown(3_000.0, 999.0);
        assert_eq!(clock.newest(), Some((3_040.0, 80.0)), "what comes out of order is left out");
    }
}
