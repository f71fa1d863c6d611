//! What is known of a video track and of each of its packets.

use std::ops::Range;

use crate::codec::Family;

/// How a picture is turned to be shown: first mirrored left to right, then turned clockwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Turn {
    pub mirrored: bool,
    /// 0, 90, 180 or 270.
    pub degrees: u16,
}

impl Turn {
    /// Whether the picture is shown as it is coded.
    pub fn is_none(self) -> bool {
        self == Self::default()
    }

    /// The turn of a matrix that takes coded places to shown ones: x' = a x + c y, y' = b x + d y. Other angles than
    /// quarters are rounded to the nearest, as players do.
    pub(crate) fn of_matrix(a: f64, b: f64, c: f64, d: f64) -> Self {
        let mirrored = a * d - b * c < 0.0;
        // Mirroring left to right beforehand turns the sign of the first column.
        let (a, b) = if mirrored { (-a, -b) } else { (a, b) };
        let quarters = (b.atan2(a).to_degrees() / 90.0).round().rem_euclid(4.0);
        Self { mirrored, degrees: quarters as u16 * 90 }
    }
}

/// How packets are coded: what a decoder is configured with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    pub family: Family,
    /// For `VideoDecoder.isConfigSupported`.
    pub codec: String,
    /// The decoder's set-up data (avcC, hvcC); `None` where it needs none.
    pub description: Option<Vec<u8>>,
    /// Size of the coded picture in pixels.
    pub coded: (u32, u32),
    /// Width and height of a pixel as it is shown, in lowest terms; (1, 1) where it is square.
    pub pixel_aspect: (u32, u32),
    /// How its numbers are colours, where the container says it.
    pub colours: Colours,
}

/// Colours by the code points of ITU-T H.273; `None` where nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Colours {
    pub primaries: Option<u16>,
    pub transfer: Option<u16>,
    pub matrix: Option<u16>,
    /// Whether black is 0 and white the largest number, and not 16 and 235.
    pub full_range: Option<bool>,
}

impl Colours {
    /// 2 means "not said".
    pub(crate) fn of_codes(primaries: u16, transfer: u16, matrix: u16, full_range: Option<bool>) -> Self {
        let said = |code| (code != 2).then_some(code);
        Self { primaries: said(primaries), transfer: said(transfer), matrix: said(matrix), full_range }
    }
}

impl Config {
    /// Width to height of the picture before it is turned: the coded size with square pixels.
    pub fn display_aspect(&self) -> (u32, u32) {
        let (width, height) = self.coded;
        let (across, down) = self.pixel_aspect;
        let (across, down) = (u64::from(width) * u64::from(across), u64::from(height) * u64::from(down));
        let common = gcd(across, down).max(1);
        let (mut across, mut down) = (across / common, down / common);
        while across.max(down) > u64::from(u32::MAX) {
            (across, down) = (across / 2, down / 2);
        }
        (across.max(1) as u32, down.max(1) as u32)
    }
}

/// The common divisor; of a number and zero it is the number.
pub(crate) fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The video track that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoTrack {
    /// Its number in the file.
    pub id: u64,
    /// Never empty. A packet names its one; several where the coding changes within the track.
    pub configs: Vec<Config>,
    pub turn: Turn,
    /// Bytes that the container took off the front of each packet (Matroska's header stripping).
    pub prefix: Vec<u8>,
}

/// What the file says of itself, to be compared with what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Claims {
    /// Length of the whole film, sound included, in microseconds.
    pub duration_us: Option<i64>,
    /// Number of packets of the video track.
    pub packets: Option<u64>,
    /// Number of video tracks; one is read.
    pub video_tracks: u32,
}

/// What was noticed on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Remarks {
    /// Packets that the index names, but that lie behind the file's end.
    pub beyond_end: u64,
    /// The file ends in the middle of something.
    pub cut_off: bool,
    /// Bytes that are no part of any element, and were skipped to the next cluster.
    pub skipped_bytes: u64,
    /// Another film is glued behind the first one; it is not read.
    pub another_film: bool,
}

/// One coded picture; in the order of decoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// When it is shown, in microseconds of the film. May be below zero.
    pub time_us: i64,
    /// How long, where the file says; until the next picture is what counts.
    pub duration_us: Option<i64>,
    /// Whether it can be decoded without the ones before.
    pub key: bool,
    /// Whether the film shows it. Others lie outside of the film's edits, or are only there to be referred to.
    pub shown: bool,
    /// Index into [`VideoTrack::configs`].
    pub config: usize,
    /// Where its bytes are in the file.
    pub range: Range<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarter_turns_and_mirrors_are_told_from_their_matrix() {
        let turn = |a, b, c, d| {
            let turn = Turn::of_matrix(a, b, c, d);
            (turn.mirrored, turn.degrees)
        };
        assert_eq!(turn(1.0, 0.0, 0.0, 1.0), (false, 0));
        assert_eq!(turn(0.0, 1.0, -1.0, 0.0), (false, 90));
        assert_eq!(turn(-1.0, 0.0, 0.0, -1.0), (false, 180));
        assert_eq!(turn(0.0, -1.0, 1.0, 0.0), (false, 270));
        assert_eq!(turn(-1.0, 0.0, 0.0, 1.0), (true, 0));
        assert_eq!(turn(1.0, 0.0, 0.0, -1.0), (true, 180));
        assert_eq!(turn(0.0, 0.0, 0.0, 0.0), (false, 0));
    }

    #[test]
    fn the_shown_aspect_follows_from_size_and_pixels() {
        let config = |coded, pixel_aspect| Config {
            colours: Colours::default(),
            family: Family::H264,
            codec: String::new(),
            description: None,
            coded,
            pixel_aspect,
        };
        assert_eq!(config((720, 576), (16, 15)).display_aspect(), (4, 3));
        assert_eq!(config((640, 360), (1, 1)).display_aspect(), (16, 9));
        let (across, down) = config((60_000, 1), (u32::MAX, 1)).display_aspect();
        assert!(across > down);
    }
}
