//! The Info and Tracks elements: the film's clock, and the video track that is read.

use super::ebml::{child, children, float, id, unsigned, unsigned_in};
use crate::codec::{self, Family};
use crate::fault::Fault;
use crate::track::{Colours, Config, Turn, VideoTrack, gcd};

/// Nanoseconds of a tick where the file says nothing.
pub(super) const SCALE_NS: u64 = 1_000_000;

/// The film's clock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Info {
    /// Nanoseconds of a tick.
    pub scale_ns: u64,
    /// In ticks.
    pub duration: Option<f64>,
}

impl Info {
    pub fn parse(info: &[u8]) -> Self {
        let scale_ns = unsigned_in(info, id::TIMESTAMP_SCALE).filter(|scale| *scale > 0).unwrap_or(SCALE_NS);
        let duration =
            child(info, id::DURATION).and_then(float).filter(|ticks| ticks.is_finite() && *ticks > 0.0);
        Self { scale_ns, duration }
    }
}

/// The track that is read, and what its blocks say nothing of.
#[derive(Debug)]
pub(super) struct Chosen {
    pub track: VideoTrack,
    /// Nanoseconds of a picture.
    pub default_ns: Option<u64>,
    pub video_tracks: u32,
    /// VP9 without set-up data: its first key frame tells how it is coded.
    pub unsure: bool,
}

impl Chosen {
    /// Of the content of a Tracks element.
    pub fn parse(tracks: &[u8]) -> Result<Self, Fault> {
        let mut best: Option<(bool, Self)> = None;
        let (mut video_tracks, mut fault) = (0, Fault::NoVideo);
        for (id, entry) in children(tracks) {
            if id != id::TRACK_ENTRY || unsigned_in(entry, id::TRACK_TYPE) != Some(1) {
                continue;
            }
            video_tracks += 1;
            match entry_of(entry) {
                Ok(chosen) => {
                    let flag = |id| unsigned_in(entry, id) != Some(0);
                    let preferred = flag(id::FLAG_ENABLED) && flag(id::FLAG_DEFAULT);
                    if best.as_ref().is_none_or(|(before, _)| !before && preferred) {
                        best = Some((preferred, chosen));
                    }
                }
                Err(why) => fault = why,
            }
        }
        let (_, chosen) = best.ok_or(fault)?;
        Ok(Self { video_tracks, ..chosen })
    }
}

fn entry_of(entry: &[u8]) -> Result<Chosen, Fault> {
    let damaged = || Fault::Damaged { part: "description of the video track", at: 0 };
    let number = unsigned_in(entry, id::TRACK_NUMBER).ok_or_else(damaged)?;
    let codec_id = child(entry, id::CODEC_ID).ok_or_else(damaged)?;
    let codec_id = String::from_utf8_lossy(codec_id);
    let private = child(entry, id::CODEC_PRIVATE).unwrap_or_default();
    let mut unsure = false;
    let (family, codec, description) = match codec_id.trim_end_matches('\0') {
        "V_MPEG4/ISO/AVC" => (Family::H264, codec::avc("avc1", private), Some(private.to_vec())),
        "V_MPEGH/ISO/HEVC" => (Family::Hevc, codec::hevc("hvc1", private), Some(private.to_vec())),
        "V_VP8" => (Family::Vp8, Some("vp8".to_owned()), None),
        "V_VP9" => {
            let said = codec::vp9_features(private);
            unsure = said.is_none();
            (Family::Vp9, said.or_else(|| Some(codec::vp9(0, 0, 8))), None)
        }
        "V_AV1" => (Family::Av1, codec::av1(private), None),
        _ => return Err(Fault::Unsupported("a coding of pictures that browsers do not decode")),
    };
    let video = child(entry, id::VIDEO).unwrap_or_default();
    let side = |id| u32::try_from(unsigned_in(video, id).unwrap_or_default()).unwrap_or_default();
    let coded = (side(id::PIXEL_WIDTH), side(id::PIXEL_HEIGHT));
    let config = Config {
        family,
        codec: codec.ok_or_else(damaged)?,
        description,
        coded,
        pixel_aspect: pixel_aspect(video, coded),
        colours: colours(video),
    };
    let prefix = match child(entry, id::CONTENT_ENCODINGS) {
        Some(encodings) => stripped(encodings)?,
        None => Vec::new(),
    };
    let track = VideoTrack { id: number, configs: vec![config], turn: turn(video), prefix };
    let default_ns = unsigned_in(entry, id::DEFAULT_DURATION).filter(|ns| *ns > 0);
    Ok(Chosen { track, default_ns, video_tracks: 0, unsure })
}

/// What was taken off the front of each block.
fn stripped(encodings: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut prefix = Vec::new();
    for (id, encoding) in children(encodings) {
        if id != id::CONTENT_ENCODING {
            continue;
        }
        if unsigned_in(encoding, id::ENCODING_TYPE) == Some(1) {
            return Err(Fault::Encrypted);
        }
        let compression = child(encoding, id::COMPRESSION).unwrap_or_default();
        if unsigned_in(compression, id::COMPRESSION_ALGORITHM) != Some(3) || !prefix.is_empty() {
            return Err(Fault::Unsupported("packed video blocks"));
        }
        prefix = child(compression, id::COMPRESSION_SETTINGS).unwrap_or_default().to_vec();
    }
    Ok(prefix)
}

/// RFC 9559, 5.1.4.1.28.16: the codes are those of H.273.
fn colours(video: &[u8]) -> Colours {
    let colour = child(video, id::COLOUR).unwrap_or_default();
    let code = |id| unsigned_in(colour, id).and_then(|code| u16::try_from(code).ok()).unwrap_or(2);
    let full_range = match unsigned_in(colour, id::COLOUR_RANGE) {
        Some(1) => Some(false),
        Some(2) => Some(true),
        _ => None,
    };
    let [primaries, transfer, matrix] =
        [id::COLOUR_PRIMARIES, id::COLOUR_TRANSFER, id::COLOUR_MATRIX].map(code);
    Colours::of_codes(primaries, transfer, matrix, full_range)
}

fn pixel_aspect(video: &[u8], (width, height): (u32, u32)) -> (u32, u32) {
    let of = |id| unsigned_in(video, id).filter(|side| (1..=1 << 20).contains(side));
    // 0 is pixels, 3 an aspect; centimetres and inches give one as well.
    if unsigned_in(video, id::DISPLAY_UNIT) == Some(4) {
        return (1, 1);
    }
    // One alone leaves the other as it is coded.
    let shown_width = of(id::DISPLAY_WIDTH).unwrap_or_else(|| u64::from(width));
    let shown_height = of(id::DISPLAY_HEIGHT).unwrap_or_else(|| u64::from(height));
    let (across, down) = (shown_width * u64::from(height), shown_height * u64::from(width));
    let common = gcd(across, down).max(1);
    match (u32::try_from(across / common), u32::try_from(down / common)) {
        (Ok(across), Ok(down)) if across > 0 && down > 0 => (across, down),
        _ => (1, 1),
    }
}

/// Of a flat picture's pose: rolled against the clock, and mirrored where it is seen from behind.
fn turn(video: &[u8]) -> Turn {
    let Some(projection) = child(video, id::PROJECTION) else { return Turn::default() };
    let angle = |id| child(projection, id).and_then(float).unwrap_or_default();
    let (yaw, pitch, roll) = (angle(id::POSE_YAW), angle(id::POSE_PITCH), angle(id::POSE_ROLL));
    let flat = child(projection, id::PROJECTION_TYPE).and_then(unsigned).unwrap_or_default() == 0;
    if !flat || pitch != 0.0 || !(yaw == 0.0 || yaw.abs() == 180.0) || !roll.is_finite() {
        return Turn::default();
    }
    let mirrored = yaw != 0.0;
    // As ffmpeg reads it (mkv_create_display_matrix): turned by the roll, then mirrored.
    let radians = if mirrored { roll } else { -roll }.to_radians();
    let flip = if mirrored { -1.0 } else { 1.0 };
    Turn::of_matrix(radians.cos() * flip, radians.sin(), -radians.sin() * flip, radians.cos())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_what_the_track_says() {
        let video =
            [0xb0, 0x81, 64, 0x55, 0xb0, 0x8c, 0x55, 0xb1, 0x81, 1, 0x55, 0xb9, 0x81, 2, 0x55, 0xba, 0x81, 2];
        let said = Colours { matrix: Some(1), full_range: Some(true), ..Colours::default() };
        assert_eq!(colours(&video), said);
        assert_eq!(colours(&video[..3]), Colours::default());
    }
}
