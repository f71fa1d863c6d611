//! Which nodes of a typed model are the ends of quantized layers: pure questions to the graph.
//!
//! Every quantized activation of the model is the output of a [`Quantize`] node. A layer is what lies
//! between the Dequantize nodes of its inputs and that Quantize node.

use tract_onnx::tract_core::ops::array::{Pad, PadMode};
use tract_onnx::tract_core::ops::binary::{BinMiniOp, TypedBinOp};
use tract_onnx::tract_core::ops::cast::Cast;
use tract_onnx::tract_core::ops::cnn::conv::KernelFormat;
use tract_onnx::tract_core::ops::cnn::{Conv, MaxPool, PaddingSpec};
use tract_onnx::tract_core::ops::einsum::EinSum;
use tract_onnx::tract_core::ops::math::{Add, Div, Max, Mul};
use tract_onnx::tract_core::ops::nn::{DataFormat, Reduce, Reducer};
use tract_onnx::tract_hir::internal::*;

use super::constants::Bias;
use super::operators::{Dequantize, Quantize};
use nn::graph::{Integers, Quantization, Value, Weights};

/// A layer and the Quantize nodes that its inputs come from.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub inputs: Vec<usize>,
    pub output: Value,
    pub kind: Kind,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Weighted(Weighted),
    Addition { relu: bool },
    GlobalAverage { relu: bool },
    MaxPool { kernel: [usize; 2], strides: [usize; 2] },
}

/// A convolution or fully connected layer, as [`nn::graph::Convolution`] without its places.
#[derive(Debug, Clone)]
pub(super) struct Weighted {
    pub weights: Weights,
    pub weight_scales: Vec<f32>,
    pub bias: Vec<i32>,
    pub real_bias: Vec<f32>,
    pub kernel: [usize; 2],
    pub strides: [usize; 2],
    pub padding: [usize; 4],
    pub depthwise: bool,
    pub relu: bool,
}

pub(super) struct Recogniser<'a>(pub &'a TypedModel);

impl Recogniser<'_> {
    /// The layer whose result is the first output of `node`.
    pub fn layer(&self, node: usize) -> Option<Found> {
        let Some(quantize) = self.op::<Quantize>(node) else {
            let end = OutletId::new(node, 0);
            return self.fully_connected(end, None, false).or_else(|| self.real_convolution(end));
        };
        let output = self.value(node)?;
        let quantization = quantization(quantize)?;
        let end = self.cast_through(self.0.node(node).inputs[0]);
        let (end, relu) = match self.relu(end) {
            Some(inner) => (self.cast_through(inner), true),
            None => (end, false),
        };
        self.convolution(end, output, relu)
            .or_else(|| self.addition(end, output, relu))
            .or_else(|| self.global_average(end, output, relu))
            .or_else(|| if relu { None } else { self.max_pool(end, output) })
            .or_else(|| self.fully_connected(end, Some(quantization), relu))
    }

    /// Shape and quantization of a Quantize node's output, if a plan can hold it: one picture or vector,
    /// uint8 or int16, one scale.
    pub fn value(&self, node: usize) -> Option<Value> {
        let quantization = quantization(self.op::<Quantize>(node)?)?;
        let shape = self.shape(OutletId::new(node, 0))?;
        let (channels, height, width) = match *shape.as_slice() {
            [1, channels, height, width] => (channels, height, width),
            [1, channels] => (channels, 1, 1),
            _ => return None,
        };
        Some(Value { channels, height, width, quantization: Some(quantization) })
    }

    /// The Quantize node behind a Dequantize node with the same scale and zero point, where the value in
    /// between was at most reshaped. Values that were quantized again without a change are followed back.
    fn activation(&self, outlet: OutletId) -> Option<usize> {
        let mut node = self.dequantized(outlet)?;
        while let Some(earlier) = self.dequantized(self.0.node(node).inputs[0]) {
            let same = |node| quantization(self.op::<Quantize>(node)?);
            if same(earlier)? != same(node)? {
                break;
            }
            node = earlier;
        }
        self.value(node).map(|_| node)
    }

    fn dequantized(&self, outlet: OutletId) -> Option<usize> {
        let outlet = self.reshape_through(outlet);
        let scheme = &self.op::<Dequantize>(outlet.node)?.scheme;
        let source = self.0.node(outlet.node).inputs[0].node;
        let same = self.op::<Quantize>(source)?.scheme == *scheme;
        same.then_some(source)
    }

    /// As [`Self::activation`], for a layer that needs the picture in its own shape.
    fn picture(&self, outlet: OutletId) -> Option<(usize, Value)> {
        let node = self.activation(outlet)?;
        let value = self.value(node)?;
        let same = self.shape(outlet)? == [1, value.channels, value.height, value.width];
        same.then_some((node, value))
    }

    fn convolution(&self, outlet: OutletId, output: Value, relu: bool) -> Option<Found> {
        let conv = self.op::<Conv>(outlet.node)?;
        let spec = &conv.pool_spec;
        let plain = spec.data_format == DataFormat::NCHW
            && conv.kernel_fmt == KernelFormat::OIHW
            && conv.q_params.is_none()
            && spec.dilations.iter().flatten().all(|&dilation| dilation == 1);
        let inputs = &self.0.node(outlet.node).inputs;
        let (input, value) = self.picture(inputs[0])?;
        let weights = self.weights(inputs[1])?;
        let &[rows, columns] = spec.kernel_shape.as_slice() else { return None };
        let depthwise = conv.group > 1;
        let grouping = !depthwise || (conv.group == value.channels && conv.group == output.channels);
        // Real results come from whole convolutions.
        let grouping = grouping && (!depthwise || output.quantization.is_some());
        if !plain || !grouping || weights.axis != 0 || weights.shape.first() != Some(&output.channels) {
            return None;
        }
        let strides = spec.strides.as_deref().map_or(Some([1, 1]), |strides| strides.try_into().ok())?;
        let input_scale = value.quantization?.scale;
        let bias = self.bias(inputs[2], input_scale, &weights.scales)?;
        let (bias, real_bias) = bias.split(output.quantization.is_some(), input_scale, &weights.scales)?;
        Some(Found {
            inputs: vec![input],
            output,
            kind: Kind::Weighted(Weighted {
                weights: weights.values,
                bias,
                weight_scales: weights.scales,
                real_bias,
                kernel: [rows, columns],
                strides,
                padding: padding(&spec.padding, [value.height, value.width], [rows, columns], strides)?,
                depthwise,
                relu,
            }),
        })
    }

    /// A convolution whose result is not quantized again.
    fn real_convolution(&self, end: OutletId) -> Option<Found> {
        let &[1, channels, height, width] = self.shape(end)?.as_slice() else { return None };
        self.convolution(end, Value { channels, height, width, quantization: None }, false)
    }

    fn addition(&self, outlet: OutletId, output: Value, relu: bool) -> Option<Found> {
        let (left, right) = self.binary::<Add>(outlet)?;
        // Channels of 0 are padded in; one channel that is added to all of them is something else.
        let shape = [1, output.channels, output.height, output.width];
        if self.shape(left)? != shape || self.shape(right)? != shape {
            return None;
        }
        let (left, left_value) = self.widened_picture(left)?;
        let (right, right_value) = self.widened_picture(right)?;
        let fits = |value: &Value| (value.height, value.width) == (output.height, output.width);
        let most = left_value.channels.max(right_value.channels);
        let same = fits(&left_value) && fits(&right_value) && most == output.channels;
        same.then_some(Found { inputs: vec![left, right], output, kind: Kind::Addition { relu } })
    }

    /// As [`Self::picture`], or such a picture with channels of 0 behind its own.
    fn widened_picture(&self, outlet: OutletId) -> Option<(usize, Value)> {
        let Some(pad) = self.op::<Pad>(outlet.node) else { return self.picture(outlet) };
        let zero = match &pad.mode {
            PadMode::Constant(value) => value.cast_to_scalar::<f32>().is_ok_and(|value| value == 0.0),
            _ => false,
        };
        let behind = matches!(pad.pads.as_slice(), [(0, 0), (0, _), (0, 0), (0, 0)]);
        if !zero || !behind {
            return None;
        }
        self.picture(self.0.node(outlet.node).inputs[0])
    }

    /// The maximum over windows inside the picture; its quantization stays.
    fn max_pool(&self, outlet: OutletId, output: Value) -> Option<Found> {
        let pool = self.op::<MaxPool>(outlet.node)?;
        let spec = &pool.pool_spec;
        let (input, value) = self.picture(self.0.node(outlet.node).inputs[0])?;
        let &[rows, columns] = spec.kernel_shape.as_slice() else { return None };
        let kernel = [rows, columns];
        let strides = spec.strides.as_deref().map_or(Some([1, 1]), |strides| strides.try_into().ok())?;
        let padding = padding(&spec.padding, [value.height, value.width], kernel, strides)?;
        let plain = spec.data_format == DataFormat::NCHW
            && outlet.slot == 0
            && padding == [0; 4]
            && spec.dilations.iter().flatten().all(|&dilation| dilation == 1)
            && value.quantization == output.quantization;
        plain.then_some(Found { inputs: vec![input], output, kind: Kind::MaxPool { kernel, strides } })
    }

    /// A sum over rows and columns, divided by their number.
    fn global_average(&self, outlet: OutletId, output: Value, relu: bool) -> Option<Found> {
        let outlet = self.reshape_through(outlet);
        let (sum, divisor) = self.binary::<Div>(outlet)?;
        let sum = self.reshape_through(sum);
        let reduce = self.op::<Reduce>(sum.node)?;
        let (input, value) = self.picture(self.0.node(sum.node).inputs[0])?;
        let divided = self.uniform(divisor)? == (value.height * value.width) as f32;
        let whole = reduce.axes.as_slice() == [2, 3] && reduce.reducer == Reducer::Sum;
        let shape = (output.channels, output.height, output.width) == (value.channels, 1, 1);
        (divided && whole && shape).then_some(Found {
            inputs: vec![input],
            output,
            kind: Kind::GlobalAverage { relu },
        })
    }

    /// A matrix product of a flattened activation with int8 weights, plus a bias perhaps. Without
    /// `quantization` its result is real.
    fn fully_connected(&self, end: OutletId, to: Option<Quantization>, relu: bool) -> Option<Found> {
        let (product, bias) = match self.binary::<Add>(end) {
            Some((left, right)) if self.product(left).is_some() => (self.product(left)?, Some(right)),
            Some((left, right)) => (self.product(right)?, Some(left)),
            None => (self.product(end)?, None),
        };
        let einsum = self.op::<EinSum>(product.node)?;
        let inputs = &self.0.node(product.node).inputs;
        let input = self.activation(inputs[0])?;
        let value = self.value(input)?;
        let mut weights = self.weights(inputs[1])?;
        let &[rows, columns] = weights.shape.as_slice() else { return None };
        let position = |io, axis: (InOut, usize)| match einsum.axes.axis_positions(io, axis) {
            Ok(&[position]) => Some(position),
            _ => None,
        };
        // Which axis of the weights counts the outputs, and that the other is summed over.
        let out_axis = position(InOut::In(1), (InOut::Out(0), 1))?;
        let summed = position(InOut::In(1), (InOut::In(0), 1))? == 1 - out_axis;
        let plain = summed && einsum.q_params.is_none() && self.shape(inputs[0])? == [1, value.volume()];
        if !plain || (weights.scales.len() > 1 && weights.axis != out_axis) {
            return None;
        }
        let outputs = if out_axis == 0 { rows } else { columns };
        if out_axis == 1 {
            weights.values = weights.values.transposed(rows, columns);
        }
        weights.scales.resize(outputs, weights.scales[0]);
        if self.shape(end)? != [1, outputs] {
            return None;
        }
        let input_scale = value.quantization?.scale;
        let bias = match bias {
            Some(bias) => self.bias(bias, input_scale, &weights.scales)?,
            None => Bias::Integers(vec![0; outputs]),
        };
        let (bias, real_bias) = bias.split(to.is_some(), input_scale, &weights.scales)?;
        Some(Found {
            inputs: vec![input],
            output: Value { channels: outputs, height: 1, width: 1, quantization: to },
            kind: Kind::Weighted(Weighted {
                weights: weights.values,
                weight_scales: weights.scales,
                bias,
                real_bias,
                kernel: [value.height, value.width],
                strides: [1, 1],
                padding: [0; 4],
                depthwise: false,
                relu,
            }),
        })
    }

    fn product(&self, outlet: OutletId) -> Option<OutletId> {
        let outlet = self.cast_through(outlet);
        self.op::<EinSum>(outlet.node).map(|_| outlet)
    }

    /// What lies under a maximum with 0.
    fn relu(&self, outlet: OutletId) -> Option<OutletId> {
        let (left, right) = self.binary::<Max>(outlet)?;
        match (self.uniform(left), self.uniform(right)) {
            (None, Some(0.0)) => Some(left),
            (Some(0.0), None) => Some(right),
            _ => None,
        }
    }

    pub fn binary<O: TypedBinaryOperator>(&self, outlet: OutletId) -> Option<(OutletId, OutletId)> {
        let node = self.0.node(outlet.node);
        self.op::<TypedBinOp>(outlet.node)?.0.downcast_ref::<O>()?;
        Some((*node.inputs.first()?, *node.inputs.get(1)?))
    }

    /// The value that every element of a constant has.
    pub fn uniform(&self, outlet: OutletId) -> Option<f32> {
        let constant = self.constant(self.reshape_through(outlet))?;
        let constant = constant.cast_to::<f32>().ok()?;
        let values = constant.as_plain_ram()?.as_slice::<f32>().ok()?;
        let first = *values.first()?;
        values.iter().all(|&value| value == first).then_some(first)
    }

    pub fn constant(&self, outlet: OutletId) -> Option<Arc<Tensor>> {
        self.0.outlet_fact(outlet).ok()?.konst.clone()
    }

    fn shape(&self, outlet: OutletId) -> Option<Vec<usize>> {
        Some(self.0.outlet_fact(outlet).ok()?.shape.as_concrete()?.to_vec())
    }

    pub fn op<O: Op>(&self, node: usize) -> Option<&O> {
        self.0.node(node).op_as::<O>()
    }

    /// Back through casts that change nothing.
    pub fn cast_through(&self, mut outlet: OutletId) -> OutletId {
        while let Some(input) = self.cast_input(outlet) {
            outlet = input;
        }
        outlet
    }

    /// The input of a cast to the type that it has already.
    pub fn cast_input(&self, outlet: OutletId) -> Option<OutletId> {
        let cast = self.op::<Cast>(outlet.node)?;
        let input = self.0.node(outlet.node).inputs[0];
        (self.0.outlet_fact(input).ok()?.datum_type == cast.to).then_some(input)
    }

    /// Back through casts that change nothing and reshapes that keep the order of the elements.
    pub fn reshape_through(&self, mut outlet: OutletId) -> OutletId {
        loop {
            let keeps_order =
                self.op::<AxisOp>(outlet.node).is_some_and(|axis| !matches!(axis, AxisOp::Move(..)));
            match self.cast_input(outlet) {
                Some(input) => outlet = input,
                None if keeps_order => outlet = self.0.node(outlet.node).inputs[0],
                None => return outlet,
            }
        }
    }
}

pub(super) trait TypedBinaryOperator: BinMiniOp {}
impl TypedBinaryOperator for Add {}
impl TypedBinaryOperator for Div {}
impl TypedBinaryOperator for Max {}
impl TypedBinaryOperator for Mul {}

fn quantization(quantize: &Quantize) -> Option<Quantization> {
    let (&[scale], &[zero_point]) =
        (quantize.scheme.scales.as_slice(), quantize.scheme.zero_points.as_slice())
    else {
        return None;
    };
    let integers = match quantize.to {
        DatumType::U8 => Integers::U8 { zero_point: u8::try_from(zero_point).ok()? },
        DatumType::I16 if zero_point == 0 => Integers::I16,
        _ => return None,
    };
    (scale.is_finite() && scale > 0.0).then_some(Quantization { scale, integers })
}

/// Rows above, columns left, rows below, columns right.
fn padding(
    spec: &PaddingSpec,
    size: [usize; 2],
    kernel: [usize; 2],
    strides: [usize; 2],
) -> Option<[usize; 4]> {
    match spec {
        PaddingSpec::Valid => Some([0; 4]),
        PaddingSpec::Explicit(before, after) | PaddingSpec::ExplicitOnnxPool(before, after, false) => {
            Some([*before.first()?, *before.get(1)?, *after.first()?, *after.get(1)?])
        }
        PaddingSpec::ExplicitOnnxPool(_, _, true) => None,
        PaddingSpec::SameUpper | PaddingSpec::SameLower => {
            let sides = [0, 1].map(|axis| {
                let steps = size[axis].div_ceil(strides[axis]);
                let total = ((steps - 1) * strides[axis] + kernel[axis]).saturating_sub(size[axis]);
                let small = total / 2;
                if *spec == PaddingSpec::SameUpper { (small, total - small) } else { (total - small, small) }
            });
            Some([sides[0].0, sides[1].0, sides[0].1, sides[1].1])
        }
    }
}
