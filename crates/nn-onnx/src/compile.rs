//! From an ONNX file to a [`PlanFile`]: the host step behind `compile_models`.

use tract_onnx::prelude::*;
use tract_onnx::tract_core::ops::array::TypedConcat;
use tract_onnx::tract_core::ops::source::TypedSource;
use tract_onnx::tract_hir::internal::*;

use super::operators::QuantizedGraph;
use super::recognise::Recogniser;
use super::rewrite::optimise_with;
use nn::file::{FileError, PlanFile};
use nn::graph::Graph;
use nn::plan::{Order, Plan};
use nn::{Network, PlanNetwork};

/// Why an ONNX file cannot become a plan.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    #[error("the ONNX file cannot be read ({0})")]
    Read(TractError),
    #[error("the int8 engine does not know all of the network; these operators remain: {}", .0.join(", "))]
    Remaining(Vec<String>),
    #[error(transparent)]
    File(#[from] FileError),
    #[error("the plan's results differ from those of the ONNX file's graph")]
    Differs,
}

impl From<TractError> for CompileError {
    fn from(error: TractError) -> Self {
        Self::Read(error)
    }
}

/// The plan of a network with one f32 input of the given shape. What lies around the quantized layers may only
/// reorder and join. The plan is run on a made-up picture beside tract: beside the rewritten model, whose results must be
/// equal bit for bit (how inputs and outputs are joined), and beside the model as it was read, in float arithmetic
/// (the layers themselves).
///
/// # Errors
/// [`CompileError`] where the file is faulty, or holds operators that the int8 engine does not know.
pub fn compile(mut onnx: &[u8], shape: &[usize]) -> Result<PlanFile, CompileError> {
    let model = super::onnx().model_for_read(&mut onnx)?.with_input_fact(0, f32::fact(shape).into())?;
    let mut graphs: Vec<Graph> = Vec::new();
    let plain = model.into_typed()?;
    let (model, report) = optimise_with(plain.clone(), &mut |graph| {
        graphs.push(graph.clone());
        Plan::new(graph)
    })?;
    if let Some(refused) = report.refused {
        return Err(FileError::from(refused).into());
    }
    let (Some(graph), 1) = (graphs.pop(), report.plans) else {
        return Err(CompileError::Remaining(report.remaining));
    };
    let trace = Trace(&model);
    let file = trace.input_order().zip(trace.outputs());
    let Some((input_order, outputs)) = file else { return Err(CompileError::Remaining(report.remaining)) };
    let file = PlanFile { graph, input_order, outputs };
    verify(&file, [(model, 0.0), (plain, TOLERANCE)], shape)?;
    Ok(file)
}

/// Questions to a rewritten model.
struct Trace<'a>(&'a TypedModel);

impl Trace<'_> {
    fn plan_node(&self) -> Option<&TypedNode> {
        self.0.nodes.iter().find(|node| node.op_is::<QuantizedGraph>())
    }

    /// Whether the model's input reaches the plan as it is, or turned from pixels to planes.
    fn input_order(&self) -> Option<Order> {
        let &[input] = self.plan_node()?.inputs.as_slice() else { return None };
        let before = self.0.node(Recogniser(self.0).reshape_through(input).node);
        if before.op_is::<TypedSource>() {
            return Some(Order::Planes);
        }
        let source = self.0.node(before.inputs.first()?.node);
        (before.op_is::<AxisOp>() && source.op_is::<TypedSource>()).then_some(Order::Pixels)
    }

    /// For each output of the model, the plan's outputs of which it is joined.
    fn outputs(&self) -> Option<Vec<Vec<usize>>> {
        self.0.outputs.iter().map(|&output| self.joined(output)).collect()
    }

    fn joined(&self, outlet: OutletId) -> Option<Vec<usize>> {
        let node = self.0.node(outlet.node);
        if node.op_is::<QuantizedGraph>() {
            return Some(vec![outlet.slot]);
        }
        let transparent = node.op_is::<AxisOp>() || node.op_is::<TypedConcat>();
        if !transparent {
            return None;
        }
        let parts: Option<Vec<_>> = node.inputs.iter().map(|&input| self.joined(input)).collect();
        Some(parts?.concat())
    }
}

/// Of float arithmetic, as a share of the largest result: roundings fall differently, and layers add them up.
const TOLERANCE: f32 = 0.05;

/// Runs all on one made-up input; each model's results must be within its tolerance.
fn verify(file: &PlanFile, models: [(TypedModel, f32); 2], shape: &[usize]) -> Result<(), CompileError> {
    // A linear congruential generator; any picture will do.
    let mut seed = 1_u64;
    let input: Vec<f32> = (0..shape.iter().product())
        .map(|_| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 40) as f32 / (1 << 23) as f32 - 1.0
        })
        .collect();
    let mut network = PlanNetwork::new(file)?;
    let ours = network.run(&input).map_err(|_| CompileError::Differs)?;
    for (model, tolerance) in models {
        let theirs = model.into_runnable()?.run(tvec!(Tensor::from_shape(shape, &input)?.into()))?;
        let mut equal = ours.len() == theirs.len();
        for (ours, theirs) in ours.iter().zip(&theirs) {
            let theirs = theirs.try_as_plain_ram()?.as_slice::<f32>()?.to_vec();
            let largest = theirs.iter().fold(0.0, |largest: f32, real| largest.max(real.abs()));
            let near = |(a, b): (&f32, &f32)| (a - b).abs() <= tolerance * largest;
            equal &= ours.len() == theirs.len() && ours.iter().zip(&theirs).all(near);
        }
        if !equal {
            return Err(CompileError::Differs);
        }
    }
    Ok(())
}
