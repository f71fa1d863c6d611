//! EBML (RFC 8794): elements of an identifier, a size and what is in them.

use crate::bytes::{Cursor, Held, Stop};

/// Identifiers with their marker bits, as they stand in the file.
pub(super) mod id {
    pub const EBML: u32 = 0x1a45_dfa3;
    pub const SEGMENT: u32 = 0x1853_8067;
    pub const SEEK_HEAD: u32 = 0x114d_9b74;
    pub const INFO: u32 = 0x1549_a966;
    pub const TRACKS: u32 = 0x1654_ae6b;
    pub const CLUSTER: u32 = 0x1f43_b675;
    pub const CUES: u32 = 0x1c53_bb6b;
    pub const CHAPTERS: u32 = 0x1043_a770;
    pub const ATTACHMENTS: u32 = 0x1941_a469;
    pub const TAGS: u32 = 0x1254_c367;
    pub const VOID: u32 = 0xec;
    pub const CRC: u32 = 0xbf;

    pub const TIMESTAMP_SCALE: u32 = 0x2a_d7b1;
    pub const DURATION: u32 = 0x4489;

    pub const TRACK_ENTRY: u32 = 0xae;
    pub const TRACK_NUMBER: u32 = 0xd7;
    pub const TRACK_TYPE: u32 = 0x83;
    pub const FLAG_ENABLED: u32 = 0xb9;
    pub const FLAG_DEFAULT: u32 = 0x88;
    pub const CODEC_ID: u32 = 0x86;
    pub const CODEC_PRIVATE: u32 = 0x63a2;
    pub const DEFAULT_DURATION: u32 = 0x23_e383;
    pub const VIDEO: u32 = 0xe0;
    pub const PIXEL_WIDTH: u32 = 0xb0;
    pub const PIXEL_HEIGHT: u32 = 0xba;
    pub const DISPLAY_WIDTH: u32 = 0x54b0;
    pub const DISPLAY_HEIGHT: u32 = 0x54ba;
    pub const DISPLAY_UNIT: u32 = 0x54b2;
    pub const COLOUR: u32 = 0x55b0;
    pub const COLOUR_MATRIX: u32 = 0x55b1;
    pub const COLOUR_RANGE: u32 = 0x55b9;
    pub const COLOUR_TRANSFER: u32 = 0x55ba;
    pub const COLOUR_PRIMARIES: u32 = 0x55bb;
    pub const PROJECTION: u32 = 0x7670;
    pub const PROJECTION_TYPE: u32 = 0x7671;
    pub const POSE_YAW: u32 = 0x7673;
    pub const POSE_PITCH: u32 = 0x7674;
    pub const POSE_ROLL: u32 = 0x7675;
    pub const CONTENT_ENCODINGS: u32 = 0x6d80;
    pub const CONTENT_ENCODING: u32 = 0x6240;
    pub const ENCODING_TYPE: u32 = 0x5033;
    pub const COMPRESSION: u32 = 0x5034;
    pub const COMPRESSION_ALGORITHM: u32 = 0x4254;
    pub const COMPRESSION_SETTINGS: u32 = 0x4255;

    pub const CLUSTER_TIMESTAMP: u32 = 0xe7;
    pub const CLUSTER_POSITION: u32 = 0xa7;
    pub const CLUSTER_PREVIOUS: u32 = 0xab;
    pub const SILENT_TRACKS: u32 = 0x5854;
    pub const SIMPLE_BLOCK: u32 = 0xa3;
    pub const ENCRYPTED_BLOCK: u32 = 0xaf;
    pub const BLOCK_GROUP: u32 = 0xa0;
    pub const BLOCK: u32 = 0xa1;
    pub const BLOCK_DURATION: u32 = 0x9b;
    pub const REFERENCE_BLOCK: u32 = 0xfb;
}

/// The longest head: four bytes of identifier, eight of size.
const HEAD_BYTES: u64 = 12;

/// The head of an element in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub id: u32,
    pub body: u64,
    /// `None` where the size is not known: a live recording. May lie behind the file's end.
    pub end: Option<u64>,
}

/// An identifier: 1 to 4 bytes.
fn identifier(cursor: &mut Cursor<'_>) -> Option<u32> {
    let first = cursor.u8()?;
    let more = first.leading_zeros();
    if more > 3 {
        return None;
    }
    (0..more).try_fold(u32::from(first), |id, _| Some(id << 8 | u32::from(cursor.u8()?)))
}

/// A number of 1 to 8 bytes and whether all its bits are set: a size that is not known.
pub(super) fn number(cursor: &mut Cursor<'_>) -> Option<(u64, bool)> {
    let first = cursor.u8()?;
    let more = first.leading_zeros();
    if more > 7 {
        return None;
    }
    let rest = u64::from(first) & (0x7f >> more);
    let value = (0..more).try_fold(rest, |value, _| Some(value << 8 | u64::from(cursor.u8()?)))?;
    Some((value, value == (1 << (7 * (more + 1))) - 1))
}

/// The head of the element at `at`; `None` where there is none that makes sense.
pub(super) fn head_at(held: &Held, at: u64) -> Result<Option<Head>, Stop> {
    let bytes = held.up_to(at, HEAD_BYTES)?;
    let mut cursor = Cursor::new(bytes);
    let mut head = || {
        let id = identifier(&mut cursor)?;
        let (size, unknown) = number(&mut cursor)?;
        let body = at + (bytes.len() - cursor.rest.len()) as u64;
        Some(Head { id, body, end: (!unknown).then(|| body.saturating_add(size)) })
    };
    Ok(head())
}

/// The elements within an element: identifier and content. It ends where the rest is no element; one that is too long is cut.
pub(super) fn children(bytes: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    let mut cursor = Cursor::new(bytes);
    std::iter::from_fn(move || {
        let id = identifier(&mut cursor)?;
        let (size, unknown) = number(&mut cursor)?;
        let rest = cursor.rest.len();
        let size = if unknown { rest } else { usize::try_from(size).unwrap_or(rest).min(rest) };
        Some((id, cursor.take(size)?))
    })
}

/// The content of the first element with this identifier.
pub(super) fn child(bytes: &[u8], wanted: u32) -> Option<&[u8]> {
    children(bytes).find(|(id, _)| *id == wanted).map(|(_, body)| body)
}

/// An unsigned number of up to 8 bytes.
pub(super) fn unsigned(bytes: &[u8]) -> Option<u64> {
    (bytes.len() <= 8).then(|| bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}

/// A floating-point number of 4 or 8 bytes.
pub(super) fn float(bytes: &[u8]) -> Option<f64> {
    match bytes.len() {
        4 => Some(f64::from(f32::from_be_bytes(bytes.try_into().ok()?))),
        8 => Some(f64::from_be_bytes(bytes.try_into().ok()?)),
        _ => None,
    }
}

/// An unsigned number within an element.
pub(super) fn unsigned_in(bytes: &[u8], id: u32) -> Option<u64> {
    child(bytes, id).and_then(unsigned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_length_in_front() {
        let read = |bytes: &[u8]| number(&mut Cursor::new(bytes));
        assert_eq!(read(&[0x81]), Some((1, false)));
        assert_eq!(read(&[0x40, 0x02]), Some((2, false)));
        assert_eq!(read(&[0xff]), Some((127, true)));
        assert_eq!(read(&[0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), Some(((1 << 56) - 1, true)));
        assert_eq!((read(&[0x00, 0x01]), read(&[0x40])), (None, None));
    }

    #[test]
    fn elements_are_found_and_too_long_ones_are_cut() {
        let bytes = [0xd7, 0x81, 0x05, 0x44, 0x89, 0x84, 0x3f, 0x80, 0x00, 0x00, 0x86, 0x8f, b'V'];
        assert_eq!(unsigned_in(&bytes, id::TRACK_NUMBER), Some(5));
        assert_eq!(child(&bytes, id::DURATION).and_then(float), Some(1.0));
        assert_eq!(child(&bytes, id::CODEC_ID), Some(b"V".as_slice()));
        assert_eq!(unsigned(&[0; 9]), None);
    }
}
