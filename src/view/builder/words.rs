//! What the builder says.

use super::draft::Draft;
use super::path::pattern;
use emotion_study::fault::Fault;
use emotion_study::zip::MAX_MEDIA_BYTES;

/// From so many bytes of media on a participant waits too long: at 10 megabits a second a minute.
pub const LARGE_BYTES: u64 = 70_000_000;

/// A fault in the words of a form. The parser speaks of a file's fields; here a person looks at an input.
pub fn fault(draft: &Draft, fault: &Fault) -> String {
    let absent = draft.get(&fault.path).is_none();
    let empty = draft.get(&fault.path).is_some_and(|value| value.as_array().is_some_and(Vec::is_empty));
    let few = absent || empty;
    match pattern(&fault.path).as_str() {
        "stimuli" if few => "Add at least one video, image or text.".to_owned(),
        "purpose" | "language" if absent => "Choose one.".to_owned(),
        "screening[].screen_out_if" if few => {
            "Choose with which answers somebody may not take part.".to_owned()
        }
        "handover.methods" if few => "Choose at least one way.".to_owned(),
        path if path.ends_with("choice.options") && draft.len(&fault.path) < 2 => {
            "Add at least two options.".to_owned()
        }
        path if path.ends_with("sha256") || path.ends_with("bytes") => {
            "The file has no fingerprint yet. Choose the file once more.".to_owned()
        }
        _ if absent && fault.reason.contains("missing") => "Please fill this in.".to_owned(),
        _ if fault.path.starts_with("texts.") => {
            format!("{}: {}", &fault.path["texts.".len()..], fault.reason)
        }
        path if path.ends_with("_ms") => in_seconds(&fault.reason),
        _ => fault.reason.clone(),
    }
}

/// A fault of something in the file that no input shows.
pub fn foreign(path: &str, fault: &Fault) -> String {
    let name = path.rsplit('.').next().unwrap_or(path);
    format!("The file has \"{name}\" here, for which there is no input. {}", fault.reason)
}

/// The numbers of a sentence, milliseconds in the file, in seconds as the input has them.
fn in_seconds(reason: &str) -> String {
    let in_seconds = |word: &str| {
        let plain = word.trim_end_matches([',', '.']);
        match plain.parse::<f64>() {
            Ok(number) => format!("{}{}", number / 1000.0, &word[plain.len()..]),
            Err(_) => word.to_owned(),
        }
    };
    let words: Vec<String> = reason.split(' ').map(in_seconds).collect();
    let text = words.join(" ").replace(" ms", " s");
    text.replace("a whole number from", "a number of seconds from")
        .replace("must be from", "must be seconds from")
}

/// A size as people read it.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// A time as people read it: `1:05.2`.
pub fn time(time_ms: f64) -> String {
    let tenths = (time_ms / 100.0).round().max(0.0) as u64;
    format!("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}

/// What all media mean for a participant; nothing where they are small.
pub fn large_media(bytes: u64) -> Option<String> {
    (bytes > LARGE_BYTES).then(|| {
        let minutes = (bytes as f64 * 8.0 / 10e6 / 60.0).ceil();
        let wait = if minutes < 2.0 { "more than a minute".to_owned() } else { format!("about {minutes} minutes") };
        format!(
            "All media together have {}. Each participant loads them before the study begins: at 10 megabits a \
             second that takes {wait}, and some will not wait. Save the videos smaller, for example with a height of \
             720 pixels.",
            size(bytes)
        )
    })
}

/// Why so many bytes of media are refused; nothing where one ZIP file can hold them.
pub fn no_room(bytes: u64) -> Option<String> {
    (bytes > MAX_MEDIA_BYTES).then(|| {
        format!(
            "with this file the media would have {} together. A study's ZIP holds up to 4 GB, and each participant would load \
             all of it. Save the videos smaller, for example with a height of 720 pixels, or make two studies.",
            size(bytes)
        )
    })
}

/// How many faults, for a button or a heading.
pub fn open_points(count: usize) -> String {
    match count {
        0 => "complete".to_owned(),
        1 => "1 point open".to_owned(),
        count => format!("{count} points open"),
    }
}

/// How a place is called in the list of all faults: `What is shown, no. 2`.
pub fn place_name(place: &str) -> String {
    let number = |from: &str| {
        let rest = place.strip_prefix(from)?.strip_prefix('[')?;
        rest.split(']').next()?.parse::<usize>().ok().map(|at| at + 1)
    };
    let field = place.rsplit('.').next().unwrap_or_default().replace('_', " ");
    let field = field.trim_end_matches(" ms");
    for (list, name) in [
        ("stimuli", "Shown"),
        ("questions", "Question"),
        ("screening", "Screening question"),
        ("groups", "Group"),
    ] {
        if let Some(number) = number(list) {
            let inner = if place.contains('.') { format!(": {field}") } else { String::new() };
            return format!("{name} {number}{inner}");
        }
    }
    let mut name = if place.is_empty() { "The study".to_owned() } else { place.replace(['.', '_'], " ") };
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_told_in_the_words_of_a_form() {
        let mut draft = Draft::default();
        draft.push("stimuli", serde_json::json!({"id": "a", "text": {"text": "x", "duration_ms": 100}}));
        let faults = draft.study().expect_err("much is missing");
        let told: Vec<(String, String)> =
            faults.iter().map(|fault| (fault.path.clone(), super::fault(&draft, fault))).collect();
        let of = |path: &str| told.iter().find(|(at, _)| at == path).map(|(_, words)| words.as_str());
        assert_eq!(of("title"), Some("Please fill this in."));
        assert_eq!(of("purpose"), Some("Choose one."));
        assert_eq!(
            of("stimuli[0].text.duration_ms"),
            Some("This is 0.1, but it must be seconds from 0.5 to 600.")
        );
        let segment = "The segment ends at 9000 ms, but the stimulus lasts 8500 ms.";
        assert_eq!(in_seconds(segment), "The segment ends at 9 s, but the stimulus lasts 8.5 s.");
    }

    #[test]
    fn sizes_and_times_are_short() {
        assert_eq!([size(999), size(1_001), size(4_250_000)], ["999 bytes", "2 kB", "4.2 MB"]);
        assert_eq!([time(0.0), time(65_249.0), time(-3.0)], ["0:00.0", "1:05.2", "0:00.0"]);
        assert_eq!(large_media(LARGE_BYTES), None);
        assert!(
            large_media(750_000_000)
                .is_some_and(|text| text.contains("750.0 MB") && text.contains("10 minutes"))
        );
    }

    #[test]
    fn more_than_a_zip_holds_is_refused_with_a_way_out() {
        assert_eq!(no_room(MAX_MEDIA_BYTES), None);
        let sentence = no_room(5_000_000_000).expect("it is too much");
        assert!(sentence.contains("5000.0 MB together") && sentence.contains("two studies"), "{sentence}");
    }

    #[test]
    fn places_have_names() {
        assert_eq!(place_name("stimuli[1].video.duration_ms"), "Shown 2: duration");
        assert_eq!(place_name("screening[0]"), "Screening question 1");
        assert_eq!(place_name("consent.legal_basis"), "Consent legal basis");
        assert_eq!(place_name(""), "The study");
    }
}
