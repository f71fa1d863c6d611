//! The video activity's times, progress and faults in words.

use crate::view::video::{Holdings, Progress};
use crate::view::words::{clock, duration, took};
use emotion_core::walk::{Pace, Span};
use emotion_record::clip::columns::FaceTally;

/// A time in the video to a tenth of a second: "0:05.2".
pub fn moment(time_ms: f64) -> String {
    let tenths = (time_ms.max(0.0) / 100.0 + 1e-6).floor() as u64;
    format!("{}.{}", clock((tenths / 10) as f64 * 1000.0), tenths % 10)
}

/// Seconds with one decimal: "3.2 s".
pub fn seconds(ms: f64) -> String {
    format!("{:.1} s", ms / 1000.0)
}

/// A choice of the pace.
pub fn pace(pace: Pace) -> String {
    match pace {
        Pace::PerSecond(1) => "once a second".to_owned(),
        Pace::PerSecond(times) => format!("{times} times a second"),
        Pace::EveryFrame => "every frame".to_owned(),
    }
}

/// "0:12.3 of 1:00.0, 3.4 times real time, about 14 s left"; at the end what came of it.
pub fn progress(progress: &Progress) -> String {
    let at = moment(progress.at_ms);
    let pictures = match progress.frames {
        1 => "1 picture".to_owned(),
        frames => format!("{frames} pictures"),
    };
    let speed = progress.speed().map(|speed| format!("{speed:.1} times real time"));
    if progress.running {
        let mut text = match progress.end_ms {
            Some(end_ms) => format!("{at} of {}", moment(end_ms)),
            None => format!("{at} of an unknown length"),
        };
        if let Some(speed) = speed {
            text += &format!(", {speed}");
        }
        if let Some(left_ms) = progress.left_ms() {
            text += &format!(", about {} left", duration(left_ms));
        }
        return text;
    }
    if progress.fault.is_some() && progress.frames == 0 {
        return "Not read.".to_owned();
    }
    if progress.cancelled || progress.fault.is_some() {
        let begin = if progress.cancelled { "Cancelled" } else { "Ended early" };
        return format!("{begin} at {at}: {pictures} read and kept.");
    }
    let speed = speed.map(|speed| format!(" ({speed})")).unwrap_or_default();
    format!("{pictures} read {}{speed}.", took(progress.elapsed_ms))
}

/// So many parts are named; the others are counted.
const MOST_PARTS: usize = 5;

fn parts(spans: &[Span]) -> String {
    let named: Vec<String> = spans
        .iter()
        .take(MOST_PARTS)
        .map(|span| format!("{} to {}", moment(span.from_ms), moment(span.to_ms)))
        .collect();
    let more = spans.len().saturating_sub(MOST_PARTS);
    let more = if more > 0 { format!(", and {more} more parts") } else { String::new() };
    named.join(", ") + &more
}

/// What is to be said of the video beside its curves: parts that could not be read, a picture that stands still, no face.
pub fn notes(unread: &[Span], frozen: &[Span], frames: usize, faces: usize, usable: usize) -> Vec<String> {
    let mut notes = Vec::new();
    if !unread.is_empty() {
        notes.push(format!(
            "The video is damaged: {} could not be read and is left out. The rest was read.",
            parts(unread)
        ));
    }
    if !frozen.is_empty() {
        notes.push(format!(
            "No new picture comes from {}: the picture ends there before the file does, or the file is damaged or cut off.",
            parts(frozen)
        ));
    }
    if frames > 0 && faces == 0 {
        notes.push(
            "No face was found in this video. Faces must have about a seventh of the picture's longer side, be lit and \
             turned to the camera."
                .to_owned(),
        );
    } else if faces > 0 && usable == 0 {
        notes.push(
            "A face was found, but too small, dark, blurred or turned away for a reading: the files give the reasons."
                .to_owned(),
        );
    }
    notes
}

/// A file may claim so much more or less than it holds before it is told, in milliseconds.
const TOLD_MS: f64 = 400.0;

/// Where the pictures of the file went, and where it claims something else than it holds.
pub fn holdings(held: &Holdings) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = |count: u64, words: &str| {
        if count > 0 {
            parts.push(format!("{count} {words}"));
        }
    };
    part(held.read - held.refused.min(held.read), "read");
    part(held.between(), "between two looks");
    part(held.not_shown, "not shown by the film itself");
    part(held.lost, "that could not be decoded");
    part(held.refused, "that the engine could not read");
    part(held.missing, "behind the end of the file");
    let pictures = match held.pictures {
        1 => "1 picture".to_owned(),
        pictures => format!("{pictures} pictures"),
    };
    let mut told = vec![format!("The file has {pictures}: {}.", parts.join(", "))];
    if held.cut_off {
        told.push("The file is cut off: it ends in the middle of a picture or of its index. Look for a longer copy.".to_owned());
    }
    if held.skipped_bytes > 0 {
        told.push(format!(
            "The file is damaged: {} bytes of it make no sense and were left out.",
            held.skipped_bytes
        ));
    }
    if let Some(claimed_ms) = held.claimed_ms {
        let (claimed, until) = (moment(claimed_ms), moment(held.until_ms));
        if claimed_ms > held.until_ms + TOLD_MS {
            told.push(format!(
                "The pictures end at {until}, but the file says that it lasts {claimed}: its sound goes on, or it is cut off."
            ));
        } else if claimed_ms + TOLD_MS < held.until_ms {
            told.push(format!(
                "The file says that it lasts {claimed}, but its pictures go on until {until}. All were read."
            ));
        }
    }
    if held.another_film {
        told.push(
            "A second film is glued behind the first in this file. Only the first was read.".to_owned(),
        );
    }
    if held.video_tracks > 1 {
        told.push(format!("The file has {} video tracks. The main one was read.", held.video_tracks));
    }
    told
}

/// A face in the list of choices: "Face 2, 0:05.2 to 1:00.0, 120 readings".
pub fn face(tally: &FaceTally) -> String {
    let readings =
        if tally.usable == 1 { "1 reading".to_owned() } else { format!("{} readings", tally.usable) };
    format!("Face {}, {} to {}, {readings}", tally.face, moment(tally.first_ms), moment(tally.last_ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_tenths_and_carry() {
        assert_eq!(moment(0.0), "0:00.0");
        assert_eq!(moment(5_299.0), "0:05.2");
        assert_eq!(moment(100.0 * 3.0), "0:00.3");
        assert_eq!(moment(3_599_950.0), "59:59.9");
        assert_eq!(moment(-3.0), "0:00.0");
        assert_eq!(seconds(3_249.0), "3.2 s");
    }

    #[test]
    fn progress_tells_speed_and_rest_and_at_the_end_the_yield() {
        let mut state =
            Progress { running: true, at_ms: 12_300.0, end_ms: Some(60_000.0), ..Progress::default() };
        assert_eq!(progress(&state), "0:12.3 of 1:00.0");
        (state.elapsed_ms, state.frames) = (3075.0, 123);
        assert_eq!(progress(&state), "0:12.3 of 1:00.0, 4.0 times real time, about 12 s left");
        state.end_ms = None;
        assert_eq!(progress(&state), "0:12.3 of an unknown length, 4.0 times real time");
        (state.running, state.cancelled) = (false, true);
        assert_eq!(progress(&state), "Cancelled at 0:12.3: 123 pictures read and kept.");
        state.cancelled = false;
        assert_eq!(progress(&state), "123 pictures read in 3 s (4.0 times real time).");
        state.elapsed_ms = 600.0;
        assert_eq!(progress(&state), "123 pictures read in under a second (20.5 times real time).");
        state.fault = Some("The engine stopped.".into());
        assert_eq!(progress(&state), "Ended early at 0:12.3: 123 pictures read and kept.");
        state.frames = 0;
        assert_eq!(progress(&state), "Not read.");
    }

    #[test]
    fn what_is_wrong_is_said_in_sentences() {
        let span = |from_ms, to_ms| Span { from_ms, to_ms };
        assert_eq!(notes(&[], &[], 10, 1, 5), [""; 0]);
        let [damage, still, none] = &notes(&[span(2400.0, 4000.0)], &[span(5000.0, 9000.0)], 10, 0, 0)[..]
        else {
            panic!()
        };
        assert!(damage.contains("0:02.4 to 0:04.0 could not be read"), "{damage}");
        assert!(still.contains("from 0:05.0 to 0:09.0"), "{still}");
        assert!(none.starts_with("No face was found"), "{none}");
        assert!(notes(&[], &[], 10, 1, 0)[0].starts_with("A face was found, but"));
        let many: Vec<Span> = (0..9).map(|at| span(f64::from(at) * 1e4, f64::from(at) * 1e4 + 1e3)).collect();
        assert!(notes(&many, &[], 1, 1, 1)[0].contains("and 4 more parts"));
    }

    #[test]
    fn counts_add_up_and_false_claims_are_told() {
        let held =
            Holdings { pictures: 120, decoded: 120, read: 40, until_ms: 4000.0, ..Holdings::default() };
        assert_eq!(holdings(&held), ["The file has 120 pictures: 40 read, 80 between two looks."]);
        let all = Holdings { not_shown: 3, lost: 20, missing: 7, pictures: 150, refused: 1, ..held };
        assert_eq!(
            holdings(&all),
            [
                "The file has 150 pictures: 39 read, 80 between two looks, 3 not shown by the film itself, 20 that could not \
              be decoded, 1 that the engine could not read, 7 behind the end of the file."
            ]
        );
        let told = |claimed_ms| holdings(&Holdings { claimed_ms: Some(claimed_ms), ..held })[1..].join(" ");
        assert_eq!(told(4400.0), "");
        assert!(told(9000.0).contains("end at 0:04.0, but the file says that it lasts 0:09.0"));
        assert!(told(1000.0).contains("lasts 0:01.0, but its pictures go on until 0:04.0"));
        let odd = Holdings { cut_off: true, skipped_bytes: 9, another_film: true, video_tracks: 2, ..held };
        assert_eq!(holdings(&odd).len(), 5);
    }

    #[test]
    fn faces_are_named_with_their_times() {
        let tally = FaceTally { face: 2, rows: 9, usable: 1, first_ms: 5200.0, last_ms: 60_000.0 };
        assert_eq!(face(&tally), "Face 2, 0:05.2 to 1:00.0, 1 reading");
    }
}
