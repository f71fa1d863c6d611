//! Samples as files: tidy CSV, and the JSON session file.
//!
//! CSV follows RFC 4180 but for the line ends, which are a single line feed: one header, one row per sample, the names
//! of [`Sample`] with dots for nesting, a point as decimal separator, empty cells for null. The columns are always the same;
//! the last ones tell how the numbers were made and are equal in all rows.

mod writer;

pub use writer::{FileKind, Writer};

use std::borrow::Borrow;
use std::fmt::Write as _;

use crate::session::{FIELDS, Field, SETTINGS, Sample, Session, SessionFile};
use emotion_core::emotion::{Depths, Emotion};

/// The version of the table, in every row: 2 has the columns `session.*` after those of 1, 3 the columns `range_low.*` and
/// `range_high.*` after those of `raw`.
pub const CSV_VERSION: u32 = 3;

/// So many digits of a model's SHA-256 tell it from any other.
const PREFIX_DIGITS: usize = 12;

/// The names of all columns, in order.
pub fn columns() -> Vec<String> {
    FIELDS.iter().chain(&SETTINGS).flat_map(Field::columns).collect()
}

/// The samples of a session as CSV text, header included. Of the session only what [`SETTINGS`] lists is in it.
pub fn to_csv(session: &Session, samples: &[Sample]) -> String {
    csv_pieces(session, samples.iter()).collect()
}

/// As [`to_csv`], in pieces: the header, and then one for each sample, made when it is asked for.
pub fn csv_pieces(
    session: &Session,
    samples: impl Iterator<Item = impl Borrow<Sample>>,
) -> impl Iterator<Item = String> {
    // Only JSON could fail.
    pieces(FileKind::Csv, session, samples).into_iter().flatten()
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
fn settings(session: &Session) -> [String; 6] {
    let prefix = |sha256: &str| sha256.chars().take(PREFIX_DIGITS).collect();
    [
        CSV_VERSION.to_string(),
        session.started_at.clone(),
        session.app_version.clone(),
        prefix(&session.models.detector_sha256),
        prefix(&session.models.classifier_sha256),
        number(session.smoothing_time_ms),
    ]
}

/// The cells of one sample, in the order of [`FIELDS`].
fn cells(sample: &Sample) -> Vec<String> {
    let mut cells = vec![number(sample.time_ms), cell(sample.face)];
    for side in 0..4 {
        cells.push(cell(sample.face_box.map(|face_box| face_box[side])));
    }
    cells.extend([sample.score, sample.yaw, sample.pitch, sample.roll, Some(sample.quality)].map(cell));
    cells.push(sample.quality_reasons.iter().map(|reason| reason.code()).collect::<Vec<_>>().join(";"));
    cells.push(cell(sample.emotion.map(Emotion::name)));
    for depths in [sample.raw, sample.range_low, sample.range_high, sample.depth, sample.baseline_corrected] {
        match depths.map(Depths::to_array) {
            Some(values) => cells.extend(values.map(|value| cell(Some(value)))),
            None => cells.extend(std::array::from_fn::<_, 7, _>(|_| String::new())),
        }
    }
    cells.extend([sample.valence, sample.intensity].map(cell));
    cells.extend([&sample.source, &sample.phase, &sample.stimulus].map(|text| cell(text.as_ref())));
    cells.push(sample.stimulus_time_ms.map(number).unwrap_or_default());
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
    use crate::session::Models;

    const FILE: &str = include_str!("../../../tests/files/session-2.json");
    /// What the versions of the table made of it. They stay as they are for good.
    const TABLE_1: &str = include_str!("../../../tests/files/samples-1.csv");
    const TABLE_2: &str = include_str!("../../../tests/files/samples-2.csv");
    const TABLE_3: &str = include_str!("../../../tests/files/samples-3.csv");

    fn session() -> Session {
        SessionFile::from_json(FILE).unwrap().session
    }

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
        let (header, rows) = read(&to_csv(&file.session, &file.samples));
        assert_eq!(header, columns());
        let settings = SETTINGS.map(|field| field.name.to_owned());
        assert!(header.ends_with(&settings));
        assert_eq!(rows.len(), file.samples.len());
        for (sample, row) in file.samples.iter().zip(&rows) {
            let sample = serde_json::to_value(sample).unwrap();
            for (column, cell) in header.iter().zip(row).filter(|(column, _)| !settings.contains(column)) {
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
        assert_eq!(columns.len(), 60);
    }

    #[test]
    fn every_row_tells_how_its_numbers_were_made() {
        let file = SessionFile::from_json(FILE).unwrap();
        let sha256 = |digits: &str| digits.repeat(4);
        let models = Models {
            detector_sha256: sha256("0123456789abcdef"),
            classifier_sha256: sha256("fedcba9876543210"),
        };
        let session = Session { models, ..file.session };
        let (header, rows) = read(&to_csv(&session, &file.samples));
        for row in rows {
            let expected = ["3", "2026-01-31T12:00:00.000Z", "0.1.0", "0123456789ab", "fedcba987654", "500"];
            assert_eq!(row[header.len() - 6..], expected);
        }
    }

    #[test]
    fn the_table_is_written_as_it_was() {
        let file = SessionFile::from_json(FILE).unwrap();
        assert_eq!(to_csv(&file.session, &file.samples), TABLE_3);
    }

    #[test]
    fn whoever_reads_version_1_by_its_columns_can_read_version_2() {
        let ((old_header, old_rows), (header, rows)) = (read(TABLE_1), read(TABLE_2));
        assert_eq!(header[..old_header.len()], old_header);
        assert_eq!(rows.len(), old_rows.len());
        for (old, new) in old_rows.iter().zip(&rows) {
            let version = old_header.len() - 1;
            assert_eq!(new[..version], old[..version]);
            assert_eq!((old[version].as_str(), new[version].as_str()), ("1", "2"));
        }
    }

    #[test]
    fn whoever_reads_version_2_by_its_names_can_read_version_3() {
        let ((old_header, old_rows), (header, rows)) = (read(TABLE_2), read(TABLE_3));
        for (old, new) in old_rows.iter().zip(&rows) {
            for (name, cell) in old_header.iter().zip(old).filter(|(name, _)| *name != "format_version") {
                let at = header.iter().position(|known| known == name).unwrap();
                assert_eq!(new[at], *cell, "{name}");
            }
        }
        assert_eq!(rows.len(), old_rows.len());
    }

    #[test]
    fn cells_are_quoted_only_where_they_must_be() {
        let [source, phase, stimulus] = ["a, c\nd", "say \"b\"", "plain"].map(|text| Some(text.into()));
        let sample = Sample { source, phase, stimulus, ..Sample::without_face(0.5) };
        let text = to_csv(&Session::new("", Models::default()), &[sample]);
        let row = &text[text.find('\n').unwrap() + 1..];
        assert!(row.starts_with("0.5,,,,,,,,,,0,no_face,,"), "{row}");
        let version = env!("CARGO_PKG_VERSION");
        let end = format!(",\"a, c\nd\",\"say \"\"b\"\"\",plain,,3,,{version},,,0\n");
        assert!(row.ends_with(&end), "{row}");
        let column = columns().iter().position(|name| name == "source").unwrap();
        assert_eq!(read(&text).1[0][column..column + 3], ["a, c\nd", "say \"b\"", "plain"]);
    }

    #[test]
    fn pieces_are_the_whole_file() {
        let mut file = SessionFile::from_json(FILE).unwrap();
        loop {
            let pieces = json_pieces(&file.session, file.samples.iter()).unwrap();
            assert_eq!(pieces.collect::<String>(), to_json(&file).unwrap());
            if file.samples.pop().is_none() {
                break;
            }
        }
    }

    #[test]
    fn an_empty_recording_is_a_header() {
        assert_eq!(to_csv(&session(), &[]).lines().count(), 1);
    }

    #[test]
    fn json_is_read_again() {
        let file = SessionFile::from_json(FILE).unwrap();
        let text = to_json(&file).unwrap();
        assert!(text.ends_with("}\n"));
        assert_eq!(SessionFile::from_json(&text).unwrap(), file);
    }
}
