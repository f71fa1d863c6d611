//! Who a face is, as far as a tracker must know: whether two finds may be the same person.
//!
//! Any two faces are alike in that they have eyes and a mouth. So the mean face is taken away first, and what is left is compared: as a whole, and by
//! its upper and its lower half alone, for a hand may hide one of them.

/// Side of the small picture.
pub const SIDE: usize = 16;

/// The mean of FER2013's Training faces as the engine crops them, each brought to mean 0 and deviation [`UNIT`].
#[rustfmt::skip]
const MEAN: [i8; SIDE * SIDE] = [
    -9, -15, -15, -10, -1, 6, 10, 12, 12, 10, 5, -3, -12, -18, -16, -10,
    -13, -20, -15, -5, 5, 14, 18, 21, 21, 18, 13, 4, -6, -18, -21, -14,
    -15, -21, -13, -1, 9, 18, 24, 26, 26, 24, 18, 9, -1, -15, -22, -16,
    -15, -19, -11, 0, 8, 15, 23, 28, 28, 22, 13, 6, 0, -11, -20, -16,
    -13, -16, -9, -5, -7, -8, 5, 20, 19, 2, -11, -8, -5, -9, -16, -15,
    -11, -12, -7, -14, -26, -31, -16, 12, 12, -17, -32, -30, -16, -6, -11, -12,
    -9, -6, 0, -7, -18, -19, -5, 19, 20, -2, -13, -13, -1, 3, -5, -9,
    -7, -3, 8, 17, 16, 16, 20, 28, 29, 20, 20, 20, 20, 11, -2, -7,
    -6, -3, 8, 22, 30, 29, 22, 29, 30, 21, 28, 31, 24, 10, -2, -6,
    -6, -4, 4, 17, 24, 20, 11, 14, 14, 9, 18, 24, 17, 6, -4, -6,
    -6, -5, 0, 8, 13, 14, 9, 0, 0, 7, 14, 13, 8, 1, -5, -6,
    -7, -7, -3, 2, 5, 4, 3, 3, 3, 3, 3, 5, 3, -3, -7, -7,
    -8, -9, -7, -2, 1, -4, -12, -11, -10, -11, -6, 1, -1, -6, -9, -8,
    -8, -11, -11, -7, -3, -2, -7, -9, -9, -6, -2, -2, -5, -10, -11, -8,
    -7, -10, -11, -11, -7, -3, -1, -1, 0, 1, 0, -4, -8, -11, -10, -8,
    -6, -8, -9, -10, -8, -5, -2, 0, 1, 0, -3, -6, -8, -9, -8, -6,
];

/// The deviation of [`MEAN`]'s faces.
const UNIT: f32 = 40.0;

/// A face with less contrast is not stretched further.
const LEAST_DEVIATION: f32 = 4.0;

/// The rows that are compared: all, those with the eyes, those with the mouth.
const PARTS: [std::ops::Range<usize>; 3] = [0..SIDE, 0..9, 8..SIDE];

/// A face less the mean face.
#[derive(Clone)]
pub struct Portrait {
    values: [f32; SIDE * SIDE],
}

impl Portrait {
    /// `coarse`: `SIDE * SIDE` luma values of an upright face.
    pub fn of(coarse: &[u8]) -> Self {
        let (mut count, mut sum, mut squares) = (0u32, 0u32, 0u32);
        for luma in coarse.iter().enumerate().filter(|(at, _)| is_face(*at)).map(|(_, luma)| u32::from(*luma))
        {
            count += 1;
            sum += luma;
            squares += luma * luma;
        }
        let count = count.max(1);
        let mean = sum as f32 / count as f32;
        let variance = (u64::from(count) * u64::from(squares) - u64::from(sum) * u64::from(sum)) as f32;
        let deviation = (libm::sqrtf(variance) / count as f32).max(LEAST_DEVIATION);
        let mut values = [0.0; SIDE * SIDE];
        for ((value, luma), usual) in values.iter_mut().zip(coarse).zip(MEAN) {
            *value = (f32::from(*luma) - mean) / deviation * UNIT - f32::from(usual);
        }
        Self { values }
    }

    /// How alike two faces are, -1..=1: the best of the parts' correlations.
    pub fn likeness(&self, other: &Self) -> f32 {
        PARTS.iter().fold(-1.0, |best: f32, rows| {
            let part = rows.start * SIDE..rows.end * SIDE;
            let pairs = part.filter(|at| is_face(*at)).map(|at| (self.values[at], other.values[at]));
            best.max(correlation(pairs))
        })
    }
}

/// Whether a place of the picture shows the face and not what is behind it: an ellipse that touches top and bottom.
fn is_face(at: usize) -> bool {
    let [x, y] = [2 * (at % SIDE) as i32 + 1 - SIDE as i32, 2 * (at / SIDE) as i32 + 1 - SIDE as i32];
    // Half axes of 7 and 8 of 16, in halves of a place: x^2 / 14^2 + y^2 / 16^2 <= 1.
    x * x * 256 + y * y * 196 <= 256 * 196
}

/// The correlation of pairs; 0 where one side is even. In one order, so that the bits are the same everywhere.
fn correlation(pairs: impl Iterator<Item = (f32, f32)> + Clone) -> f32 {
    let (mut count, mut sum_a, mut sum_b) = (0.0f32, 0.0f32, 0.0f32);
    for (a, b) in pairs.clone() {
        count += 1.0;
        sum_a += a;
        sum_b += b;
    }
    let (mean_a, mean_b) = (sum_a / count, sum_b / count);
    let (mut product, mut spread_a, mut spread_b) = (0.0f32, 0.0f32, 0.0f32);
    for (a, b) in pairs {
        let (a, b) = (a - mean_a, b - mean_b);
        product += a * b;
        spread_a += a * a;
        spread_b += b * b;
    }
    let spread = libm::sqrtf(spread_a) * libm::sqrtf(spread_b);
    if spread > 0.0 { product / spread } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean face, and something of one's own.
    fn face(own: impl Fn(usize, usize) -> f32) -> Vec<u8> {
        (0..SIDE * SIDE)
            .map(|at| (120.0 + f32::from(MEAN[at]) * 0.8 + own(at % SIDE, at / SIDE)).clamp(0.0, 255.0) as u8)
            .collect()
    }

    fn anna(x: usize, y: usize) -> f32 {
        14.0 * libm::sinf(x as f32 * 0.9) * libm::cosf(y as f32 * 0.7)
    }

    fn ben(x: usize, y: usize) -> f32 {
        14.0 * libm::cosf(x as f32 * 0.5 + y as f32 * 0.8)
    }

    #[test]
    fn what_all_faces_share_does_not_count() {
        let [anna, ben] = [face(anna), face(ben)];
        let pairs = anna.iter().zip(&ben).map(|(a, b)| (f32::from(*a), f32::from(*b)));
        assert!(correlation(pairs) > 0.6, "two faces are alike");
        let (anna, ben) = (Portrait::of(&anna), Portrait::of(&ben));
        assert!(anna.likeness(&ben) < 0.5, "{}", anna.likeness(&ben));
        assert!((anna.likeness(&anna) - 1.0).abs() < 1e-5);
    }

    #[test]
    fn light_does_not_change_who_it_is_nor_does_a_hidden_half() {
        let whole = Portrait::of(&face(anna));
        let dim: Vec<u8> = face(anna).iter().map(|luma| luma / 2 + 20).collect();
        assert!(whole.likeness(&Portrait::of(&dim)) > 0.95);
        let mut masked = face(anna);
        masked[9 * SIDE..].fill(150);
        assert!(whole.likeness(&Portrait::of(&masked)) > 0.9);
    }

    #[test]
    fn an_even_picture_is_like_nobody() {
        assert!(Portrait::of(&[9; SIDE * SIDE]).likeness(&Portrait::of(&face(ben))) < 0.5);
    }
}
