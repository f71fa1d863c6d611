//! A quantized network as plain data: what is computed, not how. Weights lie as in ONNX (out, in, row,
//! column); the plan packs them.

use serde::{Deserialize, Serialize};

/// How integers stand for real numbers: `real = (q - zero_point) * scale`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quantization {
    pub scale: f32,
    pub integers: Integers,
}

/// Which integers `q` are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Integers {
    /// 0..=255 around a zero point.
    U8 { zero_point: u8 },
    /// -32768..=32767; the zero point is 0.
    I16,
}

impl Quantization {
    /// What `q - zero_point` may be, smallest and largest: what the kernels store.
    pub fn bounds(&self) -> [i16; 2] {
        match self.integers {
            Integers::U8 { zero_point } => [-i16::from(zero_point), 255 - i16::from(zero_point)],
            Integers::I16 => [i16::MIN, i16::MAX],
        }
    }

    pub fn zero_point(&self) -> i16 {
        -match self.integers {
            Integers::U8 { .. } => self.bounds()[0],
            Integers::I16 => 0,
        }
    }

    /// The largest magnitude of `q - zero_point`.
    fn reach(&self) -> i64 {
        self.bounds().map(|bound| i64::from(bound).abs()).into_iter().max().unwrap_or(0)
    }
}

/// A layer's weights; zero point 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Weights {
    I8(Vec<i8>),
    I16(Vec<i16>),
}

impl Weights {
    pub fn len(&self) -> usize {
        match self {
            Weights::I8(values) => values.len(),
            Weights::I16(values) => values.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn at(&self, index: usize) -> i16 {
        match self {
            Weights::I8(values) => i16::from(values[index]),
            Weights::I16(values) => values[index],
        }
    }

    /// A matrix of `rows` x `columns` with its columns as rows.
    pub fn transposed(&self, rows: usize, columns: usize) -> Self {
        fn turn<T: Copy>(values: &[T], rows: usize, columns: usize) -> Vec<T> {
            (0..rows * columns).map(|index| values[index % rows * columns + index / rows]).collect()
        }
        match self {
            Weights::I8(values) => Weights::I8(turn(values, rows, columns)),
            Weights::I16(values) => Weights::I16(turn(values, rows, columns)),
        }
    }
}

/// A tensor of one picture, batch 1: channels x height x width. A vector is channels x 1 x 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Value {
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    /// `None`: real numbers (f32). No layer reads them: a network's results.
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

/// A convolution with integer weights. A fully connected layer is one whose kernel covers its whole input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Convolution {
    pub input: ValueId,
    pub output: ValueId,
    /// `[out][in][row][column]`; depthwise `[channel][row][column]`.
    pub weights: Weights,
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

/// `left + right`, element by element, in real numbers. A summand with fewer channels than the sum is 0 in the rest.
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

/// The largest of every channel in windows that lie wholly inside the picture. The quantization stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MaxPool {
    pub input: ValueId,
    pub output: ValueId,
    /// Rows, columns.
    pub kernel: [usize; 2],
    /// Down, right.
    pub strides: [usize; 2],
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Layer {
    Convolution(Convolution),
    Addition(Addition),
    GlobalAverage(GlobalAverage),
    MaxPool(MaxPool),
}

impl Layer {
    pub fn output(&self) -> ValueId {
        match self {
            Layer::Convolution(layer) => layer.output,
            Layer::Addition(layer) => layer.output,
            Layer::GlobalAverage(layer) => layer.output,
            Layer::MaxPool(layer) => layer.output,
        }
    }

    /// The values that it reads; the second only for an addition.
    pub fn inputs(&self) -> (ValueId, Option<ValueId>) {
        match self {
            Layer::Convolution(layer) => (layer.input, None),
            Layer::Addition(layer) => (layer.left, Some(layer.right)),
            Layer::GlobalAverage(layer) => (layer.input, None),
            Layer::MaxPool(layer) => (layer.input, None),
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

/// Larger values, borders and rounding up to whole lanes included, are refused: offsets are 32 bits wide, and no model
/// of ours comes near.
const MOST_ELEMENTS: u64 = 1 << 22;
/// Bound of one side, of a count of channels and of a layer's weights.
const MOST_SIDE: usize = 1 << 20;

impl Graph {
    /// Checks everything that the plan relies on: shapes, order, scales, and that no sum can leave i32.
    pub fn check(&self) -> Result<(), GraphError> {
        for (id, value) in self.values.iter().enumerate() {
            let sides = [value.channels, value.height, value.width];
            if sides.iter().any(|&side| side == 0 || side > MOST_SIDE) || !self.fits(id) {
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

    /// Whether a value and the border that its readers' padding needs stay within the bound. In u64: `usize` has 32 bits
    /// in WebAssembly.
    fn fits(&self, id: ValueId) -> bool {
        let value = &self.values[id];
        let mut border = [0; 4];
        for layer in &self.layers {
            if let Layer::Convolution(layer) = layer
                && layer.input == id
            {
                for (side, &padding) in border.iter_mut().zip(&layer.padding) {
                    *side = padding.max(*side);
                }
            }
        }
        // A padding stays below its kernel's side, which is at most 64; what is more is refused with its layer.
        let [top, left, bottom, right] = border.map(|side| side.min(64) as u64);
        let lanes = value.channels.next_multiple_of(super::layout::LANES) as u64;
        let (height, width) = (value.height as u64 + top + bottom, value.width as u64 + left + right);
        // Each factor is below 2^21.
        height * width <= MOST_ELEMENTS && height * width * lanes <= MOST_ELEMENTS
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
                let fits = |value: Value| (value.height, value.width) == (output.height, output.width);
                let most = left.channels.max(right.channels);
                require(fits(left) && fits(right) && most == output.channels, "the sum's shapes differ")
            }
            Layer::GlobalAverage(layer) => {
                let (input, from) = self.quantized(layer.input)?;
                self.quantized(layer.output)?;
                let right = (output.channels, output.height, output.width) == (input.channels, 1, 1);
                require(right, "an average gives one number a channel")?;
                let largest = from.reach().saturating_mul((input.height * input.width) as i64);
                require(largest <= i64::from(i32::MAX), "a sum could leave 32 bits")
            }
            Layer::MaxPool(layer) => {
                let (input, from) = self.quantized(layer.input)?;
                let (_, to) = self.quantized(layer.output)?;
                require(from == to, "a maximum keeps its input's quantization")?;
                sides(layer.kernel, layer.strides)?;
                let height = steps(input.height, [0, 0], layer.kernel[0], layer.strides[0]);
                let width = steps(input.width, [0, 0], layer.kernel[1], layer.strides[1]);
                let right = (height, width, input.channels)
                    == (Some(output.height), Some(output.width), output.channels);
                require(right, "the output's size is wrong")
            }
        }
    }

    fn check_convolution(&self, layer: &Convolution, output: &Value) -> Result<(), Refusal> {
        let (input, from) = self.quantized(layer.input)?;
        let [rows, columns] = layer.kernel;
        let [top, left, bottom, right] = layer.padding;
        sides(layer.kernel, layer.strides)?;
        require(
            top < rows && bottom < rows && left < columns && right < columns,
            "padding beyond the kernel",
        )?;
        let height = steps(input.height, [top, bottom], rows, layer.strides[0]);
        let width = steps(input.width, [left, right], columns, layer.strides[1]);
        require(height == Some(output.height) && width == Some(output.width), "the output's size is wrong")?;
        require(!layer.depthwise || input.channels == output.channels, "depthwise changes no channel count")?;
        let depth = if layer.depthwise { 1 } else { input.channels };
        // At most 2^20 x 64 x 64, times 2^20.
        let taps = depth as u64 * (rows * columns) as u64;
        require(layer.weights.len() as u64 == output.channels as u64 * taps, "wrong number of weights")?;
        let taps = layer.weights.len() / output.channels;
        require(layer.bias.len() == output.channels, "one bias a channel")?;
        require(layer.weight_scales.len() == output.channels, "one weight scale a channel")?;
        let usable = |scale: &f32| scale.is_finite() && *scale > 0.0;
        require(layer.weight_scales.iter().all(usable), "weight scales must be positive and finite")?;
        if output.quantization.is_none() {
            require(!layer.depthwise && !layer.relu, "real outputs are plain sums")?;
            require(layer.real_bias.len() == output.channels, "one real bias a channel")?;
            require(layer.real_bias.iter().all(|bias| bias.is_finite()), "biases must be finite")?;
        } else {
            require(layer.real_bias.is_empty(), "a quantized output takes its bias in integers")?;
        }
        // Every partial sum is at most this large, whatever the order: so i32 is exact.
        let largest = layer.bias.iter().enumerate().map(|(out, &bias)| {
            let weights = (out * taps..(out + 1) * taps).map(|at| i64::from(layer.weights.at(at)).abs());
            weights.sum::<i64>() * from.reach() + i64::from(bias).abs()
        });
        require(largest.max().unwrap_or(0) <= i64::from(i32::MAX), "a sum could leave 32 bits")
    }
}

/// Windows of a kernel that fit along one side.
fn steps(size: usize, padding: [usize; 2], kernel: usize, stride: usize) -> Option<usize> {
    (size + padding[0] + padding[1]).checked_sub(kernel).map(|room| room / stride + 1)
}

fn sides(kernel: [usize; 2], strides: [usize; 2]) -> Result<(), Refusal> {
    let small = kernel.iter().chain(&strides).all(|side| (1..=64).contains(side));
    require(small, "kernel and stride must be 1 to 64")
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
