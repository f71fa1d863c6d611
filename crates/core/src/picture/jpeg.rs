//! Whether a JPEG file holds the whole of its picture.
//!
//! Decoders fill what is missing with grey or with what zeros happen to mean, and say nothing. So the coded data is walked
//! through once, without making pixels of it (ITU-T T.81): how many blocks does the header promise, and how many are there?
//! A file that was cut and then filled up with equal bytes counts as cut where those begin.

mod bits;
mod plane;

use bits::{Bits, Fault, Table};
use plane::{HOLE, Pass, Plane, coefficients, not_of_a_hole};

/// How much of the picture is there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Extent {
    /// All of it, or a form that is not walked through here (arithmetic coding, lossless): the decoder has to judge.
    Whole,
    /// This share of the picture, 0..=1, is missing or damaged.
    Missing { share: f32 },
    /// A picture in passes, of which the later ones are missing: everything is there, but coarse.
    Coarse,
}

/// So many equal bytes at a file's end were filled in: no coded picture ends like that.
const FILLED: usize = 8;

/// So many bytes may follow the last block before the next marker; more were not meant for this picture.
const MOST_LEFT_OVER: usize = 32;

/// How much of a JPEG's picture is in the file.
pub fn extent(bytes: &[u8]) -> Extent {
    let last = bytes.last().copied().unwrap_or_default();
    let filled = bytes.iter().rev().take_while(|byte| **byte == last).count();
    let end = if filled < FILLED { bytes.len() } else { bytes.len() - filled };
    let mut walk = Walk::default();
    let ended = walk.file(&bytes[..end]);
    walk.extent(ended)
}

#[derive(Default)]
struct Walk {
    tables: [[Option<Table>; 4]; 2],
    planes: Vec<Plane>,
    /// Groups of blocks in a row and in a column.
    groups: [usize; 2],
    passes: bool,
    twelve_bits: bool,
    restart_every: usize,
    /// Not to be judged here.
    other: bool,
    /// The largest share that any first pass over a plane lacks.
    missing: f32,
    /// A later pass broke off.
    coarse: bool,
    /// Something other than the end stands behind the last scan.
    strayed: bool,
}

impl Walk {
    /// Walk through a file up to its end marker or to a fault; false where neither was reached.
    fn file(&mut self, bytes: &[u8]) -> bool {
        let mut at = 2;
        while let Some((marker, next)) = marker(bytes, at) {
            at = next;
            match marker {
                0xd9 => return true,
                0x01 | 0xd0..=0xd8 => continue,
                _ => {}
            }
            let Some(segment) = segment(bytes, at) else { return false };
            at += 2 + segment.len();
            if matches!(marker, 0xc0..=0xc3 | 0xc5..=0xcf | 0xdc) && !self.planes.is_empty() {
                // One file has one frame: this is none.
                self.strayed = true;
                return false;
            }
            match marker {
                0xc0..=0xc2 => self.frame(segment, marker == 0xc2),
                0xc4 => self.define(segment),
                // Lossless, hierarchical and arithmetic forms, and a height that comes after the picture.
                0xc3 | 0xc5..=0xcf | 0xdc => self.other = true,
                0xdd => self.restart_every = number(segment, 0),
                0xda => {
                    at = self.scan(bytes, at, segment);
                    // Until the end marker has been seen.
                    self.strayed = at < bytes.len();
                }
                _ => {}
            }
            if self.other || self.missing > 0.0 || self.coarse {
                return true;
            }
        }
        false
    }

    fn extent(&self, ended: bool) -> Extent {
        if self.other {
            return Extent::Whole;
        }
        let unknown = |plane: &Plane| plane.known.first().is_none_or(|low| *low == 255);
        if self.planes.is_empty() || self.planes.iter().any(unknown) {
            return Extent::Missing { share: 1.0 };
        }
        if self.missing > 0.0 {
            return Extent::Missing { share: self.missing };
        }
        // All blocks are there, and then no end, but something that makes no sense: some of them are not the picture's.
        if !ended && self.strayed {
            return Extent::Missing { share: 0.0 };
        }
        let rough = |plane: &Plane| plane.known.iter().any(|low| *low > 0);
        // A file that says where it ends may leave out what is zero everywhere.
        if self.coarse || (!ended && self.passes && self.planes.iter().any(rough)) {
            return Extent::Coarse;
        }
        Extent::Whole
    }

    /// The frame header: sizes and sampling.
    fn frame(&mut self, segment: &[u8], passes: bool) {
        let (height, width) = (number(segment, 1), number(segment, 3));
        let count = segment.get(5).copied().map_or(0, usize::from);
        let planes = segment.get(6..6 + 3 * count).unwrap_or_default().as_chunks::<3>().0;
        // No height: it would come later.
        if width == 0 || height == 0 || planes.is_empty() {
            self.other = true;
            return;
        }
        self.passes = passes;
        self.twelve_bits = segment[0] > 8;
        let factors = planes.iter().map(|plane| [usize::from(plane[1] >> 4), usize::from(plane[1] & 15)]);
        if factors.clone().flatten().any(|factor| !(1..=4).contains(&factor)) {
            self.other = true;
            return;
        }
        let most =
            factors.clone().fold([1, 1], |most, factor| [most[0].max(factor[0]), most[1].max(factor[1])]);
        self.groups = [width.div_ceil(8 * most[0]), height.div_ceil(8 * most[1])];
        for (plane, [across, down]) in planes.iter().zip(factors) {
            let stride = self.groups[0] * across;
            self.planes.push(Plane {
                id: plane[0],
                across,
                down,
                columns: (width * across).div_ceil(8 * most[0]),
                rows: (height * down).div_ceil(8 * most[1]),
                stride,
                known: vec![255; 64],
                nonzero: if passes { vec![0; stride * self.groups[1] * down] } else { Vec::new() },
                ..Plane::default()
            });
        }
    }

    /// Huffman tables.
    fn define(&mut self, mut segment: &[u8]) {
        while let Some((&which, rest)) = segment.split_first() {
            let Some((lengths, symbols)) = rest.split_first_chunk::<16>() else { return };
            let count: usize = lengths.iter().map(|length| usize::from(*length)).sum();
            let Some(symbols) = symbols.get(..count) else { return };
            let (kind, number) = (usize::from(which >> 4 & 1), usize::from(which & 3));
            self.tables[kind][number] = Table::new(lengths, symbols);
            segment = &rest[16 + count..];
        }
    }

    /// One scan; returns where its data ends. What it lacks is noted.
    fn scan(&mut self, bytes: &[u8], at: usize, segment: &[u8]) -> usize {
        let count = segment.first().copied().map_or(0, usize::from);
        let Some([from, to, bits]) = segment.get(1 + 2 * count..4 + 2 * count) else {
            self.other = true;
            return at;
        };
        let mut pass = Pass { planes: Vec::new(), from: 0, to: 63, high: 0, low: 0 };
        if self.passes {
            (pass.from, pass.to) = (usize::from(*from), usize::from(*to).min(63));
            (pass.high, pass.low) = (bits >> 4, bits & 15);
            if pass.from > pass.to {
                // No scan, but bytes that happen to look like one.
                self.strayed = true;
                self.coarse = true;
                return at;
            }
        }
        for chosen in segment[1..].as_chunks::<2>().0.iter().take(count) {
            let Some(plane) = self.planes.iter().position(|plane| plane.id == chosen[0]) else {
                self.other = true;
                return at;
            };
            self.planes[plane].dc_table = usize::from(chosen[1] >> 4 & 3);
            self.planes[plane].ac_table = usize::from(chosen[1] & 3);
            pass.planes.push(plane);
        }
        let [columns, rows] = match pass.planes[..] {
            [] => return at,
            [one] => [self.planes[one].columns, self.planes[one].rows],
            _ => self.groups,
        };
        let total = columns * rows;
        let mut bits = Bits::new(bytes, at);
        let (done, fault) = self.groups_of(&pass, columns, total, &mut bits);
        let (end, left_over) = bits.rest();
        let first = pass.high == 0 && pass.from == 0;
        if fault.is_some() || left_over > MOST_LEFT_OVER {
            // Where too much is left over, what came before it was not all meant, either.
            let done = if fault.is_none() {
                bits.hole_at().unwrap_or(done).min(total.saturating_sub(1))
            } else {
                done
            };
            match first {
                true => self.missing = self.missing.max((total - done) as f32 / total as f32),
                false => self.coarse = true,
            }
        }
        for plane in &pass.planes {
            self.planes[*plane].known[pass.from..=pass.to.max(pass.from)].fill(pass.low);
        }
        end
    }

    /// Walk through the groups of a scan: how many are whole, and what ended them too early.
    fn groups_of(
        &mut self,
        pass: &Pass,
        columns: usize,
        total: usize,
        bits: &mut Bits,
    ) -> (usize, Option<Fault>) {
        let mut run = 0;
        for group in 0..total {
            if group == 0 || (self.restart_every > 0 && group % self.restart_every == 0) {
                run = 0;
                for plane in &mut self.planes {
                    plane.last_dc = 0;
                }
                if group > 0 && !bits.restart(MOST_LEFT_OVER) {
                    return (group, Some(Fault::Ended));
                }
            }
            bits.note_hole(group, HOLE);
            if let Err(fault) = self.group(pass, (group % columns, group / columns), &mut run, bits) {
                return (bits.hole_at().unwrap_or(group).min(group), Some(fault));
            }
        }
        (total, None)
    }

    fn group(
        &mut self,
        pass: &Pass,
        (column, row): (usize, usize),
        run: &mut u32,
        bits: &mut Bits,
    ) -> Result<(), Fault> {
        if let [one] = pass.planes[..] {
            let place = row * self.planes[one].stride + column;
            return self.block(pass, one, place, run, bits);
        }
        for &plane in &pass.planes {
            let Plane { across, down, stride, .. } = self.planes[plane];
            for y in 0..down {
                for x in 0..across {
                    self.block(pass, plane, (row * down + y) * stride + column * across + x, run, bits)?;
                }
            }
        }
        Ok(())
    }

    fn block(
        &mut self,
        pass: &Pass,
        plane: usize,
        place: usize,
        run: &mut u32,
        bits: &mut Bits,
    ) -> Result<(), Fault> {
        let plane = &mut self.planes[plane];
        let [dc, ac] = [&self.tables[0][plane.dc_table], &self.tables[1][plane.ac_table]];
        let most = if self.twelve_bits { 15 } else { 11 };
        if pass.from == 0 {
            if pass.high > 0 {
                bits.take(1)?;
            } else {
                plane.dc(dc, most, pass.low, bits)?;
            }
            if self.passes {
                return Ok(());
            }
        }
        let ac = ac.as_ref().ok_or(Fault::Broken)?;
        match (self.passes, pass.high) {
            (false, _) => {
                let flat = coefficients(ac, most, bits)?;
                if flat { Ok(()) } else { not_of_a_hole(bits) }
            }
            (true, 0) => plane.first_pass(ac, pass, place, run, bits),
            (true, _) => plane.later_pass(ac, pass, place, run, bits),
        }
    }
}

/// The next marker from a place on, and where its segment begins.
fn marker(bytes: &[u8], from: usize) -> Option<(u8, usize)> {
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == 0xff)?;
        at += bytes[at..].iter().position(|byte| *byte != 0xff)?;
        match bytes[at] {
            0 => at += 1,
            marker => return Some((marker, at + 1)),
        }
    }
}

/// The segment whose length stands at a place; `None` where it is cut.
fn segment(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let length = number(bytes.get(at..at + 2)?, 0);
    bytes.get(at + 2..at + length.max(2))
}

/// Two bytes, the higher first; 0 where they are missing.
fn number(bytes: &[u8], at: usize) -> usize {
    bytes.get(at..at + 2).map_or(0, |pair| usize::from(pair[0]) << 8 | usize::from(pair[1]))
}
