//! The reference: what every implementation must compute, one channel of one pixel at a time.

use super::Kernels;
use super::layers::{Add, Average, Bounds, Buffers, Conv, Dense, Depthwise, Epilogue, Pixel};
use crate::nn::layout::LANES;

/// Portable Rust without SIMD.
#[derive(Debug, Clone, Copy)]
pub struct Scalar;

impl Kernels for Scalar {
    fn name(&self) -> &'static str {
        "scalar"
    }

    fn conv(&self, layer: &Conv, buffers: Buffers) {
        let Buffers { input, residual, output } = buffers;
        for pixel in &layer.epilogue.pixels {
            let window = &input[pixel.input as usize..];
            for channel in 0..layer.epilogue.bias.len() {
                finish(&layer.epilogue, pixel, channel, conv_sum(layer, window, channel), residual, output);
            }
        }
    }

    fn depthwise(&self, layer: &Depthwise, buffers: Buffers) {
        let Buffers { input, residual, output } = buffers;
        for pixel in &layer.epilogue.pixels {
            let window = &input[pixel.input as usize..];
            for channel in 0..layer.epilogue.bias.len() {
                let (block, lane) = (channel / LANES, channel % LANES);
                let mut sum = layer.epilogue.bias[channel];
                for (tap, &place) in layer.taps.iter().enumerate() {
                    let pair = block * (layer.taps.len() / 2) + tap / 2;
                    let weight = layer.weights[(pair * LANES + lane) * 2 + tap % 2];
                    sum += i32::from(weight) * i32::from(window[place as usize + channel]);
                }
                finish(&layer.epilogue, pixel, channel, sum, residual, output);
            }
        }
    }
}

/// Bias plus the products of one channel's weights with the window that begins at `window[0]`.
fn conv_sum(layer: &Conv, window: &[i16], channel: usize) -> i32 {
    let (block, lane) = (channel / LANES, channel % LANES);
    let mut sum = layer.epilogue.bias[channel];
    for run in 0..layer.runs {
        for along in 0..layer.pairs * 2 {
            let pair = (block * layer.runs + run) * layer.pairs + along / 2;
            let weight = layer.weights[(pair * LANES + lane) * 2 + along % 2];
            sum += i32::from(weight) * i32::from(window[run * layer.run_step + along]);
        }
    }
    sum
}

/// From a sum to the stored result.
fn finish(layer: &Epilogue, pixel: &Pixel, channel: usize, sum: i32, residual: &[i16], output: &mut [i16]) {
    let mut result = round(sum as f32 * layer.scales[channel], layer.bounds);
    if let Some(other) = &layer.residual {
        let added = f32::from(residual[pixel.residual as usize + channel]) * other.other_ratio;
        result = round(result * other.own_ratio + added, other.bounds);
    }
    output[pixel.output as usize + channel] = result as i16;
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
                let sum = f32::from(left[from + channel]) * layer.left_ratio
                    + f32::from(right[other + channel]) * layer.right_ratio;
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

pub(super) fn dense(layer: &Dense, input: &[i16], logits: &mut [f32]) {
    let conv = &layer.conv;
    for pixel in &conv.epilogue.pixels {
        for (channel, logit) in logits.iter_mut().enumerate() {
            let sum = conv_sum(conv, &input[pixel.input as usize..], channel);
            *logit = sum as f32 * conv.epilogue.scales[channel] + layer.real_bias[channel];
        }
    }
}
