//! The blocks of one colour, as the coded data gives them: how each pass adds to what is known of them.

use super::bits::{Bits, Fault, Table};

/// So many zero bytes within the coded data are a hole where blocks of other kinds than flat ones come of them.
pub const HOLE: usize = 64;

/// A colour's plane of blocks.
#[derive(Default, Clone)]
pub struct Plane {
    pub id: u8,
    /// Sampling factors.
    pub across: usize,
    pub down: usize,
    /// Blocks that the picture needs ...
    pub columns: usize,
    pub rows: usize,
    /// ... and in a row with those that fill up the last group.
    pub stride: usize,
    /// Lowest bit that is known of each coefficient; 255: nothing is.
    pub known: Vec<u8>,
    /// Bit k: coefficient k of the block is not zero so far. Only pictures in passes need it.
    pub nonzero: Vec<u64>,
    pub dc_table: usize,
    pub ac_table: usize,
    pub last_dc: i32,
}

/// What one pass codes.
pub struct Pass {
    pub planes: Vec<usize>,
    pub from: usize,
    pub to: usize,
    /// The bit that was known before, 0 for a first pass, and the one that is known after.
    pub high: u8,
    pub low: u8,
}

impl Plane {
    /// The difference of a block's mean to the one before.
    pub fn dc(&mut self, table: &Option<Table>, most: u8, low: u8, bits: &mut Bits) -> Result<(), Fault> {
        let size = bits.symbol(table.as_ref().ok_or(Fault::Broken)?)?;
        if size > most {
            return Err(Fault::Broken);
        }
        let value = bits.take(u32::from(size))? as i32;
        let difference = if size > 0 && value < 1 << (size - 1) { value + 1 - (1 << size) } else { value };
        self.last_dc += difference;
        if difference != 0 {
            not_of_a_hole(bits)?;
        }
        // Twice as far as any picture of so many bits reaches.
        if (self.last_dc << low).abs() > 4 << most { Err(Fault::Broken) } else { Ok(()) }
    }

    /// A band of coefficients that comes for the first time.
    pub fn first_pass(
        &mut self,
        table: &Table,
        pass: &Pass,
        place: usize,
        run: &mut u32,
        bits: &mut Bits,
    ) -> Result<(), Fault> {
        if *run > 0 {
            *run -= 1;
            return Ok(());
        }
        let mut at = pass.from;
        while at <= pass.to {
            let symbol = bits.symbol(table)?;
            let (zeros, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
            if size == 0 {
                if zeros < 15 {
                    *run = (1 << zeros) - 1 + bits.take(zeros as u32)?;
                    return Ok(());
                }
                at += 16;
                continue;
            }
            at += zeros;
            if at > pass.to {
                return Err(Fault::Broken);
            }
            bits.take(size)?;
            not_of_a_hole(bits)?;
            self.mark(place, at);
            at += 1;
        }
        Ok(())
    }

    /// One more bit of a band of coefficients.
    pub fn later_pass(
        &mut self,
        table: &Table,
        pass: &Pass,
        place: usize,
        run: &mut u32,
        bits: &mut Bits,
    ) -> Result<(), Fault> {
        let mut at = pass.from;
        if *run == 0 {
            while at <= pass.to {
                let symbol = bits.symbol(table)?;
                let (mut zeros, size) = (u32::from(symbol >> 4), symbol & 15);
                if size == 0 && zeros < 15 {
                    *run = (1 << zeros) + bits.take(zeros)?;
                    break;
                }
                if size > 1 {
                    return Err(Fault::Broken);
                }
                bits.take(u32::from(size))?;
                while at <= pass.to {
                    if self.is_marked(place, at) {
                        bits.take(1)?;
                    } else if zeros == 0 {
                        break;
                    } else {
                        zeros -= 1;
                    }
                    at += 1;
                }
                if size > 0 {
                    if at > pass.to {
                        return Err(Fault::Broken);
                    }
                    self.mark(place, at);
                }
                at += 1;
            }
        }
        if *run > 0 {
            while at <= pass.to {
                if self.is_marked(place, at) {
                    bits.take(1)?;
                }
                at += 1;
            }
            *run -= 1;
        }
        Ok(())
    }

    fn mark(&mut self, place: usize, coefficient: usize) {
        if let Some(nonzero) = self.nonzero.get_mut(place) {
            *nonzero |= 1 << coefficient;
        }
    }

    fn is_marked(&self, place: usize, coefficient: usize) -> bool {
        self.nonzero.get(place).is_some_and(|nonzero| nonzero >> coefficient & 1 == 1)
    }
}

/// Zeros for so long mean flat blocks, if that is what the shortest codes mean, and never anything else.
pub fn not_of_a_hole(bits: &Bits) -> Result<(), Fault> {
    if bits.zeros() >= HOLE { Err(Fault::Broken) } else { Ok(()) }
}

/// The coefficients of a block of a picture in one pass; whether there are none.
pub fn coefficients(table: &Table, most: u8, bits: &mut Bits) -> Result<bool, Fault> {
    let mut at = 1;
    while at < 64 {
        let symbol = bits.symbol(table)?;
        let (zeros, size) = (usize::from(symbol >> 4), symbol & 15);
        if size == 0 {
            if zeros < 15 {
                return Ok(at == 1);
            }
            at += 16;
            continue;
        }
        at += zeros;
        if at > 63 || size >= most {
            return Err(Fault::Broken);
        }
        bits.take(u32::from(size))?;
        at += 1;
    }
    Ok(false)
}
