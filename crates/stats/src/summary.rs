//! What one remembers of a mean curve: mean, end, peak and trough, and when they come.

use serde::{Deserialize, Serialize};

use crate::error::{StatsError, at_least, open_share, same_length};
use crate::interval::{Estimate, Interval, percentile_interval};
use crate::random::Random;
use crate::special::student_t_quantile;
use crate::table::PersonSeconds;

/// How a summary is made.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SummarySettings {
    /// Confidence of each interval; 0.95.
    pub confidence: f64,
    /// Number of bootstrap resamples of people; 2,000.
    pub resamples: usize,
    /// Seconds at the end that "end" is the mean of; 3, or all of a shorter part.
    pub end_seconds: usize,
    /// Start of the random draws.
    pub seed: u64,
}

impl Default for SummarySettings {
    fn default() -> Self {
        Self { confidence: 0.95, resamples: 2_000, end_seconds: 3, seed: 1 }
    }
}

/// A mean curve in six numbers, each with its interval: mean and end by Student's t, the others by the percentile
/// bootstrap.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Mean of the mean curve.
    pub mean: Estimate,
    /// Mean of its last seconds.
    pub end: Estimate,
    /// Its highest second.
    pub peak: Estimate,
    /// Its lowest second.
    pub trough: Estimate,
    /// When the peak is: the second that begins there, counted from the stimulus's start; of equal ones the first.
    pub peak_second: Estimate,
    /// When the trough is.
    pub trough_second: Estimate,
}

/// Summary of the mean curve of one measure over the seconds `from..to` (a segment, or all).
///
/// Mean and end are averages over people, so their intervals are Student's t of the people's parts in them (where
/// nobody is missing: of the people's own means). Those of peak and trough come from drawing as many people as there
/// are, with replacement, again and again, and taking the middle share of the numbers (percentile bootstrap, Efron
/// 1979). A peak is a maximum: in small or noisy panels chance makes it higher, and the bootstrap does not take that
/// out. Cost: people x seconds x resamples.
///
/// # Errors
/// [`StatsError::TooFew`] under two people, without a resample or if nobody is there in any of the seconds;
/// [`StatsError::OutOfRange`] if `confidence` is not between 0 and 1.
///
/// # Panics
/// If the measure does not exist.
pub fn summary(
    table: &PersonSeconds,
    measure: usize,
    (from, to): (usize, usize),
    settings: &SummarySettings,
) -> Result<Summary, StatsError> {
    let people = table.people();
    let draw = |resample: usize, times: &mut [u32]| {
        let mut random = Random::stream(settings.seed, resample as u64);
        for _ in 0..people {
            times[random.below(people)] += 1;
        }
    };
    summary_of(table, measure, (from, to), settings, draw)
}

/// [`summary`] with given draws instead of random ones, so that another program can check it: `draws[resample]` are
/// the places of the people drawn. `resamples` and `seed` of the settings are not used.
///
/// # Errors
/// As [`summary`]; [`StatsError::Length`] if a resample has not as many draws as people; [`StatsError::OutOfRange`]
/// if a person does not exist.
pub fn summary_with_draws(
    table: &PersonSeconds,
    measure: usize,
    (from, to): (usize, usize),
    settings: &SummarySettings,
    draws: &[Vec<usize>],
) -> Result<Summary, StatsError> {
    for draw in draws {
        same_length("draws of a resample", draw.len(), table.people())?;
        if let Some(&found) = draw.iter().find(|&&person| person >= table.people()) {
            let expected = "the place of a person";
            return Err(StatsError::OutOfRange { what: "a draw", expected, found: found as f64 });
        }
    }
    let settings = SummarySettings { resamples: draws.len(), ..*settings };
    let draw =
        |resample: usize, times: &mut [u32]| draws[resample].iter().for_each(|&person| times[person] += 1);
    summary_of(table, measure, (from, to), &settings, draw)
}

fn summary_of(
    table: &PersonSeconds,
    measure: usize,
    (from, to): (usize, usize),
    settings: &SummarySettings,
    draw: impl Fn(usize, &mut [u32]),
) -> Result<Summary, StatsError> {
    open_share("confidence", settings.confidence)?;
    at_least("people", table.people(), 2)?;
    at_least("resamples", settings.resamples, 1)?;
    let part = Part::new(table, measure, from, to);
    let mut curve = part.curve();
    let own = part.extremes(&mut curve, &vec![1; table.people()]);
    let own = own.ok_or(StatsError::TooFew { what: "seconds with people", found: 0, needed: 1 })?;
    let [mean, end] = [0, part.end_start(&curve, settings.end_seconds)].map(|start| {
        let value = part.mean_of(&curve, start);
        Estimate { value, interval: part.mean_interval(&curve, start, value, settings.confidence) }
    });
    let mut drawn: [Vec<f64>; 4] = core::array::from_fn(|_| Vec::with_capacity(settings.resamples));
    let mut times = vec![0; table.people()];
    for resample in 0..settings.resamples {
        times.fill(0);
        draw(resample, &mut times);
        // Nobody drawn is there in any second: possible of very few people only.
        if let Some(extremes) = part.extremes(&mut curve, &times) {
            drawn.iter_mut().zip(extremes).for_each(|(all, value)| all.push(value));
        }
    }
    let mut values = own.into_iter();
    let [peak, trough, peak_second, trough_second] = drawn.map(|mut drawn| {
        let value = values.next().unwrap_or(f64::NAN);
        Estimate { value, interval: percentile_interval(&mut drawn, settings.confidence) }
    });
    Ok(Summary { mean, end, peak, trough, peak_second, trough_second })
}

/// The seconds that are summed up: people's values, 0 where missing, and who is there.
struct Part {
    from: usize,
    seconds: usize,
    values: Vec<f64>,
    /// 1 or 0 a cell; empty if nobody is missing anywhere.
    there: Vec<f64>,
}

/// Weighted sums per second, then the mean curve; and the weights.
struct Curve {
    mean: Vec<f64>,
    weight: Vec<f64>,
}

impl Part {
    fn new(table: &PersonSeconds, measure: usize, from: usize, to: usize) -> Self {
        let to = to.min(table.seconds());
        let from = from.min(to);
        let cells = || table.rows(measure).flat_map(|row| &row[from..to]);
        let values = cells().map(|value| if value.is_nan() { 0.0 } else { *value }).collect();
        let missing = cells().any(|value| value.is_nan());
        let there =
            if missing { cells().map(|value| f64::from(!value.is_nan())).collect() } else { Vec::new() };
        Self { from, seconds: to - from, values, there }
    }

    fn curve(&self) -> Curve {
        Curve { mean: vec![0.0; self.seconds], weight: vec![0.0; self.seconds] }
    }

    /// Peak, trough and their seconds with each person taken `times[person]` times; `None` if no second has anybody.
    fn extremes(&self, curve: &mut Curve, times: &[u32]) -> Option<[f64; 4]> {
        if self.seconds == 0 {
            return None;
        }
        self.weigh(curve, times);
        let there = |second: &usize| curve.weight[*second] > 0.0;
        let first = (0..self.seconds).find(there)?;
        let (mut peak, mut trough) = (first, first);
        for second in (first..self.seconds).filter(there) {
            if curve.mean[second] > curve.mean[peak] {
                peak = second;
            }
            if curve.mean[second] < curve.mean[trough] {
                trough = second;
            }
        }
        let second = |place: usize| (self.from + place) as f64;
        Some([curve.mean[peak], curve.mean[trough], second(peak), second(trough)])
    }

    /// Where the end begins. If nobody is there at the very end, it is that of the curve as far as it goes.
    fn end_start(&self, curve: &Curve, end_seconds: usize) -> usize {
        let last = (0..self.seconds).rev().find(|&second| curve.weight[second] > 0.0);
        last.map_or(0, |last| (last + 1).saturating_sub(end_seconds.max(1)))
    }

    /// Seconds with people from `start` on.
    fn seconds_from<'a>(&self, curve: &'a Curve, start: usize) -> impl Iterator<Item = usize> + Clone + 'a {
        (start..self.seconds).filter(|&second| curve.weight[second] > 0.0)
    }

    /// Mean of the mean curve from `start` on.
    fn mean_of(&self, curve: &Curve, start: usize) -> f64 {
        let seconds = self.seconds_from(curve, start);
        let (count, sum) =
            seconds.fold((0u32, 0.0), |(count, sum), second| (count + 1, sum + curve.mean[second]));
        sum / f64::from(count)
    }

    /// Interval of [`Part::mean_of`]: Student's t of the people's parts in it, each second's deviation weighted by 1
    /// / n(t).
    fn mean_interval(&self, curve: &Curve, start: usize, mean: f64, confidence: f64) -> Interval {
        let seconds = self.seconds_from(curve, start);
        let count = seconds.clone().count() as f64;
        let people = self.values.len() / self.seconds;
        let (mut n, mut squares) = (0.0, 0.0);
        for person in 0..people {
            let row = person * self.seconds;
            let there = |second: &usize| self.there.is_empty() || self.there[row + second] > 0.0;
            let own = seconds.clone().filter(there);
            let part: f64 =
                own.clone().map(|s| (self.values[row + s] - curve.mean[s]) / (curve.weight[s] * count)).sum();
            n += f64::from(u8::from(own.clone().next().is_some()));
            squares += part * part;
        }
        if n < 2.0 {
            return Interval { low: f64::NEG_INFINITY, high: f64::INFINITY };
        }
        // Parts add up to 0 over people; n / (n - 1) as in every variance of a sample.
        let error = (squares * n / (n - 1.0)).sqrt();
        let reach =
            if error > 0.0 { student_t_quantile(0.5 + 0.5 * confidence, n - 1.0) * error } else { 0.0 };
        Interval::around(mean, reach)
    }

    fn weigh(&self, curve: &mut Curve, times: &[u32]) {
        curve.mean.fill(0.0);
        curve.weight.fill(0.0);
        for (row, &times) in
            self.values.chunks_exact(self.seconds).zip(times).filter(|(_, times)| **times > 0)
        {
            let times = f64::from(times);
            curve.mean.iter_mut().zip(row).for_each(|(sum, value)| *sum += times * value);
        }
        if self.there.is_empty() {
            curve.weight.fill(times.iter().map(|&times| f64::from(times)).sum());
        }
        for (row, &times) in self.there.chunks_exact(self.seconds).zip(times).filter(|(_, times)| **times > 0)
        {
            let times = f64::from(times);
            curve.weight.iter_mut().zip(row).for_each(|(sum, there)| *sum += times * there);
        }
        curve.mean.iter_mut().zip(&curve.weight).for_each(|(mean, weight)| *mean /= weight);
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
    fn six_numbers_of_a_curve_and_of_a_segment() {
        let table = table(&[&[0.1, 0.5, 0.5, 0.2, 0.3], &[0.1, 0.5, 0.5, 0.2, 0.3]]);
        let settings = SummarySettings { resamples: 50, ..SummarySettings::default() };
        let all = summary(&table, 0, (0, 5), &settings).unwrap();
        assert!((all.mean.value - 0.32).abs() < 1e-15 && (all.end.value - 1.0 / 3.0).abs() < 1e-15);
        assert_eq!((all.peak.value, all.peak_second.value), (0.5, 1.0), "of equal seconds the first");
        assert_eq!((all.trough.value, all.trough_second.value), (0.1, 0.0));
        let segment = summary(&table, 0, (3, 9), &settings).unwrap();
        assert_eq!((segment.peak_second.value, segment.trough_second.value), (4.0, 3.0));
        assert_eq!(segment.end.value, 0.25, "a part shorter than the end is all end");
    }

    #[test]
    fn people_alike_leave_no_doubt() {
        let table = table(&[&[0.25, 0.5], &[0.25, 0.5], &[0.25, 0.5]]);
        let all = summary(&table, 0, (0, 2), &SummarySettings::default()).unwrap();
        assert_eq!((all.peak.interval.low, all.peak.interval.high), (0.5, 0.5));
    }

    #[test]
    fn seconds_without_people_are_left_out() {
        let nan = f64::NAN;
        let table = table(&[&[nan, 0.25, nan, nan], &[nan, 0.5, 0.125, nan], &[nan, 0.375, 0.125, nan]]);
        let all = summary(&table, 0, (0, 4), &SummarySettings::default()).unwrap();
        assert_eq!((all.peak_second.value, all.trough.value), (1.0, 0.125));
        assert!(all.peak.interval.low >= 0.25 && all.peak.interval.high <= 0.5);
        assert!(summary(&table, 0, (3, 4), &SummarySettings::default()).is_err());
        assert!(summary(&table, 0, (2, 2), &SummarySettings::default()).is_err());
    }
}
