//! A quantized network as plain data: what is computed, not how. Weights lie as in ONNX (out, in, row,
//! column); the plan packs them.

use serde::{Deserialize, Serialize};

/// How uint8 stands for a real number: `real = (q - zero_point) * scale`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quantization {
    pub scale: f32,
    pub zero_point: u8,
}

/// A tensor of one picture, batch 1: channels x height x width. A vector is channels x 1 x 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Value {
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    /// `None`: real numbers (f32). Only a graph's last layer gives them: the logits.
    pub quantization: Option<Quantization>,
}

impl Value {
    /// Number of elements.
    pub fn volume(&self) -> usize {
        self.channels * self.height * self.width
    }
}

/// A value's place in [`Graph::values`].
pub type ValueId = usize;

/// A convolution with int8 weights. A fully connected layer is one whose kernel covers its whole input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Convolution {
    pub input: ValueId,
    pub output: ValueId,
    /// `[out][in][row][column]`; depthwise `[channel][row][column]`. Zero point 0.
    pub weights: Vec<i8>,
    /// One per output channel.
    pub weight_scales: Vec<f32>,
    /// One per output channel, in units of the input's scale times the channel's weight scale.
    pub bias: Vec<i32>,
    /// Added to real outputs after scaling; empty unless the output is real.
    pub real_bias: Vec<f32>,
    /// Rows, columns.
    pub kernel: [usize; 2],
    /// Down, right.
    pub strides: [usize; 2],
    /// Rows above, columns to the left, rows below, columns to the right. Padding stands for real 0.
    pub padding: [usize; 4],
    /// Each output channel sees the input channel of the same number and no other.
    pub depthwise: bool,
    /// Negative results become 0.
    pub relu: bool,
}

/// `left + right`, element by element, in real numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Addition {
    pub left: ValueId,
    pub right: ValueId,
    pub output: ValueId,
    pub relu: bool,
}

/// The mean of every channel over the whole picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GlobalAverage {
    pub input: ValueId,
    pub output: ValueId,
    pub relu: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Layer {
    Convolution(Convolution),
    Addition(Addition),
    GlobalAverage(GlobalAverage),
}

impl Layer {
    pub fn output(&self) -> ValueId {
        match self {
            Layer::Convolution(layer) => layer.output,
            Layer::Addition(layer) => layer.output,
            Layer::GlobalAverage(layer) => layer.output,
        }
    }

    /// The values that it reads; the second only for an addition.
    pub fn inputs(&self) -> (ValueId, Option<ValueId>) {
        match self {
            Layer::Convolution(layer) => (layer.input, None),
            Layer::Addition(layer) => (layer.left, Some(layer.right)),
            Layer::GlobalAverage(layer) => (layer.input, None),
        }
    }
}

/// A quantized network. Layers stand in an order in which they can run.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Graph {
    pub values: Vec<Value>,
    pub layers: Vec<Layer>,
    pub inputs: Vec<ValueId>,
    pub outputs: Vec<ValueId>,
}

/// Why a graph cannot be run.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum GraphError {
    #[error("value {0} is named but not described")]
    NoSuchValue(ValueId),
    #[error("value {0} is read before a layer writes it, or written twice")]
    Order(ValueId),
    #[error("value {0} has an empty side or more than a million elements")]
    Size(ValueId),
    #[error("value {0} must be quantized with a positive, finite scale")]
    Scale(ValueId),
    #[error("layer {layer}: {what}")]
    Layer { layer: usize, what: &'static str },
}

/// Larger values are refused: offsets are 32 bits wide, and no model of ours comes near.
const MOST_ELEMENTS: usize = 1 << 20;

impl Graph {
    /// Checks everything that the plan relies on: shapes, order, scales, and that no sum can leave i32.
    pub fn check(&self) -> Result<(), GraphError> {
        for (id, value) in self.values.iter().enumerate() {
            let sides = [value.channels, value.height, value.width];
            if sides.iter().any(|&side| side == 0 || side > MOST_ELEMENTS)
                || (value.channels * value.height).saturating_mul(value.width) > MOST_ELEMENTS
            {
                return Err(GraphError::Size(id));
            }
            let usable = |scale: f32| scale.is_finite() && scale > 0.0;
            if value.quantization.is_some_and(|quantization| !usable(quantization.scale)) {
                return Err(GraphError::Scale(id));
            }
        }
        let mut written = vec![false; self.values.len()];
        for &id in &self.inputs {
            self.quantized(id)?;
            self.write(&mut written, id)?;
        }
        for (index, layer) in self.layers.iter().enumerate() {
            let (first, second) = layer.inputs();
            for id in [Some(first), second].into_iter().flatten() {
                self.quantized(id)?;
                if !written[id] {
                    return Err(GraphError::Order(id));
                }
            }
            self.check_layer(layer).map_err(|error| match error {
                Refusal::What(what) => GraphError::Layer { layer: index, what },
                Refusal::Graph(error) => error,
            })?;
            self.write(&mut written, layer.output())?;
        }
        for &id in &self.outputs {
            if !*written.get(id).ok_or(GraphError::NoSuchValue(id))? {
                return Err(GraphError::Order(id));
            }
        }
        Ok(())
    }

    fn write(&self, written: &mut [bool], id: ValueId) -> Result<(), GraphError> {
        let slot = written.get_mut(id).ok_or(GraphError::NoSuchValue(id))?;
        if std::mem::replace(slot, true) { Err(GraphError::Order(id)) } else { Ok(()) }
    }

    /// The value and its quantization, for those that must have one.
    pub(super) fn quantized(&self, id: ValueId) -> Result<(Value, Quantization), GraphError> {
        let value = *self.values.get(id).ok_or(GraphError::NoSuchValue(id))?;
        Ok((value, value.quantization.ok_or(GraphError::Scale(id))?))
    }

    fn check_layer(&self, layer: &Layer) -> Result<(), Refusal> {
        let output = *self.values.get(layer.output()).ok_or(GraphError::NoSuchValue(layer.output()))?;
        match layer {
            Layer::Convolution(layer) => self.check_convolution(layer, &output),
            Layer::Addition(layer) => {
                let (left, _) = self.quantized(layer.left)?;
                let (right, _) = self.quantized(layer.right)?;
                self.quantized(layer.output)?;
                let shape = |value: Value| (value.channels, value.height, value.width);
                require(
                    shape(left) == shape(right) && shape(left) == shape(output),
                    "the sum's shapes differ",
                )
            }
            Layer::GlobalAverage(layer) => {
                let (input, _) = self.quantized(layer.input)?;
                self.quantized(layer.output)?;
                let right = (output.channels, output.height, output.width) == (input.channels, 1, 1);
                require(right, "an average gives one number a channel")
            }
        }
    }

    fn check_convolution(&self, layer: &Convolution, output: &Value) -> Result<(), Refusal> {
        let (input, _) = self.quantized(layer.input)?;
        let [rows, columns] = layer.kernel;
        let [top, left, bottom, right] = layer.padding;
        let small = [rows, columns, layer.strides[0], layer.strides[1]];
        require(small.iter().all(|side| (1..=64).contains(side)), "kernel and stride must be 1 to 64")?;
        require(
            top < rows && bottom < rows && left < columns && right < columns,
            "padding beyond the kernel",
        )?;
        let steps = |size: usize, before: usize, after: usize, kernel: usize, stride: usize| {
            (size + before + after).checked_sub(kernel).map(|room| room / stride + 1)
        };
        let height = steps(input.height, top, bottom, rows, layer.strides[0]);
        let width = steps(input.width, left, right, columns, layer.strides[1]);
        require(height == Some(output.height) && width == Some(output.width), "the output's size is wrong")?;
        require(!layer.depthwise || input.channels == output.channels, "depthwise changes no channel count")?;
        let depth = if layer.depthwise { 1 } else { input.channels };
        let taps = depth * rows * columns;
        require(layer.weights.len() == output.channels * taps, "wrong number of weights")?;
        require(layer.bias.len() == output.channels, "one bias a channel")?;
        require(layer.weight_scales.len() == output.channels, "one weight scale a channel")?;
        let usable = |scale: &f32| scale.is_finite() && *scale > 0.0;
        require(layer.weight_scales.iter().all(usable), "weight scales must be positive and finite")?;
        if output.quantization.is_none() {
            require(
                output.height == 1 && output.width == 1,
                "real outputs only from a fully connected layer",
            )?;
            require(!layer.depthwise && !layer.relu, "real outputs are plain logits")?;
            require(layer.real_bias.len() == output.channels, "one real bias a channel")?;
            require(layer.real_bias.iter().all(|bias| bias.is_finite()), "biases must be finite")?;
        } else {
            require(layer.real_bias.is_empty(), "a quantized output takes its bias in integers")?;
        }
        // Every partial sum is at most this large, whatever the order: so i32 is exact.
        let largest = layer.weights.chunks_exact(taps).zip(&layer.bias).map(|(weights, &bias)| {
            weights.iter().map(|&weight| i64::from(weight).abs() * 255).sum::<i64>() + i64::from(bias).abs()
        });
        require(largest.max().unwrap_or(0) <= i64::from(i32::MAX), "a sum could leave 32 bits")
    }
}

enum Refusal {
    What(&'static str),
    Graph(GraphError),
}

impl From<GraphError> for Refusal {
    fn from(error: GraphError) -> Self {
        Refusal::Graph(error)
    }
}

fn require(holds: bool, what: &'static str) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(Refusal::What(what)) }
}
