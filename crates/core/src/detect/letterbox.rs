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
mod tests;
