use crate::curve::Moments;
use crate::table::PersonSeconds;

/// One group: its moments, and each person's deviations from its mean.
pub(super) struct Side {
    pub people: usize,
    pub moments: Moments,
    /// `[person][second]`, 0 where missing.
    pub deviations: Vec<f64>,
    /// The same shape, 1 or 0; empty if nobody is missing anywhere.
    pub there: Vec<f64>,
}

impl Side {
    pub fn new(table: &PersonSeconds, measure: usize) -> Self {
        let moments = Moments::of(table.rows(measure), table.seconds());
        let cells = || table.rows(measure).flat_map(|row| row.iter().zip(&moments.mean));
        let deviations =
            cells().map(|(value, mean)| if value.is_nan() { 0.0 } else { value - mean }).collect();
        let missing = cells().any(|(value, _)| value.is_nan());
        let there =
            if missing { cells().map(|(value, _)| f64::from(!value.is_nan())).collect() } else { Vec::new() };
        Self { people: table.people(), moments, deviations, there }
    }

    pub fn seconds(&self) -> usize {
        self.moments.mean.len()
    }
}
