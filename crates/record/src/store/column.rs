//! One column of equal values for each row, in blocks: it grows without being copied, and a block of nulls takes no room.

/// Rows of one block.
const BLOCK_ROWS: usize = 1024;

/// A column of `width` values a row.
#[derive(Debug, Clone)]
pub(crate) struct Column<T> {
    width: usize,
    null: T,
    len: usize,
    /// `None`: all rows of this block are null.
    blocks: Vec<Option<Box<[T]>>>,
}

impl<T: Copy> Column<T> {
    /// An empty column; `null` stands where nothing was written.
    pub fn new(width: usize, null: T) -> Self {
        Self { width, null, len: 0, blocks: Vec::new() }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Values of a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Add a row: `width` values, or null.
    pub fn push(&mut self, row: Option<&[T]>) {
        let at = self.len;
        self.len += 1;
        if at / BLOCK_ROWS == self.blocks.len() {
            self.blocks.push(None);
        }
        if let Some(row) = row {
            self.set(at, row);
        }
    }

    /// Write a row anew. Rows that do not exist, and values beyond the width, are left out.
    pub fn set(&mut self, at: usize, row: &[T]) {
        let (width, null) = (self.width, self.null);
        if at >= self.len {
            return;
        }
        let block = &mut self.blocks[at / BLOCK_ROWS];
        let block = block.get_or_insert_with(|| vec![null; BLOCK_ROWS * width].into_boxed_slice());
        let begin = at % BLOCK_ROWS * width;
        for (place, value) in block[begin..begin + width].iter_mut().zip(row) {
            *place = *value;
        }
    }

    /// The values of a row; `None` where its block is null or the row does not exist.
    pub fn row(&self, at: usize) -> Option<&[T]> {
        let block = self.blocks.get(at / BLOCK_ROWS).filter(|_| at < self.len)?.as_deref()?;
        block.get(at % BLOCK_ROWS * self.width..)?.get(..self.width)
    }

    /// Give each value of a row to `take`, nulls where there is none.
    pub fn each(&self, at: usize, mut take: impl FnMut(T)) {
        match self.row(at) {
            Some(row) => row.iter().copied().for_each(take),
            None => (0..self.width).for_each(|_| take(self.null)),
        }
    }

    /// The first value of a row; null where there is none.
    pub fn value(&self, at: usize) -> T {
        self.row(at).and_then(|row| row.first().copied()).unwrap_or(self.null)
    }

    /// Bytes that the column takes.
    pub fn bytes(&self) -> usize {
        let full = self.blocks.iter().flatten().count();
        full * BLOCK_ROWS * self.width * size_of::<T>()
            + self.blocks.capacity() * size_of::<Option<Box<[T]>>>()
    }
}

impl Column<f64> {
    /// The number of rows from the beginning for which `before` is true; the column is sorted by it.
    pub fn partition_point(&self, before: impl Fn(f64) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len);
        while low < high {
            let middle = low + (high - low) / 2;
            if before(self.value(middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_across_blocks() {
        let mut column = Column::new(2, 0u32);
        for at in 0..3000u32 {
            column.push(Some(&[at, at * 2]));
        }
        assert_eq!(column.len(), 3000);
        for at in [0, 1023, 1024, 2047, 2048, 2999] {
            assert_eq!(column.row(at as usize), Some(&[at, at * 2][..]));
        }
        assert_eq!(column.row(3000), None);
        column.set(1024, &[7, 8]);
        column.set(3000, &[9, 9]);
        assert_eq!((column.row(1024), column.row(1025)), (Some(&[7, 8][..]), Some(&[1025, 2050][..])));
    }

    #[test]
    fn a_block_of_nulls_takes_no_room() {
        let mut column = Column::new(7, f32::NAN);
        for _ in 0..100_000 {
            column.push(None);
        }
        assert!(column.bytes() < 4096, "{}", column.bytes());
        assert!(column.value(99_999).is_nan());
        column.push(Some(&[1.0; 7]));
        assert_eq!(column.row(100_000), Some(&[1.0; 7][..]));
        assert!(column.row(99_999).is_some_and(|row| row.iter().all(|value| value.is_nan())));
    }

    #[test]
    fn times_are_found_as_in_a_slice() {
        let mut column = Column::new(1, 0.0f64);
        let times: Vec<f64> = (0..2500).map(|at| f64::from(at / 2)).collect();
        times.iter().for_each(|time| column.push(Some(&[*time])));
        for wanted in [-1.0, 0.0, 0.5, 511.5, 512.0, 1249.0, 9999.0] {
            let in_slice = times.partition_point(|time| *time <= wanted);
            assert_eq!(column.partition_point(|time| time <= wanted), in_slice, "{wanted}");
        }
    }
}
