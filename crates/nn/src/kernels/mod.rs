//! The arithmetic, three times: a scalar reference, wasm simd128 and x86-64 AVX2. All give the same bits.
//!
//! Integer sums are exact in i32 whatever their order (the graph's check refuses weights for which they
//! would not be). A result is then made by these single, unfused f32 steps, the same everywhere:
//! `round_half_even(clamp(sum as f32 * scale, low, high))`.

mod layers;
mod scalar;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128;

pub use layers::{Add, Average, Bounds, Buffers, Conv, Dense, Depthwise, Finish, Pool, Residual};
pub use scalar::Scalar;

/// One implementation of the layers' arithmetic. The two kinds of convolution are nearly all of the time; the
/// other layers are plain loops that every implementation may share.
pub trait Kernels: Send + Sync + std::fmt::Debug {
    /// For reports: `scalar`, `simd128` or `avx2`.
    fn name(&self) -> &'static str;

    fn conv(&self, layer: &Conv, buffers: Buffers);

    fn depthwise(&self, layer: &Depthwise, buffers: Buffers);

    fn add(&self, layer: &Add, left: &[i16], right: &[i16], output: &mut [i16]) {
        scalar::add(layer, left, right, output);
    }

    fn average(&self, layer: &Average, input: &[i16], output: &mut [i16]) {
        scalar::average(layer, input, output);
    }

    fn pool(&self, layer: &Pool, input: &[i16], output: &mut [i16]) {
        scalar::pool(layer, input, output);
    }

    /// `results`: pixel by pixel, one for each channel.
    fn dense(&self, layer: &Dense, input: &[i16], results: &mut [f32]) {
        scalar::dense(layer, input, results);
    }
}

/// The fastest implementation that this machine runs.
pub fn best() -> &'static dyn Kernels {
    #[cfg(target_arch = "x86_64")]
    if let Some(kernels) = avx2::Avx2::detect() {
        return kernels;
    }
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    return &simd128::Simd128;
    #[allow(unreachable_code)]
    &Scalar
}
