//! Samples as files: tidy CSV, and the JSON session file.
//!
//! CSV follows RFC 4180 but for the line ends, which are a single line feed: one header, one row per sample, the names
//! of [`Sample`] with dots for nesting, empty cells for null. Separators and decimal signs are those of a [`Dialect`]. The columns are
//! always the same; the last ones tell how the numbers were made and are equal in all rows.

mod text;

pub use text::{guard, unguard};

mod writer;

pub use writer::{FileKind, Writer};

use std::borrow::Borrow;
use std::fmt::Write as _;

use crate::session::{FIELDS, Field, SETTINGS, Sample, Session, SessionFile};
use emotion_core::emotion::Depths;

/// The version of the table, in every row. 2 has the columns `session.*` after those of 1. 3 has `range_low.*` and `range_high.*` after those of
/// `raw`, and `smoothing_time_ms` of each row; it joins reasons by `|` in place of `;`, and guards texts against spreadsheets ([`guard`]).
pub const CSV_VERSION: u32 = 3;

/// What stands between the reasons of a cell: no dialect's separator, and nothing that a spreadsheet splits at by itself.
pub const REASON_SEPARATOR: &str = "|";

/// Who reads the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// Comma between cells, decimal point: statistics programs, and spreadsheets set to English.
    #[default]
    Point,
    /// Semicolon between cells, decimal comma, and a byte order mark at the beginning: spreadsheets set to German, French, Spanish and most
    /// other languages of Europe.
    Comma,
}

impl Dialect {
    /// What stands between two cells.
    pub fn separator(self) -> char {
        match self {
            Dialect::Point => ',',
            Dialect::Comma => ';',
        }
    }

    /// What a file begins with. Without the mark these spreadsheets take UTF-8 for another encoding.
    fn begin(self) -> &'static str {
        match self {
            Dialect::Point => "",
            Dialect::Comma => "\u{feff}",
        }
    }

    fn decimal(self, number: String) -> String {
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
    let mut header = dialect.begin().to_owned();
    push_row(&mut header, columns().iter().map(String::as_str), dialect);
    let settings = settings(session, dialect);
    let rows = samples.map(move |sample| {
        let mut row = String::with_capacity(500);
        push_row(
            &mut row,
            cells(sample.borrow(), dialect).iter().chain(&settings).map(String::as_str),
            dialect,
        );
        row
    });
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
fn settings(session: &Session, dialect: Dialect) -> [String; 6] {
    let prefix = |sha256: &str| guard(&sha256.chars().take(PREFIX_DIGITS).collect::<String>());
    [
        CSV_VERSION.to_string(),
        guard(&session.started_at),
        guard(&session.app_version),
        prefix(&session.models.detector_sha256),
        prefix(&session.models.classifier_sha256),
        dialect.decimal(session.smoothing_time_ms.to_string()),
    ]
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
mod tests {
    use super::*;
    use crate::session::Models;

    const FILE: &str = include_str!("../../../tests/files/session-2.json");
    /// What the versions of the table made of it. They stay as they are for good.
    const TABLE_1: &str = include_str!("../../../tests/files/samples-1.csv");
    const TABLE_2: &str = include_str!("../../../tests/files/samples-2.csv");
    const TABLE_3: &str = include_str!("../../../tests/files/samples-3.csv");
    /// The same in the other dialect.
    const TABLE_3_COMMA: &str = include_str!("../../../tests/files/samples-3-comma.csv");

    fn session() -> Session {
        SessionFile::from_json(FILE).unwrap().session
    }

    /// Read with the csv crate, an implementation of its own.
    fn read(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
        read_with(text, b',')
    }

    fn read_with(text: &str, separator: u8) -> (Vec<String>, Vec<Vec<String>>) {
        let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(text.as_bytes());
        let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
        (header, reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect())
    }

    /// What the sample's JSON says under a column's name.
    fn expected(sample: &serde_json::Value, column: &str) -> String {
        let value = match column.split_once('.') {
            None if column == "quality_reasons" => {
                let codes = sample[column].as_array().unwrap().iter().map(|code| code.as_str().unwrap());
                return codes.collect::<Vec<_>>().join("|");
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
        let (header, rows) = read(&to_csv(&file.session, &file.samples, Dialect::Point));
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
        assert_eq!(columns.len(), 61);
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
        let (header, rows) = read(&to_csv(&session, &file.samples, Dialect::Point));
        for row in rows {
            let expected = ["3", "2026-01-31T12:00:00.000Z", "0.1.0", "0123456789ab", "fedcba987654", "500"];
            assert_eq!(row[header.len() - 6..], expected);
        }
    }

    #[test]
    fn the_table_is_written_as_it_was() {
        let file = SessionFile::from_json(FILE).unwrap();
        assert_eq!(to_csv(&file.session, &file.samples, Dialect::Point), TABLE_3);
        assert_eq!(to_csv(&file.session, &file.samples, Dialect::Comma), TABLE_3_COMMA);
    }

    #[test]
    fn the_dialect_with_the_decimal_comma_says_the_same() {
        assert!(TABLE_3_COMMA.starts_with('\u{feff}') && !TABLE_3.starts_with('\u{feff}'));
        let (header, rows) = read(TABLE_3);
        let (comma_header, comma_rows) = read_with(TABLE_3_COMMA.trim_start_matches('\u{feff}'), b';');
        assert_eq!(header, comma_header);
        let texts = ["source", "phase", "stimulus", "session.started_at", "session.app_version"];
        for (row, comma_row) in rows.iter().zip(&comma_rows) {
            for ((column, cell), comma_cell) in header.iter().zip(row).zip(comma_row) {
                match texts.contains(&column.as_str()) {
                    true => assert_eq!(cell, comma_cell, "{column}"),
                    false => assert_eq!(cell.replace('.', ","), *comma_cell, "{column}"),
                }
            }
        }
        assert!(rows.iter().any(|row| row.iter().any(|cell| cell.contains('|'))), "two reasons in one cell");
    }

    #[test]
    fn what_a_file_is_called_is_no_formula_in_any_column() {
        for name in ["=1+1.jpg", "+1", "-2", "@sum", "\t=1", "\r=1", "a;=1+1", "a,=1", "\";\"=1", "'quoted'"]
        {
            let [source, phase, stimulus] = [(); 3].map(|()| Some(name.to_owned()));
            let sample = Sample { source, phase, stimulus, ..Sample::without_face(0.5) };
            let session =
                Session::new(name, Models { detector_sha256: name.into(), classifier_sha256: name.into() });
            for dialect in [Dialect::Point, Dialect::Comma] {
                let text = to_csv(&session, std::slice::from_ref(&sample), dialect);
                let (header, rows) =
                    read_with(text.trim_start_matches('\u{feff}'), dialect.separator() as u8);
                for (column, cell) in header.iter().zip(&rows[0]) {
                    let column = column.as_str();
                    if ["source", "phase", "stimulus", "session.started_at"].contains(&column) {
                        assert_eq!(unguard(cell), name, "{column}");
                    }
                    assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{column}: {cell}");
                }
            }
        }
    }

    #[test]
    fn what_was_in_a_table_of_version_2_is_in_one_of_version_3_under_the_same_name() {
        let ((old_header, old_rows), (header, rows)) = (read(TABLE_2), read(TABLE_3));
        let gone = ["format_version"];
        for (old_row, row) in old_rows.iter().zip(&rows) {
            for (column, cell) in
                old_header.iter().zip(old_row).filter(|(name, _)| !gone.contains(&name.as_str()))
            {
                let at = header.iter().position(|name| name == column).unwrap();
                let cell = if column == "quality_reasons" { cell.replace(';', "|") } else { cell.clone() };
                assert_eq!(row[at], cell, "{column}");
            }
        }
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
    fn cells_are_quoted_only_where_they_must_be() {
        let [source, phase, stimulus] = ["a, c\nd", "say \"b\"", "plain"].map(|text| Some(text.into()));
        let sample = Sample { source, phase, stimulus, ..Sample::without_face(0.5) };
        let text = to_csv(&Session::new("", Models::default()), &[sample], Dialect::Point);
        let row = &text[text.find('\n').unwrap() + 1..];
        assert!(row.starts_with("0.5,,,,,,,,,,0,no_face,,"), "{row}");
        let version = env!("CARGO_PKG_VERSION");
        let end = format!(",\"a, c\nd\",\"say \"\"b\"\"\",plain,,,3,,{version},,,0\n");
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
        assert_eq!(to_csv(&session(), &[], Dialect::Point).lines().count(), 1);
    }

    #[test]
    fn json_is_read_again() {
        let file = SessionFile::from_json(FILE).unwrap();
        let text = to_json(&file).unwrap();
        assert!(text.ends_with("}\n"));
        assert_eq!(SessionFile::from_json(&text).unwrap(), file);
    }
}
