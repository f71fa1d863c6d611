//! The tidy table beside the result file: one row a reading.

use std::fmt::Write;

pub use emotion_record::export::Dialect;
use emotion_record::export::guard;

use super::{Columns, ResultFile, reason_codes};
use crate::emotion::EMOTIONS;

/// Text as a cell of a CSV file (RFC 4180), guarded against spreadsheets that run formulas ([`guard`]).
/// `emotion_record::export::unguard` gives the text back.
pub fn cell(text: &str) -> String {
    let text = guard(text);
    if text.contains([',', ';', '"', '\t', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

/// The header's names, in order.
pub fn header() -> Vec<String> {
    let mut names: Vec<String> = [
        "format_version",
        "study",
        "measure_sha256_prefix",
        "session",
        "participant",
        "group",
        "row",
        "outcome",
        "exposure",
        "stimulus",
        "attempt",
        "grade",
        "time_ms",
        "media_ms",
        "quality",
        "quality_reasons",
        "usable",
        "yaw",
    ]
    .map(str::to_owned)
    .into();
    names.extend(EMOTIONS.map(|emotion| format!("raw.{emotion}")));
    names.extend(EMOTIONS.map(|emotion| format!("raw_minus_baseline.{emotion}")));
    names
}

/// The table: a header, then a row for each reading. Empty cells are what is not known.
pub fn table(result: &ResultFile, dialect: Dialect) -> String {
    let (comma, point) = (dialect.separator(), dialect.decimal_sign());
    let columns = &result.samples;
    let mut text = String::with_capacity(columns.len() * 220 + 500);
    text.push_str(dialect.begin());
    text.push_str(&header().join(&comma.to_string()));
    text.push('\n');
    let session = &result.session;
    let same: Vec<String> = vec![
        super::VERSION.to_string(),
        cell(&result.study.id),
        result.study.measure_sha256.chars().take(12).collect(),
        cell(&session.id),
        cell(session.participant.as_deref().unwrap_or_default()),
        cell(session.group.as_deref().unwrap_or_default()),
        session.row.map_or(String::new(), |row| row.to_string()),
        session.outcome.word().to_owned(),
    ];
    let same = same.join(&comma.to_string());
    for index in 0..columns.len() {
        row(&mut text, result, columns, index, &same, comma, point);
    }
    text
}

fn row(
    text: &mut String,
    result: &ResultFile,
    columns: &Columns,
    index: usize,
    same: &str,
    comma: char,
    point: char,
) {
    let exposure = columns.exposure[index];
    text.push_str(same);
    // Writing into a String cannot fail.
    let _ = write!(text, "{comma}{exposure}");
    match result.exposures.get(usize::from(exposure)) {
        Some(record) => {
            let _ =
                write!(text, "{comma}{}{comma}{}{comma}{}", record.stimulus, record.attempt, record.grade);
        }
        None => {
            let _ = write!(text, "{comma}{comma}{comma}");
        }
    }
    let _ = write!(text, "{comma}{}{comma}{}{comma}", columns.time_ms[index], columns.media_ms[index]);
    fixed(text, i64::from(columns.quality[index]), 4, point);
    let _ = write!(
        text,
        "{comma}{}{comma}{}{comma}",
        reason_codes(columns.reasons[index]).join(" "),
        u8::from(columns.is_usable(index))
    );
    if columns.yaw[index] != i16::MIN {
        fixed(text, i64::from(columns.yaw[index]), 1, point);
    }
    let raw = columns.raw_at(index);
    let baseline = result.baseline_of(u32::from(exposure)).map(|baseline| baseline.raw);
    for emotion in 0..7 {
        text.push(comma);
        if let Some(raw) = raw {
            fixed(text, i64::from(raw[emotion]), 4, point);
        }
    }
    for emotion in 0..7 {
        text.push(comma);
        if let Some((raw, baseline)) = raw.zip(baseline) {
            fixed(text, i64::from(raw[emotion]) - i64::from(baseline[emotion]), 4, point);
        }
    }
    text.push('\n');
}

/// A whole number divided by a power of ten, exactly.
fn fixed(text: &mut String, value: i64, digits: usize, point: char) {
    let unit = 10_i64.pow(digits as u32);
    let sign = if value < 0 { "-" } else { "" };
    let value = value.abs();
    let _ = write!(text, "{sign}{}{point}{:0digits$}", value / unit, value % unit);
}
