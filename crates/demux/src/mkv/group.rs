//! A block group: one block, and what is said of it in the elements beside it.

use super::block::{self, Block};
use super::ebml::{head_at, id, unsigned};
use crate::bytes::{Held, Stop};

/// So many elements of a group are looked at.
const MOST_ELEMENTS: usize = 64;

/// A group that is read element by element. It keeps what it has read: its elements may lie further apart than the
/// pieces of the file that are held, and would otherwise be asked for again and again.
#[derive(Debug)]
pub(super) struct Group {
    /// The next element.
    at: u64,
    /// Where the group ends.
    pub to: u64,
    elements: usize,
    block: Option<Block>,
    key: bool,
    duration: Option<u64>,
}

impl Group {
    pub fn new(at: u64, to: u64) -> Self {
        Self { at, to, elements: 0, block: None, key: true, duration: None }
    }

    /// Read on to the end: the block, whether it is a key frame, and its length in ticks. `None` where there is no block,
    /// or an element that makes no sense.
    pub fn read_on(&mut self, held: &Held) -> Result<Option<(Block, bool, Option<u64>)>, Stop> {
        while self.at < self.to && self.elements < MOST_ELEMENTS {
            let Some(head) = head_at(held, self.at)? else { return Ok(None) };
            let Some(end) = head.end.filter(|end| *end <= self.to) else { return Ok(None) };
            match head.id {
                id::BLOCK => self.block = block::at(held, head.body, end)?,
                id::BLOCK_DURATION if end - head.body <= 8 => {
                    self.duration = held.get(head.body..end)?.and_then(unsigned);
                }
                id::REFERENCE_BLOCK => self.key = false,
                _ => {}
            }
            self.at = end;
            self.elements += 1;
        }
        Ok(self.block.take().map(|block| (block, self.key, self.duration)))
    }
}
