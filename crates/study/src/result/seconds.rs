//! Person-seconds: the unit of panel statistics.

use std::ops::Range;

use super::Columns;

/// One second of one participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Second {
    /// Milliseconds of it that belong to the stimulus: 1,000, or less for the last one.
    pub length_ms: u32,
    /// Mean raw depths x 10,000, rounded; nothing where usable readings cover less than half of it.
    pub raw: Option<[u16; 7]>,
}

/// The seconds of a stimulus of `duration_ms`, from its readings.
///
/// A reading stands for the time until the next reading, at most for two intervals of the asked rate, and not beyond its
/// second. A second is the mean of its usable readings if they cover half of it; nothing is filled in. A last second of under
/// 250 ms is left out. Readings before the stimulus (negative media time) belong to no second.
pub fn seconds(columns: &Columns, readings: Range<usize>, duration_ms: u32, rate_hz: u32) -> Vec<Second> {
    let count = duration_ms / 1_000 + u32::from(duration_ms % 1_000 >= 250);
    let count = if count == 0 && duration_ms > 0 { 1 } else { count };
    let longest = i64::from(2_000 / rate_hz.max(1));
    let mut covered = vec![0_i64; count as usize];
    let mut sums = vec![[0_u64; 7]; count as usize];
    let mut counts = vec![0_u64; count as usize];
    for index in readings.clone() {
        let media = i64::from(columns.media_ms[index]);
        if media < 0 || media >= i64::from(duration_ms) || !columns.is_usable(index) {
            continue;
        }
        let second = (media / 1_000) as usize;
        let (Some(raw), true) = (columns.raw_at(index), second < covered.len()) else { continue };
        let end = (media / 1_000 + 1) * 1_000;
        let next =
            if index + 1 < readings.end { i64::from(columns.media_ms[index + 1]) } else { media + longest };
        covered[second] += next.min(media + longest).min(end) - media;
        counts[second] += 1;
        for (sum, value) in sums[second].iter_mut().zip(raw) {
            *sum += u64::from(value);
        }
    }
    let second = |index: usize| {
        let length_ms = (duration_ms - index as u32 * 1_000).min(1_000);
        let enough = counts[index] > 0 && covered[index] * 2 >= i64::from(length_ms);
        let n = counts[index].max(1);
        let raw = enough.then(|| sums[index].map(|sum| ((sum + n / 2) / n) as u16));
        Second { length_ms, raw }
    };
    (0..covered.len()).map(second).collect()
}
