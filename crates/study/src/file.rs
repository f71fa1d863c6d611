//! The study file, `study.json`: what a researcher writes and the page reads. docs/studies.md explains every field.
//!
//! [`parse`] walks the file by hand and tells every fault at once. The JSON Schema beside it
//! (docs/schemas/study-1.json) is generated from these types; a test holds the two to each other.

mod consent;
mod item;
mod references;
mod types;

use std::collections::BTreeMap;

pub use consent::PROHIBITED_USES;
pub(crate) use item::is_id;
pub use item::{LANGUAGES, MediaFile};
pub use types::*;

use serde_json::Value;

use crate::fault::{Fault, Faults};
use crate::walk::{self, Object};

/// The largest study file, in bytes.
pub const MAX_BYTES: usize = 1_000_000;

/// Read a study file.
///
/// # Errors
/// Every fault that the file has, each with its place and a sentence that says what is wrong.
pub fn parse(text: &str) -> Result<Study, Vec<Fault>> {
    parse_value(&read_json(text)?)
}

/// The JSON of a study file, whatever it says: the builder shows its faults beside the fields.
///
/// # Errors
/// Where it is too large, or no JSON, or has a field twice.
pub fn read_json(text: &str) -> Result<Value, Vec<Fault>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text); // some editors put a mark before UTF-8
    if text.len() > MAX_BYTES {
        let size = text.len() as f64 / 1e6;
        let reason = format!(
            "The study file has {size:.1} MB; at most 1 MB is read. Pictures and videos belong beside it, not into it."
        );
        return Err(vec![Fault::new("", reason)]);
    }
    walk::duplicates::parse(text)
}

/// Read a study out of JSON that is in memory already, as the builder has it.
///
/// # Errors
/// As [`parse`].
pub fn parse_value(value: &Value) -> Result<Study, Vec<Fault>> {
    let mut faults = Faults::default();
    let study = read(value, &mut faults);
    match (study, faults.is_empty()) {
        (Some(study), true) => Ok(study),
        (_, false) => Err(faults.finish()),
        (None, true) => Err(vec![Fault::new("", "This is not a study file.")]),
    }
}

fn read(value: &Value, faults: &mut Faults) -> Option<Study> {
    let mut object = Object::open(value, "", faults)?;
    object.required("format", faults, |v, p, f| {
        let format = walk::string(v, p, f)?;
        if format != FORMAT {
            f.push(p, format!("A study file says \"{FORMAT}\" here. Is this another kind of file?"));
        }
        Some(())
    })?;
    object.required("version", faults, |v, p, f| {
        let version = walk::integer(v, p, f, (1, i64::from(u32::MAX)))?;
        if version > i64::from(VERSION) {
            f.push(
                p,
                format!(
                    "This file has version {version}, but this page reads up to {VERSION}. Use a newer page."
                ),
            );
        }
        Some(())
    })?;
    if !faults.is_empty() {
        return None; // another format or a newer version: its other fields mean something else
    }
    let id = object.required("id", faults, item::id);
    let title = object.required("title", faults, |v, p, f| walk::text(v, p, f, limits::TITLE));
    let language = object.required("language", faults, item::language);
    let closed = object.optional("closed", false, faults, walk::boolean);
    let controller = object.required("controller", faults, consent::controller);
    let purpose = object.required("purpose", faults, consent::purpose);
    let consent = object.required("consent", faults, consent::consent);
    let instructions = object.optional("instructions", None, faults, |v, p, f| {
        item::rich_text(v, p, f, limits::INSTRUCTIONS).map(Some)
    });
    let identity = object.optional("identity", Identity::default(), faults, item::identity);
    let groups = object.optional("groups", Vec::new(), faults, |v, p, f| {
        walk::list(v, p, f, (0, limits::GROUPS), item::group)
    });
    let screening = object.optional("screening", Vec::new(), faults, |v, p, f| {
        walk::list(v, p, f, (0, limits::SCREENING), item::screening)
    });
    let checks = object.optional("checks", Checks::default(), faults, item::checks);
    let baseline = object.optional("baseline", Baseline::default(), faults, item::baseline);
    let stimuli = object
        .required("stimuli", faults, |v, p, f| walk::list(v, p, f, (1, limits::STIMULI), item::stimulus));
    let order = object.optional("order", Order::default(), faults, item::order);
    let on_interrupt = object.optional("on_interrupt", OnInterrupt::default(), faults, |v, p, f| {
        let words = [("skip", OnInterrupt::Skip), ("repeat", OnInterrupt::Repeat), ("end", OnInterrupt::End)];
        walk::word(v, p, f, &words)
    });
    let resume_max_age_h =
        object.optional("resume_max_age_h", defaults::resume_max_age_h(), faults, |v, p, f| {
            walk::integer(v, p, f, (0, 168)).map(|n| n as u32)
        });
    let sample_rate_hz = object.optional("sample_rate_hz", defaults::sample_rate_hz(), faults, |v, p, f| {
        walk::integer(v, p, f, (1, 30)).map(|n| n as u32)
    });
    let questions = object.optional("questions", Vec::new(), faults, |v, p, f| {
        walk::list(v, p, f, (0, limits::QUESTIONS), |v, p, f| item::question(v, p, f, true))
    });
    let handover = object.optional("handover", Handover::default(), faults, item::handover);
    let outcomes = object.optional("outcomes", Outcomes::default(), faults, item::outcomes);
    let texts = object.optional("texts", BTreeMap::new(), faults, item::texts);
    object.close(faults);
    references::check(value, faults);

    Some(Study {
        format: Format::Study,
        version: VERSION,
        id: id?,
        title: title?,
        language: language?,
        closed: closed?,
        controller: controller?,
        purpose: purpose?,
        consent: consent?,
        instructions: instructions?,
        identity: identity?,
        groups: groups?,
        screening: screening?,
        checks: checks?,
        baseline: baseline?,
        stimuli: stimuli?,
        order: order?,
        on_interrupt: on_interrupt?,
        resume_max_age_h: resume_max_age_h?,
        sample_rate_hz: sample_rate_hz?,
        questions: questions?,
        handover: handover?,
        outcomes: outcomes?,
        texts: texts?,
    })
}

impl Study {
    /// The file's text, for saving.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default(); // plain data with text keys: it cannot fail
        text.push('\n');
        text
    }

    /// The stimulus with this id.
    pub fn stimulus(&self, id: &str) -> Option<&Stimulus> {
        self.stimuli.iter().find(|stimulus| stimulus.id == id)
    }

    /// The question with this id, of the screening or of the questions.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.screening
            .iter()
            .map(|screen| &screen.question)
            .chain(&self.questions)
            .find(|question| question.id == id)
    }

    /// The sizes of all media as the file tells them, in bytes, or nothing where one of them is not told.
    pub fn media_bytes(&self) -> Option<u64> {
        self.stimuli.iter().filter_map(|stimulus| stimulus.media.file()).map(|file| file.bytes).sum()
    }
}

#[cfg(test)]
mod tests;
