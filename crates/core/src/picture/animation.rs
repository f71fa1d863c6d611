//! Whether a GIF, PNG or WebP file shows more than one picture.

use image::ImageFormat;

/// Whether the file is an animation. A damaged one counts as what it shows so far.
pub fn is_animated(bytes: &[u8], format: ImageFormat) -> bool {
    match format {
        ImageFormat::Png => png(bytes).unwrap_or(false),
        ImageFormat::Gif => gif(bytes).unwrap_or(false),
        // The extended header has a bit for it.
        ImageFormat::WebP => {
            bytes.get(12..16) == Some(b"VP8X") && bytes.get(20).is_some_and(|flags| flags & 2 != 0)
        }
        _ => false,
    }
}

/// The animation's chunk must stand before the picture's data.
fn png(bytes: &[u8]) -> Option<bool> {
    let mut at = 8;
    loop {
        let length = u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?) as usize;
        match bytes.get(at + 4..at + 8)? {
            b"acTL" => return Some(true),
            b"IDAT" | b"IEND" => return Some(false),
            _ => at = at.checked_add(length)?.checked_add(12)?,
        }
    }
}

/// Two image blocks.
fn gif(bytes: &[u8]) -> Option<bool> {
    let colours = |flags: u8| if flags & 0x80 != 0 { 3 << ((flags & 7) + 1) } else { 0 };
    let mut at = 13 + colours(*bytes.get(10)?);
    let mut pictures = 0;
    loop {
        match bytes.get(at)? {
            0x2c => {
                pictures += 1;
                if pictures > 1 {
                    return Some(true);
                }
                at += 11 + colours(*bytes.get(at + 9)?);
            }
            0x21 => at += 2,
            _ => return Some(false),
        }
        // Sub-blocks up to an empty one.
        loop {
            let length = usize::from(*bytes.get(at)?);
            at += 1 + length;
            if length == 0 {
                break;
            }
        }
    }
}
