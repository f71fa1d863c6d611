//! The reference: what every implementation must compute, one channel of one pixel at a time.

use super::Kernels;
use super::layers::{Add, Average, Bounds, Buffers, Conv, Dense, Depthwise, Epilogue, Pixel, Pool};
use crate::layout::LANES;

/// Portable Rust without SIMD.
#[derive(Debug, Clone, Copy)]
pub struct Scalar;

impl Kernels for Scalar {
    fn name(&self) -> &'static str {
        "scalar"
    }

    fn conv(&self, layer: &Conv, buffers: Buffers) {
        for pixel in &layer.epilogue.pixels {
            for block in 0..layer.epilogue.blocks() {
                let sums = conv_sums(layer, block, &buffers.input[pixel.input as usize..]);
                finish(&layer.epilogue, pixel, block, sums, buffers.residual, buffers.output);
            }
        }
    }

    fn depthwise(&self, layer: &Depthwise, buffers: Buffers) {
        for pixel in &layer.epilogue.pixels {
            for block in 0..layer.epilogue.blocks() {
                let window = &buffers.input[pixel.input as usize + block * LANES..];
                let sums = depthwise_sums(layer, block, window);
                finish(&layer.epilogue, pixel, block, sums, buffers.residual, buffers.output);
            }
        }
    }
}

/// Of one pixel and one block of channels.
type Sums = [i32; LANES];

/// Bias plus the products of a block's weights with the window that begins at `window[0]`.
fn conv_sums(layer: &Conv, block: usize, window: &[i16]) -> Sums {
    let mut sums = bias(&layer.epilogue, block);
    let weights = &layer.weights[block * layer.block_len()..][..layer.block_len()];
    for (run, weights) in weights.chunks_exact(layer.pairs * 2 * LANES).enumerate() {
        let inputs = &window[run * layer.run_step..][..layer.pairs * 2];
        let inputs = inputs.as_chunks::<2>().0;
        for (pair, weights) in inputs.iter().zip(weights.as_chunks::<{ 2 * LANES }>().0) {
            let [first, second] = pair.map(i32::from);
            for (lane, sum) in sums.iter_mut().enumerate() {
                *sum += first * i32::from(weights[2 * lane]) + second * i32::from(weights[2 * lane + 1]);
            }
        }
    }
    sums
}

/// As [`conv_sums`], every channel with its own input; `window[0]` is the block's first channel.
fn depthwise_sums(layer: &Depthwise, block: usize, window: &[i16]) -> Sums {
    let mut sums = bias(&layer.epilogue, block);
    let weights = &layer.weights[block * layer.taps.len() * LANES..];
    for (taps, weights) in layer.taps.chunks_exact(2).zip(weights.chunks_exact(2 * LANES)) {
        for (lane, (sum, weights)) in sums.iter_mut().zip(weights.chunks_exact(2)).enumerate() {
            let [first, second] = [0, 1].map(|tap| window[taps[tap] as usize + lane]);
            *sum += i32::from(first) * i32::from(weights[0]) + i32::from(second) * i32::from(weights[1]);
        }
    }
    sums
}

fn bias(layer: &Epilogue, block: usize) -> Sums {
    std::array::from_fn(|lane| layer.bias[block * LANES + lane])
}

/// From the sums to the stored results.
fn finish(layer: &Epilogue, pixel: &Pixel, block: usize, sums: Sums, residual: &[i16], output: &mut [i16]) {
    for (lane, sum) in sums.into_iter().enumerate() {
        let channel = block * LANES + lane;
        let mut result = round(sum as f32 * layer.scales[channel], layer.bounds);
        if let Some(other) = &layer.residual {
            let added = if other.has(block) { residual[pixel.residual as usize + channel] } else { 0 };
            let added = f32::from(added) * other.other_ratio;
            result = round(result * other.own_ratio + added, other.bounds);
        }
        output[pixel.output as usize + channel] = result as i16;
    }
}

/// Clamps and rounds half to even. The bounds are integers, so the order of the two does not matter.
fn round(real: f32, bounds: Bounds) -> f32 {
    real.max(bounds.low).min(bounds.high).round_ties_even()
}

pub(super) fn add(layer: &Add, left: &[i16], right: &[i16], output: &mut [i16]) {
    for y in 0..layer.output.height {
        for x in 0..layer.output.width {
            let (from, other) = (layer.left.at(y, x), layer.right.at(y, x));
            let to = layer.output.at(y, x);
            for channel in 0..layer.output.pixel {
                // A summand with fewer lanes is 0 in the rest.
                let of = |values: &[i16], at: usize, lanes: usize| {
                    if channel < lanes { f32::from(values[at + channel]) } else { 0.0 }
                };
                let sum = of(left, from, layer.left.pixel) * layer.left_ratio
                    + of(right, other, layer.right.pixel) * layer.right_ratio;
                output[to + channel] = round(sum, layer.bounds) as i16;
            }
        }
    }
}

pub(super) fn average(layer: &Average, input: &[i16], output: &mut [i16]) {
    for channel in 0..layer.channels {
        let mut sum = 0;
        for y in 0..layer.input.height {
            for x in 0..layer.input.width {
                sum += i32::from(input[layer.input.at(y, x) + channel]);
            }
        }
        output[layer.output.origin + channel] = round(sum as f32 * layer.scale, layer.bounds) as i16;
    }
}

pub(super) fn pool(layer: &Pool, input: &[i16], output: &mut [i16]) {
    let [rows, columns] = layer.kernel;
    for y in 0..layer.output.height {
        for x in 0..layer.output.width {
            let to = layer.output.at(y, x);
            let first = layer.input.at(y * layer.strides[0], x * layer.strides[1]);
            let largest = &mut output[to..to + layer.output.pixel];
            largest.copy_from_slice(&input[first..first + layer.output.pixel]);
            for tap in 1..rows * columns {
                let at = first + tap / columns * layer.input.row + tap % columns * layer.input.pixel;
                for (largest, &value) in largest.iter_mut().zip(&input[at..]) {
                    *largest = value.max(*largest);
                }
            }
        }
    }
}

pub(super) fn dense(layer: &Dense, input: &[i16], results: &mut [f32]) {
    let Dense { conv, real_bias, channels } = layer;
    for (pixel, results) in conv.epilogue.pixels.iter().zip(results.chunks_exact_mut(*channels)) {
        for (block, results) in results.chunks_mut(LANES).enumerate() {
            let sums = conv_sums(conv, block, &input[pixel.input as usize..]);
            for (lane, result) in results.iter_mut().enumerate() {
                let channel = block * LANES + lane;
                *result = sums[lane] as f32 * conv.epilogue.scales[channel] + real_bias[channel];
            }
        }
    }
}
