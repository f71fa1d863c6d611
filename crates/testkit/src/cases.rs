//! Random small networks, the same ones on every machine: integers from a fixed generator, and f32 by
//! exact operations only.

use nn::graph::{
    Addition, Convolution, GlobalAverage, Graph, Integers, Layer, MaxPool, Quantization, Value, Weights,
};
use nn::kernels::Kernels;
use nn::{GraphError, Plan};

/// How weights or inputs are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fill {
    Random,
    Lowest,
    Highest,
}

/// What is added to the convolution's result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Residual {
    None,
    /// Another input; the addition can be merged into the convolution.
    Merged,
    /// The convolution's result has a second reader, so the addition stays a step of its own.
    Apart,
}

/// A convolution, an addition perhaps, a maximum perhaps, a global average and a fully connected layer.
#[derive(Debug, Clone)]
pub struct Case {
    pub seed: u64,
    pub inputs: usize,
    pub outputs: usize,
    pub size: [usize; 2],
    pub kernel: [usize; 2],
    pub strides: [usize; 2],
    pub padding: [usize; 4],
    pub depthwise: bool,
    pub relu: [bool; 2],
    pub residual: Residual,
    pub zero_points: [u8; 4],
    /// Powers of two by which the scales of input, result and sum are off the usual.
    pub stretch: [i32; 3],
    pub weights: Fill,
    pub pixels: Fill,
    /// int16 activations and weights instead of uint8 and int8.
    pub wide: bool,
    /// Channels that the other summand lacks.
    pub narrower: usize,
    /// A maximum over 2x2 behind the rest, where there is room for one.
    pub pool: bool,
    /// The last layer sees the picture, not its average, and so gives a picture of real numbers.
    pub picture: bool,
}

/// Cases from this number on are drawn with what the first ones never have.
const MORE: u64 = 256;

/// splitmix64 (Steele, Lea, Flood 2014).
pub struct Random(pub u64);

impl Random {
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// `0..bound`
    pub fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.draw()) * bound as u128) >> 64) as usize
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

fn power_of_two(exponent: i32) -> f32 {
    f32::from_bits(((127 + exponent) as u32) << 23)
}

impl Case {
    /// Case number `seed`. Every eighth or so has an extreme.
    pub fn draw(seed: u64) -> Self {
        let mut random = Random(seed);
        let depthwise = random.below(4) == 0;
        let inputs = random.pick(&[1, 1, 2, 3, 5, 7, 8, 12, 16, 24]);
        let side = random.pick(&[1, 1, 2, 3, 3, 3, 5]);
        let kernel = if random.below(6) == 0 { [side, random.pick(&[1, 2, 3])] } else { [side, side] };
        let pad = |random: &mut Random, kernel: usize| random.below(kernel);
        let padding = [
            pad(&mut random, kernel[0]),
            pad(&mut random, kernel[1]),
            pad(&mut random, kernel[0]),
            pad(&mut random, kernel[1]),
        ];
        let fills = [Fill::Random, Fill::Random, Fill::Random, Fill::Lowest, Fill::Highest];
        Self {
            seed,
            inputs,
            outputs: if depthwise { inputs } else { random.pick(&[1, 3, 8, 8, 9, 16, 17, 24]) },
            size: [kernel[0] + random.below(7), kernel[1] + random.below(7)],
            kernel,
            strides: random.pick(&[[1, 1], [1, 1], [2, 2], [1, 2], [3, 1]]),
            padding,
            depthwise,
            relu: [random.below(2) == 0, random.below(2) == 0],
            residual: random.pick(&[Residual::None, Residual::Merged, Residual::Apart]),
            zero_points: [0; 4].map(|_| {
                let any = random.below(256) as u8;
                random.pick(&[0, 128, 255, any])
            }),
            stretch: [0; 3].map(|_| random.pick(&[0, 0, 0, 2, -2, 7, -7, 60, -60])),
            weights: random.pick(&fills),
            pixels: random.pick(&fills),
            wide: seed >= MORE && random.below(2) == 0,
            narrower: if seed >= MORE { random.pick(&[0, 1, 4, 8, 9]) } else { 0 },
            pool: seed >= MORE && random.below(2) == 0,
            picture: seed >= MORE && random.below(2) == 0,
        }
    }

    fn value(&self, channels: usize, size: [usize; 2], scale: f32, zero_point: u8) -> Value {
        // As many values deviate from zero as with 8 bits.
        let (scale, integers) = match self.wide {
            true => (scale / 256.0, Integers::I16),
            false => (scale, Integers::U8 { zero_point }),
        };
        let quantization = Some(Quantization { scale, integers });
        Value { channels, height: size[0], width: size[1], quantization }
    }

    pub fn graph(&self) -> Graph {
        let mut random = Random(self.seed ^ 0x5eed);
        let size = [0, 1].map(|axis| {
            let room = self.size[axis] + self.padding[axis] + self.padding[axis + 2] - self.kernel[axis];
            room / self.strides[axis] + 1
        });
        let taps = self.kernel[0] * self.kernel[1] * if self.depthwise { 1 } else { self.inputs };
        let input_scale = 0.011 * power_of_two(self.stretch[0]);
        // Random sums have a deviation of about 128 x 74 x sqrt(taps): most results then fill the range.
        let usual = input_scale * 0.0031 * 148.0 * (taps as f32).sqrt();
        let result_scale = usual * power_of_two(self.stretch[1]);
        let sum_scale = usual * power_of_two(self.stretch[2]);
        let [zero_in, zero_result, zero_other, zero_sum] = self.zero_points;

        let mut values = vec![
            self.value(self.inputs, self.size, input_scale, zero_in),
            self.value(self.outputs, size, result_scale, zero_result),
        ];
        let mut layers = vec![Layer::Convolution(Convolution {
            input: 0,
            output: 1,
            weights: self.draw_weights(&mut random, taps, self.outputs),
            weight_scales: (0..self.outputs).map(|_| 0.002 + 0.0001 * random.below(32) as f32).collect(),
            bias: (0..self.outputs).map(|_| random.below(20_000) as i32 - 10_000).collect(),
            real_bias: vec![],
            kernel: self.kernel,
            strides: self.strides,
            padding: self.padding,
            depthwise: self.depthwise,
            relu: self.relu[0],
        })];
        let (mut inputs, mut outputs, mut last) = (vec![0], vec![], 1);
        if self.residual != Residual::None {
            let channels = self.outputs.saturating_sub(self.narrower).max(1);
            values.push(self.value(channels, size, result_scale * 1.3, zero_other));
            values.push(self.value(self.outputs, size, sum_scale, zero_sum));
            inputs.push(2);
            // The order of the summands must not matter.
            let (left, right) = if random.below(2) == 0 { (1, 2) } else { (2, 1) };
            layers.push(Layer::Addition(Addition { left, right, output: 3, relu: self.relu[1] }));
            last = 3;
        }
        if self.residual == Residual::Apart {
            outputs.push(1);
        }
        if self.pool && size[0] >= 2 && size[1] >= 2 {
            let input = values[last];
            values.push(Value { height: input.height / 2, width: (input.width - 2) + 1, ..input });
            let output = values.len() - 1;
            layers.push(Layer::MaxPool(MaxPool { input: last, output, kernel: [2, 2], strides: [2, 1] }));
            last = output;
        }
        let mut scale = values[last].quantization.map_or(1.0, |quantization| quantization.scale);
        if self.wide {
            scale *= 256.0;
        }
        values.push(self.value(self.outputs, [1, 1], scale * 0.7, zero_other));
        let average = values.len() - 1;
        layers.push(Layer::GlobalAverage(GlobalAverage { input: last, output: average, relu: self.relu[1] }));
        let seen = if self.picture { last } else { average };
        let Value { height, width, .. } = values[seen];
        values.push(Value { channels: 17, height, width, quantization: None });
        layers.push(Layer::Convolution(Convolution {
            input: seen,
            output: average + 1,
            weights: self.draw_weights(&mut random, self.outputs, 17),
            weight_scales: (0..17).map(|_| 0.001 + 0.0001 * random.below(64) as f32).collect(),
            bias: (0..17).map(|_| random.below(2_000) as i32 - 1_000).collect(),
            real_bias: (0..17).map(|_| random.below(100) as f32 * 0.01).collect(),
            kernel: [1, 1],
            strides: [1, 1],
            padding: [0; 4],
            depthwise: false,
            relu: false,
        }));
        outputs.extend([last, average, average + 1]);
        Graph { values, layers, inputs, outputs }
    }

    fn draw_weights(&self, random: &mut Random, taps: usize, outputs: usize) -> Weights {
        let count = taps * outputs;
        if !self.wide {
            return Weights::I8((0..count).map(|_| self.weights.draw_weight(random)).collect());
        }
        // The largest for which no sum leaves 32 bits.
        let most = (60_000 / taps).min(2047) as i32;
        let draw = |_| self.weights.draw_between(random, -most, most) as i16;
        Weights::I16((0..count).map(draw).collect())
    }

    /// The inputs of [`Case::graph`], channel, row, column.
    pub fn inputs(&self, graph: &Graph) -> Vec<Vec<i32>> {
        let mut random = Random(self.seed ^ 0xda7a);
        let volumes = graph.inputs.iter().map(|&id| graph.values[id].volume());
        let draw = |random: &mut Random| match self.wide {
            true => self.pixels.draw_between(random, i16::MIN.into(), i16::MAX.into()),
            false => self.pixels.draw(random).into(),
        };
        volumes.map(|volume| (0..volume).map(|_| draw(&mut random)).collect()).collect()
    }
}

impl Fill {
    fn draw(self, random: &mut Random) -> u8 {
        match self {
            Fill::Random => random.below(256) as u8,
            Fill::Lowest => 0,
            Fill::Highest => 255,
        }
    }

    fn draw_between(self, random: &mut Random, low: i32, high: i32) -> i32 {
        match self {
            Fill::Random => low + random.below((high - low + 1) as usize) as i32,
            Fill::Lowest => low,
            Fill::Highest => high,
        }
    }

    fn draw_weight(self, random: &mut Random) -> i8 {
        (self.draw(random) ^ 0x80).cast_signed()
    }
}

/// What a network gave: one vector for each quantized output, and the logits.
#[derive(Debug, Clone, PartialEq)]
pub struct Results {
    pub quantized: Vec<Vec<i32>>,
    pub logits: Vec<f32>,
}

impl Results {
    /// FNV-1a over every byte, logits by their bits; an integer that is no byte counts as two.
    pub fn hash(&self) -> u64 {
        let logits = self.logits.iter().flat_map(|logit| logit.to_bits().to_le_bytes());
        let bytes = |&value: &i32| match u8::try_from(value) {
            Ok(byte) => vec![byte],
            Err(_) => (value as i16).to_le_bytes().to_vec(),
        };
        self.quantized
            .iter()
            .flatten()
            .flat_map(bytes)
            .chain(logits)
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }
}

/// Runs a case with one implementation.
pub fn run(case: &Case, kernels: &'static dyn Kernels) -> Result<Results, GraphError> {
    let graph = case.graph();
    run_graph(&graph, &case.inputs(&graph), kernels)
}

/// Runs a graph, twice in the same memory: what a run leaves behind must not matter.
pub fn run_graph(
    graph: &Graph,
    inputs: &[Vec<i32>],
    kernels: &'static dyn Kernels,
) -> Result<Results, GraphError> {
    let plan = Plan::with_kernels(graph, kernels)?;
    let mut scratch = plan.scratch();
    let mut results = Results { quantized: vec![], logits: vec![] };
    for inverted in [true, false] {
        for (index, input) in inputs.iter().enumerate() {
            let flip = if inverted { 255 } else { 0 };
            let input: Vec<i32> = input.iter().map(|value| value ^ flip).collect();
            plan.set_quantized(&mut scratch, index, &input);
        }
        plan.run(&mut scratch);
        results = Results { quantized: vec![], logits: vec![] };
        for (index, &id) in graph.outputs.iter().enumerate() {
            if graph.values[id].quantization.is_some() {
                let mut values = vec![0; graph.values[id].volume()];
                plan.read_quantized(&scratch, index, &mut values);
                results.quantized.push(values);
            } else {
                results.logits = plan.read_real(&scratch, index).to_vec();
            }
        }
    }
    Ok(results)
}

/// A residual network of `blocks` blocks, all values of one shape: their buffers are shared.
pub fn chain(seed: u64, channels: usize, size: [usize; 2], blocks: usize) -> (Graph, Vec<Vec<i32>>) {
    let mut random = Random(seed);
    let scale = 0.01;
    let value = |zero_point| Value {
        channels,
        height: size[0],
        width: size[1],
        quantization: Some(Quantization { scale, integers: Integers::U8 { zero_point } }),
    };
    let mut graph = Graph { values: vec![value(100)], layers: vec![], inputs: vec![0], outputs: vec![] };
    for _ in 0..blocks {
        let skip = graph.values.len() - 1;
        for (relu, zero_point) in [(true, 0), (false, 117)] {
            let input = graph.values.len() - 1;
            graph.values.push(value(zero_point));
            graph.layers.push(Layer::Convolution(Convolution {
                input,
                output: input + 1,
                weights: Weights::I8(
                    (0..channels * channels * 9).map(|_| Fill::Random.draw_weight(&mut random)).collect(),
                ),
                // Keeps the deviation of the values about where it was.
                weight_scales: vec![1.0 / (74.0 * 3.0 * (channels as f32).sqrt()); channels],
                bias: vec![0; channels],
                real_bias: vec![],
                kernel: [3, 3],
                strides: [1, 1],
                padding: [1; 4],
                depthwise: false,
                relu,
            }));
        }
        let right = graph.values.len() - 1;
        graph.values.push(value(0));
        graph.layers.push(Layer::Addition(Addition { left: skip, right, output: right + 1, relu: true }));
    }
    graph.outputs.push(graph.values.len() - 1);
    let input = (0..graph.values[0].volume()).map(|_| random.below(256) as i32).collect();
    (graph, vec![input])
}
