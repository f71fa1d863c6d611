//! Ticks of a file's clock to microseconds.

/// Ticks at `scale` a second in microseconds, rounded to the nearest, halves away from zero: as browsers and ffmpeg
/// (`AV_ROUND_NEAR_INF`) do it, so that times can be compared with theirs.
pub(crate) fn micros(ticks: i64, scale: u64) -> i64 {
    rescale(ticks, 1_000_000, scale)
}

/// `value * to / from`, rounded likewise; what does not fit is cut to what does.
pub(crate) fn rescale(value: i64, to: u64, from: u64) -> i64 {
    let from = i128::from(from.max(1));
    let product = i128::from(value) * i128::from(to);
    let half = if product < 0 { -from / 2 } else { from / 2 };
    let rounded = (product + half) / from;
    rounded.clamp(i128::from(i64::MIN / 4), i128::from(i64::MAX / 4)) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirds_and_halves_are_rounded_as_by_ffmpeg() {
        assert_eq!(micros(1, 30), 33_333);
        assert_eq!(micros(2, 30), 66_667);
        assert_eq!(micros(1001, 24_000), 41_708);
        assert_eq!(micros(1, 2_000_000), 1);
        assert_eq!(micros(-1, 2_000_000), -1);
        assert_eq!(micros(-1, 30), -33_333);
        assert_eq!(micros(i64::MAX, 1), i64::MAX / 4);
        assert_eq!(micros(5, 0), 5_000_000);
    }
}
