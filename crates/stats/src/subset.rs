//! Sums over many subsets of people: what all resampling here comes down to.
//!
//! People go in blocks of six. For a block the sums of all its 64 subsets are made once; then each of some hundred
//! resamples adds one of them. That is a sixth of the additions, and since the order of a column's sum is always the
//! same (six by six), the result does not depend on how resamples are sliced, nor on the width of a machine's
//! vectors.

const BLOCK: usize = 6;
const CODES: usize = 1 << BLOCK;
/// Columns that are summed together: their 64 sums (16 KB) stay in the nearest cache.
const LANES: usize = 32;

type Lane = [f64; LANES];

/// Numbers of people x columns, laid out for summing.
#[derive(Debug, Clone)]
pub(crate) struct Matrix {
    people: usize,
    columns: usize,
    /// `[chunk of columns][person][lane]`, zeros at the end.
    chunks: Vec<Lane>,
}

impl Matrix {
    /// `value(person, column)` everywhere.
    pub fn new(people: usize, columns: usize, value: impl Fn(usize, usize) -> f64) -> Self {
        let mut chunks = vec![[0.0; LANES]; columns.div_ceil(LANES) * people];
        for (place, lane) in chunks.iter_mut().enumerate() {
            let (first, person) = (place / people * LANES, place % people);
            for (offset, cell) in lane.iter_mut().enumerate().take(columns - first) {
                *cell = value(person, first + offset);
            }
        }
        Self { people, columns, chunks }
    }

    /// The sums of all columns over each subset.
    pub fn sums(&self, subsets: &Subsets, sums: &mut Sums) {
        sums.count = subsets.count;
        sums.columns = self.columns;
        sums.values.clear();
        sums.values.resize(self.columns.div_ceil(LANES) * subsets.count, [0.0; LANES]);
        if self.people == 0 || subsets.count == 0 {
            return;
        }
        let mut table = [[0.0; LANES]; CODES];
        let totals = sums.values.chunks_exact_mut(subsets.count);
        for (rows, totals) in self.chunks.chunks_exact(self.people).zip(totals) {
            for (block, codes) in rows.chunks(BLOCK).zip(subsets.codes.chunks_exact(subsets.count)) {
                for code in 1..1usize << block.len() {
                    let row = &block[code.trailing_zeros() as usize];
                    table[code] = add(&table[code & (code - 1)], row);
                }
                for (total, &code) in totals.iter_mut().zip(codes) {
                    *total = add(total, &table[usize::from(code) % CODES]);
                }
            }
        }
    }
}

#[inline(always)]
fn add(a: &Lane, b: &Lane) -> Lane {
    core::array::from_fn(|lane| a[lane] + b[lane])
}

/// Several subsets of the same people.
#[derive(Debug, Clone)]
pub(crate) struct Subsets {
    count: usize,
    /// `[block][subset]`: bit i says whether person 6 x block + i belongs.
    codes: Vec<u8>,
}

impl Subsets {
    /// `count` empty subsets.
    pub fn new(people: usize, count: usize) -> Self {
        Self { count, codes: vec![0; people.div_ceil(BLOCK) * count] }
    }

    pub fn insert(&mut self, subset: usize, person: usize) {
        self.codes[person / BLOCK * self.count + subset] |= 1 << (person % BLOCK);
    }
}

/// Sums per subset and column.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sums {
    count: usize,
    columns: usize,
    values: Vec<Lane>,
}

impl Sums {
    /// One subset's sums, column by column, into `row`.
    pub fn copy(&self, subset: usize, row: &mut Vec<f64>) {
        row.clear();
        for chunk in self.values.chunks_exact(self.count.max(1)) {
            row.extend_from_slice(&chunk[subset]);
        }
        row.truncate(self.columns);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn sums_are_those_of_a_plain_loop() {
        // Whole numbers: sums are exact in whatever order.
        for (people, columns, count) in [(1, 1, 1), (6, 32, 3), (13, 70, 9), (5, 33, 2), (0, 4, 2)] {
            let mut random = Random::new(people as u64);
            let values: Vec<f64> = (0..people * columns).map(|_| random.below(1000) as f64).collect();
            let members: Vec<bool> = (0..people * count).map(|_| random.below(2) == 1).collect();
            let matrix = Matrix::new(people, columns, |person, column| values[person * columns + column]);
            let mut subsets = Subsets::new(people, count);
            for (place, _) in members.iter().enumerate().filter(|(_, member)| **member) {
                subsets.insert(place / people, place % people);
            }
            let (mut sums, mut row) = (Sums::default(), Vec::new());
            matrix.sums(&subsets, &mut sums);
            for subset in 0..count {
                sums.copy(subset, &mut row);
                let plain = |column: usize| -> f64 {
                    let within = (0..people).filter(|person| members[subset * people + person]);
                    within.map(|person| values[person * columns + column]).sum()
                };
                assert_eq!(row, (0..columns).map(plain).collect::<Vec<_>>(), "{people} {columns} {count}");
            }
        }
    }
}
