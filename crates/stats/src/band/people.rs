//! Resampling people with replacement.

use super::Sides;
use super::side::Side;
use crate::random::Random;

/// The largest |t| of each resample, drawn from streams of `seed`: first the people of the first side, then those of
/// the second.
pub(super) fn drawn(sides: &Sides, resamples: usize, seed: u64) -> Vec<f64> {
    largest(sides, resamples, |resample, times| {
        let mut random = Random::stream(seed, resample as u64);
        let mut first = 0;
        for side in &sides.sides {
            for _ in 0..side.people {
                times[first + random.below(side.people)] += 1;
            }
            first += side.people;
        }
    })
}

/// The largest |t| of each resample; `draw(resample, times)` fills in how often each person is taken, from zeros.
pub(super) fn largest(sides: &Sides, resamples: usize, draw: impl Fn(usize, &mut [u32])) -> Vec<f64> {
    let mut times = vec![0; sides.people()];
    let mut sums: Vec<Sums> = sides.sides.iter().map(|side| Sums::new(side.seconds())).collect();
    let one = |resample: usize| {
        times.fill(0);
        draw(resample, &mut times);
        let mut rest = &times[..];
        for (side, sums) in sides.sides.iter().zip(&mut sums) {
            let (own, others) = rest.split_at(side.people);
            sums.weigh(side, own);
            rest = others;
        }
        sides.largest_t(|side, second| sums[side].mean_and_error(second))
    };
    (0..resamples).map(one).collect()
}

/// Weighted sums per second.
struct Sums {
    people: Vec<f64>,
    sum: Vec<f64>,
    squares: Vec<f64>,
}

impl Sums {
    fn new(seconds: usize) -> Self {
        Self { people: vec![0.0; seconds], sum: vec![0.0; seconds], squares: vec![0.0; seconds] }
    }

    fn weigh(&mut self, side: &Side, times: &[u32]) {
        let seconds = self.sum.len();
        self.sum.fill(0.0);
        self.squares.fill(0.0);
        self.people.fill(if side.there.is_empty() { times.iter().map(|&n| f64::from(n)).sum() } else { 0.0 });
        for (person, &times) in times.iter().enumerate().filter(|(_, times)| **times > 0) {
            let times = f64::from(times);
            let row = &side.deviations[person * seconds..][..seconds];
            for ((sum, squares), value) in self.sum.iter_mut().zip(&mut self.squares).zip(row) {
                let weighted = times * value;
                *sum += weighted;
                *squares += weighted * value;
            }
            if !side.there.is_empty() {
                let row = &side.there[person * seconds..][..seconds];
                self.people.iter_mut().zip(row).for_each(|(people, there)| *people += times * there);
            }
        }
    }

    /// Mean deviation of the people drawn and its squared standard error; `None` under two of them.
    fn mean_and_error(&self, second: usize) -> Option<(f64, f64)> {
        let n = self.people[second];
        let mean = self.sum[second] / n;
        (n >= 2.0).then(|| (mean, (self.squares[second] - self.sum[second] * mean).max(0.0) / (n - 1.0) / n))
    }
}
