//! Reading result files: strict, and bounded before memory is taken.

use std::borrow::Cow;
use std::fmt;
use std::io::Read;

use flate2::bufread::GzDecoder;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::parts;
use super::{Columns, FORMAT, MAX_INPUTS, MAX_SAMPLES, MISSING, ResultFile, VERSION};
use crate::fault::{Fault, Faults};
use crate::hash::sha256_hex;
use crate::walk::duplicates::{broken, parse};
use crate::walk::shortened;

mod column;

use column::Column;

/// The largest file that is read, packed, in bytes.
pub const MAX_FILE_BYTES: usize = 24_000_000;
/// The largest text that is read out of a packed file, in bytes.
pub const MAX_TEXT_BYTES: usize = 96_000_000;
/// The largest part besides the samples, in bytes.
const MAX_PART_BYTES: usize = 4_000_000;

/// Read a result file, gzipped or as plain JSON.
///
/// # Errors
/// Every fault, with its place and a sentence.
pub fn read(bytes: &[u8]) -> Result<ResultFile, Vec<Fault>> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(whole(format!(
            "The file has more than {} MB: this is no result file.",
            MAX_FILE_BYTES / 1_000_000
        )));
    }
    let text: Cow<'_, [u8]> = match bytes {
        [] => return Err(whole("The file is empty.")),
        [0x1f, 0x8b, ..] => Cow::Owned(unpack(bytes).map_err(whole)?),
        plain => Cow::Borrowed(plain),
    };
    match std::str::from_utf8(&text) {
        Ok(text) => from_text(text),
        Err(_) => Err(whole("This is no result file: it is neither gzipped nor text in UTF-8.")),
    }
}

fn whole(reason: impl Into<String>) -> Vec<Fault> {
    vec![Fault::new("", reason)]
}

/// Unpack, but no more than [`MAX_TEXT_BYTES`]: a small file can be made to unpack to anything.
fn unpack(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut decoder = GzDecoder::new(bytes);
    // The length stands at the end. It may be anything, so that it is believed only as far as such files go.
    let told = bytes.last_chunk().map_or(0, |end| u32::from_le_bytes(*end) as usize);
    let mut text = Vec::with_capacity(told.min(bytes.len().saturating_mul(8)));
    match decoder.by_ref().take(MAX_TEXT_BYTES as u64 + 1).read_to_end(&mut text) {
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Err("The file is cut off. Ask for it again, or copy it again.".to_owned())
        }
        Err(_) => {
            Err("The file is damaged: it cannot be unpacked. Ask for it again, or copy it again.".to_owned())
        }
        Ok(_) if text.len() > MAX_TEXT_BYTES => Err(format!(
            "The file unpacks to more than {} MB: this is no result file.",
            MAX_TEXT_BYTES / 1_000_000
        )),
        Ok(_) if !decoder.into_inner().is_empty() => {
            Err("Something stands behind the end of the file: it is damaged, or two files were put together."
                .to_owned())
        }
        Ok(_) => Ok(text),
    }
}

/// The fields of an object as they stand in the text, in order: nothing is built before its size is known.
struct Fields<'t>(Vec<(String, &'t RawValue)>);

impl<'de: 't, 't> Deserialize<'de> for Fields<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a group of fields in braces { }")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(name) = map.next_key::<String>()? {
                    let value = map.next_value()?;
                    if fields.len() >= 100 {
                        return Err(serde::de::Error::custom("there are too many fields"));
                    }
                    fields.push((name, value));
                }
                Ok(fields)
            }
        }
        deserializer.deserialize_map(Collect).map(Fields)
    }
}

/// The fields of an object, each once; a name that is there twice is a fault.
fn fields<'t>(text: &'t str, path: &str, faults: &mut Faults) -> Option<Vec<(String, &'t RawValue)>> {
    match serde_json::from_str::<Fields<'t>>(text) {
        Ok(Fields(list)) => {
            for index in 1..list.len() {
                if list[..index].iter().any(|(name, _)| *name == list[index].0) {
                    let name = shortened(&list[index].0);
                    let at = if path.is_empty() { name } else { format!("{path}.{name}") };
                    faults.push(at, "This field is there twice.");
                }
            }
            Some(list)
        }
        Err(error) => {
            faults.push(path, broken(text, &error));
            None
        }
    }
}

fn from_text(text: &str) -> Result<ResultFile, Vec<Fault>> {
    let mut faults = Faults::default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let result = fields(text, "", &mut faults).and_then(|list| assemble(text, &list, &mut faults));
    match result {
        Some(result) if faults.is_empty() => {
            let list = check(&result);
            if list.is_empty() { Ok(result) } else { Err(list) }
        }
        _ => Err(faults.finish()),
    }
}

fn assemble(text: &str, list: &[(String, &RawValue)], faults: &mut Faults) -> Option<ResultFile> {
    let get = |name: &str| list.iter().find(|(known, _)| known == name).map(|(_, raw)| raw.get());
    if get("format") != Some(&format!("\"{FORMAT}\"")) {
        faults.push("format", format!("A result file says \"{FORMAT}\" here. Is this another kind of file?"));
        return None;
    }
    match get("version").and_then(|text| text.parse::<u32>().ok()) {
        Some(VERSION) => {}
        Some(newer) if newer > VERSION => {
            let reason = format!(
                "This file has version {newer}, but this program reads up to {VERSION}. Use a newer one."
            );
            faults.push("version", reason);
            return None;
        }
        _ => {
            faults.push("version", "This must be a whole number: the version of the format.");
            return None;
        }
    }
    integrity(text, list, faults);
    const NAMES: [&str; 12] = [
        "format",
        "version",
        "study",
        "session",
        "models",
        "baselines",
        "exposures",
        "events",
        "answers",
        "samples",
        "notice",
        "integrity",
    ];
    for (name, _) in list.iter().filter(|(name, _)| !NAMES.contains(&name.as_str())) {
        faults.push(shortened(name), "There is no field of this name in a result file.");
    }
    let mut part = |name: &str| -> Option<serde_json::Value> {
        match get(name) {
            None => {
                faults.push(name, "This field is missing.");
                None
            }
            Some(text) if text.len() > MAX_PART_BYTES => {
                faults.push(name, format!("This part has more than {} MB.", MAX_PART_BYTES / 1_000_000));
                None
            }
            Some(text) => match parse(text) {
                Ok(value) => Some(value),
                Err(list) => {
                    for fault in list {
                        faults.push(format!("{name}.{}", fault.path), fault.reason);
                    }
                    None
                }
            },
        }
    };
    let values = ["study", "session", "models", "baselines", "exposures", "events", "answers", "notice"]
        .map(&mut part);
    let samples = match get("samples") {
        Some(text) => samples(text, faults),
        None => {
            faults.push("samples", "This field is missing.");
            None
        }
    };
    let [study, session, models, baselines, exposures, events, answers, notice] = &values;
    let study = study.as_ref().and_then(|v| parts::study(v, "study", faults));
    let session = session.as_ref().and_then(|v| parts::session(v, "session", faults));
    let models = models.as_ref().and_then(|v| parts::models(v, "models", faults));
    let baselines = baselines.as_ref().and_then(|v| parts::baselines(v, "baselines", faults));
    let exposures = exposures.as_ref().and_then(|v| parts::exposures(v, "exposures", faults));
    let events = events.as_ref().and_then(|v| parts::events(v, "events", faults));
    let answers = answers.as_ref().and_then(|v| parts::answers(v, "answers", faults));
    let notice = notice.as_ref().and_then(|v| parts::notice(v, "notice", faults));
    Some(ResultFile {
        study: study?,
        session: session?,
        models: models?,
        baselines: baselines?,
        exposures: exposures?,
        events: events?,
        answers: answers?,
        samples: samples?,
        notice: notice?,
    })
}

/// The hash stands last, over all text before its comma.
fn integrity(text: &str, list: &[(String, &RawValue)], faults: &mut Faults) {
    let at = "integrity";
    let Some((name, raw)) = list.last().filter(|(name, _)| name == at) else {
        let there = list.iter().any(|(name, _)| name == at);
        let reason = if there {
            "This field must be the last one."
        } else {
            "This field is missing: the file is not whole."
        };
        faults.push(at, reason);
        return;
    };
    let end = text.rfind(&format!(",\"{name}\":{}", raw.get()));
    let told = raw.get().trim_matches('"');
    if end.is_none_or(|end| sha256_hex(&text.as_bytes()[..end]) != told) {
        faults.push(
            at,
            "The file was changed after it was made, or it is damaged: its content does not fit its hash. Use the file as it was \
             handed over.",
        );
    }
}

fn samples(text: &str, faults: &mut Faults) -> Option<Columns> {
    let list = fields(text, "samples", faults)?;
    let mut known: Vec<String> = Vec::new();
    let mut raw_of = |name: &str, faults: &mut Faults| {
        known.push(name.to_owned());
        let found = list.iter().find(|(field, _)| field == name).map(|(_, raw)| raw.get());
        if found.is_none() {
            faults.push(format!("samples.{name}"), "This column is missing.");
        }
        found
    };
    let mut get = |name: &str, range: (i64, i64), missing: Option<i64>, faults: &mut Faults| {
        let text = raw_of(name, faults)?;
        Column { path: format!("samples.{name}"), range, missing }.read(text, faults)
    };
    let u32_max = i64::from(u32::MAX);
    let time_ms = get("time_ms", (0, u32_max), None, faults);
    let media_ms = get("media_ms", (-60_000, i64::from(i32::MAX)), None, faults);
    let exposure = get("exposure", (0, 65_534), None, faults);
    let quality = get("quality", (0, 10_000), None, faults);
    let reasons = get("reasons", (0, u32_max), None, faults);
    let yaw = get("yaw", (-1_800, 1_800), Some(i64::from(i16::MIN)), faults);
    let mut raw: Vec<Option<Vec<i64>>> = Vec::with_capacity(7);
    for emotion in 0..7 {
        raw.push(get(&super::columns::raw_name(emotion), (0, 10_000), Some(i64::from(MISSING)), faults));
    }
    let inputs = match list.iter().find(|(field, _)| field == "inputs") {
        None => Some(Default::default()),
        Some((_, raw)) => inputs(raw.get(), faults),
    };
    for (field, _) in list.iter().filter(|(field, _)| field != "inputs" && !known.contains(field)) {
        faults.push(format!("samples.{}", shortened(field)), "There is no column of this name.");
    }
    let mut raw = raw.into_iter();
    let mut next =
        || raw.next().flatten().map(|column| column.into_iter().map(|v| v as u16).collect::<Vec<u16>>());
    let raw = [next(), next(), next(), next(), next(), next(), next()];
    let [a, b, c, d, e, f, g] = raw;
    Some(Columns {
        time_ms: time_ms?.into_iter().map(|v| v as u32).collect(),
        media_ms: media_ms?.into_iter().map(|v| v as i32).collect(),
        exposure: exposure?.into_iter().map(|v| v as u16).collect(),
        quality: quality?.into_iter().map(|v| v as u16).collect(),
        reasons: reasons?.into_iter().map(|v| v as u32).collect(),
        yaw: yaw?.into_iter().map(|v| v as i16).collect(),
        raw: [a?, b?, c?, d?, e?, f?, g?],
        inputs: inputs?,
    })
}

fn inputs(text: &str, faults: &mut Faults) -> Option<std::collections::BTreeMap<String, Vec<i16>>> {
    let list = fields(text, "samples.inputs", faults)?;
    if list.len() > MAX_INPUTS {
        faults.push("samples.inputs", format!("There are more than {MAX_INPUTS} columns."));
        return None;
    }
    let mut inputs = std::collections::BTreeMap::new();
    for (name, raw) in list {
        let path = format!("samples.inputs.{}", shortened(&name));
        let column = Column { path, range: (-32_767, 32_767), missing: Some(i64::from(i16::MIN)) };
        inputs.insert(name, column.read(raw.get(), faults)?.into_iter().map(|v| v as i16).collect());
    }
    Some(inputs)
}

/// What no field can say alone; the completion code rests on it, too.
pub fn check(result: &ResultFile) -> Vec<Fault> {
    let mut faults = Faults::default();
    let columns = &result.samples;
    if !columns.is_even() {
        faults.push("samples", "The columns do not have the same length.");
        return faults.finish();
    }
    if columns.len() > MAX_SAMPLES {
        faults.push("samples", format!("There are more than {MAX_SAMPLES} readings."));
    }
    let rises = |index: &usize| columns.time_ms[*index] > columns.time_ms[*index - 1];
    if let Some(index) = (1..columns.len()).find(|index| !rises(index)) {
        faults.push(
            format!("samples.time_ms[{index}]"),
            "The time does not rise: the readings are not in order.",
        );
    }
    if let Some(index) = (1..columns.len()).find(|i| columns.exposure[*i] < columns.exposure[*i - 1]) {
        faults.push(format!("samples.exposure[{index}]"), "The exposures are not in order.");
    }
    let same = |i: usize| columns.exposure[i] == columns.exposure[i - 1];
    if let Some(index) =
        (1..columns.len()).find(|i| same(*i) && columns.media_ms[*i] < columns.media_ms[*i - 1])
    {
        faults.push(
            format!("samples.media_ms[{index}]"),
            "The time in the stimulus goes backwards within one exposure.",
        );
    }
    let exposures = result.exposures.len();
    if let Some(index) = columns.exposure.iter().position(|exposure| usize::from(*exposure) >= exposures) {
        faults.push(
            format!("samples.exposure[{index}]"),
            format!("There are only {exposures} exposures, counted from 0."),
        );
    }
    for (index, exposure) in result.exposures.iter().enumerate() {
        if exposure.index as usize != index {
            faults.push(
                format!("exposures[{index}].index"),
                format!("This must be {index}: exposures are counted from 0."),
            );
        }
        if exposure.ended_ms < exposure.started_ms {
            faults.push(format!("exposures[{index}].ended_ms"), "The exposure ends before it begins.");
        }
        if index > 0 && exposure.started_ms < result.exposures[index - 1].ended_ms {
            faults.push(
                format!("exposures[{index}].started_ms"),
                "The exposure begins before the one before it has ended.",
            );
        }
    }
    if let Some(index) = (1..result.baselines.len())
        .find(|i| result.baselines[*i].from_exposure < result.baselines[*i - 1].from_exposure)
    {
        faults.push(format!("baselines[{index}].from_exposure"), "The baselines are not in order.");
    }
    faults.finish()
}
