//! A frame, or a part of it, shrunk into the detector's square, its proportions kept, the rest black.

use std::ops::{Add, Mul};

use crate::frame::Frame;
use crate::geometry::Point;

/// Side of the square in pixels.
pub const SIDE: usize = 128;

/// A part of a frame in whole pixels; it has an area and lies inside the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

impl Region {
    /// The whole frame.
    pub fn whole(frame: &Frame) -> Self {
        Self { left: 0, top: 0, width: frame.width(), height: frame.height() }
    }

    /// A part that the caller has cut to the frame and that has an area.
    pub(super) fn new(left: usize, top: usize, width: usize, height: usize) -> Self {
        Self { left, top, width, height }
    }

    /// The part of the frame in a square around a centre, cut at the frame's edge; at least one pixel.
    pub fn around(frame: &Frame, centre: Point, side: f32) -> Self {
        // `as` saturates, so that any number ends inside the frame.
        let span = |centre: f32, length: usize| {
            let first = ((centre - side * 0.5) as usize).min(length - 1);
            let last = (libm::ceilf(centre + side * 0.5) as usize).clamp(first + 1, length);
            (first, last - first)
        };
        let (left, width) = span(centre.x, frame.width());
        let (top, height) = span(centre.y, frame.height());
        Self { left, top, width, height }
    }
}

/// The square, and the memory that filling it needs.
pub struct Letterbox {
    /// RGB, `SIDE * SIDE * 3`.
    pixels: Vec<u8>,
    /// Weighted sums of the region's columns over the rows of one output row, RGBA.
    columns: Vec<u32>,
    /// The part of them that is not weighted yet.
    between: Vec<u16>,
    /// The region's columns that each column of the output covers.
    spans: Vec<Span>,
}

/// How the square shows the region: upright, or turned clockwise by quarters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Turn {
    #[default]
    None,
    Quarter,
    Half,
    ThreeQuarters,
}

impl Turn {
    pub const ALL: [Turn; 4] = [Turn::None, Turn::Half, Turn::Quarter, Turn::ThreeQuarters];

    /// Those that show another picture than the upright one; the half first, because cameras hang upside down more often than
    /// on their side.
    pub const OTHERS: [Turn; 3] = [Turn::Half, Turn::Quarter, Turn::ThreeQuarters];

    /// The turn under which a face with this roll (degrees, clockwise in the picture) stands upright.
    pub fn upright(roll: f32) -> Self {
        match roll {
            _ if (-45.0..=45.0).contains(&roll) => Turn::None,
            _ if roll.abs() > 135.0 => Turn::Half,
            _ if roll > 0.0 => Turn::ThreeQuarters,
            _ => Turn::Quarter,
        }
    }

    /// Where a point of the turned square lies in the upright one.
    fn back(self, point: Point) -> Point {
        let side = SIDE as f32;
        match self {
            Turn::None => point,
            Turn::Quarter => Point::new(point.y, side - point.x),
            Turn::Half => Point::new(side - point.x, side - point.y),
            Turn::ThreeQuarters => Point::new(side - point.y, point.x),
        }
    }
}

/// Where the region lies in the square.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    turn: Turn,
    left: f32,
    top: f32,
    /// Frame pixels per pixel of the square.
    step_x: f32,
    step_y: f32,
    /// The region's corner in the frame.
    corner: Point,
}

impl Placement {
    /// From pixels of the square to pixels of the frame.
    pub fn to_frame(&self, point: Point) -> Point {
        let point = self.turn.back(point);
        Point::new(
            (point.x - self.left) * self.step_x + self.corner.x,
            (point.y - self.top) * self.step_y + self.corner.y,
        )
    }
}

impl Default for Letterbox {
    fn default() -> Self {
        Self::new()
    }
}

impl Letterbox {
    pub fn new() -> Self {
        let pixels = vec![0; SIDE * SIDE * 3];
        Self { pixels, columns: Vec::new(), between: Vec::new(), spans: Vec::new() }
    }

    /// The square as last filled: RGB, rows from top to bottom.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Shrink a region of a frame into the square, centred. Each pixel is the mean of the area that it
    /// covers, shares of pixels included, rounded; all in integers (alpha is ignored).
    pub fn fill(&mut self, frame: &Frame, region: Region) -> Placement {
        let Region { width, height, .. } = region;
        let longer = width.max(height);
        let inner = |side: usize| ((side * SIDE + longer / 2) / longer).max(1);
        let (inner_width, inner_height) = (inner(width), inner(height));
        let (left, top) = ((SIDE - inner_width) / 2, (SIDE - inner_height) / 2);
        self.pixels.fill(0);
        self.columns.resize(width * 4, 0);
        self.between.resize(width * 4, 0);
        self.spans.clear();
        self.spans.extend((0..inner_width).map(|column| Span::new(column, width, inner_width)));
        for row in 0..inner_height {
            self.sum_rows(frame, region, row, inner_height);
            let at = ((top + row) * SIDE + left) * 3;
            let target = &mut self.pixels[at..at + inner_width * 3];
            mean_columns(&self.columns, &self.spans, width * height, target);
        }
        Placement {
            turn: Turn::None,
            left: left as f32,
            top: top as f32,
            step_x: width as f32 / inner_width as f32,
            step_y: height as f32 / inner_height as f32,
            corner: Point::new(region.left as f32, region.top as f32),
        }
    }

    /// As [`Letterbox::fill`], and then turned: the same pixels in other places.
    pub fn fill_turned(&mut self, frame: &Frame, region: Region, turn: Turn) -> Placement {
        let placement = self.fill(frame, region);
        let pixels = self.pixels.as_chunks_mut::<3>().0;
        match turn {
            Turn::None => {}
            Turn::Half => pixels.reverse(),
            Turn::Quarter | Turn::ThreeQuarters => {
                for y in 0..SIDE {
                    for x in y + 1..SIDE {
                        pixels.swap(y * SIDE + x, x * SIDE + y);
                    }
                }
                if turn == Turn::Quarter {
                    pixels.chunks_exact_mut(SIDE).for_each(<[[u8; 3]]>::reverse);
                } else {
                    for y in 0..SIDE / 2 {
                        let (above, below) = pixels.split_at_mut((SIDE - 1 - y) * SIDE);
                        above[y * SIDE..(y + 1) * SIDE].swap_with_slice(&mut below[..SIDE]);
                    }
                }
            }
        }
        Placement { turn, ..placement }
    }

    /// Sum the region's rows that output row `row` of `count` covers, each weighted by its share in
    /// `count`ths of a pixel: the weights add up to the region's height.
    fn sum_rows(&mut self, frame: &Frame, region: Region, row: usize, count: usize) {
        let line = |y: usize| {
            let start = ((region.top + y) * frame.width() + region.left) * 4;
            &frame.rgba()[start..start + region.width * 4]
        };
        let Span { start, end, first, last } = Span::new(row, region.height, count);
        // At most two shares of SIDE times 255: within 16 bits, of which twice as many are computed at a time.
        let edges = line(start).iter().zip(line(end - 1));
        for (sum, (&above, &below)) in self.columns.iter_mut().zip(edges) {
            *sum = u32::from(first * u16::from(above) + last * u16::from(below));
        }
        // The rows between, most of them, have one weight.
        let mut between = start + 1..end - 1;
        while !between.is_empty() {
            self.between.fill(0);
            for y in between.by_ref().take(MOST_ROWS) {
                for (sum, &value) in self.between.iter_mut().zip(line(y)) {
                    *sum += u16::from(value);
                }
            }
            for (sum, &of_rows) in self.columns.iter_mut().zip(&self.between) {
                *sum += count as u32 * u32::from(of_rows);
            }
        }
    }
}

/// So many bytes can be added in 16 bits.
const MOST_ROWS: usize = 256;

/// The source pixels `start..end` that one pixel of `count` covers when `length` pixels become `count`: the first and the last with
/// these shares in `count`ths of a pixel, those between wholly. All shares add up to `length`.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
    first: u16,
    /// 0 where the last pixel is also the first.
    last: u16,
}

impl Span {
    fn new(index: usize, length: usize, count: usize) -> Self {
        let (from, to) = (index * length, (index + 1) * length);
        let (start, end) = (from / count, to.div_ceil(count));
        let share = |at: usize| (((at + 1) * count).min(to) - (at * count).max(from)) as u16;
        Self { start, end, first: share(start), last: if end - start > 1 { share(end - 1) } else { 0 } }
    }
}

/// Reduce sums of columns (RGBA) to `target` (RGB): weighted sums along the row, divided by the area and
/// rounded to the nearest, halves up.
fn mean_columns(columns: &[u32], spans: &[Span], area: usize, target: &mut [u8]) {
    let half = area / 2;
    if area < MOST_AREA {
        mean_columns_as(columns, spans, half as u32, quotient(area), target);
    } else {
        // Sums are under 2^53, so adding a quarter to the integer sum keeps exact multiples of the area on their side of
        // the rounding error.
        let scale = 1.0 / area as f64;
        mean_columns_as(columns, spans, half as u64, |sum: u64| ((sum as f64 + 0.25) * scale) as u8, target);
    }
}

/// `half`: half of the area, of a type that holds 256 times the area; `mean`: the integer quotient of a sum and the area.
fn mean_columns_as<Sum>(
    columns: &[u32],
    spans: &[Span],
    half: Sum,
    mean: impl Fn(Sum) -> u8,
    target: &mut [u8],
) where
    Sum: Copy + From<u32> + Add<Output = Sum> + Mul<Output = Sum>,
{
    let columns = columns.as_chunks::<4>().0;
    let count = Sum::from(spans.len() as u32);
    for (pixel, &Span { start, end, first, last }) in target.as_chunks_mut::<3>().0.iter_mut().zip(spans) {
        let covered = &columns[start..end];
        let mut between = [Sum::from(0); 4];
        for column in covered.iter().take(covered.len() - 1).skip(1) {
            for (sum, &value) in between.iter_mut().zip(column) {
                *sum = *sum + Sum::from(value);
            }
        }
        let [left, right] = [&covered[0], &covered[covered.len() - 1]];
        for (colour, value) in pixel.iter_mut().enumerate() {
            let edge =
                |weight: u16, column: &[u32; 4]| Sum::from(u32::from(weight)) * Sum::from(column[colour]);
            let edges = edge(first, left) + edge(last, right);
            *value = mean(half + edges + count * between[colour]);
        }
    }
}

/// Areas below this are divided by in integers.
const MOST_AREA: usize = 1 << 23;

/// The integer quotient of a sum below 256 x `area` and `area`, by multiplication with the reciprocal in 2^-54ths, rounded up.
/// It is too large by less than 2^-54, so the product by less than 256 x area x 2^-54 <= 2^-23: not enough to reach the next
/// integer, from which a quotient that is none keeps a distance of at least 1 / area > 2^-23.
fn quotient(area: usize) -> impl Fn(u32) -> u8 {
    let reciprocal = (1u64 << 54) / area as u64 + 1;
    move |sum| ((u64::from(sum) * reciprocal) >> 54) as u8
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fill(width: usize, height: usize, rgba: &[u8]) -> (Letterbox, Placement) {
        let mut letterbox = Letterbox::new();
        let frame = Frame::new(width, height, rgba).unwrap();
        let placement = letterbox.fill(&frame, Region::whole(&frame));
        (letterbox, placement)
    }

    /// One value of the square by a plain definition: all frame pixels weighted by the area that they
    /// share with it, integer division.
    fn reference(frame: &Frame, row: usize, column: usize, channel: usize) -> u8 {
        let (width, height) = (frame.width(), frame.height());
        let longer = width.max(height);
        let inner = |side: usize| ((side * SIDE + longer / 2) / longer).max(1);
        let (inner_width, inner_height) = (inner(width), inner(height));
        let (left, top) = ((SIDE - inner_width) / 2, (SIDE - inner_height) / 2);
        if row < top || row >= top + inner_height || column < left || column >= left + inner_width {
            return 0;
        }
        let covered = |i: usize, length: usize, count: usize, at: usize| {
            let (low, high) = ((i * length).max(at * count), ((i + 1) * length).min((at + 1) * count));
            high.saturating_sub(low) as u64
        };
        let mut sum = (width * height / 2) as u64;
        for y in 0..height {
            let share = covered(row - top, height, inner_height, y);
            for x in 0..width {
                let weight = share * covered(column - left, width, inner_width, x);
                sum += weight * u64::from(frame.rgb(x, y)[channel]);
            }
        }
        (sum / (width * height) as u64) as u8
    }

    #[test]
    fn the_picture_is_centred_and_the_rest_black() {
        let (letterbox, placement) = fill(256, 128, &[200; 256 * 128 * 4]);
        let row = |y: usize| letterbox.pixels()[y * SIDE * 3];
        assert_eq!([row(31), row(32), row(95), row(96)], [0, 200, 200, 0]);
        assert_eq!(placement.to_frame(Point::new(0.0, 32.0)), Point::new(0.0, 0.0));
        assert_eq!(placement.to_frame(Point::new(128.0, 96.0)), Point::new(256.0, 128.0));
    }

    #[test]
    fn a_turned_square_shows_the_same_pixels_and_its_points_lead_back() {
        // Red counts the columns and green the rows of a picture that fills the square.
        let rgba: Vec<u8> =
            (0..SIDE * SIDE).flat_map(|at| [(at % SIDE) as u8, (at / SIDE) as u8, 0, 255]).collect();
        let frame = Frame::new(SIDE, SIDE, &rgba).unwrap();
        for turn in [Turn::None, Turn::Quarter, Turn::Half, Turn::ThreeQuarters] {
            let mut letterbox = Letterbox::new();
            let placement = letterbox.fill_turned(&frame, Region::whole(&frame), turn);
            for (x, y) in [(0, 0), (127, 0), (3, 99), (50, 127)] {
                let at = (y * SIDE + x) * 3;
                let shown = [letterbox.pixels()[at], letterbox.pixels()[at + 1]].map(f32::from);
                let back = placement.to_frame(Point::new(x as f32 + 0.5, y as f32 + 0.5));
                assert_eq!([back.x - 0.5, back.y - 0.5], shown, "{turn:?} {x} {y}");
            }
        }
        // Clockwise: what was at the left is now at the top.
        let mut letterbox = Letterbox::new();
        letterbox.fill_turned(&frame, Region::whole(&frame), Turn::Quarter);
        assert_eq!(letterbox.pixels()[..2], [0, 127], "the lower left corner comes to the upper left one");
    }

    #[test]
    fn the_turn_of_a_tilted_head_stands_it_upright() {
        // A head tilted clockwise by a quarter needs three more.
        assert_eq!(Turn::upright(90.0), Turn::ThreeQuarters);
        assert_eq!(Turn::upright(-90.0), Turn::Quarter);
        assert_eq!(
            [Turn::upright(180.0), Turn::upright(-170.0), Turn::upright(30.0)],
            [Turn::Half, Turn::Half, Turn::None]
        );
    }

    #[test]
    fn a_pixel_is_the_mean_of_its_area_per_channel() {
        // 256 -> 128: blocks of 2 x 2; alpha does not count.
        let mut rgba = vec![0; 256 * 256 * 4];
        for (x, y, colour) in [(0, 0, [10, 0, 0, 9]), (1, 0, [20, 4, 0, 9]), (0, 1, [31, 0, 255, 9])] {
            let at = (y * 256 + x) * 4;
            rgba[at..at + 4].copy_from_slice(&colour);
        }
        let (letterbox, _) = fill(256, 256, &rgba);
        // 61 / 4 = 15.25, 4 / 4, 255 / 4 = 63.75
        assert_eq!(letterbox.pixels()[..3], [15, 1, 64]);
    }

    #[test]
    fn a_smaller_frame_after_a_larger_leaves_nothing_of_it() {
        let mut letterbox = Letterbox::new();
        for (width, height, rgba) in [(200, 200, vec![255; 200 * 200 * 4]), (300, 20, vec![9; 300 * 20 * 4])]
        {
            let frame = Frame::new(width, height, &rgba).unwrap();
            letterbox.fill(&frame, Region::whole(&frame));
        }
        assert!(letterbox.pixels().iter().all(|&value| value == 0 || value == 9));
    }

    #[test]
    fn quotients_by_multiplication_are_exact() {
        for area in [1, 2, 3, 7, 255, 1000, 307_200, 4_194_301, MOST_AREA - 9, MOST_AREA - 1] {
            let divide = quotient(area);
            let area = area as u32;
            for multiple in 0..256 {
                for sum in (multiple * area).saturating_sub(2)..=(multiple * area + 2).min(area * 256 - 1) {
                    assert_eq!(u32::from(divide(sum)), sum / area, "{sum} / {area}");
                }
            }
        }
    }

    #[test]
    fn large_areas_are_divided_alike() {
        let (width, height, count) = (701, 640, 117);
        let spans: Vec<Span> = (0..count).map(|column| Span::new(column, width, count)).collect();
        let columns: Vec<u32> = (0..width * 4).map(|at| ((at * 7919) % (255 * height + 1)) as u32).collect();
        let (mut small, mut large) = (vec![0; count * 3], vec![0; count * 3]);
        let area = width * height;
        mean_columns(&columns, &spans, area, &mut small);
        let plain = |sum: u64| (sum / area as u64) as u8;
        mean_columns_as(&columns, &spans, (area / 2) as u64, plain, &mut large);
        assert_eq!(small, large);
        // A picture of one colour stays it, also where the area is too large for 32 bits.
        let (width, height) = (8192, 2048);
        let spans: Vec<Span> = (0..count).map(|column| Span::new(column, width, count)).collect();
        mean_columns(&vec![77 * height as u32; width * 4], &spans, width * height, &mut large);
        assert!(large.iter().all(|&value| value == 77));
    }

    #[test]
    fn a_region_is_shrunk_like_a_frame_of_its_own() {
        let value = |x: usize, y: usize| (x * 3 + y * 5) as u8;
        let rgba = |left: usize, top: usize, width: usize, height: usize| -> Vec<u8> {
            (0..width * height).flat_map(|at| [value(left + at % width, top + at / width); 4]).collect()
        };
        let (whole, part) = (rgba(0, 0, 90, 80), rgba(40, 20, 50, 60));
        let frame = Frame::new(90, 80, &whole).unwrap();
        // 60 around (70, 50): columns 40..100, cut at 90, rows 20..80.
        let region = Region::around(&frame, Point::new(70.0, 50.0), 60.0);
        let mut letterbox = Letterbox::new();
        let placement = letterbox.fill(&frame, region);
        let (own, own_placement) = fill(50, 60, &part);
        assert_eq!(letterbox.pixels(), own.pixels());
        let (here, there) = (Point::new(30.0, 40.0), Point::new(70.0, 90.0));
        for point in [here, there] {
            let expected = own_placement.to_frame(point);
            assert_eq!(placement.to_frame(point), Point::new(expected.x + 40.0, expected.y + 20.0));
        }
    }

    #[test]
    fn a_region_stays_in_the_frame_whatever_is_asked() {
        let rgba = vec![0; 20 * 10 * 4];
        let frame = Frame::new(20, 10, &rgba).unwrap();
        for (x, y, side) in [
            (-50.0, 3.0, 4.0),
            (500.0, 500.0, 1e30),
            (f32::NAN, 1.0, 1.0),
            (3.0, 3.0, -9.0),
            (1.0, 1.0, f32::NAN),
        ] {
            let Region { left, top, width, height } = Region::around(&frame, Point::new(x, y), side);
            assert!(width > 0 && left + width <= 20 && height > 0 && top + height <= 10);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn any_size_agrees_with_the_plain_definition(width in 1usize..300, height in 1usize..300, seed: u32) {
            let mut state = seed;
            let mut random = move || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 16) as usize
            };
            let rgba: Vec<u8> = (0..width * height * 4).map(|_| random() as u8).collect();
            let (letterbox, _) = fill(width, height, &rgba);
            let frame = Frame::new(width, height, &rgba).unwrap();
            for _ in 0..30 {
                let (row, column, channel) = (random() % SIDE, random() % SIDE, random() % 3);
                let value = letterbox.pixels()[(row * SIDE + column) * 3 + channel];
                prop_assert_eq!(value, reference(&frame, row, column, channel));
            }
        }
    }
}
