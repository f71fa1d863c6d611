//! Tests of one number per person: Welch's t for two groups, the paired t for two numbers of the same people.

use serde::{Deserialize, Serialize};

use crate::curve::welch_df;
use crate::error::{StatsError, at_least, finite, open_share, same_length};
use crate::interval::Interval;
use crate::special::{student_t_quantile, student_t_two_sided};

/// A t test with the interval that belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TTest {
    /// People of each side; both are the number of pairs in a paired test.
    pub people: [usize; 2],
    /// Mean of the first minus mean of the second side.
    pub difference: f64,
    /// Standard error of the difference.
    pub standard_error: f64,
    /// The difference over its standard error.
    pub t: f64,
    /// Degrees of freedom; not a whole number in Welch's test.
    pub df: f64,
    /// Two-sided: how often chance alone gives a t at least as far from 0.
    pub p: f64,
    /// Interval of the difference.
    pub interval: Interval,
}

/// Mean and squared standard error of the mean of at least two finite numbers.
fn mean_and_error(values: &[f64]) -> Result<(f64, f64), StatsError> {
    at_least("people", values.len(), 2)?;
    for &value in values {
        finite("a person's number", value)?;
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    Ok((mean, squares / (n - 1.0) / n))
}

fn test(
    people: [usize; 2],
    difference: f64,
    squared_error: f64,
    df: f64,
    confidence: f64,
) -> Result<TTest, StatsError> {
    let upper = 0.5 + 0.5 * open_share("confidence", confidence)?;
    if squared_error <= 0.0 {
        return Err(StatsError::NoVariation { what: "the people's numbers" });
    }
    let standard_error = squared_error.sqrt();
    let t = difference / standard_error;
    let interval = Interval::around(difference, student_t_quantile(upper, df) * standard_error);
    Ok(TTest { people, difference, standard_error, t, df, p: student_t_two_sided(t, df), interval })
}

/// Welch's t test: two groups of different people, whose spreads may differ.
///
/// # Errors
/// [`StatsError::TooFew`] under two people a group; [`StatsError::NoVariation`] if nobody differs within either group;
/// [`StatsError::OutOfRange`] if a number is not finite or `confidence` not between 0 and 1.
pub fn welch(first: &[f64], second: &[f64], confidence: f64) -> Result<TTest, StatsError> {
    let ((mean_a, va), (mean_b, vb)) = (mean_and_error(first)?, mean_and_error(second)?);
    let df = welch_df(va, vb, [first.len() as u32, second.len() as u32]);
    test([first.len(), second.len()], mean_a - mean_b, va + vb, df, confidence)
}

/// The paired t test: two numbers of each person, in the same order of people.
///
/// # Errors
/// As [`welch`]; [`StatsError::Length`] if the two lists differ in length.
pub fn paired(first: &[f64], second: &[f64], confidence: f64) -> Result<TTest, StatsError> {
    same_length("second numbers of the pairs", second.len(), first.len())?;
    let differences: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).collect();
    let (mean, squared_error) = mean_and_error(&differences)?;
    test([first.len(); 2], mean, squared_error, first.len() as f64 - 1.0, confidence)
}

/// Mean of one number per person with its t interval: of a segment, for example. The `value` is the mean.
///
/// # Errors
/// As [`welch`], but numbers without spread have an interval of no width.
pub fn mean_interval(values: &[f64], confidence: f64) -> Result<crate::Estimate, StatsError> {
    let upper = 0.5 + 0.5 * open_share("confidence", confidence)?;
    let (value, squared_error) = mean_and_error(values)?;
    let reach = student_t_quantile(upper, values.len() as f64 - 1.0) * squared_error.sqrt();
    Ok(crate::Estimate { value, interval: Interval::around(value, reach) })
}

/// Holm's correction for several planned tests: the p of each, adjusted, in the order given.
///
/// The smallest p is multiplied by the number of tests, the next by one less, and so on; none gets smaller than the
/// one before it, or larger than 1. The chance of even one false alarm among them stays under the level (Holm 1979).
///
/// # Errors
/// [`StatsError::OutOfRange`] if a p is not within 0..1.
pub fn holm(p: &[f64]) -> Result<Vec<f64>, StatsError> {
    if let Some(&found) = p.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        return Err(StatsError::OutOfRange { what: "p", expected: "between 0 and 1", found });
    }
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut adjusted = vec![0.0; p.len()];
    let mut largest = 0.0f64;
    for (rank, &test) in order.iter().enumerate() {
        largest = largest.max(p[test] * (p.len() - rank) as f64).min(1.0);
        adjusted[test] = largest;
    }
    Ok(adjusted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_has_no_answer() {
        assert!(matches!(welch(&[1.0], &[1.0, 2.0], 0.95), Err(StatsError::TooFew { .. })));
        assert!(matches!(welch(&[1.0, 1.0], &[2.0, 2.0], 0.95), Err(StatsError::NoVariation { .. })));
        assert!(matches!(welch(&[1.0, f64::NAN], &[2.0, 2.0], 0.95), Err(StatsError::OutOfRange { .. })));
        assert!(matches!(paired(&[1.0, 2.0], &[2.0], 0.95), Err(StatsError::Length { .. })));
        assert!(holm(&[0.1, 1.2]).is_err());
        assert_eq!(holm(&[]).unwrap(), []);
    }

    #[test]
    fn one_constant_group_is_enough_of_a_test() {
        let result = welch(&[1.0, 2.0, 3.0], &[0.0, 0.0, 0.0], 0.95).unwrap();
        assert_eq!(result.df, 2.0, "the constant group adds no freedom");
    }
}
