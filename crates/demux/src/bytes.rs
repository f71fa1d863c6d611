//! Bytes of the file that are at hand, and reading numbers from them without ever going beyond.

use std::ops::Range;

use crate::fault::Fault;

/// So many supplied pieces are kept: where the demuxer is, and what was read ahead of it. No step may need more of them
/// at once: it would ask for the first again when it has the last, and never go on.
const MOST_PIECES: usize = 4;

/// Why a parser stops: it goes on where it was once the bytes are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stop {
    Need(Range<u64>),
    Fault(Fault),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Stop::Fault(fault)
    }
}

/// The pieces of the file that are at hand.
#[derive(Debug, Default)]
pub(crate) struct Held {
    pub len: u64,
    pieces: Vec<(u64, Vec<u8>)>,
}

impl Held {
    pub fn new(len: u64) -> Self {
        Self { len, pieces: Vec::new() }
    }

    pub fn supply(&mut self, from: u64, bytes: &[u8]) {
        if self.pieces.len() >= MOST_PIECES {
            self.pieces.remove(0);
        }
        self.pieces.push((from, bytes.to_vec()));
    }

    /// Forget what was supplied: the index, which is large and is read once.
    pub fn clear(&mut self) {
        self.pieces.clear();
    }

    /// These bytes, if they are at hand and lie in one piece.
    pub fn peek(&self, range: Range<u64>) -> Option<&[u8]> {
        self.pieces.iter().rev().find_map(|(from, bytes)| {
            let start = usize::try_from(range.start.checked_sub(*from)?).ok()?;
            let end = usize::try_from(range.end.checked_sub(*from)?).ok()?;
            bytes.get(start..end)
        })
    }

    /// These bytes, or the wish for them. `None` where the file ends before.
    pub fn get(&self, range: Range<u64>) -> Result<Option<&[u8]>, Stop> {
        if range.end > self.len || range.start > range.end {
            return Ok(None);
        }
        self.peek(range.clone()).map(Some).ok_or(Stop::Need(range))
    }

    /// Up to `most` bytes from `at` on: fewer where the file ends before.
    pub fn up_to(&self, at: u64, most: u64) -> Result<&[u8], Stop> {
        let end = at.saturating_add(most).min(self.len);
        if at >= end {
            return Ok(&[]);
        }
        // What is at hand and shorter is not enough: it may only be where a piece ends.
        self.peek(at..end).ok_or(Stop::Need(at..end))
    }
}

/// Reads big-endian numbers one after the other; `None` behind the end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'a> {
    pub rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*taken)
    }

    pub fn skip(&mut self, count: usize) -> Option<()> {
        self.take(count).map(|_| ())
    }

    pub fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_be_bytes)
    }

    pub fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub fn i32(&mut self) -> Option<i32> {
        self.array().map(i32::from_be_bytes)
    }

    pub fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    pub fn i64(&mut self) -> Option<i64> {
        self.array().map(i64::from_be_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_at_hand_is_wished_for_and_what_does_not_exist_is_not() {
        let mut held = Held::new(100);
        assert_eq!(held.get(10..20), Err(Stop::Need(10..20)));
        held.supply(10, &[7; 20]);
        assert_eq!(held.get(10..20), Ok(Some([7; 10].as_slice())));
        assert_eq!(held.get(25..31), Err(Stop::Need(25..31)));
        assert_eq!(held.get(95..101), Ok(None));
        assert_eq!(held.up_to(95, 10), Err(Stop::Need(95..100)));
        assert_eq!(held.up_to(100, 10), Ok([].as_slice()));
    }

    #[test]
    fn a_cursor_does_not_go_beyond() {
        let mut cursor = Cursor::new(&[0, 1, 0xff]);
        assert_eq!((cursor.u16(), cursor.u16(), cursor.u8(), cursor.u8()), (Some(1), None, Some(0xff), None));
    }
}
