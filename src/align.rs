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
    /// Luma of the part of the frame that the crop covers, in cells of `Cells::side` pixels.
    luma: Vec<u8>,
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
    /// Each pixel is the mean of a grid of bilinear samples over the square that it covers in the frame,
    /// one sample per frame pixel of its side. Where that side exceeds four pixels, the frame is first
    /// reduced by whole factors, so the cost does not grow faster than the face's area. Outside the frame
    /// its border is repeated. Weights have 8 bits, sums are integers: the same bits on every machine.
    pub fn warp(&mut self, frame: &Frame, to_frame: &Similarity, size: usize, crop: &mut [u8]) {
        let scale = to_frame.scale();
        // `as` saturates: whatever the transform, the cell has 1..=8192 pixels a side.
        let side = if scale > 4.0 { ((scale * 0.5) as usize).min(8192) } else { 1 };
        let samples = (libm::ceilf(scale / side as f32) as usize).clamp(1, 4);
        let cells = self.read(frame, to_frame, size, side);
        let step = 1.0 / samples as f32;
        let area = (samples * samples) as u32 * 65_536;
        for (row, line) in crop.chunks_exact_mut(size).take(size).enumerate() {
            for (column, value) in line.iter_mut().enumerate() {
                let mut sum = area / 2;
                for sample in 0..samples * samples {
                    let x = column as f32 + ((sample % samples) as f32 + 0.5) * step;
                    let y = row as f32 + ((sample / samples) as f32 + 0.5) * step;
                    sum += self.bilinear(&cells, to_frame.apply(Point::new(x, y)));
                }
                *value = (sum / area) as u8;
            }
        }
    }

    /// Luma at a place of the frame, times 65,536, from the four cells around it.
    #[inline]
    fn bilinear(&self, cells: &Cells, at: Point) -> u32 {
        let (column, right, x) = weigh(at.x / cells.side as f32 - 0.5, cells.left, cells.columns);
        let (row, below, y) = weigh(at.y / cells.side as f32 - 0.5, cells.top, cells.rows);
        let value = |row: usize, column: usize| u32::from(self.luma[row * cells.columns + column]);
        let upper = value(row, column) * (256 - x) + value(row, right) * x;
        let lower = value(below, column) * (256 - x) + value(below, right) * x;
        upper * (256 - y) + lower * y
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
        let cells = Cells { side, left, top, columns, rows };
        self.luma.resize(columns * rows, 0);
        for row in 0..rows {
            let line = &mut self.luma[row * columns..(row + 1) * columns];
            if side == 1 {
                for (column, value) in line.iter_mut().enumerate() {
                    *value = frame.luma(left + column, top + row);
                }
            } else {
                for (column, value) in line.iter_mut().enumerate() {
                    *value = mean_luma(frame, (left + column) * side, (top + row) * side, side);
                }
            }
        }
        cells
    }
}

/// The two neighbouring cells of a place, counted from the first that was read, and the second's weight
/// of 256. Places before the first and after the last cell take that cell alone.
#[inline]
fn weigh(place: f32, first: usize, count: usize) -> (usize, usize, u32) {
    let place = (place - first as f32).clamp(0.0, (count - 1) as f32);
    let at = place as usize;
    let weight = ((place - at as f32) * 256.0 + 0.5) as u32;
    (at, (at + 1).min(count - 1), weight)
}

/// Mean luma of a square of pixels, cut at the frame's edge, rounded.
fn mean_luma(frame: &Frame, left: usize, top: usize, side: usize) -> u8 {
    let (right, bottom) = ((left + side).min(frame.width()), (top + side).min(frame.height()));
    let mut sum = 0u64;
    for y in top..bottom {
        for x in left..right {
            sum += u64::from(frame.luma(x, y));
        }
    }
    let count = ((right - left) * (bottom - top)) as u64;
    ((sum + count / 2) / count) as u8
}

#[cfg(test)]
mod tests {
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
}
