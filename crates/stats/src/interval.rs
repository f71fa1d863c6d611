use serde::{Deserialize, Serialize};

/// From the lower to the upper limit, both included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower limit, in the unit of what it belongs to.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
}

impl Interval {
    /// `centre` ± `reach`.
    #[must_use]
    pub(crate) fn around(centre: f64, reach: f64) -> Self {
        Self { low: centre - reach, high: centre + reach }
    }

    /// True if `value` lies within.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// A number with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The number as it is in this panel.
    pub value: f64,
    /// Where it would lie in such panels, with the stated confidence.
    pub interval: Interval,
}

/// The value below which a share `p` of the sorted values lies, straight between neighbours (type 7 of Hyndman & Fan
/// 1996, the default of R and numpy). NaN of no values.
pub(crate) fn quantile_of_sorted(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = p * last as f64;
    let below = (place.floor() as usize).min(last);
    let above = (below + 1).min(last);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}

/// The percentile interval of bootstrap values, which it sorts.
pub(crate) fn percentile_interval(values: &mut [f64], confidence: f64) -> Interval {
    values.sort_by(f64::total_cmp);
    let tail = 0.5 * (1.0 - confidence);
    Interval { low: quantile_of_sorted(values, tail), high: quantile_of_sorted(values, 1.0 - tail) }
}
