//! Readings in columns of small integers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::emotion::EMOTIONS;

/// What stands in memory where a reading has no value; `null` in the file.
pub const MISSING: u16 = u16::MAX;
/// Most readings of a file: 30 a second for more than four hours.
pub const MAX_SAMPLES: usize = 500_000;
/// Most columns of the mapping's inputs.
pub const MAX_INPUTS: usize = 32;

/// Readings of one session. All columns have the same length.
///
/// Shares are times 10,000. In memory a sample has 34 bytes without the mapping's inputs.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(from = "Shape", into = "Shape")]
pub struct Columns {
    /// Capture time in milliseconds since the consent; it rises from reading to reading.
    pub time_ms: Vec<u32>,
    /// Time in the stimulus in milliseconds; negative in the rest before it.
    pub media_ms: Vec<i32>,
    /// Index of the exposure.
    pub exposure: Vec<u16>,
    /// Quality x 10,000.
    pub quality: Vec<u16>,
    /// Bit mask of [`super::REASONS`].
    pub reasons: Vec<u32>,
    /// Yaw in tenths of a degree, [`i16::MIN`] where there is no face.
    pub yaw: Vec<i16>,
    /// Raw depths x 10,000, from angry to neutral; [`MISSING`] where there is no face.
    pub raw: [Vec<u16>; 7],
    /// The inputs of the mapping by name, x 1,000; empty, or each as long as the others. [`i16::MIN`] where there is no face.
    pub inputs: BTreeMap<String, Vec<i16>>,
}

/// One reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading<'a> {
    /// Capture time in milliseconds since the consent.
    pub time_ms: u32,
    /// Time in the stimulus in milliseconds; negative in the rest before it.
    pub media_ms: i32,
    /// Index of the exposure.
    pub exposure: u16,
    /// Quality, 0 to 1.
    pub quality: f32,
    /// Bit mask of [`super::REASONS`].
    pub reasons: u32,
    /// Yaw in degrees and raw depths, 0 to 1; nothing without a face.
    pub face: Option<(f32, [f32; 7])>,
    /// The inputs of the mapping, where they are kept: name and value.
    pub inputs: &'a [(&'a str, f32)],
}

/// Columns do not fit each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the columns do not have the same names and lengths")]
pub struct Mixed;

/// `round(value * factor)` into the range, halves away from zero; what is no number becomes 0.
fn scaled(value: f32, factor: f32, (min, max): (f32, f32)) -> f32 {
    (value * factor).round().clamp(min, max)
}

impl Columns {
    /// Empty columns that keep these inputs of the mapping, whatever the first reading has: it may be one without a face.
    pub fn with_inputs(names: &[&str]) -> Self {
        let inputs = names.iter().take(MAX_INPUTS).map(|name| ((*name).to_owned(), Vec::new())).collect();
        Self { inputs, ..Self::default() }
    }

    /// How many readings there are.
    pub fn len(&self) -> usize {
        self.time_ms.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.time_ms.is_empty()
    }

    /// Add a reading. Inputs are kept if the first reading had the same names.
    pub fn push(&mut self, reading: &Reading<'_>) {
        let before = self.len();
        self.time_ms.push(reading.time_ms);
        self.media_ms.push(reading.media_ms);
        self.exposure.push(reading.exposure);
        self.quality.push(scaled(reading.quality, 10_000.0, (0.0, 10_000.0)) as u16);
        self.reasons.push(reading.reasons);
        let yaw = reading.face.map_or(i16::MIN, |(yaw, _)| scaled(yaw, 10.0, (-1_800.0, 1_800.0)) as i16);
        self.yaw.push(yaw);
        for (index, column) in self.raw.iter_mut().enumerate() {
            let value = reading.face.map(|(_, raw)| scaled(raw[index], 10_000.0, (0.0, 10_000.0)) as u16);
            column.push(value.unwrap_or(MISSING));
        }
        for (name, value) in reading.inputs.iter().take(MAX_INPUTS) {
            if before == 0 {
                self.inputs.entry((*name).to_owned()).or_default();
            }
            if let Some(column) = self.inputs.get_mut(*name).filter(|column| column.len() == before) {
                column.push(scaled(*value, 1_000.0, (-32_767.0, 32_767.0)) as i16);
            }
        }
        for column in self.inputs.values_mut().filter(|column| column.len() == before) {
            column.push(i16::MIN);
        }
    }

    /// Add all readings of another part.
    ///
    /// # Errors
    /// Where the other part has other columns; then nothing has changed.
    pub fn append(&mut self, other: &Self) -> Result<(), Mixed> {
        let same_inputs = self.is_empty() || other.is_empty() || self.inputs.keys().eq(other.inputs.keys());
        if !same_inputs || !other.is_even() {
            return Err(Mixed);
        }
        if self.is_empty() {
            *self = other.clone();
            return Ok(());
        }
        self.time_ms.extend_from_slice(&other.time_ms);
        self.media_ms.extend_from_slice(&other.media_ms);
        self.exposure.extend_from_slice(&other.exposure);
        self.quality.extend_from_slice(&other.quality);
        self.reasons.extend_from_slice(&other.reasons);
        self.yaw.extend_from_slice(&other.yaw);
        for (column, more) in self.raw.iter_mut().zip(&other.raw) {
            column.extend_from_slice(more);
        }
        for (column, more) in self.inputs.values_mut().zip(other.inputs.values()) {
            column.extend_from_slice(more);
        }
        Ok(())
    }

    /// Whether all columns have the same length.
    pub fn is_even(&self) -> bool {
        let n = self.len();
        [self.media_ms.len(), self.exposure.len(), self.quality.len(), self.reasons.len(), self.yaw.len()]
            .into_iter()
            .chain(self.raw.iter().map(Vec::len))
            .chain(self.inputs.values().map(Vec::len))
            .all(|length| length == n)
    }

    /// The readings of an exposure, as a range of indices. Readings stand in order, so they are one run.
    pub fn range_of(&self, exposure: u16) -> std::ops::Range<usize> {
        let start = self.exposure.partition_point(|known| *known < exposure);
        let end = self.exposure.partition_point(|known| *known <= exposure);
        start..end
    }

    /// Raw depths of a reading x 10,000; nothing without a face.
    pub fn raw_at(&self, index: usize) -> Option<[u16; 7]> {
        let values: [u16; 7] = std::array::from_fn(|emotion| self.raw[emotion][index]);
        (!values.contains(&MISSING)).then_some(values)
    }

    /// Whether a reading is of the face of the baseline: there is a face, and no other one.
    pub fn is_faithful(&self, index: usize) -> bool {
        self.reasons[index] & super::OTHER_FACE == 0 && self.raw_at(index).is_some()
    }

    /// Whether statistics use this reading: quality of at least 0.5, a face, and the one of the baseline.
    pub fn is_usable(&self, index: usize) -> bool {
        self.quality[index] >= 5_000 && self.is_faithful(index)
    }
}

macro_rules! shape {
    ($($raw:ident),*) => {
        /// The columns as they stand in the file.
        #[derive(Debug, Clone, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields, rename = "Columns"))]
        pub(super) struct Shape {
            /// Capture time in milliseconds since the consent; it rises from reading to reading.
            time_ms: Vec<u32>,
            /// Time in the stimulus in milliseconds; negative in the rest before it.
            media_ms: Vec<i32>,
            /// Index of the exposure.
            exposure: Vec<u16>,
            /// How far the reading can be trusted, 0 to 1, x 10,000.
            #[cfg_attr(feature = "schema", schemars(inner(range(max = 10_000))))]
            quality: Vec<u16>,
            /// What is wrong, as a bit mask: bit 0 is `no_face`, and so on as in docs/formats.md.
            reasons: Vec<u32>,
            /// Turn of the head in tenths of a degree; null without a face.
            yaw: Vec<Option<i16>>,
            $(
                /// Raw depth x 10,000; null without a face.
                $raw: Vec<Option<u16>>,
            )*
            /// What the mapping was computed from, by name, x 1,000, so that old results can be mapped anew; may be absent.
            #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
            inputs: BTreeMap<String, Vec<Option<i16>>>,
        }

        impl From<Columns> for Shape {
            fn from(columns: Columns) -> Self {
                let [$($raw),*] = columns.raw.map(|column| column.into_iter().map(known_share).collect());
                Self {
                    time_ms: columns.time_ms,
                    media_ms: columns.media_ms,
                    exposure: columns.exposure,
                    quality: columns.quality,
                    reasons: columns.reasons,
                    yaw: columns.yaw.into_iter().map(known).collect(),
                    $($raw,)*
                    inputs: columns.inputs.into_iter().map(|(n, c)| (n, c.into_iter().map(known).collect())).collect(),
                }
            }
        }

        impl From<Shape> for Columns {
            fn from(shape: Shape) -> Self {
                let share = |column: Vec<Option<u16>>| column.into_iter().map(|v| v.unwrap_or(MISSING)).collect();
                let signed = |column: Vec<Option<i16>>| column.into_iter().map(|v| v.unwrap_or(i16::MIN)).collect();
                Self {
                    time_ms: shape.time_ms,
                    media_ms: shape.media_ms,
                    exposure: shape.exposure,
                    quality: shape.quality,
                    reasons: shape.reasons,
                    yaw: signed(shape.yaw),
                    raw: [$(share(shape.$raw)),*],
                    inputs: shape.inputs.into_iter().map(|(name, column)| (name, signed(column))).collect(),
                }
            }
        }
    };
}

shape!(raw_angry, raw_disgust, raw_fear, raw_happy, raw_sad, raw_surprise, raw_neutral);

fn known(value: i16) -> Option<i16> {
    (value != i16::MIN).then_some(value)
}

fn known_share(value: u16) -> Option<u16> {
    (value != MISSING).then_some(value)
}

/// The name of a raw column.
pub(super) fn raw_name(emotion: usize) -> String {
    format!("raw_{}", EMOTIONS[emotion])
}
