//! What a receipt holds, and its bytes.

use crate::code;
use crate::result::{ResultFile, seconds};
use crate::session::{Answer, Outcome};

/// The version of the bytes.
const VERSION: u8 = 1;

/// A result at one value a second.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    /// The session's id, which is the withdrawal code.
    pub session: String,
    /// First eight bytes of the study's `measure_sha256`, in 16 digits.
    pub measure_sha256_prefix: String,
    /// First four bytes of the classifier's SHA-256, in 8 digits: numbers of different models are never averaged.
    pub classifier_sha256_prefix: String,
    /// Name of the mapping.
    pub mapping: String,
    /// How the session ended.
    pub outcome: Outcome,
    /// Whether this was a preview.
    pub preview: bool,
    /// The participant's id; empty where there is none.
    pub participant: String,
    /// The group's id; empty where there is none.
    pub group: String,
    /// The row of the order; 0 where there is none.
    pub row: u32,
    /// When the participant agreed, to the minute.
    pub consented_at: String,
    /// Faces at rest: from which exposure on, and raw depths 0 to 255.
    pub baselines: Vec<(u32, [u8; 7])>,
    /// What was shown.
    pub exposures: Vec<ReceiptExposure>,
    /// What was answered.
    pub answers: Vec<Answer>,
}

/// One stimulus, shown once.
#[derive(Debug, Clone, PartialEq)]
pub struct ReceiptExposure {
    /// The stimulus's id.
    pub stimulus: String,
    /// Which attempt.
    pub attempt: u32,
    /// From 6 to 1.
    pub grade: u32,
    /// Whether the showing broke off.
    pub interrupted: bool,
    /// How far it was played, in milliseconds.
    pub media_ms: u32,
    /// How long it lasts, in milliseconds.
    pub duration_ms: u32,
    /// One entry for each second: mean raw depths, 0 to 255 for 0 to 1; nothing where the second is missing.
    pub seconds: Vec<Option<[u8; 7]>>,
}

/// 0..10,000 to 0..255, rounded.
fn byte(value: u16) -> u8 {
    ((u32::from(value) * 255 + 5_000) / 10_000).min(255) as u8
}

impl Receipt {
    /// What of a result goes into its receipt.
    pub fn of(result: &ResultFile) -> Self {
        let session = &result.session;
        let prefix = |hash: &str, digits: usize| hash.chars().take(digits).collect();
        Self {
            session: session.id.clone(),
            measure_sha256_prefix: prefix(&result.study.measure_sha256, 16),
            classifier_sha256_prefix: prefix(&result.models.classifier_sha256, 8),
            mapping: result.models.mapping.clone(),
            outcome: session.outcome,
            preview: session.preview,
            participant: session.participant.clone().unwrap_or_default(),
            group: session.group.clone().unwrap_or_default(),
            row: session.row.unwrap_or(0),
            consented_at: session.consented_at.clone(),
            baselines: result.baselines.iter().map(|b| (b.from_exposure, b.raw.map(byte))).collect(),
            exposures: result
                .exposures
                .iter()
                .enumerate()
                .map(|(index, exposure)| ReceiptExposure {
                    stimulus: exposure.stimulus.clone(),
                    attempt: exposure.attempt,
                    grade: exposure.grade,
                    interrupted: exposure.interrupted.is_some(),
                    media_ms: exposure.media_ms,
                    duration_ms: exposure.duration_ms,
                    seconds: seconds(
                        &result.samples,
                        result.samples.range_of(index as u16),
                        exposure.duration_ms,
                        session.sample_rate_hz,
                    )
                    .into_iter()
                    .map(|second| second.raw.map(|raw| raw.map(byte)))
                    .collect(),
                })
                .collect(),
            answers: result.answers.clone(),
        }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Out(vec![VERSION]);
        out.0.extend(code::session_bytes(&self.session).unwrap_or_default());
        out.hex(&self.measure_sha256_prefix, 8);
        out.hex(&self.classifier_sha256_prefix, 4);
        out.text(&self.mapping);
        let outcome = Outcome::ALL.iter().position(|known| *known == self.outcome).unwrap_or(0) as u8;
        out.0.push(outcome | u8::from(self.preview) << 7);
        out.text(&self.participant);
        out.text(&self.group);
        out.number(self.row);
        out.text(&self.consented_at);
        out.number(self.baselines.len() as u32);
        for (from, raw) in &self.baselines {
            out.number(*from);
            out.0.extend(raw);
        }
        out.number(self.exposures.len() as u32);
        for exposure in &self.exposures {
            out.text(&exposure.stimulus);
            out.number(exposure.attempt);
            out.0.push(exposure.grade as u8 | u8::from(exposure.interrupted) << 7);
            out.number(exposure.media_ms);
            out.number(exposure.duration_ms);
            out.number(exposure.seconds.len() as u32);
            for eight in exposure.seconds.chunks(8) {
                let bit = |(index, second): (usize, &Option<[u8; 7]>)| u8::from(second.is_some()) << index;
                out.0.push(eight.iter().enumerate().map(bit).sum());
            }
        }
        // Columns of differences pack better than rows: emotion by emotion over all exposures.
        for emotion in 0..7 {
            let mut before = 0_u8;
            for value in self.exposures.iter().flat_map(|exposure| exposure.seconds.iter().flatten()) {
                out.0.push(value[emotion].wrapping_sub(before));
                before = value[emotion];
            }
        }
        out.text(&serde_json::to_string(&self.answers).unwrap_or_default()); // plain data: it cannot fail
        out.0
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut input = Input(bytes);
        if input.take(1)? != [VERSION] {
            return None;
        }
        let session = code::session_id(input.take(code::SESSION_BYTES)?.try_into().ok()?);
        let measure_sha256_prefix = hex(input.take(8)?);
        let classifier_sha256_prefix = hex(input.take(4)?);
        let mapping = input.text()?;
        let flags = input.byte()?;
        let outcome = *Outcome::ALL.get(usize::from(flags & 0x7f))?;
        let participant = input.text()?;
        let group = input.text()?;
        let row = input.number()?;
        let consented_at = input.text()?;
        let mut baselines = Vec::new();
        for _ in 0..input.number()? {
            baselines.push((input.number()?, input.take(7)?.try_into().ok()?));
        }
        let mut exposures = Vec::new();
        for _ in 0..input.number()? {
            let stimulus = input.text()?;
            let attempt = input.number()?;
            let grade = input.byte()?;
            let (media_ms, duration_ms) = (input.number()?, input.number()?);
            let count = input.number()? as usize;
            // The mask must be there before memory is taken for what it announces.
            let mask = input.take(count.div_ceil(8))?;
            let there = |index: usize| mask[index / 8] >> (index % 8) & 1 == 1;
            exposures.push(ReceiptExposure {
                stimulus,
                attempt,
                grade: u32::from(grade & 0x7f),
                interrupted: grade & 0x80 != 0,
                media_ms,
                duration_ms,
                seconds: (0..count).map(|index| there(index).then_some([0; 7])).collect(),
            });
        }
        for emotion in 0..7 {
            let mut before = 0_u8;
            for exposure in &mut exposures {
                for value in exposure.seconds.iter_mut().flatten() {
                    before = before.wrapping_add(input.byte()?);
                    value[emotion] = before;
                }
            }
        }
        let answers = serde_json::from_str(&input.text()?).ok()?;
        if !input.0.is_empty() {
            return None;
        }
        Some(Self {
            session,
            measure_sha256_prefix,
            classifier_sha256_prefix,
            mapping,
            outcome,
            preview: flags & 0x80 != 0,
            participant,
            group,
            row,
            consented_at,
            baselines,
            exposures,
            answers,
        })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes that are written.
struct Out(Vec<u8>);

impl Out {
    /// Seven bits a byte, the lowest first; the eighth says that more follow.
    fn number(&mut self, mut value: u32) {
        while value >= 0x80 {
            self.0.push(value as u8 & 0x7f | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    /// Length and UTF-8.
    fn text(&mut self, text: &str) {
        self.number(text.len() as u32);
        self.0.extend(text.as_bytes());
    }

    /// Exactly `bytes` bytes out of hexadecimal digits.
    fn hex(&mut self, digits: &str, bytes: usize) {
        for index in 0..bytes {
            let pair = digits.get(2 * index..2 * index + 2).unwrap_or("00");
            self.0.push(u8::from_str_radix(pair, 16).unwrap_or(0));
        }
    }
}

/// Bytes that are read.
struct Input<'b>(&'b [u8]);

impl<'b> Input<'b> {
    fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (head, tail) = self.0.split_at_checked(count)?;
        self.0 = tail;
        Some(head)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|bytes| bytes[0])
    }

    fn number(&mut self) -> Option<u32> {
        let mut value = 0_u64;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(value).ok();
            }
        }
        None
    }

    fn text(&mut self) -> Option<String> {
        let length = self.number()? as usize;
        String::from_utf8(self.take(length)?.to_vec()).ok()
    }
}
