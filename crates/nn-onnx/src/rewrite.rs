//! The rewrite of a typed model: recognised quantized layers become plans, everything else stays tract's.
//!
//! Layers are gathered into as few plans as possible. Where other operators lie between them, the layers
//! behind those operators form another plan: the *level* of a node counts how many plans have run before.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tract_onnx::tract_core::ops::konst::Const;
use tract_onnx::tract_core::ops::source::TypedSource;
use tract_onnx::tract_hir::internal::*;

use super::operators::{Dequantize, Quantize, QuantizedGraph};
use super::recognise::{Found, Kind, Recogniser};
use nn::graph::{Addition, Convolution, GlobalAverage, Graph, Layer, MaxPool, Value, ValueId};
use nn::{GraphError, Plan};

/// What [`optimise`] did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RewriteReport {
    /// Quantized layers that a plan now runs.
    pub layers: usize,
    /// Plans in the model: 1 if nothing stands between the layers.
    pub plans: usize,
    /// Names of the other operators that remain, each once for every node; inputs and constants left out.
    pub remaining: Vec<String>,
    /// Why a recognised graph is not run by a plan after all.
    pub refused: Option<GraphError>,
}

/// Puts plans in the place of the quantized layers of a model that was read with [`super::onnx`] and made
/// typed, before any other optimisation. What is not recognised stays and is run by tract.
pub fn optimise(model: TypedModel) -> TractResult<(TypedModel, RewriteReport)> {
    optimise_with(model, &mut Plan::new)
}

/// As [`optimise`]; `plan` makes the plans, and so may choose the kernels or keep the graphs.
pub fn optimise_with(
    model: TypedModel,
    plan: &mut dyn FnMut(&Graph) -> Result<Plan, GraphError>,
) -> TractResult<(TypedModel, RewriteReport)> {
    let ours = |node: &TypedNode| node.op_is::<Quantize>() || node.op_is::<Dequantize>();
    if !model.nodes.iter().any(ours) {
        let report = RewriteReport { remaining: remaining(&model), ..RewriteReport::default() };
        return Ok((model, report));
    }
    let found = find(&model);
    match rewrite(&model, &found, plan)? {
        Ok(rewritten) => Ok(rewritten),
        Err(refused) => {
            let plain = rewrite(&model, &BTreeMap::new(), plan)?;
            let (model, report) = plain.map_err(|error| format_err!("a graph without layers: {error}"))?;
            Ok((model, RewriteReport { refused: Some(refused), ..report }))
        }
    }
}

/// The names of all operators but inputs, constants and plans.
fn remaining(model: &TypedModel) -> Vec<String> {
    let kept = |node: &&TypedNode| {
        !node.op_is::<TypedSource>() && !node.op_is::<Const>() && !node.op_is::<QuantizedGraph>()
    };
    model.nodes.iter().filter(kept).map(|node| node.op.name().to_string()).collect()
}

/// The recognised layers of which the model's outputs are made, by the node that ends them.
fn find(model: &TypedModel) -> BTreeMap<usize, Found> {
    let recogniser = Recogniser(model);
    let mut found = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut wanted: Vec<usize> = model.outputs.iter().map(|outlet| outlet.node).collect();
    while let Some(node) = wanted.pop() {
        if !seen.insert(node) {
            continue;
        }
        match recogniser.layer(node) {
            Some(layer) => {
                wanted.extend(&layer.inputs);
                found.insert(node, layer);
            }
            None => wanted.extend(model.node(node).inputs.iter().map(|input| input.node)),
        }
    }
    found
}

struct Rewriter<'a> {
    model: &'a TypedModel,
    found: &'a BTreeMap<usize, Found>,
    /// The nodes that stay, with their level, in an order in which they can run.
    others: Vec<(usize, usize)>,
    /// The level of every layer.
    layers: Vec<(usize, usize)>,
    target: TypedModel,
    mapping: HashMap<OutletId, OutletId>,
    report: RewriteReport,
}

fn rewrite(
    model: &TypedModel,
    found: &BTreeMap<usize, Found>,
    plan: &mut dyn FnMut(&Graph) -> Result<Plan, GraphError>,
) -> TractResult<Result<(TypedModel, RewriteReport), GraphError>> {
    let mut rewriter = Rewriter {
        model,
        found,
        others: vec![],
        layers: vec![],
        target: TypedModel { symbols: model.symbols.clone(), ..TypedModel::default() },
        mapping: HashMap::new(),
        report: RewriteReport::default(),
    };
    rewriter.order()?;
    let levels = rewriter.others.iter().chain(&rewriter.layers).map(|&(_, level)| level).max();
    for level in 0..=levels.unwrap_or(0) {
        rewriter.wire_others(level)?;
        if let Err(error) = rewriter.wire_plan(level, plan)? {
            return Ok(Err(error));
        }
    }
    let Rewriter { mut target, mapping, mut report, .. } = rewriter;
    let map = |outlets: &[OutletId]| -> TractResult<Vec<OutletId>> {
        outlets
            .iter()
            .map(|outlet| mapping.get(outlet).copied().context("an input or output was lost in the rewrite"))
            .collect()
    };
    target.set_input_outlets(&map(&model.inputs)?)?;
    target.select_output_outlets(&map(&model.outputs)?)?;
    target.properties = model.properties.clone();
    report.remaining = remaining(&target);
    Ok(Ok((target, report)))
}

impl Rewriter<'_> {
    /// Decides which nodes stay, and the level of each and of every layer.
    fn order(&mut self) -> TractResult<()> {
        let order = self.model.eval_order()?;
        let mut needed = BTreeSet::new();
        let mut wanted: Vec<usize> =
            self.model.outputs.iter().chain(&self.model.inputs).map(|outlet| outlet.node).collect();
        while let Some(node) = wanted.pop() {
            if !needed.insert(node) {
                continue;
            }
            match self.found.get(&node) {
                Some(layer) => wanted.extend(layer.inputs.iter().map(|&input| self.entry(input).node)),
                None => wanted.extend(self.model.node(node).inputs.iter().map(|input| input.node)),
            }
        }
        // Level at which a node's result can be read from outside a plan.
        let mut ready: HashMap<usize, usize> = HashMap::new();
        let mut level_of: HashMap<usize, usize> = HashMap::new();
        // Inputs that no path to an output reaches are not in the order of evaluation.
        let stray = needed.iter().copied().filter(|node| !order.contains(node)).collect::<Vec<_>>();
        for node in stray.into_iter().chain(order.iter().copied()) {
            if !needed.contains(&node) {
                continue;
            }
            if let Some(layer) = self.found.get(&node) {
                let level = layer.inputs.iter().map(|&input| match self.found.contains_key(&input) {
                    true => level_of[&input],
                    false => ready[&self.entry(input).node],
                });
                let level = level.max().unwrap_or(0);
                level_of.insert(node, level);
                ready.insert(node, level + 1);
                self.layers.push((node, level));
            } else {
                let level = self.model.node(node).inputs.iter().map(|input| ready[&input.node]).max();
                ready.insert(node, level.unwrap_or(0));
                self.others.push((node, level.unwrap_or(0)));
            }
        }
        Ok(())
    }

    /// For a Quantize node that a layer reads: the node itself if a layer makes it, else what it quantizes.
    fn entry(&self, quantize: usize) -> OutletId {
        if self.found.contains_key(&quantize) {
            OutletId::new(quantize, 0)
        } else {
            self.model.node(quantize).inputs[0]
        }
    }

    fn wire_others(&mut self, level: usize) -> TractResult<()> {
        let nodes: Vec<usize> =
            self.others.iter().filter(|other| other.1 == level).map(|other| other.0).collect();
        for id in nodes {
            let node = self.model.node(id);
            let inputs: Vec<OutletId> = node.inputs.iter().map(|input| self.mapping[input]).collect();
            let outlets = if Recogniser(self.model).cast_input(OutletId::new(id, 0)).is_some() {
                tvec!(inputs[0])
            } else if node.op_is::<TypedSource>() {
                tvec!(self.target.add_source(&node.name, node.outputs[0].fact.clone())?)
            } else if let Some(folded) = self.fold(node, &inputs)? {
                tvec!(self.target.add_const(&node.name, folded)?)
            } else {
                self.target.wire_node(&node.name, node.op.clone(), &inputs)?
            };
            for (slot, outlet) in outlets.into_iter().enumerate() {
                self.mapping.insert(OutletId::new(id, slot), outlet);
            }
        }
        Ok(())
    }

    /// Weights of layers that stay become real numbers once, not in every run.
    fn fold(&self, node: &TypedNode, inputs: &[OutletId]) -> TractResult<Option<TValue>> {
        let Some(dequantize) = node.op_as::<Dequantize>() else { return Ok(None) };
        let Some(constant) = self.target.outlet_fact(inputs[0])?.konst.clone() else { return Ok(None) };
        let mut values = dequantize.eval(&EvalContext::out_of_plan(), tvec!(constant.into_tvalue()))?;
        Ok(values.pop())
    }

    /// Wires the plan of all layers of this level, if there are any.
    fn wire_plan(
        &mut self,
        level: usize,
        plan: &mut dyn FnMut(&Graph) -> Result<Plan, GraphError>,
    ) -> TractResult<Result<(), GraphError>> {
        let nodes: Vec<usize> =
            self.layers.iter().filter(|layer| layer.1 == level).map(|layer| layer.0).collect();
        if nodes.is_empty() {
            return Ok(Ok(()));
        }
        let mut builder = PlanBuilder::default();
        for &node in &nodes {
            let found = &self.found[&node];
            let mut inputs = vec![];
            for &input in &found.inputs {
                let id = match builder.ids.get(&input) {
                    Some(&id) => id,
                    None => {
                        let value =
                            Recogniser(self.model).value(input).context("a layer's input is quantized")?;
                        builder.sources.push(self.mapping[&self.entry(input)]);
                        builder.real_inputs.push(!self.found.contains_key(&input));
                        let id = builder.value(input, value);
                        builder.graph.inputs.push(id);
                        id
                    }
                };
                inputs.push(id);
            }
            let output = builder.value(node, found.output);
            builder.graph.layers.push(layer(&found.kind, &inputs, output));
        }
        let read_outside = |node: usize| {
            let other = |&&(other, _): &&(usize, usize)| {
                self.model.node(other).inputs.iter().any(|input| input.node == node)
            };
            let layer = |&&(reader, at): &&(usize, usize)| {
                let through = |&input: &usize| at > level && self.entry(input).node == node;
                self.found[&reader].inputs.iter().any(through)
            };
            self.model.outputs.iter().any(|output| output.node == node)
                || self.others.iter().any(|node| other(&node))
                || self.layers.iter().any(|node| layer(&node))
        };
        let outputs: Vec<usize> = nodes.iter().copied().filter(|&node| read_outside(node)).collect();
        builder.graph.outputs = outputs.iter().map(|node| builder.ids[node]).collect();

        let plan = match plan(&builder.graph) {
            Ok(plan) => Arc::new(plan),
            Err(error) => return Ok(Err(error)),
        };
        let shape = |&node: &usize| -> TractResult<Vec<usize>> {
            let fact = self.model.outlet_fact(OutletId::new(node, 0))?;
            Ok(fact.shape.as_concrete().context("a layer's output has a concrete shape")?.to_vec())
        };
        let output_shapes = outputs.iter().map(shape).collect::<TractResult<_>>()?;
        let op = QuantizedGraph { plan, real_inputs: builder.real_inputs, output_shapes };
        let outlets = self.target.wire_node(format!("quantized.{level}"), op, &builder.sources)?;
        for (&node, outlet) in outputs.iter().zip(outlets) {
            self.mapping.insert(OutletId::new(node, 0), outlet);
        }
        self.report.layers += nodes.len();
        self.report.plans += 1;
        Ok(Ok(()))
    }
}

#[derive(Default)]
struct PlanBuilder {
    graph: Graph,
    /// Of the nodes whose results are values of the graph.
    ids: HashMap<usize, ValueId>,
    /// The new model's outlets that feed the plan.
    sources: Vec<OutletId>,
    real_inputs: Vec<bool>,
}

impl PlanBuilder {
    fn value(&mut self, node: usize, value: Value) -> ValueId {
        self.graph.values.push(value);
        self.ids.insert(node, self.graph.values.len() - 1);
        self.graph.values.len() - 1
    }
}

fn layer(kind: &Kind, inputs: &[ValueId], output: ValueId) -> Layer {
    match kind {
        Kind::Weighted(weighted) => Layer::Convolution(Convolution {
            input: inputs[0],
            output,
            weights: weighted.weights.clone(),
            weight_scales: weighted.weight_scales.clone(),
            bias: weighted.bias.clone(),
            real_bias: weighted.real_bias.clone(),
            kernel: weighted.kernel,
            strides: weighted.strides,
            padding: weighted.padding,
            depthwise: weighted.depthwise,
            relu: weighted.relu,
        }),
        &Kind::Addition { relu } => {
            Layer::Addition(Addition { left: inputs[0], right: inputs[1], output, relu })
        }
        &Kind::GlobalAverage { relu } => {
            Layer::GlobalAverage(GlobalAverage { input: inputs[0], output, relu })
        }
        &Kind::MaxPool { kernel, strides } => {
            Layer::MaxPool(MaxPool { input: inputs[0], output, kernel, strides })
        }
    }
}
