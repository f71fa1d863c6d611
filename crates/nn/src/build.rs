//! From a graph to a plan: additions are merged into convolutions, buffers laid out and shared, weights
//! packed.

use super::graph::{Addition, Convolution, Graph, GraphError, Layer, Quantization, Value, ValueId};
use super::kernels::{Add, Average, Bounds, Conv, Dense, Depthwise, Finish, Kernels, Pool, Residual};
use super::layout::{LANES, Place};
use super::plan::{Call, Plan, Port, Step, Store};

/// The graph must have been checked.
pub(super) fn build(graph: &Graph, kernels: &'static dyn Kernels) -> Result<Plan, GraphError> {
    let layers = merge(graph);
    let places = place(graph, &layers);
    let (buffers, buffer_lengths) = assign(graph, &layers, &places);
    Builder { graph, layers, places, buffers, buffer_lengths }.build(kernels)
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

impl Builder<'_> {
    fn build(self, kernels: &'static dyn Kernels) -> Result<Plan, GraphError> {
        let mut logit_lengths = Vec::new();
        let mut logit_of = vec![None; self.graph.values.len()];
        let mut steps = Vec::with_capacity(self.layers.len());
        for merged in &self.layers {
            let output = merged.output();
            let call = match merged.layer {
                Layer::Convolution(layer) if self.graph.values[output].quantization.is_none() => {
                    logit_of[output] = Some(logit_lengths.len());
                    logit_lengths.push(self.graph.values[output].volume());
                    self.dense(layer, logit_lengths.len() - 1)?
                }
                Layer::Convolution(layer) => self.convolution(layer, merged)?,
                Layer::Addition(layer) => self.addition(layer)?,
                Layer::GlobalAverage(layer) => {
                    let (input, from) = self.graph.quantized(layer.input)?;
                    let (_, to) = self.graph.quantized(output)?;
                    let count = (input.height * input.width) as f64;
                    Call::Average {
                        layer: Average {
                            input: self.places[layer.input],
                            output: self.places[output],
                            channels: input.channels,
                            scale: factor(f64::from(from.scale) / (count * f64::from(to.scale))),
                            bounds: bounds(to, layer.relu),
                        },
                        input: self.buffer(layer.input),
                        output: self.buffer(output),
                    }
                }
                Layer::MaxPool(layer) => Call::Pool {
                    layer: Pool {
                        input: self.places[layer.input],
                        output: self.places[output],
                        kernel: layer.kernel,
                        strides: layer.strides,
                    },
                    input: self.buffer(layer.input),
                    output: self.buffer(output),
                },
            };
            let (name, macs) = self.describe(merged);
            steps.push(Step { call, name, macs });
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

    fn describe(&self, merged: &Merged) -> (String, usize) {
        let output = self.graph.values[merged.output()];
        let size = format!("{}x{}", output.height, output.width);
        match merged.layer {
            Layer::Convolution(layer) => {
                let input = self.graph.values[layer.input];
                let [rows, columns] = layer.kernel;
                let kind = if layer.depthwise { "depthwise " } else { "" };
                let plus = if merged.addition.is_some() { " + residual" } else { "" };
                let channels = format!("{} to {}", input.channels, output.channels);
                let name = format!("{kind}{rows}x{columns} {channels} channels, {size}{plus}");
                (name, layer.weights.len() * output.height * output.width)
            }
            Layer::Addition(_) => (format!("add {} channels, {size}", output.channels), 0),
            Layer::GlobalAverage(_) => (format!("average {} channels", output.channels), 0),
            Layer::MaxPool(_) => (format!("maximum {} channels, {size}", output.channels), 0),
        }
    }

    fn buffer(&self, id: ValueId) -> usize {
        self.buffers[id].expect("every quantized value of a checked graph has a buffer")
    }

    fn convolution(&self, layer: &Convolution, merged: &Merged) -> Result<Call, GraphError> {
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
            .map(|&scale| factor(f64::from(from.scale) * f64::from(scale) / f64::from(own.scale)))
            .collect();
        let finish = Finish { scales, bounds: bounds(own, layer.relu), residual };
        let (place, to) = (&self.places[layer.input], &self.places[output]);
        let residual = merged.other().map(|other| self.buffer(other));
        let (input_buffer, output) = (self.buffer(layer.input), self.buffer(output));
        Ok(if layer.depthwise {
            let layer = Depthwise::new(layer, place, to, finish);
            Call::Depthwise { layer, input: input_buffer, residual, output }
        } else {
            let layer = Conv::new(layer, input.channels, place, to, finish);
            Call::Conv { layer, input: input_buffer, residual, output }
        })
    }

    fn dense(&self, layer: &Convolution, logits: usize) -> Result<Call, GraphError> {
        let (input, from) = self.graph.quantized(layer.input)?;
        let finish = Finish {
            scales: layer.weight_scales.iter().map(|&scale| (from.scale * scale).min(MOST_FACTOR)).collect(),
            bounds: Bounds { low: f32::MIN, high: f32::MAX },
            residual: None,
        };
        // The results do not go to a buffer: their places are not used.
        let Value { channels, height, width, .. } = self.graph.values[layer.output];
        let lanes = channels.next_multiple_of(LANES);
        let to = Place::new(height, width, lanes, [0; 4]);
        let conv = Conv::new(layer, input.channels, &self.places[layer.input], &to, finish);
        let mut real_bias = layer.real_bias.clone();
        real_bias.resize(lanes, 0.0);
        let layer_input = self.buffer(layer.input);
        Ok(Call::Dense { layer: Dense { conv, real_bias, channels }, input: layer_input, logits })
    }

    fn addition(&self, layer: &Addition) -> Result<Call, GraphError> {
        let (_, left) = self.graph.quantized(layer.left)?;
        let (_, right) = self.graph.quantized(layer.right)?;
        let (_, sum) = self.graph.quantized(layer.output)?;
        Ok(Call::Add {
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
    factor(f64::from(from.scale) / f64::from(to.scale))
}

/// The largest factor: times a stored value or a sum it stays finite, and saturates the result all the same. An
/// infinite product would make a difference of two of them, or a multiple of 0, no number.
const MOST_FACTOR: f32 = 1e28;

fn factor(real: f64) -> f32 {
    (real as f32).min(MOST_FACTOR)
}

fn bounds(quantization: Quantization, relu: bool) -> Bounds {
    let [low, high] = quantization.bounds().map(f32::from);
    Bounds { low: if relu { 0.0 } else { low }, high }
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
                // A narrower convolution does not make the sum's other channels.
                && graph.values[own].channels == graph.values[addition.output].channels
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
