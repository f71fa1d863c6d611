//! Writing result files.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::{Compression, GzBuilder};
use serde::Serialize;

use super::columns::raw_name;
use super::{Columns, FORMAT, MISSING, ResultFile, VERSION};
use crate::hash::sha256_hex;

/// The file's name: study, session and the ending.
pub fn file_name(result: &ResultFile) -> String {
    format!("{}_{}.result.json.gz", result.study.id, result.session.id)
}

/// The whole file: JSON, gzipped. The same result gives the same bytes everywhere.
pub fn write(result: &ResultFile) -> Vec<u8> {
    to_gzip(&to_json(result))
}

/// Gzip a text, without name and date.
pub fn to_gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    // Writing into memory cannot fail.
    let _ = encoder.write_all(text.as_bytes());
    encoder.finish().unwrap_or_default()
}

/// The JSON text. Its last field is `integrity`: the SHA-256 of all text before the comma in front of it.
pub fn to_json(result: &ResultFile) -> String {
    let mut text = String::with_capacity(4_000 + result.samples.len() * 60);
    let _ = write!(text, "{{\"format\":\"{FORMAT}\",\"version\":{VERSION}");
    field(&mut text, "study", &result.study);
    field(&mut text, "session", &result.session);
    field(&mut text, "models", &result.models);
    field(&mut text, "baselines", &result.baselines);
    field(&mut text, "exposures", &result.exposures);
    field(&mut text, "events", &result.events);
    field(&mut text, "answers", &result.answers);
    text.push_str(",\"samples\":{");
    columns(&mut text, &result.samples);
    text.push('}');
    field(&mut text, "notice", &result.notice);
    let hash = sha256_hex(text.as_bytes());
    let _ = write!(text, ",\"integrity\":\"{hash}\"}}");
    text
}

fn field(text: &mut String, name: &str, value: &impl Serialize) {
    let value = serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned()); // plain data: it cannot fail
    let _ = write!(text, ",\"{name}\":{value}");
}

fn columns(text: &mut String, columns: &Columns) {
    let number = |value: i64| Some(value);
    column(text, "time_ms", columns.time_ms.iter().map(|value| number(i64::from(*value))));
    text.push(',');
    column(text, "media_ms", columns.media_ms.iter().map(|value| number(i64::from(*value))));
    text.push(',');
    column(text, "exposure", columns.exposure.iter().map(|value| number(i64::from(*value))));
    text.push(',');
    column(text, "quality", columns.quality.iter().map(|value| number(i64::from(*value))));
    text.push(',');
    column(text, "reasons", columns.reasons.iter().map(|value| number(i64::from(*value))));
    text.push(',');
    column(text, "yaw", columns.yaw.iter().map(|value| (*value != i16::MIN).then_some(i64::from(*value))));
    for (emotion, values) in columns.raw.iter().enumerate() {
        text.push(',');
        let known = values.iter().map(|value| (*value != MISSING).then_some(i64::from(*value)));
        column(text, &raw_name(emotion), known);
    }
    if !columns.inputs.is_empty() {
        text.push_str(",\"inputs\":{");
        for (index, (name, values)) in columns.inputs.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            column(text, name, values.iter().map(|value| (*value != i16::MIN).then_some(i64::from(*value))));
        }
        text.push('}');
    }
}

fn column(text: &mut String, name: &str, values: impl Iterator<Item = Option<i64>>) {
    let _ = write!(text, "{}:[", serde_json::Value::from(name));
    for (index, value) in values.enumerate() {
        if index > 0 {
            text.push(',');
        }
        match value {
            Some(value) => {
                let _ = write!(text, "{value}");
            }
            None => text.push_str("null"),
        }
    }
    text.push(']');
}
