//! Person-seconds: the unit of panel statistics. What counts is decided in one place, `emotion_stats::second_sums`.

use std::ops::Range;

use emotion_stats::{Samples, SecondRule, second_sums};

use super::Columns;

/// One second of one participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Second {
    /// Mean raw depths x 10,000, rounded; nothing where usable readings cover less than half of it.
    pub raw: Option<[u16; 7]>,
}

/// The readings of one exposure as the statistics read them, in columns of one length.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    /// Time in the stimulus, in milliseconds.
    pub media_ms: Vec<u32>,
    /// Quality x 10,000; 0 where there is no face, or another one than that of the baseline.
    pub quality: Vec<u16>,
    /// Raw depths x 10,000.
    pub raw: [Vec<u16>; 7],
}

impl Shown {
    /// The readings while the stimulus was shown: those of the rest before it have negative times and are left out.
    pub fn of(columns: &Columns, readings: Range<usize>) -> Self {
        let start = readings.start + columns.media_ms[readings.clone()].partition_point(|media| *media < 0);
        let shown = start..readings.end;
        let quality = |index: usize| if columns.is_faithful(index) { columns.quality[index] } else { 0 };
        Self {
            media_ms: columns.media_ms[shown.clone()].iter().map(|media| *media as u32).collect(),
            quality: shown.clone().map(quality).collect(),
            raw: std::array::from_fn(|emotion| columns.raw[emotion][shown.clone()].to_vec()),
        }
    }

    /// The columns as the statistics read them.
    pub fn samples(&self) -> Samples<'_> {
        let raw = std::array::from_fn(|emotion| &self.raw[emotion][..]);
        Samples { media_time_ms: &self.media_ms, quality: &self.quality, raw }
    }
}

/// The whole seconds of a stimulus of `duration_ms`, from its readings, as the statistics of a panel count them.
///
/// A reading stands for one interval of the asked rate. A second is the mean of its usable readings if they cover half of it;
/// nothing is filled in. A last part of less than a second is left out. Readings before the stimulus (negative media time)
/// belong to no second.
pub fn seconds(columns: &Columns, readings: Range<usize>, duration_ms: u32, rate_hz: u32) -> Vec<Second> {
    let rule = SecondRule { sample_rate_hz: f64::from(rate_hz.max(1)), ..SecondRule::default() };
    // Columns of a file were checked: they can be counted. A stimulus of no length has no second.
    match second_sums(&Shown::of(columns, readings).samples(), duration_ms, &rule) {
        Ok(sums) => (0..sums.seconds).map(|second| Second { raw: sums.raw(second) }).collect(),
        Err(_) => Vec::new(),
    }
}
