//! What a face looked like when the detector last saw it, and finding it again in another frame.

use crate::align::Warper;
use crate::frame::Frame;
use crate::geometry::{Point, Rect, Similarity};
use crate::track::portrait::{self, Portrait};

/// Side of the face-normalised patch in pixels; the eyes are about 24 apart in it.
const PATCH: usize = 64;
/// How far around the patch the face is looked for: one eye distance on every side.
const MARGIN: usize = 24;
/// Side of the searched area.
const SEARCH: usize = PATCH + 2 * MARGIN;
/// Patch pixels per side of a coarse pixel.
const COARSE: usize = 4;
/// Sides of patch, search area and compared core in coarse pixels.
const COARSE_PATCH: usize = PATCH / COARSE;
const COARSE_SEARCH: usize = SEARCH / COARSE;
const COARSE_CORE: usize = 12;
const _: () = assert!(COARSE_PATCH == portrait::SIDE);
/// Eyes, nose and mouth are followed one by one; the ears hide too easily.
const FEATURES: usize = 4;
/// A feature's block has `2 * RADIUS + 1` pixels a side ...
const RADIUS: usize = 6;
/// ... and is looked for this far around the place that the coarse search gives.
const REACH: i32 = 4;
/// A feature that correlates less is not found.
const MIN_FEATURE_CORRELATION: f32 = 0.5;
/// Where the four features of an upright face lie in the patch.
const CANONICAL: [Point; FEATURES] =
    [Point::new(20.0, 22.0), Point::new(44.0, 22.0), Point::new(32.0, 36.0), Point::new(32.0, 48.0)];

/// Where a face is: what moves from frame to frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    pub box_px: Rect,
    /// In the order of [`crate::reading::FacePoint`].
    pub points_px: [Point; 6],
}

/// A face-normalised picture of a face, with its points in it.
pub struct Appearance {
    pixels: Vec<u8>,
    coarse: Vec<u8>,
    /// Points and box centre in patch pixels; box size in patch pixels.
    points: [Point; 6],
    centre: Point,
    size: (f32, f32),
}

/// Memory that searches share.
pub struct Scratch {
    warper: Warper,
    search: Vec<u8>,
    coarse: Vec<u8>,
}

impl Scratch {
    pub fn new() -> Self {
        Self {
            warper: Warper::new(),
            search: vec![0; SEARCH * SEARCH],
            coarse: vec![0; COARSE_SEARCH * COARSE_SEARCH],
        }
    }
}

impl Place {
    /// The similarity from patch pixels to frame pixels; `None` where the points coincide.
    fn patch_to_frame(&self) -> Option<Similarity> {
        Similarity::fit(&self.points_px[..FEATURES], &CANONICAL)?.inverse()
    }

    /// The same face moved.
    pub fn shifted(&self, dx: f32, dy: f32) -> Self {
        let Rect { x, y, width, height } = self.box_px;
        Self {
            box_px: Rect::new(x + dx, y + dy, width, height),
            points_px: self.points_px.map(|p| Point::new(p.x + dx, p.y + dy)),
        }
    }

    /// Whether a find in one frame may be the one of the frame before.
    pub fn is_near(&self, other: &Self) -> bool {
        self.box_px.overlap(&other.box_px) > 0.3
    }

    /// Part of the way from this place to another: 0 stays, 1 arrives.
    pub fn towards(&self, other: &Self, share: f32) -> Self {
        let mix = |from: f32, to: f32| from + (to - from) * share;
        let (a, b) = (&self.box_px, &other.box_px);
        let point = |i: usize| {
            let (from, to): (Point, Point) = (self.points_px[i], other.points_px[i]);
            Point::new(mix(from.x, to.x), mix(from.y, to.y))
        };
        Self {
            box_px: Rect::new(mix(a.x, b.x), mix(a.y, b.y), mix(a.width, b.width), mix(a.height, b.height)),
            points_px: std::array::from_fn(point),
        }
    }
}

impl Appearance {
    /// Take the picture of a face; `None` where its points coincide.
    pub fn of(frame: &Frame, place: &Place, scratch: &mut Scratch) -> Option<Self> {
        let to_frame = place.patch_to_frame()?;
        let to_patch = to_frame.inverse()?;
        let scale = to_patch.scale();
        let mut pixels = vec![0; PATCH * PATCH];
        scratch.warper.warp_sparsely(frame, &to_frame, PATCH, &mut pixels);
        let mut coarse = vec![0; COARSE_PATCH * COARSE_PATCH];
        shrink(&pixels, PATCH, &mut coarse);
        Some(Self {
            pixels,
            coarse,
            points: place.points_px.map(|point| to_patch.apply(point)),
            centre: to_patch.apply(place.box_px.centre()),
            size: (place.box_px.width * scale, place.box_px.height * scale),
        })
    }

    /// Who it is.
    pub fn portrait(&self) -> Portrait {
        Portrait::of(&self.coarse)
    }

    /// Find the face in another frame, near `last`. Returns its place and the confidence 0..=1: the mean
    /// correlation of the best three of eyes, nose and mouth. `None` where it is not there.
    pub fn find(&self, frame: &Frame, last: &Place, scratch: &mut Scratch) -> Option<(Place, f32)> {
        let to_frame = last.patch_to_frame()?;
        let margin = Point::new(-(MARGIN as f32), -(MARGIN as f32));
        let corner = to_frame.apply(margin);
        let search_to_frame = Similarity { tx: corner.x, ty: corner.y, ..to_frame };
        scratch.warper.warp_sparsely(frame, &search_to_frame, SEARCH, &mut scratch.search);
        shrink(&scratch.search, SEARCH, &mut scratch.coarse);
        let shift = self.coarse_shift(&scratch.coarse);
        let (mut from, mut to) = ([Point::default(); FEATURES], [Point::default(); FEATURES]);
        let (mut found, mut correlations) = (0, [0.0f32; FEATURES]);
        for (point, correlation) in self.points.iter().zip(&mut correlations) {
            let (offset, best) = self.feature_shift(*point, shift, &scratch.search);
            *correlation = best.max(0.0);
            if best >= MIN_FEATURE_CORRELATION {
                from[found] = *point;
                to[found] = to_frame.apply(Point::new(point.x + offset.x, point.y + offset.y));
                found += 1;
            }
        }
        let moved = Similarity::fit(&from[..found], &to[..found])?;
        // Between two frames a head does not grow by a third or turn by 20 degrees.
        let growth = moved.scale() / to_frame.scale();
        let turn = (moved.b * to_frame.a - moved.a * to_frame.b) / (moved.scale() * to_frame.scale());
        if !(0.75..=1.33).contains(&growth) || !(-0.34..=0.34).contains(&turn) {
            return None;
        }
        correlations.sort_by(f32::total_cmp);
        let confidence = (correlations[1] + correlations[2] + correlations[3]) / 3.0;
        Some((self.place(&moved), confidence))
    }

    fn place(&self, to_frame: &Similarity) -> Place {
        let (centre, scale) = (to_frame.apply(self.centre), to_frame.scale());
        let (width, height) = (self.size.0 * scale, self.size.1 * scale);
        Place {
            box_px: Rect::new(centre.x - width * 0.5, centre.y - height * 0.5, width, height),
            points_px: self.points.map(|point| to_frame.apply(point)),
        }
    }

    /// The whole face's shift in patch pixels, a multiple of [`COARSE`].
    fn coarse_shift(&self, search: &[u8]) -> (i32, i32) {
        let inset = (COARSE_PATCH - COARSE_CORE) / 2;
        let core = Block { pixels: &self.coarse, side: COARSE_PATCH, x: inset, y: inset };
        let centre = (MARGIN / COARSE + inset) as i32;
        let (mut best, mut shift) = (f32::MIN, (0, 0));
        for y in 0..=COARSE_SEARCH - COARSE_CORE {
            for x in 0..=COARSE_SEARCH - COARSE_CORE {
                let block = Block { pixels: search, side: COARSE_SEARCH, x, y };
                let value = correlation(core, block, COARSE_CORE);
                if value > best {
                    (best, shift) = (value, (x as i32 - centre, y as i32 - centre));
                }
            }
        }
        (shift.0 * COARSE as i32, shift.1 * COARSE as i32)
    }

    /// One feature's shift in patch pixels, to fractions of a pixel, and its correlation.
    fn feature_shift(&self, point: Point, shift: (i32, i32), search: &[u8]) -> (Point, f32) {
        const SPAN: usize = (2 * REACH + 1) as usize;
        let corner = |at: f32| (at as usize).clamp(RADIUS, PATCH - 1 - RADIUS) - RADIUS;
        let (left, top) = (corner(point.x), corner(point.y));
        let block = Block { pixels: &self.pixels, side: PATCH, x: left, y: top };
        let size = 2 * RADIUS + 1;
        let mut values = [[-1.0f32; SPAN]; SPAN];
        let (mut best, mut at) = (-1.0, None);
        for (row, line) in values.iter_mut().enumerate() {
            for (column, value) in line.iter_mut().enumerate() {
                let x = (left + MARGIN) as i32 + shift.0 + column as i32 - REACH;
                let y = (top + MARGIN) as i32 + shift.1 + row as i32 - REACH;
                let inside = 0..=(SEARCH - size) as i32;
                if inside.contains(&x) && inside.contains(&y) {
                    let there = Block { pixels: search, side: SEARCH, x: x as usize, y: y as usize };
                    *value = correlation(block, there, size);
                    if *value > best {
                        (best, at) = (*value, Some((row, column)));
                    }
                }
            }
        }
        let Some((row, column)) = at else { return (Point::default(), -1.0) };
        let (mut x, mut y) = (column as f32, row as f32);
        if (1..SPAN - 1).contains(&row) && (1..SPAN - 1).contains(&column) {
            x += peak(values[row][column - 1], best, values[row][column + 1]);
            y += peak(values[row - 1][column], best, values[row + 1][column]);
        }
        let reach = REACH as f32;
        (Point::new(x - reach + shift.0 as f32, y - reach + shift.1 as f32), best)
    }
}

/// Where the parabola through three neighbouring values peaks, -0.5..=0.5 from the middle one.
fn peak(before: f32, middle: f32, after: f32) -> f32 {
    let bend = before + after - 2.0 * middle;
    if bend < -1e-6 { (0.5 * (before - after) / bend).clamp(-0.5, 0.5) } else { 0.0 }
}

/// A block inside a square picture.
#[derive(Clone, Copy)]
struct Block<'a> {
    pixels: &'a [u8],
    side: usize,
    x: usize,
    y: usize,
}

/// Normalised cross-correlation of two blocks of `size * size` pixels, -1..=1; 0 where one is flat.
/// The sums are integers, so only the last step rounds.
fn correlation(a: Block, b: Block, size: usize) -> f32 {
    let (mut sum_a, mut sum_b, mut sum_aa, mut sum_bb, mut sum_ab) = (0u32, 0u32, 0u32, 0u32, 0u32);
    for row in 0..size {
        let line = |block: Block<'_>| {
            let start = (block.y + row) * block.side + block.x;
            start..start + size
        };
        for (&a, &b) in a.pixels[line(a)].iter().zip(&b.pixels[line(b)]) {
            let (a, b) = (u32::from(a), u32::from(b));
            sum_a += a;
            sum_b += b;
            sum_aa += a * a;
            sum_bb += b * b;
            sum_ab += a * b;
        }
    }
    let count = (size * size) as i64;
    let moment = |product: u32, x: u32, y: u32| count * i64::from(product) - i64::from(x) * i64::from(y);
    let (spread_a, spread_b) = (moment(sum_aa, sum_a, sum_a), moment(sum_bb, sum_b, sum_b));
    if spread_a == 0 || spread_b == 0 {
        return 0.0;
    }
    moment(sum_ab, sum_a, sum_b) as f32 / (libm::sqrtf(spread_a as f32) * libm::sqrtf(spread_b as f32))
}

/// Means of [`COARSE`] x [`COARSE`] pixels of a square picture of the given side.
fn shrink(pixels: &[u8], side: usize, coarse: &mut [u8]) {
    let count = side / COARSE;
    for (at, value) in coarse.iter_mut().enumerate() {
        let corner = at / count * COARSE * side + at % count * COARSE;
        let mut sum = (COARSE * COARSE / 2) as u32;
        for row in 0..COARSE {
            for &pixel in &pixels[corner + row * side..corner + row * side + COARSE] {
                sum += u32::from(pixel);
            }
        }
        *value = (sum / (COARSE * COARSE) as u32) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(pixels: &[u8]) -> Block<'_> {
        Block { pixels, side: 2, x: 0, y: 0 }
    }

    #[test]
    fn correlation_ignores_brightness_and_contrast() {
        let a = [10, 20, 30, 60];
        assert!((correlation(block(&a), block(&[120, 140, 160, 220]), 2) - 1.0).abs() < 1e-6);
        assert!((correlation(block(&a), block(&[60, 50, 40, 10]), 2) + 1.0).abs() < 1e-6);
        assert_eq!(correlation(block(&a), block(&[9; 4]), 2), 0.0);
        // numpy.corrcoef([10, 20, 30, 60], [1, 5, 2, 9])[0, 1]
        assert!((correlation(block(&a), block(&[1, 5, 2, 9]), 2) - 0.858_678).abs() < 1e-5);
    }

    #[test]
    fn the_peak_of_a_sampled_parabola_is_found() {
        let value = |x: f32| 1.0 - 0.1 * (x - 0.3) * (x - 0.3);
        assert!((peak(value(-1.0), value(0.0), value(1.0)) - 0.3).abs() < 1e-5);
        assert_eq!(peak(1.0, 1.0, 1.0), 0.0);
    }

    #[test]
    fn shrinking_takes_means_of_blocks() {
        let pixels: Vec<u8> = (0..64).map(|at| if at % 8 < 4 { 10 } else { (at / 8 * 10) as u8 }).collect();
        let mut coarse = [0; 4];
        shrink(&pixels, 8, &mut coarse);
        assert_eq!(coarse, [10, 15, 10, 55]);
    }
}
