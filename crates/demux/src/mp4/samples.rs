//! The sample tables of a track: read entry by entry as they stand in the file, never spread out in memory.

use super::boxes::{child, full};
use crate::bytes::Cursor;

/// One entry of a track: a coded picture, in ticks of the track's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sample {
    pub offset: u64,
    pub size: u64,
    /// When it is shown.
    pub time: i64,
    pub duration: u32,
    pub key: bool,
    /// Index of its description.
    pub config: usize,
}

/// Entries of the same width.
#[derive(Debug, Clone, Default)]
struct Table {
    bytes: Vec<u8>,
    width: usize,
}

impl Table {
    /// The entries of a full box with a count before them; no more than it holds.
    fn of(stbl: &[u8], kind: &[u8; 4], width: usize) -> Option<Self> {
        let (_, _, mut cursor) = full(child(stbl, kind)?)?;
        let count = (cursor.u32()? as usize).min(cursor.rest.len() / width);
        Some(Self { bytes: cursor.take(count * width)?.to_vec(), width })
    }

    fn len(&self) -> usize {
        self.bytes.len() / self.width.max(1)
    }

    fn entry(&self, at: usize) -> Option<Cursor<'_>> {
        let from = at.checked_mul(self.width)?;
        self.bytes.get(from..from.checked_add(self.width)?).map(Cursor::new)
    }

    fn number(&self, at: usize) -> Option<u64> {
        let mut entry = self.entry(at)?;
        if self.width == 8 { entry.u64() } else { entry.u32().map(u64::from) }
    }
}

/// Pairs of a count and a value, given out value by value.
#[derive(Debug, Clone, Default)]
struct Runs {
    table: Table,
    at: usize,
    left: u32,
    value: u32,
}

impl Runs {
    fn of(stbl: &[u8], kind: &[u8; 4]) -> Option<Self> {
        Some(Self { table: Table::of(stbl, kind, 8)?, ..Self::default() })
    }

    /// The next value; `None` behind the last.
    fn next(&mut self) -> Option<u32> {
        while self.left == 0 {
            let mut entry = self.table.entry(self.at)?;
            (self.left, self.value) = (entry.u32()?, entry.u32()?);
            self.at += 1;
        }
        self.left -= 1;
        Some(self.value)
    }
}

/// Sizes of the samples: one for all, or a table of 4, 8, 16 or 32 bits each.
#[derive(Debug, Clone)]
enum Sizes {
    All(u32),
    Each(Table),
    Nibbles(Vec<u8>),
}

impl Sizes {
    /// Sizes and their count.
    fn of(stbl: &[u8]) -> Option<(Self, u32)> {
        if let Some(stsz) = child(stbl, b"stsz") {
            let (_, _, mut cursor) = full(stsz)?;
            let (all, count) = (cursor.u32()?, cursor.u32()?);
            return match all {
                0 => Some((Self::Each(Table { bytes: cursor.rest.to_vec(), width: 4 }), count)),
                all => Some((Self::All(all), count)),
            };
        }
        let (_, _, mut cursor) = full(child(stbl, b"stz2")?)?;
        let (bits, count) = (cursor.u32()? & 0xff, cursor.u32()?);
        let bytes = cursor.rest.to_vec();
        match bits {
            4 => Some((Self::Nibbles(bytes), count)),
            8 | 16 => Some((Self::Each(Table { bytes, width: bits as usize / 8 }), count)),
            _ => None,
        }
    }

    fn get(&self, at: usize) -> Option<u64> {
        match self {
            Self::All(size) => Some(u64::from(*size)),
            Self::Nibbles(bytes) => {
                let byte = *bytes.get(at / 2)?;
                Some(u64::from(if at.is_multiple_of(2) { byte >> 4 } else { byte & 15 }))
            }
            Self::Each(table) => {
                let mut entry = table.entry(at)?;
                match table.width {
                    1 => entry.u8().map(u64::from),
                    2 => entry.u16().map(u64::from),
                    _ => entry.u32().map(u64::from),
                }
            }
        }
    }
}

/// Goes through the samples of a track once.
#[derive(Debug, Clone)]
pub(super) struct Samples {
    sizes: Sizes,
    count: u32,
    /// Length of each in ticks, and how much later than decoded it is shown.
    lengths: Runs,
    delays: Option<Runs>,
    chunks: Table,
    chunk_runs: Table,
    /// Numbers of the key frames, from 1; `None` where all are.
    keys: Option<Table>,
    next_key: usize,
    index: u32,
    chunk: usize,
    chunk_run: usize,
    left_in_chunk: u32,
    config: usize,
    offset: u64,
    decode_time: i64,
    length: u32,
}

impl Samples {
    /// Of an stbl box; `None` where a table that must be there is not.
    pub fn of(stbl: &[u8]) -> Option<Self> {
        let (sizes, count) = Sizes::of(stbl)?;
        let chunks = Table::of(stbl, b"stco", 4).or_else(|| Table::of(stbl, b"co64", 8))?;
        Some(Self {
            sizes,
            count,
            lengths: Runs::of(stbl, b"stts")?,
            delays: Runs::of(stbl, b"ctts"),
            chunks,
            chunk_runs: Table::of(stbl, b"stsc", 12)?,
            keys: Table::of(stbl, b"stss", 4),
            next_key: 0,
            index: 0,
            chunk: 0,
            chunk_run: 0,
            left_in_chunk: 0,
            config: 0,
            offset: 0,
            decode_time: 0,
            length: 0,
        })
    }

    /// How many samples the tables claim.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Go on to the next chunk that holds samples.
    fn open_chunk(&mut self) -> Option<()> {
        while self.left_in_chunk == 0 {
            if self.chunk >= self.chunks.len() {
                return None;
            }
            self.offset = self.chunks.number(self.chunk)?;
            self.chunk += 1;
            while self.chunk_runs.number(self.chunk_run + 1).is_some_and(|first| first <= self.chunk as u64) {
                self.chunk_run += 1;
            }
            let mut run = self.chunk_runs.entry(self.chunk_run)?;
            run.u32()?;
            self.left_in_chunk = run.u32()?;
            self.config = (run.u32()? as usize).saturating_sub(1);
        }
        Some(())
    }

    fn is_key(&mut self) -> bool {
        let Some(keys) = &self.keys else { return true };
        let number = u64::from(self.index) + 1;
        while keys.number(self.next_key).is_some_and(|key| key < number) {
            self.next_key += 1;
        }
        keys.number(self.next_key) == Some(number)
    }
}

impl Iterator for Samples {
    type Item = Sample;

    fn next(&mut self) -> Option<Sample> {
        if self.index >= self.count {
            return None;
        }
        self.open_chunk()?;
        let size = self.sizes.get(self.index as usize)?;
        let key = self.is_key();
        // Where the lengths end too early, the last one goes on.
        self.length = self.lengths.next().unwrap_or(self.length);
        // Signed in version 0 too: writers before version 1 did so.
        let delay = self.delays.as_mut().and_then(Runs::next).unwrap_or(0) as i32;
        let sample = Sample {
            offset: self.offset,
            size,
            time: self.decode_time.saturating_add(i64::from(delay)),
            duration: self.length,
            key,
            config: self.config,
        };
        self.index += 1;
        self.left_in_chunk -= 1;
        self.offset = self.offset.saturating_add(size);
        self.decode_time = self.decode_time.saturating_add(i64::from(self.length));
        Some(sample)
    }
}
