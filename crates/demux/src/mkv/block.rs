//! Blocks: which track, when, and where in the file each of its frames lies.

use std::ops::Range;

use super::ebml::number;
use crate::bytes::{Cursor, Held, Stop};

/// So many first bytes of a block hold its head, lacing included: 256 frames of up to 64 KB each in Xiph lacing.
const HEAD_BYTES: u64 = 1 << 16;

/// The head of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub track: u64,
    /// Ticks from the cluster's time on.
    pub time: i16,
    /// Of a simple block.
    pub key: bool,
    pub invisible: bool,
    /// Where its frames are in the file, in their order.
    pub frames: Vec<Range<u64>>,
}

/// The block whose content lies here in the file; `None` where it is damaged.
pub(super) fn at(held: &Held, from: u64, to: u64) -> Result<Option<Block>, Stop> {
    // The head of a block without lacing is short; more is asked for only where there is lacing.
    let short = held.up_to(from, (to - from).min(12))?;
    if let Some(block) = parse(short, from, to).filter(|block| block.frames.len() == 1) {
        return Ok(Some(block));
    }
    Ok(parse(held.up_to(from, (to - from).min(HEAD_BYTES))?, from, to))
}

/// Of a block's content that begins at the byte `from` and ends at `to`; `head`: its first bytes, [`HEAD_BYTES`] or all.
/// `None` for what is damaged.
fn parse(head: &[u8], from: u64, to: u64) -> Option<Block> {
    let mut cursor = Cursor::new(head);
    let (track, _) = number(&mut cursor)?;
    let time = cursor.u16()? as i16;
    let flags = cursor.u8()?;
    let here = |cursor: &Cursor<'_>| from + (head.len() - cursor.rest.len()) as u64;
    let lacing = flags >> 1 & 3;
    let mut frames = Vec::new();
    if lacing == 0 {
        frames.push(here(&cursor)..to);
    } else {
        let count = u64::from(cursor.u8()?) + 1;
        let sizes = match lacing {
            1 => xiph(&mut cursor, count - 1)?,
            3 => ebml(&mut cursor, count - 1)?,
            _ => vec![to.checked_sub(here(&cursor))? / count; count as usize - 1],
        };
        let mut at = here(&cursor);
        for size in sizes {
            let end = at.checked_add(size).filter(|end| *end <= to)?;
            frames.push(at..end);
            at = end;
        }
        frames.push(at..to);
    }
    frames.iter().all(|frame| frame.start <= frame.end).then_some(())?;
    Some(Block { track, time, key: flags & 0x80 != 0, invisible: flags & 8 != 0, frames })
}

/// Sizes of all frames but the last: sums of bytes up to the first that is not 255.
fn xiph(cursor: &mut Cursor<'_>, count: u64) -> Option<Vec<u64>> {
    let mut size = || {
        let mut sum = 0u64;
        loop {
            let byte = cursor.u8()?;
            sum += u64::from(byte);
            if byte != 255 {
                return Some(sum);
            }
        }
    };
    (0..count).map(|_| size()).collect()
}

/// Sizes of all frames but the last: the first, then differences.
fn ebml(cursor: &mut Cursor<'_>, count: u64) -> Option<Vec<u64>> {
    let mut last = 0i64;
    let mut sizes = Vec::new();
    for at in 0..count {
        let before = cursor.rest.len();
        let (value, _) = number(cursor)?;
        let value = i64::try_from(value).ok()?;
        let bits = 7 * (before - cursor.rest.len()) as u32;
        // Differences are shifted so that they are never below zero.
        last = if at == 0 { value } else { last.checked_add(value - ((1i64 << (bits - 1)) - 1))? };
        sizes.push(u64::try_from(last).ok()?);
    }
    Some(sizes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(bytes: &[u8]) -> Option<Vec<u64>> {
        let block = parse(bytes, 100, 100 + bytes.len() as u64)?;
        Some(block.frames.iter().map(|frame| frame.end - frame.start).collect())
    }

    #[test]
    fn a_block_without_lacing_is_one_frame() {
        let block = parse(&[0x81, 0xff, 0xfe, 0x80, 1, 2, 3], 100, 107).unwrap();
        assert_eq!((block.track, block.time, block.key, block.invisible), (1, -2, true, false));
        assert_eq!((block.frames.len(), block.frames[0].clone()), (1, 104..107));
        assert!(parse(&[0x81, 0, 0, 0x08, 1], 0, 5).unwrap().invisible);
    }

    #[test]
    fn all_three_lacings_give_their_sizes() {
        assert_eq!(sizes(&[0x81, 0, 0, 0x02, 2, 1, 2, 9, 9, 9, 9, 9]), Some(vec![1, 2, 2]));
        assert_eq!(sizes(&[0x81, 0, 0, 0x04, 2, 9, 9, 9, 9, 9, 9]), Some(vec![2, 2, 2]));
        // Two, then two and one (0xc0 is a difference of 1, 0xbf of 0).
        assert_eq!(sizes(&[0x81, 0, 0, 0x06, 2, 0x82, 0xbf, 9, 9, 9, 9, 9]), Some(vec![2, 2, 1]));
        assert_eq!(sizes(&[0x81, 0, 0, 0x06, 2, 0x81, 0xc0, 9, 9, 9, 9, 9]), Some(vec![1, 2, 2]));
    }

    #[test]
    fn sizes_beyond_the_block_and_heads_that_end_too_early_are_damage() {
        assert_eq!(sizes(&[0x81, 0, 0, 0x02, 1, 200, 9]), None);
        assert_eq!(sizes(&[0x81, 0, 0, 0x06, 1]), None);
        assert_eq!(sizes(&[0x81, 0]), None);
        assert_eq!(sizes(&[]), None);
    }
}
