//! Reliability of a mean curve: would other people of the same kind give the same curve?

use serde::{Deserialize, Serialize};

use crate::error::{StatsError, at_least};
use crate::interval::quantile_of_sorted;
use crate::random::Random;
use crate::subset::{Matrix, Subsets, Sums};
use crate::table::PersonSeconds;

/// Reliability of a mean curve and of one person's curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reliability {
    /// People it is computed of.
    pub people: usize,
    /// Seconds it is computed of.
    pub seconds: usize,
    /// ICC(C,k) = Cronbach's alpha: of the mean of these people. At most 1; below 0 if they disagree more than by
    /// chance.
    pub of_mean: f64,
    /// ICC(C,1): of one person's curve.
    pub of_one: f64,
    /// `of_one` stepped up to all people of the table by [`spearman_brown`]: equal to `of_mean` where nobody has a gap.
    pub of_panel: f64,
}

/// ICC(C,k), which is Cronbach's alpha with people as items and seconds as cases (McGraw & Wong 1996), and ICC(C,1).
///
/// Both need a table without gaps: the people with the fewest gaps are taken, as many of them as give the largest
/// table of seconds in which all of these are there. The result says how many people and seconds that are; `of_panel`
/// steps up from them to everyone in the table.
///
/// # Errors
/// [`StatsError::TooFew`] if no two people share two seconds; [`StatsError::NoVariation`] if the curves do not vary.
///
/// # Panics
/// If the measure does not exist.
pub fn reliability(table: &PersonSeconds, measure: usize) -> Result<Reliability, StatsError> {
    let (people, seconds) = complete_cases(table, measure);
    let k = at_least("people without gaps at the same seconds", people.len(), 2)? as f64;
    let n = at_least("complete seconds", seconds.len(), 2)? as f64;
    let value = |person: usize, second: usize| table.row(people[person], measure)[seconds[second]];
    // About each person's own mean: people who are higher throughout do not count as disagreement ("C": consistency).
    let person_means: Vec<f64> =
        (0..people.len()).map(|p| (0..seconds.len()).map(|s| value(p, s)).sum::<f64>() / n).collect();
    let mut second_sums = vec![0.0; seconds.len()];
    let mut squares = 0.0;
    for (person, mean) in person_means.iter().enumerate() {
        for (second, sum) in second_sums.iter_mut().enumerate() {
            let away = value(person, second) - mean;
            *sum += away;
            squares += away * away;
        }
    }
    let between: f64 = second_sums.iter().map(|sum| sum * sum / k).sum();
    let mean_square_seconds = between / (n - 1.0);
    let mean_square_error = (squares - between).max(0.0) / ((n - 1.0) * (k - 1.0));
    let nothing = squares <= 1e-24 * n * k;
    if nothing || mean_square_seconds <= 1e-15 * mean_square_error {
        return Err(StatsError::NoVariation { what: "the curves" });
    }
    let signal = mean_square_seconds - mean_square_error;
    let of_one = signal / (mean_square_seconds + (k - 1.0) * mean_square_error);
    Ok(Reliability {
        people: people.len(),
        seconds: seconds.len(),
        of_mean: signal / mean_square_seconds,
        of_one,
        of_panel: spearman_brown(of_one, table.people() as f64),
    })
}

/// Reliability of the mean of `factor` times as many people (Spearman & Brown 1910).
#[must_use]
pub fn spearman_brown(reliability: f64, factor: f64) -> f64 {
    factor * reliability / (1.0 + (factor - 1.0) * reliability)
}

/// People and seconds of the largest table without gaps among these: the m people with the fewest gaps (of equal ones
/// the first), and the seconds in which all of them are there, for every m from 2 on.
fn complete_cases(table: &PersonSeconds, measure: usize) -> (Vec<usize>, Vec<usize>) {
    let gaps = |person: usize| table.row(person, measure).iter().filter(|value| value.is_nan()).count();
    let mut order: Vec<(usize, usize)> = (0..table.people()).map(|person| (gaps(person), person)).collect();
    order.sort_unstable();
    let mut everyone = vec![true; table.seconds()];
    let (mut best, mut cells) = (0, 0);
    let mut seconds = Vec::new();
    for (place, &(_, person)) in order.iter().enumerate() {
        let row = table.row(person, measure);
        row.iter().zip(&mut everyone).for_each(|(value, everyone)| *everyone &= !value.is_nan());
        let left = everyone.iter().filter(|everyone| **everyone).count();
        if place > 0 && left > 1 && (place + 1) * left >= cells {
            (best, cells) = (place + 1, (place + 1) * left);
            seconds = (0..everyone.len()).filter(|&second| everyone[second]).collect();
        }
    }
    let mut people: Vec<usize> = order[..best].iter().map(|&(_, person)| person).collect();
    people.sort_unstable();
    (people, seconds)
}

/// Split-half reliability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SplitHalf {
    /// Median over the splits of 2r / (1 + r), r being the correlation of the two halves' mean curves.
    pub median: f64,
    /// Splits it is the median of: those with a correlation.
    pub splits: usize,
    /// True if these are all splits there are.
    pub exact: bool,
}

/// Median split half: people are parted in two halves (of an odd number one half has one more), the mean curves of
/// both are correlated over the seconds in which both have somebody, and r is stepped up to the whole panel by 2r /
/// (1 + r). All ways to part them if there are at most `splits`, else `splits` random ones from `seed`. Needs no
/// table without gaps.
///
/// # Errors
/// [`StatsError::TooFew`] under two people, two seconds or without a split; [`StatsError::NoVariation`] if no split
/// has a correlation.
///
/// # Panics
/// If the measure does not exist.
pub fn split_half(
    table: &PersonSeconds,
    measure: usize,
    splits: usize,
    seed: u64,
) -> Result<SplitHalf, StatsError> {
    let people = at_least("people", table.people(), 2)?;
    let seconds = at_least("seconds", table.seconds(), 2)?;
    at_least("splits", splits, 1)?;
    let cell = |person: usize, second: usize| table.row(person, measure)[second];
    let values = Matrix::new(people, seconds, |p, s| if cell(p, s).is_nan() { 0.0 } else { cell(p, s) });
    let there = Matrix::new(people, seconds, |p, s| f64::from(!cell(p, s).is_nan()));
    let halves = Halves::new(people, splits, seed);
    let everyone: Vec<usize> = (0..people).collect();
    let (total, total_there) = (sum_of(&values, &everyone, people), sum_of(&there, &everyone, people));

    let mut stepped_up = Vec::with_capacity(halves.count);
    let (mut sums, mut sums_there) = (Sums::default(), Sums::default());
    let (mut row, mut row_there) = (Vec::new(), Vec::new());
    for start in (0..halves.count).step_by(SLICE) {
        let count = SLICE.min(halves.count - start);
        let mut subsets = Subsets::new(people, count);
        for offset in 0..count {
            halves.each(start + offset, |person| subsets.insert(offset, person));
        }
        values.sums(&subsets, &mut sums);
        there.sums(&subsets, &mut sums_there);
        for offset in 0..count {
            sums.copy(offset, &mut row);
            sums_there.copy(offset, &mut row_there);
            let pair = |second: usize| {
                let (sum, n) = (row[second], row_there[second]);
                (sum / n, (total[second] - sum) / (total_there[second] - n))
            };
            let pairs = (0..seconds).map(pair).filter(|(a, b)| a.is_finite() && b.is_finite());
            // At r = -1 the formula has no value.
            let r = correlation(pairs).filter(|r| *r > -1.0);
            stepped_up.extend(r.map(|r| spearman_brown(r, 2.0)));
        }
    }
    if stepped_up.is_empty() {
        return Err(StatsError::NoVariation { what: "the halves' curves" });
    }
    stepped_up.sort_by(f64::total_cmp);
    let median = quantile_of_sorted(&stepped_up, 0.5);
    Ok(SplitHalf { median, splits: stepped_up.len(), exact: halves.exact })
}

/// Splits that are summed at once.
const SLICE: usize = 256;

fn sum_of(matrix: &Matrix, members: &[usize], people: usize) -> Vec<f64> {
    let mut subset = Subsets::new(people, 1);
    members.iter().for_each(|&person| subset.insert(0, person));
    let (mut sums, mut row) = (Sums::default(), Vec::new());
    matrix.sums(&subset, &mut sums);
    sums.copy(0, &mut row);
    row
}

/// The ways to part people in two halves.
struct Halves {
    people: usize,
    count: usize,
    exact: bool,
    seed: u64,
    /// All halves, if each is taken once: bit i is person i.
    all: Vec<u64>,
}

impl Halves {
    fn new(people: usize, splits: usize, seed: u64) -> Self {
        // Of an even number each split would come twice; so the first person is always in the other half.
        let free = if people.is_multiple_of(2) { people - 1 } else { people };
        let size = people / 2;
        // More than 24 people have over a million splits: nobody asks for all of them.
        let possible =
            (free <= 24).then(|| (0u64..1 << free).filter(|half| half.count_ones() as usize == size));
        let all: Vec<u64> = possible.into_iter().flatten().take(splits + 1).collect();
        let exact = !all.is_empty() && all.len() <= splits;
        Self { people, count: if exact { all.len() } else { splits }, exact, seed, all }
    }

    fn each(&self, split: usize, mut member: impl FnMut(usize)) {
        if self.exact {
            let half = self.all[split];
            (0..self.people).filter(|person| half >> person & 1 == 1).for_each(member);
        } else {
            let mut order: Vec<u32> = (0..self.people as u32).collect();
            Random::stream(self.seed, split as u64).choose_front(&mut order, self.people / 2);
            order[..self.people / 2].iter().for_each(|&person| member(person as usize));
        }
    }
}

/// Pearson's r; `None` under two pairs or if one side does not vary.
pub(crate) fn correlation(pairs: impl Iterator<Item = (f64, f64)> + Clone) -> Option<f64> {
    let (mut n, mut a_sum, mut b_sum) = (0.0, 0.0, 0.0);
    for (a, b) in pairs.clone() {
        n += 1.0;
        a_sum += a;
        b_sum += b;
    }
    let (a_mean, b_mean) = (a_sum / n, b_sum / n);
    let (mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0);
    for (a, b) in pairs {
        let (a, b) = (a - a_mean, b - b_mean);
        aa += a * a;
        bb += b * b;
        ab += a * b;
    }
    // What rounding leaves of a constant is no variation.
    let varies = |squares: f64, mean: f64| squares > 1e-28 * n * (mean * mean + 1e-12);
    (n >= 2.0 && varies(aa, a_mean) && varies(bb, b_mean)).then(|| (ab / (aa * bb).sqrt()).clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(people: &[&[f64]]) -> PersonSeconds {
        let mut table = PersonSeconds::new(1, people[0].len()).unwrap();
        people.iter().for_each(|person| table.push(person).unwrap());
        table
    }

    #[test]
    fn the_largest_complete_table_is_used() {
        let nan = f64::NAN;
        let by_seconds = table(&[&[1.0, 2.0, 3.0, nan], &[2.0, 2.5, 3.0, 1.0], &[0.0, 2.0, 4.0, nan]]);
        let result = reliability(&by_seconds, 0).unwrap();
        assert_eq!((result.people, result.seconds), (3, 3));
        let by_people = table(&[&[1.0, nan, nan, nan], &[2.0, 2.5, 3.0, 1.0], &[0.0, 2.0, 4.0, 1.0]]);
        let result = reliability(&by_people, 0).unwrap();
        assert_eq!((result.people, result.seconds), (2, 4));
    }

    #[test]
    fn identical_curves_are_wholly_reliable_and_flat_ones_have_no_reliability() {
        let same = table(&[&[1.0, 2.0, 5.0], &[1.0, 2.0, 5.0], &[2.0, 3.0, 6.0]]);
        let result = reliability(&same, 0).unwrap();
        assert!((result.of_mean - 1.0).abs() < 1e-12 && (result.of_one - 1.0).abs() < 1e-12);
        let flat = table(&[&[0.1, 0.1, 0.1], &[0.7, 0.7, 0.7]]);
        assert!(matches!(reliability(&flat, 0), Err(StatsError::NoVariation { .. })));
        assert!(matches!(split_half(&flat, 0, 10, 1), Err(StatsError::NoVariation { .. })));
    }

    #[test]
    fn counts_of_splits() {
        let count = |people: usize, splits: usize| {
            let halves = Halves::new(people, splits, 1);
            (halves.count, halves.exact)
        };
        assert_eq!(count(8, 1_000), (35, true));
        assert_eq!(count(7, 1_000), (35, true));
        assert_eq!(count(8, 34), (34, false));
        assert_eq!(count(2, 5), (1, true));
        assert_eq!(count(100, 1_000), (1_000, false));
    }
}
