//! The one table of a sample's fields: name, unit, meaning, and how the values are kept.
//!
//! The page's explanations, docs/formats.md, the tables' header, the columns in memory ([`crate::store`]) and the journal's
//! entries all follow from it. CONTRIBUTING.md has the recipe "add a sample's field".

use std::borrow::Cow;

use super::Sample;
use emotion_core::emotion::{Depths, Emotion};
use emotion_core::reading::Reason;

/// How a field stands in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cells {
    /// One column of the field's name.
    One,
    /// Four columns, `.x`, `.y`, `.w` and `.h`.
    Box,
    /// A column for each emotion: `raw.angry` to `raw.neutral`.
    Emotions,
}

/// A field's values: where they stand in a [`Sample`], and with that how they are kept. `get` gives `None` for null; `set` is
/// only called for what is not null, on a sample in which everything is.
#[derive(Debug, Clone, Copy)]
pub enum Values {
    /// A number of 8 bytes: times, which go on for hours and have thousandths.
    Long { get: fn(&Sample) -> Option<f64>, set: fn(&mut Sample, f64) },
    /// A whole number of 4 bytes, below 2^32 - 1.
    Whole { get: fn(&Sample) -> Option<u32>, set: fn(&mut Sample, u32) },
    /// A number of 4 bytes.
    Real { get: fn(&Sample) -> Option<f32>, set: fn(&mut Sample, f32) },
    /// Four numbers of 4 bytes.
    Box { get: fn(&Sample) -> Option<[f32; 4]>, set: fn(&mut Sample, [f32; 4]) },
    /// Seven numbers of 4 bytes, in the order of `Emotion::ALL`.
    Emotions { get: fn(&Sample) -> Option<Depths>, set: fn(&mut Sample, Depths) },
    /// Text, each one once, and 4 bytes that tell which.
    Text { get: fn(&Sample) -> Option<Cow<'_, str>>, set: fn(&mut Sample, &str) },
    /// Not kept: follows from `depth` ([`Sample::with_depth`]).
    Follows,
    /// In tables only, the same in every row.
    OfSession,
}

/// A field of [`Sample`], or a column that only tables have.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// As in JSON.
    pub name: &'static str,
    pub cells: Cells,
    /// What stands there in JSON.
    pub kind: &'static str,
    /// Of its numbers: ms, degrees, share (of one); empty where there is none.
    pub unit: &'static str,
    /// In short words, names of fields between backticks.
    pub meaning: &'static str,
    pub values: Values,
}

impl Field {
    /// The names of its columns, in order.
    pub fn columns(&self) -> Vec<String> {
        let name = self.name;
        match self.cells {
            Cells::One => vec![name.to_owned()],
            Cells::Box => ["x", "y", "w", "h"].map(|side| format!("{name}.{side}")).into(),
            Cells::Emotions => Emotion::ALL.map(|emotion| format!("{name}.{}", emotion.name())).into(),
        }
    }
}

/// Where a field stands in [`FIELDS`]; a name that is not there does not compile.
pub(crate) const fn place(name: &str) -> usize {
    let mut at = 0;
    while at < FIELDS.len() {
        if equal(FIELDS[at].name.as_bytes(), name.as_bytes()) {
            return at;
        }
        at += 1;
    }
    panic!("no field has this name");
}

const fn equal(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

/// What stands between the codes of a list that is kept as one text.
const BETWEEN_CODES: char = ';';

fn reasons(sample: &Sample) -> Option<Cow<'_, str>> {
    match sample.quality_reasons.as_slice() {
        [] => None,
        [reason] => Some(Cow::Borrowed(reason.code())),
        [first, others @ ..] => {
            let mut text = first.code().to_owned();
            for reason in others {
                text.push(BETWEEN_CODES);
                text.push_str(reason.code());
            }
            Some(Cow::Owned(text))
        }
    }
}

/// Codes that are not known, of a newer version, are left out.
fn set_reasons(sample: &mut Sample, text: &str) {
    let known = |code: &str| Reason::ALL.into_iter().find(|reason| reason.code() == code);
    sample.quality_reasons = text.split(BETWEEN_CODES).filter_map(known).collect();
}

const fn field(
    name: &'static str,
    unit: &'static str,
    values: Values,
    kind: &'static str,
    meaning: &'static str,
) -> Field {
    let cells = match values {
        Values::Box { .. } => Cells::Box,
        Values::Emotions { .. } => Cells::Emotions,
        _ => Cells::One,
    };
    Field { name, cells, kind, unit, meaning, values }
}

const fn setting(name: &'static str, kind: &'static str, meaning: &'static str) -> Field {
    field(name, "", Values::OfSession, kind, meaning)
}

/// The fields of a sample, in order. This table is all that has to change, beside the field of [`Sample`] itself.
pub const FIELDS: [Field; 22] = [
    field(
        "time_ms",
        "ms",
        Values::Long { get: |s| Some(s.time_ms), set: |s, value| s.time_ms = value },
        "number",
        "capture time of the frame since the recording began, or its time in the video, in milliseconds, to a thousandth",
    ),
    field(
        "face",
        "",
        Values::Whole { get: |s| s.face, set: |s, value| s.face = Some(value) },
        "integer or null",
        "id of the face: stable while it is followed, and through a pause of up to five minutes where a face is at the same place; never given again, from 1",
    ),
    field(
        "box",
        "share",
        Values::Box { get: |s| s.face_box, set: |s, value| s.face_box = Some(value) },
        "[x, y, w, h] or null",
        "left, top, width and height as shares of the frame's width and height, 0..1, cut to the frame",
    ),
    field(
        "score",
        "share",
        Values::Real { get: |s| s.score, set: |s, value| s.score = Some(value) },
        "number or null",
        "the detector's confidence, 0..1",
    ),
    field(
        "yaw",
        "degrees",
        Values::Real { get: |s| s.yaw, set: |s, value| s.yaw = Some(value) },
        "number or null",
        "degrees; positive: turned to the picture's right",
    ),
    field(
        "pitch",
        "degrees",
        Values::Real { get: |s| s.pitch, set: |s, value| s.pitch = Some(value) },
        "number or null",
        "degrees; positive: looking up",
    ),
    field(
        "roll",
        "degrees",
        Values::Real { get: |s| s.roll, set: |s, value| s.roll = Some(value) },
        "number or null",
        "degrees; positive: tilted clockwise in the picture",
    ),
    field(
        "quality",
        "share",
        Values::Real { get: |s| Some(s.quality), set: |s, value| s.quality = value },
        "number",
        "how far the reading can be trusted, 0..1; 0 without a face, and below 0.5 nothing is shown",
    ),
    field(
        "quality_reasons",
        "",
        Values::Text { get: reasons, set: set_reasons },
        "list of codes",
        "what is wrong, the worst first; empty for a good picture",
    ),
    field(
        "emotion",
        "",
        Values::Follows,
        "name or null",
        "the largest depth; of equals the first from angry to neutral",
    ),
    field(
        "raw",
        "share",
        Values::Emotions { get: |s| s.raw, set: |s, value| s.raw = Some(value) },
        "seven numbers or null",
        "the depth of this frame alone, each 0..1: for statistics",
    ),
    field(
        "range_low",
        "share",
        Values::Emotions { get: |s| s.range_low, set: |s, value| s.range_low = Some(value) },
        "seven numbers or null",
        "of each emotion the share of viewers by the rating study that finds fewer, 0..1; `raw` is not below it",
    ),
    field(
        "range_high",
        "share",
        Values::Emotions { get: |s| s.range_high, set: |s, value| s.range_high = Some(value) },
        "seven numbers or null",
        "the same by the study that finds more; `raw` is not above it",
    ),
    field(
        "depth",
        "share",
        Values::Emotions { get: |s| s.depth, set: |s, value| s.set_depth(Some(value)) },
        "seven numbers or null",
        "`raw` after smoothing, each 0..1",
    ),
    field(
        "baseline_corrected",
        "share",
        Values::Emotions {
            get: |s| s.baseline_corrected,
            set: |s, value| s.baseline_corrected = Some(value),
        },
        "seven numbers or null",
        "`depth` minus the personal neutral, each -1..1",
    ),
    field(
        "valence",
        "share",
        Values::Real { get: |s| s.valence, set: |s, value| s.valence = Some(value) },
        "number or null",
        "-1..1: `depth` of happy minus those of angry, disgust, fear and sad",
    ),
    field(
        "intensity",
        "share",
        Values::Real { get: |s| s.intensity, set: |s, value| s.intensity = Some(value) },
        "number or null",
        "0..1: 1 minus `depth` of neutral",
    ),
    field(
        "source",
        "",
        Values::Text {
            get: |s| s.source.as_deref().map(Cow::Borrowed),
            set: |s, value| s.source = Some(value.to_owned()),
        },
        "text, may be absent",
        "name of the file that the frame came from; absent for the camera",
    ),
    field(
        "phase",
        "",
        Values::Text {
            get: |s| s.phase.as_deref().map(Cow::Borrowed),
            set: |s, value| s.phase = Some(value.to_owned()),
        },
        "text, may be absent",
        "phase of a study; kept free for studies, this version never writes it",
    ),
    field(
        "stimulus",
        "",
        Values::Text {
            get: |s| s.stimulus.as_deref().map(Cow::Borrowed),
            set: |s, value| s.stimulus = Some(value.to_owned()),
        },
        "text, may be absent",
        "the stimulus that was shown; as `phase`",
    ),
    field(
        "stimulus_time_ms",
        "ms",
        Values::Long { get: |s| s.stimulus_time_ms, set: |s, value| s.stimulus_time_ms = Some(value) },
        "number, may be absent",
        "how long it had been shown, in milliseconds; as `phase`",
    ),
    field(
        "smoothing_time_ms",
        "ms",
        Values::Long { get: |s| s.smoothing_time_ms, set: |s, value| s.smoothing_time_ms = Some(value) },
        "number, may be absent",
        "smoothing time of this row's `depth`, in milliseconds, of a video to each side; 0 is none; absent without a depth",
    ),
];

/// What a table has beside the samples' fields, the same in every row: which format, and how the numbers were made.
pub const SETTINGS: [Field; 7] = [
    setting("format_version", "number", "version of this table"),
    setting(
        "session.started_at",
        "text or null",
        "moment of `time_ms` 0, of a video the moment of reading it, ISO 8601 in UTC; empty for pictures",
    ),
    setting("session.app_version", "text", "version of the program"),
    setting(
        "session.models.detector_sha256_prefix",
        "text",
        "first 12 digits of the face detector's SHA-256",
    ),
    setting(
        "session.models.classifier_sha256_prefix",
        "text",
        "first 12 digits of the SHA-256 of the network that reads expressions",
    ),
    setting(
        "session.smoothing_time_ms",
        "number",
        "smoothing time of `depth` at the recording's end, in milliseconds, of a video to each side; 0 is none",
    ),
    setting(
        "session.doubtful_baselines",
        "text or null",
        "ids of the faces whose personal neutral is doubtful: viewers would not call it neutral",
    ),
];
