//! `models/manifest.json`: which files the engine needs, their hashes, shapes, labels and calibration.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::depth::{Calibration, LOGIT_COUNT, Mixture};

/// The classifier's FER2013 classes, in the order of its first seven logits.
pub const CLASSES: [&str; 7] = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"];

/// The photo study's columns, in the order of the classifier's last eight logits.
pub const PHOTO: [&str; 8] = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral", "other"];

/// The FER+ columns, in the order of the ten logits after the classes.
pub const VOTES: [&str; 10] =
    ["neutral", "happy", "surprise", "sad", "angry", "disgust", "fear", "contempt", "unknown", "not_face"];

/// The format of the manifest that this engine reads.
const FORMAT: u32 = 2;

/// The manifest, checked: see [`Manifest::parse`]. Keys that the engine does not need are left out.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Manifest {
    /// Version of the manifest's own format.
    pub format: u32,
    pub detector: DetectorEntry,
    pub classifier: ClassifierEntry,
    pub alignment: Alignment,
}

/// A file of a release.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ModelFile {
    /// Name beside the manifest.
    pub file: String,
    /// SHA-256 of the file, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Length of the file.
    pub bytes: u64,
}

/// The plan file that was made of an ONNX file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct PlanEntry {
    #[serde(flatten)]
    pub file: ModelFile,
    /// SHA-256 of the ONNX file.
    pub source_sha256: String,
}

/// The face detector's files.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct DetectorEntry {
    /// The ONNX file, the source of truth.
    #[serde(flatten)]
    pub source: ModelFile,
    /// What the engine loads; `None`: the ONNX file itself.
    pub plan: Option<PlanEntry>,
    /// Shape of the input; the engine knows only `[1, 128, 128, 3]`.
    pub input: Vec<usize>,
}

/// The classifier's files, labels and calibration.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ClassifierEntry {
    /// The ONNX file, the source of truth.
    #[serde(flatten)]
    pub source: ModelFile,
    /// What the engine loads; `None`: the ONNX file itself.
    pub plan: Option<PlanEntry>,
    /// Shape of the input; the engine knows only `[1, 1, 48, 48]`.
    pub input: Vec<usize>,
    /// How pixels become numbers; the engine knows only `luma / 255`.
    pub normalisation: String,
    /// Shape of the output; the engine knows only `[1, 25]`.
    pub output: Vec<usize>,
    /// Must equal [`CLASSES`].
    pub classes: Vec<String>,
    /// Must equal [`VOTES`].
    pub votes: Vec<String>,
    /// Must equal [`PHOTO`].
    pub photo: Vec<String>,
    pub calibration: Calibration,
    /// How the depths are mixed of both studies' mappings.
    pub mixture: Mixture,
}

/// Where eyes, nose and mouth lie in an aligned crop, in its pixels: `[x, y]`, left and right as in the
/// picture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Alignment {
    /// Side of the crop in pixels; the engine knows only 48.
    pub size: usize,
    pub left_eye: [f32; 2],
    pub right_eye: [f32; 2],
    pub nose: [f32; 2],
    pub mouth: [f32; 2],
}

/// Why a manifest, or a file that it names, is not accepted.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ManifestError {
    #[error("manifest.json cannot be read: {0}")]
    Syntax(String),
    #[error("manifest.json: `{key}` is {actual}, but this engine needs {expected}")]
    Value { key: &'static str, expected: String, actual: String },
    #[error(
        "{file} has {actual} bytes instead of {expected}: it is incomplete, or not the file of this release"
    )]
    Length { file: String, expected: u64, actual: u64 },
    #[error("{file} is damaged, or not the file of this release: its SHA-256 is {actual}, not {expected}")]
    Hash { file: String, expected: String, actual: String },
}

impl Manifest {
    /// Read and check a manifest.
    ///
    /// # Errors
    /// [`ManifestError::Syntax`] where it is no JSON or lacks a key, [`ManifestError::Value`] where a
    /// value is not one that this engine knows.
    pub fn parse(json: &[u8]) -> Result<Self, ManifestError> {
        let manifest: Self =
            serde_json::from_slice(json).map_err(|error| ManifestError::Syntax(error.to_string()))?;
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), ManifestError> {
        let classifier = &self.classifier;
        expect("format", &FORMAT, &self.format)?;
        expect("detector.input", &[1, 128, 128, 3].as_slice(), &self.detector.input.as_slice())?;
        expect("classifier.input", &[1, 1, 48, 48].as_slice(), &classifier.input.as_slice())?;
        expect("classifier.output", &[1, LOGIT_COUNT].as_slice(), &classifier.output.as_slice())?;
        expect("classifier.normalisation", &"luma / 255", &classifier.normalisation.as_str())?;
        expect("classifier.classes", &CLASSES.to_vec(), &names(&classifier.classes))?;
        expect("classifier.votes", &VOTES.to_vec(), &names(&classifier.votes))?;
        expect("classifier.photo", &PHOTO.to_vec(), &names(&classifier.photo))?;
        expect("alignment.size", &48, &self.alignment.size)?;
        let plans = [
            ("detector.plan.source_sha256", &self.detector.source, &self.detector.plan),
            ("classifier.plan.source_sha256", &classifier.source, &classifier.plan),
        ];
        for (key, source, plan) in plans {
            // Another network was put in, and its plan not made: `cargo xtask models` makes it.
            expect(key, &&source.sha256, &plan.as_ref().map_or(&source.sha256, |plan| &plan.source_sha256))?;
        }
        if !classifier.calibration.is_finite() {
            return Err(ManifestError::Value {
                key: "classifier.calibration",
                expected: "finite numbers".into(),
                actual: format!("{:?}", classifier.calibration),
            });
        }
        if !(0.0..=1.0).contains(&classifier.mixture.ferplus) {
            return Err(ManifestError::Value {
                key: "classifier.mixture",
                expected: "a share of 0 to 1".into(),
                actual: classifier.mixture.ferplus.to_string(),
            });
        }
        self.alignment.check()
    }

    /// The detector's file that the engine loads.
    pub fn detector_file(&self) -> &ModelFile {
        loaded(&self.detector.source, self.detector.plan.as_ref())
    }

    /// The classifier's file that the engine loads.
    pub fn classifier_file(&self) -> &ModelFile {
        loaded(&self.classifier.source, self.classifier.plan.as_ref())
    }
}

fn loaded<'a>(source: &'a ModelFile, plan: Option<&'a PlanEntry>) -> &'a ModelFile {
    plan.map_or(source, |plan| &plan.file)
}

impl ModelFile {
    /// Check a file against its entry.
    ///
    /// # Errors
    /// [`ManifestError::Length`] or [`ManifestError::Hash`].
    pub fn check(&self, bytes: &[u8]) -> Result<(), ManifestError> {
        check_bytes(&self.file, bytes, self.bytes, &self.sha256)
    }
}

impl Alignment {
    /// The points lie in the crop, the left eye left of the right one, the eyes above the mouth.
    fn check(&self) -> Result<(), ManifestError> {
        let points = [self.left_eye, self.right_eye, self.nose, self.mouth];
        let inside = points.iter().flatten().all(|at| (0.0..=self.size as f32).contains(at));
        let upright = self.left_eye[0] < self.right_eye[0]
            && self.left_eye[1] < self.mouth[1]
            && self.right_eye[1] < self.mouth[1];
        if inside && upright {
            return Ok(());
        }
        Err(ManifestError::Value {
            key: "alignment",
            expected: "an upright face inside the crop".into(),
            actual: format!("{points:?}"),
        })
    }
}

/// Check a file's length and SHA-256 (64 lower-case hexadecimal digits).
///
/// # Errors
/// [`ManifestError::Length`] or [`ManifestError::Hash`].
pub fn check_bytes(file: &str, bytes: &[u8], length: u64, sha256: &str) -> Result<(), ManifestError> {
    if bytes.len() as u64 != length {
        return Err(ManifestError::Length {
            file: file.into(),
            expected: length,
            actual: bytes.len() as u64,
        });
    }
    let actual: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    if actual != sha256 {
        return Err(ManifestError::Hash { file: file.into(), expected: sha256.into(), actual });
    }
    Ok(())
}

fn names(owned: &[String]) -> Vec<&str> {
    owned.iter().map(String::as_str).collect()
}

fn expect<T: PartialEq + std::fmt::Debug>(
    key: &'static str,
    expected: &T,
    actual: &T,
) -> Result<(), ManifestError> {
    if expected == actual {
        return Ok(());
    }
    Err(ManifestError::Value { key, expected: format!("{expected:?}"), actual: format!("{actual:?}") })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn valid() -> Value {
        json!({
            "format": 2,
            "detector": {"file": "d.onnx", "sha256": "aa", "bytes": 3, "plan": null, "input": [1, 128, 128, 3]},
            "classifier": {
                "file": "c.onnx", "sha256": "bb", "bytes": 4, "input": [1, 1, 48, 48],
                "normalisation": "luma / 255", "output": [1, 25], "classes": CLASSES, "votes": VOTES, "photo": PHOTO,
                "mixture": {"ferplus": 0.5},
                "calibration": {
                    "class_scale": [1, 1, 1, 1, 1, 1, 1], "class_bias": [0, 0, 0, 0, 0, 0, 0],
                    "vote_scale": [1, 1, 1, 1, 1, 1, 1, 1, 1, 1], "vote_bias": [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
                }
            },
            "alignment": {"size": 48, "left_eye": [15, 18], "right_eye": [33, 18], "nose": [24, 28], "mouth": [24, 37]},
            "figures": {"accuracy": 0.7}
        })
    }

    fn parse(value: &Value) -> Result<Manifest, ManifestError> {
        Manifest::parse(value.to_string().as_bytes())
    }

    #[test]
    fn a_valid_manifest_is_read() {
        let manifest = parse(&valid()).unwrap();
        assert_eq!(manifest.classifier.source.file, "c.onnx");
        assert_eq!(manifest.classifier_file().file, "c.onnx");
        assert_eq!(manifest.alignment.mouth, [24.0, 37.0]);
    }

    #[test]
    fn a_plan_is_loaded_in_the_place_of_its_source() {
        let mut manifest = valid();
        manifest["classifier"]["plan"] =
            json!({"file": "c.plan", "sha256": "cc", "bytes": 2, "source_sha256": "bb"});
        let manifest = parse(&manifest).unwrap();
        assert_eq!(manifest.classifier_file().file, "c.plan");
        assert_eq!(manifest.detector_file().file, "d.onnx");
    }

    #[test]
    fn what_the_engine_does_not_know_is_refused_by_its_key() {
        let cases = [
            ("/format", json!(1), "format"),
            ("/classifier/photo/7", json!("none"), "classifier.photo"),
            ("/classifier/mixture/ferplus", json!(1.5), "classifier.mixture"),
            ("/detector/input", json!([1, 3, 128, 128]), "detector.input"),
            ("/classifier/votes/7", json!("boredom"), "classifier.votes"),
            ("/classifier/classes/0", json!("anger"), "classifier.classes"),
            ("/classifier/normalisation", json!("luma"), "classifier.normalisation"),
            (
                "/detector/plan",
                json!({"file": "d.plan", "sha256": "cc", "bytes": 2, "source_sha256": "ab"}),
                "detector.plan.source_sha256",
            ),
            ("/alignment/left_eye", json!([40, 18]), "alignment"),
            ("/alignment/nose", json!([24, 49]), "alignment"),
        ];
        for (pointer, value, key) in cases {
            let mut manifest = valid();
            *manifest.pointer_mut(pointer).unwrap() = value;
            match parse(&manifest) {
                Err(ManifestError::Value { key: refused, .. }) => assert_eq!(refused, key),
                other => panic!("{pointer}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_missing_key_and_broken_json_are_named() {
        let mut manifest = valid();
        manifest.as_object_mut().unwrap().remove("alignment");
        let error = parse(&manifest).unwrap_err().to_string();
        assert!(error.contains("alignment"), "{error}");
        assert!(matches!(Manifest::parse(b"{"), Err(ManifestError::Syntax(_))));
    }

    #[test]
    fn files_are_checked_by_length_and_hash() {
        // printf abc | sha256sum
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(check_bytes("f", b"abc", 3, abc), Ok(()));
        assert!(matches!(check_bytes("f", b"ab", 3, abc), Err(ManifestError::Length { actual: 2, .. })));
        assert!(matches!(check_bytes("f", b"abd", 3, abc), Err(ManifestError::Hash { .. })));
    }
}
