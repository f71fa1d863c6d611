//! Samples as files: tidy CSV, and the JSON session file.
//!
//! CSV follows RFC 4180 but for the line ends, which are a single line feed: one header, one row per sample, the names
//! of [`Sample`] with dots for nesting, empty cells for null. Separators and decimal signs are those of a [`Dialect`]. The columns are
//! always the same; the last ones tell how the numbers were made and are equal in all rows. Only where a person's own model ran, its
//! columns stand behind them.

mod text;

pub use text::{guard, unguard};

mod writer;

pub use writer::{FileKind, Writer};

use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::session::{FIELDS, Field, OWN, OwnModel, SETTINGS, Sample, Session, SessionFile};
use emotion_core::emotion::Depths;

/// The version of the table, in every row. 2 has the columns `session.*` after those of 1. 3 has `range_low.*` and `range_high.*` after those of
/// `raw`, and `smoothing_time_ms` of each row; it joins reasons by `|` in place of `;`, and guards texts against spreadsheets ([`guard`]).
/// 4 has `session.doubtful_baselines` at the end, and behind it, only where a person's own model ran, `session.own_model`, its hashes and `own.LABEL`.
pub const CSV_VERSION: u32 = 4;

/// What stands between the reasons, or the faces, of a cell: no dialect's separator, and nothing that a spreadsheet
/// splits at by itself.
pub const REASON_SEPARATOR: &str = "|";

/// Who reads the table. All tables of the project are written in one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// Comma between cells, decimal point: statistics programs, and spreadsheets set to English.
    #[default]
    Point,
    /// Semicolon between cells, decimal comma, and a byte order mark at the beginning: spreadsheets set to German, French, Spanish and most
    /// other languages of Europe.
    Comma,
}

impl Dialect {
    pub const ALL: [Dialect; 2] = [Dialect::Point, Dialect::Comma];

    /// As settings keep it.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::Point => "point",
            Dialect::Comma => "comma",
        }
    }

    /// The dialect of this name, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.name() == name)
    }

    /// What stands between two cells.
    pub fn separator(self) -> char {
        match self {
            Dialect::Point => ',',
            Dialect::Comma => ';',
        }
    }

    /// What a file begins with. Without the mark these spreadsheets take UTF-8 for another encoding.
    pub fn begin(self) -> &'static str {
        match self {
            Dialect::Point => "",
            Dialect::Comma => "\u{feff}",
        }
    }

    /// The sign before the decimals.
    pub fn decimal_sign(self) -> char {
        match self {
            Dialect::Point => '.',
            Dialect::Comma => ',',
        }
    }

    /// A number that was written with a point.
    pub fn decimal(self, number: String) -> String {
        match self {
            Dialect::Point => number,
            Dialect::Comma => number.replace('.', ","),
        }
    }
}

/// So many digits of a model's SHA-256 tell it from any other.
const PREFIX_DIGITS: usize = 12;

/// The names of all columns, in order.
pub fn columns() -> Vec<String> {
    FIELDS.iter().chain(&SETTINGS).flat_map(Field::columns).collect()
}

/// What a person's own model adds at the end of [`columns`]: its name and hashes, then its labels.
pub fn own_columns(model: &OwnModel) -> Vec<String> {
    let about = ["session.own_model", "session.own_model_sha256_prefix", "session.own_card_sha256_prefix"];
    let labels = model.labels.iter().map(|label| guard(&format!("{OWN}.{label}")));
    about.map(str::to_owned).into_iter().chain(labels).collect()
}

/// All columns of a session's table.
fn columns_of(session: &Session) -> Vec<String> {
    let own = session.own_model.iter().flat_map(own_columns);
    columns().into_iter().chain(own).collect()
}

/// The samples of a session as CSV text, header included. Of the session only what [`SETTINGS`] lists is in it.
pub fn to_csv(session: &Session, samples: &[Sample], dialect: Dialect) -> String {
    csv_pieces(session, samples.iter(), dialect).collect()
}

/// As [`to_csv`], in pieces: the header, and then one for each sample, made when it is asked for.
pub fn csv_pieces(
    session: &Session,
    samples: impl Iterator<Item = impl Borrow<Sample>>,
    dialect: Dialect,
) -> impl Iterator<Item = String> {
    let (mut writer, header) = Writer::table(session, dialect);
    let rows = samples.map(move |sample| writer.sample(sample.borrow()));
    std::iter::once(header).chain(rows)
}

/// As [`to_json`], in pieces: what stands before the samples, one for each sample, made when it is asked for, and the end.
///
/// # Errors
/// As [`to_json`].
pub fn json_pieces(
    session: &Session,
    samples: impl Iterator<Item = impl Borrow<Sample>>,
) -> Result<impl Iterator<Item = String>, serde_json::Error> {
    pieces(FileKind::Json, session, samples)
}

/// A file in pieces: its begin, one piece for each sample, made when it is asked for, and its end.
///
/// # Errors
/// As [`to_json`].
pub fn pieces(
    kind: FileKind,
    session: &Session,
    samples: impl Iterator<Item = impl Borrow<Sample>>,
) -> Result<impl Iterator<Item = String>, serde_json::Error> {
    let (writer, begin) = Writer::begin(kind, session)?;
    let (mut writer, mut begin, mut samples) = (Some(writer), Some(begin), samples);
    Ok(std::iter::from_fn(move || {
        if let Some(begin) = begin.take() {
            return Some(begin);
        }
        match samples.next() {
            Some(sample) => Some(writer.as_mut()?.sample(sample.borrow())),
            None => writer.take().map(|writer| writer.end().to_owned()),
        }
    }))
}

/// How a session file without samples ends.
const JSON_END: &str = "]}\n";

/// The session file as JSON text, ending in a line feed.
///
/// # Errors
/// None in practice: [`serde_json::Error`] would mean a map key that is not text, and there are no maps.
pub fn to_json(file: &SessionFile) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string(file)?;
    text.push('\n');
    Ok(text)
}

/// The cells that are the same in every row, in the order of [`SETTINGS`].
fn settings(session: &Session, dialect: Dialect) -> [String; 7] {
    let prefix = |sha256: &str| guard(&sha256.chars().take(PREFIX_DIGITS).collect::<String>());
    [
        CSV_VERSION.to_string(),
        guard(&session.started_at),
        guard(&session.app_version),
        prefix(&session.models.detector_sha256),
        prefix(&session.models.classifier_sha256),
        dialect.decimal(session.smoothing_time_ms.to_string()),
        doubtful_faces(session),
    ]
}

/// The cells behind the settings, where a person's own model ran; those of its name and hashes are the same in every row.
fn own_cells(model: &OwnModel, sample: &Sample, dialect: Dialect) -> Vec<String> {
    let prefix = |sha256: &str| guard(&sha256.chars().take(PREFIX_DIGITS).collect::<String>());
    let number = |label: &String| sample.own.as_ref().and_then(|own| own.get(label));
    let cell = |label| number(label).map(|value| dialect.decimal(value.to_string())).unwrap_or_default();
    [guard(&model.name), prefix(&model.sha256), prefix(&model.card_sha256)]
        .into_iter()
        .chain(model.labels.iter().map(cell))
        .collect()
}

/// The faces whose personal neutral is doubtful, each once, by ascending id.
fn doubtful_faces(session: &Session) -> String {
    let doubtful = session.baselines.iter().filter(|baseline| baseline.doubtful);
    let faces: BTreeSet<u32> = doubtful.map(|baseline| baseline.face).collect();
    faces.iter().map(u32::to_string).collect::<Vec<_>>().join(REASON_SEPARATOR)
}

/// The cells of one sample, in the order of [`FIELDS`].
fn cells(sample: &Sample, dialect: Dialect) -> Vec<String> {
    // Rust writes a number with the fewest digits that read back as the same number. Null is an empty cell.
    let long = |value: f64| dialect.decimal(value.to_string());
    let real = |value: Option<f32>| value.map(|value| dialect.decimal(value.to_string())).unwrap_or_default();
    let text = |text: &Option<String>| text.as_deref().map(guard).unwrap_or_default();
    let mut cells = vec![long(sample.time_ms), sample.face.map(|face| face.to_string()).unwrap_or_default()];
    for side in 0..4 {
        cells.push(real(sample.face_box.map(|face_box| face_box[side])));
    }
    cells.extend([sample.score, sample.yaw, sample.pitch, sample.roll, Some(sample.quality)].map(real));
    cells.push(
        sample.quality_reasons.iter().map(|reason| reason.code()).collect::<Vec<_>>().join(REASON_SEPARATOR),
    );
    cells.push(sample.emotion.map(|emotion| emotion.name().to_owned()).unwrap_or_default());
    for depths in [sample.raw, sample.range_low, sample.range_high, sample.depth, sample.baseline_corrected] {
        match depths.map(Depths::to_array) {
            Some(values) => cells.extend(values.map(|value| real(Some(value)))),
            None => cells.extend(std::array::from_fn::<_, 7, _>(|_| String::new())),
        }
    }
    cells.extend([sample.valence, sample.intensity].map(real));
    cells.extend([&sample.source, &sample.phase, &sample.stimulus].map(text));
    cells.push(sample.stimulus_time_ms.map(long).unwrap_or_default());
    cells.push(sample.smoothing_time_ms.map(long).unwrap_or_default());
    cells
}

fn push_row<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>, dialect: Dialect) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            text.push(dialect.separator());
        }
        // In quotes whatever any program may split at; but a decimal comma is no separator here.
        let separators = match dialect {
            Dialect::Point => &[',', ';', '\t', '"', '\n', '\r'][..],
            Dialect::Comma => &[';', '\t', '"', '\n', '\r'],
        };
        if cell.contains(separators) {
            // Writing to a string cannot fail.
            let _ = write!(text, "\"{}\"", cell.replace('"', "\"\""));
        } else {
            text.push_str(cell);
        }
    }
    text.push('\n');
}

#[cfg(test)]
mod tests;
