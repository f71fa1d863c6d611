//! Boxes: a size, a kind, and what is in them.

use crate::bytes::{Cursor, Held, Stop};

pub(crate) type Kind = [u8; 4];

/// The head of a box at the top of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub kind: Kind,
    /// Where its content begins and ends; the end may lie behind the file's.
    pub body: u64,
    pub end: u64,
}

/// The head of the box at `at`. `None` where there is none that makes sense.
pub(super) fn head_at(held: &Held, at: u64) -> Result<Option<Head>, Stop> {
    let bytes = held.up_to(at, 16)?;
    let mut cursor = Cursor::new(bytes);
    let head = || -> Option<Head> {
        let small = cursor.u32()?;
        let kind: Kind = cursor.take(4)?.try_into().ok()?;
        let (header, size) = match small {
            0 => (8, held.len.saturating_sub(at)),
            1 => (16, cursor.u64()?),
            size => (8, u64::from(size)),
        };
        (size >= header).then(|| Head { kind, body: at + header, end: at.saturating_add(size) })
    };
    let mut head = head;
    Ok(head())
}

/// The boxes within a box: kind and content. It ends where the rest is no box; the content of one that is too long is cut.
pub(super) fn children(bytes: &[u8]) -> impl Iterator<Item = (Kind, &[u8])> {
    let mut cursor = Cursor::new(bytes);
    std::iter::from_fn(move || {
        let small = cursor.u32()?;
        let kind: Kind = cursor.take(4)?.try_into().ok()?;
        let size = match small {
            0 => cursor.rest.len(),
            1 => usize::try_from(cursor.u64()?.checked_sub(16)?).ok()?,
            size => usize::try_from(size.checked_sub(8)?).ok()?,
        };
        Some((kind, cursor.take(size.min(cursor.rest.len()))?))
    })
}

/// The content of the first box of a kind.
pub(super) fn child<'a>(bytes: &'a [u8], kind: &Kind) -> Option<&'a [u8]> {
    children(bytes).find(|(found, _)| found == kind).map(|(_, body)| body)
}

/// The content of the box that a path of kinds leads to.
pub(super) fn descend<'a>(bytes: &'a [u8], path: &[&Kind]) -> Option<&'a [u8]> {
    path.iter().try_fold(bytes, |bytes, kind| child(bytes, kind))
}

/// A full box: version, flags and the rest.
pub(super) fn full(bytes: &[u8]) -> Option<(u8, u32, Cursor<'_>)> {
    let mut cursor = Cursor::new(bytes);
    let head = cursor.u32()?;
    Some(((head >> 24) as u8, head & 0x00ff_ffff, cursor))
}

/// An unsigned number that is 64 bits wide in version 1.
pub(super) fn wide(cursor: &mut Cursor<'_>, version: u8) -> Option<u64> {
    if version == 1 { cursor.u64() } else { cursor.u32().map(u64::from) }
}
