use super::*;
use crate::testing::{example, full};

fn parse(fragment: &str) -> Link {
    Link::parse(fragment).expect("right").expect("a study")
}

#[test]
fn a_link_is_read_and_stripped() {
    let link = parse(
        "#study=studies/a%20b/study.json&PROLIFIC_PID=P%2B1%20%C3%A9&group=A&row=3&STUDY_ID=s1&utm_source=mail",
    );
    assert_eq!(link.study, "studies/a b/study.json");
    assert_eq!(link.stripped(), "#study=studies/a%20b/study.json");
    let participant = link.resolve(&full()).expect("right");
    assert_eq!(
        participant,
        Participant {
            id: Some("P+1 é".to_owned()),
            group: Some("A".to_owned()),
            row: Some(3),
            carried: vec![("STUDY_ID".to_owned(), "s1".to_owned())],
        }
    );
    assert_eq!(Link::parse("#activity=panel"), Ok(None));
    assert_eq!(Link::parse(""), Ok(None));
    assert_eq!(
        parse("study=s.json&participant=a+b").resolve(&example()).expect("right").id.as_deref(),
        Some("a+b")
    );
    assert_eq!(
        parse("study=s.json&participant=").resolve(&example()).expect("right"),
        Participant::default()
    );
}

#[test]
fn studies_lie_beside_the_page() {
    for path in [
        "https://e.org/study.json",
        "//e.org/study.json",
        "/study.json",
        "../study.json",
        "a/../b.json",
        "a//b.json",
        "./a.json",
        "a\\b.json",
        "http:a.json",
        "study.js",
        "",
        "a/.hidden/b.json",
        "data:,x.json",
        "%2e%2e/study.json",
        "a?b.json",
        "a%3Fb.json",
        "a%23b.json",
        "%2Fstudy.json",
        "a%0Ab.json",
    ] {
        assert_eq!(Link::parse(&format!("study={path}")), Err(LinkError::Elsewhere), "{path}");
    }
}

#[test]
fn what_is_wrong_with_a_link_is_said() {
    let study = full();
    let error = |fragment: &str| {
        Link::parse(fragment).and_then(|link| link.expect("a study").resolve(&study)).expect_err("wrong")
    };
    assert_eq!(error("study=s.json&group=C"), LinkError::UnknownGroup("C".to_owned()));
    for row in ["0", "-1", "1.5", "x", "+1", "1000001", "99999999999"] {
        assert_eq!(error(&format!("study=s.json&row={row}")), LinkError::BadRow(row.to_owned()));
    }
    assert_eq!(error("study=s.json&row=1&row=2"), LinkError::Twice("row".to_owned()));
    assert_eq!(error("study=s.json&study=t.json"), LinkError::Twice("study".to_owned()));
    assert_eq!(error("study=s.json&a=%FF"), LinkError::Damaged("a=%FF".to_owned()));
    let placeholder = "{{%PROLIFIC_PID%}}";
    assert_eq!(
        error(&format!("study=s.json&PROLIFIC_PID={placeholder}")),
        LinkError::NotFilledIn("PROLIFIC_PID".to_owned(), placeholder.to_owned())
    );
    assert!(matches!(error("study=s.json&PROLIFIC_PID=${e://Field/ResponseID}"), LinkError::NotFilledIn(..)));
    assert_eq!(
        error(&format!("study=s.json&PROLIFIC_PID={}", "a".repeat(201))),
        LinkError::BadValue("PROLIFIC_PID".to_owned())
    );
    assert_eq!(error("study=s.json&PROLIFIC_PID=a%0Ab"), LinkError::BadValue("PROLIFIC_PID".to_owned()));
    assert_eq!(error(&format!("study=s.json&x={}", "a".repeat(MAX_FRAGMENT))), LinkError::TooLong);
    for sentence in [error("study=s.json&group=C"), error("study=s.json&row=x"), error("study=s.json&a=%FF")]
    {
        assert!(sentence.to_string().ends_with('.'), "{sentence}");
    }
}

#[test]
fn lists_are_balanced_and_their_links_are_read_again() {
    let mut study = full();
    study.groups[1].closed = false;
    let participants: Vec<String> =
        (1..=8).map(|n| format!("P{n:03}")).chain(["=1+1,é".to_owned()]).collect();
    let rows =
        link_list(&study, "https://host.example/ed/#old", "studies/spring 2026/study.json", &participants);
    let pairs: Vec<(Option<&str>, Option<u32>)> =
        rows.iter().map(|row| (row.group.as_deref(), row.row)).collect();
    assert_eq!(
        pairs[..4],
        [(Some("A"), Some(1)), (Some("B"), Some(1)), (Some("A"), Some(2)), (Some("B"), Some(2))]
    );
    for row in &rows {
        let (page, fragment) = row.link.split_once('#').expect("behind #");
        assert_eq!(page, "https://host.example/ed/");
        let link = parse(fragment);
        assert_eq!(link.study, "studies/spring 2026/study.json");
        let participant = link.resolve(&study).expect("right");
        assert_eq!(
            (participant.id.as_ref(), &participant.group, participant.row),
            (Some(&row.participant), &row.group, row.row)
        );
    }
    let csv = link_list_csv(&rows);
    assert!(csv.starts_with("participant,group,row,link\nP001,A,1,https://host.example/ed/#study=studies/spring%202026/study.json&PROLIFIC_PID=P001&group=A&row=1\n"));
    assert!(csv.contains("\n\"'=1+1,é\",A,5,"));
    let plain = link_list(&example(), "https://h.example/", "s.json", &["a".to_owned()]);
    assert_eq!(plain[0].link, "https://h.example/#study=s.json&participant=a");
}

#[test]
fn templates_put_the_id_behind_the_hash() {
    let study = full();
    let link = |target| template(&study, "https://h.example/", "s.json", target);
    assert_eq!(
        link(Target::Prolific),
        "https://h.example/#study=s.json&PROLIFIC_PID={{%PROLIFIC_PID%}}&STUDY_ID={{%STUDY_ID%}}&SESSION_ID={{%SESSION_ID%}}"
    );
    assert!(link(Target::Qualtrics).ends_with("#study=s.json&PROLIFIC_PID=${e://Field/ResponseID}&STUDY_ID=${e://Field/STUDY_ID}&SESSION_ID=${e://Field/SESSION_ID}"));
    assert!(
        link(Target::Plain)
            .ends_with("#study=s.json&PROLIFIC_PID=PARTICIPANT&STUDY_ID=STUDY_ID&SESSION_ID=SESSION_ID")
    );
}

#[test]
fn outcome_links_are_filled_in_and_encoded() {
    let study = full();
    let participant = Participant {
        id: Some("a&b=c/é {code}".to_owned()),
        carried: vec![("SESSION_ID".to_owned(), "#1".to_owned())],
        ..Participant::default()
    };
    let values =
        EndingValues { participant: &participant, session: "S", group: Some("A"), code: Some("ABC123") };
    assert_eq!(
        outcome_link(&study, Outcome::Complete, values).as_deref(),
        Some(
            "https://app.prolific.com/submissions/complete?cc=ABC123&s=%231&p=a%26b%3Dc%2F%C3%A9%20%7Bcode%7D"
        )
    );
    assert_eq!(
        outcome_link(&study, Outcome::Failed, values).as_deref(),
        Some("https://example.org/failed/failed")
    );
    assert_eq!(outcome_link(&study, Outcome::Declined, values), None);
    let missing = EndingValues { participant: &Participant::default(), ..values };
    assert!(outcome_link(&study, Outcome::Complete, missing).is_some_and(|link| link.ends_with("&s=&p=")));
}
