//! Simultaneous bands: the whole true curve lies within, with the stated confidence.

mod people;
mod side;
mod signs;

use serde::{Deserialize, Serialize};

use crate::error::{StatsError, at_least, open_share, same_length};
use crate::interval::Interval;
use crate::table::PersonSeconds;
use side::Side;

/// Where the spread of the largest |t| under chance comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BandMethod {
    /// As many people as there are, drawn with replacement (bootstrap-t, Hall 1992). Holds for skewed depths, too:
    /// the default.
    People,
    /// Random signs of the people's deviations (Rademacher multiplier-t, Telschow & Schwartzman, arXiv 1901.06386).
    /// Six times as fast, but too narrow where depths are skewed, as those of rare expressions are: see
    /// docs/panels.md.
    Signs,
}

/// How a band is made.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BandSettings {
    /// Share of such panels in which the whole true curve lies within the band; 0.95.
    pub confidence: f64,
    /// Number of resamples; 2,000.
    pub resamples: usize,
    /// Start of the random draws.
    pub seed: u64,
    /// How people are resampled.
    pub method: BandMethod,
}

impl Default for BandSettings {
    fn default() -> Self {
        Self { confidence: 0.95, resamples: 2_000, seed: 1, method: BandMethod::People }
    }
}

/// A simultaneous band.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// Half its width in standard errors: the quantile of the largest |t| over all seconds.
    pub critical: f64,
    /// Its limits per second; `None` where a group has fewer than [`BAND_MINIMUM`] people.
    pub limits: Vec<Option<Interval>>,
}

/// Fewest people of a second (of each group) that has limits: of fewer, many resamples have no spread at all.
pub const BAND_MINIMUM: u32 = 5;

/// The band of one measure's mean curve. Each resample gives a largest |t| of the resampled mean against the panel's
/// over all seconds, with the resample's own standard error; `critical` is the quantile of these, and the band the
/// mean ± `critical` standard errors.
///
/// Cost: people x seconds x resamples; a sixth of it for [`BandMethod::Signs`].
///
/// # Errors
/// [`StatsError::TooFew`] if no second has five people or there is no resample; [`StatsError::NoVariation`] if nobody
/// deviates anywhere; [`StatsError::OutOfRange`] if `confidence` is not between 0 and 1.
///
/// # Panics
/// If the measure does not exist.
pub fn band(table: &PersonSeconds, measure: usize, settings: &BandSettings) -> Result<Band, StatsError> {
    drawn(&Sides::new(table, None, measure)?, settings)
}

/// The band of the difference of two groups' mean curves, first minus second, by the same method with Welch's
/// standard error; each group is resampled on its own. The longer table is cut to the shorter.
///
/// # Errors
/// As [`band`].
///
/// # Panics
/// If the measure does not exist.
pub fn difference_band(
    first: &PersonSeconds,
    second: &PersonSeconds,
    measure: usize,
    settings: &BandSettings,
) -> Result<Band, StatsError> {
    drawn(&Sides::new(first, Some(second), measure)?, settings)
}

/// [`band`] by [`BandMethod::Signs`], or with a second table [`difference_band`], with given signs instead of drawn
/// ones, so that another program can check it: `plus[resample][person]` is true where the sign is plus, the people of
/// the second table after those of the first.
///
/// # Errors
/// As [`band`]; [`StatsError::Length`] if a resample has not one sign per person.
pub fn band_with_signs(
    first: &PersonSeconds,
    second: Option<&PersonSeconds>,
    measure: usize,
    confidence: f64,
    plus: &[Vec<bool>],
) -> Result<Band, StatsError> {
    let sides = Sides::new(first, second, measure)?;
    for signs in plus {
        same_length("signs of a resample", signs.len(), sides.people())?;
    }
    sides.band(signs::largest(&sides, plus.len(), |resample, person| plus[resample][person]), confidence)
}

/// [`band`] by [`BandMethod::People`], or with a second table [`difference_band`], with given draws:
/// `times[resample][person]` says how often each is drawn, the people of the second table after those of the first.
///
/// # Errors
/// As [`band`]; [`StatsError::Length`] if a resample has not one number per person.
pub fn band_with_draws(
    first: &PersonSeconds,
    second: Option<&PersonSeconds>,
    measure: usize,
    confidence: f64,
    times: &[Vec<u32>],
) -> Result<Band, StatsError> {
    let sides = Sides::new(first, second, measure)?;
    for times in times {
        same_length("draws of a resample", times.len(), sides.people())?;
    }
    sides.band(
        people::largest(&sides, times.len(), |resample, all| all.copy_from_slice(&times[resample])),
        confidence,
    )
}

fn drawn(sides: &Sides, settings: &BandSettings) -> Result<Band, StatsError> {
    let largest = match settings.method {
        BandMethod::People => people::drawn(sides, settings.resamples, settings.seed),
        BandMethod::Signs => signs::drawn(sides, settings.resamples, settings.seed),
    };
    sides.band(largest, settings.confidence)
}

/// One or two groups, and the seconds in which all of them have people.
struct Sides {
    sides: Vec<Side>,
    seconds: usize,
    with_people: Vec<usize>,
    /// Those of them in which somebody deviates.
    varying: Vec<usize>,
}

impl Sides {
    fn new(
        first: &PersonSeconds,
        second: Option<&PersonSeconds>,
        measure: usize,
    ) -> Result<Self, StatsError> {
        let tables = [Some(first), second];
        let sides: Vec<Side> = tables.into_iter().flatten().map(|table| Side::new(table, measure)).collect();
        let seconds = second.map_or(first.seconds(), |second| second.seconds().min(first.seconds()));
        let enough = |second: &usize| sides.iter().all(|side| side.moments.people[*second] >= BAND_MINIMUM);
        let with_people: Vec<usize> = (0..seconds).filter(enough).collect();
        at_least("seconds with five people or more", with_people.len(), 1)?;
        let mut all = Self { sides, seconds, with_people, varying: Vec::new() };
        all.varying =
            all.with_people.iter().copied().filter(|&second| all.squared_error(second) > 0.0).collect();
        if all.varying.is_empty() {
            return Err(StatsError::NoVariation { what: "people" });
        }
        Ok(all)
    }

    fn people(&self) -> usize {
        self.sides.iter().map(|side| side.people).sum()
    }

    fn squared_error(&self, second: usize) -> f64 {
        self.sides.iter().filter_map(|side| side.moments.mean_variance(second)).sum()
    }

    /// Largest |t| over the seconds, from each side's mean deviation and its squared standard error in a second; a
    /// second in which a side has none does not count.
    fn largest_t(&self, resampled: impl Fn(usize, usize) -> Option<(f64, f64)>) -> f64 {
        let square = |second: usize| -> Option<f64> {
            let (mut mean, mut error) = resampled(0, second)?;
            if self.sides.len() == 2 {
                let other = resampled(1, second)?;
                mean -= other.0;
                error += other.1;
            }
            // Nobody deviates from anybody in this resample: no limit of its t, unless the mean is met exactly.
            Some(if mean == 0.0 { 0.0 } else { mean * mean / error.max(0.0) })
        };
        self.varying.iter().filter_map(|&second| square(second)).fold(0.0, f64::max).sqrt()
    }

    fn band(&self, mut largest: Vec<f64>, confidence: f64) -> Result<Band, StatsError> {
        open_share("confidence", confidence)?;
        let resamples = at_least("resamples", largest.len(), 1)?;
        largest.sort_by(f64::total_cmp);
        // Rounded up: never narrower than asked for.
        let rank =
            (confidence * (resamples as f64 + 1.0) - 1e-9).ceil().clamp(1.0, resamples as f64) as usize;
        let critical = largest[rank - 1];
        let mut limits = vec![None; self.seconds];
        for &second in &self.with_people {
            let mean = |side: usize| self.sides[side].moments.mean[second];
            let centre = if self.sides.len() == 2 { mean(0) - mean(1) } else { mean(0) };
            let error = self.squared_error(second).sqrt();
            // Where nobody deviates there is no doubt, whatever the critical value.
            let reach = if error > 0.0 { critical * error } else { 0.0 };
            limits[second] = Some(Interval::around(centre, reach));
        }
        Ok(Band { critical, limits })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    fn table(people: usize) -> PersonSeconds {
        let mut table = PersonSeconds::new(1, 8).unwrap();
        for person in 0..people {
            let mut random = Random::stream(3, person as u64);
            let mut cells: Vec<f64> = (0..8).map(|_| random.normal()).collect();
            cells[5] = 0.25;
            cells[6] = if person < 4 { random.normal() } else { f64::NAN };
            table.push(&cells).unwrap();
        }
        table
    }

    #[test]
    fn seconds_without_people_have_no_limits_and_those_without_spread_no_width() {
        for method in [BandMethod::People, BandMethod::Signs] {
            let settings = BandSettings { method, resamples: 500, ..BandSettings::default() };
            let found = band(&table(40), 0, &settings).unwrap();
            assert_eq!(found.limits[6], None);
            assert_eq!(found.limits[5], Some(Interval { low: 0.25, high: 0.25 }));
            assert!((2.2..3.6).contains(&found.critical), "{method:?} {}", found.critical);
            assert_eq!(found, band(&table(40), 0, &settings).unwrap());
            assert_ne!(found, band(&table(40), 0, &BandSettings { seed: 2, ..settings }).unwrap());
        }
    }

    #[test]
    fn what_has_no_band_is_refused() {
        let settings = BandSettings::default();
        assert!(matches!(band(&table(4), 0, &settings), Err(StatsError::TooFew { .. })));
        assert!(difference_band(&table(40), &table(4), 0, &settings).is_err());
        assert!(band(&table(9), 0, &BandSettings { resamples: 0, ..settings }).is_err());
        assert!(band(&table(9), 0, &BandSettings { confidence: 1.0, ..settings }).is_err());
    }
}
