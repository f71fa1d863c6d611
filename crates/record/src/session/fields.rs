//! What each field of a sample means, in the words that the page shows and docs/formats.md repeats.

use emotion_core::emotion::Emotion;

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

/// A field of [`super::Sample`], or a column that only tables have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// As in JSON.
    pub name: &'static str,
    pub cells: Cells,
    /// What stands there in JSON.
    pub kind: &'static str,
    /// In short words, names of fields between backticks.
    pub meaning: &'static str,
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

const fn field(name: &'static str, cells: Cells, kind: &'static str, meaning: &'static str) -> Field {
    Field { name, cells, kind, meaning }
}

/// The fields of a sample, in order.
pub const FIELDS: [Field; 19] = [
    field(
        "time_ms",
        Cells::One,
        "number",
        "capture time of the frame since the recording began, or its time in the video, in milliseconds, to a thousandth",
    ),
    field(
        "face",
        Cells::One,
        "integer or null",
        "id of the face: stable while it is followed, and through a pause of up to five minutes where a face is at the same place; never given again, from 1",
    ),
    field(
        "box",
        Cells::Box,
        "[x, y, w, h] or null",
        "left, top, width and height as shares of the frame's width and height, 0..1, cut to the frame",
    ),
    field("score", Cells::One, "number or null", "the detector's confidence, 0..1"),
    field("yaw", Cells::One, "number or null", "degrees; positive: turned to the picture's right"),
    field("pitch", Cells::One, "number or null", "degrees; positive: looking up"),
    field("roll", Cells::One, "number or null", "degrees; positive: tilted clockwise in the picture"),
    field(
        "quality",
        Cells::One,
        "number",
        "how far the reading can be trusted, 0..1; 0 without a face, and below 0.5 nothing is shown",
    ),
    field(
        "quality_reasons",
        Cells::One,
        "list of codes",
        "what is wrong, the worst first; empty for a good picture",
    ),
    field(
        "emotion",
        Cells::One,
        "name or null",
        "the largest depth; of equals the first from angry to neutral",
    ),
    field(
        "raw",
        Cells::Emotions,
        "seven numbers or null",
        "the calibrated output for this frame alone, each 0..1: for statistics",
    ),
    field("depth", Cells::Emotions, "seven numbers or null", "`raw` after smoothing, each 0..1"),
    field(
        "baseline_corrected",
        Cells::Emotions,
        "seven numbers or null",
        "`depth` minus the personal neutral, each -1..1",
    ),
    field(
        "valence",
        Cells::One,
        "number or null",
        "-1..1: `depth` of happy minus those of angry, disgust, fear and sad",
    ),
    field("intensity", Cells::One, "number or null", "0..1: 1 minus `depth` of neutral"),
    field(
        "source",
        Cells::One,
        "text, may be absent",
        "name of the file that the frame came from; absent for the camera",
    ),
    field(
        "phase",
        Cells::One,
        "text, may be absent",
        "phase of a study; kept free for studies, this version never writes it",
    ),
    field("stimulus", Cells::One, "text, may be absent", "the stimulus that was shown; as `phase`"),
    field(
        "stimulus_time_ms",
        Cells::One,
        "number, may be absent",
        "how long it had been shown, in milliseconds; as `phase`",
    ),
];

/// What a table has beside the samples' fields, the same in every row: which format, and how the numbers were made.
pub const SETTINGS: [Field; 6] = [
    field("format_version", Cells::One, "number", "version of this table"),
    field(
        "session.started_at",
        Cells::One,
        "text or null",
        "moment of `time_ms` 0, of a video the moment of reading it, ISO 8601 in UTC; empty for pictures",
    ),
    field("session.app_version", Cells::One, "text", "version of the program"),
    field(
        "session.models.detector_sha256_prefix",
        Cells::One,
        "text",
        "first 12 digits of the face detector's SHA-256",
    ),
    field(
        "session.models.classifier_sha256_prefix",
        Cells::One,
        "text",
        "first 12 digits of the SHA-256 of the network that reads expressions",
    ),
    field(
        "session.smoothing_time_ms",
        Cells::One,
        "number",
        "smoothing time of `depth` at the recording's end, in milliseconds, of a video to each side; 0 is none",
    ),
];
