//! What an ONNX file tells before anything is allocated for it: inputs, outputs, operators, and whether it may be opened at all.
//!
//! The file is walked where it lies; of the weights only the lengths are read.

mod protobuf;
#[cfg(test)]
pub(crate) mod tests;

use thiserror::Error;

use protobuf::{Broken, Field, Message};

/// A file of more bytes is not read.
pub const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// A graph of more nodes is not run.
pub const MOST_NODES: usize = 20_000;

/// What a graph says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Graph {
    /// Without those that have a constant of the file as their value.
    pub inputs: Vec<Tensor>,
    pub outputs: Vec<Tensor>,
    /// Each operator once, in the order in which they come, with the first node that has it.
    pub operators: Vec<Operator>,
    pub nodes: usize,
    /// Whether the graph's outputs come straight from a Softmax or a Sigmoid, by output.
    pub activations: Vec<Option<&'static str>>,
    /// The version of the operator set, 0 where none is named.
    pub opset: u64,
}

/// An input or output.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tensor {
    pub name: String,
    /// ONNX's number of the element type; 1 is float32.
    pub element: u64,
    /// `None`: open, as a batch often is. Empty where the graph does not say.
    pub shape: Vec<Option<u64>>,
}

/// An operator that the graph uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    pub name: String,
    /// Empty, or whose operator it is where it is not one of ONNX's own.
    pub domain: String,
    pub node: String,
}

/// Why a file is not run. Each is a sentence with what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GraphFault {
    #[error("The model has {} MB; at most {} MB are read. Make it smaller, for example by int8 weights.", bytes / 1_048_576, MOST_BYTES / 1_048_576)]
    Large { bytes: u64 },
    #[error(
        "The file is {0}, not an ONNX model. Export the model to ONNX (docs/own-model.md) and choose that file."
    )]
    Other(&'static str),
    #[error("The ONNX file is damaged or cut off: {0}. Choose another copy of it.")]
    Damaged(&'static str),
    #[error(
        "The weights of {0} lie in a file of their own. Save the model as one file (in Python: onnx.save without external data)."
    )]
    External(String),
    #[error(
        "The constant {name} would take {bytes} bytes, which the file does not hold. The file is damaged or not honest."
    )]
    Constant { name: String, bytes: u64 },
    #[error("The graph has {nodes} nodes; at most {MOST_NODES} are run. Simplify it (in Python: onnxsim).")]
    Nodes { nodes: usize },
    #[error("The model has {0} inputs; one picture is all that it can be given. Export it with one input.")]
    Inputs(usize),
    #[error(
        "The input {name} takes numbers of the kind {kind}; it must take float32. Export the model with a float32 input \
         (int8 inside is fine: QuantizeLinear and DequantizeLinear)."
    )]
    Element { name: String, kind: String },
    #[error(
        "The operator {operator} (node {node}) is not known here. Export the model with operator set 13 to 17, fold what is \
         constant (in Python: onnxsim), or put other operators in its place."
    )]
    Operator { operator: String, node: String },
}

impl From<Broken> for GraphFault {
    fn from(_: Broken) -> Self {
        GraphFault::Damaged("its parts do not fit together")
    }
}

impl Graph {
    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// [`GraphFault`]: too large, no ONNX file, damaged, weights elsewhere, more constants than bytes.
    pub fn read(bytes: &[u8]) -> Result<Self, GraphFault> {
        if bytes.len() as u64 > MOST_BYTES {
            return Err(GraphFault::Large { bytes: bytes.len() as u64 });
        }
        if let Some(other) = other_kind(bytes) {
            return Err(GraphFault::Other(other));
        }
        let mut graph = None;
        let mut opset = 0;
        for field in Message(bytes) {
            match field? {
                Field { number: 7, value } => graph = Some(value.message()?),
                Field { number: 8, value } => opset = opset_of(value.message()?)?.unwrap_or(opset),
                _ => {}
            }
        }
        let graph = graph.ok_or(GraphFault::Other("something without a graph"))?;
        let mut read = Self { opset, ..read_graph(graph)? };
        if read.nodes == 0 {
            return Err(GraphFault::Damaged("its graph has no nodes"));
        }
        if read.nodes > MOST_NODES {
            return Err(GraphFault::Nodes { nodes: read.nodes });
        }
        read.operators.dedup();
        Ok(read)
    }

    /// The one input, which takes float32.
    ///
    /// # Errors
    /// [`GraphFault::Inputs`], [`GraphFault::Element`].
    pub fn input(&self) -> Result<&Tensor, GraphFault> {
        let [input] = self.inputs.as_slice() else { return Err(GraphFault::Inputs(self.inputs.len())) };
        if input.element != FLOAT {
            return Err(GraphFault::Element { name: input.name.clone(), kind: kind_of(input.element) });
        }
        Ok(input)
    }

    /// Sees that every operator is one that can be run.
    ///
    /// # Errors
    /// [`GraphFault::Operator`]: the first one that cannot.
    pub fn check_operators(&self, known: impl Fn(&str) -> bool) -> Result<(), GraphFault> {
        let ours = |domain: &str| matches!(domain, "" | "ai.onnx" | "com.microsoft");
        match self.operators.iter().find(|operator| !ours(&operator.domain) || !known(&operator.name)) {
            None => Ok(()),
            Some(Operator { name, domain, node }) => {
                let operator =
                    if ours(domain) { name.clone() } else { format!("{name} of the domain {domain}") };
                Err(GraphFault::Operator { operator, node: node.clone() })
            }
        }
    }
}

const FLOAT: u64 = 1;

fn kind_of(element: u64) -> String {
    const KINDS: [&str; 17] = [
        "nothing",
        "float32",
        "uint8",
        "int8",
        "uint16",
        "int16",
        "int32",
        "int64",
        "text",
        "bool",
        "float16",
        "float64",
        "uint32",
        "uint64",
        "complex64",
        "complex128",
        "bfloat16",
    ];
    let kind = usize::try_from(element).ok().and_then(|element| KINDS.get(element));
    kind.map_or_else(|| element.to_string(), |kind| (*kind).to_owned())
}

/// Bytes of one element; a kind that is not known takes at least none.
fn bytes_of(element: u64) -> u64 {
    match element {
        2 | 3 | 9 => 1,
        4 | 5 | 10 | 16 => 2,
        1 | 6 | 12 => 4,
        7 | 11 | 13 | 14 => 8,
        15 => 16,
        _ => 0,
    }
}

/// What people choose by mistake, by its first bytes.
fn other_kind(bytes: &[u8]) -> Option<&'static str> {
    let at = |begin: usize, mark: &[u8]| bytes.get(begin..).is_some_and(|rest| rest.starts_with(mark));
    Some(match () {
        () if bytes.is_empty() => "empty",
        () if at(0, b"PK\x03\x04") => "a ZIP file, as PyTorch saves its own models",
        () if at(0, b"\x80\x02") || at(0, b"\x80\x04") => "a pickle of Python",
        () if at(4, b"TFL3") => "a TensorFlow Lite model",
        () if at(0, b"\x89HDF") => "an HDF5 file, as Keras saves its models",
        () if at(0, b"EDPLAN") => "a plan file of this page",
        () if at(8, b"{\"") => "a safetensors file",
        () if at(0, b"{") || at(0, b"[") => "a JSON text, perhaps the card",
        () if at(0, b"\x89PNG") || at(0, b"\xff\xd8\xff") => "a picture",
        () => return None,
    })
}

fn opset_of(message: Message) -> Result<Option<u64>, Broken> {
    let (mut domain, mut version) = (String::new(), 0);
    for field in message {
        match field? {
            Field { number: 1, value } => domain = value.text()?,
            Field { number: 2, value } => version = value.number()?,
            _ => {}
        }
    }
    Ok(matches!(domain.as_str(), "" | "ai.onnx").then_some(version))
}

fn read_graph(message: Message) -> Result<Graph, GraphFault> {
    let mut graph = Graph::default();
    let mut constants: Vec<String> = Vec::new();
    // Which operator makes a value, of the last nodes: outputs are among them.
    let mut made: Vec<(String, String)> = Vec::new();
    for field in message {
        match field? {
            Field { number: 1, value } => {
                let node = read_node(value.message()?)?;
                graph.nodes += 1;
                if graph.nodes > MOST_NODES {
                    continue;
                }
                for output in node.outputs {
                    made.push((output, node.operator.name.clone()));
                }
                if !graph.operators.iter().any(|known| known.name == node.operator.name) {
                    graph.operators.push(node.operator);
                }
            }
            Field { number: 5, value } => constants.push(read_constant(value.message()?)?),
            Field { number: 11, value } => graph.inputs.push(read_tensor(value.message()?)?),
            Field { number: 12, value } => graph.outputs.push(read_tensor(value.message()?)?),
            _ => {}
        }
    }
    constants.sort_unstable();
    graph.inputs.retain(|input| constants.binary_search(&input.name).is_err());
    graph.activations = (graph.outputs.iter())
        .map(|output| {
            let (_, operator) = made.iter().rev().find(|(value, _)| *value == output.name)?;
            ["Softmax", "Sigmoid"].into_iter().find(|name| name == operator)
        })
        .collect();
    Ok(graph)
}

struct Node {
    operator: Operator,
    outputs: Vec<String>,
}

fn read_node(message: Message) -> Result<Node, GraphFault> {
    let (mut name, mut domain, mut node, mut outputs) =
        (String::new(), String::new(), String::new(), Vec::new());
    for field in message {
        match field? {
            Field { number: 2, value } => outputs.push(value.text()?),
            Field { number: 3, value } => node = value.text()?,
            Field { number: 4, value } => name = value.text()?,
            Field { number: 7, value } => domain = value.text()?,
            // A constant may hide in an attribute, too.
            Field { number: 5, value } => {
                for field in value.message()? {
                    if let Field { number: 5, value } = field? {
                        read_constant(value.message()?)?;
                    }
                }
            }
            _ => {}
        }
    }
    if node.is_empty() {
        node = outputs.first().cloned().unwrap_or_default();
    }
    Ok(Node { operator: Operator { name, domain, node }, outputs })
}

/// The name of a constant, after a look at whether the file holds as much as it says.
fn read_constant(message: Message) -> Result<String, GraphFault> {
    let (mut name, mut volume, mut element, mut held, mut external) =
        (String::new(), Some(1_u64), 0, 0_u64, false);
    for field in message {
        match field? {
            Field { number: 1, value } => {
                for dimension in value.numbers()? {
                    volume = volume.and_then(|volume| volume.checked_mul(dimension));
                }
            }
            Field { number: 2, value } => element = value.number()?,
            Field { number: 8, value } => name = value.text()?,
            Field { number: 13, .. } => external = true,
            Field { number: 14, value } => external |= value.number()? == 1,
            // All ways to hold values: packed numbers or raw bytes. A packed number has at least a byte.
            Field { number: 4 | 5 | 6 | 7 | 9 | 10 | 11, value } => held += value.len(),
            _ => {}
        }
    }
    if external {
        return Err(GraphFault::External(name));
    }
    let volume = volume.unwrap_or(u64::MAX);
    let bytes = volume.saturating_mul(bytes_of(element).max(1));
    // Small numbers take one byte in the file where they take eight in memory.
    if bytes / 8 > held {
        return Err(GraphFault::Constant { name, bytes });
    }
    Ok(name)
}

fn read_tensor(message: Message) -> Result<Tensor, GraphFault> {
    let mut tensor = Tensor::default();
    for field in message {
        match field? {
            Field { number: 1, value } => tensor.name = value.text()?,
            Field { number: 2, value } => {
                for field in value.message()? {
                    let Field { number: 1, value } = field? else { continue };
                    for field in value.message()? {
                        match field? {
                            Field { number: 1, value } => tensor.element = value.number()?,
                            Field { number: 2, value } => tensor.shape = read_shape(value.message()?)?,
                            _ => {}
                        }
                    }
                }
            }
            _ => {}
        }
    }
    Ok(tensor)
}

fn read_shape(message: Message) -> Result<Vec<Option<u64>>, Broken> {
    let mut shape = Vec::new();
    for field in message {
        let Field { number: 1, value } = field? else { continue };
        let mut length = None;
        for field in value.message()? {
            if let Field { number: 1, value } = field? {
                length = Some(value.number()?).filter(|length| *length > 0 && *length < 1 << 32);
            }
        }
        shape.push(length);
    }
    Ok(shape)
}
