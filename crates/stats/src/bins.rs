//! From one exposure's samples to its person-seconds.

use serde::{Deserialize, Serialize};

use crate::error::{StatsError, at_least, finite, same_length};
use crate::measure::{EXPRESSIONS, MEASURES, measures_of};

/// What stands for 1 in the integers of result files.
pub const ONE: u16 = 10_000;

/// One exposure's samples of the calibrated face in columns, all of one length, in the order of recording.
#[derive(Debug, Clone, Copy)]
pub struct Samples<'a> {
    /// Time in the stimulus, in milliseconds. It may stand still (a stalled film), but not run backwards.
    pub media_time_ms: &'a [u32],
    /// Quality of each sample, 0..=10,000.
    pub quality: &'a [u16],
    /// `raw` of angry, disgust, fear, happy, sad, surprise, neutral, each 0..=10,000. Not looked at below the least
    /// quality.
    pub raw: [&'a [u16]; EXPRESSIONS],
}

/// When a person's second counts. [`SecondRule::default`] is the rule of the documents.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SecondRule {
    /// Samples per second that the study asked for, more than 0.
    pub sample_rate_hz: f64,
    /// Least quality of a sample that counts, 0..1.
    pub least_quality: f64,
    /// Least share of the second, 0..1, that samples of this quality must cover; each covers 1 / `sample_rate_hz`.
    pub least_cover: f64,
}

impl Default for SecondRule {
    fn default() -> Self {
        Self { sample_rate_hz: 10.0, least_quality: 0.5, least_cover: 0.5 }
    }
}

/// The person-seconds of one exposure.
#[derive(Debug, Clone, PartialEq)]
pub struct Binned {
    /// `cells[measure * seconds + second]` in the order of [`crate::Measure::ALL`], NaN where missing: ready for
    /// [`crate::PersonSeconds::push`].
    pub cells: Vec<f64>,
    /// Whole seconds of the stimulus, at least 1.
    pub seconds: usize,
    /// How many of them are there.
    pub usable_seconds: usize,
    /// Samples that lie after the last whole second, and so in no bin.
    pub samples_after_end: usize,
}

impl Binned {
    /// Share of the seconds that are there, 0..1.
    #[must_use]
    pub fn usable_share(&self) -> f64 {
        self.usable_seconds as f64 / self.seconds as f64
    }
}

/// Number of bins of a stimulus: its whole seconds. A last part of less than a second is left out, but a stimulus
/// that is shorter than one second is one bin of its own length.
#[must_use]
pub fn seconds_of(duration_ms: u32) -> usize {
    (duration_ms / 1_000).max(1) as usize
}

/// The sums of one exposure's samples per second, from which its person-seconds follow: whole numbers, so that every
/// program that needs them rounds for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondSums {
    /// Whole seconds of the stimulus, at least 1.
    pub seconds: usize,
    /// How many samples count in each second.
    pub counts: Vec<u32>,
    /// `sums[measure * seconds + second]` in the file's integers, in the order of [`crate::Measure::ALL`].
    pub sums: Vec<i64>,
    /// Samples that lie after the last whole second, and so in no bin.
    pub samples_after_end: usize,
    /// Least number of samples of a second that is there, at least 1.
    pub least_count: u32,
}

impl SecondSums {
    /// Whether a second is there: enough samples count.
    ///
    /// # Panics
    /// If the second does not exist.
    #[must_use]
    pub fn is_there(&self, second: usize) -> bool {
        self.counts[second] >= self.least_count
    }

    /// How many seconds are there.
    #[must_use]
    pub fn usable_seconds(&self) -> usize {
        (0..self.seconds).filter(|&second| self.is_there(second)).count()
    }

    /// Mean raw depths of a second in the file's integers, rounded, halves up; `None` where it is missing.
    ///
    /// # Panics
    /// If the second does not exist.
    #[must_use]
    pub fn raw(&self, second: usize) -> Option<[u16; EXPRESSIONS]> {
        let count = i64::from(self.counts[second].max(1));
        let mean =
            |expression: usize| ((self.sums[expression * self.seconds + second] + count / 2) / count) as u16;
        self.is_there(second).then(|| core::array::from_fn(mean))
    }
}

/// The sums per second of media time of the samples that count: those of at least `least_quality`. A second is there if
/// they cover `least_cover` of it. Cost: one pass over the samples.
///
/// # Errors
/// As [`person_seconds`].
pub fn second_sums(
    samples: &Samples<'_>,
    duration_ms: u32,
    rule: &SecondRule,
) -> Result<SecondSums, StatsError> {
    at_least("milliseconds of the stimulus", duration_ms as usize, 1)?;
    let least_quality = least_quality(rule)?;
    check_columns(samples)?;
    let seconds = seconds_of(duration_ms);
    let bin_ms = duration_ms.min(1_000);
    let mut sums = vec![0i64; MEASURES * seconds];
    let mut counts = vec![0u32; seconds];
    let mut samples_after_end = 0;
    for (sample, &time) in samples.media_time_ms.iter().enumerate() {
        let second = (time / bin_ms) as usize;
        if second >= seconds {
            samples_after_end += 1;
            continue;
        }
        if samples.quality[sample] < least_quality {
            continue;
        }
        let raw = samples.raw.map(|column| column[sample]);
        if let Some(&found) = raw.iter().find(|&&value| value > ONE) {
            return Err(StatsError::OutOfRange {
                what: "raw",
                expected: "0 to 10,000",
                found: f64::from(found),
            });
        }
        counts[second] += 1;
        for (measure, value) in measures_of(raw.map(i32::from), i32::from(ONE)).into_iter().enumerate() {
            sums[measure * seconds + second] += i64::from(value);
        }
    }
    let needed = rule.least_cover * f64::from(bin_ms) * rule.sample_rate_hz / 1_000.0;
    let least_count = ((needed - 1e-9).ceil() as u32).max(1);
    Ok(SecondSums { seconds, counts, sums, samples_after_end, least_count })
}

/// Means per second of media time. A second is the mean over its samples of at least `least_quality`, if there are
/// enough of them to cover `least_cover` of it, else missing. Nothing is interpolated.
///
/// With a `baseline` (the personal neutral in the same order as `raw`, each 0..1) every measure is `raw - baseline`;
/// valence and intensity of the baseline follow by the same formulas. Cost: one pass over the samples.
///
/// # Errors
/// [`StatsError::Length`] if the columns differ in length; [`StatsError::TimeDisorder`] if media time runs backwards;
/// [`StatsError::OutOfRange`] if a number is above 10,000, the duration is 0 or a setting or the baseline out of range.
pub fn person_seconds(
    samples: &Samples<'_>,
    duration_ms: u32,
    baseline: Option<&[f64; EXPRESSIONS]>,
    rule: &SecondRule,
) -> Result<Binned, StatsError> {
    let sums = second_sums(samples, duration_ms, rule)?;
    let seconds = sums.seconds;
    let neutral = baseline.map(baseline_measures).transpose()?.unwrap_or_default();
    let cells = (0..MEASURES * seconds).map(|cell| {
        if sums.is_there(cell % seconds) {
            let count = f64::from(sums.counts[cell % seconds]);
            sums.sums[cell] as f64 / (count * f64::from(ONE)) - neutral[cell / seconds]
        } else {
            f64::NAN
        }
    });
    let usable_seconds = sums.usable_seconds();
    Ok(Binned { cells: cells.collect(), seconds, usable_seconds, samples_after_end: sums.samples_after_end })
}

/// The least quality in the file's integers, after a check of the rule.
fn least_quality(rule: &SecondRule) -> Result<u16, StatsError> {
    let share = |what, found: f64| {
        let expected = "between 0 and 1";
        if (0.0..=1.0).contains(&found) {
            Ok(found)
        } else {
            Err(StatsError::OutOfRange { what, expected, found })
        }
    };
    let rate = finite("sample rate", rule.sample_rate_hz)?;
    if rate <= 0.0 {
        return Err(StatsError::OutOfRange {
            what: "sample rate",
            expected: "more than 0 per second",
            found: rate,
        });
    }
    share("least cover of a second", rule.least_cover)?;
    // The product lies within 1e-12 of a whole number where the setting has four decimals.
    Ok((share("least quality", rule.least_quality)? * f64::from(ONE) - 1e-9).ceil() as u16)
}

fn check_columns(samples: &Samples<'_>) -> Result<(), StatsError> {
    let length = samples.media_time_ms.len();
    same_length("column of quality", samples.quality.len(), length)?;
    for column in samples.raw {
        same_length("column of raw", column.len(), length)?;
    }
    if let Some(earlier) = samples.media_time_ms.windows(2).position(|pair| pair[1] < pair[0]) {
        return Err(StatsError::TimeDisorder { sample: earlier + 1 });
    }
    match samples.quality.iter().find(|&&value| value > ONE) {
        Some(&found) => {
            Err(StatsError::OutOfRange { what: "quality", expected: "0 to 10,000", found: f64::from(found) })
        }
        None => Ok(()),
    }
}

/// All measures of the personal neutral, or of the mean raw depths of a second: each 0..1.
///
/// # Errors
/// [`StatsError::OutOfRange`] if a number is not within 0..1.
pub fn baseline_measures(baseline: &[f64; EXPRESSIONS]) -> Result<[f64; MEASURES], StatsError> {
    if let Some(&found) = baseline.iter().find(|value| !(0.0..=1.0).contains(*value)) {
        return Err(StatsError::OutOfRange { what: "baseline", expected: "between 0 and 1", found });
    }
    let [angry, disgust, fear, happy, sad, surprise, neutral] = *baseline;
    let valence = (happy - (angry + disgust + fear + sad)).clamp(-1.0, 1.0);
    Ok([angry, disgust, fear, happy, sad, surprise, neutral, valence, 1.0 - neutral])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Measure;

    /// Samples at `times`; all raw columns hold `value` but the last, which holds `neutral`.
    fn bin(times: &[u32], quality: &[u16], value: &[u16], duration_ms: u32) -> Result<Binned, StatsError> {
        let zero = vec![0; times.len()];
        let raw = [&zero[..], &zero, &zero, value, &zero, &zero, &zero];
        person_seconds(
            &Samples { media_time_ms: times, quality, raw },
            duration_ms,
            None,
            &SecondRule::default(),
        )
    }

    #[test]
    fn a_second_needs_half_of_its_samples() {
        let times: Vec<u32> = (0..30).map(|i| i * 100).collect();
        let mut quality = vec![9_000; 30];
        quality[..5].fill(4_999); // second 0: five of ten are good, the fifth bad one just below
        quality[10..16].fill(0); // second 1: four of ten are good
        let value: Vec<u16> = (0..30).map(|i| i * 100).collect();
        let binned = bin(&times, &quality, &value, 3_400).unwrap();
        assert_eq!((binned.seconds, binned.usable_seconds), (3, 2));
        let happy = &binned.cells[Measure::Happy.index() * 3..][..3];
        assert!((happy[0] - 0.07).abs() < 1e-15, "mean of .05 .06 .07 .08 .09: {}", happy[0]);
        assert!(happy[1].is_nan());
        assert!((happy[2] - 0.245).abs() < 1e-15);
        assert!((binned.usable_share() - 2.0 / 3.0).abs() < 1e-15);
    }

    #[test]
    fn quality_of_exactly_one_half_counts() {
        let times: Vec<u32> = (0..10).map(|i| i * 100).collect();
        assert_eq!(bin(&times, &[5_000; 10], &[1; 10], 1_000).unwrap().usable_seconds, 1);
        assert_eq!(bin(&times, &[4_999; 10], &[1; 10], 1_000).unwrap().usable_seconds, 0);
    }

    #[test]
    fn bad_samples_are_not_looked_at() {
        let times: Vec<u32> = (0..10).map(|i| i * 100).collect();
        let mut quality = [9_000; 10];
        let mut value = [2_000; 10];
        quality[3] = 0;
        value[3] = u16::MAX; // no face: whatever the column holds there
        assert!((bin(&times, &quality, &value, 1_000).unwrap().cells[3] - 0.2).abs() < 1e-15);
        quality[3] = 9_000;
        assert!(matches!(
            bin(&times, &quality, &value, 1_000),
            Err(StatsError::OutOfRange { what: "raw", .. })
        ));
    }

    #[test]
    fn ends_and_short_stimuli() {
        let times: Vec<u32> = (0..26).map(|i| i * 100).collect();
        let binned = bin(&times, &[9_000; 26], &[1; 26], 2_500).unwrap();
        assert_eq!((binned.seconds, binned.samples_after_end), (2, 6));
        // 400 ms are one bin, which two samples cover by half.
        let short = bin(&[0, 100, 400], &[9_000; 3], &[1; 3], 400).unwrap();
        assert_eq!((short.seconds, short.usable_seconds, short.samples_after_end), (1, 1, 1));
        assert_eq!(bin(&[0], &[9_000], &[1], 400).unwrap().usable_seconds, 0);
        let none = bin(&[], &[], &[], 2_000).unwrap();
        assert_eq!((none.seconds, none.usable_seconds), (2, 0));
        assert!(none.cells.iter().all(|cell| cell.is_nan()));
        assert!(bin(&[], &[], &[], 0).is_err());
    }

    #[test]
    fn refuses_what_does_not_fit() {
        assert_eq!(bin(&[0, 200, 100], &[1; 3], &[1; 3], 1_000), Err(StatsError::TimeDisorder { sample: 2 }));
        assert!(matches!(bin(&[0, 100], &[1; 3], &[1; 2], 1_000), Err(StatsError::Length { .. })));
        assert!(matches!(
            bin(&[0], &[10_001], &[1], 1_000),
            Err(StatsError::OutOfRange { what: "quality", .. })
        ));
        assert!(bin(&[0, 0, 0], &[9_000; 3], &[1; 3], 1_000).is_ok(), "a stalled film is no disorder");
    }

    #[test]
    fn measures_follow_their_formulas_and_the_baseline_is_taken_off() {
        let one = [3_000u16, 1_000, 500, 4_000, 2_500, 100, 3_500];
        let columns = one.map(|value| vec![value; 10]);
        let times: Vec<u32> = (0..10).map(|i| i * 100).collect();
        let raw = [0, 1, 2, 3, 4, 5, 6].map(|i: usize| &columns[i][..]);
        let samples = Samples { media_time_ms: &times, quality: &[8_000; 10], raw };
        let rule = SecondRule::default();
        let plain = person_seconds(&samples, 1_000, None, &rule).unwrap().cells;
        assert!((plain[Measure::Valence.index()] - -0.3).abs() < 1e-15);
        assert!((plain[Measure::Intensity.index()] - 0.65).abs() < 1e-15);
        let baseline = [0.1, 0.0, 0.0, 0.05, 0.0, 0.0, 0.8];
        let corrected = person_seconds(&samples, 1_000, Some(&baseline), &rule).unwrap().cells;
        assert!((corrected[Measure::Angry.index()] - 0.2).abs() < 1e-15);
        assert!((corrected[Measure::Valence.index()] - (-0.3 + 0.05)).abs() < 1e-15);
        assert!((corrected[Measure::Intensity.index()] - (0.65 - 0.2)).abs() < 1e-15);
    }
}
