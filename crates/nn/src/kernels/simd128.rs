//! WebAssembly SIMD: tiles of up to 4 pixels x 8 channels, `i32x4.dot_i16x8` over pairs of input elements.
//!
//! Eight accumulators, two vectors of weights and one broadcast pair: 11 of the 16 registers that an x86
//! engine has. More accumulators spill.

use core::arch::wasm32::*;

use super::Kernels;
use super::layers::{Bounds, Buffers, Conv, Dense, Depthwise, Epilogue, Pixel, Square};
use crate::layout::LANES;

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
        if let Some(square) = &layer.square {
            for four in 0..square.fours {
                // SAFETY: `check` has shown that every window lies within the input and every result within the output; a
                // square has five pairs of taps.
                unsafe {
                    match square.slides {
                        true => depthwise_square::<true>(layer, square, four, &mut buffers),
                        false => depthwise_square::<false>(layer, square, four, &mut buffers),
                    }
                }
            }
            return;
        }
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
                        let low = interleave(first, second);
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

/// Four channels of all pixels of a 3x3 kernel: few enough that the weights stay in registers. Where the windows slide, what
/// neighbours share is loaded and interleaved once.
///
/// # Safety
/// `layer.epilogue.check(buffers)` has passed, `square` is `layer.square` (five pairs of taps, `square.width` pixels a row), and
/// `four < square.fours`.
#[inline(always)]
unsafe fn depthwise_square<const SLIDES: bool>(
    layer: &Depthwise,
    square: &Square,
    four: usize,
    buffers: &mut Buffers,
) {
    unsafe {
        let (block, half) = (four / 2, four % 2);
        let weights = layer.weights.as_ptr().add(block * layer.taps.len() * LANES + half * 8);
        let weights: [v128; 5] = std::array::from_fn(|pair| v128_load(weights.add(pair * 2 * LANES).cast()));
        let bias = v128_load(layer.epilogue.bias.as_ptr().add(four * 4).cast());
        let scale = v128_load(layer.epilogue.scales.as_ptr().add(four * 4).cast());
        let bounds = Limits::new(layer.epilogue.bounds);
        for pixels in layer.epilogue.pixels.chunks_exact(square.width) {
            // The inputs of one column: the upper two interleaved, and the lower one.
            let input = buffers.input.as_ptr().add(four * 4);
            let load = |at: *const i16| v128_load64_zero(at.cast());
            let column = |window: *const i16, column: usize| {
                let at = window.add(column * square.pixel);
                let upper = interleave(load(at), load(at.add(square.row)));
                (upper, load(at.add(2 * square.row)))
            };
            let first = input.add(pixels[0].input as usize);
            let (mut left, left_lower) = column(first, 0);
            let (mut middle, mut middle_lower) = column(first, 1);
            let mut lower = interleave(left_lower, middle_lower);
            for pixel in pixels {
                let window = input.add(pixel.input as usize);
                if !SLIDES {
                    let left_lower;
                    (left, left_lower) = column(window, 0);
                    (middle, middle_lower) = column(window, 1);
                    lower = interleave(left_lower, middle_lower);
                }
                let (right, right_lower) = column(window, 2);
                let next_lower = interleave(middle_lower, right_lower);
                let mut sum = bias;
                for (inputs, weights) in [left, middle, right, lower, next_lower].into_iter().zip(weights) {
                    sum = i32x4_add(sum, i32x4_dot_i16x8(inputs, weights));
                }
                let result = to_integer(bounds.clamp(f32x4_mul(f32x4_convert_i32x4(sum), scale)));
                let at = buffers.output.as_mut_ptr().add(pixel.output as usize + four * 4);
                v128_store64_lane::<0>(i16x8_narrow_i32x4(result, result), at.cast());
                (left, middle, middle_lower, lower) = (middle, right, right_lower, next_lower);
            }
        }
    }
}

/// The first four numbers of each: a0 b0 a1 b1 a2 b2 a3 b3.
#[inline(always)]
fn interleave(a: v128, b: v128) -> v128 {
    i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(a, b)
}

/// Computes and stores 8 channels of `N` pixels.
///
/// # Safety
/// `layer.epilogue.check(buffers)` has passed, `pixels` are of this layer, it has the block, and `weights` are the block's
/// `layer.block_len()`.
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
///
/// # Safety
/// `layer.conv.epilogue.check_input(input)` has passed, `pixels` are of this layer, and `weights` are the block's
/// `block_len()`.
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
///
/// # Safety
/// The windows of `pixels` lie within `input` (the layer's `check` or `check_input` has passed), the layer has the
/// block, and `weights` are the block's `layer.block_len()`.
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
            // At most eleven are left.
            if pairs & 8 != 0 {
                multiply_pairs::<N, 8>(&mut sums, &mut weights, &mut at);
            }
            if pairs & 4 != 0 {
                multiply_pairs::<N, 4>(&mut sums, &mut weights, &mut at);
            }
            if pairs & 2 != 0 {
                multiply_pairs::<N, 2>(&mut sums, &mut weights, &mut at);
            }
            if pairs & 1 != 0 {
                multiply_pairs::<N, 1>(&mut sums, &mut weights, &mut at);
            }
            starts = starts.map(|start| start.wrapping_add(layer.run_step));
        }
        sums
    }
}

/// Adds the products of `P` pairs of input elements for each of `N` pixels, and moves on behind them.
///
/// # Safety
/// From `weights` on `P` x 16 numbers can be read, and from each of `at` on `P` x 2.
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

/// The eight biases of a block.
///
/// # Safety
/// The layer has the block.
#[inline(always)]
unsafe fn bias(layer: &Epilogue, block: usize) -> Sums {
    unsafe {
        let bias = layer.bias.as_ptr().add(block * LANES);
        [v128_load(bias.cast()), v128_load(bias.add(4).cast())]
    }
}

/// Scales, adds the residual, rounds and stores the 8 channels of one pixel. (Of several pixels at once it is slower: their
/// results take the registers of the sums.)
///
/// # Safety
/// The layer's `check(buffers)` has passed, `pixel` is one of its pixels, and it has the block.
#[inline(always)]
unsafe fn finish(layer: &Epilogue, block: usize, pixel: &Pixel, sums: Sums, buffers: &mut Buffers) {
    unsafe {
        let scales = layer.scales.as_ptr().add(block * LANES);
        let bounds = Limits::new(layer.bounds);
        let mut results = sums.map(|sum| f32x4_convert_i32x4(sum));
        for (half, result) in results.iter_mut().enumerate() {
            *result = bounds.clamp(f32x4_mul(*result, v128_load(scales.add(half * 4).cast())));
        }
        if let Some(other) = &layer.residual {
            let bounds = Limits::new(other.bounds);
            for result in &mut results {
                *result = f32x4_mul(f32x4_nearest(*result), f32x4_splat(other.own_ratio));
            }
            if other.has(block) {
                let at = buffers.residual.as_ptr().add(pixel.residual as usize + block * LANES);
                for (half, result) in results.iter_mut().enumerate() {
                    let added = f32x4_convert_i32x4(i32x4_load_extend_i16x4(at.add(half * 4)));
                    *result = f32x4_add(*result, f32x4_mul(added, f32x4_splat(other.other_ratio)));
                }
            }
            results = results.map(|result| bounds.clamp(result));
        }
        let [low, high] = results.map(to_integer);
        let at = pixel.output as usize + block * LANES;
        v128_store(buffers.output.as_mut_ptr().add(at).cast(), i16x8_narrow_i32x4(low, high));
    }
}

/// [`Bounds`] in every lane.
#[derive(Clone, Copy)]
struct Limits {
    low: v128,
    high: v128,
}

impl Limits {
    #[inline(always)]
    fn new(bounds: Bounds) -> Self {
        Self { low: f32x4_splat(bounds.low), high: f32x4_splat(bounds.high) }
    }

    #[inline(always)]
    fn clamp(self, real: v128) -> v128 {
        f32x4_pmin(f32x4_pmax(real, self.low), self.high)
    }
}

/// Rounds half to even: at 1.5 * 2^23 an f32's last bit is 1, so the addition rounds, and the integer stands
/// in the low bits. Exact for anything below 2^22; the clamp leaves at most 2^15.
#[inline(always)]
fn to_integer(real: v128) -> v128 {
    const SHIFT: f32 = 12_582_912.0;
    i32x4_sub(f32x4_add(real, f32x4_splat(SHIFT)), i32x4_splat(SHIFT.to_bits().cast_signed()))
}
