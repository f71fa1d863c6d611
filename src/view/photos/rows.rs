//! The table's rows: one for each face, for each picture without a face, and for each file that could not be read.

use std::cmp::Ordering;
use std::sync::Arc;

use emotion_core::emotion::Emotion;
use emotion_record::session::Sample;

/// One row of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Counts up in the order of reading.
    pub id: u64,
    /// As in the sample's `source`.
    pub file: String,
    /// `None` where the file could not be read.
    pub sample: Option<Sample>,
    /// Why it could not be read, or what to know about the reading.
    pub note: Option<String>,
    /// RGBA of a small square picture; empty where there is none.
    pub thumbnail: Vec<u8>,
}

/// What the table can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The order of reading.
    Read,
    File,
    Face,
    Expression,
    Depth(Emotion),
    Valence,
    Intensity,
    Quality,
}

/// A column and its direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    pub column: Column,
    pub descending: bool,
}

impl Default for Order {
    fn default() -> Self {
        Self { column: Column::Read, descending: false }
    }
}

impl Order {
    /// After a press on a column's heading: numbers begin with the largest, names with the first, and a second press
    /// turns the order round.
    #[must_use]
    pub fn pressed(self, column: Column) -> Self {
        if self.column == column {
            return Self { column, descending: !self.descending };
        }
        let descending = !matches!(column, Column::Read | Column::File | Column::Face | Column::Expression);
        Self { column, descending }
    }

    /// The value of `aria-sort` at a column's heading.
    pub fn aria(self, column: Column) -> &'static str {
        match (self.column == column, self.descending) {
            (false, _) => "none",
            (true, false) => "ascending",
            (true, true) => "descending",
        }
    }
}

/// Which rows are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Filter {
    #[default]
    All,
    /// Faces of this predicted emotion.
    Emotion(Emotion),
    /// Faces without a usable reading, pictures without a face, files that could not be read.
    NoReading,
}

impl Filter {
    pub fn takes(self, row: &Row) -> bool {
        let emotion = row.sample.as_ref().and_then(|sample| sample.emotion);
        match self {
            Filter::All => true,
            Filter::Emotion(wanted) => emotion == Some(wanted),
            Filter::NoReading => emotion.is_none(),
        }
    }

    /// The value of the choice's option.
    pub fn value(self) -> &'static str {
        match self {
            Filter::All => "all",
            Filter::Emotion(emotion) => emotion.name(),
            Filter::NoReading => "none",
        }
    }

    /// The filter of an option's value; of an unknown one [`Filter::All`].
    pub fn of_value(value: &str) -> Self {
        let emotion = Emotion::ALL.into_iter().find(|emotion| emotion.name() == value);
        match emotion {
            Some(emotion) => Filter::Emotion(emotion),
            None if value == "none" => Filter::NoReading,
            None => Filter::All,
        }
    }
}

/// The rows that the filter takes, in order; rows without a value for the column come last either way, and equal ones
/// in the order of reading.
pub fn arrange(rows: &[Arc<Row>], order: Order, filter: Filter) -> Vec<Arc<Row>> {
    let mut shown: Vec<_> = rows.iter().filter(|row| filter.takes(row)).cloned().collect();
    shown.sort_by(|a, b| compare(a, b, order).then(a.id.cmp(&b.id)));
    shown
}

fn compare(a: &Row, b: &Row, order: Order) -> Ordering {
    let directed = |ordering: Ordering| if order.descending { ordering.reverse() } else { ordering };
    let numbers = |value: &dyn Fn(&Sample) -> Option<f32>| {
        let (a, b) = (a.sample.as_ref().and_then(value), b.sample.as_ref().and_then(value));
        match (a, b) {
            (Some(a), Some(b)) => directed(a.total_cmp(&b)),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        }
    };
    match order.column {
        Column::Read => directed(a.id.cmp(&b.id)),
        Column::File => directed(a.file.cmp(&b.file)),
        Column::Face => numbers(&|sample| sample.face.map(|face| face as f32)),
        Column::Expression => {
            // By name, as it is read.
            let name = |row: &Row| row.sample.as_ref().and_then(|sample| sample.emotion).map(Emotion::name);
            match (name(a), name(b)) {
                (Some(a), Some(b)) => directed(a.cmp(b)),
                (a, b) => b.is_some().cmp(&a.is_some()),
            }
        }
        Column::Depth(emotion) => numbers(&|sample| sample.depth.map(|depth| depth.get(emotion))),
        Column::Valence => numbers(&|sample| sample.valence),
        Column::Intensity => numbers(&|sample| sample.intensity),
        Column::Quality => numbers(&|sample| sample.face.map(|_| sample.quality)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use emotion_core::emotion::Depths;

    fn row(id: u64, file: &str, happy: Option<f32>) -> Arc<Row> {
        let depth = happy.map(|happy| Depths { happy, neutral: 0.5, ..Depths::default() });
        let sample = Sample {
            face: depth.map(|_| 1),
            depth,
            emotion: depth.map(|depth| depth.largest()),
            valence: depth.map(|depth| depth.valence()),
            ..Sample::without_face(0.0)
        };
        Arc::new(Row { id, file: file.into(), sample: Some(sample), note: None, thumbnail: vec![] })
    }

    fn rows() -> Vec<Arc<Row>> {
        let mut broken = Row::clone(&row(3, "broken.jpg", None));
        broken.sample = None;
        broken.note = Some("The file is empty.".into());
        vec![row(0, "b.jpg", Some(0.2)), row(1, "c.jpg", None), row(2, "a.jpg", Some(0.9)), Arc::new(broken)]
    }

    fn ids(order: Order, filter: Filter) -> Vec<u64> {
        arrange(&rows(), order, filter).iter().map(|row| row.id).collect()
    }

    #[test]
    fn rows_without_a_value_come_last_in_both_directions() {
        for column in [Column::Depth(Emotion::Happy), Column::Valence, Column::Quality] {
            let up = ids(Order { column, descending: false }, Filter::All);
            let down = ids(Order { column, descending: true }, Filter::All);
            assert_eq!(up[2..], [1, 3], "{column:?}");
            assert_eq!(down[2..], [1, 3], "{column:?}");
        }
        let by_depth = Order { column: Column::Depth(Emotion::Happy), descending: true };
        assert_eq!(ids(by_depth, Filter::All), [2, 0, 1, 3]);
        let by_name = Order { column: Column::Expression, descending: false };
        assert_eq!(ids(by_name, Filter::All), [2, 0, 1, 3], "happy before neutral");
    }

    #[test]
    fn names_sort_and_the_order_of_reading_comes_back() {
        assert_eq!(ids(Order::default().pressed(Column::File), Filter::All), [2, 0, 3, 1]);
        assert_eq!(ids(Order::default().pressed(Column::Read), Filter::All), [3, 2, 1, 0]);
        assert_eq!(ids(Order::default(), Filter::All), [0, 1, 2, 3]);
    }

    #[test]
    fn a_second_press_turns_the_order_round() {
        let once = Order::default().pressed(Column::Valence);
        assert!(once.descending);
        assert_eq!(once.aria(Column::Valence), "descending");
        assert_eq!(once.pressed(Column::Valence).aria(Column::Valence), "ascending");
        assert_eq!(once.aria(Column::File), "none");
    }

    #[test]
    fn the_filter_chooses_by_the_predicted_emotion() {
        assert_eq!(ids(Order::default(), Filter::Emotion(Emotion::Happy)), [2]);
        assert_eq!(ids(Order::default(), Filter::Emotion(Emotion::Neutral)), [0]);
        assert_eq!(ids(Order::default(), Filter::NoReading), [1, 3]);
        for filter in [Filter::All, Filter::NoReading, Filter::Emotion(Emotion::Fear)] {
            assert_eq!(Filter::of_value(filter.value()), filter);
        }
    }
}
