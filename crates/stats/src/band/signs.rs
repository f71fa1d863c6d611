//! Random signs of the people's deviations.

use super::Sides;
use super::side::Side;
use crate::random::Random;
use crate::subset::{self, Matrix, Subsets};

/// The largest |t| of each resample, its signs drawn from a stream of `seed`, 64 at a time in the order of people.
pub(super) fn drawn(sides: &Sides, resamples: usize, seed: u64) -> Vec<f64> {
    let words = sides.people().div_ceil(64);
    let stream = |resample: usize| {
        let mut random = Random::stream(seed, resample as u64);
        (0..words).map(move |_| random.bits())
    };
    let signs: Vec<u64> = (0..resamples).flat_map(stream).collect();
    largest(sides, resamples, |resample, person| {
        signs[resample * words + person / 64] >> (person % 64) & 1 == 1
    })
}

/// Resamples that are summed at once.
const SLICE: usize = 256;

/// The largest |t| of each resample; `plus(resample, person)` is true where the sign is plus.
pub(super) fn largest(sides: &Sides, resamples: usize, plus: impl Fn(usize, usize) -> bool) -> Vec<f64> {
    let matrices: Vec<(Matrix, Vec<f64>)> = sides.sides.iter().map(matrix_and_totals).collect();
    let mut sums = vec![(subset::Sums::default(), Vec::new()); matrices.len()];
    let mut largest = Vec::with_capacity(resamples);
    for start in (0..resamples).step_by(SLICE) {
        let count = SLICE.min(resamples - start);
        let mut first = 0;
        for ((side, (matrix, _)), (sums, _)) in sides.sides.iter().zip(&matrices).zip(&mut sums) {
            let mut subsets = Subsets::new(side.people, count);
            for offset in 0..count {
                let with_plus = (0..side.people).filter(|person| plus(start + offset, first + person));
                with_plus.for_each(|person| subsets.insert(offset, person));
            }
            matrix.sums(&subsets, sums);
            first += side.people;
        }
        for offset in 0..count {
            sums.iter_mut().for_each(|(sums, row)| sums.copy(offset, row));
            largest.push(sides.largest_t(|side, second| {
                let signed = 2.0 * sums[side].1[second] - matrices[side].1[second];
                Some(mean_and_error(&sides.sides[side], second, signed))
            }));
        }
    }
    largest
}

fn matrix_and_totals(side: &Side) -> (Matrix, Vec<f64>) {
    let deviation = |person: usize, second: usize| side.deviations[person * side.seconds() + second];
    let total = |second: usize| (0..side.people).map(|person| deviation(person, second)).sum();
    (Matrix::new(side.people, side.seconds(), deviation), (0..side.seconds()).map(total).collect())
}

/// Mean and squared standard error of the signed deviations from their sum; signs do not change squares.
fn mean_and_error(side: &Side, second: usize, signed: f64) -> (f64, f64) {
    let n = f64::from(side.moments.people[second]);
    // Deviations from a sample's own mean are too small by sqrt((n - 1) / n).
    let scale = n / (n - 1.0);
    let mean = signed / n;
    let squares = (side.moments.squares[second] - n * mean * mean).max(0.0);
    (mean * scale.sqrt(), squares * scale / (n - 1.0) / n)
}
