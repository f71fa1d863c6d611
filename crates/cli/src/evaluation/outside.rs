//! Sets of faces from elsewhere: a folder of pictures and a table of what raters said of them, read by the whole engine.
//!
//! The table is CSV with a header. `file` names the picture. Then either seven columns `share_angry` to `share_neutral` (shares of the
//! raters, 0..1, with `raters`, how many), or `label`, the posed expression. `performer` or `person` says whose picture it is.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use emotion_core::depth::{Mixture, Scores};
use emotion_core::emotion::Emotion;
use emotion_core::engine::Engine;
use emotion_core::frame::Frame;
use emotion_core::picture::Picture;
use emotion_core::reading::FrameReading;
use emotion_core::still::Reach;
use own_model::OwnModel;
use serde::Serialize;

use super::agreement::{Agreement, Mapping};
use super::metrics::{self, Share};
use crate::fer2013::{HEIGHT, WIDTH, paste};

/// Pictures of this side are crops as FER2013's: they are enlarged five times in a grey frame, as a camera would see them.
const CROP_SIDE: usize = 48;
const ENLARGED: usize = 5;

/// What a row says of its picture.
#[derive(Debug, Clone, PartialEq)]
pub enum Truth {
    /// Shares of the raters, in the order of [`Emotion::ALL`], made to add up to 1; and how many raters there were.
    Shares([f64; 7], f64),
    /// The posed expression.
    Label(Emotion),
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub file: String,
    /// The person, numbered from 0 in the order of appearance; every row its own where the table does not say.
    pub person: usize,
    pub truth: Truth,
}

/// All figures of a set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SetReport {
    /// Rows that can be measured; others (another label, no raters) are counted in `left_out`.
    pub pictures: usize,
    pub left_out: usize,
    /// Pictures in which a face was found; only these are measured.
    pub found: usize,
    pub persons: usize,
    pub mappings: Vec<SetFigures>,
}

/// One mapping's figures on a set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SetFigures {
    pub mapping: Mapping,
    /// The largest depth is the raters' majority, or the posed label.
    pub accuracy: Share,
    /// By majority or label.
    pub recall: Vec<(Emotion, Share)>,
    /// Against the shares; `None` where there are labels only.
    pub agreement: Option<Agreement>,
    /// What is printed where so many raters name the emotion: per emotion, for shares in tenths, mean depth and pictures.
    pub reliability: Vec<Reliability>,
}

/// What is printed of one emotion where so many raters name it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reliability {
    pub emotion: Emotion,
    /// By tenths of the raters; tenths without pictures are left out.
    pub tenths: Vec<Tenth>,
}

/// The pictures of which a certain tenth of the raters named the emotion.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Tenth {
    /// Middle of the tenth, 0.05 to 0.95.
    pub share: f64,
    pub mean_depth: f64,
    pub pictures: usize,
}

/// A face that was found in a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundFace {
    /// 48 x 48 luma values, aligned.
    pub crop: Vec<u8>,
    pub scores: Scores,
}

/// The rows of a table, and how many cannot be measured.
///
/// # Errors
/// A sentence that names the line.
pub fn read_table(text: impl std::io::Read) -> Result<(Vec<Row>, usize), String> {
    let mut reader = csv::Reader::from_reader(text);
    let headers = reader.headers().map_err(|error| format!("it cannot be read: {error}"))?.clone();
    let column = |name: &str| headers.iter().position(|header| header == name);
    let file = column("file").ok_or("it lacks the column \"file\"")?;
    let shares = Emotion::ALL.map(|emotion| column(&format!("share_{}", emotion.name())));
    let (label, raters) = (column("label"), column("raters"));
    if shares.iter().any(Option::is_none) && label.is_none() {
        return Err("it has neither share_angry to share_neutral nor \"label\"".into());
    }
    let person = column("performer").or(column("person"));
    let (mut rows, mut left_out, mut persons) = (Vec::new(), 0, BTreeMap::new());
    for (index, record) in reader.records().enumerate() {
        let line = index + 2;
        let record = record.map_err(|error| format!("line {line}: {error}"))?;
        let cell = |at: usize| record.get(at).unwrap_or_default();
        let number = |at: usize| {
            cell(at)
                .parse::<f64>()
                .ok()
                .filter(|number| number.is_finite() && *number >= 0.0)
                .ok_or_else(|| format!("line {line}: {:?} is no number from 0 on", cell(at)))
        };
        let truth = if let [Some(a), Some(b), Some(c), Some(d), Some(e), Some(f), Some(g)] = shares {
            if raters.is_some_and(|raters| cell(raters).is_empty()) {
                left_out += 1;
                continue;
            }
            let raters = raters.map_or(Ok(10.0), number)?;
            let mut values = [0.0; 7];
            for (value, at) in values.iter_mut().zip([a, b, c, d, e, f, g]) {
                *value = number(at)?;
            }
            let sum: f64 = values.iter().sum();
            if sum <= 0.0 || raters < 2.0 {
                return Err(format!(
                    "line {line}: the shares add up to nothing, or there are fewer than two raters"
                ));
            }
            Truth::Shares(values.map(|value| value / sum), raters)
        } else {
            let name = label.map(cell).unwrap_or_default();
            let Some(emotion) = Emotion::ALL.into_iter().find(|emotion| emotion.name() == name) else {
                left_out += 1;
                continue;
            };
            Truth::Label(emotion)
        };
        let key = person.map_or_else(|| index.to_string(), |person| cell(person).to_owned());
        let next = persons.len();
        let person = *persons.entry(key).or_insert(next);
        rows.push(Row { file: cell(file).to_owned(), person, truth });
    }
    if rows.is_empty() {
        return Err("it has no row that can be measured".into());
    }
    Ok((rows, left_out))
}

/// The largest face of a picture, read by the whole engine: its aligned crop and what the classifier says of it.
///
/// # Errors
/// A sentence that names the picture.
pub fn read_face(engine: &mut Engine, path: &Path) -> Result<Option<FoundFace>, String> {
    let fault = |error: &dyn fmt::Display| format!("{}: {error}", path.display());
    read_largest(engine, path, |engine, frame, reading| {
        let face = reading.faces.iter().max_by(|a, b| a.box_px.area().total_cmp(&b.box_px.area()));
        let Some(crop) = face.and_then(|face| engine.align(frame, &face.points_px)) else { return Ok(None) };
        let scores = engine.classify_crop(&crop).map_err(|error| fault(&error))?;
        Ok(Some(FoundFace { crop, scores }))
    })
}

/// The largest face of a picture as a person's own model sees it: its numbers in the order of its card's labels.
///
/// # Errors
/// As [`read_face`].
pub fn read_own(engine: &mut Engine, own: &mut OwnModel, path: &Path) -> Result<Option<Vec<f32>>, String> {
    let fault = |error: &dyn fmt::Display| format!("{}: {error}", path.display());
    read_largest(engine, path, |_, frame, mut reading| {
        reading.faces.sort_by(|a, b| b.box_px.area().total_cmp(&a.box_px.area()));
        reading.faces.truncate(1);
        own.read(frame, &mut reading).map_err(|error| fault(&error))?;
        let numbers = reading.faces.pop().and_then(|face| face.own);
        Ok(numbers.map(|numbers| numbers.into_iter().map(|(_, number)| number).collect()))
    })
}

/// Reads a picture with the whole engine, and gives what `take` makes of it.
fn read_largest<T>(
    engine: &mut Engine,
    path: &Path,
    take: impl FnOnce(&mut Engine, &Frame, FrameReading) -> Result<Option<T>, String>,
) -> Result<Option<T>, String> {
    let fault = |error: &dyn fmt::Display| format!("{}: {error}", path.display());
    let bytes = std::fs::read(path).map_err(|error| fault(&error))?;
    let picture = Picture::decode(&bytes).map_err(|error| fault(&error))?;
    let whole = picture.frame().map_err(|error| fault(&error))?;
    let pasted;
    let frame = if (whole.width(), whole.height()) == (CROP_SIDE, CROP_SIDE) {
        let grey: Vec<u8> = whole.rgba().chunks_exact(4).map(|pixel| pixel[0]).collect();
        pasted = paste(&grey, ENLARGED);
        Frame::new(WIDTH, HEIGHT, &pasted).map_err(|error| fault(&error))?
    } else {
        whole
    };
    let smallest_px = Reach::Fortieth.smallest_px(frame.width(), frame.height());
    let reading = engine.read_still(&frame, smallest_px, &|| 0.0).map_err(|error| fault(&error))?;
    take(engine, &frame, reading)
}

/// Compute all figures of the rows whose face was found.
pub fn measure(rows: &[Row], left_out: usize, found: &[Option<Scores>], mixture: Mixture) -> SetReport {
    let seen: Vec<(&Row, &Scores)> =
        rows.iter().zip(found).filter_map(|(row, scores)| Some((row, scores.as_ref()?))).collect();
    SetReport {
        pictures: rows.len(),
        left_out,
        found: seen.len(),
        persons: rows.iter().map(|row| row.person + 1).max().unwrap_or_default(),
        mappings: Mapping::ALL.map(|mapping| measure_mapping(&seen, mapping, mixture)).into(),
    }
}

fn measure_mapping(seen: &[(&Row, &Scores)], mapping: Mapping, mixture: Mixture) -> SetFigures {
    let said: Vec<[f32; 7]> =
        seen.iter().map(|(_, scores)| mapping.depths(scores, mixture).to_array()).collect();
    let answers: Vec<(usize, usize)> = seen
        .iter()
        .zip(&said)
        .map(|((row, _), said)| {
            let truth = match &row.truth {
                Truth::Shares(shares, _) => metrics::largest(shares),
                Truth::Label(emotion) => emotion.index(),
            };
            (truth, metrics::largest(&said.map(f64::from)))
        })
        .collect();
    let right = |of: &dyn Fn(usize) -> bool| {
        let of: Vec<bool> =
            answers.iter().filter(|(truth, _)| of(*truth)).map(|(truth, answer)| truth == answer).collect();
        Share::of(&of)
    };
    let shares: Option<Vec<[f64; 7]>> = seen
        .iter()
        .map(|(row, _)| match &row.truth {
            Truth::Shares(shares, _) => Some(*shares),
            Truth::Label(_) => None,
        })
        .collect();
    let raters = seen.iter().find_map(|(row, _)| match row.truth {
        Truth::Shares(_, raters) => Some(raters),
        Truth::Label(_) => None,
    });
    let persons: Vec<usize> = seen.iter().map(|(row, _)| row.person).collect();
    SetFigures {
        mapping,
        accuracy: right(&|_| true),
        recall: Emotion::ALL.map(|emotion| (emotion, right(&|truth| truth == emotion.index()))).into(),
        agreement: shares
            .as_ref()
            .zip(raters)
            .map(|(shares, raters)| Agreement::of(&said, shares, raters, Some(&persons))),
        reliability: shares.map_or(Vec::new(), |shares| {
            Emotion::ALL.map(|emotion| reliability(&said, &shares, emotion)).into()
        }),
    }
}

/// For raters' shares from 0 to under .1, .1 to under .2 and so on: the mean depth.
fn reliability(said: &[[f32; 7]], shares: &[[f64; 7]], emotion: Emotion) -> Reliability {
    let at = emotion.index();
    let mut sums = [(0.0, 0); 10];
    for (said, shares) in said.iter().zip(shares) {
        let (sum, count) = &mut sums[((shares[at] * 10.0) as usize).min(9)];
        *sum += f64::from(said[at]);
        *count += 1;
    }
    let tenths = sums.iter().enumerate().filter(|(_, (_, pictures))| *pictures > 0);
    let tenths = tenths.map(|(tenth, &(sum, pictures))| Tenth {
        share: (tenth as f64 + 0.5) / 10.0,
        mean_depth: sum / pictures as f64,
        pictures,
    });
    Reliability { emotion, tenths: tenths.collect() }
}
