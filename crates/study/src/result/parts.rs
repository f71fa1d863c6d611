//! Reading the parts of a result file beside the samples, each with all its faults.

use std::collections::BTreeMap;

use serde_json::Value;

use super::types::*;
use crate::code;
use crate::fault::Faults;
use crate::session::{Answer, AnswerValue, BaselineTaken, Cause, Outcome};
use crate::walk::{self, Object};

const MAX_TIME: i64 = u32::MAX as i64;
/// Longest text of a field, in characters.
const MAX_TEXT: usize = 2_000;

fn count(value: &Value, path: &str, faults: &mut Faults) -> Option<u32> {
    walk::integer(value, path, faults, (0, MAX_TIME)).map(|n| n as u32)
}

fn id(value: &Value, path: &str, faults: &mut Faults) -> Option<String> {
    let text = walk::string(value, path, faults)?;
    if crate::file::is_id(text) {
        return Some(text.to_owned());
    }
    faults.push(path, "This is not an id: letters, digits, \"_\" and \"-\", at most 40.");
    None
}

fn hash(value: &Value, path: &str, faults: &mut Faults) -> Option<String> {
    let text = walk::string(value, path, faults)?;
    if text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return Some(text.to_owned());
    }
    faults.push(path, "This must be a SHA-256: 64 digits, 0 to 9 and a to f.");
    None
}

/// Any text, empty ones too.
fn text(value: &Value, path: &str, faults: &mut Faults) -> Option<String> {
    let text = walk::string(value, path, faults)?;
    if text.chars().count() <= MAX_TEXT {
        return Some(text.to_owned());
    }
    faults.push(path, format!("This text has more than {MAX_TEXT} characters."));
    None
}

fn or_null<T>(
    read: impl Fn(&Value, &str, &mut Faults) -> Option<T>,
) -> impl Fn(&Value, &str, &mut Faults) -> Option<Option<T>> {
    move |value, path, faults| if value.is_null() { Some(None) } else { read(value, path, faults).map(Some) }
}

/// Digits at the places of `form` that hold a 0, and the other signs as they stand there.
fn date(value: &Value, path: &str, faults: &mut Faults, form: &str) -> Option<String> {
    let text = walk::string(value, path, faults)?;
    let fits = text.len() == form.len()
        && text.bytes().zip(form.bytes()).all(|(a, b)| if b == b'0' { a.is_ascii_digit() } else { a == b });
    if fits {
        return Some(text.to_owned());
    }
    faults.push(path, format!("This must be a date of the form {form}."));
    None
}

pub(super) fn study(value: &Value, path: &str, faults: &mut Faults) -> Option<StudyReference> {
    let mut object = Object::open(value, path, faults)?;
    let id = object.required("id", faults, id);
    let sha256 = object.required("sha256", faults, hash);
    let measure_sha256 = object.required("measure_sha256", faults, hash);
    object.close(faults);
    Some(StudyReference { id: id?, sha256: sha256?, measure_sha256: measure_sha256? })
}

pub(super) fn session(value: &Value, path: &str, faults: &mut Faults) -> Option<SessionReference> {
    let mut object = Object::open(value, path, faults)?;
    let id = object.required("id", faults, |v, p, f| {
        let text = walk::string(v, p, f)?;
        if code::session_bytes(text).is_none() || code::read(text).as_deref() != Some(text) {
            f.push(p, "This is not the code of a session: a character of it is wrong.");
            return None;
        }
        Some(text.to_owned())
    });
    let participant = object.required("participant", faults, or_null(text));
    let carried = object.required("carried", faults, |v, p, f| {
        let Value::Object(map) = v else {
            Object::open(v, p, f)?;
            return None;
        };
        if map.len() > crate::file::limits::CARRY {
            f.push(p, "There are too many parameters here.");
            return None;
        }
        let mut carried = BTreeMap::new();
        for (name, value) in map {
            carried.insert(name.clone(), text(value, &format!("{p}.{}", walk::shortened(name)), f)?);
        }
        Some(carried)
    });
    let group = object.required("group", faults, or_null(self::id));
    let row = object.required(
        "row",
        faults,
        or_null(|v: &Value, p: &str, f: &mut Faults| {
            walk::integer(v, p, f, (1, i64::from(crate::link::MAX_ROW))).map(|n| n as u32)
        }),
    );
    let order = object.required("order", faults, |v, p, f| {
        walk::list(v, p, f, (0, crate::file::limits::STIMULI), self::id)
    });
    let day = object.required("date", faults, |v, p, f| date(v, p, f, "0000-00-00"));
    let consented_at = object.required("consented_at", faults, |v, p, f| date(v, p, f, "0000-00-00T00:00Z"));
    let outcome = object
        .required("outcome", faults, |v, p, f| walk::word(v, p, f, &Outcome::ALL.map(|o| (o.word(), o))));
    let preview = object.required("preview", faults, walk::boolean);
    let language = object.required("language", faults, text);
    let device = object.required("device", faults, |v, p, f| walk::word(v, p, f, DeviceClass::WORDS));
    let camera = object.required("camera", faults, |v, p, f| {
        let mut object = Object::open(v, p, f)?;
        let pixels =
            |v: &Value, p: &str, f: &mut Faults| walk::integer(v, p, f, (0, 100_000)).map(|n| n as u32);
        let width = object.required("width", f, pixels);
        let height = object.required("height", f, pixels);
        let fps = object.required("fps", f, |v, p, f| walk::integer(v, p, f, (0, 1_000)).map(|n| n as u32));
        object.close(f);
        Some(Camera { width: width?, height: height?, fps: fps? })
    });
    let rate = object
        .required("sample_rate_hz", faults, |v, p, f| walk::integer(v, p, f, (1, 30)).map(|n| n as u32));
    let app_version = object.required("app_version", faults, text);
    object.close(faults);
    Some(SessionReference {
        id: id?,
        participant: participant?,
        carried: carried?,
        group: group?,
        row: row?,
        order: order?,
        date: day?,
        consented_at: consented_at?,
        outcome: outcome?,
        preview: preview?,
        language: language?,
        device: device?,
        camera: camera?,
        sample_rate_hz: rate?,
        app_version: app_version?,
    })
}

pub(super) fn models(value: &Value, path: &str, faults: &mut Faults) -> Option<Models> {
    let mut object = Object::open(value, path, faults)?;
    let detector_sha256 = object.required("detector_sha256", faults, hash);
    let classifier_sha256 = object.required("classifier_sha256", faults, hash);
    let mapping = object.required("mapping", faults, text);
    object.close(faults);
    Some(Models {
        detector_sha256: detector_sha256?,
        classifier_sha256: classifier_sha256?,
        mapping: mapping?,
    })
}

pub(super) fn baselines(value: &Value, path: &str, faults: &mut Faults) -> Option<Vec<BaselineTaken>> {
    walk::list(value, path, faults, (0, MAX_BASELINES), |v, p, f| {
        let mut object = Object::open(v, p, f)?;
        let from_exposure = object.required("from_exposure", f, count);
        let raw = object.required("raw", f, |v, p, f| {
            let list = walk::list(v, p, f, (7, 7), |v, p, f| walk::integer(v, p, f, (0, 10_000)))?;
            <[i64; 7]>::try_from(list).ok().map(|list| list.map(|n| n as u16))
        });
        let samples = object.required("samples", f, count);
        object.close(f);
        Some(BaselineTaken { from_exposure: from_exposure?, raw: raw?, samples: samples? })
    })
}

const CAUSES: [(&str, Cause); 6] = [
    ("hidden", Cause::Hidden),
    ("stalled", Cause::Stalled),
    ("media_error", Cause::MediaError),
    ("camera_lost", Cause::CameraLost),
    ("left_page", Cause::LeftPage),
    ("stopped", Cause::Stopped),
];

pub(super) fn exposures(value: &Value, path: &str, faults: &mut Faults) -> Option<Vec<ExposureRecord>> {
    walk::list(value, path, faults, (0, MAX_EXPOSURES), |v, p, f| {
        let mut object = Object::open(v, p, f)?;
        let stimulus = object.required("stimulus", f, id);
        let index = object.required("index", f, count);
        let attempt =
            object.required("attempt", f, |v, p, f| walk::integer(v, p, f, (1, 1_000)).map(|n| n as u32));
        let started_ms = object.required("started_ms", f, count);
        let ended_ms = object.required("ended_ms", f, count);
        let media_ms = object.required("media_ms", f, count);
        let duration_ms = object.required("duration_ms", f, count);
        let grade = object.required("grade", f, |v, p, f| walk::integer(v, p, f, (1, 6)).map(|n| n as u32));
        let reasons = object.required("reasons", f, |v, p, f| {
            walk::list(v, p, f, (0, 20), |v, p, f| walk::word(v, p, f, GradeReason::WORDS))
        });
        let interrupted = object.required(
            "interrupted",
            f,
            or_null(|v: &Value, p: &str, f: &mut Faults| walk::word(v, p, f, &CAUSES)),
        );
        let hidden_ms = object.required("hidden_ms", f, count);
        let absent_ms = object.required("absent_ms", f, count);
        object.close(f);
        Some(ExposureRecord {
            stimulus: stimulus?,
            index: index?,
            attempt: attempt?,
            started_ms: started_ms?,
            ended_ms: ended_ms?,
            media_ms: media_ms?,
            duration_ms: duration_ms?,
            grade: grade?,
            reasons: reasons?,
            interrupted: interrupted?,
            hidden_ms: hidden_ms?,
            absent_ms: absent_ms?,
        })
    })
}

pub(super) fn events(value: &Value, path: &str, faults: &mut Faults) -> Option<Vec<LoggedEvent>> {
    walk::list(value, path, faults, (0, MAX_EVENTS), |v, p, f| {
        let mut object = Object::open(v, p, f)?;
        let time_ms = object.required("time_ms", f, count);
        let exposure = object.required("exposure", f, or_null(count));
        let media_ms = object.required(
            "media_ms",
            f,
            or_null(|v: &Value, p: &str, f: &mut Faults| {
                walk::integer(v, p, f, (-60_000, i64::from(i32::MAX))).map(|n| n as i32)
            }),
        );
        let kind = object.required("kind", f, |v, p, f| walk::word(v, p, f, EventKind::WORDS));
        object.close(f);
        Some(LoggedEvent { time_ms: time_ms?, exposure: exposure?, media_ms: media_ms?, kind: kind? })
    })
}

pub(super) fn answers(value: &Value, path: &str, faults: &mut Faults) -> Option<Vec<Answer>> {
    walk::list(value, path, faults, (0, MAX_ANSWERS), |v, p, f| {
        let mut object = Object::open(v, p, f)?;
        let question = object.required("question", f, id);
        let value = object.required("value", f, |v, p, f| match v {
            Value::Number(_) => {
                let range = (i64::from(i32::MIN), i64::from(i32::MAX));
                walk::integer(v, p, f, range).map(|n| AnswerValue::Number(n as i32))
            }
            Value::String(_) => text(v, p, f).map(AnswerValue::Text),
            _ => walk::list(v, p, f, (0, crate::file::limits::OPTIONS), id).map(AnswerValue::Options),
        });
        object.close(f);
        Some(Answer { question: question?, value: value? })
    })
}

pub(super) fn notice(value: &Value, path: &str, faults: &mut Faults) -> Option<String> {
    text(value, path, faults)
}
