//! The engine's operators in a tract graph: QuantizeLinear and DequantizeLinear kept whole until the
//! rewrite has seen them, and the plan that the rewrite puts in their place.
//!
//! tract's own versions would be folded into f32 constants and lookup tables while the file is read, and
//! with them go the int8 weights and their scales.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, OnceLock};

use tract_onnx::Onnx;
use tract_onnx::model::ParsingContext;
use tract_onnx::pb::NodeProto;
use tract_onnx::tract_hir::internal::*;

use nn::graph::Integers;
use nn::plan::Order;
use nn::{Plan, Scratch};

/// tract's ONNX reader with these operators for QuantizeLinear and DequantizeLinear.
pub fn onnx() -> Onnx {
    let mut onnx = tract_onnx::onnx();
    onnx.op_register.insert("QuantizeLinear", |_, node| read(node, Direction::Quantize));
    onnx.op_register.insert("DequantizeLinear", |_: &ParsingContext, node| read(node, Direction::Dequantize));
    onnx
}

/// Whether [`onnx`] reads the operator with this name. A combination of attributes may be refused all the same.
pub fn knows(operator: &str) -> bool {
    static KNOWN: OnceLock<HashSet<String>> = OnceLock::new();
    KNOWN.get_or_init(|| onnx().op_register.0.into_keys().collect()).contains(operator)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Quantize,
    Dequantize,
}

fn read(node: &NodeProto, direction: Direction) -> TractResult<(Box<dyn InferenceOp>, Vec<String>)> {
    let block_size = node.get_attr_opt::<i64>("block_size")?.unwrap_or(0);
    ensure!(block_size == 0, "{}: blocked quantization is not supported", node.name);
    let axis = node.get_attr_opt("axis")?.unwrap_or(1);
    Ok((expand(Reader { direction, axis, zero_point: node.input.len() == 3 }), vec![]))
}

/// Either operator as read from the file, before scale and zero point are known.
#[derive(Debug, Clone)]
struct Reader {
    direction: Direction,
    axis: i64,
    /// Whether there is a third input.
    zero_point: bool,
}

impl Expansion for Reader {
    fn name(&self) -> StaticName {
        format!("{:?}Linear", self.direction).into()
    }

    fn rules<'r, 'p: 'r, 's: 'r>(
        &'s self,
        s: &mut Solver<'r>,
        inputs: &'p [TensorProxy],
        outputs: &'p [TensorProxy],
    ) -> InferenceResult {
        check_input_arity(inputs, 2 + usize::from(self.zero_point))?;
        check_output_arity(outputs, 1)?;
        let (integer, real) = match self.direction {
            Direction::Quantize => (&outputs[0], &inputs[0]),
            Direction::Dequantize => (&inputs[0], &outputs[0]),
        };
        s.equals(&inputs[1].datum_type, f32::datum_type())?;
        s.equals(&real.datum_type, f32::datum_type())?;
        if self.zero_point {
            s.equals(&integer.datum_type, &inputs[2].datum_type)?;
        } else if self.direction == Direction::Quantize {
            s.equals(&integer.datum_type, u8::datum_type())?;
        }
        s.equals(&inputs[0].shape, &outputs[0].shape)
    }

    fn wire(&self, prefix: &str, model: &mut TypedModel, inputs: &[OutletId]) -> TractResult<TVec<OutletId>> {
        let fact = model.outlet_fact(inputs[0])?;
        let (rank, source) = (fact.rank() as i64, fact.datum_type);
        let constant = |input: usize| -> TractResult<Arc<Tensor>> {
            model.outlet_fact(inputs[input])?.konst.clone().context("scale and zero point must be constants")
        };
        let scales = constant(1)?.cast_to::<f32>()?.try_as_plain_ram()?.as_slice::<f32>()?.to_vec();
        let (zero_points, integer) = if self.zero_point {
            let tensor = constant(2)?;
            let values = tensor.cast_to::<i32>()?.try_as_plain_ram()?.as_slice::<i32>()?.to_vec();
            (values, tensor.datum_type())
        } else {
            let integer = if self.direction == Direction::Quantize { u8::datum_type() } else { source };
            (vec![0], integer)
        };
        ensure!(zero_points.len() == 1 || zero_points.len() == scales.len(), "scales and zero points differ");
        let axis = usize::try_from(if self.axis < 0 { self.axis + rank } else { self.axis })?;
        let scheme = Scheme { scales, zero_points, axis };
        match self.direction {
            Direction::Quantize => {
                let supported = [u8::datum_type(), i8::datum_type(), i16::datum_type()];
                ensure!(supported.contains(&integer), "QuantizeLinear to {integer:?} is not supported");
                model.wire_node(prefix, Quantize { scheme, to: integer }, &inputs[..1])
            }
            Direction::Dequantize => model.wire_node(prefix, Dequantize { scheme }, &inputs[..1]),
        }
    }

    /// Keeps the analysis from folding weights into real numbers.
    fn runs_out_of_plan(&self) -> bool {
        false
    }
}

/// Scales and zero points, one for all or one for each index along `axis`.
#[derive(Debug, Clone, PartialEq)]
pub struct Scheme {
    pub scales: Vec<f32>,
    pub zero_points: Vec<i32>,
    pub axis: usize,
}

impl Scheme {
    /// Scale and zero point for the element at `index` of a tensor with this shape, in row-major order.
    fn at(&self, shape: &[usize], index: usize) -> (f32, i32) {
        if self.scales.len() == 1 && self.zero_points.len() == 1 {
            return (self.scales[0], self.zero_points[0]);
        }
        let along = index / shape[self.axis + 1..].iter().product::<usize>() % shape[self.axis];
        (
            self.scales[along.min(self.scales.len() - 1)],
            self.zero_points[along.min(self.zero_points.len() - 1)],
        )
    }

    fn check(&self, shape: &ShapeFact) -> TractResult<()> {
        let single = self.scales.len() == 1;
        let fits = || shape.get(self.axis).is_some_and(|dim| *dim == self.scales.len().to_dim());
        ensure!(single || fits(), "as many scales as the quantized axis is long");
        Ok(())
    }
}

/// ONNX's QuantizeLinear: `saturate(round_half_even(x / scale) + zero_point)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantize {
    pub scheme: Scheme,
    /// uint8, int8 or int16.
    pub to: DatumType,
}

impl Eq for Quantize {}

impl Op for Quantize {
    fn name(&self) -> StaticName {
        "Quantize".into()
    }

    op_as_typed_op!();
}

impl EvalOp for Quantize {
    fn eval(&self, _ctx: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let reals = inputs[0].try_as_plain_ram()?;
        let shape = inputs[0].shape();
        let (low, high) = match self.to {
            DatumType::U8 => (0, 255),
            DatumType::I8 => (-128, 127),
            _ => (-32_768, 32_767),
        };
        let quantized = reals.as_slice::<f32>()?.iter().enumerate().map(|(index, &real)| {
            let (scale, zero_point) = self.scheme.at(shape, index);
            ((real / scale).round_ties_even() as i32).saturating_add(zero_point).clamp(low, high)
        });
        let output = Tensor::from_shape(shape, &quantized.collect::<Vec<_>>())?;
        let output = output.cast_to_dt(self.to)?.into_owned();
        Ok(tvec!(output.into_tvalue()))
    }

    not_out_of_plan!();
}

impl TypedOp for Quantize {
    fn output_facts(&self, inputs: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        self.scheme.check(&inputs[0].shape)?;
        Ok(tvec!(self.to.fact(inputs[0].shape.clone())))
    }

    as_op!();
}

/// ONNX's DequantizeLinear: `(q - zero_point) * scale`.
#[derive(Debug, Clone, PartialEq)]
pub struct Dequantize {
    pub scheme: Scheme,
}

impl Eq for Dequantize {}

impl Op for Dequantize {
    fn name(&self) -> StaticName {
        "Dequantize".into()
    }

    op_as_typed_op!();
}

impl EvalOp for Dequantize {
    fn eval(&self, _ctx: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let integers = inputs[0].cast_to::<i32>()?;
        let shape = inputs[0].shape();
        let reals =
            integers.try_as_plain_ram()?.as_slice::<i32>()?.iter().enumerate().map(|(index, &integer)| {
                let (scale, zero_point) = self.scheme.at(shape, index);
                integer.wrapping_sub(zero_point) as f32 * scale
            });
        Ok(tvec!(Tensor::from_shape(shape, &reals.collect::<Vec<_>>())?.into_tvalue()))
    }

    not_out_of_plan!();
}

impl TypedOp for Dequantize {
    fn output_facts(&self, inputs: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        self.scheme.check(&inputs[0].shape)?;
        Ok(tvec!(f32::fact(inputs[0].shape.clone())))
    }

    as_op!();
}

/// A whole quantized subgraph, run by a [`Plan`].
#[derive(Clone)]
pub struct QuantizedGraph {
    pub(super) plan: Arc<Plan>,
    /// Whether each input comes as real numbers.
    pub(super) real_inputs: Vec<bool>,
    /// Shapes of the outputs as the graph around has them.
    pub(super) output_shapes: Vec<Vec<usize>>,
}

impl PartialEq for QuantizedGraph {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.plan, &other.plan)
    }
}

impl Eq for QuantizedGraph {}

impl fmt::Debug for QuantizedGraph {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        write!(formatter, "QuantizedGraph({} steps, {})", self.plan.steps(), self.plan.kernels())
    }
}

impl Op for QuantizedGraph {
    fn name(&self) -> StaticName {
        "QuantizedGraph".into()
    }

    fn info(&self) -> TractResult<Vec<String>> {
        Ok(vec![format!("{self:?}")])
    }

    op_as_typed_op!();
}

impl EvalOp for QuantizedGraph {
    fn state(&self, _ctx: &EvalContext) -> TractResult<Option<Box<dyn OpState>>> {
        Ok(Some(Box::new(QuantizedState(self.plan.scratch()))))
    }

    not_out_of_plan!();
}

impl TypedOp for QuantizedGraph {
    fn output_facts(&self, _inputs: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        let facts = self.output_shapes.iter().enumerate().map(|(index, shape)| {
            let integers = self.plan.output(index).quantization.map(|quantization| quantization.integers);
            datum_type(integers).fact(shape)
        });
        Ok(facts.collect())
    }

    as_op!();
}

/// tract's type of a value with these integers, or of a real one.
fn datum_type(integers: Option<Integers>) -> DatumType {
    match integers {
        None => f32::datum_type(),
        Some(Integers::U8 { .. }) => u8::datum_type(),
        Some(Integers::I16) => i16::datum_type(),
    }
}

/// The scratch memory of one runner.
#[derive(Debug, Clone)]
struct QuantizedState(Scratch);

impl OpState for QuantizedState {
    fn eval(&mut self, _ctx: &EvalContext, op: &dyn Op, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let op = op.downcast_ref::<QuantizedGraph>().context("this state belongs to a QuantizedGraph")?;
        for (index, (input, &real)) in inputs.iter().zip(&op.real_inputs).enumerate() {
            ensure!(input.len() == op.plan.input(index).volume(), "input {index} has another size");
            if real {
                op.plan.set_real(
                    &mut self.0,
                    index,
                    Order::Planes,
                    input.try_as_plain_ram()?.as_slice::<f32>()?,
                );
            } else {
                let integers = input.cast_to::<i32>()?;
                op.plan.set_quantized(&mut self.0, index, integers.try_as_plain_ram()?.as_slice::<i32>()?);
            }
        }
        op.plan.run(&mut self.0);
        let outputs = op.output_shapes.iter().enumerate().map(|(index, shape)| {
            let value = op.plan.output(index);
            let Some(quantization) = value.quantization else {
                let pixels = op.plan.read_real(&self.0, index);
                let planes: Vec<f32> = (0..value.channels)
                    .flat_map(|channel| pixels[channel..].iter().step_by(value.channels).copied())
                    .collect();
                return Ok(Tensor::from_shape(shape, &planes)?.into_tvalue());
            };
            let mut integers = vec![0; value.volume()];
            op.plan.read_quantized(&self.0, index, &mut integers);
            let tensor = Tensor::from_shape(shape, &integers)?;
            Ok(tensor.cast_to_dt(datum_type(Some(quantization.integers)))?.into_owned().into_tvalue())
        });
        outputs.collect()
    }

    fn reset_lanes(&mut self, _lanes: &[LaneId]) -> TractResult<()> {
        // Nothing is carried from one run to the next.
        Ok(())
    }
}
