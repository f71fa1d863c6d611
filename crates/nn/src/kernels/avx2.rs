//! x86-64 with AVX2: tiles of up to 4 pixels x 16 channels, `vpmaddwd` over pairs of input elements.
//! A block of eight channels fills one register.

use std::arch::x86_64::*;

use super::Kernels;
use super::layers::{Bounds, Buffers, Conv, Dense, Depthwise, Epilogue, Pixel, Square};
use crate::layout::LANES;

/// Exists only where the processor has AVX2: see [`Avx2::detect`].
#[derive(Debug)]
pub struct Avx2(());

impl Avx2 {
    pub fn detect() -> Option<&'static Self> {
        static AVX2: Avx2 = Avx2(());
        is_x86_feature_detected!("avx2").then_some(&AVX2)
    }
}

impl Kernels for Avx2 {
    fn name(&self) -> &'static str {
        "avx2"
    }

    fn conv(&self, layer: &Conv, mut buffers: Buffers) {
        layer.epilogue.check(&buffers);
        // SAFETY: an `Avx2` exists only where AVX2 does, and `check` has shown that every offset of the
        // layer lies within the buffers.
        unsafe { conv(layer, &mut buffers) }
    }

    fn dense(&self, layer: &Dense, input: &[i16], results: &mut [f32]) {
        layer.conv.epilogue.check_input(input);
        // SAFETY: an `Avx2` exists only where AVX2 does, and `check_input` has shown that every window lies
        // within the input.
        unsafe { dense(layer, input, results) }
    }

    fn depthwise(&self, layer: &Depthwise, mut buffers: Buffers) {
        layer.epilogue.check(&buffers);
        // SAFETY: as for `conv`; a square has five pairs of taps.
        unsafe {
            match &layer.square {
                Some(square) if square.slides => depthwise_square::<true>(layer, square, &mut buffers),
                Some(square) => depthwise_square::<false>(layer, square, &mut buffers),
                None => depthwise(layer, &mut buffers),
            }
        }
    }
}

/// All pixels of a convolution, two blocks of channels at a time.
///
/// # Safety
/// The processor has AVX2, and `layer.epilogue.check(buffers)` has passed.
#[target_feature(enable = "avx2")]
unsafe fn conv(layer: &Conv, buffers: &mut Buffers) {
    let blocks = layer.epilogue.blocks();
    let mut block = 0;
    unsafe {
        while block + 2 <= blocks {
            conv_blocks::<2>(layer, block, buffers);
            block += 2;
        }
        if block < blocks {
            conv_blocks::<1>(layer, block, buffers);
        }
    }
}

/// All pixels of `B` neighbouring blocks of channels.
///
/// # Safety
/// The processor has AVX2, `layer.epilogue.check(buffers)` has passed, and the layer has the blocks `block..block + B`.
#[target_feature(enable = "avx2")]
unsafe fn conv_blocks<const B: usize>(layer: &Conv, block: usize, buffers: &mut Buffers) {
    let (fours, rest) = layer.epilogue.pixels.as_chunks::<4>();
    unsafe {
        for tile in fours {
            conv_tile::<4, B>(layer, block, tile, buffers);
        }
        match *rest {
            [a] => conv_tile::<1, B>(layer, block, &[a], buffers),
            [a, b] => conv_tile::<2, B>(layer, block, &[a, b], buffers),
            [a, b, c] => conv_tile::<3, B>(layer, block, &[a, b, c], buffers),
            _ => {}
        }
    }
}

/// Computes and stores 8 x `B` channels of `N` pixels.
///
/// # Safety
/// The processor has AVX2, `layer.epilogue.check(buffers)` has passed, `pixels` are of this layer, and it has the blocks
/// `block..block + B`.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn conv_tile<const N: usize, const B: usize>(
    layer: &Conv,
    block: usize,
    pixels: &[Pixel; N],
    buffers: &mut Buffers,
) {
    unsafe {
        let sums = conv_sums::<N, B>(layer, block, pixels, buffers.input);
        for (pixel, sums) in pixels.iter().zip(sums) {
            for (index, sum) in sums.into_iter().enumerate() {
                finish(&layer.epilogue, block + index, pixel, sum, buffers);
            }
        }
    }
}

/// All pixels of a layer with real results, one block of channels after the other.
///
/// # Safety
/// The processor has AVX2, and `layer.conv.epilogue.check_input(input)` has passed.
#[target_feature(enable = "avx2")]
unsafe fn dense(layer: &Dense, input: &[i16], results: &mut [f32]) {
    let Dense { conv, real_bias, channels } = layer;
    for block in 0..conv.epilogue.blocks() {
        for (pixel, results) in conv.epilogue.pixels.iter().zip(results.chunks_exact_mut(*channels)) {
            let mut block_results = [0.0_f32; LANES];
            let scales = &conv.epilogue.scales[block * LANES..][..LANES];
            let biases = &real_bias[block * LANES..][..LANES];
            // SAFETY: scales, biases and results of a block are eight.
            unsafe {
                let [[sum]] = conv_sums::<1, 1>(conv, block, &[*pixel], input);
                let scale = _mm256_loadu_ps(scales.as_ptr());
                let bias = _mm256_loadu_ps(biases.as_ptr());
                let result = _mm256_add_ps(_mm256_mul_ps(_mm256_cvtepi32_ps(sum), scale), bias);
                _mm256_storeu_ps(block_results.as_mut_ptr(), result);
            }
            for (result, of_block) in results[block * LANES..].iter_mut().zip(block_results) {
                *result = of_block;
            }
        }
    }
}

/// The sums of 8 x `B` channels of `N` pixels.
///
/// # Safety
/// The processor has AVX2, the windows of `pixels` lie within `input` (the layer's `check` or `check_input` has passed), and
/// the layer has the blocks `block..block + B`.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn conv_sums<const N: usize, const B: usize>(
    layer: &Conv,
    block: usize,
    pixels: &[Pixel; N],
    input: &[i16],
) -> [[__m256i; B]; N] {
    unsafe {
        let mut sums = [[_mm256_setzero_si256(); B]; N];
        for sums in &mut sums {
            for (index, sum) in sums.iter_mut().enumerate() {
                *sum = bias(&layer.epilogue, block + index);
            }
        }
        let input = input.as_ptr();
        let block_len = layer.block_len();
        let mut weights = layer.weights.as_ptr().add(block * block_len);
        for run in 0..layer.runs {
            for pair in 0..layer.pairs {
                let mut row = [_mm256_setzero_si256(); B];
                for (index, row) in row.iter_mut().enumerate() {
                    *row = _mm256_loadu_si256(weights.add(index * block_len).cast());
                }
                weights = weights.add(2 * LANES);
                for (pixel, sums) in pixels.iter().zip(&mut sums) {
                    let at = input.add(pixel.input as usize + run * layer.run_step + pair * 2);
                    let both = _mm256_set1_epi32(at.cast::<i32>().read_unaligned());
                    for (sum, row) in sums.iter_mut().zip(row) {
                        *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(both, row));
                    }
                }
            }
        }
        sums
    }
}

/// All pixels of a depthwise convolution with a kernel of any size.
///
/// # Safety
/// The processor has AVX2, and `layer.epilogue.check(buffers)` has passed.
#[target_feature(enable = "avx2")]
unsafe fn depthwise(layer: &Depthwise, buffers: &mut Buffers) {
    for block in 0..layer.epilogue.blocks() {
        for pixel in &layer.epilogue.pixels {
            unsafe {
                let window = buffers.input.as_ptr().add(pixel.input as usize + block * LANES);
                let mut weights = layer.weights.as_ptr().add(block * layer.taps.len() * LANES);
                let mut sum = bias(&layer.epilogue, block);
                for taps in layer.taps.as_chunks::<2>().0 {
                    let first = _mm_loadu_si128(window.add(taps[0] as usize).cast());
                    let second = _mm_loadu_si128(window.add(taps[1] as usize).cast());
                    let row = _mm256_loadu_si256(weights.cast());
                    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(interleave(first, second), row));
                    weights = weights.add(2 * LANES);
                }
                finish(&layer.epilogue, block, pixel, sum, buffers);
            }
        }
    }
}

/// All pixels of a 3x3 kernel. Where the windows slide, what neighbours share is loaded and interleaved once.
///
/// # Safety
/// The processor has AVX2, `layer.epilogue.check(buffers)` has passed, and `square` is `layer.square`: five pairs of taps,
/// `square.width` pixels a row.
#[target_feature(enable = "avx2")]
unsafe fn depthwise_square<const SLIDES: bool>(layer: &Depthwise, square: &Square, buffers: &mut Buffers) {
    for block in 0..layer.epilogue.blocks() {
        unsafe {
            let weights = layer.weights.as_ptr().add(block * layer.taps.len() * LANES);
            let mut rows = [_mm256_setzero_si256(); 5];
            for (pair, row) in rows.iter_mut().enumerate() {
                *row = _mm256_loadu_si256(weights.add(pair * 2 * LANES).cast());
            }
            let bias = bias(&layer.epilogue, block);
            for pixels in layer.epilogue.pixels.chunks_exact(square.width) {
                let input = buffers.input.as_ptr().add(block * LANES);
                let first = input.add(pixels[0].input as usize);
                let (mut left, left_lower) = column(square, first, 0);
                let (mut middle, mut middle_lower) = column(square, first, 1);
                let mut lower = interleave(left_lower, middle_lower);
                for pixel in pixels {
                    let window = input.add(pixel.input as usize);
                    if !SLIDES {
                        let left_lower;
                        (left, left_lower) = column(square, window, 0);
                        (middle, middle_lower) = column(square, window, 1);
                        lower = interleave(left_lower, middle_lower);
                    }
                    let (right, right_lower) = column(square, window, 2);
                    let next_lower = interleave(middle_lower, right_lower);
                    let mut sum = bias;
                    for (inputs, row) in [left, middle, right, lower, next_lower].into_iter().zip(rows) {
                        sum = _mm256_add_epi32(sum, _mm256_madd_epi16(inputs, row));
                    }
                    finish(&layer.epilogue, block, pixel, sum, buffers);
                    (left, middle, middle_lower, lower) = (middle, right, right_lower, next_lower);
                }
            }
        }
    }
}

/// The inputs of one column of a 3x3 window: the upper two interleaved, and the lower one.
///
/// # Safety
/// The processor has AVX2; from `window` on, columns 0..=2 of three rows of `square` can be read, eight numbers each.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn column(square: &Square, window: *const i16, column: usize) -> (__m256i, __m128i) {
    unsafe {
        let at = window.add(column * square.pixel);
        let [upper, middle, lower] = [0, 1, 2].map(|row| _mm_loadu_si128(at.add(row * square.row).cast()));
        (interleave(upper, middle), lower)
    }
}

/// a0 b0 a1 b1 ... of the eight numbers of each.
///
/// # Safety
/// The processor has AVX2.
#[inline]
#[target_feature(enable = "avx2")]
fn interleave(a: __m128i, b: __m128i) -> __m256i {
    _mm256_set_m128i(_mm_unpackhi_epi16(a, b), _mm_unpacklo_epi16(a, b))
}

/// The eight biases of a block.
///
/// # Safety
/// The processor has AVX2, and the layer has the block.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn bias(layer: &Epilogue, block: usize) -> __m256i {
    unsafe { _mm256_loadu_si256(layer.bias.as_ptr().add(block * LANES).cast()) }
}

/// Scales, adds the residual, rounds and stores the 8 channels of one pixel.
///
/// # Safety
/// The processor has AVX2, the layer's `check(buffers)` has passed, `pixel` is one of its pixels, and it has the block.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn finish(layer: &Epilogue, block: usize, pixel: &Pixel, sum: __m256i, buffers: &mut Buffers) {
    unsafe {
        let scales = _mm256_loadu_ps(layer.scales.as_ptr().add(block * LANES));
        let mut result = clamp(_mm256_mul_ps(_mm256_cvtepi32_ps(sum), scales), layer.bounds);
        if let Some(other) = &layer.residual {
            let at = pixel.residual as usize + block * LANES;
            let added = match other.has(block) {
                true => _mm_loadu_si128(buffers.residual.as_ptr().add(at).cast()),
                false => _mm_setzero_si128(),
            };
            let added = _mm256_cvtepi32_ps(_mm256_cvtepi16_epi32(added));
            let own = _mm256_round_ps::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(result);
            let own = _mm256_mul_ps(own, _mm256_set1_ps(other.own_ratio));
            let added = _mm256_mul_ps(added, _mm256_set1_ps(other.other_ratio));
            result = clamp(_mm256_add_ps(own, added), other.bounds);
        }
        // Rounds half to even, the processor's default that Rust relies on, too.
        let result = _mm256_cvtps_epi32(result);
        let result = _mm_packs_epi32(_mm256_castsi256_si128(result), _mm256_extracti128_si256::<1>(result));
        let at = buffers.output.as_mut_ptr().add(pixel.output as usize + block * LANES);
        _mm_storeu_si128(at.cast(), result);
    }
}

/// Within the bounds, in every lane.
///
/// # Safety
/// The processor has AVX2.
#[inline]
#[target_feature(enable = "avx2")]
fn clamp(real: __m256, bounds: Bounds) -> __m256 {
    _mm256_min_ps(_mm256_max_ps(real, _mm256_set1_ps(bounds.low)), _mm256_set1_ps(bounds.high))
}
