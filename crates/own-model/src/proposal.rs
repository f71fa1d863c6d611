//! A card that a graph's own words suggest: a beginning, which a person looks over.

use crate::card::{
    Activation, Card, Colour, Crop, EmotionName, FORMAT, Input, Layout, MOST_LABELS, MOST_OUTPUTS, Output,
    Pixels, SIDES, Template, VERSION,
};
use crate::graph::{Graph, GraphFault, Tensor};

/// A proposed card, and what in it is guessed: sentences that say what to look at.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    pub card: Card,
    pub guesses: Vec<String>,
}

/// The labels of the data sets in this field, by their number: FER2013's seven in its order, and with contempt as the eighth.
const SEVEN: [(&str, Option<EmotionName>); 7] = [
    ("angry", Some(EmotionName::Angry)),
    ("disgust", Some(EmotionName::Disgust)),
    ("fear", Some(EmotionName::Fear)),
    ("happy", Some(EmotionName::Happy)),
    ("sad", Some(EmotionName::Sad)),
    ("surprise", Some(EmotionName::Surprise)),
    ("neutral", Some(EmotionName::Neutral)),
];

/// As networks of ImageNet want their pixels.
const MEAN: [f32; 3] = [0.485, 0.456, 0.406];
const DEVIATION: [f32; 3] = [0.229, 0.224, 0.225];

/// Proposes a card for a model of this name.
///
/// # Errors
/// [`GraphFault`] where the graph has no one input of pictures, or no output of a few numbers.
pub fn propose(graph: &Graph, name: &str) -> Result<Proposal, GraphFault> {
    let mut guesses = Vec::new();
    let input = input(graph.input()?, &mut guesses)?;
    let mut outputs = Vec::new();
    for (output, activation) in graph.outputs.iter().zip(&graph.activations) {
        if outputs.len() == MOST_OUTPUTS {
            break;
        }
        outputs.extend(self::output(output, *activation, outputs.is_empty(), &mut guesses));
    }
    if outputs.is_empty() {
        return Err(GraphFault::Damaged("none of its outputs is a short list of numbers of a known length"));
    }
    let name = name.trim_end_matches(".onnx").chars().filter(|letter| !letter.is_control());
    let name: String = name.take(crate::card::MOST_LETTERS).collect();
    let name = if name.trim().is_empty() { "My model".to_owned() } else { name.trim().to_owned() };
    let card = Card { format: FORMAT.into(), version: VERSION, name, model_sha256: None, input, outputs };
    Ok(Proposal { card, guesses })
}

fn input(tensor: &Tensor, guesses: &mut Vec<String>) -> Result<Input, GraphFault> {
    let shape = match tensor.shape.as_slice() {
        &[_, a, b, c] => [a, b, c],
        _ => return Err(GraphFault::Damaged("its input is no picture of four dimensions")),
    };
    let is_channels = |length: Option<u64>| matches!(length, Some(1 | 3));
    let layout = if is_channels(shape[2]) && !is_channels(shape[0]) { Layout::Nhwc } else { Layout::Nchw };
    let (channels, height) = match layout {
        Layout::Nchw => (shape[0], shape[1]),
        Layout::Nhwc => (shape[2], shape[0]),
    };
    let colour = if channels == Some(1) { Colour::Grey } else { Colour::Rgb };
    let side = height.and_then(|height| usize::try_from(height).ok()).filter(|side| SIDES.contains(side));
    let side = side.unwrap_or_else(|| {
        let side = if colour == Colour::Grey { 48 } else { 224 };
        guesses.push(format!("The graph does not say how large its picture is: {side} pixels are assumed."));
        side
    });
    let shape = match layout {
        Layout::Nchw => [1, colour.channels(), side, side],
        Layout::Nhwc => [1, side, side, colour.channels()],
    };
    let pixels = match colour {
        Colour::Grey => Pixels::Unit,
        _ => Pixels::MeanDeviation { mean: MEAN.to_vec(), deviation: DEVIATION.to_vec() },
    };
    let template = match side {
        112 => Template::Arcface,
        _ if colour == Colour::Grey => Template::Fer,
        _ => Template::Box,
    };
    guesses.push(
        "No graph says how its pixels were scaled or how faces lay in training: look at `pixels` and `crop`."
            .to_owned(),
    );
    if colour == Colour::Rgb {
        guesses.push("Red first or blue first (OpenCV)? Look at `colour`.".to_owned());
    }
    Ok(Input { shape, layout, colour, pixels, crop: Crop { template, margin: 0.0 } })
}

/// `None` where it is no short list of numbers.
fn output(
    tensor: &Tensor,
    activation: Option<&str>,
    first: bool,
    guesses: &mut Vec<String>,
) -> Option<Output> {
    let lengths: Vec<u64> = tensor.shape.iter().flatten().copied().filter(|length| *length > 1).collect();
    let count = match lengths.as_slice() {
        [] => 1,
        [count] => usize::try_from(*count).ok().filter(|count| *count <= MOST_LABELS)?,
        _ => return None,
    };
    let name = tensor.name.clone();
    let named = first && matches!(count, 7 | 8);
    let (labels, emotions) = if named {
        let eighth = ("contempt", None);
        let all = SEVEN.into_iter().chain([eighth]).take(count);
        guesses.push(format!(
            "The graph gives {count} numbers without names: FER2013's order is assumed. Look at `labels` and `emotions`."
        ));
        let (labels, emotions): (Vec<_>, Vec<_>) =
            all.map(|(label, emotion)| (label.to_owned(), emotion)).unzip();
        (labels, Some(emotions))
    } else {
        guesses.push(format!("What the {count} numbers of {name} mean is not known: give them `labels`."));
        let labels = (1..=count).map(|at| format!("{}_{at}", short(&name)));
        (labels.collect(), None)
    };
    let activation = match activation {
        Some(_) => Activation::None,
        None if named => Activation::Softmax,
        None => Activation::None,
    };
    Some(Output { name, activation, labels, emotions, range: None })
}

/// So much of an output's name that a number behind it is still a label.
fn short(name: &str) -> String {
    let short: String = name.chars().filter(|letter| !letter.is_control()).take(30).collect();
    if short.is_empty() { "output".to_owned() } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::parse;
    use crate::graph::tests::{model, node, plain, tensor};

    fn proposal(parts: &[Vec<u8>]) -> Proposal {
        propose(&Graph::read(&model(parts)).unwrap(), "lab.onnx").unwrap()
    }

    #[test]
    fn a_grey_model_of_seven_is_proposed_as_fer2013() {
        let Proposal { card, guesses } = proposal(&plain());
        assert_eq!(
            (card.name.as_str(), card.input.shape, card.input.colour),
            ("lab", [1, 1, 48, 48], Colour::Grey)
        );
        assert_eq!((card.input.layout, card.input.crop.template), (Layout::Nchw, Template::Fer));
        assert_eq!(card.outputs[0].labels[3], "happy");
        // The graph ends in a softmax already.
        assert_eq!(card.outputs[0].activation, Activation::None);
        assert!(guesses.iter().any(|guess| guess.contains("FER2013")), "{guesses:?}");
        assert_eq!(parse(&card.to_json()).unwrap(), card, "what is proposed is a card");
    }

    #[test]
    fn colours_behind_the_columns_are_seen_and_open_sizes_assumed() {
        let mut parts = plain();
        parts[2] = node("Gemm", "b", "shares");
        parts[4] = tensor(11, "picture", 1, &[None, None, None, Some(3)]);
        parts[6] = tensor(12, "shares", 1, &[None, Some(2)]);
        let Proposal { card, guesses } = proposal(&parts);
        assert_eq!((card.input.layout, card.input.shape), (Layout::Nhwc, [1, 224, 224, 3]));
        assert_eq!(card.outputs[0].labels, ["shares_1", "shares_2"]);
        assert!(guesses.iter().any(|guess| guess.contains("224")), "{guesses:?}");
        assert_eq!(parse(&card.to_json()).unwrap(), card);
    }

    #[test]
    fn what_is_no_reader_of_pictures_gets_no_card() {
        let mut parts = plain();
        parts[4] = tensor(11, "picture", 1, &[None, Some(48)]);
        assert!(propose(&Graph::read(&model(&parts)).unwrap(), "a").is_err());
        let mut parts = plain();
        parts[6] = tensor(12, "shares", 1, &[None, Some(64), Some(12)]);
        assert!(propose(&Graph::read(&model(&parts)).unwrap(), "a").is_err());
    }
}
