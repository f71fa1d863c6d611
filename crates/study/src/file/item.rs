//! Reading the parts of a study file, each with all its faults.

mod media;
mod question;
mod strings;

pub use media::MediaFile;
pub(super) use media::stimulus;
pub(super) use question::{question, screening};
pub use strings::LANGUAGES;
pub(crate) use strings::is_id;
pub(super) use strings::{id, language, rich_text};

use std::collections::BTreeMap;

use serde_json::Value;

use super::types::*;
use crate::fault::Faults;
use crate::walk::{self, Object};
use crate::words;

pub(super) fn identity(value: &Value, path: &str, faults: &mut Faults) -> Option<Identity> {
    let mut object = Object::open(value, path, faults)?;
    let parameter = object.optional(
        "participant_parameter",
        defaults::participant_parameter(),
        faults,
        strings::parameter,
    );
    let carry = object.optional("carry", Vec::new(), faults, |v, p, f| {
        walk::list(v, p, f, (0, limits::CARRY), strings::parameter)
    });
    object.close(faults);
    Some(Identity { participant_parameter: parameter?, carry: carry? })
}

pub(super) fn group(value: &Value, path: &str, faults: &mut Faults) -> Option<Group> {
    let mut object = Object::open(value, path, faults)?;
    let id = object.required("id", faults, id);
    let closed = object.optional("closed", false, faults, walk::boolean);
    let stimuli = object.optional("stimuli", None, faults, |v, p, f| {
        walk::list(v, p, f, (1, limits::STIMULI), self::id).map(Some)
    });
    object.close(faults);
    Some(Group { id: id?, closed: closed?, stimuli: stimuli? })
}

pub(super) fn checks(value: &Value, path: &str, faults: &mut Faults) -> Option<Checks> {
    let mut object = Object::open(value, path, faults)?;
    let min_fps = object.optional("min_fps", i64::from(defaults::min_fps()), faults, |v, p, f| {
        walk::integer(v, p, f, (1, 30))
    });
    let min_quality = object.optional("min_quality", defaults::min_quality(), faults, |v, p, f| {
        walk::number(v, p, f, (0.0, 1.0))
    });
    let sound = object.optional("sound", false, faults, walk::boolean);
    object.close(faults);
    Some(Checks { min_fps: min_fps? as u32, min_quality: min_quality?, sound: sound? })
}

pub(super) fn baseline(value: &Value, path: &str, faults: &mut Faults) -> Option<Baseline> {
    let mut object = Object::open(value, path, faults)?;
    let seconds = object.optional("seconds", i64::from(defaults::baseline_seconds()), faults, |v, p, f| {
        walk::integer(v, p, f, (3, 60))
    });
    let before = object.optional("before_each_ms", 0, faults, |v, p, f| walk::integer(v, p, f, (0, 10_000)));
    object.close(faults);
    Some(Baseline { seconds: seconds? as u32, before_each_ms: before? as u32 })
}

pub(super) fn order(value: &Value, path: &str, faults: &mut Faults) -> Option<Order> {
    let mut object = Object::open(value, path, faults)?;
    let method = object.optional("method", OrderMethod::default(), faults, |v, p, f| {
        walk::word(v, p, f, OrderMethod::WORDS)
    });
    let seed = object.optional("seed", 0, faults, |v, p, f| walk::integer(v, p, f, (0, i64::from(u32::MAX))));
    object.close(faults);
    Some(Order { method: method?, seed: seed? as u32 })
}

pub(super) fn handover(value: &Value, path: &str, faults: &mut Faults) -> Option<Handover> {
    let mut object = Object::open(value, path, faults)?;
    let methods = object.optional("methods", defaults::methods(), faults, |v, p, f| {
        let methods =
            walk::list(v, p, f, (1, Method::WORDS.len()), |v, p, f| walk::word(v, p, f, Method::WORDS))?;
        let twice = (1..methods.len()).find(|&i| methods[..i].contains(&methods[i]));
        if let Some(index) = twice {
            f.push(format!("{p}[{index}]"), format!("\"{}\" is in this list twice.", methods[index].word()));
            return None;
        }
        Some(methods)
    });
    let origin = object.optional("parent_origin", None, faults, |v, p, f| strings::origin(v, p, f).map(Some));
    let max =
        object.optional("max_receipt_chars", i64::from(defaults::max_receipt_chars()), faults, |v, p, f| {
            walk::integer(v, p, f, (200, 12_000))
        });
    object.close(faults);
    Some(Handover { methods: methods?, parent_origin: origin?, max_receipt_chars: max? as u32 })
}

pub(super) fn outcomes(value: &Value, path: &str, faults: &mut Faults) -> Option<Outcomes> {
    let mut object = Object::open(value, path, faults)?;
    let mut ending = |name| object.optional(name, Ending::default(), faults, ending);
    let complete = ending("complete");
    let screened_out = ending("screened_out");
    let quota_full = ending("quota_full");
    let declined = ending("declined");
    let failed = ending("failed");
    let withdrawn = ending("withdrawn");
    object.close(faults);
    Some(Outcomes {
        complete: complete?,
        screened_out: screened_out?,
        quota_full: quota_full?,
        declined: declined?,
        failed: failed?,
        withdrawn: withdrawn?,
    })
}

fn ending(value: &Value, path: &str, faults: &mut Faults) -> Option<Ending> {
    let mut object = Object::open(value, path, faults)?;
    let text = object.optional("text", None, faults, |v, p, f| rich_text(v, p, f, limits::LONG).map(Some));
    let link = object.optional("link", None, faults, |v, p, f| strings::link(v, p, f).map(Some));
    let code = object.optional("code", None, faults, |v, p, f| strings::code(v, p, f).map(Some));
    object.close(faults);
    Some(Ending { text: text?, link: link?, code: code? })
}

pub(super) fn texts(value: &Value, path: &str, faults: &mut Faults) -> Option<BTreeMap<String, String>> {
    let Value::Object(map) = value else {
        Object::open(value, path, faults)?;
        return None;
    };
    if map.len() > limits::TEXTS {
        faults.push(path, format!("There are {} texts here; at most {} are read.", map.len(), limits::TEXTS));
        return None;
    }
    let mut texts = BTreeMap::new();
    let mut whole = true;
    for (key, value) in map {
        let at = format!("{path}.{}", walk::shortened(key));
        match walk::text(value, &at, faults, limits::LONG) {
            Some(text) => match words::override_fault(key, &text) {
                None => {
                    texts.insert(key.clone(), text);
                }
                Some(reason) => {
                    faults.push(at, reason);
                    whole = false;
                }
            },
            None => whole = false,
        }
    }
    whole.then_some(texts)
}

impl Ending {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
