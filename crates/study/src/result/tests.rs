use emotion_record::export::Dialect;

use super::*;
use crate::session::Cause;
use crate::testing::{self, Face, result};

const KEPT: &[u8] = include_bytes!("../../tests/files/result-1.result.json.gz");

/// One file of each version is kept; `UPDATE_GOLDEN=1 cargo test -p emotion-study` writes that of this version anew.
#[test]
fn the_kept_file_of_version_1_is_read() {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let path =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/result-1.result.json.gz");
        let mut kept = result();
        let (time_ms, media_ms, exposure) = (60_000, 6_000, 2);
        let gone =
            Reading { time_ms, media_ms, exposure, quality: 0.0, reasons: NO_FACE, face: None, inputs: &[] };
        kept.samples.push(&gone);
        std::fs::write(path, write(&kept)).expect("it can be written");
    }
    let kept = read(KEPT).expect("right");
    assert_eq!((kept.study.id.as_str(), kept.exposures.len(), kept.answers.len()), ("example", 3, 3));
    let last = kept.samples.len() - 1;
    assert_eq!((kept.samples.raw_at(last), kept.samples.yaw[last]), (None, i16::MIN));
    assert_eq!(write(&kept), KEPT, "what is read is written as the same bytes");
}

#[test]
fn a_result_comes_back_as_it_was() {
    let result = result();
    assert_eq!(read(&write(&result)).expect("right"), result);
    assert_eq!(read(to_json(&result).as_bytes()).expect("right"), result, "without gzip, too");
    assert_eq!(result.exposures.iter().map(|exposure| exposure.grade).collect::<Vec<_>>(), [6, 6, 6]);
    assert_eq!(file_name(&result), format!("example_{}.result.json.gz", result.session.id));
}

#[test]
fn inputs_of_the_mapping_come_back() {
    let mut result = result();
    let n = result.samples.len();
    result.samples.inputs.insert("class_angry".to_owned(), (0..n).map(|i| i as i16 - 50).collect());
    result.samples.inputs.insert("vote_neutral".to_owned(), vec![i16::MIN; n]);
    assert_eq!(read(&write(&result)).expect("right"), result);
}

/// Contract: about 20 bytes a sample. Ten minutes at ten readings a second.
#[test]
fn a_sample_has_about_20_bytes() {
    let mut result = result();
    let mut columns = Columns::default();
    testing::readings(&mut columns, &mut Face::new("size"), 0, 20_000, 600_000, 10);
    result.samples = columns;
    let per_sample = write(&result).len() as f64 / result.samples.len() as f64;
    println!("{per_sample:.1} bytes a sample, {} samples", result.samples.len());
    assert!(per_sample < 22.0, "{per_sample}");
}

fn faults_of(text: &str) -> Vec<String> {
    read(text.as_bytes()).expect_err("it is wrong").iter().map(ToString::to_string).collect()
}

/// The text with something changed, and its hash made to fit again.
fn resealed(from: &str, to: &str) -> String {
    let text = to_json(&result());
    assert!(text.contains(from), "{from}");
    let text = text.replacen(from, to, 1);
    let end = text.rfind(",\"integrity\"").expect("it is there");
    format!("{},\"integrity\":\"{}\"}}", &text[..end], crate::hash::sha256_hex(&text.as_bytes()[..end]))
}

#[test]
fn every_fault_has_its_place_and_a_sentence() {
    for (from, to, place, words) in [
        ("\"grade\":6", "\"grade\":7", "exposures[0].grade", "from 1 to 6"),
        ("\"outcome\":\"complete\"", "\"outcome\":\"done\"", "session.outcome", "must be one of"),
        (
            "\"device\":\"computer\"",
            "\"device\":\"computer\",\"camera_label\":\"FaceTime\"",
            "session.camera_label",
            "no field",
        ),
        ("\"time_ms\":[2", "\"time_ms\":[99999999,2", "samples", "same length"),
        ("\"raw_angry\":[", "\"raw_angry\":[1.5,", "samples.raw_angry[0]", "whole number"),
        ("\"raw_angry\":[", "\"raw_angry\":[10001,", "samples.raw_angry[0]", "from 0 to 10000"),
        ("\"quality\":[", "\"quality\":[null,", "samples.quality[0]", "whole number"),
        ("\"raw_fear\":", "\"raw_dread\":", "samples.raw_fear", "missing"),
        ("\"raw_fear\":", "\"raw_dread\":", "samples.raw_dread", "no column"),
        ("\"yaw\":[", "\"yaw\":[x,", "", "not right JSON"),
        ("\"yaw\":[", "\"yaw\":[[1],", "samples.yaw[0]", "whole number"),
        ("\"yaw\":[", "\"yaw\":[\"1\",", "samples.yaw[0]", "whole number"),
        (
            "\"consented_at\":\"2026-01-31T12:03Z\"",
            "\"consented_at\":\"2026-01-31T12:03:59Z\"",
            "session.consented_at",
            "date of the form",
        ),
        ("\"version\":1", "\"version\":2", "version", "newer"),
        ("\"version\":1", "\"version\":\"1\"", "version", "whole number"),
        (
            "\"format\":\"emotion-depth-result\"",
            "\"format\":\"emotion-depth-study\"",
            "format",
            "another kind",
        ),
        ("\"study\":{", "\"study\":{\"id\":\"a\",", "study.id", "twice"),
        ("\"models\":", "\"study\":{},\"models\":", "study", "twice"),
        (
            "\"stimulus\":\"image\",\"index\":1",
            "\"stimulus\":\"image\",\"index\":5",
            "exposures[1].index",
            "must be 1",
        ),
        ("\"media_ms\":[-", "\"media_ms\":[5,-", "samples", "same length"),
    ] {
        let list = faults_of(&resealed(from, to));
        let fits = |fault: &String| {
            fault.contains(words) && (place.is_empty() || fault.starts_with(&format!("{place}: ")))
        };
        assert!(list.iter().any(fits), "{from} -> {to}: {list:#?}");
    }
}

#[test]
fn disorder_is_refused() {
    let change = |change: &dyn Fn(&mut ResultFile)| {
        let mut result = result();
        change(&mut result);
        read(&write(&result)).expect_err("it is wrong").remove(0).path
    };
    assert_eq!(change(&|r| r.samples.time_ms.swap(3, 4)), "samples.time_ms[4]");
    assert_eq!(change(&|r| r.samples.media_ms.swap(3, 4)), "samples.media_ms[4]");
    assert_eq!(change(&|r| r.samples.exposure[3] = 1), "samples.exposure[4]");
    let last = |r: &mut ResultFile| {
        if let Some(last) = r.samples.exposure.last_mut() {
            *last = 3
        }
    };
    assert!(change(&last).starts_with("samples.exposure["));
    assert_eq!(change(&|r| r.exposures[1].ended_ms = 0), "exposures[1].ended_ms");
    assert_eq!(change(&|r| r.exposures[1].started_ms = 0), "exposures[1].started_ms");
}

#[test]
fn every_changed_byte_of_the_text_is_noticed() {
    let text = to_json(&result());
    for at in (0..text.len()).step_by(97) {
        let mut bytes = text.clone().into_bytes();
        bytes[at] = if bytes[at] == b'7' { b'8' } else { b'7' };
        assert!(read(&bytes).is_err(), "byte {at}");
    }
}

#[test]
fn every_cut_and_every_bomb_ends_in_a_sentence() {
    let file = write(&result());
    for length in (0..file.len()).step_by(211).chain([file.len() - 1]) {
        let faults = read(&file[..length]).expect_err("cut");
        assert_eq!(faults.len(), 1, "{faults:?}");
    }
    assert!(read(&file[..file.len() / 2]).expect_err("cut")[0].reason.contains("cut off"));
    let two = [file.clone(), file.clone()].concat();
    assert!(read(&two).expect_err("two")[0].reason.contains("two files"));
    let mut damaged = file.clone();
    damaged[file.len() / 2] ^= 0x55;
    assert!(read(&damaged).is_err());
    // 100 MB of zeros pack to 100 kB.
    let bomb = to_gzip(&"0".repeat(MAX_TEXT_BYTES + 1));
    assert!(bomb.len() < 200_000);
    assert!(read(&bomb).expect_err("a bomb")[0].reason.contains("unpacks to more than"));
    assert!(read(&vec![b' '; MAX_FILE_BYTES + 1]).expect_err("too large")[0].reason.contains("more than"));
    assert!(read(&[0xff; 100]).expect_err("no text")[0].reason.contains("no result file"));
}

#[test]
fn a_part_that_is_too_large_is_not_built() {
    let events = format!("\"events\":[{}", "0,".repeat(2_100_000));
    let list = faults_of(&resealed("\"events\":[", &events));
    assert!(
        list.iter().any(|fault| fault.starts_with("events: ") && fault.contains("more than 4 MB")),
        "{list:?}"
    );
    let many = format!("\"quality\":[{}", "1,".repeat(MAX_SAMPLES + 1));
    let list = faults_of(&resealed("\"quality\":[", &many));
    assert!(list.iter().any(|fault| fault.starts_with("samples.quality: ")), "{list:?}");
}

#[test]
fn nothing_of_the_device_is_in_the_file() {
    let text = to_json(&result()).to_lowercase();
    for word in ["label", "deviceid", "user_agent", "useragent", "platform", "screen", "ip\""] {
        assert!(!text.contains(word), "{word}");
    }
}

#[test]
fn the_mask_of_reasons_goes_both_ways() {
    assert_eq!(reason_mask(["no_face", "other_face", "unknown"]), NO_FACE | OTHER_FACE);
    assert_eq!(reason_codes(NO_FRAME | OTHER_FACE | 1 << 30), ["no_frame", "other_face"]);
    for (bit, code) in REASONS.iter().enumerate() {
        assert_eq!(reason_mask([*code]), 1 << bit);
    }
}

/// Readings every 100 ms with a quality each.
fn columns(qualities: &[f32]) -> Columns {
    let mut columns = Columns::default();
    for (index, quality) in qualities.iter().enumerate() {
        columns.push(&Reading {
            time_ms: index as u32 * 100,
            media_ms: index as i32 * 100,
            exposure: 0,
            quality: *quality,
            reasons: 0,
            face: Some((0.0, [0.1 * (index / 10) as f32; 7])),
            inputs: &[],
        });
    }
    columns
}

#[test]
fn a_second_needs_half_of_its_readings() {
    let mut qualities = [1.0_f32; 30];
    qualities[10..16].fill(0.4); // 4 of 10 are left
    qualities[20..25].fill(0.4); // 5 of 10 are left
    let columns = columns(&qualities);
    let raw: Vec<Option<u16>> =
        seconds(&columns, 0..30, 3_000, 10).iter().map(|s| s.raw.map(|raw| raw[0])).collect();
    assert_eq!(raw, [Some(0), None, Some(2_000)]);
    // A last part of less than a second is left out, but a stimulus of less than one is a second of its own.
    let count = |ms| seconds(&columns, 0..30, ms, 10).len();
    assert_eq!([3_000, 2_999, 1_000, 200, 0].map(count), [3, 2, 1, 1, 0]);
    // Nothing is filled in where readings are missing.
    let gap = seconds(&columns, 0..5, 1_000, 10);
    assert!(gap[0].raw.is_some(), "five of ten cover half of it");
    assert!(seconds(&columns, 0..4, 1_000, 10)[0].raw.is_none());
}

fn graded(qualities: &[f32], change: impl FnOnce(&mut GradeInput<'_>)) -> (u32, Vec<GradeReason>) {
    let columns = columns(qualities);
    let duration_ms = qualities.len() as u32 * 100;
    let mut input = GradeInput {
        columns: &columns,
        readings: 0..qualities.len(),
        duration_ms,
        media_ms: duration_ms,
        interrupted: false,
        hidden_ms: 0,
        rate_hz: 10,
    };
    change(&mut input);
    let grade = grade(&input);
    (grade.grade, grade.reasons)
}

#[test]
fn grades_follow_the_share_of_usable_seconds() {
    // Of 20 seconds so many are bad.
    for (bad, grade) in [(0, 6), (1, 6), (2, 5), (4, 4), (5, 3), (8, 3), (9, 2), (14, 2), (15, 1), (20, 1)] {
        let mut qualities = [1.0_f32; 200];
        qualities[..bad * 10].fill(0.2);
        assert_eq!(graded(&qualities, |_| {}).0, grade, "{bad} bad seconds");
    }
}

#[test]
fn what_spoils_an_exposure_is_named() {
    let good = [1.0_f32; 200];
    assert_eq!(graded(&good, |_| {}), (6, vec![]));
    assert_eq!(graded(&good, |input| input.interrupted = true), (3, vec![GradeReason::Interrupted]));
    assert_eq!(graded(&good, |input| input.media_ms -= 501), (3, vec![GradeReason::PlayedShort]));
    assert_eq!(graded(&good, |input| input.media_ms -= 500), (6, vec![]));
    assert_eq!(graded(&good, |input| input.hidden_ms = 1_000), (6, vec![GradeReason::Hidden]));
    assert_eq!(graded(&good, |input| input.rate_hz = 13).1, [GradeReason::LowRate]);
    assert_eq!(graded(&[0.7; 200], |_| {}), (5, vec![GradeReason::PoorPicture]));
    assert_eq!(graded(&[0.749; 200], |_| {}), (5, vec![GradeReason::PoorPicture]));
    assert_eq!(graded(&[0.75; 200], |_| {}), (6, vec![]));
    assert_eq!(
        graded(&[], |input| {
            input.duration_ms = 5_000;
            input.media_ms = 5_000
        })
        .0,
        1
    );
}

/// A tenth of the readings without a face or without a frame is told; the rest before the stimulus is none of them.
#[test]
fn absence_is_told_from_a_tenth_on() {
    let absent = |absent: usize, reason: u32, rest: usize| {
        let mut columns = columns(&[1.0; 100]);
        columns.media_ms[..rest].fill(-1);
        columns.reasons[..absent].fill(reason);
        let input = GradeInput {
            columns: &columns,
            readings: 0..100,
            duration_ms: 10_000,
            media_ms: 10_000,
            interrupted: false,
            hidden_ms: 0,
            rate_hz: 10,
        };
        grade(&input).reasons.contains(&GradeReason::Absent)
    };
    for reason in [NO_FACE, NO_FRAME] {
        assert!(absent(10, reason, 0) && !absent(9, reason, 0));
        assert!(!absent(15, reason, 15), "before the stimulus nothing is missed");
    }
}

#[test]
fn another_face_and_no_face_do_not_count() {
    let mut columns = columns(&[1.0; 100]);
    columns.reasons[..30].fill(OTHER_FACE);
    for index in 30..60 {
        columns.reasons[index] = NO_FACE;
        columns.quality[index] = 0;
        columns.raw.iter_mut().for_each(|column| column[index] = MISSING);
    }
    let input = GradeInput {
        columns: &columns,
        readings: 0..100,
        duration_ms: 10_000,
        media_ms: 10_000,
        interrupted: false,
        hidden_ms: 0,
        rate_hz: 10,
    };
    let grade = grade(&input);
    assert_eq!((grade.grade, grade.absent_ms), (2, 3_000));
    assert_eq!(grade.reasons, [GradeReason::FewUsableSeconds, GradeReason::Absent, GradeReason::OtherFace]);
}

#[test]
fn the_table_is_tidy_and_holds_no_formulas() {
    let mut result = result();
    result.session.participant = Some("=HYPERLINK(\"x\")".to_owned());
    result.samples.raw[0][0] = 1_234;
    result.samples.yaw[0] = -5;
    let table = csv::table(&result, Dialect::Point);
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), result.samples.len() + 1);
    let columns = lines[0].split(',').count();
    assert_eq!(columns, csv::header().len());
    assert!(lines[1].contains("\"'=HYPERLINK(\"\"x\"\")\""), "{}", lines[1]);
    assert!(lines[1].contains(",-0.5,0.1234,"), "{}", lines[1]);
    // 0.1234 - 0.0300
    assert!(lines[1].contains(",0.0934,"), "{}", lines[1]);
    assert!(
        lines
            .iter()
            .skip(1)
            .all(|line| line.replace("\"'=HYPERLINK(\"\"x\"\")\"", "p").split(',').count() == columns)
    );
    let german = csv::table(&result, Dialect::Comma);
    assert!(german.starts_with("\u{feff}format_version;study;"));
    assert!(german.contains(";-0,5;0,1234;"));
}

#[test]
fn columns_take_only_parts_of_their_own_kind() {
    let mut columns = columns(&[1.0; 3]);
    let mut other = columns.clone();
    other.inputs.insert("a".to_owned(), vec![0; 3]);
    assert_eq!(columns.append(&other), Err(Mixed));
    other.inputs.clear();
    other.quality.pop();
    assert_eq!(columns.append(&other), Err(Mixed));
    assert_eq!(columns.len(), 3);
    let copy = columns.clone();
    columns.append(&copy).expect("the same kind");
    assert_eq!(columns.len(), 6);
    let json = serde_json::to_string(&columns).expect("plain data");
    assert_eq!(serde_json::from_str::<Columns>(&json).expect("right"), columns);
}

#[test]
fn an_interrupted_session_has_a_result_and_a_withdrawn_one_has_none() {
    use crate::session::{Event, Outcome};
    let mut study = testing::example();
    study.on_interrupt = crate::file::OnInterrupt::End;
    let mut session = testing::session(&study);
    testing::to_first_stimulus(&mut session);
    testing::apply(
        &mut session,
        [
            Event::Started { time_ms: 1_000 },
            Event::Interrupted { time_ms: 3_000, media_ms: 2_000, cause: Cause::Hidden },
        ],
    );
    let events = vec![LoggedEvent {
        time_ms: 2_500,
        exposure: Some(0),
        media_ms: Some(1_500),
        kind: EventKind::Hidden,
    }];
    let result = build(&session, Columns::default(), events, testing::circumstances(Outcome::Failed))
        .expect("there is one");
    assert_eq!((result.exposures[0].interrupted, result.exposures[0].hidden_ms), (Some(Cause::Hidden), 500));
    assert_eq!(read(&write(&result)).expect("right"), result);
    testing::apply(&mut session, [Event::Withdrawn]);
    assert!(
        build(&session, Columns::default(), vec![], testing::circumstances(Outcome::Withdrawn)).is_none()
    );
}
