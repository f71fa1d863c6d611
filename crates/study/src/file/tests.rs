use super::*;

const FULL: &str = include_str!("../../tests/files/full-study.json");

fn faults(from: &str, to: &str) -> Vec<Fault> {
    assert!(FULL.contains(from), "{from}");
    parse(&FULL.replacen(from, to, 1)).expect_err("it is wrong")
}

fn only(from: &str, to: &str) -> (String, String) {
    let mut list = faults(from, to);
    assert_eq!(list.len(), 1, "{list:#?}");
    let fault = list.remove(0);
    (fault.path, fault.reason)
}

#[test]
fn every_fault_is_told_at_once() {
    let text = FULL
        .replacen("\"market_research\"", "\"hiring\"", 1)
        .replacen("\"seconds\": 8", "\"seconds\": 1", 1)
        .replacen("media/spot 1.mp4", "../spot.mp4", 1)
        .replacen("\"after\": \"spot\"", "\"after\": \"spott\"", 1)
        .replacen("\"to_ms\": 30000", "\"to_ms\": 30001", 1)
        .replacen("\"next\":", "\"nextt\":", 1)
        .replacen("\"on_interrupt\": \"repeat\"", "\"on_interrupt\": \"repaet\"", 1);
    let list = parse(&text).expect_err("it is wrong");
    let paths: Vec<&str> = list.iter().map(|fault| fault.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "purpose",
            "baseline.seconds",
            "stimuli[0].video.file",
            "on_interrupt",
            "texts.nextt",
            "stimuli[0].segments[1].to_ms",
            "questions[0].after",
        ]
    );
    assert!(list[3].reason.contains("Did you mean \"repeat\"?"), "{}", list[3].reason);
    assert!(list[6].reason.contains("Did you mean \"spot\"?"), "{}", list[6].reason);
}

#[test]
fn prohibited_uses_are_named_and_refused() {
    for (words, reason) in PROHIBITED_USES {
        for word in *words {
            let (path, told) = only("\"market_research\"", &format!("\"{word}\""));
            assert_eq!(path, "purpose");
            assert!(told.starts_with(reason), "{told}");
        }
    }
    assert!(only("\"market_research\"", "\"Lie Detection\"").1.contains("lies"));
    assert!(only("\"market_research\"", "\"fun\"").1.contains("\"demonstration\""));
}

#[test]
fn files_lie_in_the_study_folder() {
    for (path, words) in [
        ("../spot.mp4", "leads out"),
        ("a/../../spot.mp4", "leads out"),
        ("/spot.mp4", "leave the first"),
        ("https://e.org/a.mp4", "other addresses"),
        ("//e.org/a.mp4", "other addresses"),
        ("data:video/mp4,a.mp4", "other addresses"),
        ("C:/spot.mp4", "must not hold"),
        ("a\\\\b.mp4", "between folders"),
        ("spot.mp4?x=1.mp4", "must not hold"),
        ("%2e%2e/a.mp4", "must not hold"),
        (".hidden.mp4", "begins with"),
        ("a/.b/c.mp4", "begins with"),
        ("spot.exe", "ends in one of"),
        ("mp4", "ends in one of"),
        ("", "name of the file"),
    ] {
        let (at, reason) = only("media/spot 1.mp4", path);
        assert_eq!(at, "stimuli[0].video.file");
        assert!(reason.contains(words), "{path}: {reason}");
    }
}

#[test]
fn links_are_https_and_name_only_what_is_known() {
    let from = "https://example.org/failed/{outcome}";
    for (link, words) in [
        ("http://example.org", "https://"),
        ("javascript:alert(1)", "https://"),
        ("https://{participant}.example.org", "name of a web site"),
        ("https://user@example.org", "name of a web site"),
        ("https://example.org/{nobody}", "Nothing is called"),
        ("https://example.org/a b", "a space"),
        ("https://example.org/{a", "braces"),
        ("https://example.org/a}", "braces"),
        ("https://example.org/{{participant}}", "braces"),
    ] {
        let (at, reason) = only(from, link);
        assert_eq!(at, "outcomes.failed.link");
        assert!(reason.contains(words), "{link}: {reason}");
    }
}

#[test]
fn other_formats_and_newer_versions_are_told_alone() {
    assert!(only("emotion-depth-study", "emotion-depth-session").1.contains("another kind of file"));
    assert!(only("\"version\": 1", "\"version\": 2").1.contains("newer page"));
    assert_eq!(parse("[]").expect_err("no study").len(), 1);
    assert_eq!(parse("{}").expect_err("no study")[0].path, "format");
}

#[test]
fn what_no_schema_says_is_told() {
    for (from, to, path, words) in [
        ("{\"id\": \"pack\", \"image\"", "{\"id\": \"spot\", \"image\"", "stimuli[2].id", "twice"),
        ("{\"id\": \"A\"", "{\"id\": \"B\"", "groups[1].id", "twice"),
        ("\"to_ms\": 12000", "\"to_ms\": 0", "stimuli[0].segments[0].to_ms", "from 1"),
        ("\"from_ms\": 25000", "\"from_ms\": 30000", "stimuli[0].segments[1].to_ms", "begins at"),
        ("[\"young\"]", "[\"old\"]", "screening[0].screen_out_if[0]", "options"),
        ("[0, 1]", "[0, 8]", "screening[1].screen_out_if[1]", "scale"),
        ("\"min\": 1, \"max\": 7", "\"min\": 7, \"max\": 1", "questions[0].scale", "goes up"),
        ("\"STUDY_ID\"", "\"PROLIFIC_PID\"", "identity.carry[0]", "in use"),
        ("\"STUDY_ID\"", "\"row\"", "identity.carry[0]", "for itself"),
        (
            ", \"parent_origin\": \"https://survey.example.org:8443\"",
            "",
            "handover.parent_origin",
            "needs that page's address",
        ),
        (
            "\"progress\": \"{done}/{all}\"",
            "\"progress\": \"{done}/{everything}\"",
            "texts.progress",
            "Nothing is called",
        ),
        (
            "\"progress\": \"{done}/{all}\"",
            "\"notice.fixed\": \"nothing\"",
            "texts.notice.fixed",
            "own words",
        ),
        ("(https://example.org/privacy)", "(http://example.org/privacy)", "consent.text", "https://"),
        ("\"id\": \"claim\"", "\"id\": \"end\"", "stimuli[3].id", "end of the study"),
        ("\"closed\": false,\n", "\"closed\": false, \"closed\": true,\n", "closed", "twice"),
    ] {
        let list = faults(from, to);
        let found = list.iter().find(|fault| fault.path == path);
        assert!(found.is_some_and(|fault| fault.reason.contains(words)), "{from} -> {to}: {list:#?}");
    }
}

#[test]
fn large_and_broken_files_are_refused() {
    let large = format!("{}{FULL}", " ".repeat(MAX_BYTES));
    assert!(parse(&large).expect_err("too large")[0].reason.contains("at most 1 MB"));
    assert!(parse(&FULL[..FULL.len() / 2]).expect_err("cut")[0].reason.contains("stops in the middle"));
    assert!(parse(&format!("\u{feff}{FULL}")).is_ok());
}

#[test]
fn defaults_stand_where_fields_are_left_out() {
    let minimal = r#"{"format": "emotion-depth-study", "version": 1, "id": "m", "title": "M", "language": "en",
        "controller": {"name": "a", "contact": "b", "authority": "c"}, "purpose": "academic",
        "consent": {"text": "t", "legal_basis": "l", "retention": "r", "recipients": "r", "withdraw_until": "w", "minimum_age": 18},
        "stimuli": [{"id": "a", "text": {"text": "x", "duration_ms": 1000}}]}"#;
    let study = parse(minimal).expect("right");
    assert_eq!((study.sample_rate_hz, study.resume_max_age_h, study.baseline.seconds), (10, 24, 5));
    assert_eq!(study.handover.methods, [Method::File]);
    assert_eq!(study.identity.participant_parameter, "participant");
    assert_eq!((study.on_interrupt, study.order.method), (OnInterrupt::Skip, OrderMethod::Fixed));
    assert_eq!(study.media_bytes(), Some(0));
}

#[test]
fn the_example_ships_the_files_that_it_names() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../public/studies/example");
    let study =
        parse(&std::fs::read_to_string(folder.join("study.json")).expect("it is there")).expect("right");
    let files: Vec<MediaFile<'_>> =
        study.stimuli.iter().filter_map(|stimulus| stimulus.media.file()).collect();
    assert_eq!(files.len(), 2);
    for file in files {
        let bytes = std::fs::read(folder.join(file.path)).expect("it is there");
        assert_eq!(crate::hash::sha256_hex(&bytes), file.sha256, "{}", file.path);
        assert_eq!(Some(bytes.len() as u64), file.bytes);
        assert!(bytes.len() < 40_000, "an example is small");
    }
}
