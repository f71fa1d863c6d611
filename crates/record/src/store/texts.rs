//! A column of texts: each text once, and in each row which it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::column::Column;

#[derive(Debug, Clone)]
pub(super) struct Texts {
    texts: Vec<Arc<str>>,
    places: BTreeMap<Arc<str>, u32>,
    /// From 1; 0 is null.
    rows: Column<u32>,
}

impl Texts {
    pub fn new() -> Self {
        Self { texts: Vec::new(), places: BTreeMap::new(), rows: Column::new(1, 0) }
    }

    pub fn push(&mut self, text: Option<&str>) {
        let place = text.map(|text| [self.place(text)]);
        self.rows.push(place.as_ref().map(<[u32; 1]>::as_slice));
    }

    fn place(&mut self, text: &str) -> u32 {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        let place = self.texts.len() as u32;
        self.places.insert(text, place);
        place
    }

    pub fn text(&self, row: usize) -> Option<&str> {
        self.texts.get(self.rows.value(row).checked_sub(1)? as usize).map(AsRef::as_ref)
    }

    /// All texts, in the order in which they came.
    pub fn texts(&self) -> &[Arc<str>] {
        &self.texts
    }

    /// Which text stands in a row, from 1; 0 where there is none.
    pub fn number(&self, row: usize) -> u32 {
        self.rows.value(row)
    }

    /// Bytes of the rows and of the texts, without what their tree needs.
    pub fn bytes(&self) -> usize {
        self.rows.bytes() + self.texts.iter().map(|text| text.len()).sum::<usize>()
    }
}
