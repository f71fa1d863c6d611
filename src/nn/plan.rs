//! A graph made ready to run: weights packed, additions merged into convolutions, buffers laid out once.

use super::graph::{Addition, Convolution, Graph, GraphError, Layer, Quantization, Value, ValueId};
use super::kernels::{
    self, Add, Average, Bounds, Buffers, Conv, Dense, Depthwise, Finish, Kernels, Residual,
};
use super::layout::{LANES, Place};

/// One call of a kernel. Numbers are places in the scratch memory's `buffers` or `logits`.
#[derive(Debug)]
enum Step {
    Conv { layer: Conv, input: usize, residual: Option<usize>, output: usize },
    Depthwise { layer: Depthwise, input: usize, residual: Option<usize>, output: usize },
    Add { layer: Add, left: usize, right: usize, output: usize },
    Average { layer: Average, input: usize, output: usize },
    Dense { layer: Dense, input: usize, logits: usize },
}

/// Where a graph's input or output lies: a quantized one in a buffer, a real one among the logits.
#[derive(Debug, Clone)]
enum Store {
    Buffer { index: usize, place: Place, quantization: Quantization },
    Logits { index: usize },
}

#[derive(Debug, Clone)]
struct Port {
    value: Value,
    store: Store,
}

/// Immutable and shared; what changes during a run is in [`Scratch`].
#[derive(Debug)]
pub struct Plan {
    kernels: &'static dyn Kernels,
    steps: Vec<Step>,
    inputs: Vec<Port>,
    outputs: Vec<Port>,
    buffer_lengths: Vec<usize>,
    logit_lengths: Vec<usize>,
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
        Builder::new(graph)?.build(kernels)
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

    /// Sets an input from uint8 in channel, row, column order (ONNX's NCHW).
    pub fn set_quantized(&self, scratch: &mut Scratch, index: usize, values: &[u8]) {
        let zero_point = i16::from(self.inputs[index].zero_point());
        self.set(scratch, index, values, |value| i16::from(value) - zero_point);
    }

    /// Sets an input from real numbers in channel, row, column order, as ONNX's QuantizeLinear does:
    /// `clamp(round_half_even(x / scale) + zero_point, 0, 255)`; not-a-number counts as 0.
    pub fn set_real(&self, scratch: &mut Scratch, index: usize, values: &[f32]) {
        let Store::Buffer { quantization: Quantization { scale, zero_point }, .. } = self.inputs[index].store
        else {
            unreachable!("a checked graph's inputs are quantized")
        };
        let (low, high) = (-f32::from(zero_point), f32::from(255 - zero_point));
        self.set(scratch, index, values, |value| {
            // `as` turns not-a-number into 0.
            (value / scale).clamp(low, high).round_ties_even() as i16
        });
    }

    fn set<T: Copy>(&self, scratch: &mut Scratch, index: usize, values: &[T], convert: impl Fn(T) -> i16) {
        let Port { value, store } = &self.inputs[index];
        assert_eq!(values.len(), value.volume(), "an input's length must be its shape's");
        let Store::Buffer { index, place, .. } = store else {
            unreachable!("a checked graph's inputs are quantized")
        };
        let buffer = &mut scratch.buffers[*index];
        for (channel, plane) in values.chunks_exact(value.height * value.width).enumerate() {
            for (y, row) in plane.chunks_exact(value.width).enumerate() {
                for (x, &element) in row.iter().enumerate() {
                    buffer[place.at(y, x) + channel] = convert(element);
                }
            }
        }
    }

    /// Runs all layers on the inputs that were set. Allocates nothing.
    pub fn run(&self, scratch: &mut Scratch) {
        let Scratch { buffers, logits } = scratch;
        for step in &self.steps {
            match step {
                Step::Conv { layer, input, residual, output } => {
                    with_buffers(buffers, *input, *residual, *output, |lent| self.kernels.conv(layer, lent));
                }
                Step::Depthwise { layer, input, residual, output } => {
                    with_buffers(buffers, *input, *residual, *output, |lent| {
                        self.kernels.depthwise(layer, lent)
                    });
                }
                Step::Add { layer, left, right, output } => {
                    with_buffers(buffers, *left, Some(*right), *output, |lent| {
                        self.kernels.add(layer, lent.input, lent.residual, lent.output);
                    });
                }
                Step::Average { layer, input, output } => {
                    with_buffers(buffers, *input, None, *output, |lent| {
                        self.kernels.average(layer, lent.input, lent.output);
                    });
                }
                Step::Dense { layer, input, logits: index } => {
                    self.kernels.dense(layer, &buffers[*input], &mut logits[*index]);
                }
            }
        }
    }

    /// Reads a quantized output, in channel, row, column order.
    pub fn read_quantized(&self, scratch: &Scratch, index: usize, values: &mut [u8]) {
        let Port { value, store } = &self.outputs[index];
        assert_eq!(values.len(), value.volume(), "an output's length must be its shape's");
        let Store::Buffer { index, place, quantization } = store else {
            panic!("output {index} is real: read it with read_real")
        };
        let buffer = &scratch.buffers[*index];
        for (channel, plane) in values.chunks_exact_mut(value.height * value.width).enumerate() {
            for (y, row) in plane.chunks_exact_mut(value.width).enumerate() {
                for (x, element) in row.iter_mut().enumerate() {
                    let stored = buffer[place.at(y, x) + channel] + i16::from(quantization.zero_point);
                    *element = stored as u8;
                }
            }
        }
    }

    /// The real output number `index`.
    pub fn read_real<'a>(&self, scratch: &'a Scratch, index: usize) -> &'a [f32] {
        match self.outputs[index].store {
            Store::Logits { index } => &scratch.logits[index],
            Store::Buffer { .. } => panic!("output {index} is quantized: read it with read_quantized"),
        }
    }
}

impl Port {
    fn zero_point(&self) -> u8 {
        self.value.quantization.map_or(0, |quantization| quantization.zero_point)
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

/// One layer, or a convolution together with the addition that alone reads its result.
struct Merged<'a> {
    layer: &'a Layer,
    addition: Option<&'a Addition>,
}

impl Merged<'_> {
    fn output(&self) -> ValueId {
        self.addition.map_or(self.layer.output(), |addition| addition.output)
    }

    /// The summand that the convolution does not make itself.
    fn other(&self) -> Option<ValueId> {
        let own = self.layer.output();
        self.addition.map(|addition| if addition.left == own { addition.right } else { addition.left })
    }

    fn reads(&self) -> impl Iterator<Item = ValueId> {
        let (first, second) = self.layer.inputs();
        [Some(first), second, self.other()].into_iter().flatten()
    }
}

struct Builder<'a> {
    graph: &'a Graph,
    layers: Vec<Merged<'a>>,
    places: Vec<Place>,
    /// Buffer of every value that has one.
    buffers: Vec<Option<usize>>,
    buffer_lengths: Vec<usize>,
}

impl<'a> Builder<'a> {
    fn new(graph: &'a Graph) -> Result<Self, GraphError> {
        let layers = merge(graph);
        let places = place(graph, &layers);
        let (buffers, buffer_lengths) = assign(graph, &layers, &places);
        Ok(Self { graph, layers, places, buffers, buffer_lengths })
    }

    fn build(self, kernels: &'static dyn Kernels) -> Result<Plan, GraphError> {
        let mut logit_lengths = Vec::new();
        let mut logit_of = vec![None; self.graph.values.len()];
        let mut steps = Vec::with_capacity(self.layers.len());
        for merged in &self.layers {
            let output = merged.output();
            steps.push(match merged.layer {
                Layer::Convolution(layer) if self.graph.values[output].quantization.is_none() => {
                    logit_of[output] = Some(logit_lengths.len());
                    logit_lengths.push(self.graph.values[output].channels);
                    self.dense(layer, logit_lengths.len() - 1)?
                }
                Layer::Convolution(layer) => self.convolution(layer, merged)?,
                Layer::Addition(layer) => self.addition(layer)?,
                Layer::GlobalAverage(layer) => {
                    let (input, from) = self.graph.quantized(layer.input)?;
                    let (_, to) = self.graph.quantized(output)?;
                    let count = (input.height * input.width) as f64;
                    Step::Average {
                        layer: Average {
                            input: self.places[layer.input],
                            output: self.places[output],
                            channels: input.channels,
                            scale: (f64::from(from.scale) / (count * f64::from(to.scale))) as f32,
                            bounds: bounds(to, layer.relu),
                        },
                        input: self.buffer(layer.input),
                        output: self.buffer(output),
                    }
                }
            });
        }
        let port = |&id: &ValueId| {
            let value = self.graph.values[id];
            let store = match (value.quantization, logit_of[id]) {
                (Some(quantization), _) => {
                    Store::Buffer { index: self.buffer(id), place: self.places[id], quantization }
                }
                (None, Some(index)) => Store::Logits { index },
                (None, None) => unreachable!("a checked graph writes its outputs"),
            };
            Port { value, store }
        };
        let inputs = self.graph.inputs.iter().map(port).collect();
        let outputs = self.graph.outputs.iter().map(port).collect();
        Ok(Plan { kernels, steps, inputs, outputs, buffer_lengths: self.buffer_lengths, logit_lengths })
    }

    fn buffer(&self, id: ValueId) -> usize {
        self.buffers[id].expect("every quantized value of a checked graph has a buffer")
    }

    fn convolution(&self, layer: &Convolution, merged: &Merged) -> Result<Step, GraphError> {
        let (input, from) = self.graph.quantized(layer.input)?;
        let (_, own) = self.graph.quantized(layer.output)?;
        let output = merged.output();
        let residual = match (merged.addition, merged.other()) {
            (Some(addition), Some(other)) => {
                let (_, sum) = self.graph.quantized(output)?;
                let (_, added) = self.graph.quantized(other)?;
                Some(Residual {
                    place: self.places[other],
                    own_ratio: ratio(own, sum),
                    other_ratio: ratio(added, sum),
                    bounds: bounds(sum, addition.relu),
                })
            }
            _ => None,
        };
        let scales = layer
            .weight_scales
            .iter()
            .map(|&scale| (f64::from(from.scale) * f64::from(scale) / f64::from(own.scale)) as f32);
        // A scale beyond f32 saturates the result; infinity times a sum of 0 would not be a number.
        let scales = scales.map(|scale| scale.min(f32::MAX)).collect();
        let finish = Finish { scales, bounds: bounds(own, layer.relu), residual };
        let (place, to) = (&self.places[layer.input], &self.places[output]);
        let residual = merged.other().map(|other| self.buffer(other));
        let (input_buffer, output) = (self.buffer(layer.input), self.buffer(output));
        Ok(if layer.depthwise {
            let layer = Depthwise::new(layer, place, to, finish);
            Step::Depthwise { layer, input: input_buffer, residual, output }
        } else {
            let layer = Conv::new(layer, input.channels, place, to, finish);
            Step::Conv { layer, input: input_buffer, residual, output }
        })
    }

    fn dense(&self, layer: &Convolution, logits: usize) -> Result<Step, GraphError> {
        let (input, from) = self.graph.quantized(layer.input)?;
        let finish = Finish {
            scales: layer.weight_scales.iter().map(|&scale| (from.scale * scale).min(f32::MAX)).collect(),
            bounds: Bounds { low: f32::MIN, high: f32::MAX },
            residual: None,
        };
        // The results go to the logits, not to a buffer: one pixel at the origin.
        let to = Place::new(1, 1, layer.bias.len().next_multiple_of(LANES), [0; 4]);
        let conv = Conv::new(layer, input.channels, &self.places[layer.input], &to, finish);
        let layer_input = self.buffer(layer.input);
        Ok(Step::Dense {
            layer: Dense { conv, real_bias: layer.real_bias.clone() },
            input: layer_input,
            logits,
        })
    }

    fn addition(&self, layer: &Addition) -> Result<Step, GraphError> {
        let (_, left) = self.graph.quantized(layer.left)?;
        let (_, right) = self.graph.quantized(layer.right)?;
        let (_, sum) = self.graph.quantized(layer.output)?;
        Ok(Step::Add {
            layer: Add {
                left: self.places[layer.left],
                right: self.places[layer.right],
                output: self.places[layer.output],
                left_ratio: ratio(left, sum),
                right_ratio: ratio(right, sum),
                bounds: bounds(sum, layer.relu),
            },
            left: self.buffer(layer.left),
            right: self.buffer(layer.right),
            output: self.buffer(layer.output),
        })
    }
}

fn ratio(from: Quantization, to: Quantization) -> f32 {
    ((f64::from(from.scale) / f64::from(to.scale)) as f32).min(f32::MAX)
}

fn bounds(quantization: Quantization, relu: bool) -> Bounds {
    let low = if relu { 0.0 } else { -f32::from(quantization.zero_point) };
    Bounds { low, high: f32::from(255 - quantization.zero_point) }
}

/// Puts every convolution whose result only an addition reads into that addition's place.
fn merge(graph: &Graph) -> Vec<Merged<'_>> {
    let mut readers = vec![0; graph.values.len()];
    for layer in &graph.layers {
        let (first, second) = layer.inputs();
        for id in [Some(first), second].into_iter().flatten() {
            readers[id] += 1;
        }
    }
    for &id in &graph.outputs {
        readers[id] += 1;
    }
    let mut layers: Vec<Merged> = Vec::with_capacity(graph.layers.len());
    for layer in &graph.layers {
        let Layer::Addition(addition) = layer else {
            layers.push(Merged { layer, addition: None });
            continue;
        };
        // The later of two candidates: the longer branch, whose input is still warm.
        let candidate = layers.iter().rposition(|merged| {
            let own = merged.output();
            merged.addition.is_none()
                && matches!(merged.layer, Layer::Convolution(_))
                && (own == addition.left || own == addition.right)
                && readers[own] == 1
        });
        match candidate {
            Some(index) => {
                let convolution = layers.remove(index);
                layers.push(Merged { layer: convolution.layer, addition: Some(addition) });
            }
            None => layers.push(Merged { layer, addition: None }),
        }
    }
    layers
}

/// Lays out every value: as much border as its readers' padding needs, whole lanes unless only dense
/// convolutions read it and no layer writes it.
fn place(graph: &Graph, layers: &[Merged]) -> Vec<Place> {
    let mut border = vec![[0; 4]; graph.values.len()];
    let mut dense = vec![false; graph.values.len()];
    for &id in &graph.inputs {
        dense[id] = true;
    }
    for merged in layers {
        if let Layer::Convolution(layer) = merged.layer {
            for (side, &padding) in border[layer.input].iter_mut().zip(&layer.padding) {
                *side = padding.max(*side);
            }
            dense[layer.input] &= !layer.depthwise;
        } else {
            merged.reads().for_each(|id| dense[id] = false);
        }
        if let Some(other) = merged.other() {
            dense[other] = false;
        }
    }
    graph
        .values
        .iter()
        .zip(border)
        .zip(dense)
        .map(|((value, border), dense)| {
            let lanes = if dense { value.channels } else { value.channels.next_multiple_of(LANES) };
            Place::new(value.height, value.width, lanes, border)
        })
        .collect()
}

/// Gives every value a buffer, shared by values of the same layout whose lives do not overlap: small
/// scratch memory stays in the caches. Returns the buffers' lengths, too.
fn assign(graph: &Graph, layers: &[Merged], places: &[Place]) -> (Vec<Option<usize>>, Vec<usize>) {
    let mut last_read = vec![0; graph.values.len()];
    for (index, merged) in layers.iter().enumerate() {
        last_read[merged.output()] = index;
        merged.reads().for_each(|id| last_read[id] = index);
    }
    for &id in graph.inputs.iter().chain(&graph.outputs) {
        // Inputs outlive a run, so that a run can be repeated.
        last_read[id] = usize::MAX;
    }
    // Of every buffer: layout, channels, and the layer until which its value lives.
    let mut pool: Vec<(Place, usize, usize)> = Vec::new();
    let mut buffers = vec![None; graph.values.len()];
    let mut take = |id: ValueId, now: Option<usize>| {
        let key = (places[id], graph.values[id].channels);
        let free = |&(place, channels, until): &(Place, usize, usize)| {
            (place, channels) == key && now.is_some_and(|now| until < now)
        };
        let index = pool.iter().position(free).unwrap_or(pool.len());
        let entry = (key.0, key.1, last_read[id]);
        if index == pool.len() {
            pool.push(entry);
        } else {
            pool[index] = entry;
        }
        buffers[id] = Some(index);
    };
    for &id in &graph.inputs {
        take(id, None);
    }
    for (index, merged) in layers.iter().enumerate() {
        let output = merged.output();
        if graph.values[output].quantization.is_some() {
            take(output, Some(index));
        }
    }
    (buffers, pool.into_iter().map(|(place, ..)| place.len).collect())
}
