//! The times at which a video is looked at, so that no frame is read twice and none of the grid is left out.
//!
//! At `r` a second the grid is the times k / r. Looked at is [`AIM_MS`] later: browsers round times to microseconds and WebM to
//! milliseconds, so that at the very time of a frame the one before may still be shown. What was shown is known by the
//! frame's own time, never by the time that was asked for.

/// So long after a time of the grid is looked, in milliseconds: more than the rounding, less than any frame lasts.
pub const AIM_MS: f64 = 1.0;

/// A frame stands for no longer than this, in milliseconds: what does not move for longer may be a fault.
pub const LONGEST_MS: f64 = 1000.0;

/// Without a new picture for so long, a file that says its frames are shorter is taken for damaged or cut off.
const FROZEN_MS: f64 = 2000.0;

/// So many times in a row are tried one by one where nothing can be read; then the steps double, so that the end of
/// a long damage is reached in a bounded number of attempts.
const PATIENCE: u32 = 40;

/// How often a video is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// So many times a second of the video.
    PerSecond(u32),
    /// Each frame once, by the durations that the file gives them.
    EveryFrame,
}

impl Pace {
    /// The choices of the page.
    pub const ALL: [Pace; 6] = [
        Pace::PerSecond(1),
        Pace::PerSecond(2),
        Pace::PerSecond(5),
        Pace::PerSecond(10),
        Pace::PerSecond(25),
        Pace::EveryFrame,
    ];

    /// The value of the choice's option.
    pub fn value(self) -> String {
        match self {
            Pace::PerSecond(times) => times.to_string(),
            Pace::EveryFrame => "every".to_owned(),
        }
    }

    /// The pace of an option's value.
    pub fn of_value(value: &str) -> Option<Self> {
        Pace::ALL.into_iter().find(|pace| pace.value() == value)
    }

    /// The time from one look to the next, in milliseconds; `None` where the frames decide.
    pub fn step_ms(self) -> Option<f64> {
        match self {
            Pace::PerSecond(times) => Some(1000.0 / f64::from(times.max(1))),
            Pace::EveryFrame => None,
        }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Pace::PerSecond(10)
    }
}

/// The picture that a look gave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shown {
    /// The frame's own time in milliseconds of the video.
    pub time_ms: f64,
    /// How long it is shown, where the browser tells.
    pub duration_ms: Option<f64>,
    /// The browser could go no further: the video ends before the time that was asked for.
    pub ended: bool,
}

/// What a picture is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// To be read; it stands for `span_ms` of the video.
    New { span_ms: f64 },
    /// The one before: not to be read again. It stands for `more_ms` more.
    Same { more_ms: f64 },
    /// A later one than was asked for, or an earlier one than before: what was asked for is not to be had.
    Other,
}

/// A part of the video, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    pub from_ms: f64,
    pub to_ms: f64,
}

/// Goes through a video once.
#[derive(Debug, Clone)]
pub struct Walk {
    pace: Pace,
    /// `None` until it is known.
    end_ms: Option<f64>,
    /// Index of the next time of the grid.
    step: u64,
    /// For every frame: the next time.
    next_ms: f64,
    last: Option<Shown>,
    /// What the last frame stands for so far.
    last_span_ms: f64,
    failures: u32,
    ended: bool,
    unread: Vec<Span>,
    frozen: Vec<Span>,
}

impl Walk {
    /// `end_ms`: the video's length, `None` where it is not known.
    pub fn new(pace: Pace, end_ms: Option<f64>) -> Self {
        Self {
            pace,
            end_ms,
            step: 0,
            next_ms: 0.0,
            last: None,
            last_span_ms: 0.0,
            failures: 0,
            ended: false,
            unread: Vec::new(),
            frozen: Vec::new(),
        }
    }

    /// The next time of the grid in milliseconds, to be looked at [`AIM_MS`] later; `None` at the end.
    pub fn next_ms(&self) -> Option<f64> {
        let time_ms = match self.pace.step_ms() {
            // Each from its index: sums of steps would drift.
            Some(step_ms) => self.step as f64 * step_ms,
            None => self.next_ms,
        };
        let over = self.end_ms.is_some_and(|end_ms| time_ms + AIM_MS >= end_ms.max(2.0 * AIM_MS));
        (!self.ended && !over).then_some(time_ms)
    }

    /// Take in what is shown at [`Walk::next_ms`], and go on.
    pub fn shown(&mut self, shown: Shown) -> Verdict {
        let Some(time_ms) = self.next_ms() else { return Verdict::Other };
        if shown.ended {
            // What is shown is the last picture, whatever was asked for.
            self.ended = true;
            return Verdict::Other;
        }
        self.failures = 0;
        let step_ms = self.pace.step_ms().or(shown.duration_ms).unwrap_or(LONGEST_MS).max(AIM_MS);
        match self.last {
            Some(last) if same(last.time_ms, shown.time_ms) => {
                self.freeze(&last, time_ms);
                self.advance(time_ms, time_ms + step_ms);
                let more_ms = step_ms.min(LONGEST_MS - self.last_span_ms).max(0.0);
                self.last_span_ms += more_ms;
                Verdict::Same { more_ms }
            }
            Some(last) if shown.time_ms < last.time_ms => {
                self.miss(time_ms, time_ms + step_ms);
                self.advance(time_ms, time_ms + step_ms);
                Verdict::Other
            }
            last if shown.time_ms > time_ms + AIM_MS => {
                // Before the first frame there is nothing to miss.
                if last.is_some() {
                    self.miss(time_ms, shown.time_ms);
                }
                self.advance(time_ms, shown.time_ms);
                Verdict::Other
            }
            _ => {
                self.last = Some(shown);
                let next_ms = match self.pace {
                    Pace::EveryFrame => shown.time_ms + step_ms,
                    Pace::PerSecond(_) => time_ms + step_ms,
                };
                self.advance(time_ms, next_ms);
                self.last_span_ms = step_ms.min(LONGEST_MS);
                Verdict::New { span_ms: self.last_span_ms }
            }
        }
    }

    /// Nothing could be had at [`Walk::next_ms`]: go on behind it.
    pub fn failed(&mut self) {
        let Some(time_ms) = self.next_ms() else { return };
        let last_ms = self.last.and_then(|last| last.duration_ms);
        let step_ms = self.pace.step_ms().or(last_ms).unwrap_or(LONGEST_MS).max(AIM_MS);
        let steps = 1u32 << (self.failures / PATIENCE).min(12);
        self.failures += 1;
        let next_ms = time_ms + step_ms * f64::from(steps);
        self.miss(time_ms, self.end_ms.map_or(next_ms, |end_ms| next_ms.min(end_ms)));
        self.advance(time_ms, next_ms);
    }

    /// A new frame turned out to be unreadable.
    pub fn lost(&mut self, time_ms: f64, span_ms: f64) {
        self.miss(time_ms, time_ms + span_ms);
    }

    /// The parts that could not be read.
    pub fn unread(&self) -> &[Span] {
        &self.unread
    }

    /// The parts in which the picture stood still although the file promises more.
    pub fn frozen(&self) -> &[Span] {
        &self.frozen
    }

    /// To the first time of the grid that is not before `to_ms`, and at least one step on from `time_ms`.
    fn advance(&mut self, time_ms: f64, to_ms: f64) {
        match self.pace.step_ms() {
            Some(step_ms) => self.step = ((to_ms / step_ms - 1e-6).ceil() as u64).max(self.step + 1),
            None => self.next_ms = to_ms.max(time_ms + AIM_MS),
        }
    }

    fn miss(&mut self, from_ms: f64, to_ms: f64) {
        extend(&mut self.unread, from_ms, to_ms, self.pace.step_ms().unwrap_or(LONGEST_MS));
    }

    fn freeze(&mut self, last: &Shown, time_ms: f64) {
        let promised = last.duration_ms.is_some_and(|duration_ms| duration_ms < FROZEN_MS / 4.0);
        if promised && time_ms - last.time_ms >= FROZEN_MS {
            extend(&mut self.frozen, last.time_ms, time_ms, 0.0);
        }
    }
}

/// Lengthen the last span by this one where they begin together or meet within `slack_ms`, else add it.
fn extend(spans: &mut Vec<Span>, from_ms: f64, to_ms: f64, slack_ms: f64) {
    match spans.last_mut() {
        Some(last) if from_ms == last.from_ms || from_ms - last.to_ms <= slack_ms => {
            last.to_ms = last.to_ms.max(to_ms);
        }
        _ => spans.push(Span { from_ms, to_ms }),
    }
}

/// Whether two times are one frame's: they are given in microseconds and in seconds, with the rounding of both.
pub fn same(a_ms: f64, b_ms: f64) -> bool {
    (a_ms - b_ms).abs() < 0.01
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A video as a list of frames: what is shown at a time, as a browser does it.
    struct Film {
        times_ms: Vec<f64>,
        frame_ms: f64,
        end_ms: f64,
    }

    impl Film {
        fn regular(frames_per_second: f64, frames: u32) -> Self {
            let frame_ms = 1000.0 / frames_per_second;
            Self {
                // Rounded as in WebM.
                times_ms: (0..frames).map(|at| (f64::from(at) * frame_ms).round()).collect(),
                frame_ms,
                end_ms: f64::from(frames) * frame_ms,
            }
        }

        fn at(&self, time_ms: f64) -> Shown {
            let first = self.times_ms[0];
            let time = self.times_ms.iter().copied().take_while(|time| *time <= time_ms).last();
            Shown {
                time_ms: time.unwrap_or(first),
                duration_ms: Some(self.frame_ms),
                ended: time_ms > self.end_ms,
            }
        }

        /// The times that are read, with what they stand for.
        fn read(&self, walk: &mut Walk) -> Vec<(f64, f64)> {
            let mut read: Vec<(f64, f64)> = Vec::new();
            while let Some(time_ms) = walk.next_ms() {
                let shown = self.at(time_ms + AIM_MS);
                match walk.shown(shown) {
                    Verdict::New { span_ms } => read.push((shown.time_ms, span_ms)),
                    Verdict::Same { more_ms } => read.last_mut().expect("one was read").1 += more_ms,
                    Verdict::Other => {}
                }
            }
            read
        }
    }

    #[test]
    fn every_time_of_the_grid_gets_the_frame_shown_then() {
        let film = Film::regular(30.0, 90);
        let mut walk = Walk::new(Pace::PerSecond(10), Some(film.end_ms));
        let read = film.read(&mut walk);
        let expected: Vec<(f64, f64)> = (0..30).map(|k| (f64::from(k) * 100.0, 100.0)).collect();
        assert_eq!(read, expected);
        assert!(walk.unread().is_empty() && walk.frozen().is_empty());
        // 25 a second do not fall on the frames of 30: each gets the last frame before it.
        let read = film.read(&mut Walk::new(Pace::PerSecond(25), Some(film.end_ms)));
        assert_eq!(read.len(), 75);
        assert!(read.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn a_slow_video_is_read_once_a_frame() {
        let film = Film::regular(4.0, 8);
        let read = film.read(&mut Walk::new(Pace::PerSecond(10), Some(film.end_ms)));
        assert_eq!(read.iter().map(|(time, _)| *time).collect::<Vec<_>>(), film.times_ms);
        // All of it is accounted for: 3 or 2 times of the grid for each frame.
        assert_eq!(read.iter().map(|(_, span)| span).sum::<f64>(), 2000.0);
    }

    #[test]
    fn every_frame_is_read_once_however_they_are_spaced() {
        let mut film = Film::regular(30.0, 90);
        let mut walk = Walk::new(Pace::EveryFrame, Some(film.end_ms));
        assert_eq!(film.read(&mut walk).len(), 90);
        // Some frames stand for longer than the file says.
        film.times_ms.retain(|time| (*time as u64) % 7 != 0 || *time == 0.0);
        let mut walk = Walk::new(Pace::EveryFrame, Some(film.end_ms));
        let read = film.read(&mut walk);
        assert_eq!(read.iter().map(|(time, _)| *time).collect::<Vec<_>>(), film.times_ms);
    }

    #[test]
    fn without_a_length_the_walk_ends_where_the_browser_can_go_no_further() {
        let film = Film::regular(30.0, 90);
        let mut walk = Walk::new(Pace::PerSecond(10), None);
        assert_eq!(film.read(&mut walk).len(), 30);
        assert_eq!(walk.next_ms(), None);
    }

    #[test]
    fn a_part_that_the_browser_jumps_over_is_told() {
        let mut film = Film::regular(30.0, 180);
        film.times_ms.retain(|time| !(2600.0..4000.0).contains(time));
        let mut walk = Walk::new(Pace::PerSecond(10), Some(film.end_ms));
        let mut read = Vec::new();
        while let Some(time_ms) = walk.next_ms() {
            // Behind the damage the next whole frame comes, as Chromium does it.
            let look = if (2600.0..4000.0).contains(&time_ms) { 4000.0 } else { time_ms + AIM_MS };
            let shown = film.at(look);
            if let Verdict::New { .. } = walk.shown(shown) {
                read.push(shown.time_ms);
            }
        }
        assert_eq!(walk.unread(), [Span { from_ms: 2600.0, to_ms: 4000.0 }]);
        assert_eq!(read.len(), 60 - 14);
        assert!(read.contains(&4000.0), "what comes behind it is read once");
    }

    #[test]
    fn failures_are_one_part_and_end_after_a_bounded_number_of_attempts() {
        let mut walk = Walk::new(Pace::PerSecond(10), Some(3_600_000.0));
        let frame = |time_ms| Shown { time_ms, duration_ms: None, ended: false };
        walk.shown(frame(0.0));
        let mut attempts = 0;
        while walk.next_ms().is_some() {
            walk.failed();
            attempts += 1;
        }
        assert!(attempts < 500, "{attempts}");
        assert_eq!(walk.unread(), [Span { from_ms: 100.0, to_ms: 3_600_000.0 }]);
        // After a success each time is tried again.
        let mut walk = Walk::new(Pace::PerSecond(10), Some(2000.0));
        walk.shown(frame(0.0));
        walk.failed();
        walk.failed();
        walk.shown(frame(300.0));
        walk.failed();
        assert_eq!(walk.next_ms(), Some(500.0));
        let spans = [Span { from_ms: 100.0, to_ms: 300.0 }, Span { from_ms: 400.0, to_ms: 500.0 }];
        assert_eq!(walk.unread().len(), 1, "damage with single frames between is one part: {spans:?}");
    }

    #[test]
    fn a_picture_that_stands_still_to_the_end_is_told_and_stands_for_a_second() {
        let mut film = Film::regular(30.0, 150);
        film.times_ms.retain(|time| *time <= 1000.0);
        let mut walk = Walk::new(Pace::PerSecond(10), Some(film.end_ms));
        let read = film.read(&mut walk);
        assert_eq!(read.len(), 11);
        assert_eq!(read[10], (1000.0, LONGEST_MS));
        assert_eq!(walk.frozen(), [Span { from_ms: 1000.0, to_ms: 4900.0 }]);
        // A recorded screen says truthfully that its frames last.
        film.frame_ms = 4000.0;
        let mut walk = Walk::new(Pace::PerSecond(10), Some(film.end_ms));
        film.read(&mut walk);
        assert!(walk.frozen().is_empty());
    }

    #[test]
    fn a_video_that_begins_late_has_missed_nothing() {
        let mut film = Film::regular(30.0, 90);
        film.times_ms.iter_mut().for_each(|time| *time += 80.0);
        let mut walk = Walk::new(Pace::PerSecond(10), Some(film.end_ms));
        let read = film.read(&mut walk);
        assert_eq!(read[0].0, 80.0);
        assert!(walk.unread().is_empty());
    }

    #[test]
    fn a_stale_picture_is_not_taken_for_a_new_one() {
        let frame = |time_ms| Shown { time_ms, duration_ms: None, ended: false };
        let mut walk = Walk::new(Pace::PerSecond(10), Some(1000.0));
        assert_eq!(walk.shown(frame(0.0)), Verdict::New { span_ms: 100.0 });
        assert_eq!(walk.shown(frame(100.0)), Verdict::New { span_ms: 100.0 });
        assert_eq!(walk.shown(frame(0.0)), Verdict::Other);
        assert_eq!(walk.unread(), [Span { from_ms: 200.0, to_ms: 300.0 }]);
    }

    #[test]
    fn even_a_single_picture_is_looked_at() {
        let walk = Walk::new(Pace::PerSecond(10), Some(0.0));
        assert_eq!(walk.next_ms(), Some(0.0));
    }

    #[test]
    fn paces_have_values_of_their_own() {
        for pace in Pace::ALL {
            assert_eq!(Pace::of_value(&pace.value()), Some(pace));
        }
        assert_eq!(Pace::of_value("7"), None);
    }
}
