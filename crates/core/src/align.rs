//! A face brought to the place and size in which the classifier saw faces: 48 x 48 pixels of luma.

use crate::frame::Frame;
use crate::geometry::{Point, Similarity};
use crate::model::Alignment;

/// Side of an aligned crop in pixels.
pub const SIZE: usize = 48;

/// Where eyes, nose and mouth lie in an aligned crop: their mean place in the training crops.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Template {
    points: [Point; 4],
}

impl Template {
    pub fn new(alignment: &Alignment) -> Self {
        let points = [alignment.left_eye, alignment.right_eye, alignment.nose, alignment.mouth];
        Self { points: points.map(|[x, y]| Point::new(x, y)) }
    }

    /// The similarity from crop pixels to frame pixels that brings the template nearest to a face, least
    /// squares in crop pixels over eyes, nose and mouth. `points_px`: in the order of
    /// [`crate::reading::FacePoint`]. `None` where the points coincide or are not finite.
    pub fn to_frame(&self, points_px: &[Point; 6]) -> Option<Similarity> {
        let to_crop = Similarity::fit(&points_px[..4], &self.points)?;
        let numbers = [to_crop.a, to_crop.b, to_crop.tx, to_crop.ty];
        if numbers.iter().all(|number| number.is_finite()) { to_crop.inverse() } else { None }
    }
}

/// Samples square crops of luma out of frames, and keeps the memory for it.
#[derive(Default)]
pub struct Warper {
    /// Luma of the part of the frame that the crop covers, in cells of `Cells::side` pixels. Every row has one value more
    /// than cells, and there is one row more: neighbours of the last ones, which count for nothing.
    luma: Vec<u8>,
    /// Luma of one row of pixels, and sums of it: what cells of more than one pixel are made of.
    line: Vec<u8>,
    sums: Vec<u64>,
    samples: Samples,
}

/// One row of samples, as many as its crop pixels have together. Lists of numbers, so that several are computed at a time.
#[derive(Default)]
struct Samples {
    /// `a * x` and `b * x` of the transform, `x` in crop pixels: the same in every row.
    across_x: Vec<f32>,
    across_y: Vec<f32>,
    /// The upper left one of the four cells around, as its place in [`Warper::luma`].
    cells: Vec<u32>,
    /// Weights of the right and the lower cells, of 256.
    right: Vec<u32>,
    below: Vec<u32>,
}

/// The part of the frame that was read: cells `left..left + columns`, `top..top + rows`, each the mean
/// of `side` x `side` pixels (fewer at the frame's edge).
#[derive(Debug, Clone, Copy)]
struct Cells {
    side: usize,
    left: usize,
    top: usize,
    columns: usize,
    rows: usize,
}

impl Warper {
    pub fn new() -> Self {
        Self::default()
    }

    /// Fill `crop` (`size * size` luma values, rows from top to bottom) through `to_frame`, the
    /// similarity from crop pixels to frame pixels.
    ///
    /// A crop pixel is the mean over the square that it covers in the frame: bilinear samples a frame
    /// pixel or less apart. Where a crop pixel covers more than four frame pixels a side, the frame is first
    /// reduced by whole factors, so the cost does not grow faster than the face's area. Outside the frame
    /// its border is repeated. Weights have 8 bits, sums are integers: the same bits on every machine.
    pub fn warp(&mut self, frame: &Frame, to_frame: &Similarity, size: usize, crop: &mut [u8]) {
        let scale = to_frame.scale();
        // `as` saturates: whatever the transform, the cell has 1..=8192 pixels a side.
        let side = if scale > 4.0 { ((scale * 0.5) as usize).min(8192) } else { 1 };
        let samples = (libm::ceilf(scale / side as f32) as usize).clamp(1, 4);
        self.sample(frame, to_frame, size, crop, [side, samples]);
    }

    /// As [`Warper::warp`], with cells of about half a crop pixel and at most two samples a crop pixel in each direction, where
    /// that has up to four. Good enough to find a face again; what is read of a face comes from [`Warper::warp`].
    pub fn warp_sparsely(&mut self, frame: &Frame, to_frame: &Similarity, size: usize, crop: &mut [u8]) {
        let scale = to_frame.scale();
        let side = ((scale * 0.5 + 0.5) as usize).clamp(1, 8192);
        self.sample(frame, to_frame, size, crop, [side, if scale > 1.0 { 2 } else { 1 }]);
    }

    /// `side`: frame pixels of a cell; `samples`: of a crop pixel, in each direction.
    fn sample(
        &mut self,
        frame: &Frame,
        to_frame: &Similarity,
        size: usize,
        crop: &mut [u8],
        [side, samples]: [usize; 2],
    ) {
        let cells = self.read(frame, to_frame, size, side);
        let step = 1.0 / samples as f32;
        // The middle of sample number `index` of a row or column, in crop pixels.
        let middle = |index: usize| (index / samples) as f32 + ((index % samples) as f32 + 0.5) * step;
        self.samples.begin(to_frame, (0..size * samples).map(middle));
        let area = (samples * samples) as u32 * 65_536;
        let mut sums = vec![0; size];
        for (row, line) in crop.chunks_exact_mut(size).take(size).enumerate() {
            sums.fill(area / 2);
            for sample in 0..samples {
                self.samples.place(&cells, to_frame, middle(row * samples + sample));
                self.samples.add(&self.luma, cells.columns + 1, samples, &mut sums);
            }
            for (value, sum) in line.iter_mut().zip(&sums) {
                *value = (sum / area) as u8;
            }
        }
    }

    /// Read the cells that a crop needs, with one more on every side, cut to the frame.
    fn read(&mut self, frame: &Frame, to_frame: &Similarity, size: usize, side: usize) -> Cells {
        let end = size as f32;
        let corners =
            [(0.0, 0.0), (end, 0.0), (0.0, end), (end, end)].map(|(x, y)| to_frame.apply(Point::new(x, y)));
        let span = |values: [f32; 4], length: usize| {
            let (low, high) = values.iter().fold((f32::MAX, f32::MIN), |(l, h), v| (l.min(*v), h.max(*v)));
            let last = (length - 1) / side;
            let cell = |place: f32| (libm::floorf(place) as i64).clamp(0, last as i64) as usize;
            let first = cell(low / side as f32 - 1.5);
            // A transform of infinities may leave no span at all: `high` stays below `low`.
            (first, cell(high / side as f32 + 1.5).max(first) - first + 1)
        };
        let (left, columns) = span(corners.map(|c| c.x), frame.width());
        let (top, rows) = span(corners.map(|c| c.y), frame.height());
        self.luma.resize((columns + 1) * (rows + 1), 0);
        for (row, line) in self.luma.chunks_exact_mut(columns + 1).take(rows).enumerate() {
            let line = &mut line[..columns];
            if side == 1 {
                frame.luma_row(left, top + row, line);
            } else {
                let first = (top + row) * side;
                let pixels = first..(first + side).min(frame.height());
                let width = (columns * side).min(frame.width() - left * side);
                self.line.resize(width, 0);
                self.sums.clear();
                self.sums.resize(columns, 0);
                for y in pixels.clone() {
                    frame.luma_row(left * side, y, &mut self.line);
                    for (sum, cell) in self.sums.iter_mut().zip(self.line.chunks(side)) {
                        *sum += u64::from(cell.iter().map(|&luma| u32::from(luma)).sum::<u32>());
                    }
                }
                for ((value, sum), cell) in line.iter_mut().zip(&self.sums).zip(self.line.chunks(side)) {
                    let count = (pixels.len() * cell.len()) as u64;
                    *value = ((sum + count / 2) / count) as u8;
                }
            }
        }
        Cells { side, left, top, columns, rows }
    }
}

/// A place cut to 0..=`last`; not-a-number becomes 0. Two comparisons, of which the compiler makes several at a time.
#[inline(always)]
fn within(place: f32, last: f32) -> f32 {
    let place = if place > 0.0 { place } else { 0.0 };
    if place < last { place } else { last }
}

impl Samples {
    /// `across`: where the samples of each row lie, in crop pixels.
    fn begin(&mut self, to_frame: &Similarity, across: impl Iterator<Item = f32> + Clone) {
        self.across_x.clear();
        self.across_x.extend(across.clone().map(|x| to_frame.a * x));
        self.across_y.clear();
        self.across_y.extend(across.map(|x| to_frame.b * x));
        for list in [&mut self.cells, &mut self.right, &mut self.below] {
            list.resize(self.across_x.len(), 0);
        }
    }

    /// Find the cells of a row of samples at `y` crop pixels. Before the first and after the last cell that cell counts alone.
    fn place(&mut self, cells: &Cells, to_frame: &Similarity, y: f32) {
        let [down_x, down_y] = [to_frame.b * y, to_frame.a * y];
        let (side, stride) = (cells.side as f32, cells.columns as u32 + 1);
        let [left, top] = [cells.left as f32, cells.top as f32];
        let [last_column, last_row] = [(cells.columns - 1) as f32, (cells.rows - 1) as f32];
        let across = self.across_x.iter().zip(&self.across_y);
        let found = self.cells.iter_mut().zip(&mut self.right).zip(&mut self.below);
        for (((cell, right), below), (across_x, across_y)) in found.zip(across) {
            // The operations of `Similarity::apply`, in its order.
            let (x, y) = (across_x - down_x + to_frame.tx, across_y + down_y + to_frame.ty);
            let x = within(x / side - 0.5 - left, last_column);
            let y = within(y / side - 0.5 - top, last_row);
            // Far within 31 bits.
            let (column, row) = (x as i32, y as i32);
            *cell = row as u32 * stride + column as u32;
            *right = ((x - column as f32) * 256.0 + 0.5) as i32 as u32;
            *below = ((y - row as f32) * 256.0 + 0.5) as i32 as u32;
        }
    }

    /// Add a row of samples to the sums of their crop pixels: luma times 65,536, from the four cells around each.
    fn add(&self, luma: &[u8], stride: usize, samples: usize, sums: &mut [u32]) {
        let lists = [&self.cells, &self.right, &self.below].map(|list| list.chunks_exact(samples));
        let [cells, right, below] = lists;
        for (sum, ((cells, right), below)) in sums.iter_mut().zip(cells.zip(right).zip(below)) {
            for ((&cell, right), below) in cells.iter().zip(right).zip(below) {
                let between = |at: usize| {
                    let pair = &luma[at..at + 2];
                    u32::from(pair[0]) * (256 - right) + u32::from(pair[1]) * right
                };
                let (upper, lower) = (between(cell as usize), between(cell as usize + stride));
                *sum += upper * (256 - below) + lower * below;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A grey picture from a function of column and row.
    fn picture(width: usize, height: usize, value: impl Fn(usize, usize) -> u8) -> Vec<u8> {
        (0..width * height)
            .flat_map(|at| {
                let grey = value(at % width, at / width);
                [grey, grey, grey, 255]
            })
            .collect()
    }

    fn warp(width: usize, height: usize, rgba: &[u8], to_frame: Similarity, size: usize) -> Vec<u8> {
        let mut crop = vec![0; size * size];
        Warper::new().warp(&Frame::new(width, height, rgba).unwrap(), &to_frame, size, &mut crop);
        crop
    }

    fn noise(x: usize, y: usize) -> u8 {
        ((x * 7919 + y * 104_729 + x * y * 31) % 256) as u8
    }

    const IDENTITY: Similarity = Similarity { a: 1.0, b: 0.0, tx: 0.0, ty: 0.0 };

    #[test]
    fn identity_copies_every_pixel() {
        let rgba = picture(48, 48, noise);
        let expected: Vec<u8> = (0..SIZE * SIZE).map(|at| noise(at % SIZE, at / SIZE)).collect();
        assert_eq!(warp(48, 48, &rgba, IDENTITY, SIZE), expected);
    }

    #[test]
    fn whole_shifts_and_quarter_turns_copy_too_and_the_border_repeats() {
        let rgba = picture(20, 16, noise);
        let shifted = warp(20, 16, &rgba, Similarity { tx: 5.0, ty: -3.0, ..IDENTITY }, 20);
        assert_eq!(shifted[0], noise(5, 0));
        assert_eq!(shifted[4 * 20 + 6], noise(11, 1));
        assert_eq!(shifted[19 * 20 + 19], noise(19, 15));
        // (x, y) -> (16 - y, x): crop pixel (3, 2) shows frame pixel (13, 3).
        let turned = warp(20, 16, &rgba, Similarity { a: 0.0, b: 1.0, tx: 16.0, ty: 0.0 }, 16);
        assert_eq!(turned[2 * 16 + 3], noise(13, 3));
    }

    #[test]
    fn enlarging_interpolates_between_pixel_centres() {
        let rgba = picture(4, 1, |x, _| [0, 100, 200, 40][x]);
        let crop = warp(4, 1, &rgba, Similarity { a: 0.5, ..IDENTITY }, 8);
        assert_eq!(crop[..8], [0, 25, 75, 125, 175, 160, 80, 40]);
    }

    #[test]
    fn shrinking_averages_the_whole_area() {
        // Stripes of 1 px: a crop pixel of any size shows their mean, wherever it falls.
        let rgba = picture(640, 640, |x, _| if x % 2 == 0 { 0 } else { 200 });
        for scale in [2.0f32, 3.0, 5.0, 8.0, 13.0] {
            let crop = warp(640, 640, &rgba, Similarity { a: scale, ..IDENTITY }, SIZE);
            let largest = crop.iter().map(|&v| (i32::from(v) - 100).abs()).max().unwrap();
            assert!(largest <= 34, "scale {scale}: off by {largest}");
            let mean = crop.iter().map(|&v| f64::from(v)).sum::<f64>() / crop.len() as f64;
            assert!((mean - 100.0).abs() < 3.0, "scale {scale}: mean {mean}");
        }
    }

    #[test]
    fn a_wild_transform_gives_pixels_all_the_same() {
        let rgba = picture(9, 7, |_, _| 77);
        for scale in [1e-9, 1e9, 3e30, f32::INFINITY, f32::NAN] {
            let crop = warp(9, 7, &rgba, Similarity { a: scale, b: -scale, tx: -1e20, ty: 1e20 }, SIZE);
            assert!(crop.iter().all(|&value| value == 77));
        }
    }

    #[test]
    fn the_template_meets_a_turned_and_enlarged_face() {
        let alignment = Alignment {
            size: SIZE,
            left_eye: [15.0, 18.0],
            right_eye: [33.0, 18.0],
            nose: [24.0, 28.0],
            mouth: [24.0, 37.0],
        };
        let template = Template::new(&alignment);
        let truth = Similarity { a: 3.0, b: 0.7, tx: 100.0, ty: 50.0 };
        let mut face = [Point::default(); 6];
        for (point, place) in face.iter_mut().zip(template.points) {
            *point = truth.apply(place);
        }
        let found = template.to_frame(&face).unwrap();
        assert!((found.a - truth.a).abs() < 1e-4 && (found.b - truth.b).abs() < 1e-4);
        assert!((found.tx - truth.tx).abs() < 1e-2 && (found.ty - truth.ty).abs() < 1e-2);
        assert!(template.to_frame(&[Point::new(1.0, 1.0); 6]).is_none());
        assert!(template.to_frame(&[Point::new(f32::NAN, 1.0); 6]).is_none());
    }

    /// One crop pixel by a plain definition: every sample from the means of the four cells around it.
    fn reference(
        frame: &Frame,
        to_frame: &Similarity,
        [row, column]: [usize; 2],
        [side, samples]: [usize; 2],
    ) -> u8 {
        let cell = |row: usize, column: usize| {
            let (mut sum, mut count) = (0, 0);
            for y in row * side..((row + 1) * side).min(frame.height()) {
                for x in column * side..((column + 1) * side).min(frame.width()) {
                    sum += u32::from(frame.luma(x, y));
                    count += 1;
                }
            }
            (sum + count / 2) / count
        };
        let neighbours = |place: f32, length: usize| {
            let last = (length - 1) / side;
            let place = (place / side as f32 - 0.5).clamp(0.0, last as f32);
            let weight = ((place - place.floor()) * 256.0 + 0.5) as u32;
            (place as usize, (place as usize + 1).min(last), weight)
        };
        let step = 1.0 / samples as f32;
        let area = (samples * samples) as u32 * 65_536;
        let mut sum = area / 2;
        for sample in 0..samples * samples {
            let x = column as f32 + ((sample % samples) as f32 + 0.5) * step;
            let y = row as f32 + ((sample / samples) as f32 + 0.5) * step;
            let at = to_frame.apply(Point::new(x, y));
            let (left, right, across) = neighbours(at.x, frame.width());
            let (above, below, down) = neighbours(at.y, frame.height());
            let upper = cell(above, left) * (256 - across) + cell(above, right) * across;
            let lower = cell(below, left) * (256 - across) + cell(below, right) * across;
            sum += upper * (256 - down) + lower * down;
        }
        (sum / area) as u8
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_transform_agrees_with_the_plain_definition(
            size in (1usize..70, 1usize..70, 1usize..12),
            transform in (-9.0f32..9.0, -9.0f32..9.0, -90.0f32..90.0, -90.0f32..90.0),
            density in (1usize..5, 1usize..5),
        ) {
            let ((width, height, size), (a, b, tx, ty)) = (size, transform);
            let rgba: Vec<u8> = (0..width * height)
                .flat_map(|at| [noise(at, 3), noise(at, 7), noise(at, 11), 9])
                .collect();
            let frame = Frame::new(width, height, &rgba).unwrap();
            let to_frame = Similarity { a, b, tx, ty };
            let mut crop = vec![0; size * size];
            Warper::new().sample(&frame, &to_frame, size, &mut crop, density.into());
            // The warper counts from the first cell that it read, so that a place may round to the next weight of 256.
            for (at, &value) in crop.iter().enumerate() {
                let expected = reference(&frame, &to_frame, [at / size, at % size], density.into());
                let off = i32::from(value) - i32::from(expected);
                prop_assert!(off.abs() <= 1, "pixel {at}: {value} instead of {expected}");
            }
        }
    }
}
