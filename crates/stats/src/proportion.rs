//! The share of viewers at or above a threshold.

use serde::{Deserialize, Serialize};

use crate::error::{StatsError, at_least, open_share};
use crate::interval::{Estimate, Interval};
use crate::special::normal_quantile;

/// Share of people, with how many they are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// People who reach the threshold.
    pub reached: u32,
    /// People who are there.
    pub people: u32,
    /// `reached / people` with Wilson's interval, both within 0..1; `None` of nobody.
    pub share: Option<Estimate>,
}

/// Wilson's interval of the share `reached` of `people` (Wilson 1927), without correction for continuity.
///
/// # Errors
/// [`StatsError::TooFew`] of nobody; [`StatsError::OutOfRange`] if more reached than there are, or `confidence` is
/// not between 0 and 1.
pub fn wilson(reached: u32, people: u32, confidence: f64) -> Result<Estimate, StatsError> {
    let z = normal_quantile(0.5 + 0.5 * open_share("confidence", confidence)?);
    at_least("people", people as usize, 1)?;
    if reached > people {
        return Err(StatsError::OutOfRange {
            what: "people who reach the threshold",
            expected: "at most all people",
            found: f64::from(reached),
        });
    }
    let n = f64::from(people);
    let share = f64::from(reached) / n;
    let square = z * z;
    let centre = (share + square / (2.0 * n)) / (1.0 + square / n);
    let reach = z * (share * (1.0 - share) / n + square / (4.0 * n * n)).sqrt() / (1.0 + square / n);
    // At the ends the limit is 0 or 1 exactly; the sum leaves it a last bit away.
    let low = if reached == 0 { 0.0 } else { centre - reach };
    let high = if reached == people { 1.0 } else { centre + reach };
    Ok(Estimate { value: share, interval: Interval { low, high } })
}

/// The difference of two independent shares, first minus second, with Newcombe's interval (Newcombe 1998, method 10:
/// from the two intervals of Wilson). Each pair is (reached, people).
///
/// # Errors
/// As [`wilson`].
pub fn newcombe(first: (u32, u32), second: (u32, u32), confidence: f64) -> Result<Estimate, StatsError> {
    let a = wilson(first.0, first.1, confidence)?;
    let b = wilson(second.0, second.1, confidence)?;
    let value = a.value - b.value;
    let away = |x: f64, y: f64| (x * x + y * y).sqrt();
    let low = value - away(a.value - a.interval.low, b.interval.high - b.value);
    let high = value + away(a.interval.high - a.value, b.value - b.interval.low);
    Ok(Estimate { value, interval: Interval { low, high } })
}

/// Per second the share of people whose mean of the second is at least `threshold`. `rows` as in [`crate::mean_curve`].
///
/// # Errors
/// [`StatsError::OutOfRange`] if `confidence` is not between 0 and 1.
pub fn share_curve<'a>(
    rows: impl Iterator<Item = &'a [f64]>,
    seconds: usize,
    threshold: f64,
    confidence: f64,
) -> Result<Vec<Share>, StatsError> {
    open_share("confidence", confidence)?;
    let mut counts = vec![(0u32, 0u32); seconds];
    for row in rows {
        for (value, (reached, people)) in row.iter().zip(&mut counts) {
            *people += u32::from(!value.is_nan());
            *reached += u32::from(*value >= threshold);
        }
    }
    let share = |(reached, people)| {
        let share = if people > 0 { Some(wilson(reached, people, confidence)?) } else { None };
        Ok(Share { reached, people, share })
    };
    counts.into_iter().map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_are_exact_and_nobody_has_no_share() {
        assert_eq!(wilson(0, 10, 0.95).unwrap().interval.low, 0.0);
        assert_eq!(wilson(10, 10, 0.95).unwrap().interval.high, 1.0);
        assert!(wilson(0, 0, 0.95).is_err() && wilson(3, 2, 0.95).is_err());
        let rows: [&[f64]; 3] = [&[0.5, f64::NAN], &[0.4999, f64::NAN], &[f64::NAN, f64::NAN]];
        let curve = share_curve(rows.into_iter(), 2, 0.5, 0.95).unwrap();
        assert_eq!((curve[0].reached, curve[0].people, curve[0].share.unwrap().value), (1, 2, 0.5));
        assert_eq!(curve[1], Share { reached: 0, people: 0, share: None });
    }
}
