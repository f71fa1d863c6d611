//! Who is exchanged with whom, and the t values of an exchange.

use crate::error::{StatsError, at_least, same_length};
use crate::random::Random;
use crate::subset::{Matrix, Subsets, Sums};
use crate::table::PersonSeconds;

/// Least squared standard error, as a share of the whole column's variance over n: it bounds t at about a million
/// where an exchange leaves no spread within the groups, and where rounding alone would decide.
const LEAST_ERROR: f64 = 1e-12;

/// The numbers of a test, centred, and the sums that its exchanges need.
#[derive(Debug, Clone)]
pub(super) struct Design {
    kind: Kind,
    people: usize,
    seconds: usize,
    /// Values about the column's mean (groups) or as they are (signs); 0 where missing.
    values: Matrix,
    /// Their squares: groups only, since signs do not change them.
    squares: Option<Matrix>,
    /// 1 where a person is there, 0 where not; only where someone is missing in a test of groups.
    presence: Option<Matrix>,
    /// Per column: sum and sum of squares of all people.
    total: Vec<[f64; 2]>,
    /// Per second: people who are there.
    there: Vec<f64>,
    work: Work,
}

#[derive(Debug, Clone)]
enum Kind {
    /// `first` of the people are in the first group, by this list.
    Groups {
        in_first: Vec<bool>,
        first: usize,
    },
    Signs,
}

/// Reused from slice to slice.
#[derive(Debug, Clone, Default)]
struct Work {
    sums: [Sums; 3],
    rows: [Vec<f64>; 3],
    t: Vec<f64>,
    order: Vec<u32>,
}

impl Design {
    pub fn groups(table: &PersonSeconds, in_first: &[bool]) -> Result<Self, StatsError> {
        same_length("group of each person", in_first.len(), table.people())?;
        let first = in_first.iter().filter(|first| **first).count();
        at_least("people in the first group", first, 2)?;
        at_least("people in the second group", in_first.len() - first, 2)?;
        Ok(Self::new(table, Kind::Groups { in_first: in_first.to_vec(), first }))
    }

    pub fn pairs(differences: &PersonSeconds) -> Result<Self, StatsError> {
        at_least("people", differences.people(), 2)?;
        Ok(Self::new(differences, Kind::Signs))
    }

    fn new(table: &PersonSeconds, kind: Kind) -> Self {
        let (people, seconds) = (table.people(), table.seconds());
        let columns = table.measures() * seconds;
        let mut there = vec![0.0; seconds];
        let mut mean = vec![0.0; columns];
        for person in 0..people {
            for (column, value) in
                table.person(person).iter().enumerate().filter(|(_, value)| !value.is_nan())
            {
                mean[column] += value;
                if column < seconds {
                    there[column] += 1.0;
                }
            }
        }
        let groups = matches!(kind, Kind::Groups { .. });
        for (column, mean) in mean.iter_mut().enumerate() {
            *mean =
                if groups && there[column % seconds] > 0.0 { *mean / there[column % seconds] } else { 0.0 };
        }
        let value = |person: usize, column: usize| {
            let value = table.person(person)[column];
            if value.is_nan() { 0.0 } else { value - mean[column] }
        };
        let mut total = vec![[0.0; 2]; columns];
        for person in 0..people {
            for (column, [sum, squares]) in total.iter_mut().enumerate() {
                let value = value(person, column);
                *sum += value;
                *squares += value * value;
            }
        }
        let somebody_missing = there.iter().any(|&n| n < people as f64);
        let presence = |person: usize, second: usize| f64::from(!table.person(person)[second].is_nan());
        Self {
            people,
            seconds,
            values: Matrix::new(people, columns, value),
            squares: groups.then(|| Matrix::new(people, columns, |p, c| value(p, c) * value(p, c))),
            presence: (groups && somebody_missing).then(|| Matrix::new(people, seconds, presence)),
            total,
            there,
            kind,
            work: Work::default(),
        }
    }

    /// How many exchanges exist, the panel's own included; `u64::MAX` if that or more.
    pub fn ways(&self) -> u64 {
        match self.kind {
            Kind::Groups { first, .. } => choose(self.people, first),
            Kind::Signs if self.people < 64 => 1 << self.people,
            Kind::Signs => u64::MAX,
        }
    }

    /// Per second the degrees of freedom of the cluster-forming threshold; no exchange changes them.
    pub fn degrees_of_freedom(&self) -> Vec<f64> {
        let lost = if matches!(self.kind, Kind::Signs) { 1.0 } else { 2.0 };
        self.there.iter().map(|n| n - lost).collect()
    }

    /// t of the panel as it is, per column; NaN where a side has fewer than two people.
    pub fn observed(&mut self) -> Vec<f64> {
        let mut own = Subsets::new(self.people, 1);
        for person in 0..self.people {
            if match &self.kind {
                Kind::Groups { in_first, .. } => in_first[person],
                Kind::Signs => true,
            } {
                own.insert(0, person);
            }
        }
        self.sum(&own);
        self.t(0).to_vec()
    }

    /// Prepares the exchanges `start..start + count`: from the seed, or all ways in their order without one.
    pub fn draw(&mut self, start: usize, count: usize, seed: Option<u64>) {
        let mut subsets = Subsets::new(self.people, count);
        for offset in 0..count {
            let index = (start + offset) as u64;
            match (&self.kind, seed) {
                (Kind::Groups { first, .. }, Some(seed)) => {
                    let order = &mut self.work.order;
                    order.clear();
                    order.extend(0..self.people as u32);
                    Random::stream(seed, index).choose_front(order, *first);
                    order[..*first].iter().for_each(|&person| subsets.insert(offset, person as usize));
                }
                (Kind::Groups { first, .. }, None) => {
                    each_of_combination(index, self.people, *first, |person| subsets.insert(offset, person));
                }
                (Kind::Signs, Some(seed)) => {
                    let mut random = Random::stream(seed, index);
                    let mut bits = 0;
                    for person in 0..self.people {
                        if person.is_multiple_of(64) {
                            bits = random.bits();
                        }
                        if bits >> (person % 64) & 1 == 1 {
                            subsets.insert(offset, person);
                        }
                    }
                }
                (Kind::Signs, None) => {
                    let plus = (0..self.people).filter(|person| index >> person & 1 == 1);
                    plus.for_each(|person| subsets.insert(offset, person));
                }
            }
        }
        self.sum(&subsets);
    }

    fn sum(&mut self, subsets: &Subsets) {
        let [values, squares, presence] = &mut self.work.sums;
        self.values.sums(subsets, values);
        if let Some(matrix) = &self.squares {
            matrix.sums(subsets, squares);
        }
        if let Some(matrix) = &self.presence {
            matrix.sums(subsets, presence);
        }
    }

    /// t per column of one of the exchanges that were prepared last.
    pub fn t(&mut self, offset: usize) -> &[f64] {
        let Work { sums, rows: [values, squares, presence], t, .. } = &mut self.work;
        t.clear();
        sums[0].copy(offset, values);
        match &self.kind {
            Kind::Signs => {
                let columns = values.iter().zip(&self.total).enumerate();
                t.extend(columns.map(|(column, (plus, &[sum, squares]))| {
                    one_sample_t(2.0 * plus - sum, squares, self.there[column % self.seconds])
                }));
            }
            Kind::Groups { first, .. } => {
                sums[1].copy(offset, squares);
                if self.presence.is_some() {
                    sums[2].copy(offset, presence);
                } else {
                    presence.clear();
                    presence.resize(self.seconds, *first as f64);
                }
                for measure in 0..self.total.len() / self.seconds {
                    let columns = measure * self.seconds..(measure + 1) * self.seconds;
                    for (second, column) in columns.enumerate() {
                        let first = [values[column], squares[column]];
                        t.push(welch_t(first, self.total[column], presence[second], self.there[second]));
                    }
                }
            }
        }
        t
    }
}

/// t of a mean against 0 from the sum and the sum of squares of `n` values.
#[inline]
fn one_sample_t(sum: f64, squares: f64, n: f64) -> f64 {
    if n < 2.0 {
        return f64::NAN;
    }
    let mean = sum / n;
    let error = (squares - sum * mean) / (n - 1.0) / n;
    let least = LEAST_ERROR * squares / (n * n);
    if squares > 0.0 { mean / error.max(least).sqrt() } else { 0.0 }
}

/// Welch's t from sum and sum of squares of the first group and of all, about the common mean; NaN under two people a
/// group.
#[inline]
fn welch_t(first: [f64; 2], all: [f64; 2], first_n: f64, n: f64) -> f64 {
    let second_n = n - first_n;
    if first_n < 2.0 || second_n < 2.0 {
        return f64::NAN;
    }
    let second = [all[0] - first[0], all[1] - first[1]];
    let (first_mean, second_mean) = (first[0] / first_n, second[0] / second_n);
    let first_error = (first[1] - first[0] * first_mean) / ((first_n - 1.0) * first_n);
    let second_error = (second[1] - second[0] * second_mean) / ((second_n - 1.0) * second_n);
    let least = LEAST_ERROR * all[1] / (n * n);
    // Centring leaves 1e-17 of a constant's size: no spread.
    if all[1] > 1e-30 {
        (first_mean - second_mean) / (first_error + second_error).max(least).sqrt()
    } else {
        0.0
    }
}

/// Number of ways to choose `size` of `people`; `u64::MAX` if that or more.
fn choose(people: usize, size: usize) -> u64 {
    let size = size.min(people - size);
    let mut ways = 1u128;
    for step in 0..size {
        ways = ways * (people - step) as u128 / (step as u128 + 1);
        if ways >= u128::from(u64::MAX) {
            return u64::MAX;
        }
    }
    ways as u64
}

/// Calls `member` for each person of combination `index` of all that choose `size` of `people`, in the combinatorial
/// number system.
fn each_of_combination(mut index: u64, people: usize, size: usize, mut member: impl FnMut(usize)) {
    let mut left = size;
    for person in (0..people).rev() {
        if left == 0 {
            return;
        }
        // Combinations in which the members that are left all lie below this person.
        let without = if person >= left { choose(person, left) } else { 0 };
        if index >= without {
            index -= without;
            member(person);
            left -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_comes_once() {
        for (people, size) in [(6, 3), (7, 2), (5, 4), (4, 4)] {
            let mut seen: Vec<Vec<usize>> = (0..choose(people, size))
                .map(|index| {
                    let mut members = Vec::new();
                    each_of_combination(index, people, size, |person| members.push(person));
                    assert_eq!(members.len(), size);
                    members
                })
                .collect();
            seen.sort();
            seen.dedup();
            assert_eq!(seen.len() as u64, choose(people, size));
        }
        assert_eq!((choose(12, 6), choose(8, 4), choose(1000, 500)), (924, 70, u64::MAX));
    }
}
