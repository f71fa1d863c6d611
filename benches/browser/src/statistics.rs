//! Quartiles, and ratios of what was measured in the same round.

use serde_json::{Value, json};

/// The three quartiles; `None` of nothing. Between two values they are interpolated.
pub fn quartiles(values: &[f64]) -> Option<[f64; 3]> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    Some([0.25, 0.5, 0.75].map(|share| {
        let place = share * last as f64;
        let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
        low + (high - low) * place.fract()
    }))
}

/// `[q1, median, q3]`, or null.
pub fn summary(values: &[f64]) -> Value {
    quartiles(values).map_or(Value::Null, |quartiles| json!(quartiles))
}

/// The other's value over ours in each round.
pub fn ratios(ours: &[f64], other: &[f64]) -> Vec<f64> {
    ours.iter().zip(other).map(|(ours, other)| other / ours).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_lie_between_the_values() {
        assert_eq!(quartiles(&[]), None);
        assert_eq!(quartiles(&[3.0]), Some([3.0; 3]));
        assert_eq!(quartiles(&[4.0, 1.0, 2.0, 3.0]), Some([1.75, 2.5, 3.25]));
        assert_eq!(quartiles(&[f64::NAN, 1.0]), Some([1.0; 3]));
    }

    #[test]
    fn ratios_are_taken_round_by_round() {
        assert_eq!(ratios(&[1.0, 2.0], &[2.0, 6.0]), [2.0, 3.0]);
    }
}
