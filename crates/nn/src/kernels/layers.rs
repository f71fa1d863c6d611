//! Layers as the kernels want them: weights packed, and for every output pixel the place of its window.
//!
//! A kernel never sees zero points: a stored activation is `q - zero_point` (i16), so padding is 0 and a ReLU
//! is a lower bound of 0.

use crate::graph::Convolution;
use crate::layout::{LANES, Place};

/// What a result may be, relative to its zero point: `low <= 0 <= high`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    pub low: f32,
    pub high: f32,
}

/// Adding another value to a layer's result, after that result was rounded as if it had been stored.
#[derive(Debug, Clone, Copy)]
pub struct Residual {
    /// It may have fewer lanes than the sum: the rest adds nothing.
    pub place: Place,
    /// Scale of the layer's own result over the sum's scale.
    pub own_ratio: f32,
    /// Scale of the other value over the sum's scale.
    pub other_ratio: f32,
    pub bounds: Bounds,
}

/// Where one output pixel reads and writes: offsets of the first tap, the other summand, the result.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pixel {
    pub input: u32,
    pub residual: u32,
    pub output: u32,
}

/// The buffers of one layer. `residual` is empty where nothing is added.
pub struct Buffers<'a> {
    pub input: &'a [i16],
    pub residual: &'a [i16],
    pub output: &'a mut [i16],
}

/// What happens to the sums of a weighted layer, and where the results go.
#[derive(Debug, Clone)]
pub struct Epilogue {
    /// Of whole blocks of eight channels; the last block is filled up with zeros.
    pub(super) bias: Vec<i32>,
    pub(super) scales: Vec<f32>,
    pub(super) bounds: Bounds,
    pub(super) residual: Option<Residual>,
    pub(super) pixels: Vec<Pixel>,
    /// Least lengths of the buffers, which make every offset of this layer valid.
    reach: [usize; 3],
}

/// How a weighted layer's results are made, as the plan knows it.
pub struct Finish {
    /// One factor a channel from sums to results.
    pub scales: Vec<f32>,
    pub bounds: Bounds,
    pub residual: Option<Residual>,
}

impl Residual {
    /// Whether the other value has this block of channels; otherwise it counts as 0.
    #[inline(always)]
    pub(super) fn has(&self, block: usize) -> bool {
        block * LANES < self.place.pixel
    }
}

impl Epilogue {
    /// `window`: how many elements beyond its first tap a window reaches (exclusive).
    fn new(layer: &Convolution, from: &Place, to: &Place, finish: Finish, window: usize) -> Self {
        let Finish { mut scales, bounds, residual } = finish;
        let mut bias = layer.bias.clone();
        let channels = bias.len().next_multiple_of(LANES);
        bias.resize(channels, 0);
        scales.resize(channels, 0.0);

        let first = from.origin - layer.padding[0] * from.row - layer.padding[1] * from.pixel;
        let mut pixels = Vec::with_capacity(to.height * to.width);
        for y in 0..to.height {
            for x in 0..to.width {
                let input = first + y * layer.strides[0] * from.row + x * layer.strides[1] * from.pixel;
                let residual = residual.as_ref().map_or(0, |residual| residual.place.at(y, x));
                pixels.push(Pixel {
                    input: offset(input),
                    residual: offset(residual),
                    output: offset(to.at(y, x)),
                });
            }
        }
        let furthest = |of: fn(&Pixel) -> u32| pixels.iter().map(of).max().unwrap_or(0) as usize;
        let reach = [
            furthest(|pixel| pixel.input) + window,
            residual
                .as_ref()
                .map_or(0, |other| furthest(|pixel| pixel.residual) + other.place.pixel.min(channels)),
            furthest(|pixel| pixel.output) + channels,
        ];
        Self { bias, scales, bounds, residual, pixels, reach }
    }

    /// Panics unless the buffers are long enough for every offset of this layer: what makes the unchecked
    /// loads and stores of the SIMD kernels sound.
    pub(super) fn check(&self, buffers: &Buffers) {
        let lengths = [buffers.input.len(), buffers.residual.len(), buffers.output.len()];
        assert!(
            lengths.iter().zip(&self.reach).all(|(length, reach)| length >= reach),
            "buffers of {lengths:?} elements where a layer reaches {:?}",
            self.reach
        );
    }

    /// As [`Self::check`], for a layer whose results do not go to a buffer.
    pub(super) fn check_input(&self, input: &[i16]) {
        let reach = self.reach[0];
        assert!(input.len() >= reach, "a buffer of {} elements where a layer reaches {reach}", input.len());
    }

    pub(super) fn blocks(&self) -> usize {
        self.bias.len() / LANES
    }
}

fn offset(value: usize) -> u32 {
    u32::try_from(value).expect("a checked graph's buffers are far below 2^32 elements")
}

/// A convolution over all channels. For every row of its kernel the taps lie side by side in memory
/// (columns x channels): one run of pairs of elements. A run of odd length takes one element more with
/// weight 0.
#[derive(Debug, Clone)]
pub struct Conv {
    pub(super) epilogue: Epilogue,
    /// Rows of the kernel.
    pub(super) runs: usize,
    /// From one run to the next, in elements.
    pub(super) run_step: usize,
    /// Pairs of a run.
    pub(super) pairs: usize,
    /// `[block of 8 channels][run][pair][channel][2]`
    pub(super) weights: Vec<i16>,
}

impl Conv {
    pub fn new(layer: &Convolution, depth: usize, from: &Place, to: &Place, finish: Finish) -> Self {
        let [runs, columns] = layer.kernel;
        // The lanes beyond the last channel of a window's last pixel are 0 and count for nothing.
        let pairs = ((columns - 1) * from.pixel + depth).div_ceil(2);
        let window = (runs - 1) * from.row + pairs * 2;
        let epilogue = Epilogue::new(layer, from, to, finish, window);
        let mut weights = vec![0; epilogue.blocks() * runs * pairs * 2 * LANES];
        let taps = depth * runs * columns;
        for out in 0..layer.bias.len() {
            let (block, lane) = (out / LANES, out % LANES);
            for index in 0..taps {
                let (channel, row, column) =
                    (index / (runs * columns), index / columns % runs, index % columns);
                let along = column * from.pixel + channel;
                let pair = (block * runs + row) * pairs + along / 2;
                weights[(pair * LANES + lane) * 2 + along % 2] = layer.weights.at(out * taps + index);
            }
        }
        Self { epilogue, runs, run_step: from.row, pairs, weights }
    }

    /// Elements of one block's weights.
    pub(super) fn block_len(&self) -> usize {
        self.runs * self.pairs * 2 * LANES
    }
}

/// A convolution of every channel with its own kernel. Taps go in pairs; where their number is odd, one of them comes twice,
/// once with weight 0.
#[derive(Debug, Clone)]
pub struct Depthwise {
    pub(super) epilogue: Epilogue,
    /// Offsets of the taps from the window's first, an even number of them.
    pub(super) taps: Vec<u32>,
    /// `[block of 8 channels][pair of taps][channel][2]`
    pub(super) weights: Vec<i16>,
    /// Where the taps are [`SQUARE`] and nothing is added: how to go through the pixels row by row.
    pub(super) square: Option<Square>,
}

/// The pairs of taps of a 3x3 kernel, numbered row by row, and whether each tap's weight counts: of every column the upper two,
/// then the lower row. So neighbouring pixels share pairs of inputs, and the windows slide.
const SQUARE: [(usize, bool); 10] = [
    (0, true),
    (3, true),
    (1, true),
    (4, true),
    (2, true),
    (5, true),
    (6, true),
    (7, true),
    (7, false),
    (8, true),
];

/// How a 3x3 kernel goes through the pixels row by row; distances in elements.
#[derive(Debug, Clone, Copy)]
pub(super) struct Square {
    /// Pixels of a row of the output.
    pub width: usize,
    /// Whether a window begins one pixel to the right of the one before, and so shares six of nine inputs with it.
    pub slides: bool,
    /// From a pixel to its neighbours on the right and below in the input.
    pub pixel: usize,
    pub row: usize,
    /// Channels in groups of four; the lanes beyond them stay 0 if nobody writes them.
    #[cfg_attr(not(target_arch = "wasm32"), allow(dead_code))] // AVX2 takes eight at a time
    pub fours: usize,
}

impl Depthwise {
    pub fn new(layer: &Convolution, from: &Place, to: &Place, finish: Finish) -> Self {
        let [rows, columns] = layer.kernel;
        let count = rows * columns;
        let order: Vec<(usize, bool)> = match layer.kernel {
            [3, 3] => SQUARE.to_vec(),
            _ => (0..count).map(|tap| (tap, true)).chain((count % 2 == 1).then_some((0, false))).collect(),
        };
        let taps: Vec<u32> = order
            .iter()
            .map(|(tap, _)| offset(tap / columns * from.row + tap % columns * from.pixel))
            .collect();
        let last = taps.iter().max().copied().unwrap_or(0) as usize;
        let channels = layer.bias.len().next_multiple_of(LANES);
        let epilogue = Epilogue::new(layer, from, to, finish, last + channels);
        let mut weights = vec![0; taps.len() * channels];
        for channel in 0..layer.bias.len() {
            for (at, &(tap, counts)) in order.iter().enumerate() {
                if counts {
                    let pair = channel / LANES * (taps.len() / 2) + at / 2;
                    weights[(pair * LANES + channel % LANES) * 2 + at % 2] =
                        layer.weights.at(channel * count + tap);
                }
            }
        }
        let square = (layer.kernel == [3, 3] && epilogue.residual.is_none()).then_some(Square {
            width: to.width,
            slides: layer.strides[1] == 1,
            pixel: from.pixel,
            row: from.row,
            fours: layer.bias.len().div_ceil(4),
        });
        Self { epilogue, taps, weights, square }
    }
}

/// An addition that could not be merged into a convolution.
#[derive(Debug, Clone)]
pub struct Add {
    pub left: Place,
    pub right: Place,
    pub output: Place,
    pub left_ratio: f32,
    pub right_ratio: f32,
    pub bounds: Bounds,
}

/// The mean of each channel; `scale` also divides by the number of pixels.
#[derive(Debug, Clone)]
pub struct Average {
    pub input: Place,
    pub output: Place,
    pub channels: usize,
    pub scale: f32,
    pub bounds: Bounds,
}

/// The largest of each lane in windows inside the picture.
#[derive(Debug, Clone)]
pub struct Pool {
    pub input: Place,
    pub output: Place,
    pub kernel: [usize; 2],
    pub strides: [usize; 2],
}

/// A convolution with real results, pixel by pixel: `sum * scale + real_bias`, unfused.
#[derive(Debug, Clone)]
pub struct Dense {
    pub conv: Conv,
    /// One a channel, filled up to whole blocks of eight with 0.
    pub real_bias: Vec<f32>,
    pub channels: usize,
}
