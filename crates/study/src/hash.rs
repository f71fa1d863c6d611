//! The two hashes of a study: of the whole file, and of what decides whether results may be merged.

use std::fmt::Write;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::file::{Media, Study};

/// SHA-256 in 64 digits of lower case.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let _ = write!(text, "{byte:02x}"); // writing into a String cannot fail
    }
    text
}

/// What tells a file from others, computed piece by piece: a video need not be in memory as a whole.
#[derive(Default)]
pub struct Fingerprint {
    sha256: Sha256,
    crc32: flate2::Crc,
    bytes: u64,
}

/// The fingerprint of a whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprinted {
    /// SHA-256 in 64 digits of lower case.
    pub sha256: String,
    /// CRC-32, as ZIP files have it.
    pub crc32: u32,
    /// Size of the file.
    pub bytes: u64,
}

impl Fingerprint {
    /// The next piece of the file.
    pub fn add(&mut self, piece: &[u8]) {
        self.sha256.update(piece);
        self.crc32.update(piece);
        self.bytes += piece.len() as u64;
    }

    /// There is no more.
    pub fn finish(self) -> Fingerprinted {
        let sha256 = hex(&self.sha256.finalize());
        Fingerprinted { sha256, crc32: self.crc32.sum(), bytes: self.bytes }
    }
}

/// What was measured: stimuli, order, rate and baseline. The fields stand in the order of the alphabet.
#[derive(Serialize)]
struct Measure<'s> {
    baseline: MeasureBaseline,
    order: MeasureOrder,
    sample_rate_hz: u32,
    stimuli: Vec<MeasureStimulus<'s>>,
}

#[derive(Serialize)]
struct MeasureBaseline {
    before_each_ms: u32,
    seconds: u32,
}

#[derive(Serialize)]
struct MeasureOrder {
    method: &'static str,
    seed: u32,
}

#[derive(Serialize)]
struct MeasureStimulus<'s> {
    duration_ms: Option<u32>,
    id: &'s str,
    kind: &'static str,
    sha256: Option<String>,
}

/// The text that [`measure_sha256`] hashes.
///
/// JSON without spaces, fields in the order of the alphabet, defaults filled in. Of a stimulus it holds id, kind, duration
/// and the SHA-256 of the file, or of a text card's text in UTF-8; a pause has none. A file's name, its size, segments,
/// groups, questions and all words of the study are left out: they may be mended while the study runs.
pub fn measure_text(study: &Study) -> String {
    let measure = Measure {
        baseline: MeasureBaseline {
            before_each_ms: study.baseline.before_each_ms,
            seconds: study.baseline.seconds,
        },
        order: MeasureOrder { method: study.order.method.word(), seed: study.order.seed },
        sample_rate_hz: study.sample_rate_hz,
        stimuli: study
            .stimuli
            .iter()
            .map(|stimulus| MeasureStimulus {
                duration_ms: stimulus.media.duration_ms(),
                id: &stimulus.id,
                kind: stimulus.media.kind(),
                sha256: match &stimulus.media {
                    Media::Video(video) => Some(video.sha256.clone()),
                    Media::Image(image) => Some(image.sha256.clone()),
                    Media::Text(card) => Some(sha256_hex(card.text.as_bytes())),
                    Media::Pause(_) => None,
                },
            })
            .collect(),
    };
    serde_json::to_string(&measure).unwrap_or_default() // plain data: it cannot fail
}

/// Results merge if and only if this is the same.
pub fn measure_sha256(study: &Study) -> String {
    sha256_hex(measure_text(study).as_bytes())
}

/// The hash of the whole file, byte for byte.
pub fn file_sha256(file: &[u8]) -> String {
    sha256_hex(file)
}
