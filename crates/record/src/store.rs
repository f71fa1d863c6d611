//! The one store for samples: a column for each field that is kept ([`crate::session::FIELDS`]), a fixed number of bytes a
//! row, where a [`Sample`] takes several times as many. Recordings and videos stand in it, and the journal's entries are packed
//! from it.
//!
//! Every sample comes back as it went in, bit for bit. A number that is none (NaN) is null, as in JSON.

mod column;
mod own;
mod pack;
mod texts;

pub(crate) use column::Column;
pub use pack::Damaged;

use crate::session::{FIELDS, Sample, Values, place};
use emotion_core::emotion::Depths;
use own::OwnColumns;
use texts::Texts;

const TIME: usize = place("time_ms");
const FACE: usize = place("face");
const BOX: usize = place("box");
const RAW: usize = place("raw");
const RANGE_LOW: usize = place("range_low");
const RANGE_HIGH: usize = place("range_high");
const DEPTH: usize = place("depth");

/// No face, no text: no whole number of a sample is so large.
const NO_WHOLE: u32 = u32::MAX;

/// Samples in columns, in the order in which they came.
#[derive(Debug, Clone)]
pub struct Samples {
    /// One for each field, in the order of `FIELDS`.
    columns: Vec<Kept>,
    /// A person's own model's.
    own: OwnColumns,
    len: usize,
}

/// The values of one field.
#[derive(Debug, Clone)]
enum Kept {
    Long(Column<f64>),
    Whole(Column<u32>),
    /// One number a row, or four, or seven; null where the first is none.
    Real(Column<f32>),
    Text(Texts),
    /// Follows from others.
    Nothing,
}

impl Kept {
    fn of(values: Values) -> Self {
        match values {
            Values::Long { .. } => Kept::Long(Column::new(1, f64::NAN)),
            Values::Whole { .. } => Kept::Whole(Column::new(1, NO_WHOLE)),
            Values::Real { .. } => Kept::Real(Column::new(1, f32::NAN)),
            Values::Box { .. } => Kept::Real(Column::new(4, f32::NAN)),
            Values::Emotions { .. } => Kept::Real(Column::new(7, f32::NAN)),
            Values::Text { .. } => Kept::Text(Texts::new()),
            Values::Follows | Values::OfSession => Kept::Nothing,
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Kept::Long(column) => column.bytes(),
            Kept::Whole(column) => column.bytes(),
            Kept::Real(column) => column.bytes(),
            Kept::Text(texts) => texts.bytes(),
            Kept::Nothing => 0,
        }
    }
}

impl Default for Samples {
    fn default() -> Self {
        Self {
            columns: FIELDS.iter().map(|field| Kept::of(field.values)).collect(),
            own: OwnColumns::default(),
            len: 0,
        }
    }
}

impl Samples {
    /// Add a sample.
    pub fn push(&mut self, sample: &Sample) {
        for (field, kept) in FIELDS.iter().zip(&mut self.columns) {
            match (field.values, kept) {
                (Values::Long { get, .. }, Kept::Long(column)) => {
                    column.push(get(sample).map(|value| [value]).as_ref().map(<[f64; 1]>::as_slice));
                }
                (Values::Whole { get, .. }, Kept::Whole(column)) => {
                    column.push(get(sample).map(|value| [value]).as_ref().map(<[u32; 1]>::as_slice));
                }
                (Values::Real { get, .. }, Kept::Real(column)) => {
                    column.push(get(sample).map(|value| [value]).as_ref().map(<[f32; 1]>::as_slice));
                }
                (Values::Box { get, .. }, Kept::Real(column)) => {
                    column.push(get(sample).as_ref().map(<[f32; 4]>::as_slice));
                }
                (Values::Emotions { get, .. }, Kept::Real(column)) => {
                    column.push(get(sample).map(Depths::to_array).as_ref().map(<[f32; 7]>::as_slice));
                }
                (Values::Text { get, .. }, Kept::Text(texts)) => texts.push(get(sample).as_deref()),
                _ => {}
            }
        }
        self.own.push(self.len, sample.own.as_ref());
        self.len += 1;
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Forget all samples and give their memory back.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Bytes that the columns take.
    pub fn bytes(&self) -> usize {
        self.columns.iter().map(Kept::bytes).sum::<usize>() + self.own.bytes()
    }

    /// The sample of a row; of a row that does not exist one in which everything is null.
    pub fn sample(&self, row: usize) -> Sample {
        let mut sample = Sample::without_face(0.0);
        sample.quality_reasons.clear();
        for (field, kept) in FIELDS.iter().zip(&self.columns) {
            match (field.values, kept) {
                (Values::Long { set, .. }, Kept::Long(column)) => {
                    let value = column.value(row);
                    if !value.is_nan() {
                        set(&mut sample, value);
                    }
                }
                (Values::Whole { set, .. }, Kept::Whole(column)) => {
                    let value = column.value(row);
                    if value != NO_WHOLE {
                        set(&mut sample, value);
                    }
                }
                (Values::Real { set, .. }, Kept::Real(column)) => {
                    if let Some([value]) = reals(column, row) {
                        set(&mut sample, value);
                    }
                }
                (Values::Box { set, .. }, Kept::Real(column)) => {
                    if let Some(value) = reals(column, row) {
                        set(&mut sample, value);
                    }
                }
                (Values::Emotions { set, .. }, Kept::Real(column)) => {
                    if let Some(value) = reals(column, row) {
                        set(&mut sample, Depths::from_array(value));
                    }
                }
                (Values::Text { set, .. }, Kept::Text(texts)) => {
                    if let Some(text) = texts.text(row) {
                        set(&mut sample, text);
                    }
                }
                _ => {}
            }
        }
        sample.own = self.own.row(row);
        sample
    }

    /// All samples, one after the other, each made when it is asked for.
    pub fn iter(&self) -> impl Iterator<Item = Sample> {
        (0..self.len).map(|row| self.sample(row))
    }

    /// Time in milliseconds of a row; rows that do not exist are at 0.
    pub fn time_ms(&self, row: usize) -> f64 {
        self.times().row(row).map_or(0.0, |row| row[0])
    }

    /// Time of the last row in milliseconds.
    pub fn last_ms(&self) -> Option<f64> {
        self.len.checked_sub(1).map(|last| self.time_ms(last))
    }

    pub fn face(&self, row: usize) -> Option<u32> {
        let Kept::Whole(column) = &self.columns[FACE] else { return None };
        Some(column.value(row)).filter(|face| *face != NO_WHOLE)
    }

    /// Left, top, width and height of a row's face as shares of the picture; `None` without a face.
    pub fn face_box(&self, row: usize) -> Option<[f32; 4]> {
        self.reals(BOX, row)
    }

    /// The calibrated output for this frame alone, in the order of `Emotion::ALL`; `None` without a face.
    pub fn raw(&self, row: usize) -> Option<[f32; 7]> {
        self.reals(RAW, row)
    }

    /// What is shown, in the order of `Emotion::ALL`; `None` where nothing is.
    pub fn depth(&self, row: usize) -> Option<[f32; 7]> {
        self.reals(DEPTH, row)
    }

    /// The smaller and the larger share of each emotion by the rating studies, in the order of `Emotion::ALL`; `None`
    /// without a face, and in what versions wrote that knew one study only.
    pub fn range(&self, row: usize) -> Option<[[f32; 7]; 2]> {
        Some([self.reals(RANGE_LOW, row)?, self.reals(RANGE_HIGH, row)?])
    }

    /// The labels of a person's own model, and the numbers of a row in their order: NaN where there is none.
    pub fn own(&self, row: usize) -> impl Iterator<Item = (&str, f32)> {
        self.own.values(row)
    }

    /// The times of all rows.
    pub(crate) fn times(&self) -> &Column<f64> {
        match &self.columns[TIME] {
            Kept::Long(column) => column,
            _ => unreachable!("the table says that times are long numbers"),
        }
    }

    fn reals<const N: usize>(&self, column: usize, row: usize) -> Option<[f32; N]> {
        match &self.columns[column] {
            Kept::Real(column) => reals(column, row),
            _ => None,
        }
    }
}

impl<'a> FromIterator<&'a Sample> for Samples {
    fn from_iter<I: IntoIterator<Item = &'a Sample>>(samples: I) -> Self {
        let mut all = Self::default();
        samples.into_iter().for_each(|sample| all.push(sample));
        all
    }
}

/// The numbers of a row, where the first one is a number.
fn reals<const N: usize>(column: &Column<f32>, row: usize) -> Option<[f32; N]> {
    let values: [f32; N] = column.row(row)?.try_into().ok()?;
    (!values[0].is_nan()).then_some(values)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::session::SessionFile;

    const FILE: &str = include_str!("../../../tests/files/session-3.json");

    /// Samples in which every field is given and every field is null.
    pub(crate) fn samples() -> Vec<Sample> {
        let mut samples = SessionFile::from_json(FILE).unwrap().samples;
        let [source, phase, stimulus] = ["ä, b.jpg", "show", "clip-1"].map(|text| Some(text.to_owned()));
        samples.push(Sample {
            source,
            phase,
            stimulus,
            stimulus_time_ms: Some(12.5),
            face: Some(0),
            time_ms: 7_199_999.999,
            ..samples[0].clone()
        });
        samples.push(Sample { quality_reasons: vec![], ..Sample::without_face(9e6) });
        samples.push(Sample {
            quality_reasons: emotion_core::reading::Reason::ALL.to_vec(),
            ..samples[0].clone()
        });
        samples
    }

    #[test]
    fn a_sample_comes_back_as_it_went_in() {
        let all = samples();
        let store: Samples = all.iter().collect();
        assert_eq!(store.len(), all.len());
        for (row, sample) in all.iter().enumerate() {
            assert_eq!(store.sample(row), *sample, "row {row}");
        }
        assert!(store.iter().eq(all));
    }

    #[test]
    fn what_is_asked_for_alone_is_the_samples() {
        let all = samples();
        let store: Samples = all.iter().collect();
        for (row, sample) in all.iter().enumerate() {
            assert_eq!(store.time_ms(row), sample.time_ms);
            assert_eq!((store.face(row), store.face_box(row)), (sample.face, sample.face_box));
            assert_eq!(store.raw(row), sample.raw.map(Depths::to_array));
            assert_eq!(store.depth(row), sample.depth.map(Depths::to_array));
        }
        assert_eq!(store.last_ms(), all.last().map(|sample| sample.time_ms));
        assert_eq!((store.time_ms(99), store.face(99), store.raw(99)), (0.0, None, None));
    }

    /// A field that stands in a sample and not in the table would be lost on the way.
    #[test]
    fn every_field_is_kept_or_follows() {
        let full = serde_json::to_value(&samples()[3]).unwrap();
        let names: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
        let written: Vec<&String> = full.as_object().unwrap().keys().collect();
        assert!(written.iter().all(|name| names.contains(&name.as_str())), "{written:?} of {names:?}");
        for field in FIELDS {
            assert!(!full[field.name].is_null(), "the test gives {} no value", field.name);
        }
    }

    #[test]
    fn forgetting_gives_the_memory_back() {
        let mut store: Samples = samples().iter().collect();
        assert!(store.bytes() > 1000);
        store.clear();
        assert_eq!((store.len(), store.last_ms()), (0, None));
        assert!(store.bytes() < 100);
    }
}
