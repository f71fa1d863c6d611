//! The moov box: the film's clock, and the video track that is read.

use super::boxes::{child, children, descend, full, wide};
use super::edits::Edits;
use super::samples::Samples;
use crate::bytes::Cursor;
use crate::codec::{self, Family};
use crate::fault::Fault;
use crate::time::micros;
use crate::track::{Claims, Colours, Config, Turn, VideoTrack, gcd};

/// So many descriptions of a track are read.
const MOST_CONFIGS: usize = 256;

/// What fragments take where they say nothing of their own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Defaults {
    pub config: u32,
    pub duration: u32,
    pub size: u32,
    pub flags: u32,
}

/// The film as its index describes it.
#[derive(Debug)]
pub(super) struct Movie {
    pub track: VideoTrack,
    /// Ticks a second of the track.
    pub scale: u64,
    pub edits: Edits,
    pub samples: Option<Samples>,
    /// `None` where the film is not fragmented.
    pub fragments: Option<Defaults>,
    pub claims: Claims,
}

/// A candidate: what is looked at before one is chosen.
struct Candidate {
    movie: Movie,
    enabled: bool,
    filled: bool,
}

impl Movie {
    /// Of the content of a moov box.
    pub fn parse(moov: &[u8]) -> Result<Self, Fault> {
        let (movie_scale, duration, matrix) =
            child(moov, b"mvhd").and_then(movie_header).unwrap_or((1000, None, None));
        let mvex = child(moov, b"mvex");
        let mehd = mvex.and_then(|mvex| child(mvex, b"mehd")).and_then(|mehd| {
            let (version, _, mut cursor) = full(mehd)?;
            wide(&mut cursor, version)
        });
        let duration =
            mehd.or(duration).filter(|ticks| *ticks > 0).and_then(|ticks| i64::try_from(ticks).ok());
        let mut best: Option<Candidate> = None;
        let (mut video_tracks, mut fault) = (0, Fault::NoVideo);
        for (kind, trak) in children(moov) {
            if kind != *b"trak" || handler(trak) != Some(*b"vide") {
                continue;
            }
            video_tracks += 1;
            match candidate(trak, movie_scale, matrix, mvex) {
                Ok(new) => {
                    // The first one that is switched on and holds something.
                    let rank = |candidate: &Candidate| (candidate.filled, candidate.enabled);
                    if best.as_ref().is_none_or(|best| rank(best) < rank(&new)) {
                        best = Some(new);
                    }
                }
                Err(why) => fault = why,
            }
        }
        let Candidate { mut movie, .. } = best.ok_or(fault)?;
        movie.claims.duration_us = duration.map(|ticks| micros(ticks, movie_scale));
        movie.claims.video_tracks = video_tracks;
        Ok(movie)
    }
}

type Matrix = [f64; 4];

/// Ticks a second, length in ticks, matrix.
fn movie_header(mvhd: &[u8]) -> Option<(u64, Option<u64>, Option<Matrix>)> {
    let (version, _, mut cursor) = full(mvhd)?;
    cursor.skip(if version == 1 { 16 } else { 8 })?;
    let scale = u64::from(cursor.u32()?);
    let duration = wide(&mut cursor, version)?;
    // All ones: not known.
    let unknown = duration == u64::MAX || (version == 0 && duration == u64::from(u32::MAX));
    cursor.skip(16)?;
    let matrix = self::matrix(&mut cursor);
    (scale > 0).then_some((scale, (!unknown).then_some(duration), matrix))
}

/// The part of a matrix that turns.
fn matrix(cursor: &mut Cursor<'_>) -> Option<Matrix> {
    let mut next = || cursor.i32().map(|value| f64::from(value) / 65536.0);
    let (a, b, _, c, d) = (next()?, next()?, next()?, next()?, next()?);
    Some([a, b, c, d])
}

fn handler(trak: &[u8]) -> Option<[u8; 4]> {
    let (_, _, mut cursor) = full(descend(trak, &[b"mdia", b"hdlr"])?)?;
    cursor.skip(4)?;
    cursor.take(4)?.try_into().ok()
}

fn candidate(
    trak: &[u8],
    movie_scale: u64,
    movie_matrix: Option<Matrix>,
    mvex: Option<&[u8]>,
) -> Result<Candidate, Fault> {
    let damaged = || Fault::Damaged { part: "description of the video track", at: 0 };
    let (version, flags, mut tkhd) = child(trak, b"tkhd").and_then(full).ok_or_else(damaged)?;
    tkhd.skip(if version == 1 { 16 } else { 8 }).ok_or_else(damaged)?;
    let id = tkhd.u32().ok_or_else(damaged)?;
    // Reserved, duration, reserved, layer, group, volume, reserved.
    let matrix = tkhd.skip(if version == 1 { 12 } else { 8 } + 16).and_then(|()| matrix(&mut tkhd));
    let (version, _, mut mdhd) = descend(trak, &[b"mdia", b"mdhd"]).and_then(full).ok_or_else(damaged)?;
    mdhd.skip(if version == 1 { 16 } else { 8 }).ok_or_else(damaged)?;
    let scale = u64::from(mdhd.u32().ok_or_else(damaged)?).max(1);
    let stbl = descend(trak, &[b"mdia", b"minf", b"stbl"]).ok_or_else(damaged)?;
    let configs = configs(child(stbl, b"stsd").ok_or_else(damaged)?)?;
    let fragments = mvex.map(|mvex| defaults(mvex, id));
    let edits = match descend(trak, &[b"edts", b"elst"]) {
        Some(elst) => Edits::parse(elst, scale, movie_scale, fragments.is_some())?,
        None => Edits::default(),
    };
    let samples = Samples::of(stbl);
    let count = samples.as_ref().map_or(0, Samples::count);
    let claims = Claims { packets: fragments.is_none().then_some(u64::from(count)), ..Claims::default() };
    let track =
        VideoTrack { id: u64::from(id), configs, turn: turn(matrix, movie_matrix), prefix: Vec::new() };
    let movie = Movie { track, scale, edits, samples, fragments, claims };
    Ok(Candidate { filled: count > 0 || movie.fragments.is_some(), movie, enabled: flags & 1 != 0 })
}

/// First the track's matrix, then the film's.
fn turn(track: Option<Matrix>, movie: Option<Matrix>) -> Turn {
    let [a, b, c, d] = track.unwrap_or([1.0, 0.0, 0.0, 1.0]);
    let [e, f, g, h] = movie.unwrap_or([1.0, 0.0, 0.0, 1.0]);
    Turn::of_matrix(a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h)
}

fn defaults(mvex: &[u8], id: u32) -> Defaults {
    let read = |trex: &[u8]| {
        let (_, _, mut cursor) = full(trex)?;
        (cursor.u32()? == id).then_some(())?;
        let (config, duration, size, flags) = (cursor.u32()?, cursor.u32()?, cursor.u32()?, cursor.u32()?);
        Some(Defaults { config, duration, size, flags })
    };
    children(mvex).filter(|(kind, _)| kind == b"trex").find_map(|(_, trex)| read(trex)).unwrap_or_default()
}

/// The descriptions of a track, in their order: packets name them by it.
fn configs(stsd: &[u8]) -> Result<Vec<Config>, Fault> {
    let damaged = || Fault::Damaged { part: "description of the pictures", at: 0 };
    let (_, _, mut cursor) = full(stsd).ok_or_else(damaged)?;
    cursor.u32().ok_or_else(damaged)?;
    let configs: Vec<Config> = children(cursor.rest)
        .take(MOST_CONFIGS)
        .map(|(kind, entry)| config(&kind, entry))
        .collect::<Result<_, _>>()?;
    if configs.is_empty() { Err(damaged()) } else { Ok(configs) }
}

fn config(kind: &[u8; 4], entry: &[u8]) -> Result<Config, Fault> {
    let damaged = || Fault::Damaged { part: "description of the pictures", at: 0 };
    let mut cursor = Cursor::new(entry);
    cursor.skip(24).ok_or_else(damaged)?;
    let coded = (u32::from(cursor.u16().ok_or_else(damaged)?), u32::from(cursor.u16().ok_or_else(damaged)?));
    cursor.skip(50).ok_or_else(damaged)?;
    let inner = cursor.rest;
    let record = |kind: &[u8; 4]| child(inner, kind).ok_or_else(damaged);
    let (family, codec, description) = match kind {
        b"avc1" | b"avc3" | b"avc2" | b"avc4" => {
            let entry = if kind == b"avc3" { "avc3" } else { "avc1" };
            let avcc = record(b"avcC")?;
            (Family::H264, codec::avc(entry, avcc), Some(avcc.to_vec()))
        }
        b"hvc1" | b"hev1" | b"dvh1" | b"dvhe" => {
            let entry = if matches!(kind, b"hev1" | b"dvhe") { "hev1" } else { "hvc1" };
            let hvcc = record(b"hvcC")?;
            (Family::Hevc, codec::hevc(entry, hvcc), Some(hvcc.to_vec()))
        }
        b"vp08" => (Family::Vp8, Some("vp8".to_owned()), None),
        b"vp09" => (Family::Vp9, codec::vpcc(record(b"vpcC")?), None),
        b"av01" => (Family::Av1, codec::av1(record(b"av1C")?), None),
        b"encv" => return Err(Fault::Encrypted),
        _ => return Err(Fault::Unsupported("a coding of pictures that browsers do not decode")),
    };
    let codec = codec.ok_or_else(damaged)?;
    let (pixel_aspect, colours) = (pixel_aspect(inner), colours(inner));
    Ok(Config { family, codec, description, coded, pixel_aspect, colours })
}

/// The colr box (ISO/IEC 14496-12, 12.1.5; QuickTime's nclc has no range), or what VP9's set-up says.
fn colours(inner: &[u8]) -> Colours {
    let colr = |colr: &[u8]| {
        let mut cursor = Cursor::new(colr);
        let kind = cursor.take(4)?;
        let (primaries, transfer, matrix) = (cursor.u16()?, cursor.u16()?, cursor.u16()?);
        let full_range = match kind {
            b"nclx" => Some(cursor.u8()? & 0x80 != 0),
            b"nclc" => None,
            _ => return None,
        };
        Some(Colours::of_codes(primaries, transfer, matrix, full_range))
    };
    let vpcc = |vpcc: &[u8]| {
        let (_, _, mut cursor) = full(vpcc)?;
        cursor.skip(2)?;
        let full_range = cursor.u8()? & 1 != 0;
        let mut code = || cursor.u8().map(u16::from);
        let (primaries, transfer, matrix) = (code()?, code()?, code()?);
        Some(Colours::of_codes(primaries, transfer, matrix, Some(full_range)))
    };
    let said = children(inner).filter(|(kind, _)| kind == b"colr").find_map(|(_, content)| colr(content));
    said.or_else(|| child(inner, b"vpcC").and_then(vpcc)).unwrap_or_default()
}

fn pixel_aspect(inner: &[u8]) -> (u32, u32) {
    let read = |pasp: &[u8]| {
        let mut cursor = Cursor::new(pasp);
        let (across, down) = (cursor.u32()?, cursor.u32()?);
        let common = gcd(u64::from(across), u64::from(down)) as u32;
        (across > 0 && down > 0).then(|| (across / common, down / common))
    };
    child(inner, b"pasp").and_then(read).unwrap_or((1, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_the_first_box_that_says_them() {
        let of = |boxes: &[(&[u8; 4], &[u8])]| {
            let inner: Vec<u8> = boxes
                .iter()
                .flat_map(|(kind, content)| {
                    [&(8 + content.len() as u32).to_be_bytes()[..], kind.as_slice(), content].concat()
                })
                .collect();
            colours(&inner)
        };
        let nclx = b"nclx\0\x09\0\x10\0\x09\x80".as_slice();
        let wide =
            Colours { primaries: Some(9), transfer: Some(16), matrix: Some(9), full_range: Some(true) };
        assert_eq!(of(&[(b"colr", b"prof1234567"), (b"colr", nclx)]), wide);
        let nclc = Colours { primaries: Some(1), matrix: Some(1), ..Colours::default() };
        assert_eq!(of(&[(b"colr", b"nclc\0\x01\0\x02\0\x01")]), nclc);
        let vpcc = [1, 0, 0, 0, 0, 10, 0x82, 1, 1, 1, 0, 0];
        let high = Colours { transfer: Some(1), full_range: Some(false), ..nclc };
        assert_eq!(of(&[(b"vpcC", &vpcc)]), high);
        assert_eq!(of(&[(b"colr", b"nclx\0")]), Colours::default());
    }
}
