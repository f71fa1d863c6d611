//! A video in a few figures for each emotion, from the depths as they were read, not smoothed.

use crate::clip::{Columns, Whose};

/// One emotion over the whole video.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Figures {
    /// Mean over the time that was read, 0..1.
    pub mean: f32,
    /// The largest depth, and the time of its first frame in milliseconds.
    pub peak: f32,
    pub peak_ms: f64,
    /// How long the depth was at the threshold or above, in milliseconds.
    pub above_ms: f64,
}

/// All emotions, in the order of `Emotion::ALL`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Summary {
    /// The time with a usable reading of this face, in milliseconds.
    pub read_ms: f64,
    pub figures: [Figures; 7],
}

/// Summarise the usable readings. Each counts for as long as its frame was shown ([`Columns::span_ms`]).
/// `None` where there is none.
pub fn summarise(columns: &Columns, whose: Whose, threshold: f32) -> Option<Summary> {
    let mut summary = Summary::default();
    let mut sums = [0.0f64; 7];
    let mut any = false;
    for row in columns.rows_of(whose).into_iter().map(|row| row as usize).filter(|row| columns.usable(*row)) {
        let span_ms = columns.span_ms(row);
        summary.read_ms += span_ms;
        for ((figures, sum), depth) in summary.figures.iter_mut().zip(&mut sums).zip(columns.raw(row)) {
            *sum += f64::from(depth) * span_ms;
            if !any || depth > figures.peak {
                (figures.peak, figures.peak_ms) = (depth, columns.time_ms(row));
            }
            if depth >= threshold {
                figures.above_ms += span_ms;
            }
        }
        any = true;
    }
    for (figures, sum) in summary.figures.iter_mut().zip(sums) {
        figures.mean = (sum / summary.read_ms.max(f64::MIN_POSITIVE)) as f32;
    }
    any.then_some(summary)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clip::columns::tests::sample;
    use crate::session::Sample;

    #[test]
    fn mean_peak_and_time_above_follow_the_readings() {
        let mut columns = Columns::default();
        columns.push(&[sample(0.0, 1, 0.5, 0.3, true)], 100.0);
        columns.push(&[sample(100.0, 1, 0.75, 0.3, true)], 300.0);
        columns.push(&[sample(400.0, 1, 1.0, 0.3, false)], 100.0);
        columns.push(&[Sample::without_face(500.0)], 100.0);
        columns.push(&[sample(600.0, 1, 0.75, 0.3, true)], 100.0);
        let summary = summarise(&columns, Whose::Largest, 0.75).expect("there are readings");
        let happy = summary.figures[3];
        assert_eq!(summary.read_ms, 500.0);
        assert_eq!((happy.peak, happy.peak_ms, happy.above_ms), (0.75, 100.0, 400.0));
        assert!((happy.mean - 0.7).abs() < 1e-6, "{}", happy.mean);
        // What is never there peaks at its first reading with 0.
        assert_eq!((summary.figures[0].peak, summary.figures[0].peak_ms), (0.0, 0.0));
        assert_eq!(summarise(&columns, Whose::One(1), 0.75), Some(summary));
    }

    #[test]
    fn without_a_usable_reading_there_are_no_figures() {
        let mut columns = Columns::default();
        columns.push(&[sample(0.0, 1, 0.5, 0.3, false)], 100.0);
        assert_eq!(summarise(&columns, Whose::Largest, 0.5), None);
        assert_eq!(summarise(&Columns::default(), Whose::Largest, 0.5), None);
    }
}
