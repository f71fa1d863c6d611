//! Bits of a JPEG's coded data, and the Huffman codes in them.

/// Why a block cannot be walked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The data ends within it.
    Ended,
    /// The bits mean nothing.
    Broken,
}

/// So many bits of a code are looked up at once.
const FAST: u32 = 9;

/// One Huffman table (ITU-T T.81, annex C).
pub struct Table {
    /// Length << 8 | symbol for every beginning of [`FAST`] bits; 0 where the code is longer or there is none.
    fast: Vec<u16>,
    /// For each length 1..=16: the first code after those of this length, in 16 bits; and what to add to a code for its
    /// symbol's index.
    limits: [u32; 17],
    offsets: [i32; 17],
    symbols: Vec<u8>,
}

impl Table {
    /// `lengths`: how many codes have 1, 2 .. 16 bits. `None` where there are more than fit.
    pub fn new(lengths: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut table =
            Self { fast: vec![0; 1 << FAST], limits: [0; 17], offsets: [0; 17], symbols: symbols.to_vec() };
        let (mut code, mut index) = (0u32, 0usize);
        for length in 1..=16u32 {
            table.offsets[length as usize] = index as i32 - code as i32;
            for _ in 0..lengths[length as usize - 1] {
                if code >= 1 << length {
                    return None;
                }
                if length <= FAST {
                    let from = (code << (FAST - length)) as usize;
                    let entry = (length as u16) << 8 | u16::from(symbols[index]);
                    table.fast[from..from + (1 << (FAST - length))].fill(entry);
                }
                code += 1;
                index += 1;
            }
            table.limits[length as usize] = code << (16 - length);
            code <<= 1;
        }
        Some(table)
    }

    /// The symbol at the beginning of 16 bits, and its length.
    #[inline]
    fn find(&self, bits: u32) -> Option<(u8, u32)> {
        let entry = self.fast[(bits >> (16 - FAST)) as usize];
        if entry > 0 {
            return Some((entry as u8, u32::from(entry >> 8)));
        }
        let length = (1..=16).find(|length| bits < self.limits[*length as usize])?;
        let index = (bits >> (16 - length)) as i32 + self.offsets[length as usize];
        Some((*self.symbols.get(usize::try_from(index).ok()?)?, length))
    }
}

/// Reads bits up to the next marker.
pub struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The next bits, the first in the highest place, and how many there are.
    held: u64,
    count: u32,
    /// Zero bytes in a row up to `at`.
    zeros: usize,
    /// The group at which a hole of zeros was entered.
    hole: Option<usize>,
    /// The group in which the zeros of now began.
    zeros_since: usize,
}

impl<'a> Bits<'a> {
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, held: 0, count: 0, zeros: 0, hole: None, zeros_since: 0 }
    }

    fn fill(&mut self) {
        while self.count <= 56 {
            let Some(&byte) = self.bytes.get(self.at) else { return };
            if byte == 0xff {
                // A stuffed zero follows a byte of the picture; anything else is a marker.
                if self.bytes.get(self.at + 1) != Some(&0) {
                    return;
                }
                self.at += 1;
            }
            self.at += 1;
            self.zeros = if byte == 0 { self.zeros + 1 } else { 0 };
            self.held |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    /// The next `count` bits, at most 16, as a number.
    #[inline]
    pub fn take(&mut self, count: u32) -> Result<u32, Fault> {
        if self.count < count {
            self.fill();
            if self.count < count {
                return Err(Fault::Ended);
            }
        }
        if count == 0 {
            return Ok(0);
        }
        let value = (self.held >> (64 - count)) as u32;
        self.held <<= count;
        self.count -= count;
        Ok(value)
    }

    /// The next symbol of a table.
    #[inline]
    pub fn symbol(&mut self, table: &Table) -> Result<u8, Fault> {
        if self.count < 16 {
            self.fill();
        }
        let (symbol, length) = table.find((self.held >> 48) as u32).ok_or(Fault::Broken)?;
        self.take(length)?;
        Ok(symbol)
    }

    /// Go on behind the restart marker that must come now; false where none does within `most` bytes.
    pub fn restart(&mut self, most: usize) -> bool {
        let (end, left_over) = self.rest();
        let marker = self.bytes.get(end..end + 2);
        if left_over > most || !marker.is_some_and(|pair| matches!(pair[1], 0xd0..=0xd7)) {
            return false;
        }
        (self.at, self.held, self.count) = (end + 2, 0, 0);
        true
    }

    /// Where the next marker is, or the end of the file, and how many bytes lie before it unread.
    pub fn rest(&self) -> (usize, usize) {
        let mut at = self.at;
        loop {
            match self.bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == 0xff)) {
                None => break at = self.bytes.len().max(self.at),
                Some(found) => at += found,
            }
            match self.bytes.get(at + 1) {
                Some(0) => at += 2,
                // Filling before a marker.
                Some(0xff) => at += 1,
                _ => break,
            }
        }
        (at, at - self.at + self.count as usize / 8)
    }

    /// Remember the group at which a run of zeros began, once it has this length.
    pub fn note_hole(&mut self, group: usize, length: usize) {
        if self.zeros < 8 {
            self.zeros_since = group;
        } else if self.zeros >= length {
            self.hole.get_or_insert(self.zeros_since);
        }
    }

    /// How many of the bytes read last are zero.
    pub fn zeros(&self) -> usize {
        self.zeros
    }

    /// The group at which the first hole of zeros began.
    pub fn hole_at(&self) -> Option<usize> {
        self.hole
    }
}
