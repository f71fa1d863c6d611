//! What the bytes of a ZIP file mean.

use std::io::Read;
use std::ops::Range;

use super::ZipFault;

/// How a content is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// As it is.
    Stored,
    /// By Deflate, raw.
    Deflated,
}

/// A file of a ZIP, as its list of contents has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its path, with `/` between folders.
    pub name: String,
    /// How it is packed.
    pub packing: Packing,
    /// How many bytes it takes in the ZIP.
    pub packed_bytes: u64,
    /// Its size.
    pub bytes: u64,
    /// CRC-32 of its bytes.
    pub crc32: u32,
    /// Where its header begins in the ZIP.
    pub header_at: u64,
}

/// Bytes of the last record without its comment, and of the longest comment.
const END_BYTES: u64 = 22;
const COMMENT_BYTES: u64 = 65_535;
/// Bytes of a file's header without its name.
const HEADER_BYTES: u64 = 30;
/// A list of contents that is longer than this is not read: a study has some hundred files.
const DIRECTORY_BYTES: u64 = 16_000_000;

/// Which bytes of a file of this size to read first: its end.
pub fn tail(file_bytes: u64) -> Range<u64> {
    file_bytes.saturating_sub(END_BYTES + COMMENT_BYTES)..file_bytes
}

/// Where the list of contents stands, by the bytes of [`tail`].
///
/// # Errors
/// [`ZipFault`] where they do not end a ZIP file.
pub fn directory(tail: &[u8], file_bytes: u64) -> Result<Range<u64>, ZipFault> {
    let last = tail.len().checked_sub(END_BYTES as usize).ok_or(ZipFault::NotZip)?;
    let ends = |at: &usize| {
        let bytes = &tail[*at..];
        bytes.starts_with(b"PK\x05\x06")
            && u16_at(bytes, 20).is_some_and(|comment| at + 22 + usize::from(comment) == tail.len())
    };
    let at = (0..=last).rev().find(ends).ok_or(ZipFault::NotZip)?;
    let end = &tail[at..];
    let (bytes, from) = u32_at(end, 12).zip(u32_at(end, 16)).ok_or(ZipFault::NotZip)?;
    if bytes == u32::MAX || from == u32::MAX {
        return Err(ZipFault::TooLarge);
    }
    let range = u64::from(from)..u64::from(from) + u64::from(bytes);
    let end_at = file_bytes - (tail.len() - at) as u64;
    if range.end > end_at || u64::from(bytes) > DIRECTORY_BYTES {
        return Err(ZipFault::Damaged("its list of contents does not fit"));
    }
    Ok(range)
}

/// The files of a list of contents. Folders, and what systems keep for themselves, are left out.
///
/// # Errors
/// [`ZipFault`] where the list is damaged, or a file cannot be read.
pub fn entries(directory: &[u8]) -> Result<Vec<Entry>, ZipFault> {
    const CUT: ZipFault = ZipFault::Damaged("its list of contents is cut off");
    let mut entries = Vec::new();
    let mut rest = directory;
    while !rest.is_empty() {
        if !rest.starts_with(b"PK\x01\x02") {
            return Err(ZipFault::Damaged("its list of contents is broken"));
        }
        let length = |at: usize| u16_at(rest, at).map(usize::from).ok_or(CUT);
        let (name, extra, comment) = (length(28)?, length(30)?, length(32)?);
        let name = rest.get(46..46 + name).ok_or(CUT)?;
        let name = String::from_utf8_lossy(name).replace('\\', "/");
        let number = |at: usize| u32_at(rest, at).ok_or(CUT);
        let (crc32, packed, bytes, header_at) = (number(16)?, number(20)?, number(24)?, number(42)?);
        let (flags, packing) = (length(8)?, length(10)?);
        rest = rest.get(46 + name_bytes(rest) + extra + comment..).ok_or(CUT)?;
        let hidden = name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
        if name.ends_with('/') || hidden {
            continue;
        }
        if [packed, bytes, header_at].contains(&u32::MAX) {
            return Err(ZipFault::TooLarge);
        }
        if flags & 1 == 1 {
            return Err(ZipFault::Locked(name));
        }
        let packing = match packing {
            0 => Packing::Stored,
            8 => Packing::Deflated,
            _ => return Err(ZipFault::Packing(name)),
        };
        if packing == Packing::Stored && packed != bytes {
            return Err(ZipFault::Damaged("a size does not fit"));
        }
        let (packed_bytes, bytes, header_at) = (packed.into(), bytes.into(), header_at.into());
        entries.push(Entry { name, packing, packed_bytes, bytes, crc32, header_at });
    }
    Ok(entries)
}

fn name_bytes(entry: &[u8]) -> usize {
    u16_at(entry, 28).map_or(0, usize::from)
}

impl Entry {
    /// Which bytes of the ZIP hold its header: what [`content`] asks for.
    pub fn header(&self) -> Range<u64> {
        self.header_at..self.header_at + HEADER_BYTES
    }
}

/// Which bytes of the ZIP hold the content of a file, by the bytes of its [`Entry::header`].
///
/// # Errors
/// [`ZipFault::Damaged`] where that is no header, or the content would end behind the ZIP.
pub fn content(header: &[u8], entry: &Entry, file_bytes: u64) -> Result<Range<u64>, ZipFault> {
    let broken = ZipFault::Damaged("a file in it does not stand where it should");
    if !header.starts_with(b"PK\x03\x04") {
        return Err(broken);
    }
    let (name, extra) = u16_at(header, 26).zip(u16_at(header, 28)).ok_or(broken.clone())?;
    let from = entry.header_at + HEADER_BYTES + u64::from(name) + u64::from(extra);
    let range = from..from + entry.packed_bytes;
    if range.end > file_bytes { Err(broken) } else { Ok(range) }
}

/// The bytes of a small file, by those that the ZIP has of it.
///
/// # Errors
/// [`ZipFault`] where it is damaged, or larger than `max_bytes`.
pub fn unpack(packed: &[u8], entry: &Entry, max_bytes: usize) -> Result<Vec<u8>, ZipFault> {
    if entry.bytes > max_bytes as u64 {
        return Err(ZipFault::LongText(entry.name.clone()));
    }
    let mut bytes = Vec::new();
    let limit = max_bytes as u64 + 1;
    let read = match entry.packing {
        Packing::Stored => packed.take(limit).read_to_end(&mut bytes),
        Packing::Deflated => flate2::read::DeflateDecoder::new(packed).take(limit).read_to_end(&mut bytes),
    };
    let mut sum = flate2::Crc::new();
    sum.update(&bytes);
    if read.is_err() || bytes.len() as u64 != entry.bytes || sum.sum() != entry.crc32 {
        return Err(ZipFault::Damaged("the study file in it has changed"));
    }
    Ok(bytes)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
