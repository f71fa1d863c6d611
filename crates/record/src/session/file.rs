//! The session file: who recorded with what, and the samples.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use super::{OwnModel, Sample};
use crate::baseline::Baseline;

/// What the `format` field of a session file says.
pub const FORMAT: &str = "emotion-depth-session";

/// The version that this program writes. Older ones are migrated on reading, newer ones refused.
pub const VERSION: u32 = 3;

/// What every exported session says about its meaning and lawful use.
pub const NOTICE: &str = "A depth is the expected share of human viewers who would name that expression for this face, mixed of two rating studies; range_low and range_high are what the viewers of either study would say. It says nothing of what a person feels. Not to be used on employees, applicants, pupils or students (Regulation (EU) 2024/1689, Article 5), nor to decide about a person.";

/// The circumstances of one recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Date and time of the recording's begin, ISO 8601 in UTC ("2026-01-31T12:00:00.000Z").
    pub started_at: String,
    /// Version of the program that recorded.
    pub app_version: String,
    pub models: Models,
    /// The smoothing time of `depth` in milliseconds at the recording's end; 0 is none.
    pub smoothing_time_ms: f64,
    /// The personal neutrals behind `baseline_corrected`; of several for one face the last counts.
    pub baselines: Vec<Baseline>,
    /// See [`NOTICE`].
    pub notice: String,
    /// The person's own model that ran beside the built-in one; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_model: Option<OwnModel>,
}

/// SHA-256 of the model files in lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Models {
    pub detector_sha256: String,
    pub classifier_sha256: String,
}

impl Models {
    /// The hashes that a manifest (models/manifest.json) names: those of the ONNX files, from which everything else is made. Empty
    /// where it cannot be read.
    pub fn of_manifest(json: &[u8]) -> Self {
        let manifest: Value = serde_json::from_slice(json).unwrap_or_default();
        let sha256 = |model: &str| manifest[model]["sha256"].as_str().unwrap_or_default().to_owned();
        Self { detector_sha256: sha256("detector"), classifier_sha256: sha256("classifier") }
    }
}

impl Session {
    /// A session that begins now, without baselines or smoothing; `started_at` comes from the caller's clock.
    pub fn new(started_at: impl Into<String>, models: Models) -> Self {
        Self {
            started_at: started_at.into(),
            app_version: env!("CARGO_PKG_VERSION").into(),
            models,
            smoothing_time_ms: 0.0,
            baselines: Vec::new(),
            notice: NOTICE.into(),
            own_model: None,
        }
    }
}

/// A whole session file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionFile {
    /// Always [`FORMAT`].
    format: String,
    /// Always [`VERSION`]: older files are migrated on reading.
    version: u32,
    pub session: Session,
    pub samples: Vec<Sample>,
}

/// Why a text is not a session file; the message says what to do.
#[derive(Debug, Error)]
pub enum SessionError {
    #[error("The file is not JSON ({0}). Choose a session file that was saved as JSON.")]
    Json(serde_json::Error),
    #[error("The file is JSON, but not a session of Emotion Depth. Choose a session file.")]
    OtherFormat,
    #[error(
        "The session file has version {found}, and this program knows versions up to {VERSION}. Use a newer program."
    )]
    Newer { found: u64 },
    #[error("The session file is damaged: {0}. Use another copy of it.")]
    Damaged(serde_json::Error),
}

impl SessionFile {
    pub fn new(session: Session, samples: Vec<Sample>) -> Self {
        Self { format: FORMAT.into(), version: VERSION, session, samples }
    }

    /// Read a session file of this or an older version.
    ///
    /// # Errors
    /// [`SessionError`] where the text is not JSON, not a session, from a newer program, or has missing or wrong fields.
    pub fn from_json(text: &str) -> Result<Self, SessionError> {
        let mut value: Value = serde_json::from_str(text).map_err(SessionError::Json)?;
        if value["format"] != FORMAT {
            return Err(SessionError::OtherFormat);
        }
        let found =
            value["version"].as_u64().filter(|version| *version > 0).ok_or(SessionError::OtherFormat)?;
        if found > u64::from(VERSION) {
            return Err(SessionError::Newer { found });
        }
        for version in found..u64::from(VERSION) {
            migrate(&mut value, version);
        }
        serde_json::from_value(value).map_err(SessionError::Damaged)
    }
}

/// Turn a file of `version` into one of the next version, in place. From 1 to 2 `range_low` and `range_high` came: what is absent is null.
/// From 2 to 3 a baseline's `doubtful` came: absent, it is false.
/// Each new version adds its step here and a file of the old one to `tests/files`.
fn migrate(value: &mut Value, version: u64) {
    value["version"] = (version + 1).into();
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that version 1 wrote. It stays as it is for good.
    const VERSION_1: &str = include_str!("../../../../tests/files/session-1.json");

    #[test]
    fn a_file_of_version_1_is_still_read() {
        let file = SessionFile::from_json(VERSION_1).unwrap();
        assert_eq!(file.session.started_at, "2026-01-31T12:00:00.000Z");
        assert_eq!(file.session.baselines[0].neutral.sad, 0.2);
        assert_eq!(file.samples.len(), 3);
        assert_eq!(file.samples[0].depth.unwrap().happy, 0.7);
        assert_eq!(file.samples[1].depth, None);
        assert_eq!(file.samples[2].face, None);
    }

    /// A file that version 2 wrote.
    const VERSION_2: &str = include_str!("../../../../tests/files/session-2.json");

    #[test]
    fn version_1_had_no_range_and_version_2_has() {
        let old = SessionFile::from_json(VERSION_1).unwrap();
        assert!(old.samples.iter().all(|sample| sample.range_low.is_none() && sample.range_high.is_none()));
        let new = SessionFile::from_json(VERSION_2).unwrap();
        assert_eq!(new.samples[0].range_low.unwrap().happy, 0.75);
        assert_eq!(new.samples[0].range_high.unwrap().happy, 0.85);
        assert_eq!(new.samples.len(), old.samples.len());
    }

    /// A file that version 3 wrote.
    const VERSION_3: &str = include_str!("../../../../tests/files/session-3.json");

    #[test]
    fn from_version_3_on_a_doubtful_neutral_face_is_told() {
        let doubtful = |text: &str| {
            let file = SessionFile::from_json(text).unwrap();
            file.session.baselines.iter().map(|baseline| baseline.doubtful).collect::<Vec<_>>()
        };
        assert_eq!(doubtful(VERSION_2), [false]);
        assert_eq!(doubtful(VERSION_3), [false, true]);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let file = SessionFile::from_json(VERSION_1).unwrap();
        let text = serde_json::to_string(&file).unwrap();
        assert_eq!(SessionFile::from_json(&text).unwrap(), file);
        let empty = SessionFile::new(Session::new("2026-01-01T00:00:00Z", Models::default()), vec![]);
        assert_eq!(SessionFile::from_json(&serde_json::to_string(&empty).unwrap()).unwrap(), empty);
    }

    #[test]
    fn bad_files_are_refused_with_the_reason() {
        let error = |text: &str| SessionFile::from_json(text).unwrap_err();
        assert!(matches!(error("time_ms,face"), SessionError::Json(_)));
        assert!(matches!(error(&VERSION_1[..VERSION_1.len() / 2]), SessionError::Json(_)));
        for other in ["[]", "null", "7", r#"{"format": "other", "version": 1}"#] {
            assert!(matches!(error(other), SessionError::OtherFormat), "{other}");
        }
        assert!(matches!(
            error(&VERSION_1.replace("\"version\": 1", "\"version\": 0")),
            SessionError::OtherFormat
        ));
        let newer = error(&VERSION_1.replace("\"version\": 1", "\"version\": 4"));
        assert!(matches!(newer, SessionError::Newer { found: 4 }));
        assert!(newer.to_string().contains("version 4"));
        let damaged = error(&VERSION_1.replace("\"score\": 0.98", "\"score\": \"high\""));
        assert!(matches!(damaged, SessionError::Damaged(_)), "{damaged}");
    }
}
