//! What a quantized network means, written straight from ONNX's definitions: integers with zero points, no
//! packing, no borders, no merging, sums in i64. Only the f32 steps follow docs/engine.md to the letter.

use nn::graph::{Addition, Convolution, GlobalAverage, Graph, Integers, Layer, MaxPool, Quantization};

use testkit::cases::Results;

/// Runs `graph` on `inputs` (channel, row, column).
pub fn run(graph: &Graph, inputs: &[Vec<i32>]) -> Results {
    let mut values: Vec<Vec<i32>> = vec![vec![]; graph.values.len()];
    for (&id, input) in graph.inputs.iter().zip(inputs) {
        values[id] = input.clone();
    }
    let mut logits = vec![];
    for layer in &graph.layers {
        match layer {
            Layer::Convolution(layer) => {
                let sums = sums(graph, layer, &values[layer.input]);
                match graph.values[layer.output].quantization {
                    Some(_) => values[layer.output] = requantize(graph, layer, &sums),
                    None => logits = real(graph, layer, &sums),
                }
            }
            Layer::Addition(layer) => values[layer.output] = add(graph, layer, &values),
            Layer::GlobalAverage(layer) => values[layer.output] = average(graph, layer, &values[layer.input]),
            Layer::MaxPool(layer) => values[layer.output] = max_pool(graph, layer, &values[layer.input]),
        }
    }
    let quantized = |id: &&usize| graph.values[**id].quantization.is_some();
    let quantized = graph.outputs.iter().filter(quantized).map(|&id| values[id].clone()).collect();
    Results { quantized, logits }
}

fn quantization(graph: &Graph, id: usize) -> Quantization {
    graph.values[id].quantization.expect("the case has quantized values here")
}

/// ONNX's zero point, smallest and largest integer.
fn integers(quantization: Quantization) -> (i32, i32, i32) {
    match quantization.integers {
        Integers::U8 { zero_point } => (zero_point.into(), 0, 255),
        Integers::I16 => (0, -32_768, 32_767),
    }
}

fn sums(graph: &Graph, layer: &Convolution, input: &[i32]) -> Vec<i64> {
    let (from, to) = (graph.values[layer.input], graph.values[layer.output]);
    let zero = i64::from(integers(quantization(graph, layer.input)).0);
    let [rows, columns] = layer.kernel;
    let depth = if layer.depthwise { 1 } else { from.channels };
    let mut sums = vec![];
    for out in 0..to.channels {
        for y in 0..to.height {
            for x in 0..to.width {
                let mut sum = i64::from(layer.bias[out]);
                for channel in 0..depth {
                    for row in 0..rows {
                        for column in 0..columns {
                            let above = (y * layer.strides[0] + row).checked_sub(layer.padding[0]);
                            let left = (x * layer.strides[1] + column).checked_sub(layer.padding[1]);
                            let (Some(above), Some(left)) = (above, left) else { continue };
                            if above >= from.height || left >= from.width {
                                continue;
                            }
                            let seen = if layer.depthwise { out } else { channel };
                            let pixel = input[(seen * from.height + above) * from.width + left];
                            let tap = ((out * depth + channel) * rows + row) * columns + column;
                            sum += i64::from(layer.weights.at(tap)) * (i64::from(pixel) - zero);
                        }
                    }
                }
                sums.push(sum);
            }
        }
    }
    sums
}

/// `real` is already divided by the scale.
fn quantize(real: f32, to: Quantization, relu: bool) -> i32 {
    let real = if relu { real.max(0.0) } else { real };
    let (zero_point, low, high) = integers(to);
    // `as` saturates.
    (real.round_ties_even() as i32).saturating_add(zero_point).clamp(low, high)
}

fn requantize(graph: &Graph, layer: &Convolution, sums: &[i64]) -> Vec<i32> {
    let (from, to) = (quantization(graph, layer.input), quantization(graph, layer.output));
    let area = sums.len() / layer.bias.len();
    let result = |(index, &sum): (usize, &i64)| {
        let weight = layer.weight_scales[index / area];
        let scale = (f64::from(from.scale) * f64::from(weight) / f64::from(to.scale)) as f32;
        quantize(sum as f32 * scale.min(1e28), to, layer.relu)
    };
    sums.iter().enumerate().map(result).collect()
}

fn real(graph: &Graph, layer: &Convolution, sums: &[i64]) -> Vec<f32> {
    let from = quantization(graph, layer.input);
    let (channels, area) = (layer.bias.len(), sums.len() / layer.bias.len());
    let real = |index: usize| {
        let (pixel, channel) = (index / channels, index % channels);
        let sum = sums[channel * area + pixel];
        sum as f32 * (from.scale * layer.weight_scales[channel]).min(1e28) + layer.real_bias[channel]
    };
    (0..sums.len()).map(real).collect()
}

fn add(graph: &Graph, layer: &Addition, values: &[Vec<i32>]) -> Vec<i32> {
    let to = quantization(graph, layer.output);
    let scaled = |id: usize, index: usize| {
        let from = quantization(graph, id);
        let ratio = ((f64::from(from.scale) / f64::from(to.scale)) as f32).min(1e28);
        // Channels that a summand lacks are 0.
        values[id].get(index).map_or(0.0, |&value| (value - integers(from).0) as f32 * ratio)
    };
    let sum = |index| quantize(scaled(layer.left, index) + scaled(layer.right, index), to, layer.relu);
    (0..graph.values[layer.output].volume()).map(sum).collect()
}

fn average(graph: &Graph, layer: &GlobalAverage, input: &[i32]) -> Vec<i32> {
    let (from, to) = (quantization(graph, layer.input), quantization(graph, layer.output));
    let area = graph.values[layer.input].height * graph.values[layer.input].width;
    let scale = ((f64::from(from.scale) / (area as f64 * f64::from(to.scale))) as f32).min(1e28);
    let mean = |plane: &[i32]| {
        let sum: i64 = plane.iter().map(|&pixel| i64::from(pixel - integers(from).0)).sum();
        quantize(sum as f32 * scale, to, layer.relu)
    };
    input.chunks_exact(area).map(mean).collect()
}

fn max_pool(graph: &Graph, layer: &MaxPool, input: &[i32]) -> Vec<i32> {
    let (from, to) = (graph.values[layer.input], graph.values[layer.output]);
    let mut largest = vec![];
    for plane in input.chunks_exact(from.height * from.width) {
        for y in 0..to.height {
            for x in 0..to.width {
                let taps = (0..layer.kernel[0])
                    .flat_map(|row| (0..layer.kernel[1]).map(move |column| (row, column)));
                let at = |(row, column)| {
                    plane[(y * layer.strides[0] + row) * from.width + x * layer.strides[1] + column]
                };
                largest.push(taps.map(at).max().expect("a window has pixels"));
            }
        }
    }
    largest
}
