//! The mean curve over people, with its base and its pointwise interval; differences of two curves.

use serde::{Deserialize, Serialize};

use crate::error::{StatsError, open_share};
use crate::interval::Interval;
use crate::special::{student_t_quantile, student_t_two_sided};

/// One second of a mean curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Base n(t): people who are there in this second.
    pub people: u32,
    /// Their mean; `None` of nobody.
    pub mean: Option<f64>,
    /// Standard deviation between them (n - 1); `None` under two people.
    pub sd: Option<f64>,
    /// Pointwise interval of the mean, by Student's t with n(t) - 1 degrees of freedom; `None` under two people.
    pub interval: Option<Interval>,
}

/// Per second: people who are there, their mean and the sum of squares about it. Two passes, so that nothing cancels.
#[derive(Debug, Clone)]
pub(crate) struct Moments {
    pub people: Vec<u32>,
    pub mean: Vec<f64>,
    pub squares: Vec<f64>,
}

impl Moments {
    pub fn of<'a>(rows: impl Iterator<Item = &'a [f64]> + Clone, seconds: usize) -> Self {
        let mut people = vec![0u32; seconds];
        let mut mean = vec![0.0; seconds];
        for row in rows.clone() {
            for (second, value) in row.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
                people[second] += 1;
                mean[second] += value;
            }
        }
        for (mean, &people) in mean.iter_mut().zip(&people) {
            *mean /= f64::from(people);
        }
        let mut squares = vec![0.0; seconds];
        for row in rows {
            for (second, value) in row.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
                let away = value - mean[second];
                squares[second] += away * away;
            }
        }
        Self { people, mean, squares }
    }

    /// Variance between people (n - 1); `None` under two.
    pub fn variance(&self, second: usize) -> Option<f64> {
        let people = self.people[second];
        (people >= 2).then(|| self.squares[second] / f64::from(people - 1))
    }

    /// Standard error of the mean, squared; `None` under two people.
    pub fn mean_variance(&self, second: usize) -> Option<f64> {
        self.variance(second).map(|variance| variance / f64::from(self.people[second]))
    }
}

/// The mean curve of one measure: `rows` are the people's curves of `seconds` numbers, NaN where missing
/// ([`crate::PersonSeconds::rows`]). `confidence` is that of the pointwise intervals, 0.95 for 95 %.
///
/// Pointwise means: at any one second it covers the true mean in 95 of 100 such panels. Over a whole curve it does
/// not; use [`crate::band()`] for that.
///
/// # Errors
/// [`StatsError::OutOfRange`] if `confidence` is not between 0 and 1.
pub fn mean_curve<'a>(
    rows: impl Iterator<Item = &'a [f64]> + Clone,
    seconds: usize,
    confidence: f64,
) -> Result<Vec<Point>, StatsError> {
    let upper = 0.5 + 0.5 * open_share("confidence", confidence)?;
    let moments = Moments::of(rows, seconds);
    let mut quantile = Quantile::new(upper);
    let point = |second: usize| {
        let people = moments.people[second];
        let mean = moments.mean[second];
        let variance = moments.mean_variance(second);
        let interval =
            variance.map(|v| Interval::around(mean, quantile.at(f64::from(people) - 1.0) * v.sqrt()));
        Point {
            people,
            mean: (people > 0).then_some(mean),
            sd: moments.variance(second).map(f64::sqrt),
            interval,
        }
    };
    Ok((0..seconds).map(point).collect())
}

/// One second of the difference first minus second group.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DifferencePoint {
    /// People of both groups who are there.
    pub people: [u32; 2],
    /// Difference of the means; `None` if a group is empty.
    pub difference: Option<f64>,
    /// Pointwise interval by Welch's t; `None` if a group has fewer than two people.
    pub interval: Option<Interval>,
    /// Two-sided p of Welch's t for this second alone; `None` as the interval, or where nobody differs from anybody.
    pub p: Option<f64>,
}

/// The difference of two groups' mean curves, second by second. The second group may be shorter: the rest is left out.
///
/// # Errors
/// [`StatsError::OutOfRange`] if `confidence` is not between 0 and 1.
pub fn difference_curve<'a, 'b>(
    first: impl Iterator<Item = &'a [f64]> + Clone,
    second: impl Iterator<Item = &'b [f64]> + Clone,
    seconds: usize,
    confidence: f64,
) -> Result<Vec<DifferencePoint>, StatsError> {
    let upper = 0.5 + 0.5 * open_share("confidence", confidence)?;
    let (a, b) = (Moments::of(first, seconds), Moments::of(second, seconds));
    let point = |second: usize| {
        let people = [a.people[second], b.people[second]];
        let difference = a.mean[second] - b.mean[second];
        let mut point = DifferencePoint {
            people,
            difference: (people[0] > 0 && people[1] > 0).then_some(difference),
            interval: None,
            p: None,
        };
        if let (Some(va), Some(vb)) = (a.mean_variance(second), b.mean_variance(second)) {
            let error = (va + vb).sqrt();
            if error > 0.0 {
                let df = welch_df(va, vb, people);
                point.interval = Some(Interval::around(difference, student_t_quantile(upper, df) * error));
                point.p = Some(student_t_two_sided(difference / error, df));
            } else {
                point.interval = Some(Interval::around(difference, 0.0));
            }
        }
        point
    };
    Ok((0..seconds).map(point).collect())
}

/// Degrees of freedom by Welch and Satterthwaite from the squared standard errors of both means.
pub(crate) fn welch_df(va: f64, vb: f64, people: [u32; 2]) -> f64 {
    let share = |v: f64, n: u32| v * v / (f64::from(n) - 1.0);
    (va + vb) * (va + vb) / (share(va, people[0]) + share(vb, people[1]))
}

/// Quantiles of Student's t, kept from second to second while the base does not change.
pub(crate) struct Quantile {
    upper: f64,
    last: (f64, f64),
}

impl Quantile {
    pub fn new(upper: f64) -> Self {
        Self { upper, last: (f64::NAN, f64::NAN) }
    }

    pub fn at(&mut self, df: f64) -> f64 {
        if df != self.last.0 {
            self.last = (df, student_t_quantile(self.upper, df));
        }
        self.last.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases_of_none_one_and_many() {
        let nan = f64::NAN;
        let rows: [&[f64]; 3] = [&[nan, nan, 1.0], &[nan, 0.4, 2.0], &[nan, nan, 3.0]];
        let curve = mean_curve(rows.into_iter(), 3, 0.95).unwrap();
        assert_eq!(curve[0], Point { people: 0, mean: None, sd: None, interval: None });
        assert_eq!(curve[1], Point { people: 1, mean: Some(0.4), sd: None, interval: None });
        assert_eq!((curve[2].people, curve[2].mean, curve[2].sd), (3, Some(2.0), Some(1.0)));
        // t(.975, 2) = 4.302652729..., over sqrt(3).
        assert!(
            (curve[2].interval.unwrap().high - (2.0 + 4.302_652_729_749_464 / 3f64.sqrt())).abs() < 1e-12
        );
        assert!(mean_curve(rows.into_iter(), 3, 1.0).is_err());
    }

    #[test]
    fn a_difference_without_spread_has_no_p() {
        let (a, b): ([&[f64]; 2], [&[f64]; 2]) = ([&[0.5], &[0.5]], [&[0.2], &[0.2]]);
        let point = difference_curve(a.into_iter(), b.into_iter(), 1, 0.95).unwrap()[0];
        assert_eq!(point.p, None);
        assert_eq!(point.interval.unwrap().low, point.difference.unwrap());
    }
}
