//! Which pictures of a decoded video are read: they come one after the other, each with its beginning and its end.
//!
//! The grid is that of [`Walk`], which decides for the seeking way as well: the same pictures are read both ways.

use crate::walk::{AIM_MS, LONGEST_MS, Pace, Shown, Span, Verdict, Walk};

/// Goes through the pictures of a video once, in the order of presentation.
#[derive(Debug, Clone)]
pub struct Sequence {
    pace: Pace,
    walk: Walk,
}

impl Sequence {
    pub fn new(pace: Pace) -> Self {
        Self { pace, walk: Walk::new(pace, None) }
    }

    /// A picture that is shown from `from_ms` until `until_ms`. `Some`: it is to be read, and stands for so many
    /// milliseconds; `None`: no look falls upon it.
    pub fn picture(&mut self, from_ms: f64, until_ms: f64) -> Option<f64> {
        if self.pace == Pace::EveryFrame {
            return Some((until_ms - from_ms).clamp(0.0, LONGEST_MS));
        }
        let shown = Shown { time_ms: from_ms, duration_ms: Some(until_ms - from_ms), ended: false };
        let mut span_ms = None;
        while let Some(look_ms) = self.walk.next_ms() {
            if look_ms + AIM_MS >= until_ms {
                break;
            }
            match self.walk.shown(shown) {
                Verdict::New { span_ms: new_ms } => span_ms = Some(new_ms),
                Verdict::Same { more_ms } => span_ms = span_ms.map(|before_ms| before_ms + more_ms),
                Verdict::Other => {}
            }
        }
        span_ms
    }

    /// The pictures from `from_ms` to `to_ms` could not be decoded, or not be read.
    pub fn lost(&mut self, from_ms: f64, to_ms: f64) {
        self.walk.skip(from_ms, to_ms);
    }

    /// The parts that could not be read.
    pub fn unread(&self) -> &[Span] {
        self.walk.unread()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The times that are read of pictures with these beginnings, each shown until the next, and what they stand for.
    fn read(pace: Pace, begins_ms: &[f64], end_ms: f64) -> Vec<(f64, f64)> {
        let mut sequence = Sequence::new(pace);
        let ends = begins_ms.iter().skip(1).chain([&end_ms]);
        begins_ms
            .iter()
            .zip(ends)
            .filter_map(|(from, to)| Some((*from, sequence.picture(*from, *to)?)))
            .collect()
    }

    fn times(read: &[(f64, f64)]) -> Vec<f64> {
        read.iter().map(|(time_ms, _)| *time_ms).collect()
    }

    fn thirty_a_second(frames: u32) -> Vec<f64> {
        (0..frames).map(|at| (f64::from(at) * 1e6 / 30.0).round() / 1000.0).collect()
    }

    #[test]
    fn ten_a_second_of_thirty_are_every_third() {
        let read = read(Pace::PerSecond(10), &thirty_a_second(120), 4000.0);
        let grid: Vec<f64> = (0..40).map(|at| f64::from(at) * 100.0).collect();
        assert_eq!(times(&read), grid);
        assert!(read.iter().all(|(_, span_ms)| *span_ms == 100.0));
    }

    #[test]
    fn a_picture_that_stands_for_several_looks_is_read_once() {
        let begins_ms: Vec<f64> = (0..10).map(|at| f64::from(at) * 100.0).collect();
        let read = read(Pace::PerSecond(25), &begins_ms, 1000.0);
        assert_eq!(times(&read), begins_ms);
        assert!(read.iter().all(|(_, span_ms)| (80.0..=120.0).contains(span_ms)));
        assert!((read.iter().map(|(_, span_ms)| span_ms).sum::<f64>() - 1000.0).abs() < 1e-6);
    }

    /// As after a seek: what is shown at each look is read, once.
    #[test]
    fn the_walk_by_seeking_reads_the_same() {
        let mut begins_ms = vec![3.0];
        // Lengths without a pattern, from 4 to 290 ms, from a generator of Lehmer's.
        let mut seed = 1u64;
        while begins_ms.last().is_some_and(|last| *last < 9000.0) {
            seed = seed * 48_271 % 0x7fff_ffff;
            begins_ms.push(begins_ms[begins_ms.len() - 1] + 4.0 + (seed % 286) as f64);
        }
        let end_ms = begins_ms.pop().unwrap_or_default();
        for pace in [1, 2, 5, 10, 25].map(Pace::PerSecond) {
            let mut walk = Walk::new(pace, None);
            let mut sought: Vec<(f64, f64)> = Vec::new();
            while let Some(look_ms) = walk.next_ms().filter(|look_ms| look_ms + AIM_MS < end_ms) {
                let at = begins_ms.partition_point(|begin_ms| *begin_ms <= look_ms + AIM_MS);
                let index = at.saturating_sub(1);
                let until_ms = begins_ms.get(index + 1).copied().unwrap_or(end_ms);
                let time_ms = begins_ms[index];
                let shown = Shown { time_ms, duration_ms: Some(until_ms - time_ms), ended: false };
                match walk.shown(shown) {
                    Verdict::New { span_ms } => sought.push((time_ms, span_ms)),
                    Verdict::Same { more_ms } => sought.last_mut().expect("one before").1 += more_ms,
                    Verdict::Other => {}
                }
            }
            assert_eq!(read(pace, &begins_ms, end_ms), sought, "{pace:?}");
        }
    }

    #[test]
    fn every_frame_is_every_frame_however_close_and_wherever_it_begins() {
        let begins_ms = [-80.0, -40.0, 0.0, 0.2, 0.4, 100_000.0];
        let read = read(Pace::EveryFrame, &begins_ms, 100_040.0);
        assert_eq!(times(&read), begins_ms);
        let spans: Vec<f64> = read.iter().map(|(_, span_ms)| (span_ms * 10.0).round() / 10.0).collect();
        assert_eq!(spans, [40.0, 40.0, 0.2, 0.2, 1000.0, 40.0]);
    }

    #[test]
    fn a_film_may_begin_late_or_before_zero() {
        let late: Vec<f64> = thirty_a_second(30).iter().map(|time_ms| time_ms + 100_000.0).collect();
        let found = read(Pace::PerSecond(10), &late, 101_000.0);
        assert_eq!((found.len(), found[0].0), (10, 100_000.0));
        let early: Vec<f64> = thirty_a_second(30).iter().map(|time_ms| time_ms - 500.0).collect();
        let found = read(Pace::PerSecond(10), &early, 500.0);
        assert_eq!((found.len(), found[0].0), (5, 0.0));
    }

    #[test]
    fn what_is_lost_is_named_and_reading_goes_on_behind_it() {
        let mut sequence = Sequence::new(Pace::PerSecond(10));
        assert_eq!(sequence.picture(0.0, 40.0), Some(100.0));
        sequence.lost(40.0, 1000.0);
        assert_eq!(sequence.picture(1000.0, 1040.0), Some(100.0));
        assert_eq!(sequence.picture(1040.0, 1080.0), None);
        sequence.lost(1080.0, 1090.0);
        assert_eq!(sequence.picture(1090.0, 1180.0), Some(100.0));
        let [first, second] = sequence.unread() else { panic!("{:?}", sequence.unread()) };
        assert_eq!((first.from_ms, first.to_ms), (40.0, 1000.0));
        assert_eq!((second.from_ms, second.to_ms), (1080.0, 1090.0));
        let mut every = Sequence::new(Pace::EveryFrame);
        every.lost(0.0, 500.0);
        assert_eq!((every.picture(500.0, 540.0), every.unread().len()), (Some(40.0), 1));
    }
}
