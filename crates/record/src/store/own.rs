//! The columns of a person's own model: one for each label, known by its name, from the first row on that has it.

use std::sync::Arc;

use super::column::Column;
use crate::session::OwnValues;

/// A card has at most so many labels; a damaged file could name more.
pub(super) const MOST_LABELS: usize = 64;

/// One column for each label.
#[derive(Debug, Clone, Default)]
pub(super) struct OwnColumns(Vec<(Arc<str>, Column<f32>)>);

impl OwnColumns {
    /// Add row number `row`.
    pub fn push(&mut self, row: usize, values: Option<&OwnValues>) {
        for (label, _) in values.into_iter().flat_map(OwnValues::iter) {
            if self.0.len() < MOST_LABELS && self.0.iter().all(|(known, _)| **known != *label) {
                self.0.push((label.into(), nulls(row)));
            }
        }
        for (label, column) in &mut self.0 {
            let value = values.and_then(|values| values.get(label)).map(|value| [value]);
            column.push(value.as_ref().map(<[f32; 1]>::as_slice));
        }
    }

    /// The numbers of a row; `None` where it has none.
    pub fn row(&self, row: usize) -> Option<OwnValues> {
        let mut values = OwnValues::default();
        for (label, column) in &self.0 {
            let value = column.value(row);
            if !value.is_nan() {
                values.push(label.clone(), value);
            }
        }
        (!values.is_empty()).then_some(values)
    }

    /// All labels with the number of a row, NaN where it has none.
    pub fn values(&self, row: usize) -> impl Iterator<Item = (&str, f32)> {
        self.0.iter().map(move |(label, column)| (label.as_ref(), column.value(row)))
    }

    /// The columns by their labels.
    pub fn columns(&self) -> impl Iterator<Item = (&str, &Column<f32>)> {
        self.0.iter().map(|(label, column)| (label.as_ref(), column))
    }

    /// A column that was read from a file. Returns whether its label is new and there is room.
    pub fn add(&mut self, label: &str, column: Column<f32>) -> bool {
        let new = self.0.len() < MOST_LABELS && self.0.iter().all(|(known, _)| **known != *label);
        if new {
            self.0.push((label.into(), column));
        }
        new
    }

    pub fn bytes(&self) -> usize {
        self.0.iter().map(|(label, column)| label.len() + column.bytes()).sum()
    }
}

fn nulls(rows: usize) -> Column<f32> {
    let mut column = Column::new(1, f32::NAN);
    (0..rows).for_each(|_| column.push(None));
    column
}

#[cfg(test)]
mod tests {
    use crate::session::{OwnValues, Sample};
    use crate::store::Samples;

    fn sample(time_ms: f64, own: Option<&[(&str, f32)]>) -> Sample {
        let own = own.map(|own| {
            let own: Vec<_> = own.iter().map(|(label, value)| ((*label).to_owned(), *value)).collect();
            OwnValues::new(&own)
        });
        Sample { own, ..Sample::without_face(time_ms) }
    }

    #[test]
    fn named_numbers_come_back_packed_and_unpacked() {
        let all = [
            sample(0.0, None),
            sample(1.0, Some(&[("joy", 0.5), ("valence", -3.5)])),
            sample(2.0, Some(&[("joy", 0.25), ("valence", 1e9)])),
            sample(3.0, None),
            sample(4.0, Some(&[("other", 1.0)])),
        ];
        let store: Samples = all.iter().collect();
        assert!(store.iter().eq(all.iter().cloned()));
        let again = Samples::unpack(&store.pack()).unwrap();
        assert!(again.iter().eq(all.iter().cloned()));
        assert_eq!(again.own(2).map(|(label, _)| label).collect::<Vec<_>>(), ["joy", "valence", "other"]);
        // Without an own model nothing is larger.
        let plain: Samples = [sample(0.0, None)].iter().collect();
        assert!(!plain.pack().windows(4).any(|bytes| bytes == b"own."));
    }
}
