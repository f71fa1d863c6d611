//! Each kind of file against what ffprobe says of it (`golden.py`): packets in the order of decoding, times to the
//! microsecond, key frames, bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use demux::{Demuxer, Fault, Packet, Step, is_hidden};
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files")
}

/// What was read of a file.
struct Read {
    demuxer: Demuxer,
    packets: Vec<Packet>,
    fault: Option<Fault>,
    file: Vec<u8>,
}

impl Read {
    fn bytes(&self, packet: &Packet) -> Vec<u8> {
        let mut whole = self.demuxer.track().map(|track| track.prefix.clone()).unwrap_or_default();
        whole.extend_from_slice(&self.file[packet.range.start as usize..packet.range.end as usize]);
        whole
    }
}

/// Reads a file, each time with exactly the bytes that are asked for.
fn read(name: &str) -> Read {
    let file = fs::read(folder().join(name)).expect("the file is there");
    let mut demuxer = Demuxer::new(file.len() as u64);
    let mut packets = Vec::new();
    let fault = loop {
        match demuxer.step() {
            Ok(Step::Read(range)) => {
                assert!(range.start < range.end && range.end <= file.len() as u64, "{name}: {range:?}");
                demuxer.supply(range.start, &file[range.start as usize..range.end as usize]);
            }
            Ok(Step::Packet(packet)) => packets.push(packet),
            Ok(Step::End) => break None,
            Err(fault) => break Some(fault),
        }
    };
    Read { demuxer, packets, fault, file }
}

fn golden() -> BTreeMap<String, Value> {
    let text = fs::read_to_string(folder().join("../golden.json")).expect("golden.json is there");
    serde_json::from_str(&text).expect("it is JSON")
}

/// RFC 1950.
fn adler32(bytes: &[u8]) -> u32 {
    let step = |(a, b): (u32, u32), byte: &u8| {
        let a = (a + u32::from(*byte)) % 65521;
        (a, (b + a) % 65521)
    };
    let (a, b) = bytes.iter().fold((1, 0), step);
    b << 16 | a
}

/// Files in which ffmpeg itself loses packets or looks into them, or that it does not open: tested by themselves below.
const ELSEWHERE: [&str; 3] = ["damaged.mp4", "damaged.webm", "no_index.mp4"];

#[test]
fn packets_are_those_of_ffprobe() {
    let mut wrong = Vec::new();
    for (name, expected) in golden() {
        if expected.is_null() || ELSEWHERE.contains(&name.as_str()) {
            continue;
        }
        let read = read(&name);
        let own: Vec<Value> = read
            .packets
            .iter()
            .map(|packet| {
                let bytes = read.bytes(packet);
                let sum = format!("{:08x}", adler32(&bytes));
                serde_json::json!([packet.time_us, packet.key, packet.shown, bytes.len(), sum])
            })
            .collect();
        let wanted = expected["packets"].as_array().expect("a list");
        if &own != wanted || read.fault.is_some() {
            let at = own.iter().zip(wanted).position(|(own, wanted)| own != wanted);
            let differs = at.map(|at| format!("{at}: {} not {}", own[at], wanted[at])).unwrap_or_default();
            wrong.push(format!(
                "{name}: {} of {} packets, {differs} {:?}",
                own.len(),
                wanted.len(),
                read.fault
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Packets that the film shows and that are no mere references are the frames that ffmpeg's decoder gives.
#[test]
fn shown_packets_are_the_frames_that_a_decoder_gives() {
    for (name, expected) in golden() {
        if expected.is_null() || ELSEWHERE.contains(&name.as_str()) {
            continue;
        }
        let read = read(&name);
        let config = |packet: &Packet| &read.demuxer.track().expect("a track").configs[packet.config];
        let torn = name.starts_with("cut_off");
        let mut shown: Vec<i64> = read
            .packets
            .iter()
            .filter(|packet| packet.shown && !is_hidden(config(packet).family, &read.bytes(packet)))
            .map(|packet| packet.time_us)
            .collect();
        shown.sort_unstable();
        let frames: Vec<i64> = expected["frames"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|time| time.as_i64().expect("a time"))
            .collect();
        // ffmpeg shows a torn last packet as well, and leaves pictures out that refer to what is missing.
        assert!(
            shown == frames || torn && frames.len().abs_diff(shown.len()) <= 3,
            "{name}: {shown:?}, not {frames:?}"
        );
        assert!(shown.is_sorted_by(|a, b| a < b), "{name}: each time once");
    }
}

#[test]
fn sizes_aspects_and_turns_are_those_of_ffprobe() {
    for (name, expected) in golden() {
        if expected.is_null() || name == "no_index.mp4" {
            continue;
        }
        let read = read(&name);
        let track = read.demuxer.track().expect("a track");
        let config = &track.configs[0];
        assert_eq!(serde_json::json!([config.coded.0, config.coded.1]), expected["size"], "{name}");
        let (across, down) = config.pixel_aspect;
        assert_eq!(format!("{across}:{down}"), expected["aspect"], "{name}");
        // ffprobe counts against the clock, and knows no mirroring.
        if !name.starts_with("mirrored") {
            let rotation = expected["rotation"].as_i64().expect("a number");
            assert_eq!(i64::from(track.turn.degrees), (-rotation).rem_euclid(360), "{name}");
        }
    }
}

#[test]
fn codec_strings_are_what_browsers_ask_for() {
    for (name, codec, description) in [
        ("bframes.mp4", "avc1.64000B", true),
        ("turned.mov", "avc1.64000B", true),
        ("h264.mkv", "avc1.64000B", true),
        ("hevc.mp4", "hvc1.1.6.L30.90", true),
        ("hevc.mkv", "hvc1.1.6.L30.90", true),
        ("vp8.webm", "vp8", false),
        ("vp9.webm", "vp09.00.51.08", false),
        ("vp9.mp4", "vp09.00.10.08", false),
        ("vp9_10bit.webm", "vp09.02.51.10", false),
        ("av1.mp4", "av01.0.00M.08", false),
        ("av1.webm", "av01.0.00M.08", false),
    ] {
        let read = read(name);
        let config = &read.demuxer.track().expect("a track").configs[0];
        assert_eq!((config.codec.as_str(), config.description.is_some()), (codec, description), "{name}");
    }
}

#[test]
fn mirrors_are_told() {
    for (name, mirrored, degrees) in
        [("mirrored.mp4", true, 0), ("mirrored_90.mp4", true, 270), ("turned_90.mp4", false, 90)]
    {
        let turn = read(name).demuxer.track().expect("a track").turn;
        assert_eq!((turn.mirrored, turn.degrees), (mirrored, degrees), "{name}");
    }
}

/// What a file claims is told apart from what it holds.
#[test]
fn claims_stand_beside_what_is_held() {
    for (name, duration_us, packets) in [
        ("bframes.mp4", Some(1_000_000), Some(24)),
        ("short_header.mp4", Some(500_000), Some(24)),
        ("short_header.webm", Some(500_000), None),
        ("late_clock.webm", None, None),
        ("live.webm", Some(3_000_000), None),
    ] {
        let claims = read(name).demuxer.claims();
        assert_eq!((claims.duration_us, claims.packets), (duration_us, packets), "{name}");
    }
    assert_eq!(read("several.mp4").demuxer.claims().video_tracks, 2);
}

#[test]
fn a_file_that_is_cut_off_gives_all_that_it_has() {
    let cut = read("cut_off.mp4");
    assert_eq!(cut.demuxer.claims().packets, Some(24));
    assert!(cut.packets.len() < 24 && cut.packets.len() > 10);
    assert_eq!(cut.demuxer.remarks().beyond_end, 24 - cut.packets.len() as u64);
    for (name, whole) in [("cut_off.webm", "clusters.webm"), ("cut_off_fragments.mp4", "fragmented.mp4")] {
        let (cut, whole) = (read(name), read(whole));
        assert!(cut.demuxer.remarks().cut_off && cut.fault.is_none(), "{name}");
        assert!(
            cut.packets.len() * 2 > whole.packets.len() && cut.packets.len() < whole.packets.len(),
            "{name}"
        );
        assert_eq!(cut.packets[..], whole.packets[..cut.packets.len()], "{name}");
    }
    assert!(!read("clusters.webm").demuxer.remarks().cut_off);
    assert_eq!(read("no_index.mp4").fault, Some(Fault::NoIndex));
}

/// Where clusters are overwritten, reading goes on at the next.
#[test]
fn a_damaged_middle_is_skipped_and_counted() {
    let (damaged, whole) = (read("damaged.webm"), read("clusters.webm"));
    assert_eq!(damaged.fault, None);
    let times = |read: &Read| read.packets.iter().map(|packet| packet.time_us).collect::<Vec<_>>();
    let (held, all) = (times(&damaged), times(&whole));
    assert!(held.iter().all(|time| all.contains(time)));
    assert_eq!((held.len(), all.len()), (59, 72));
    assert_eq!((held.first(), held.last()), (all.first(), all.last()));
    assert!(damaged.demuxer.remarks().skipped_bytes > 0);
}

#[test]
fn files_without_pictures_say_so() {
    for name in ["sound.mp4", "sound.webm"] {
        assert_eq!(read(name).fault, Some(Fault::NoVideo), "{name}");
    }
}

/// The live recording holds what the file holds that it was made of.
#[test]
fn unknown_sizes_change_nothing() {
    let times =
        |name| read(name).packets.iter().map(|packet| (packet.time_us, packet.key)).collect::<Vec<_>>();
    assert_eq!(times("live.webm"), times("clusters.webm"));
}
