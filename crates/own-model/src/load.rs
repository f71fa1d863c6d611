//! From a model's file and its card to a model that runs.

use thiserror::Error;

use emotion_core::model::{Alignment, NetworkError};
use nn_onnx::TractNetwork;

use crate::card::{Card, CardFaults, parse};
use crate::graph::{Graph, GraphFault};
use crate::model::OwnModel;

/// Why a model of a person's own cannot be run: a sentence with what to do.
#[derive(Debug, Error)]
pub enum OwnModelError {
    #[error(transparent)]
    Card(#[from] CardFaults),
    #[error(transparent)]
    Graph(#[from] GraphFault),
    #[error(
        "The card is of another model: its `model_sha256` is {card}, the file's is {file}. Choose the card that belongs to the file."
    )]
    Hash { card: String, file: String },
    #[error(
        "The card and the graph do not agree: by `input.shape` the picture is {card}, by the graph {graph}. Mend the card."
    )]
    Shape { card: String, graph: String },
    #[error("The card names the output \"{name}\", and the graph has {}. Mend the card.", graph.join(", "))]
    Output { name: String, graph: Vec<String> },
    #[error(
        "The model cannot be run: {0}. Export it with operator set 13 to 17 and a fixed input size, and try again."
    )]
    Network(#[from] NetworkError),
}

/// Loads a model: its ONNX file, the text of its card, and where the built-in model has the points of a face. Runs it once.
///
/// # Errors
/// [`OwnModelError`]: a faulty card, a file that is refused, a card that does not fit the file, a network that cannot be run.
pub fn load(onnx: &[u8], card: &str, fer: &Alignment) -> Result<OwnModel, OwnModelError> {
    let card = parse(card)?;
    let graph = Graph::read(onnx)?;
    let sha256 = crate::sha256_of(onnx);
    if let Some(wanted) = card.model_sha256.as_ref().filter(|wanted| **wanted != sha256) {
        return Err(OwnModelError::Hash { card: wanted.clone(), file: sha256 });
    }
    check_shape(&card, &graph)?;
    let places = places(&card, &graph)?;
    graph.check_operators(nn_onnx::knows)?;
    let network = TractNetwork::load(onnx, &card.input.shape)?;
    let mut model = OwnModel::new(card, Box::new(network), places, fer, sha256);
    model.warm_up()?;
    Ok(model)
}

/// The graph takes what the card says; what the graph leaves open, the card may choose.
fn check_shape(card: &Card, graph: &Graph) -> Result<(), OwnModelError> {
    let shape = &graph.input()?.shape;
    let fits = |(graph, card): (&Option<u64>, &usize)| graph.is_none_or(|length| length == *card as u64);
    // A graph that says nothing of its shape takes the card's word.
    let agree = shape.is_empty() || (shape.len() == 4 && shape.iter().zip(&card.input.shape).all(fits));
    if agree {
        return Ok(());
    }
    let lengths =
        shape.iter().map(|length| length.map_or_else(|| "open".to_owned(), |length| length.to_string()));
    Err(OwnModelError::Shape {
        card: format!("{:?}", card.input.shape),
        graph: format!("[{}]", lengths.collect::<Vec<_>>().join(", ")),
    })
}

/// For each output of the card which of the graph's it is.
fn places(card: &Card, graph: &Graph) -> Result<Vec<usize>, OwnModelError> {
    let place = |name: &String| {
        graph.outputs.iter().position(|output| output.name == *name).ok_or_else(|| OwnModelError::Output {
            name: name.clone(),
            graph: graph.outputs.iter().map(|output| format!("\"{}\"", output.name)).collect(),
        })
    };
    card.outputs.iter().map(|output| place(&output.name)).collect()
}
