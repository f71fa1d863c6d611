//! Numbers as a person reads or hears them, and the names of saved files.

use emotion_core::reading::Pose;

const COUNTS: [&str; 11] =
    ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/// A depth with two decimals.
pub fn depth(depth: f32) -> String {
    format!("{depth:.2}")
}

/// How many of ten viewers, in words, without the number: "three viewers in ten".
///
/// Below 0.05 and from 0.95 the rounded words "no viewer" and "ten viewers" would say more than is
/// known, so those say "hardly any viewer" and "nearly every viewer".
pub fn viewers(depth: f32) -> String {
    let tenths = (depth.clamp(0.0, 1.0) * 10.0).round() as usize;
    match tenths {
        0 => "hardly any viewer".into(),
        1 => "one viewer in ten".into(),
        10 => "nearly every viewer".into(),
        n => format!("{} viewers in ten", COUNTS[n]),
    }
}

/// What a gauge says to a screen reader: "0.31, three viewers in ten; 0.13 to 0.48 by study".
pub fn gauge(depth: f32, range: Option<(f32, f32)>) -> String {
    let range = range.map(|(low, high)| format!("; {low:.2} to {high:.2} by study")).unwrap_or_default();
    format!("{depth:.2}, {}{range}", viewers(depth))
}

/// A signed number with two decimals and a true minus sign; zero has no sign.
pub fn signed(value: f32) -> String {
    let text = format!("{:.2}", value.abs());
    if text == "0.00" {
        text
    } else if value < 0.0 {
        format!("\u{2212}{text}")
    } else {
        format!("+{text}")
    }
}

/// Bytes as megabytes with one decimal (1 MB = 1,000,000 bytes); small numbers as kilobytes.
pub fn bytes(bytes: u64) -> String {
    if bytes < 100_000 {
        format!("{} kB", bytes.div_ceil(1000))
    } else {
        format!("{:.1} MB", bytes as f64 / 1e6)
    }
}

/// A duration as on a clock: "1:05", "1:02:05".
pub fn clock(ms: f64) -> String {
    let seconds = (ms.max(0.0) / 1000.0).floor() as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// A duration in a sentence: "45 s", "1 min 20 s", "1 h 2 min".
pub fn duration(ms: f64) -> String {
    let seconds = (ms.max(0.0) / 1000.0).round() as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, _) => format!("{minutes} min {seconds} s"),
        _ => format!("{hours} h {minutes} min"),
    }
}

/// How long something took: "in 45 s", "in under a second".
pub fn took(ms: f64) -> String {
    if ms < 1000.0 { "in under a second".to_owned() } else { format!("in {}", duration(ms)) }
}

/// The valence, -1..1, in words.
pub fn valence(valence: f32) -> &'static str {
    match valence {
        v if v <= -0.5 => "unpleasant",
        v if v <= -0.15 => "rather unpleasant",
        v if v < 0.15 => "neither",
        v if v < 0.5 => "rather pleasant",
        _ => "pleasant",
    }
}

/// The intensity, 0..1, in words.
pub fn intensity(intensity: f32) -> &'static str {
    match intensity {
        i if i < 0.25 => "hardly any expression",
        i if i < 0.5 => "a slight expression",
        i if i < 0.75 => "a clear expression",
        _ => "a strong expression",
    }
}

/// Below this angle in degrees a head counts as straight.
const STRAIGHT_DEGREES: f32 = 5.0;

/// Head pose in words from the person's own side: the picture's right is their left.
pub fn pose(pose: &Pose) -> String {
    let mut parts = Vec::new();
    if pose.yaw.abs() >= STRAIGHT_DEGREES {
        let side = if pose.yaw > 0.0 { "left" } else { "right" };
        parts.push(format!("turned {:.0}° to their {side}", pose.yaw.abs()));
    }
    if pose.pitch.abs() >= STRAIGHT_DEGREES {
        let side = if pose.pitch > 0.0 { "up" } else { "down" };
        parts.push(format!("looking {:.0}° {side}", pose.pitch.abs()));
    }
    if pose.roll.abs() >= STRAIGHT_DEGREES {
        let side = if pose.roll > 0.0 { "left" } else { "right" };
        parts.push(format!("tilted {:.0}° to their {side}", pose.roll.abs()));
    }
    if parts.is_empty() { "straight to the camera".into() } else { parts.join(", ") }
}

/// A moment of the local calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalTime {
    pub year: u32,
    /// 1..=12
    pub month: u32,
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
    pub second: u32,
}

/// The name of a saved recording, sorted by time in any folder: "emotion-depth_2026-11-22_14-05-09.csv".
///
/// `extension` without its dot. No colon: Windows refuses it.
pub fn file_name(began: LocalTime, extension: &str) -> String {
    let LocalTime { year, month, day, hour, minute, second } = began;
    format!("emotion-depth_{year:04}-{month:02}-{day:02}_{hour:02}-{minute:02}-{second:02}.{extension}")
}

/// "09:05:00".
pub fn clock_time(at: &LocalTime) -> String {
    format!("{:02}:{:02}:{:02}", at.hour, at.minute, at.second)
}

/// Where another page shows this one inside itself.
pub fn framed(address: &str) -> String {
    format!(
        "Another page shows this one inside itself, so you cannot see who asks for the camera. Open it in a tab of its \
         own: {address}"
    )
}

/// Of the requests since the seal; `None`: the browser keeps no list of them.
pub fn requests_since(count: Option<usize>) -> String {
    match count {
        Some(0) => "No request since, by the browser's own list.".to_owned(),
        Some(1) => "1 request was made since, by the browser's own list.".to_owned(),
        Some(count) => format!("{count} requests were made since, by the browser's own list."),
        None => "This browser keeps no list of requests.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gauges_speak_of_viewers() {
        assert_eq!(gauge(0.31, Some((0.128, 0.48))), "0.31, three viewers in ten; 0.13 to 0.48 by study");
        assert_eq!(gauge(0.1, None), "0.10, one viewer in ten");
        assert_eq!(gauge(0.0, None), "0.00, hardly any viewer");
        assert_eq!(gauge(0.049, None), "0.05, hardly any viewer");
        assert_eq!(gauge(1.0, None), "1.00, nearly every viewer");
        assert_eq!(viewers(0.94), "nine viewers in ten");
        assert_eq!(viewers(7.0), "nearly every viewer");
        assert_eq!(viewers(f32::NAN), "hardly any viewer");
    }

    #[test]
    fn signs_are_true_minus_signs_and_zero_has_none() {
        assert_eq!(signed(0.256), "+0.26");
        assert_eq!(signed(-0.1), "\u{2212}0.10");
        assert_eq!(signed(-0.001), "0.00");
    }

    #[test]
    fn sizes_are_in_decimal_units() {
        assert_eq!(bytes(0), "0 kB");
        assert_eq!(bytes(1), "1 kB");
        assert_eq!(bytes(99_001), "100 kB");
        assert_eq!(bytes(100_000), "0.1 MB");
        assert_eq!(bytes(8_449_999), "8.4 MB");
    }

    #[test]
    fn durations_carry_over() {
        assert_eq!(clock(0.0), "0:00");
        assert_eq!(clock(65_999.0), "1:05");
        assert_eq!(clock(3_725_000.0), "1:02:05");
        assert_eq!(duration(44_600.0), "45 s");
        assert_eq!(duration(80_000.0), "1 min 20 s");
        assert_eq!(duration(59_700.0), "1 min 0 s");
        assert_eq!(duration(3_725_000.0), "1 h 2 min");
        assert_eq!((took(999.0).as_str(), took(1000.0).as_str()), ("in under a second", "in 1 s"));
        assert_eq!(clock(-5.0), "0:00");
    }

    #[test]
    fn the_pose_is_told_from_the_persons_side() {
        assert_eq!(pose(&Pose { yaw: 2.0, pitch: -4.9, roll: 0.0 }), "straight to the camera");
        assert_eq!(
            pose(&Pose { yaw: 12.4, pitch: -10.0, roll: -6.0 }),
            "turned 12° to their left, looking 10° down, tilted 6° to their right"
        );
    }

    #[test]
    fn file_names_sort_by_time_and_have_no_colon() {
        let began = LocalTime { year: 2026, month: 3, day: 7, hour: 9, minute: 5, second: 0 };
        assert_eq!(file_name(began, "csv"), "emotion-depth_2026-03-07_09-05-00.csv");
    }

    #[test]
    fn requests_are_counted_in_words() {
        assert_eq!(requests_since(Some(0)), "No request since, by the browser's own list.");
        assert!(requests_since(Some(1)).starts_with("1 request was"));
        assert!(requests_since(Some(2)).starts_with("2 requests were"));
        let at = LocalTime { year: 2026, month: 3, day: 7, hour: 9, minute: 5, second: 0 };
        assert_eq!(clock_time(&at), "09:05:00");
    }
}
