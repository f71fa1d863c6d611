//! A graph made ready to run: weights packed, additions merged into convolutions, buffers laid out once.

use serde::{Deserialize, Serialize};

use super::build::build;
use super::graph::{Graph, GraphError, Quantization, Value};
use super::kernels::{self, Add, Average, Buffers, Conv, Dense, Depthwise, Kernels, Pool};
use super::layout::Place;

/// One call of a kernel.
#[derive(Debug)]
pub(super) struct Step {
    pub call: Call,
    /// For profiles: kind, kernel, channels and size.
    pub name: String,
    pub macs: usize,
}

/// What is called. Numbers are places in the scratch memory's `buffers` or `logits`.
#[derive(Debug)]
pub(super) enum Call {
    Conv { layer: Conv, input: usize, residual: Option<usize>, output: usize },
    Depthwise { layer: Depthwise, input: usize, residual: Option<usize>, output: usize },
    Add { layer: Add, left: usize, right: usize, output: usize },
    Average { layer: Average, input: usize, output: usize },
    Pool { layer: Pool, input: usize, output: usize },
    Dense { layer: Dense, input: usize, logits: usize },
}

/// Where a graph's input or output lies: a quantized one in a buffer, a real one among the logits.
#[derive(Debug, Clone)]
pub(super) enum Store {
    Buffer { index: usize, place: Place, quantization: Quantization },
    Logits { index: usize },
}

#[derive(Debug, Clone)]
pub(super) struct Port {
    pub value: Value,
    pub store: Store,
}

/// In which order the elements of a picture stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    /// Channel, row, column: ONNX's NCHW.
    Planes,
    /// Row, column, channel: NHWC.
    Pixels,
}

/// Immutable and shared; what changes during a run is in [`Scratch`].
#[derive(Debug)]
pub struct Plan {
    pub(super) kernels: &'static dyn Kernels,
    pub(super) steps: Vec<Step>,
    pub(super) inputs: Vec<Port>,
    pub(super) outputs: Vec<Port>,
    pub(super) buffer_lengths: Vec<usize>,
    pub(super) logit_lengths: Vec<usize>,
}

/// The memory of one runner of a plan, allocated once.
#[derive(Debug, Clone)]
pub struct Scratch {
    buffers: Vec<Vec<i16>>,
    logits: Vec<Vec<f32>>,
}

impl Plan {
    /// A plan for the fastest kernels of this machine.
    pub fn new(graph: &Graph) -> Result<Self, GraphError> {
        Self::with_kernels(graph, kernels::best())
    }

    pub fn with_kernels(graph: &Graph, kernels: &'static dyn Kernels) -> Result<Self, GraphError> {
        graph.check()?;
        build(graph, kernels)
    }

    /// `scalar`, `simd128` or `avx2`.
    pub fn kernels(&self) -> &'static str {
        self.kernels.name()
    }

    /// Kernel calls of one run.
    pub fn steps(&self) -> usize {
        self.steps.len()
    }

    /// Buffers of the scratch memory, each shared by values that are never needed at once.
    pub fn buffers(&self) -> usize {
        self.buffer_lengths.len()
    }

    pub fn scratch(&self) -> Scratch {
        Scratch {
            buffers: self.buffer_lengths.iter().map(|&length| vec![0; length]).collect(),
            logits: self.logit_lengths.iter().map(|&length| vec![0.0; length]).collect(),
        }
    }

    /// Shapes of input number `index`.
    pub fn input(&self, index: usize) -> &Value {
        &self.inputs[index].value
    }

    /// Shape of output number `index`; without quantization it is real.
    pub fn output(&self, index: usize) -> &Value {
        &self.outputs[index].value
    }

    /// Sets an input from integers (`q`) in channel, row, column order (ONNX's NCHW).
    pub fn set_quantized(&self, scratch: &mut Scratch, index: usize, values: &[i32]) {
        let quantization = self.inputs[index].quantization();
        let ([low, high], zero_point) = (quantization.bounds(), i32::from(quantization.zero_point()));
        self.set(scratch, index, Order::Planes, values, |value| {
            // Within i16 after the clamp.
            (value - zero_point).clamp(low.into(), high.into()) as i16
        });
    }

    /// Sets an input from real numbers, as ONNX's QuantizeLinear does:
    /// `clamp(round_half_even(x / scale) + zero_point, lowest, highest)`; not-a-number counts as 0.
    pub fn set_real(&self, scratch: &mut Scratch, index: usize, order: Order, values: &[f32]) {
        let quantization = self.inputs[index].quantization();
        self.set(scratch, index, order, values, |value| quantize(value, quantization));
    }

    /// As [`Self::set_real`], from bytes of which each stands for a real number: `reals[byte]`.
    pub fn set_bytes(
        &self,
        scratch: &mut Scratch,
        index: usize,
        order: Order,
        bytes: &[u8],
        reals: &[f32; 256],
    ) {
        let quantization = self.inputs[index].quantization();
        let stored = reals.map(|real| quantize(real, quantization));
        self.set(scratch, index, order, bytes, |byte| stored[usize::from(byte)]);
    }

    fn set<T: Copy>(
        &self,
        scratch: &mut Scratch,
        index: usize,
        order: Order,
        values: &[T],
        convert: impl Fn(T) -> i16,
    ) {
        let Port { value, store } = &self.inputs[index];
        assert_eq!(values.len(), value.volume(), "an input's length must be its shape's");
        let Store::Buffer { index, place, .. } = store else {
            unreachable!("a checked graph's inputs are quantized")
        };
        let buffer = &mut scratch.buffers[*index];
        match order {
            Order::Planes => {
                for (channel, plane) in values.chunks_exact(value.height * value.width).enumerate() {
                    for (y, row) in plane.chunks_exact(value.width).enumerate() {
                        for (x, &element) in row.iter().enumerate() {
                            buffer[place.at(y, x) + channel] = convert(element);
                        }
                    }
                }
            }
            Order::Pixels => {
                for (y, row) in values.chunks_exact(value.width * value.channels).enumerate() {
                    if place.pixel == value.channels {
                        for (stored, &element) in buffer[place.at(y, 0)..].iter_mut().zip(row) {
                            *stored = convert(element);
                        }
                        continue;
                    }
                    let pixels = buffer[place.at(y, 0)..].chunks_mut(place.pixel);
                    for (pixel, elements) in pixels.zip(row.chunks_exact(value.channels)) {
                        for (stored, &element) in pixel.iter_mut().zip(elements) {
                            *stored = convert(element);
                        }
                    }
                }
            }
        }
    }

    /// Kind, kernel, channels and size of a step, and its multiply-accumulates: for profiles.
    pub fn describe(&self, step: usize) -> (&str, usize) {
        (&self.steps[step].name, self.steps[step].macs)
    }

    /// Runs all layers on the inputs that were set. Allocates nothing.
    pub fn run(&self, scratch: &mut Scratch) {
        for step in 0..self.steps.len() {
            self.run_step(scratch, step);
        }
    }

    /// Runs one step alone: for profiles.
    pub fn run_step(&self, scratch: &mut Scratch, step: usize) {
        let Scratch { buffers, logits } = scratch;
        match &self.steps[step].call {
            Call::Conv { layer, input, residual, output } => {
                with_buffers(buffers, *input, *residual, *output, |lent| self.kernels.conv(layer, lent));
            }
            Call::Depthwise { layer, input, residual, output } => {
                with_buffers(buffers, *input, *residual, *output, |lent| self.kernels.depthwise(layer, lent));
            }
            Call::Add { layer, left, right, output } => {
                with_buffers(buffers, *left, Some(*right), *output, |lent| {
                    self.kernels.add(layer, lent.input, lent.residual, lent.output);
                });
            }
            Call::Average { layer, input, output } => {
                with_buffers(buffers, *input, None, *output, |lent| {
                    self.kernels.average(layer, lent.input, lent.output);
                });
            }
            Call::Pool { layer, input, output } => {
                with_buffers(buffers, *input, None, *output, |lent| {
                    self.kernels.pool(layer, lent.input, lent.output);
                });
            }
            Call::Dense { layer, input, logits: index } => {
                self.kernels.dense(layer, &buffers[*input], &mut logits[*index]);
            }
        }
    }

    /// Reads a quantized output, in channel, row, column order.
    pub fn read_quantized(&self, scratch: &Scratch, index: usize, values: &mut [i32]) {
        let Port { value, store } = &self.outputs[index];
        assert_eq!(values.len(), value.volume(), "an output's length must be its shape's");
        let Store::Buffer { index, place, quantization } = store else {
            panic!("output {index} is real: read it with read_real")
        };
        let buffer = &scratch.buffers[*index];
        for (channel, plane) in values.chunks_exact_mut(value.height * value.width).enumerate() {
            for (y, row) in plane.chunks_exact_mut(value.width).enumerate() {
                for (x, element) in row.iter_mut().enumerate() {
                    let stored = i32::from(buffer[place.at(y, x) + channel]);
                    *element = stored + i32::from(quantization.zero_point());
                }
            }
        }
    }

    /// The real output number `index`, pixel by pixel, channels innermost.
    pub fn read_real<'a>(&self, scratch: &'a Scratch, index: usize) -> &'a [f32] {
        match self.outputs[index].store {
            Store::Logits { index } => &scratch.logits[index],
            Store::Buffer { .. } => panic!("output {index} is quantized: read it with read_quantized"),
        }
    }
}

/// ONNX's QuantizeLinear, relative to the zero point.
fn quantize(real: f32, to: Quantization) -> i16 {
    let [low, high] = to.bounds().map(f32::from);
    // `as` turns not-a-number into 0.
    (real / to.scale).clamp(low, high).round_ties_even() as i16
}

impl Port {
    fn quantization(&self) -> Quantization {
        self.value.quantization.expect("a checked graph's inputs are quantized")
    }
}

/// Lends two buffers to read and one to write. The one to write is another than those to read.
fn with_buffers(
    buffers: &mut [Vec<i16>],
    input: usize,
    residual: Option<usize>,
    output: usize,
    kernel: impl FnOnce(Buffers),
) {
    let mut written = std::mem::take(&mut buffers[output]);
    let residual = residual.map_or(&[][..], |index| &buffers[index]);
    kernel(Buffers { input: &buffers[input], residual, output: &mut written });
    buffers[output] = written;
}
