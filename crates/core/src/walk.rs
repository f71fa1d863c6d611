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
        let over = self.end_ms.is_some_and(|end_ms| time_ms > end_ms + AIM_MS);
        (!self.ended && !over).then_some(time_ms)
    }

    /// Whether a time is that of the end. Where a length is not said but found, it is the time of the last frame.
    fn is_end(&self, time_ms: f64) -> bool {
        self.end_ms.is_some_and(|end_ms| time_ms + AIM_MS >= end_ms)
    }

    /// Take in what is shown at [`Walk::next_ms`], and go on.
    pub fn shown(&mut self, shown: Shown) -> Verdict {
        let Some(time_ms) = self.next_ms() else { return Verdict::Other };
        let step_ms = self.pace.step_ms().or(shown.duration_ms).unwrap_or(LONGEST_MS).max(AIM_MS);
        if self.is_end(time_ms)
            && shown.time_ms + AIM_MS >= time_ms
            && self.last.is_none_or(|last| !same(last.time_ms, shown.time_ms))
        {
            self.ended = true;
            return Verdict::New { span_ms: step_ms.min(LONGEST_MS) };
        }
        if shown.ended || self.is_end(time_ms) {
            // What is shown is the last picture, whatever was asked for.
            self.ended = true;
            return Verdict::Other;
        }
        self.failures = 0;
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
        if self.is_end(time_ms) {
            self.ended = true;
            return;
        }
        self.miss(time_ms, self.end_ms.map_or(next_ms, |end_ms| next_ms.min(end_ms)));
        self.advance(time_ms, next_ms);
    }

    /// A new frame turned out to be unreadable.
    pub fn lost(&mut self, time_ms: f64, span_ms: f64) {
        self.miss(time_ms, time_ms + span_ms);
    }

    /// What is shown from `from_ms` to `to_ms` is not to be had: go on behind it.
    pub fn skip(&mut self, from_ms: f64, to_ms: f64) {
        extend(&mut self.unread, from_ms, to_ms, 0.0);
        match self.pace.step_ms() {
            Some(step_ms) => {
                self.step = self.step.max(((to_ms - AIM_MS) / step_ms - 1e-6).ceil().max(0.0) as u64)
            }
            None => self.next_ms = self.next_ms.max(to_ms),
        }
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
mod tests;
