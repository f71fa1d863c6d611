//! How pictures are coded: the strings by which browsers know codecs, and what a frame's first bytes tell.
//!
//! Sources: RFC 6381 and ISO/IEC 14496-15 annex E (avc1, hvc1), "VP Codec ISO Media File Format Binding" (vp09), "AV1
//! Codec ISO Media File Format Binding" (av01), the WebCodecs codec registry.

use crate::bytes::Cursor;

/// A kind of coding that browsers may decode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    H264,
    Hevc,
    Vp8,
    Vp9,
    Av1,
}

/// Levels that VP9 has; any other number is no level, and browsers refuse it.
const VP9_LEVELS: [u8; 14] = [10, 11, 20, 21, 30, 31, 40, 41, 50, 51, 52, 60, 61, 62];
/// Said where the file does not say it: enough for 4K at 60 frames a second.
const VP9_LEVEL: u8 = 51;

/// "avc1.64001F" of an avcC record; `entry` is avc1 or avc3.
pub(crate) fn avc(entry: &str, record: &[u8]) -> Option<String> {
    let [1, profile, constraints, level, ..] = *record else { return None };
    Some(format!("{entry}.{profile:02X}{constraints:02X}{level:02X}"))
}

/// "hvc1.1.6.L93.B0" of an hvcC record; `entry` is hvc1 or hev1.
pub(crate) fn hevc(entry: &str, record: &[u8]) -> Option<String> {
    let mut cursor = Cursor::new(record);
    cursor.u8()?;
    let general = cursor.u8()?;
    let compatible = cursor.u32()?.reverse_bits();
    let constraints = cursor.take(6)?;
    let level = cursor.u8()?;
    let space = ["", "A", "B", "C"].get(usize::from(general >> 6))?;
    let tier = if general & 0x20 == 0 { 'L' } else { 'H' };
    let mut text = format!("{entry}.{space}{}.{compatible:X}.{tier}{level}", general & 0x1f);
    let used = constraints.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    for byte in constraints.iter().take(used) {
        text += &format!(".{byte:X}");
    }
    Some(text)
}

/// "av01.0.04M.08" of an av1C record.
pub(crate) fn av1(record: &[u8]) -> Option<String> {
    let [_, profile, flags, ..] = *record else { return None };
    let tier = if flags & 0x80 == 0 { 'M' } else { 'H' };
    let depth = match (flags & 0x40 != 0, flags & 0x20 != 0) {
        (false, _) => 8,
        (true, false) => 10,
        (true, true) => 12,
    };
    Some(format!("av01.{}.{:02}{tier}.{depth:02}", profile >> 5, profile & 0x1f))
}

/// "vp09.00.51.08" of profile, level and bits a sample.
pub(crate) fn vp9(profile: u8, level: u8, depth: u8) -> String {
    let level = if VP9_LEVELS.contains(&level) { level } else { VP9_LEVEL };
    let depth = if matches!(depth, 8 | 10 | 12) { depth } else { 8 };
    format!("vp09.{:02}.{level:02}.{depth:02}", profile.min(3))
}

/// Of a vpcC box's content: version and flags, profile, level, depth and more.
pub(crate) fn vpcc(record: &[u8]) -> Option<String> {
    let [_, _, _, _, profile, level, depth, ..] = *record else { return None };
    Some(vp9(profile, level, depth >> 4))
}

/// Of Matroska's CodecPrivate of VP9: number, length and value of each feature.
pub(crate) fn vp9_features(private: &[u8]) -> Option<String> {
    let mut cursor = Cursor::new(private);
    let (mut profile, mut level, mut depth) = (None, VP9_LEVEL, 8);
    while let (Some(feature), Some(length)) = (cursor.u8(), cursor.u8()) {
        let value = cursor.take(usize::from(length))?;
        let [value] = *value else { continue };
        match feature {
            1 => profile = Some(value),
            2 => level = value,
            3 => depth = value,
            _ => {}
        }
    }
    Some(vp9(profile?, level, depth))
}

/// The codec string that the first bytes of a VP9 key frame ask for; `None` for any other frame.
pub fn vp9_codec(frame: &[u8]) -> Option<String> {
    let (bits, profile) = vp9_head(frame)?;
    let shift = if profile == 3 { 5usize } else { 4 };
    // Not the repetition of another frame, and a key frame.
    if bits >> (15 - shift) & 1 == 1 || bits >> (14 - shift) & 1 == 1 {
        return None;
    }
    let depth = match profile {
        0 | 1 => 8,
        // Behind the three bytes of the start code comes the bit that says ten or twelve.
        _ => {
            let at = shift + 4 + 24;
            let byte = frame.get(at / 8)?;
            if byte >> (7 - at % 8) & 1 == 1 { 12 } else { 10 }
        }
    };
    Some(vp9(profile, VP9_LEVEL, depth))
}

/// The first 16 bits of a VP9 frame and its profile.
fn vp9_head(frame: &[u8]) -> Option<(u16, u8)> {
    let bits = u16::from_be_bytes([*frame.first()?, frame.get(1).copied().unwrap_or(0)]);
    (bits >> 14 == 0b10).then_some(())?;
    let profile = (bits >> 13 & 1) | (bits >> 12 & 1) << 1;
    Some((bits, profile as u8))
}

/// Whether a packet is only there to be referred to, so that the decoder gives no picture for it.
pub fn is_hidden(family: Family, packet: &[u8]) -> bool {
    match family {
        // The frame tag's fifth bit is show_frame (RFC 6386, 9.1).
        Family::Vp8 => packet.first().is_some_and(|tag| tag & 0x10 == 0),
        Family::Vp9 => {
            // A superframe holds at least one frame that is shown; its last byte marks it.
            if packet.last().is_some_and(|last| last & 0xe0 == 0xc0) {
                return false;
            }
            let Some((bits, profile)) = vp9_head(packet) else { return false };
            let shift = if profile == 3 { 5usize } else { 4 };
            let repeats = bits >> (15 - shift) & 1 == 1;
            !repeats && bits >> (13 - shift) & 1 == 0
        }
        Family::H264 | Family::Hevc | Family::Av1 => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_those_of_the_standards() {
        assert_eq!(avc("avc1", &[1, 0x64, 0, 0x1f, 0xff]).as_deref(), Some("avc1.64001F"));
        assert_eq!(avc("avc1", &[2, 0x64, 0, 0x1f]), None);
        // Main profile, tier 0, level 3.1, one byte of constraints.
        let record = [1, 1, 0x60, 0, 0, 0, 0xb0, 0, 0, 0, 0, 0, 93, 0xf0];
        assert_eq!(hevc("hvc1", &record).as_deref(), Some("hvc1.1.6.L93.B0"));
        assert_eq!(hevc("hev1", &record[..12]), None);
        assert_eq!(av1(&[0x81, 0x04, 0x0c, 0]).as_deref(), Some("av01.0.04M.08"));
        assert_eq!(av1(&[0x81, 0x28, 0xcc, 0]).as_deref(), Some("av01.1.08H.10"));
        assert_eq!(vpcc(&[1, 0, 0, 0, 2, 31, 0xa2, 2]).as_deref(), Some("vp09.02.31.10"));
        assert_eq!(vpcc(&[1, 0, 0, 0, 0, 0, 0x82, 2]).as_deref(), Some("vp09.00.51.08"));
        assert_eq!(vp9_features(&[1, 1, 0, 2, 1, 30, 3, 1, 8]).as_deref(), Some("vp09.00.30.08"));
        assert_eq!(vp9_features(&[1, 9]), None);
    }

    #[test]
    fn a_key_frame_of_vp9_tells_its_profile_and_depth() {
        // Marker 10, profile 0, no repetition, key frame, shown.
        assert_eq!(vp9_codec(&[0b1000_0010, 0x49, 0x83, 0x42]).as_deref(), Some("vp09.00.51.08"));
        assert_eq!(vp9_codec(&[0b1001_0010, 0x49, 0x83, 0x42, 0x00]).as_deref(), Some("vp09.02.51.10"));
        assert_eq!(vp9_codec(&[0b1001_0010, 0x49, 0x83, 0x42, 0x80]).as_deref(), Some("vp09.02.51.12"));
        assert_eq!(vp9_codec(&[0b1000_0110]), None, "not a key frame");
        assert_eq!(vp9_codec(&[0b1000_1000]), None, "the repetition of another frame");
        assert_eq!(vp9_codec(&[]), None);
    }

    #[test]
    fn frames_that_are_only_referred_to_are_known() {
        assert!(is_hidden(Family::Vp8, &[0x00]) && !is_hidden(Family::Vp8, &[0x10]));
        assert!(is_hidden(Family::Vp9, &[0b1000_0100, 0]));
        assert!(!is_hidden(Family::Vp9, &[0b1000_0110, 0]));
        assert!(!is_hidden(Family::Vp9, &[0b1000_1000]), "a repetition is shown");
        assert!(!is_hidden(Family::Vp9, &[0b1000_0100, 0, 0b1100_0001]), "a superframe");
        assert!(!is_hidden(Family::H264, &[0]) && !is_hidden(Family::Vp9, &[]));
    }
}
