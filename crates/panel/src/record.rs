//! One person's session as the panel keeps it: small, and the same of a result file and of a receipt.

use emotion_study::receipt::Receipt;
use emotion_study::result::{OTHER_FACE, ResultFile, Shown};
use emotion_study::session::{Answer, Outcome};
use serde::{Deserialize, Serialize};

/// Digits of the measure's hash that are compared: those of a receipt.
const MEASURE_DIGITS: usize = 16;
/// Digits of a model's hash that are compared.
const MODEL_DIGITS: usize = 8;

/// What numbers come from. Only those of one origin are put together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// First 16 digits of the study's `measure_sha256`.
    pub measure: String,
    /// First 8 digits of the classifier's SHA-256.
    pub classifier: String,
    /// Name of the mapping from the network's answers to depths.
    pub mapping: String,
    /// First 8 digits of the detector's SHA-256; empty of a receipt, which does not tell it.
    pub detector: String,
}

impl Origin {
    /// Whether numbers of `self` may stand beside those of `chosen`.
    #[must_use]
    pub fn same_model(&self, chosen: &Self) -> bool {
        self.classifier == chosen.classifier
            && self.mapping == chosen.mapping
            && (self.detector == chosen.detector || self.detector.is_empty() || chosen.detector.is_empty())
    }
}

/// The readings of one exposure.
#[allow(clippy::large_enum_variant)] // a receipt's exposure is never one of many thousand
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// Of a result file.
    Samples {
        /// As the statistics count them: quality 0 where there is no face or another one.
        shown: Shown,
        /// Capture time in milliseconds since the consent.
        time_ms: Vec<u32>,
        /// Turn of the head in tenths of a degree; `i16::MIN` without a face.
        yaw: Vec<i16>,
        /// Quality as it was recorded, x 10,000.
        quality: Vec<u16>,
        /// Bit mask of the reasons.
        reasons: Vec<u16>,
    },
    /// Of a receipt: mean raw depths a second, 0 to 255 for 0 to 1.
    Seconds(Vec<Option<[u8; 7]>>),
}

/// One stimulus, shown once.
#[derive(Debug, Clone, PartialEq)]
pub struct Exposure {
    /// The stimulus's id.
    pub stimulus: String,
    /// Which attempt, from 1.
    pub attempt: u32,
    /// How long the stimulus lasts, in milliseconds.
    pub duration_ms: u32,
    /// How far it was played, in milliseconds.
    pub media_ms: u32,
    /// The grade that the participant's page gave, 6 to 1.
    pub grade: u32,
    /// Whether the showing broke off.
    pub interrupted: bool,
    /// The face at rest, 0..1; `None` if it was not taken.
    pub baseline: Option<[f64; 7]>,
    /// Seconds in which another face was seen; 0 of a receipt, which does not tell it.
    pub other_face_seconds: u32,
    /// What was read.
    pub data: Data,
}

/// One person's session.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The study's id; `None` of a receipt.
    pub study: Option<String>,
    /// What the numbers come from.
    pub origin: Origin,
    /// The session's id.
    pub session: String,
    /// The participant's id of the link.
    pub participant: Option<String>,
    /// The group of the link.
    pub group: Option<String>,
    /// The row of the order.
    pub row: Option<u32>,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether it is a preview of the study's maker.
    pub preview: bool,
    /// The day, as in the file.
    pub date: String,
    /// The kind of device; empty of a receipt.
    pub device: &'static str,
    /// Readings a second that were asked for.
    pub rate_hz: u32,
    /// What was answered.
    pub answers: Vec<Answer>,
    /// What was shown.
    pub exposures: Vec<Exposure>,
    /// Whether it comes from a receipt: seconds instead of readings, in steps of 1/255.
    pub from_receipt: bool,
}

fn prefix(hash: &str, digits: usize) -> String {
    hash.chars().take(digits).collect()
}

impl Record {
    /// Of a result file that was read and checked.
    #[must_use]
    pub fn of_result(result: &ResultFile) -> Self {
        let session = &result.session;
        let columns = &result.samples;
        let exposures = result.exposures.iter().enumerate().map(|(index, exposure)| {
            let readings = columns.range_of(u16::try_from(index).unwrap_or(u16::MAX));
            let shown = Shown::of(columns, readings.clone());
            let start = readings.end - shown.media_ms.len();
            let bin_ms = exposure.duration_ms.clamp(1, 1_000);
            let others = (start..readings.end).filter(|at| columns.reasons[*at] & OTHER_FACE != 0);
            let mut other: Vec<u32> = others.map(|at| shown.media_ms[at - start] / bin_ms).collect();
            other.dedup();
            let seconds = emotion_stats::seconds_of(exposure.duration_ms) as u32;
            Exposure {
                stimulus: exposure.stimulus.clone(),
                attempt: exposure.attempt,
                duration_ms: exposure.duration_ms,
                media_ms: exposure.media_ms,
                grade: exposure.grade,
                interrupted: exposure.interrupted.is_some(),
                baseline: result
                    .baseline_of(index as u32)
                    .map(|baseline| baseline.raw.map(|raw| f64::from(raw) / f64::from(emotion_stats::ONE))),
                other_face_seconds: other.iter().filter(|second| **second < seconds).count() as u32,
                data: Data::Samples {
                    time_ms: columns.time_ms[start..readings.end].to_vec(),
                    yaw: columns.yaw[start..readings.end].to_vec(),
                    quality: columns.quality[start..readings.end].to_vec(),
                    // Fourteen codes are known; later ones are not shown.
                    reasons: columns.reasons[start..readings.end].iter().map(|mask| *mask as u16).collect(),
                    shown,
                },
            }
        });
        Self {
            study: Some(result.study.id.clone()),
            origin: Origin {
                measure: prefix(&result.study.measure_sha256, MEASURE_DIGITS),
                classifier: prefix(&result.models.classifier_sha256, MODEL_DIGITS),
                mapping: result.models.mapping.clone(),
                detector: prefix(&result.models.detector_sha256, MODEL_DIGITS),
            },
            session: session.id.clone(),
            participant: session.participant.clone(),
            group: session.group.clone(),
            row: session.row,
            outcome: session.outcome,
            preview: session.preview,
            date: session.date.clone(),
            device: session.device.word(),
            rate_hz: session.sample_rate_hz,
            answers: result.answers.clone(),
            exposures: exposures.collect(),
            from_receipt: false,
        }
    }

    /// Of a receipt.
    #[must_use]
    pub fn of_receipt(receipt: Receipt) -> Self {
        let filled = |text: String| (!text.is_empty()).then_some(text);
        let baselines = receipt.baselines;
        let exposures = receipt.exposures.into_iter().enumerate().map(|(index, exposure)| Exposure {
            baseline: baselines
                .iter()
                .rev()
                .find(|(from, _)| *from as usize <= index)
                .map(|(_, raw)| raw.map(|byte| f64::from(byte) / 255.0)),
            stimulus: exposure.stimulus,
            attempt: exposure.attempt,
            duration_ms: exposure.duration_ms,
            media_ms: exposure.media_ms,
            grade: exposure.grade,
            interrupted: exposure.interrupted,
            other_face_seconds: 0,
            data: Data::Seconds(exposure.seconds),
        });
        Self {
            study: None,
            origin: Origin {
                measure: receipt.measure_sha256_prefix,
                classifier: receipt.classifier_sha256_prefix,
                mapping: receipt.mapping,
                detector: String::new(),
            },
            exposures: exposures.collect(),
            session: receipt.session,
            participant: filled(receipt.participant),
            group: filled(receipt.group),
            row: (receipt.row > 0).then_some(receipt.row),
            outcome: receipt.outcome,
            preview: receipt.preview,
            date: receipt.consented_at.chars().take(10).collect(),
            device: "",
            rate_hz: 1,
            answers: receipt.answers,
            from_receipt: true,
        }
    }

    /// The exposure of a stimulus that counts: the last that did not break off, else the last.
    #[must_use]
    pub fn exposure(&self, stimulus: &str) -> Option<&Exposure> {
        let mut all = self.exposures.iter().rev().filter(|exposure| exposure.stimulus == stimulus);
        all.clone().find(|exposure| !exposure.interrupted).or_else(|| all.next())
    }
}
