//! The curves of a part of a video: every reading while they fit, and else the smallest and the largest of each column of
//! pixels, so that no peak is lost and an hour draws as fast as a minute.

use crate::view::timeline::{Curves, Run};
use crate::view::video::Window;
use emotion_core::walk::Span;
use emotion_record::clip::Columns;

/// Distance in pixels between the markers that tell the curves apart without colour.
const MARKER_PX: f64 = 105.0;

/// The curves of `rows` (of [`Columns::rows_of`]) in the part `window`, on `pixels` columns of pixels. `depths` has the
/// values to draw for all rows, `ranges` the ends of the band around them, or nothing; rows that are not usable and missing
/// frames break the curves.
pub fn curves(
    columns: &Columns,
    rows: &[u32],
    depths: &[[f32; 7]],
    ranges: &[[[f32; 7]; 2]],
    unread: &[Span],
    window: &Window,
    pixels: usize,
) -> Curves {
    let time_of = |row: u32| columns.time_ms(row as usize);
    // One reading beyond each edge, so that the lines go on to it.
    let begin = rows.partition_point(|row| time_of(*row) < window.from_ms).saturating_sub(1);
    let end = (rows.partition_point(|row| time_of(*row) <= window.to_ms) + 1).min(rows.len());
    let seen = &rows[begin..end.max(begin)];
    let width = pixels.max(1) as f64;
    let dense = seen.len() > 2 * pixels.max(1);
    let mut made = Curves::default();
    let mut column: Option<Column> = None;
    let mut last: Option<u32> = None;
    let mut last_face = None;
    for &row in seen {
        let at = row as usize;
        let (false, Some(values)) = (!columns.usable(at), depths.get(at)) else {
            last = None;
            continue;
        };
        let x = window.x(columns.time_ms(at));
        let face = columns.face(at);
        if let (Some(face), true) = (face, face != last_face) {
            if last_face.is_some() {
                made.changes.push((x, face));
            }
            last_face = Some(face).filter(|face| *face > 0);
        }
        if !last.is_some_and(|last| follows(columns, last, row)) {
            close(&mut made, column.take(), width);
            made.runs.push(Run::default());
        }
        let index = if dense { (f64::from(x) * width).floor() as i64 } else { i64::from(row) };
        let range = ranges.get(at);
        match &mut column {
            Some(column) if column.index == index => column.add(x, values, range),
            _ => {
                close(&mut made, column.take(), width);
                column = Some(Column::new(index, x, values, range));
            }
        }
        last = Some(row);
    }
    close(&mut made, column, width);
    let visible = |span: &&Span| span.to_ms > window.from_ms && span.from_ms < window.to_ms;
    made.unread = unread
        .iter()
        .filter(visible)
        .map(|span| (window.x(span.from_ms).max(0.0), window.x(span.to_ms).min(1.0)))
        .collect();
    made
}

/// Whether a row's frame follows the other's without one between them, and shows the same face.
fn follows(columns: &Columns, last: u32, row: u32) -> bool {
    let (last, row) = (last as usize, row as usize);
    let since_ms = columns.time_ms(row) - columns.time_ms(last);
    // Half as much again: frames do not lie exactly on the grid.
    columns.face(last) == columns.face(row) && since_ms <= columns.span_ms(last) * 1.5 + 1.0
}

/// The readings of one column of pixels.
struct Column {
    index: i64,
    first_x: f32,
    last_x: f32,
    count: usize,
    /// The smallest and the largest depth of each emotion, and whether the smallest came first.
    low: [f32; 7],
    high: [f32; 7],
    low_first: [bool; 7],
    /// The smallest of the lower ends and the largest of the upper ones.
    range: Option<[[f32; 7]; 2]>,
}

impl Column {
    fn new(index: i64, x: f32, values: &[f32; 7], range: Option<&[[f32; 7]; 2]>) -> Self {
        let (low, high, range) = (*values, *values, range.copied());
        Self { index, first_x: x, last_x: x, count: 1, low, high, low_first: [true; 7], range }
    }

    fn add(&mut self, x: f32, values: &[f32; 7], range: Option<&[[f32; 7]; 2]>) {
        self.last_x = x;
        self.count += 1;
        for (emotion, value) in values.iter().enumerate() {
            if *value < self.low[emotion] {
                self.low[emotion] = *value;
                self.low_first[emotion] = false;
            } else if *value > self.high[emotion] {
                self.high[emotion] = *value;
                self.low_first[emotion] = true;
            }
        }
        if let (Some([low, high]), Some([lower, higher])) = (&mut self.range, range) {
            low.iter_mut().zip(lower).for_each(|(low, lower)| *low = low.min(*lower));
            high.iter_mut().zip(higher).for_each(|(high, higher)| *high = high.max(*higher));
        }
    }
}

/// Put a column's one or two points into the last run.
fn close(curves: &mut Curves, column: Option<Column>, width: f64) {
    let (Some(column), Some(run)) = (column, curves.runs.last_mut()) else { return };
    let pick = |low_first: bool, emotion: usize| {
        if column.low_first[emotion] == low_first { column.low[emotion] } else { column.high[emotion] }
    };
    push(run, column.first_x, std::array::from_fn(|emotion| pick(true, emotion)), column.range, width);
    if column.count > 1 {
        push(run, column.last_x, std::array::from_fn(|emotion| pick(false, emotion)), column.range, width);
    }
}

fn push(run: &mut Run, x: f32, values: [f32; 7], range: Option<[[f32; 7]; 2]>, width: f64) {
    let cell = |x: f32, emotion: usize| (f64::from(x) * width / MARKER_PX - emotion as f64 / 7.0).floor();
    let before = run.x.last().copied();
    for (emotion, value) in values.into_iter().enumerate() {
        // Staggered, so that markers do not pile up; fixed to the chart, so that each curve has them everywhere.
        if before.is_some_and(|before| cell(before, emotion) != cell(x, emotion)) {
            run.markers[emotion].push(run.x.len());
        }
        run.depths[emotion].push(value);
        if let Some([low, high]) = range {
            run.ranges[emotion].push((low[emotion], high[emotion]));
        }
    }
    run.x.push(x);
}

#[cfg(test)]
mod tests {
    use super::*;
    use emotion_record::clip::Whose;
    use emotion_record::session::Sample;
    use testkit::samples::sample;

    /// A reading each 100 ms; `None` is a frame without a face.
    fn columns(happy: impl IntoIterator<Item = Option<f32>>) -> Columns {
        let mut columns = Columns::default();
        for (at, happy) in happy.into_iter().enumerate() {
            let time_ms = at as f64 * 100.0;
            let one = match happy {
                Some(happy) => sample(time_ms, 1, happy, 0.3, true),
                None => Sample::without_face(time_ms),
            };
            columns.push(&[one], 100.0);
        }
        columns
    }

    fn drawn(columns: &Columns, window: &Window, pixels: usize) -> Curves {
        let depths: Vec<[f32; 7]> = (0..columns.len()).map(|row| columns.raw(row)).collect();
        curves(columns, &columns.rows_of(Whose::Largest), &depths, &[], &[], window, pixels)
    }

    #[test]
    fn a_short_video_is_drawn_reading_by_reading() {
        let columns = columns([Some(0.1), Some(0.9), Some(0.2), Some(0.4), Some(0.5)]);
        let curves = drawn(&columns, &Window::whole(400.0), 100);
        assert_eq!(curves.runs.len(), 1);
        assert_eq!(curves.runs[0].x, [0.0, 0.25, 0.5, 0.75, 1.0]);
        assert_eq!(curves.runs[0].depths[3], [0.1, 0.9, 0.2, 0.4, 0.5]);
    }

    #[test]
    fn each_point_has_its_range_and_a_column_of_pixels_the_widest() {
        let happy = [0.5, 0.25, 0.75, 0.5];
        let columns = columns(happy.map(Some));
        let depths: Vec<[f32; 7]> = (0..4).map(|row| columns.raw(row)).collect();
        let of = |by: f32, at: usize| {
            std::array::from_fn(|emotion| if emotion == 3 { happy[at] + by } else { 0.0 })
        };
        let ranges: Vec<[[f32; 7]; 2]> = (0..4).map(|at| [of(-0.125, at), of(0.125, at)]).collect();
        let made = |pixels| {
            let rows = columns.rows_of(Whose::Largest);
            curves(&columns, &rows, &depths, &ranges, &[], &Window::whole(400.0), pixels).runs[0].clone()
        };
        let fine = made(100);
        assert_eq!(fine.ranges[3], [(0.375, 0.625), (0.125, 0.375), (0.625, 0.875), (0.375, 0.625)]);
        let coarse = made(1);
        assert_eq!((coarse.x.len(), coarse.ranges[3].as_slice()), (2, &[(0.125, 0.875); 2][..]));
        let without = drawn(&columns, &Window::whole(400.0), 100);
        assert!(without.runs[0].ranges[3].is_empty());
    }

    #[test]
    fn an_hour_keeps_each_peak_and_has_two_points_a_pixel() {
        let peak = 20_001;
        let columns = columns((0..36_000).map(|at| Some(if at == peak { 1.0 } else { 0.25 })));
        let curves = drawn(&columns, &Window::whole(3_600_000.0), 800);
        let points: usize = curves.runs.iter().map(|run| run.x.len()).sum();
        assert!(points <= 2 * 801, "{points}");
        let run = &curves.runs[0];
        let highest = run.depths[3].iter().copied().fold(0.0, f32::max);
        assert_eq!(highest, 1.0);
        let at = run.depths[3].iter().position(|depth| *depth == 1.0).expect("it is drawn");
        assert!((f64::from(run.x[at]) - f64::from(peak) / 36_000.0).abs() < 1.0 / 800.0);
        assert!(run.x.windows(2).all(|pair| pair[0] <= pair[1]));
    }

    #[test]
    fn a_fall_is_drawn_before_the_rise_that_follows_it() {
        // 400 readings on 100 pixels: each column holds 0.9, 0.1, 0.1, 0.5.
        let columns = columns((0..400).map(|at| Some([0.9, 0.1, 0.1, 0.5][at % 4])));
        let curves = drawn(&columns, &Window::whole(40_000.0), 100);
        assert_eq!(curves.runs[0].depths[3][..2], [0.9, 0.1]);
    }

    #[test]
    fn curves_break_where_a_frame_has_no_face_and_where_it_changes() {
        let mut columns = columns([Some(0.1), Some(0.2), None, Some(0.3), Some(0.4)]);
        columns.push(&[sample(500.0, 2, 0.9, 0.3, true)], 100.0);
        columns.push(&[sample(600.0, 2, 0.9, 0.3, false)], 100.0);
        columns.push(&[sample(700.0, 2, 0.8, 0.3, true)], 100.0);
        let curves = drawn(&columns, &Window::whole(700.0), 100);
        let lengths: Vec<usize> = curves.runs.iter().map(|run| run.x.len()).collect();
        assert_eq!(lengths, [2, 2, 1, 1]);
        assert_eq!(curves.changes, [(500.0 / 700.0, 2)]);
    }

    #[test]
    fn a_part_has_one_reading_beyond_each_edge() {
        let columns = columns((0..20).map(|_| Some(0.5)));
        let curves = drawn(&columns, &Window::whole(2000.0).part(450.0, 1050.0), 100);
        let x = &curves.runs[0].x;
        assert_eq!(x.len(), 8);
        assert!(x[0] < 0.0 && x[7] > 1.0);
    }

    #[test]
    fn what_could_not_be_read_is_marked_within_the_part() {
        let columns = columns([Some(0.5)]);
        let span = |from_ms, to_ms| Span { from_ms, to_ms };
        let unread = [span(0.0, 100.0), span(900.0, 1500.0)];
        let window = Window::whole(2000.0).part(500.0, 1500.0);
        let curves = curves(&columns, &[0], &[[0.5; 7]], &[], &unread, &window, 100);
        assert_eq!(curves.unread, [(0.4, 1.0)]);
    }

    #[test]
    fn every_curve_has_its_markers_apart_from_the_others() {
        let columns = columns((0..300).map(|_| Some(0.5)));
        let run = &drawn(&columns, &Window::whole(30_000.0), 800).runs[0];
        assert!(run.markers.iter().all(|markers| (6..=8).contains(&markers.len())), "{:?}", run.markers);
        let all: Vec<usize> = run.markers.iter().flatten().copied().collect();
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), all.len());
    }
}
