use crate::error::{StatsError, at_least, same_length};

/// The panel's table for one stimulus: one number per person, measure and second, or none.
///
/// A second of a person is there for all measures or missing for all (NaN): [`PersonSeconds::push`] checks it. Rows lie
/// person after person, measure after measure, second after second, so a person is added without moving the others.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonSeconds {
    measures: usize,
    seconds: usize,
    values: Vec<f64>,
}

impl PersonSeconds {
    /// A table without people.
    ///
    /// # Errors
    /// [`StatsError::TooFew`] if there is no measure or no second.
    pub fn new(measures: usize, seconds: usize) -> Result<Self, StatsError> {
        at_least("measures", measures, 1)?;
        at_least("seconds", seconds, 1)?;
        Ok(Self { measures, seconds, values: Vec::new() })
    }

    /// Takes memory for so many more people at once, so that a large table is not moved while it grows.
    pub fn reserve(&mut self, people: usize) {
        self.values.reserve_exact(people * self.measures * self.seconds);
    }

    /// Adds one person: `cells[measure * seconds + second]`, NaN where the second is missing.
    ///
    /// # Errors
    /// [`StatsError::Length`] if the number of cells differs from measures x seconds; [`StatsError::PartlyMissing`]
    /// if a second is missing in some measures only; [`StatsError::OutOfRange`] if a number is infinite. Nothing is
    /// added then.
    pub fn push(&mut self, cells: &[f64]) -> Result<(), StatsError> {
        same_length("cells of a person", cells.len(), self.measures * self.seconds)?;
        if let Some(&found) = cells.iter().find(|value| value.is_infinite()) {
            return Err(StatsError::OutOfRange {
                what: "a person's second",
                expected: "a finite number",
                found,
            });
        }
        let (first, others) = cells.split_at(self.seconds);
        for row in others.chunks_exact(self.seconds) {
            if let Some(second) = (0..self.seconds).find(|&s| row[s].is_nan() != first[s].is_nan()) {
                return Err(StatsError::PartlyMissing { second });
            }
        }
        self.values.extend_from_slice(cells);
        Ok(())
    }

    /// Number of people.
    #[must_use]
    pub fn people(&self) -> usize {
        self.values.len() / (self.measures * self.seconds)
    }

    /// Number of measures.
    #[must_use]
    pub fn measures(&self) -> usize {
        self.measures
    }

    /// Number of seconds.
    #[must_use]
    pub fn seconds(&self) -> usize {
        self.seconds
    }

    /// One person's curve of one measure: a number a second, NaN where missing.
    ///
    /// # Panics
    /// If the person or the measure does not exist.
    #[must_use]
    pub fn row(&self, person: usize, measure: usize) -> &[f64] {
        assert!(measure < self.measures, "measure {measure} of {}", self.measures);
        let start = (person * self.measures + measure) * self.seconds;
        &self.values[start..start + self.seconds]
    }

    /// All cells of one person, as they were pushed.
    ///
    /// # Panics
    /// If the person does not exist.
    #[must_use]
    pub fn person(&self, person: usize) -> &[f64] {
        let size = self.measures * self.seconds;
        &self.values[person * size..(person + 1) * size]
    }

    /// The curves of one measure, person after person.
    pub fn rows(&self, measure: usize) -> impl Iterator<Item = &[f64]> + Clone {
        (0..self.people()).map(move |person| self.row(person, measure))
    }

    /// The table of the people for whom `keep` is true, in the same order.
    ///
    /// # Errors
    /// [`StatsError::Length`] if `keep` has not one entry per person.
    pub fn filter(&self, keep: &[bool]) -> Result<Self, StatsError> {
        same_length("marks of people", keep.len(), self.people())?;
        let mut kept = Self { measures: self.measures, seconds: self.seconds, values: Vec::new() };
        for person in (0..keep.len()).filter(|&person| keep[person]) {
            kept.values.extend_from_slice(self.person(person));
        }
        Ok(kept)
    }

    /// The table of some measures, by their places here: those that are shown.
    ///
    /// # Errors
    /// [`StatsError::TooFew`] without a measure, [`StatsError::OutOfRange`] if one does not exist.
    pub fn select(&self, measures: &[usize]) -> Result<Self, StatsError> {
        at_least("measures", measures.len(), 1)?;
        if let Some(&wrong) = measures.iter().find(|&&measure| measure >= self.measures) {
            let expected = "a measure of the table";
            return Err(StatsError::OutOfRange { what: "a measure's place", expected, found: wrong as f64 });
        }
        let mut values = Vec::with_capacity(self.people() * measures.len() * self.seconds);
        for person in 0..self.people() {
            for &measure in measures {
                values.extend_from_slice(self.row(person, measure));
            }
        }
        Ok(Self { measures: measures.len(), seconds: self.seconds, values })
    }

    /// `self - other`, person by person: two stimuli, or two parts of one, seen by the same people. A second that is
    /// missing in either is missing; the longer table is cut to the shorter.
    ///
    /// # Errors
    /// [`StatsError::Length`] if people or measures differ in number.
    pub fn minus(&self, other: &Self) -> Result<Self, StatsError> {
        same_length("people of the second table", other.people(), self.people())?;
        same_length("measures of the second table", other.measures, self.measures)?;
        let seconds = self.seconds.min(other.seconds);
        let mut values = Vec::with_capacity(self.people() * self.measures * seconds);
        for person in 0..self.people() {
            for measure in 0..self.measures {
                let pairs = self.row(person, measure).iter().zip(other.row(person, measure));
                values.extend(pairs.map(|(a, b)| a - b));
            }
        }
        Ok(Self { measures: self.measures, seconds, values })
    }

    /// For each person the mean of one measure over the seconds `from..to` that are there; `None` where no second is,
    /// or fewer than `least_share` (0..1) of them. `to` is cut to the table's end.
    ///
    /// # Panics
    /// If the measure does not exist.
    #[must_use]
    pub fn means(&self, measure: usize, from: usize, to: usize, least_share: f64) -> Vec<Option<f64>> {
        let to = to.min(self.seconds);
        let from = from.min(to);
        let mean = |row: &[f64]| {
            let there = row[from..to].iter().filter(|value| !value.is_nan());
            let (count, sum) = there.fold((0u32, 0.0), |(count, sum), value| (count + 1, sum + value));
            let enough = count > 0 && f64::from(count) >= least_share * (to - from) as f64;
            enough.then(|| sum / f64::from(count))
        };
        self.rows(measure).map(mean).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> PersonSeconds {
        let mut table = PersonSeconds::new(2, 3).unwrap();
        table.push(&[1.0, f64::NAN, 3.0, 10.0, f64::NAN, 30.0]).unwrap();
        table.push(&[2.0, 4.0, 6.0, 20.0, 40.0, 60.0]).unwrap();
        table
    }

    #[test]
    fn refuses_a_person_that_does_not_fit_and_stays_as_it_was() {
        let mut table = table();
        let before = table.people();
        assert!(matches!(table.push(&[0.0; 5]), Err(StatsError::Length { expected: 6, found: 5, .. })));
        let partly = [0.0, 0.0, 0.0, 0.0, 0.0, f64::NAN];
        assert_eq!(table.push(&partly), Err(StatsError::PartlyMissing { second: 2 }));
        assert!(table.push(&[f64::INFINITY; 6]).is_err());
        assert_eq!(table.people(), before);
    }

    #[test]
    fn selects_people_measures_and_means() {
        let table = table();
        assert_eq!(table.select(&[1]).unwrap().person(1), &[20.0, 40.0, 60.0]);
        assert_eq!(table.filter(&[false, true]).unwrap().row(0, 0), &[2.0, 4.0, 6.0]);
        assert_eq!(table.means(0, 0, 3, 0.0), [Some(2.0), Some(4.0)]);
        assert_eq!(table.means(0, 0, 3, 0.8), [None, Some(4.0)]);
        assert_eq!(table.means(0, 1, 2, 0.0), [None, Some(4.0)]);
        assert_eq!(table.means(0, 5, 9, 0.0), [None, None]);
        let zero = table.minus(&table).unwrap();
        assert!(zero.row(0, 0)[1].is_nan() && zero.row(1, 1) == [0.0, 0.0, 0.0]);
    }
}
