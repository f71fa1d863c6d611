use super::*;
use crate::baseline::Baseline;
use crate::session::Models;

const FILE: &str = include_str!("../../../../tests/files/session-3.json");
/// What the versions of the table made of it. They stay as they are for good.
const TABLE_1: &str = include_str!("../../../../tests/files/samples-1.csv");
const TABLE_2: &str = include_str!("../../../../tests/files/samples-2.csv");
const TABLE_3: &str = include_str!("../../../../tests/files/samples-3.csv");
const TABLE_4: &str = include_str!("../../../../tests/files/samples-4.csv");
/// The same in the other dialect.
const TABLE_4_COMMA: &str = include_str!("../../../../tests/files/samples-4-comma.csv");

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
    assert_eq!(columns.len(), 62);
}

#[test]
fn every_row_tells_how_its_numbers_were_made() {
    let file = SessionFile::from_json(FILE).unwrap();
    let sha256 = |digits: &str| digits.repeat(4);
    let models =
        Models { detector_sha256: sha256("0123456789abcdef"), classifier_sha256: sha256("fedcba9876543210") };
    let session = Session { models, ..file.session };
    let (header, rows) = read(&to_csv(&session, &file.samples, Dialect::Point));
    for row in rows {
        let expected = ["4", "2026-01-31T12:00:00.000Z", "0.1.0", "0123456789ab", "fedcba987654", "500", "2"];
        assert_eq!(row[header.len() - 7..], expected);
    }
}

#[test]
fn the_table_is_written_as_it_was() {
    let file = SessionFile::from_json(FILE).unwrap();
    assert_eq!(to_csv(&file.session, &file.samples, Dialect::Point), TABLE_4);
    assert_eq!(to_csv(&file.session, &file.samples, Dialect::Comma), TABLE_4_COMMA);
}

#[test]
fn the_dialect_with_the_decimal_comma_says_the_same() {
    assert!(TABLE_4_COMMA.starts_with('\u{feff}') && !TABLE_4.starts_with('\u{feff}'));
    let (header, rows) = read(TABLE_4);
    let (comma_header, comma_rows) = read_with(TABLE_4_COMMA.trim_start_matches('\u{feff}'), b';');
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
    for name in ["=1+1.jpg", "+1", "-2", "@sum", "\t=1", "\r=1", "a;=1+1", "a,=1", "\";\"=1", "'quoted'"] {
        let [source, phase, stimulus] = [(); 3].map(|()| Some(name.to_owned()));
        let sample = Sample { source, phase, stimulus, ..Sample::without_face(0.5) };
        let session =
            Session::new(name, Models { detector_sha256: name.into(), classifier_sha256: name.into() });
        for dialect in [Dialect::Point, Dialect::Comma] {
            let text = to_csv(&session, std::slice::from_ref(&sample), dialect);
            let (header, rows) = read_with(text.trim_start_matches('\u{feff}'), dialect.separator() as u8);
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
fn version_4_has_a_column_more_than_version_3() {
    let ((old_header, old_rows), (header, rows)) = (read(TABLE_3), read(TABLE_4));
    let last = old_header.len();
    assert_eq!((&header[..last], header[last].as_str()), (&old_header[..], "session.doubtful_baselines"));
    let version = header.iter().position(|name| name == "format_version").unwrap();
    for (mut old_row, row) in old_rows.into_iter().zip(rows) {
        old_row[version] = "4".to_owned();
        assert_eq!((&row[..last], row[last].as_str()), (&old_row[..], "2"));
    }
}

#[test]
fn doubtful_neutral_faces_are_named_once_and_in_order() {
    let mut session = session();
    let one = session.baselines[1].clone();
    session.baselines =
        [12, 3, 12, 7].map(|face| Baseline { face, doubtful: face != 7, ..one.clone() }).into();
    let text = to_csv(&session, &[Sample::without_face(0.5)], Dialect::Comma);
    assert!(text.ends_with(";3|12\n"), "{text}");
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
    let end = format!(",\"a, c\nd\",\"say \"\"b\"\"\",plain,,,4,,{version},,,0,\n");
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
fn a_table_in_pieces_is_the_whole_table_in_both_dialects() {
    let file = SessionFile::from_json(FILE).unwrap();
    for dialect in [Dialect::Point, Dialect::Comma] {
        let made = pieces(FileKind::Csv(dialect), &file.session, file.samples.iter()).unwrap();
        assert_eq!(made.collect::<String>(), to_csv(&file.session, &file.samples, dialect));
    }
}

#[test]
fn the_names_of_dialects_are_read_again() {
    for dialect in Dialect::ALL {
        assert_eq!(Dialect::named(dialect.name()), Some(dialect));
    }
    assert_eq!(Dialect::named("tab"), None);
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

/// What somebody's own model gives stands behind all other columns, and only where there is one.
#[test]
fn the_columns_of_a_persons_own_model_stand_at_the_end() {
    let mut file = SessionFile::from_json(FILE).unwrap();
    let without = to_csv(&file.session, &file.samples, Dialect::Point);
    file.session.own_model = Some(OwnModel {
        name: "=lab".into(),
        sha256: "0123456789abcdef".into(),
        card_sha256: "fedcba9876543210".into(),
        labels: vec!["joy".into(), "a, b".into()],
    });
    file.samples[0].own = Some(crate::session::OwnValues::new(&[("joy".into(), 0.5), ("a, b".into(), -2.5)]));
    let (header, rows) = read(&to_csv(&file.session, &file.samples, Dialect::Point));
    let count = columns().len();
    assert_eq!(header[..count], columns());
    let about = ["session.own_model", "session.own_model_sha256_prefix", "session.own_card_sha256_prefix"];
    assert_eq!(header[count..], [&about[..], &["own.joy", "own.a, b"]].concat());
    assert_eq!(rows[0][count..], ["'=lab", "0123456789ab", "fedcba987654", "0.5", "-2.5"]);
    assert_eq!(rows[1][count..], ["'=lab", "0123456789ab", "fedcba987654", "", ""]);
    let comma = to_csv(&file.session, &file.samples, Dialect::Comma);
    assert_eq!(read_with(comma.trim_start_matches('\u{feff}'), b';').1[0][count + 3], "0,5");
    // What is before them is as it was.
    let first = |text: &str| read(text).1[0][..count].to_vec();
    assert_eq!(first(&without), rows[0][..count]);
}
