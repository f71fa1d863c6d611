//! Samples as files: tidy CSV, and the JSON session file.
//!
//! CSV follows RFC 4180 but for the line ends, which are a single line feed: one header, one row per sample, the names
//! of [`Sample`] with dots for nesting, a point as decimal separator, empty cells for null. The columns are always the same.

use std::fmt::Write as _;

use crate::emotion::{Depths, Emotion};
use crate::session::{Sample, SessionFile, VERSION};

/// Columns before the depths.
const FIRST: [&str; 13] = [
    "time_ms",
    "face",
    "box.x",
    "box.y",
    "box.w",
    "box.h",
    "score",
    "yaw",
    "pitch",
    "roll",
    "quality",
    "quality_reasons",
    "emotion",
];
/// Each has one column per emotion.
const NESTED: [&str; 3] = ["raw", "depth", "baseline_corrected"];
/// Columns after the depths. `format_version` is the session file's: the names and meanings are the same.
const LAST: [&str; 7] =
    ["valence", "intensity", "source", "phase", "stimulus", "stimulus_time_ms", "format_version"];

/// The names of all columns, in order.
pub fn columns() -> Vec<String> {
    let nested =
        NESTED.iter().flat_map(|outer| Emotion::ALL.map(|inner| format!("{outer}.{}", inner.name())));
    let own = |names: &'static [&'static str]| names.iter().map(|name| (*name).to_owned());
    own(&FIRST).chain(nested).chain(own(&LAST)).collect()
}

/// The samples as CSV text, header included.
pub fn to_csv(samples: &[Sample]) -> String {
    // About 400 characters a row, so that long recordings are not copied over and over.
    let mut text = String::with_capacity(1024 + samples.len() * 400);
    push_row(&mut text, columns().iter().map(String::as_str));
    for sample in samples {
        push_row(&mut text, cells(sample).iter().map(String::as_str));
    }
    text
}

/// The session file as JSON text, ending in a line feed.
///
/// # Errors
/// None in practice: [`serde_json::Error`] would mean a map key that is not text, and there are no maps.
pub fn to_json(file: &SessionFile) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string(file)?;
    text.push('\n');
    Ok(text)
}

/// The cells of one row, in the order of [`columns`].
fn cells(sample: &Sample) -> Vec<String> {
    let mut cells = vec![number(sample.time_ms), cell(sample.face)];
    for side in 0..4 {
        cells.push(cell(sample.face_box.map(|face_box| face_box[side])));
    }
    cells.extend([sample.score, sample.yaw, sample.pitch, sample.roll, Some(sample.quality)].map(cell));
    cells.push(sample.quality_reasons.iter().map(|reason| reason.code()).collect::<Vec<_>>().join(";"));
    cells.push(cell(sample.emotion.map(Emotion::name)));
    for depths in [sample.raw, sample.depth, sample.baseline_corrected] {
        match depths.map(Depths::to_array) {
            Some(values) => cells.extend(values.map(|value| cell(Some(value)))),
            None => cells.extend(std::array::from_fn::<_, 7, _>(|_| String::new())),
        }
    }
    cells.extend([sample.valence, sample.intensity].map(cell));
    cells.extend([&sample.source, &sample.phase, &sample.stimulus].map(|text| cell(text.as_ref())));
    cells.push(sample.stimulus_time_ms.map(number).unwrap_or_default());
    cells.push(VERSION.to_string());
    cells
}

/// Null is an empty cell. Rust writes a number with the fewest digits that read back as the same number.
fn cell(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn number(value: f64) -> String {
    value.to_string()
}

fn push_row<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            text.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            // Writing to a string cannot fail.
            let _ = write!(text, "\"{}\"", cell.replace('"', "\"\""));
        } else {
            text.push_str(cell);
        }
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = include_str!("../tests/files/session-1.json");

    /// Read with the csv crate, an implementation of its own.
    fn read(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
        (header, reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect())
    }

    /// What the sample's JSON says under a column's name.
    fn expected(sample: &serde_json::Value, column: &str) -> String {
        let value = match column.split_once('.') {
            None if column == "quality_reasons" => {
                let codes = sample[column].as_array().unwrap().iter().map(|code| code.as_str().unwrap());
                return codes.collect::<Vec<_>>().join(";");
            }
            None if column == "format_version" => return "1".to_owned(),
            None => &sample[column],
            Some(("box", side)) => &sample["box"]["xywh".find(side).unwrap()],
            Some((outer, inner)) => &sample[outer][inner],
        };
        match value {
            serde_json::Value::Null => String::new(),
            serde_json::Value::String(text) => text.clone(),
            number => number.to_string().trim_end_matches(".0").to_owned(),
        }
    }

    #[test]
    fn csv_says_what_the_json_says() {
        let file = SessionFile::from_json(FILE).unwrap();
        let (header, rows) = read(&to_csv(&file.samples));
        assert_eq!(header, columns());
        assert_eq!(rows.len(), file.samples.len());
        for (sample, row) in file.samples.iter().zip(&rows) {
            let sample = serde_json::to_value(sample).unwrap();
            for (column, cell) in header.iter().zip(row) {
                // The tree holds an f32 as f64 with digits of its own; the cell must read back as the f32.
                let wanted = expected(&sample, column);
                match (cell.parse::<f32>(), wanted.parse::<f32>()) {
                    (Ok(cell), Ok(wanted)) => assert_eq!(cell, wanted, "{column}"),
                    _ => assert_eq!(*cell, wanted, "{column}"),
                }
            }
        }
    }

    #[test]
    fn every_field_of_a_sample_has_a_column() {
        let file = SessionFile::from_json(FILE).unwrap();
        let columns = columns();
        let sample = serde_json::to_value(&file.samples[0]).unwrap();
        for (name, value) in sample.as_object().unwrap() {
            let nested = |inner: &str| columns.contains(&format!("{name}.{inner}"));
            match value {
                serde_json::Value::Object(inner) => {
                    assert!(inner.keys().all(|inner| nested(inner)), "{name}")
                }
                _ if name == "box" => assert!(["x", "y", "w", "h"].into_iter().all(nested)),
                _ => assert!(columns.contains(name), "{name}"),
            }
        }
        assert_eq!(columns.len(), 41);
    }

    #[test]
    fn cells_are_quoted_only_where_they_must_be() {
        let [source, phase, stimulus] = ["a, c\nd", "say \"b\"", "plain"].map(|text| Some(text.into()));
        let sample = Sample { source, phase, stimulus, ..Sample::without_face(0.5) };
        let text = to_csv(&[sample]);
        let row = &text[text.find('\n').unwrap() + 1..];
        assert!(row.starts_with("0.5,,,,,,,,,,0,no_face,,"), "{row}");
        assert!(row.ends_with(",\"a, c\nd\",\"say \"\"b\"\"\",plain,,1\n"), "{row}");
        let column = columns().iter().position(|name| name == "source").unwrap();
        assert_eq!(read(&text).1[0][column..column + 3], ["a, c\nd", "say \"b\"", "plain"]);
    }

    #[test]
    fn an_empty_recording_is_a_header() {
        assert_eq!(to_csv(&[]).lines().count(), 1);
    }

    #[test]
    fn json_is_read_again() {
        let file = SessionFile::from_json(FILE).unwrap();
        let text = to_json(&file).unwrap();
        assert!(text.ends_with("}\n"));
        assert_eq!(SessionFile::from_json(&text).unwrap(), file);
    }
}
