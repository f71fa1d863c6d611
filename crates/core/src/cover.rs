//! Whether something hides the mouth: a mask, a hand, a cup, a scarf.
//!
//! A small network of its own looks at the crop that the classifier sees: three layers of 3 x 3 filters, each halving the picture, and one
//! sum. It was taught with things that were drawn before the faces of FER2013's Training (training/cover.py); docs/covered.md tells
//! what it finds. Unfused f32 in a fixed order: the same bits on every machine.

use crate::align::SIZE;

/// The weights, as training/cover.py writes them: for each layer the scale and the offset of each output, and then its weights
/// as signed bytes, row, column, input, output.
const WEIGHTS: &[u8] = include_bytes!("cover/weights.bin");

/// Inputs and outputs of the layers; the last one is the sum.
const WIDTHS: [usize; 4] = [1, 8, 16, 24];

/// Side of the last layer's picture.
const LAST: usize = SIZE / 8;

/// A crop with less contrast than this is not stretched further.
const LEAST_DEVIATION: f32 = 4.0;

/// The network and its memory.
pub struct Cover {
    layers: [Layer; 3],
    sum: Layer,
    planes: [Vec<f32>; 4],
}

/// Offsets and weights, in the order of [`WEIGHTS`].
struct Layer {
    offsets: Vec<f32>,
    weights: Vec<f32>,
}

impl Layer {
    /// Take a layer from the front of `bytes`: `count` weights for each of `outputs`.
    fn take(bytes: &mut &[u8], count: usize, outputs: usize) -> Self {
        let mut numbers = |many: usize| {
            let (front, rest) = bytes.split_at(many * 4);
            *bytes = rest;
            front.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect::<Vec<_>>()
        };
        let (scales, offsets) = (numbers(outputs), numbers(outputs));
        let (front, rest) = bytes.split_at(count * outputs);
        *bytes = rest;
        let weights =
            front.iter().enumerate().map(|(at, byte)| f32::from(*byte as i8) * scales[at % outputs]);
        Self { offsets, weights: weights.collect() }
    }
}

impl Default for Cover {
    fn default() -> Self {
        Self::new()
    }
}

impl Cover {
    pub fn new() -> Self {
        let mut bytes = WEIGHTS;
        let layers = std::array::from_fn(|at| Layer::take(&mut bytes, 9 * WIDTHS[at], WIDTHS[at + 1]));
        let sum = Layer::take(&mut bytes, LAST * LAST * WIDTHS[3], 1);
        let planes = std::array::from_fn(|at| vec![0.0; (SIZE >> at) * (SIZE >> at) * WIDTHS[at]]);
        Self { layers, sum, planes }
    }

    /// How surely the mouth of a face is hidden, 0..1. `crop`: the aligned face, 48 x 48 luma; of another length 0.
    pub fn probability(&mut self, crop: &[u8]) -> f32 {
        if crop.len() != SIZE * SIZE {
            return 0.0;
        }
        stretch(crop, &mut self.planes[0]);
        for (at, layer) in self.layers.iter().enumerate() {
            let (before, after) = self.planes.split_at_mut(at + 1);
            halve(&before[at], &mut after[0], layer, SIZE >> at, WIDTHS[at]);
        }
        let terms = self.planes[3].iter().zip(&self.sum.weights);
        let logit = terms.fold(self.sum.offsets[0], |sum, (value, weight)| sum + value * weight);
        1.0 / (1.0 + libm::expf(-logit))
    }
}

/// The crop with mean 0 and deviation 1. The sums are integers.
fn stretch(crop: &[u8], plane: &mut [f32]) {
    let count = crop.len() as u64;
    let (sum, squares) = crop.iter().fold((0u64, 0u64), |(sum, squares), luma| {
        let luma = u64::from(*luma);
        (sum + luma, squares + luma * luma)
    });
    let mean = sum as f32 / count as f32;
    let variance = (count * squares - sum * sum) as f32 / (count * count) as f32;
    let deviation = libm::sqrtf(variance).max(LEAST_DEVIATION);
    for (value, luma) in plane.iter_mut().zip(crop) {
        *value = (f32::from(*luma) - mean) / deviation;
    }
}

/// One layer: 3 x 3 filters at every second pixel, from the pixel itself to the right and down; beyond the edge all is 0. What is
/// negative becomes 0.
fn halve(before: &[f32], after: &mut [f32], layer: &Layer, side: usize, inputs: usize) {
    let outputs = layer.offsets.len();
    for (at, pixel) in after.chunks_exact_mut(outputs).enumerate() {
        let (row, column) = (at / (side / 2) * 2, at % (side / 2) * 2);
        pixel.copy_from_slice(&layer.offsets);
        for (down, right) in (0..9).map(|tap| (tap / 3, tap % 3)) {
            if row + down >= side || column + right >= side {
                continue;
            }
            let from = ((row + down) * side + column + right) * inputs;
            let weights = &layer.weights[(down * 3 + right) * inputs * outputs..];
            for (value, weights) in before[from..from + inputs].iter().zip(weights.chunks_exact(outputs)) {
                for (sum, weight) in pixel.iter_mut().zip(weights) {
                    *sum += value * weight;
                }
            }
        }
        for sum in pixel {
            *sum = sum.max(0.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_are_used_up() {
        let layer = |inputs: usize, outputs: usize| outputs * (8 + 9 * inputs);
        let sizes = layer(1, 8) + layer(8, 16) + layer(16, 24) + 8 + LAST * LAST * 24;
        assert_eq!(WEIGHTS.len(), sizes);
    }

    #[test]
    fn probabilities_are_those_of_numpy() {
        // training/cover.py computes the same with numpy in double precision.
        let ramp: Vec<u8> =
            (0..SIZE * SIZE).map(|at| ((at % SIZE * 5 + at / SIZE * 3) % 256) as u8).collect();
        assert!((Cover::new().probability(&ramp) - 0.022_471_7).abs() < 1e-4);
        let half: Vec<u8> = (0..SIZE * SIZE)
            .map(|at| {
                let (x, y) = ((at % SIZE) as f64, (at / SIZE) as f64);
                if at / SIZE > 30 { 150 } else { (128.0 + 60.0 * (x / 4.0).sin() * (y / 5.0).cos()) as u8 }
            })
            .collect();
        assert_eq!(half[480..484], [128, 121, 116, 110]);
        let probability = Cover::new().probability(&half);
        assert!((probability - 0.999_078).abs() < 1e-4, "{probability}");
    }

    #[test]
    fn what_is_no_crop_hides_nothing() {
        assert_eq!(Cover::new().probability(&[0; 9]), 0.0);
        assert!(Cover::new().probability(&[77; SIZE * SIZE]).is_finite());
    }
}
