//! The moof box: the samples of one fragment.

use super::boxes::{child, children, full, wide};
use super::movie::Defaults;
use super::samples::Sample;
use crate::bytes::Cursor;

/// Flags of a sample that say that it needs others: "not a sync sample", "depends on others".
const NOT_KEY: u32 = 0x0101_0000;

/// Samples that follow each other in the file.
#[derive(Debug, Clone)]
pub(super) struct Run {
    count: u32,
    index: u32,
    flags: u32,
    first_flags: Option<u32>,
    defaults: Defaults,
    /// The entries as they stand in the file.
    bytes: Vec<u8>,
    at: usize,
    offset: u64,
    decode_time: i64,
}

/// What an entry says, defaults included.
struct Entry {
    duration: u32,
    size: u32,
    flags: u32,
    delay: i32,
}

impl Run {
    fn parse(trun: &[u8], defaults: Defaults, base: u64, follows: u64, decode_time: i64) -> Option<Self> {
        let (_, flags, mut cursor) = full(trun)?;
        let count = cursor.u32()?;
        let offset = match flags & 1 {
            0 => follows,
            _ => base.saturating_add_signed(i64::from(cursor.i32()?)),
        };
        let first_flags = if flags & 4 != 0 { Some(cursor.u32()?) } else { None };
        let mut run = Self {
            count,
            index: 0,
            flags,
            first_flags,
            defaults,
            bytes: cursor.rest.to_vec(),
            at: 0,
            offset,
            decode_time,
        };
        let width = run.width();
        if let Some(most) = run.bytes.len().checked_div(width) {
            run.count = run.count.min(u32::try_from(most).unwrap_or(u32::MAX));
        }
        Some(run)
    }

    /// Bytes of an entry.
    fn width(&self) -> usize {
        (self.flags >> 8 & 0xf).count_ones() as usize * 4
    }

    fn entry(&mut self) -> Option<Entry> {
        let mut cursor = Cursor::new(self.bytes.get(self.at..)?);
        let mut field =
            |bit: u32, default: u32| if self.flags & bit != 0 { cursor.u32() } else { Some(default) };
        let duration = field(0x100, self.defaults.duration)?;
        let size = field(0x200, self.defaults.size)?;
        let first = self.first_flags.filter(|_| self.index == 0).unwrap_or(self.defaults.flags);
        let flags = field(0x400, first)?;
        let delay = field(0x800, 0)? as i32;
        self.at += self.width();
        Some(Entry { duration, size, flags, delay })
    }

    /// Where it ends in the file and in time.
    fn end(&self) -> (u64, i64) {
        let mut copy = self.clone();
        if self.width() == 0 {
            let times = |value: u32| u64::from(self.count) * u64::from(value);
            let length = i64::try_from(times(self.defaults.duration)).unwrap_or(i64::MAX);
            let end = self.offset.saturating_add(times(self.defaults.size));
            return (end, self.decode_time.saturating_add(length));
        }
        while copy.next().is_some() {}
        (copy.offset, copy.decode_time)
    }
}

impl Iterator for Run {
    type Item = Sample;

    fn next(&mut self) -> Option<Sample> {
        if self.index >= self.count {
            return None;
        }
        let entry = self.entry()?;
        if entry.size == 0 && self.width() == 0 {
            // Billions of nothing.
            return None;
        }
        let sample = Sample {
            offset: self.offset,
            size: u64::from(entry.size),
            time: self.decode_time.saturating_add(i64::from(entry.delay)),
            duration: entry.duration,
            key: entry.flags & NOT_KEY == 0,
            config: (self.defaults.config as usize).saturating_sub(1),
        };
        self.index += 1;
        self.offset = self.offset.saturating_add(sample.size);
        self.decode_time = self.decode_time.saturating_add(i64::from(entry.duration));
        Some(sample)
    }
}

/// The runs of one track in a moof box that begins at the byte `start`, and the time at which the next fragment begins.
/// `decode_time`: where the fragment before ended.
pub(super) fn runs(
    moof: &[u8],
    start: u64,
    track: u64,
    trex: Defaults,
    mut decode_time: i64,
) -> (Vec<Run>, i64) {
    let mut runs = Vec::new();
    // Where the data of the fragment's track before ends: the base where no other is said.
    let mut follows = start;
    for (kind, traf) in children(moof) {
        if kind != *b"traf" {
            continue;
        }
        let Some((id, base, defaults)) =
            child(traf, b"tfhd").and_then(|tfhd| head(tfhd, start, follows, trex))
        else {
            continue;
        };
        let own = u64::from(id) == track;
        let said = child(traf, b"tfdt").and_then(|tfdt| {
            let (version, _, mut cursor) = full(tfdt)?;
            wide(&mut cursor, version)
        });
        let mut time =
            said.map_or(decode_time, |time| i64::try_from(time).unwrap_or(i64::MAX).min(i64::MAX / 4));
        follows = base;
        for (kind, trun) in children(traf) {
            if kind != *b"trun" {
                continue;
            }
            let Some(run) = Run::parse(trun, defaults, base, follows, time) else { continue };
            (follows, time) = run.end();
            if own {
                runs.push(run);
            }
        }
        if own {
            decode_time = time;
        }
    }
    (runs, decode_time)
}

/// Track, base of the offsets, defaults.
fn head(tfhd: &[u8], start: u64, follows: u64, trex: Defaults) -> Option<(u32, u64, Defaults)> {
    let (_, flags, mut cursor) = full(tfhd)?;
    let id = cursor.u32()?;
    let base = match (flags & 1, flags & 0x2_0000) {
        (1, _) => cursor.u64()?,
        (_, 0) => follows,
        _ => start,
    };
    let mut field = |bit: u32, default: u32| if flags & bit != 0 { cursor.u32() } else { Some(default) };
    let config = field(2, trex.config)?;
    let duration = field(8, trex.duration)?;
    let size = field(0x10, trex.size)?;
    let flags = field(0x20, trex.flags)?;
    Some((id, base, Defaults { config, duration, size, flags }))
}
