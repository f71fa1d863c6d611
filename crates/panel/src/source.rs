//! What a file is, by its bytes.

use std::io::Cursor;

use emotion_study::code;
use emotion_study::file::{self, Study};
use emotion_study::{receipt, result};

use crate::archive::Archive;
use crate::lists::{self, Attributes};
use crate::norms::{self, Norm};
use crate::record::Record;

/// What was found in a file, or in a part of one.
#[derive(Debug, Clone)]
pub(crate) enum Found {
    Record(Box<Record>),
    Study(Box<Study>),
    /// Codes of sessions that were withdrawn.
    Withdrawn(Vec<String>),
    /// Ids of participants who are expected.
    Expected(Vec<String>),
    Attributes(Attributes),
    Norms(Vec<Norm>),
    /// It should be something, but is not right: a sentence.
    Damaged(String),
    /// It is nothing that is known: a sentence.
    Unknown(String),
}

/// All that is in a file of an archive.
pub(crate) fn entry(archive: &str, inner: &str, bytes: Result<Vec<u8>, String>) -> Vec<(String, Found)> {
    let name = format!("{archive}/{inner}");
    match bytes {
        Err(sentence) => vec![(name, Found::Damaged(sentence))],
        // Nobody exports that.
        Ok(bytes) if is_archive(&bytes) => {
            vec![(name, Found::Unknown("This is a ZIP in a ZIP. Unpack it first.".to_owned()))]
        }
        Ok(bytes) => found(&name, &bytes),
    }
}

/// Whether a file is a ZIP.
pub(crate) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// All that is in a file: an archive and a table hold several.
pub(crate) fn found(name: &str, bytes: &[u8]) -> Vec<(String, Found)> {
    if is_archive(bytes) {
        return match Archive::open(Cursor::new(bytes)) {
            Err(sentence) => vec![(name.to_owned(), Found::Damaged(sentence))],
            Ok(mut archive) => {
                let names = archive.names().to_vec();
                let parts = names.into_iter().flat_map(|inner| {
                    let bytes = archive.read(&inner);
                    entry(name, &inner, bytes)
                });
                parts.collect()
            }
        };
    }
    let one = |found| vec![(name.to_owned(), found)];
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return one(of_result(bytes));
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return one(Found::Unknown(
            "This is no file of a panel: it is neither gzipped nor text in UTF-8.".to_owned(),
        ));
    };
    let stem = name.rsplit('/').next().unwrap_or(name).to_lowercase();
    let begin = text.trim_start_matches('\u{feff}').trim_start();
    if begin.starts_with('{') {
        let head: String = begin.chars().take(400).collect();
        return one(if head.contains(file::FORMAT) {
            match file::parse(text) {
                Ok(study) => Found::Study(Box::new(study)),
                Err(faults) => Found::Damaged(first_of(&faults)),
            }
        } else if head.contains(result::FORMAT) {
            of_result(bytes)
        } else {
            Found::Unknown("This JSON file is neither a result nor a study.".to_owned())
        });
    }
    if stem.starts_with("withdrawn") {
        let codes = lists::entries(text).into_iter().map(|typed| code::read(&typed).unwrap_or(typed));
        return one(Found::Withdrawn(codes.collect()));
    }
    if stem.starts_with("expected") {
        return one(Found::Expected(lists::entries(text)));
    }
    if text.contains(receipt::MARK) {
        return receipts(name, text, stem.ends_with(".csv") || stem.ends_with(".tsv"));
    }
    if stem.ends_with(".csv") || stem.ends_with(".tsv") {
        let rows = match lists::rows(text) {
            Ok(rows) => rows,
            Err(sentence) => return one(Found::Damaged(sentence)),
        };
        if let Some(norms) = norms::read(&rows) {
            return one(Found::Norms(norms));
        }
        return one(match lists::attributes(&rows) {
            Some(table) => Found::Attributes(table),
            None => Found::Unknown(
                "This table holds neither receipts nor a column \"participant\" or \"session\".".to_owned(),
            ),
        });
    }
    one(Found::Unknown("This is no file of a panel: no result, receipt, study or table.".to_owned()))
}

fn of_result(bytes: &[u8]) -> Found {
    match result::read(bytes) {
        Ok(result) => Found::Record(Box::new(Record::of_result(&result))),
        Err(faults) => Found::Damaged(first_of(&faults)),
    }
}

/// The first fault, and how many more there are.
fn first_of(faults: &[emotion_study::fault::Fault]) -> String {
    let first = faults.first().map_or("It cannot be read.".to_owned(), ToString::to_string);
    match faults.len() {
        0 | 1 => first,
        n => format!("{first} ({} more faults)", n - 1),
    }
}

/// Receipts of a survey's export, one participant a row; or of a text, all parts of one.
fn receipts(name: &str, text: &str, is_table: bool) -> Vec<(String, Found)> {
    let read = |text: &str| match receipt::read(text) {
        Ok(receipt) => Found::Record(Box::new(Record::of_receipt(receipt))),
        Err(error) => Found::Damaged(error.to_string()),
    };
    if !is_table {
        return vec![(name.to_owned(), read(text))];
    }
    match lists::rows(text) {
        Err(sentence) => vec![(name.to_owned(), Found::Damaged(sentence))],
        Ok(rows) => rows
            .iter()
            .enumerate()
            .filter(|(_, row)| row.iter().any(|cell| cell.contains(receipt::MARK)))
            .map(|(at, row)| {
                // The parts of a long receipt stand in several cells.
                let cells: Vec<&str> =
                    row.iter().map(String::as_str).filter(|cell| cell.contains(receipt::MARK)).collect();
                (format!("{name}, line {}", at + 1), read(&cells.join("\n")))
            })
            .collect(),
    }
}
