//! The part of the video that the chart shows.

use crate::view::video::words::moment;
use crate::view::words::clock;

/// The shortest part in milliseconds: a few frames.
const SHORTEST_MS: f64 = 500.0;

/// Steps of the axis in milliseconds.
const STEPS_MS: [f64; 16] =
    [100.0, 200.0, 500.0, 1e3, 2e3, 5e3, 10e3, 15e3, 30e3, 60e3, 120e3, 300e3, 600e3, 900e3, 1800e3, 3600e3];

/// A part of a video of a known length, in milliseconds; never beyond its ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    pub from_ms: f64,
    pub to_ms: f64,
    end_ms: f64,
}

impl Window {
    /// The whole video. A video without a length gets a short one, so that there is an axis.
    pub fn whole(end_ms: f64) -> Self {
        let end_ms = if end_ms.is_finite() { end_ms.max(1.0) } else { 1.0 };
        Self { from_ms: 0.0, to_ms: end_ms, end_ms }
    }

    pub fn is_whole(&self) -> bool {
        self.from_ms <= 0.0 && self.to_ms >= self.end_ms
    }

    /// The video's length.
    pub fn end_ms(&self) -> f64 {
        self.end_ms
    }

    /// How much is shown.
    pub fn length_ms(&self) -> f64 {
        self.to_ms - self.from_ms
    }

    /// Show `factor` times as much; `around_ms` stays where it is on the chart.
    #[must_use]
    pub fn zoomed(self, factor: f64, around_ms: f64) -> Self {
        let around_ms = around_ms.clamp(self.from_ms, self.to_ms);
        let length_ms = (self.length_ms() * factor).clamp(SHORTEST_MS.min(self.end_ms), self.end_ms);
        let share = (around_ms - self.from_ms) / self.length_ms();
        self.placed(around_ms - share * length_ms, length_ms)
    }

    /// Show the part between two times, in either order.
    #[must_use]
    pub fn part(self, a_ms: f64, b_ms: f64) -> Self {
        let (from_ms, to_ms) = (a_ms.min(b_ms), a_ms.max(b_ms));
        let length_ms = (to_ms - from_ms).clamp(SHORTEST_MS.min(self.end_ms), self.end_ms);
        self.placed((from_ms + to_ms - length_ms) / 2.0, length_ms)
    }

    /// The same length where `time_ms` is seen; unchanged where it is seen already.
    #[must_use]
    pub fn showing(self, time_ms: f64) -> Self {
        if (self.from_ms..=self.to_ms).contains(&time_ms) {
            return self;
        }
        let length_ms = self.length_ms();
        // Most of what follows is seen, too.
        self.placed(time_ms - length_ms * 0.1, length_ms)
    }

    fn placed(self, from_ms: f64, length_ms: f64) -> Self {
        let from_ms = from_ms.clamp(0.0, (self.end_ms - length_ms).max(0.0));
        Self { from_ms, to_ms: from_ms + length_ms, ..self }
    }

    /// Where a time lies: 0 at the left edge, 1 at the right; beyond them where it is not seen.
    pub fn x(&self, time_ms: f64) -> f32 {
        ((time_ms - self.from_ms) / self.length_ms()) as f32
    }

    /// The time at a place, within the part that is shown.
    pub fn time_ms(&self, x: f64) -> f64 {
        self.from_ms + x.clamp(0.0, 1.0) * self.length_ms()
    }

    /// Places and words of the time axis, about `most` of them (three or more).
    pub fn ticks(&self, most: usize) -> Vec<(f32, String)> {
        let most = most.max(3) as f64;
        let length_ms = self.length_ms();
        let hours_ms = STEPS_MS[STEPS_MS.len() - 1] * (length_ms / 3600e3 / (most - 1.0)).ceil();
        let step_ms = match STEPS_MS.iter().position(|step_ms| length_ms / step_ms <= most - 1.0) {
            // A step that is longer than what is shown would leave a single tick.
            Some(at) if STEPS_MS[at] > length_ms && at > 0 => STEPS_MS[at - 1],
            Some(at) => STEPS_MS[at],
            None => hours_ms,
        };
        let first = (self.from_ms / step_ms - 1e-9).ceil() as u64;
        let last = (self.to_ms / step_ms + 1e-9).floor() as u64;
        let words = |time_ms: f64| if step_ms < 1000.0 { moment(time_ms) } else { clock(time_ms + 0.5) };
        (first..=last)
            .map(|at| at as f64 * step_ms)
            .map(|time_ms| (self.x(time_ms), words(time_ms)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooming_keeps_the_time_under_the_cursor_and_stays_inside() {
        let whole = Window::whole(60_000.0);
        let half = whole.zoomed(0.5, 30_000.0);
        assert_eq!((half.from_ms, half.to_ms), (15_000.0, 45_000.0));
        let near = whole.zoomed(0.5, 0.0);
        assert_eq!((near.from_ms, near.to_ms), (0.0, 30_000.0));
        assert!(half.zoomed(4.0, 20_000.0).is_whole());
        let closest = (0..40).fold(whole, |window, _| window.zoomed(0.5, 12_345.0));
        assert!((closest.length_ms() - SHORTEST_MS).abs() < 1e-6);
        assert!((closest.from_ms..=closest.to_ms).contains(&12_345.0));
    }

    #[test]
    fn a_part_is_chosen_in_either_direction_and_never_too_short() {
        let whole = Window::whole(10_000.0);
        assert_eq!(whole.part(6000.0, 2000.0), whole.part(2000.0, 6000.0));
        assert_eq!(whole.part(2000.0, 6000.0).x(4000.0), 0.5);
        assert_eq!(whole.part(9999.0, 10_000.0).to_ms, 10_000.0);
        assert_eq!(whole.part(3.0, 3.0).length_ms(), SHORTEST_MS);
        assert!(Window::whole(200.0).part(10.0, 20.0).is_whole());
    }

    #[test]
    fn the_window_follows_a_time_outside_of_it() {
        let part = Window::whole(10_000.0).part(0.0, 2000.0);
        assert_eq!(part.showing(1000.0), part);
        let moved = part.showing(5000.0);
        assert_eq!((moved.from_ms, moved.to_ms), (4800.0, 6800.0));
        assert_eq!(part.showing(10_000.0).to_ms, 10_000.0);
        assert_eq!(moved.time_ms(0.5), 5800.0);
    }

    #[test]
    fn the_axis_has_round_times_and_not_too_many() {
        for (length_ms, most) in
            [(900.0, 6), (3000.0, 6), (4500.0, 3), (61_000.0, 8), (5_400_000.0, 5), (90_000_000.0, 8)]
        {
            let ticks = Window::whole(length_ms).ticks(most);
            assert!((2..=most + 1).contains(&ticks.len()), "{length_ms}: {ticks:?}");
            assert!(ticks.windows(2).all(|pair| pair[0].1 != pair[1].1), "{ticks:?}");
        }
        let words: Vec<String> = Window::whole(3000.0).ticks(7).into_iter().map(|(_, words)| words).collect();
        assert_eq!(words, ["0:00.0", "0:00.5", "0:01.0", "0:01.5", "0:02.0", "0:02.5", "0:03.0"]);
    }

    #[test]
    fn a_length_that_is_not_known_has_an_axis_all_the_same() {
        for end_ms in [0.0, f64::NAN, f64::INFINITY] {
            assert!(Window::whole(end_ms).length_ms() > 0.0);
        }
    }
}
