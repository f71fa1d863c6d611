//! WebAssembly SIMD: tiles of up to 4 pixels x 8 channels, `i32x4.dot_i16x8` over pairs of input elements.
//!
//! Eight accumulators, two vectors of weights and one broadcast pair: 11 of the 16 registers that an x86
//! engine has. More accumulators spill.

use core::arch::wasm32::*;

use super::Kernels;
use super::layers::{Bounds, Buffers, Conv, Dense, Depthwise, Epilogue, Pixel};
use crate::nn::layout::LANES;

#[derive(Debug, Clone, Copy)]
pub struct Simd128;

/// The sums of one pixel: channels 0..4 and 4..8 of a block.
type Sums = [v128; 2];

impl Kernels for Simd128 {
    fn name(&self) -> &'static str {
        "simd128"
    }

    fn conv(&self, layer: &Conv, mut buffers: Buffers) {
        layer.epilogue.check(&buffers);
        let pixels = &layer.epilogue.pixels;
        for block in 0..layer.epilogue.blocks() {
            let weights = &layer.weights[block * layer.block_len()..][..layer.block_len()];
            let (fours, rest) = pixels.as_chunks::<4>();
            // SAFETY: `check` has shown that every offset of the layer lies within the buffers, and
            // `weights` holds the block's runs x pairs.
            unsafe {
                for tile in fours {
                    conv_tile(layer, block, weights, tile, &mut buffers);
                }
                match *rest {
                    [a] => conv_tile(layer, block, weights, &[a], &mut buffers),
                    [a, b] => conv_tile(layer, block, weights, &[a, b], &mut buffers),
                    [a, b, c] => conv_tile(layer, block, weights, &[a, b, c], &mut buffers),
                    _ => {}
                }
            }
        }
    }

    fn dense(&self, layer: &Dense, input: &[i16], results: &mut [f32]) {
        let Dense { conv, channels, .. } = layer;
        conv.epilogue.check_input(input);
        for block in 0..conv.epilogue.blocks() {
            let weights = &conv.weights[block * conv.block_len()..][..conv.block_len()];
            let (fours, rest) = conv.epilogue.pixels.as_chunks::<4>();
            let (of_fours, of_rest) = results.split_at_mut(fours.len() * 4 * channels);
            // SAFETY: `check_input` has shown that every window lies within the input, and `weights` holds
            // the block's runs x pairs.
            unsafe {
                for (tile, results) in fours.iter().zip(of_fours.chunks_exact_mut(4 * channels)) {
                    dense_tile(layer, block, weights, tile, input, results);
                }
                match *rest {
                    [a] => dense_tile(layer, block, weights, &[a], input, of_rest),
                    [a, b] => dense_tile(layer, block, weights, &[a, b], input, of_rest),
                    [a, b, c] => dense_tile(layer, block, weights, &[a, b, c], input, of_rest),
                    _ => {}
                }
            }
        }
    }

    fn depthwise(&self, layer: &Depthwise, mut buffers: Buffers) {
        layer.epilogue.check(&buffers);
        let block_len = layer.taps.len() * LANES;
        for block in 0..layer.epilogue.blocks() {
            let weights = &layer.weights[block * block_len..][..block_len];
            for pixel in &layer.epilogue.pixels {
                // SAFETY: as above; a pair of taps has 16 weights.
                unsafe {
                    let window = buffers.input.as_ptr().add(pixel.input as usize + block * LANES);
                    let mut sums = bias(&layer.epilogue, block);
                    for (pair, taps) in layer.taps.as_chunks::<2>().0.iter().enumerate() {
                        let first = v128_load(window.add(taps[0] as usize).cast());
                        let second = v128_load(window.add(taps[1] as usize).cast());
                        let low = i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(first, second);
                        let high = i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(first, second);
                        let weight = weights.as_ptr().add(pair * 2 * LANES);
                        sums[0] = i32x4_add(sums[0], i32x4_dot_i16x8(low, v128_load(weight.cast())));
                        sums[1] = i32x4_add(sums[1], i32x4_dot_i16x8(high, v128_load(weight.add(8).cast())));
                    }
                    finish(&layer.epilogue, block, pixel, sums, &mut buffers);
                }
            }
        }
    }
}

/// Computes and stores 8 channels of `N` pixels.
#[inline(always)]
unsafe fn conv_tile<const N: usize>(
    layer: &Conv,
    block: usize,
    weights: &[i16],
    pixels: &[Pixel; N],
    buffers: &mut Buffers,
) {
    unsafe {
        let sums = conv_sums(layer, block, weights, pixels, buffers.input);
        for (pixel, sums) in pixels.iter().zip(sums) {
            finish(&layer.epilogue, block, pixel, sums, buffers);
        }
    }
}

/// As [`conv_tile`], for real results; `results` begins with the first pixel's.
#[inline(always)]
unsafe fn dense_tile<const N: usize>(
    layer: &Dense,
    block: usize,
    weights: &[i16],
    pixels: &[Pixel; N],
    input: &[i16],
    results: &mut [f32],
) {
    let scales = &layer.conv.epilogue.scales[block * LANES..][..LANES];
    let biases = &layer.real_bias[block * LANES..][..LANES];
    let sums = unsafe { conv_sums(&layer.conv, block, weights, pixels, input) };
    for (sums, results) in sums.into_iter().zip(results.chunks_exact_mut(layer.channels)) {
        let mut block_results = [0.0_f32; LANES];
        for (half, sum) in sums.into_iter().enumerate() {
            // SAFETY: eight scales, biases and results, four for each half.
            unsafe {
                let scale = v128_load(scales.as_ptr().add(half * 4).cast());
                let bias = v128_load(biases.as_ptr().add(half * 4).cast());
                let result = f32x4_add(f32x4_mul(f32x4_convert_i32x4(sum), scale), bias);
                v128_store(block_results.as_mut_ptr().add(half * 4).cast(), result);
            }
        }
        for (result, of_block) in results[block * LANES..].iter_mut().zip(block_results) {
            *result = of_block;
        }
    }
}

/// The sums of 8 channels of `N` pixels.
#[inline(always)]
unsafe fn conv_sums<const N: usize>(
    layer: &Conv,
    block: usize,
    weights: &[i16],
    pixels: &[Pixel; N],
    input: &[i16],
) -> [Sums; N] {
    unsafe {
        let mut sums = [bias(&layer.epilogue, block); N];
        let mut weights = weights.as_ptr();
        let mut starts = pixels.map(|pixel| input.as_ptr().add(pixel.input as usize));
        for _ in 0..layer.runs {
            let mut at = starts;
            let mut pairs = layer.pairs;
            // Long stretches without a branch: with 4 pairs a round the loop itself took a fifth of the time.
            while pairs >= 12 {
                multiply_pairs::<N, 12>(&mut sums, &mut weights, &mut at);
                pairs -= 12;
            }
            while pairs >= 4 {
                multiply_pairs::<N, 4>(&mut sums, &mut weights, &mut at);
                pairs -= 4;
            }
            while pairs > 0 {
                multiply_pairs::<N, 1>(&mut sums, &mut weights, &mut at);
                pairs -= 1;
            }
            starts = starts.map(|start| start.wrapping_add(layer.run_step));
        }
        sums
    }
}

/// Adds the products of `P` pairs of input elements for each of `N` pixels, and moves on behind them.
#[inline(always)]
unsafe fn multiply_pairs<const N: usize, const P: usize>(
    sums: &mut [Sums; N],
    weights: &mut *const i16,
    at: &mut [*const i16; N],
) {
    unsafe {
        for pair in 0..P {
            let low = v128_load(weights.add(pair * 2 * LANES).cast());
            let high = v128_load(weights.add(pair * 2 * LANES + 8).cast());
            for (sums, at) in sums.iter_mut().zip(*at) {
                let input = v128_load32_splat(at.add(pair * 2).cast());
                sums[0] = i32x4_add(sums[0], i32x4_dot_i16x8(input, low));
                sums[1] = i32x4_add(sums[1], i32x4_dot_i16x8(input, high));
            }
        }
        *weights = weights.add(P * 2 * LANES);
        *at = at.map(|at| at.add(P * 2));
    }
}

#[inline(always)]
unsafe fn bias(layer: &Epilogue, block: usize) -> Sums {
    unsafe {
        let bias = layer.bias.as_ptr().add(block * LANES);
        [v128_load(bias.cast()), v128_load(bias.add(4).cast())]
    }
}

/// Scales, adds the residual, rounds and stores the 8 channels of one pixel.
#[inline(always)]
unsafe fn finish(layer: &Epilogue, block: usize, pixel: &Pixel, sums: Sums, buffers: &mut Buffers) {
    unsafe {
        let scales = layer.scales.as_ptr().add(block * LANES);
        let mut results = sums.map(|sum| f32x4_convert_i32x4(sum));
        for (half, result) in results.iter_mut().enumerate() {
            *result = clamp(f32x4_mul(*result, v128_load(scales.add(half * 4).cast())), layer.bounds);
        }
        if let Some(other) = &layer.residual {
            let at = pixel.residual as usize + block * LANES;
            let added = match other.has(block) {
                true => v128_load(buffers.residual.as_ptr().add(at).cast()),
                false => i16x8_splat(0),
            };
            let added = [i32x4_extend_low_i16x8(added), i32x4_extend_high_i16x8(added)];
            for (result, added) in results.iter_mut().zip(added) {
                let own = f32x4_mul(f32x4_nearest(*result), f32x4_splat(other.own_ratio));
                let added = f32x4_mul(f32x4_convert_i32x4(added), f32x4_splat(other.other_ratio));
                *result = clamp(f32x4_add(own, added), other.bounds);
            }
        }
        let [low, high] = results.map(to_integer);
        let at = pixel.output as usize + block * LANES;
        v128_store(buffers.output.as_mut_ptr().add(at).cast(), i16x8_narrow_i32x4(low, high));
    }
}

#[inline(always)]
fn clamp(real: v128, bounds: Bounds) -> v128 {
    f32x4_pmin(f32x4_pmax(real, f32x4_splat(bounds.low)), f32x4_splat(bounds.high))
}

/// Rounds half to even: at 1.5 * 2^23 an f32's last bit is 1, so the addition rounds, and the integer stands
/// in the low bits. Exact for anything below 2^22; the clamp leaves at most 2^15.
#[inline(always)]
fn to_integer(real: v128) -> v128 {
    const SHIFT: f32 = 12_582_912.0;
    i32x4_sub(f32x4_add(real, f32x4_splat(SHIFT)), i32x4_splat(SHIFT.to_bits().cast_signed()))
}
