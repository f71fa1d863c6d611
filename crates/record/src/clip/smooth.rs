//! Smoothing of a whole video: symmetric in time, so that a peak stays where it is.
//!
//! `depth_i = sum w_ij raw_j / sum w_ij` with `w_ij = 1 - |t_i - t_j| / T` over the usable readings of the same face that are
//! nearer than T and not beyond a gap: a triangular window. T = 0 is no smoothing.

use std::collections::BTreeMap;

use crate::clip::Columns;
use crate::smooth::GAP_MS;

/// The depths of all rows after smoothing with the half width `time_ms`, each face on its own; rows that are not usable keep
/// their raw ones.
pub fn smoothed(columns: &Columns, time_ms: f64) -> Vec<[f32; 7]> {
    smooth(columns, time_ms, |row| columns.raw(row))
}

/// The lower and the upper ends of the range, smoothed as the depths, which therefore lie between them. Empty where a
/// usable row has no range.
pub fn smoothed_ranges(columns: &Columns, time_ms: f64) -> Vec<[[f32; 7]; 2]> {
    let known = |row| !columns.usable(row) || columns.range(row).is_some();
    if !(0..columns.len()).all(known) {
        return Vec::new();
    }
    let end = |of: usize| smooth(columns, time_ms, move |row| columns.range(row).unwrap_or_default()[of]);
    end(0).into_iter().zip(end(1)).map(<[_; 2]>::from).collect()
}

fn smooth(columns: &Columns, time_ms: f64, value: impl Fn(usize) -> [f32; 7]) -> Vec<[f32; 7]> {
    let mut smooth: Vec<[f32; 7]> = (0..columns.len()).map(&value).collect();
    if time_ms.is_nan() || time_ms <= 0.0 {
        return smooth;
    }
    let mut faces: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for row in 0..columns.len() {
        if let Some(face) = columns.face(row).filter(|_| columns.usable(row)) {
            faces.entry(face).or_default().push(row as u32);
        }
    }
    for rows in faces.values() {
        // Where a gap was, nothing is carried over: the parts are smoothed as if they were alone.
        let gap =
            |pair: [u32; 2]| columns.time_ms(pair[1] as usize) - columns.time_ms(pair[0] as usize) > GAP_MS;
        for part in rows.chunk_by(|a, b| !gap([*a, *b])) {
            smooth_part(columns, part, time_ms, &value, &mut smooth);
        }
    }
    smooth
}

fn smooth_part(
    columns: &Columns,
    rows: &[u32],
    time_ms: f64,
    value: impl Fn(usize) -> [f32; 7],
    smooth: &mut [[f32; 7]],
) {
    let time_of = |row: u32| columns.time_ms(row as usize);
    let mut begin = 0;
    for &row in rows {
        let here_ms = time_of(row);
        while here_ms - time_of(rows[begin]) >= time_ms {
            begin += 1;
        }
        let mut sums = [0.0f64; 7];
        let mut weights = 0.0;
        for &other in rows[begin..].iter().take_while(|other| time_of(**other) - here_ms < time_ms) {
            let weight = 1.0 - (time_of(other) - here_ms).abs() / time_ms;
            weights += weight;
            for (sum, value) in sums.iter_mut().zip(value(other as usize)) {
                *sum += weight * f64::from(value);
            }
        }
        smooth[row as usize] = sums.map(|sum| (sum / weights) as f32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clip::columns::tests::sample;
    use crate::session::Sample;
    use emotion_core::emotion::Depths;

    /// A reading each 100 ms of one face.
    fn columns(happy: &[f32]) -> Columns {
        let mut columns = Columns::default();
        for (at, happy) in happy.iter().enumerate() {
            columns.push(&[sample(at as f64 * 100.0, 1, *happy, 0.3, true)], 100.0);
        }
        columns
    }

    fn happy(depths: &[[f32; 7]]) -> Vec<f32> {
        depths.iter().map(|depths| depths[3]).collect()
    }

    #[test]
    fn a_peak_stays_where_it_is_and_becomes_a_triangle() {
        let columns = columns(&[0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
        let depths = happy(&smoothed(&columns, 200.0));
        // Weights 0.5, 1, 0.5 over their sum.
        assert_eq!(depths, [0.0, 0.0, 0.0, 0.25, 0.5, 0.25, 0.0, 0.0, 0.0]);
        for (a, b) in depths.iter().zip(depths.iter().rev()) {
            assert!((a - b).abs() < 1e-6, "symmetric");
        }
    }

    #[test]
    fn a_constant_stays_constant_to_the_edges() {
        for value in smoothed(&columns(&[0.25; 20]), 500.0) {
            assert!((value[3] - 0.25).abs() < 1e-6);
        }
    }

    #[test]
    fn no_time_is_no_smoothing() {
        let columns = columns(&[0.1, 0.9, 0.2]);
        for time_ms in [0.0, -1.0, f64::NAN] {
            assert_eq!(happy(&smoothed(&columns, time_ms)), [0.1, 0.9, 0.2]);
        }
    }

    #[test]
    fn faces_gaps_and_unusable_readings_are_kept_apart() {
        let mut columns = Columns::default();
        columns.push(&[sample(0.0, 1, 0.0, 0.3, true), sample(0.0, 2, 1.0, 0.3, true)], 100.0);
        columns.push(&[sample(100.0, 1, 0.0, 0.3, true), sample(100.0, 2, 1.0, 0.3, true)], 100.0);
        columns.push(&[sample(200.0, 1, 1.0, 0.3, false)], 100.0);
        columns.push(&[sample(100.0 + GAP_MS + 1.0, 1, 1.0, 0.3, true)], 100.0);
        let depths = happy(&smoothed(&columns, 5000.0));
        assert_eq!(depths, [0.0, 1.0, 0.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn the_smoothed_range_holds_the_smoothed_depth() {
        let mut columns = Columns::default();
        let ranged = |at: usize, happy: f32| {
            let ends = |by: f32| Some(Depths { happy: happy + by, ..Depths::default() });
            let plain = sample(at as f64 * 100.0, 1, happy, 0.3, true);
            Sample { range_low: ends(-0.125), range_high: ends(0.25), ..plain }
        };
        let happy = [0.25, 0.5, 0.25, 0.75, 0.25];
        for (at, happy) in happy.into_iter().enumerate() {
            columns.push(&[ranged(at, happy)], 100.0);
        }
        let (depths, ranges) = (smoothed(&columns, 200.0), smoothed_ranges(&columns, 200.0));
        assert_eq!(ranges.len(), 5);
        for (depth, [low, high]) in depths.iter().zip(&ranges) {
            assert!((depth[3] - low[3] - 0.125).abs() < 1e-6 && (high[3] - depth[3] - 0.25).abs() < 1e-6);
        }
        assert_eq!(smoothed_ranges(&columns, 0.0)[3][1][3], 1.0, "not smoothed, they are the frames' own");
        columns.push(&[Sample::without_face(500.0)], 100.0);
        assert_eq!(smoothed_ranges(&columns, 200.0).len(), 6, "a frame without a face needs none");
        columns.push(&[sample(600.0, 1, 0.5, 0.3, true)], 100.0);
        assert!(smoothed_ranges(&columns, 200.0).is_empty(), "a range is not made up");
    }
}
