//! A jump of the whole picture: another scene, another camera, another file.

use crate::frame::Frame;

/// Cells of the small picture.
const COLUMNS: usize = 16;
const ROWS: usize = 12;

/// Samples of a cell in each direction.
const SAMPLES: usize = 4;

/// Two pictures that correlate less than this show different scenes ...
const LEAST_CORRELATION: f32 = 0.3;

/// ... if they also differ by so much of luma on average, after their means: an empty, even picture correlates with nothing.
const LEAST_DIFFERENCE: i64 = 10;

/// A picture whose cells all are so near to their mean shows nothing.
const FLAT: i32 = 4;

/// A frame as a few cells of luma.
pub struct Overview {
    cells: [i32; COLUMNS * ROWS],
}

impl Overview {
    /// 3,072 samples whatever the frame's size.
    pub fn of(frame: &Frame) -> Self {
        let (width, height) = (frame.width(), frame.height());
        let mut cells = [0; COLUMNS * ROWS];
        for (at, cell) in cells.iter_mut().enumerate() {
            let (column, row) = (at % COLUMNS, at / COLUMNS);
            let mut sum = 0;
            for y in 0..SAMPLES {
                for x in 0..SAMPLES {
                    let place = |at: usize, sample: usize, count: usize, length: usize| {
                        (2 * (at * SAMPLES + sample) + 1) * length / (2 * count * SAMPLES)
                    };
                    sum +=
                        i32::from(frame.luma(place(column, x, COLUMNS, width), place(row, y, ROWS, height)));
                }
            }
            *cell = sum / (SAMPLES * SAMPLES) as i32;
        }
        Self { cells }
    }

    /// Whether the picture shows nothing: a lens that is covered, or a frame that a camera lost. What comes after it may be the same scene.
    pub fn is_flat(&self) -> bool {
        let mean = self.cells.iter().sum::<i32>() / (COLUMNS * ROWS) as i32;
        self.cells.iter().all(|cell| (cell - mean).abs() < FLAT)
    }

    /// Whether this picture shows another scene than the one before. A lamp that is switched on, a person who fills half of the picture and
    /// moves, and a camera that shakes are none.
    pub fn is_cut_from(&self, before: &Self) -> bool {
        let count = (COLUMNS * ROWS) as i64;
        let mean = |cells: &[i32]| cells.iter().map(|cell| i64::from(*cell)).sum::<i64>();
        let (here, there) = (mean(&self.cells), mean(&before.cells));
        let (mut product, mut own, mut other, mut difference) = (0i64, 0i64, 0i64, 0i64);
        for (a, b) in self.cells.iter().zip(&before.cells) {
            // Times the number of cells, so that all stays whole.
            let (a, b) = (i64::from(*a) * count - here, i64::from(*b) * count - there);
            product += a * b;
            own += a * a;
            other += b * b;
            difference += (a - b).abs();
        }
        if difference < LEAST_DIFFERENCE * count * count {
            return false;
        }
        let spread = libm::sqrtf(own as f32) * libm::sqrtf(other as f32);
        spread <= 0.0 || (product as f32) < LEAST_CORRELATION * spread
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overview(luma: impl Fn(usize, usize) -> f32) -> Overview {
        let (width, height) = (160, 120);
        let rgba: Vec<u8> = (0..width * height)
            .flat_map(|at| {
                let grey = luma(at % width, at / width).clamp(0.0, 255.0) as u8;
                [grey, grey, grey, 255]
            })
            .collect();
        Overview::of(&Frame::new(width, height, &rgba).unwrap())
    }

    fn room(x: usize, y: usize) -> f32 {
        120.0 + 60.0 * libm::sinf(x as f32 / 25.0) + 30.0 * libm::cosf(y as f32 / 17.0)
    }

    #[test]
    fn another_scene_is_a_cut() {
        let before = overview(room);
        assert!(overview(|x, y| room(y, 3 * x)).is_cut_from(&before));
        assert!(overview(|x, y| 240.0 - room(x, y)).is_cut_from(&before));
        assert!(overview(|_, _| 0.0).is_flat() && !before.is_flat());
    }

    #[test]
    fn light_movement_and_a_shaking_camera_are_none() {
        let before = overview(room);
        assert!(!overview(room).is_cut_from(&before));
        assert!(!overview(|x, y| 0.5 * room(x, y) + 90.0).is_cut_from(&before));
        assert!(!overview(|x, y| room(x + 12, y + 9)).is_cut_from(&before));
        // A dark coat comes into a third of the picture.
        assert!(!overview(|x, y| if x < 55 && y > 20 { 40.0 } else { room(x, y) }).is_cut_from(&before));
        // Noise of an even wall.
        let wall = |seed: usize| overview(move |x, y| 100.0 + ((x * 31 + y * 17 + seed * 7) % 9) as f32);
        assert!(!wall(1).is_cut_from(&wall(5)));
    }
}
