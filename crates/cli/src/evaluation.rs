//! Measuring the model on FER2013 and FER+: reading the official files, the figures, and their report.
//!
//! Natively used by `examples/evaluate.rs`; nothing here touches a network or a browser. The definitions of
//! the figures stand in `metrics`, with a twin in `training/metrics.py`.

mod agreement;
mod files;
pub mod metrics;
pub mod outside;
pub mod own;
mod report;

use std::collections::BTreeSet;

use serde::Serialize;

pub use agreement::{Agreement, EmotionFigures, Mapping};
use emotion_core::depth::{Mixture, Scores};
use emotion_core::emotion::Emotion;
use emotion_core::model::VOTES;
pub use files::{Face, FileError, Images, Problem, Votes, read_excluded, read_images, read_votes};
use metrics::Share;

/// Raters of FER+ per face.
const RATERS: f64 = 10.0;
/// A face counts as neutral for `neutral_misread` from this share of neutral votes.
const NEUTRAL_FROM: f64 = 0.7;
/// FER+ accuracy is over the first eight columns of the votes: all but "unknown" and "not_face".
const EIGHT: usize = 8;

/// Everything measured on one split.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    pub split: String,
    /// Rows of the split in the file, the faulty ones included.
    pub rows: usize,
    /// Rows that could not be used, for what `problems` of the files say.
    pub malformed: usize,
    /// Rows left out by request.
    pub excluded: usize,
    pub classes: ClassFigures,
    /// `None` without a file of votes.
    pub votes: Option<VoteFigures>,
}

/// Figures of the seven class probabilities against FER2013's labels.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassFigures {
    pub faces: usize,
    pub accuracy: Share,
    /// Mean negative natural logarithm of the label's probability.
    pub loss: f64,
    /// Expected calibration error of the likeliest class, 15 equal bins.
    pub calibration_error: f64,
    /// Share of each label's faces that got it, in the order of [`Emotion::ALL`].
    pub recall: Vec<Recall>,
}

/// How many of a label's faces got that label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recall {
    pub class: Emotion,
    #[serde(flatten)]
    pub share: Share,
}

/// Figures of the vote shares against the raters' votes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VoteFigures {
    /// Faces with usable votes.
    pub faces: usize,
    /// Largest of the eight emotion columns against the votes' largest; faces whose largest is shared by several
    /// emotions are counted in `ties` and nowhere else.
    pub ferplus_accuracy: Share,
    pub ties: usize,
    /// THE depth's figures.
    #[serde(flatten)]
    pub depth: MappingFigures,
    /// Those of each study's mapping alone.
    pub mappings: Vec<MappingFigures>,
}

/// How one mapping agrees with FER+'s raters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MappingFigures {
    pub mapping: Mapping,
    #[serde(flatten)]
    pub agreement: Agreement,
    /// Of the faces that at least seven of ten raters call neutral, those whose largest depth is angry, disgust, fear or sad.
    pub neutral_misread: Share,
}

/// One row of the split with the network's answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// Row within the split, from 0.
    pub row: usize,
    pub scores: Scores,
}

/// Compute all figures. `predictions` are of the faces of `images`, in their order; rows in `excluded` do not count.
pub fn measure(
    images: &Images,
    votes: Option<&Votes>,
    excluded: &BTreeSet<usize>,
    predictions: &[Prediction],
    mixture: Mixture,
) -> Report {
    let counted: Vec<(&Face, &Scores)> = images
        .faces
        .iter()
        .zip(predictions)
        .filter(|(face, _)| !excluded.contains(&face.row))
        .map(|(face, prediction)| (face, &prediction.scores))
        .collect();
    Report {
        split: images.split.clone(),
        rows: images.rows,
        malformed: images.rows - images.faces.len(),
        excluded: images.faces.len() - counted.len(),
        classes: measure_classes(&counted),
        votes: votes.map(|votes| measure_votes(&counted, votes, mixture)),
    }
}

fn measure_classes(faces: &[(&Face, &Scores)]) -> ClassFigures {
    let labels: Vec<usize> = faces.iter().map(|(face, _)| face.label).collect();
    let probabilities: Vec<[f64; 7]> =
        faces.iter().map(|(_, scores)| scores.classes.map(f64::from)).collect();
    let answers: Vec<usize> = probabilities.iter().map(|p| metrics::largest(p)).collect();
    let right = |of: &dyn Fn(usize) -> bool| {
        let of: Vec<bool> = labels
            .iter()
            .zip(&answers)
            .filter(|(label, _)| of(**label))
            .map(|(label, answer)| label == answer)
            .collect();
        Share::of(&of)
    };
    ClassFigures {
        faces: faces.len(),
        accuracy: right(&|_| true),
        loss: metrics::loss(&probabilities, &labels),
        calibration_error: metrics::calibration_error(&probabilities, &labels, 15),
        recall: Emotion::ALL
            .map(|class| Recall { class, share: right(&|label| label == class.index()) })
            .into(),
    }
}

fn measure_votes(faces: &[(&Face, &Scores)], votes: &Votes, mixture: Mixture) -> VoteFigures {
    let rated: Vec<([f64; 10], &Scores)> =
        faces.iter().filter_map(|(face, scores)| Some((votes.shares(face.row)?, *scores))).collect();
    let (mut ferplus, mut ties) = (Vec::new(), 0);
    for (shares, scores) in &rated {
        match metrics::only_largest(&shares[..EIGHT]) {
            Some(truth) => {
                let said = scores.votes.map(f64::from);
                ferplus.push(metrics::largest(&said[..EIGHT]) == truth);
            }
            None => ties += 1,
        }
    }
    VoteFigures {
        faces: rated.len(),
        ferplus_accuracy: Share::of(&ferplus),
        ties,
        depth: measure_mapping(&rated, Mapping::Depth, mixture),
        mappings: [Mapping::Ferplus, Mapping::Photo]
            .map(|mapping| measure_mapping(&rated, mapping, mixture))
            .into(),
    }
}

fn measure_mapping(rated: &[([f64; 10], &Scores)], mapping: Mapping, mixture: Mixture) -> MappingFigures {
    let said: Vec<[f32; 7]> =
        rated.iter().map(|(_, scores)| mapping.depths(scores, mixture).to_array()).collect();
    let columns =
        Emotion::ALL.map(|emotion| VOTES.iter().position(|name| *name == emotion.name()).unwrap_or_default());
    let truth: Vec<[f64; 7]> = rated.iter().map(|(shares, _)| columns.map(|column| shares[column])).collect();
    let misread: Vec<bool> = rated
        .iter()
        // Shares are whole votes over their sum: 1e-9 keeps 7/10 on the right side.
        .filter(|(shares, _)| shares[0] >= NEUTRAL_FROM - 1e-9)
        .map(|(_, scores)| {
            let said = mapping.depths(scores, mixture).largest();
            matches!(said, Emotion::Angry | Emotion::Disgust | Emotion::Fear | Emotion::Sad)
        })
        .collect();
    MappingFigures {
        mapping,
        agreement: Agreement::of(&said, &truth, RATERS, None),
        neutral_misread: Share::of(&misread),
    }
}

/// The predictions as the CSV of numbers that other tools compare: a header, then one line per row. The depths are those of `mapping`.
pub fn predictions_csv(predictions: &[Prediction], mapping: Mapping, mixture: Mixture) -> String {
    let names = Emotion::ALL.map(Emotion::name);
    let header: Vec<String> = std::iter::once("row".to_owned())
        .chain(names.map(|name| format!("class_{name}")))
        .chain(names.map(|name| format!("depth_{name}")))
        .chain(std::iter::once("depth_contempt".to_owned()))
        .collect();
    let mut text = header.join(",");
    text.push('\n');
    for Prediction { row, scores } in predictions {
        let contempt = mapping.contempt(scores, mixture);
        let depths = mapping.depths(scores, mixture).to_array();
        text.push_str(&row.to_string());
        for number in scores.classes.into_iter().chain(depths).chain([contempt]) {
            text.push(',');
            text.push_str(&number.to_string());
        }
        text.push('\n');
    }
    text
}
