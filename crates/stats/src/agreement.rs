//! Agreement between people: does each one's curve go with that of the others?

use serde::{Deserialize, Serialize};

use crate::error::{StatsError, at_least};
use crate::random::Random;
use crate::reliability::correlation;
use crate::table::PersonSeconds;

/// Leave-one-out intersubject correlation (ISC) of one measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// Mean over people: r is averaged as Fisher's z and turned back, -1..1.
    pub mean: f64,
    /// Each person's r with the mean of the others; `None` if a curve does not vary or has under three common seconds.
    pub of_person: Vec<Option<f64>>,
    /// How often curves shifted in time agree as well by chance: (1 + as large ones) / (1 + shifts). One-sided.
    pub p: f64,
    /// Time shifts it is computed of.
    pub shifts: usize,
}

/// Largest |r| that goes into Fisher's z: that of 1 is infinite.
const LARGEST_R: f64 = 1.0 - 1e-12;

/// Each person's curve is correlated with the mean of all others, over the seconds in which the person and another
/// one are there (Nastase et al. 2019; for faces Oakes et al. 2024, doi 10.1016/j.isci.2024.109843). For chance, each
/// person's curve is shifted round by a random number of seconds against the unshifted mean of the others, `shifts`
/// times, from `seed`.
///
/// Cost: people x seconds x the smaller of shifts and seconds.
///
/// # Errors
/// [`StatsError::TooFew`] under two people, three seconds or without a shift; [`StatsError::NoVariation`] if nobody
/// has a correlation.
///
/// # Panics
/// If the measure does not exist.
pub fn agreement(
    table: &PersonSeconds,
    measure: usize,
    shifts: usize,
    seed: u64,
) -> Result<Agreement, StatsError> {
    let people = at_least("people", table.people(), 2)?;
    let seconds = at_least("seconds", table.seconds(), 3)?;
    at_least("shifts", shifts, 1)?;
    let mut others = Others::new(table, measure);
    let of_person: Vec<Option<f64>> = (0..people).map(|person| others.correlation(person, 0)).collect();
    let mean = mean_of(of_person.iter().flatten().copied().map(fisher_z));
    let mean = mean.ok_or(StatsError::NoVariation { what: "the people's curves" })?;
    // z of each person at each shift, once it is needed: NaN until then, infinite where there is none.
    let mut known = vec![f64::NAN; people * seconds];
    let mut as_large = 0usize;
    for shift in 0..shifts {
        let mut random = Random::stream(seed, shift as u64);
        let z = (0..people).map(|person| {
            let by = random.below(seconds);
            let z = &mut known[person * seconds + by];
            if z.is_nan() {
                *z = others.correlation(person, by).map_or(f64::INFINITY, fisher_z);
            }
            *z
        });
        let chance = mean_of(z.filter(|z| z.is_finite()));
        as_large += usize::from(chance.is_some_and(|chance| chance >= mean * (1.0 - 1e-12)));
    }
    let p = (1 + as_large) as f64 / (1 + shifts) as f64;
    Ok(Agreement { mean: libm::tanh(mean), of_person, p, shifts })
}

fn fisher_z(r: f64) -> f64 {
    libm::atanh(r.clamp(-LARGEST_R, LARGEST_R))
}

fn mean_of(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (count, sum) = values.fold((0u32, 0.0), |(count, sum), value| (count + 1, sum + value));
    (count > 0).then(|| sum / f64::from(count))
}

/// People's curves and, for one person at a time, the mean curve of the others.
struct Others<'a> {
    table: &'a PersonSeconds,
    measure: usize,
    sum: Vec<f64>,
    count: Vec<f64>,
    of: Option<usize>,
    mean: Vec<f64>,
}

impl<'a> Others<'a> {
    fn new(table: &'a PersonSeconds, measure: usize) -> Self {
        let mut sum = vec![0.0; table.seconds()];
        let mut count = vec![0.0; table.seconds()];
        for row in table.rows(measure) {
            for (second, value) in row.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
                sum[second] += value;
                count[second] += 1.0;
            }
        }
        Self { table, measure, mean: vec![0.0; sum.len()], sum, count, of: None }
    }

    /// r of a person's curve, shifted round to later by `by` seconds, with the mean of the others.
    fn correlation(&mut self, person: usize, by: usize) -> Option<f64> {
        let row = self.table.row(person, self.measure);
        if self.of != Some(person) {
            self.of = Some(person);
            for (second, mean) in self.mean.iter_mut().enumerate() {
                let value = row[second];
                let (own, one) = if value.is_nan() { (0.0, 0.0) } else { (value, 1.0) };
                let others = self.count[second] - one;
                *mean = if others > 0.0 { (self.sum[second] - own) / others } else { f64::NAN };
            }
        }
        let (wrapped, straight) = self.mean.split_at(by);
        let (early, late) = row.split_at(row.len() - by);
        let pairs = late.iter().zip(wrapped).chain(early.iter().zip(straight));
        let pairs = pairs.filter(|(own, others)| !own.is_nan() && !others.is_nan()).map(|(a, b)| (*a, *b));
        (pairs.clone().take(3).count() == 3).then(|| correlation(pairs)).flatten()
    }
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
    fn identical_people_agree_wholly() {
        let curve: &[f64] = &[0.1, 0.5, 0.2, 0.9, 0.4, 0.3, 0.8, 0.0];
        let result = agreement(&table(&[curve, curve, curve]), 0, 999, 1).unwrap();
        assert!((result.mean - 1.0).abs() < 1e-9);
        // Only where all three are not shifted do they agree as much: once in 512.
        assert!(result.p < 0.01, "{}", result.p);
    }

    #[test]
    fn who_does_not_vary_is_left_out() {
        let result =
            agreement(&table(&[&[0.1, 0.2, 0.4, 0.3], &[0.2, 0.3, 0.4, 0.4], &[0.3; 4]]), 0, 19, 1).unwrap();
        assert!(result.of_person[0].is_some() && result.of_person[2].is_none());
        assert!(matches!(
            agreement(&table(&[&[0.3; 4], &[0.2; 4]]), 0, 19, 1),
            Err(StatsError::NoVariation { .. })
        ));
        assert!(matches!(agreement(&table(&[&[0.3; 4]]), 0, 19, 1), Err(StatsError::TooFew { .. })));
    }

    #[test]
    fn a_shift_moves_a_curve_to_later_seconds() {
        let table = table(&[&[1.0, 0.0, 0.0, 0.0, 0.5], &[0.0, 0.5, 1.0, 0.0, 0.0]]);
        let mut others = Others::new(&table, 0);
        // By two seconds the first person's curve is 0, .5, 1, 0, 0: the second's.
        assert!((others.correlation(0, 2).unwrap() - 1.0).abs() < 1e-12);
        assert!(others.correlation(0, 0).unwrap() < 0.0);
    }
}
