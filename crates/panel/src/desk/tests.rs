use emotion_stats::Progress;

use super::*;

fn desk(people: u32) -> Desk {
    let mut desk = Desk::default();
    assert_eq!(desk.answer(Ask::Sample { from: 0, people }, Vec::new()).0, Answer::Read { left: 0 });
    let settings = Settings { resamples: 100, permutations: 100, ..Settings::default() };
    let (answer, _) = desk.answer(Ask::Overview { settings: Box::new(settings) }, Vec::new());
    assert!(matches!(answer, Answer::Overview(overview) if overview.merged == people as usize));
    desk
}

#[test]
fn questions_survive_their_json() {
    let ask = Ask::Details { stimulus: "joke".into(), measure: Measure::Happy };
    let text = serde_json::to_string(&ask).unwrap();
    assert_eq!(serde_json::from_str::<Ask>(&text).unwrap(), ask);
    let mut desk = desk(8);
    let (answer, _) = desk.answer(Ask::Overview { settings: Box::default() }, Vec::new());
    let text = serde_json::to_string(&answer).unwrap();
    assert!(serde_json::from_str::<Answer>(&text).unwrap() == answer);
    // Numbers may lose their last bit on the way to the screen.
    let (answer, _) = desk.answer(Ask::Curves { stimulus: "joke".into() }, Vec::new());
    let text = serde_json::to_string(&answer).unwrap();
    assert!(
        matches!(serde_json::from_str(&text).unwrap(), Answer::Curves(curves, _) if curves.seconds == 30)
    );
}

#[test]
fn an_archive_is_read_in_parts_and_gives_what_it_gives_at_once() {
    let sample = Sample::default();
    let files: Vec<(String, String)> =
        (0..5).map(|i| (format!("{i}.json"), emotion_study::result::to_json(&sample.result(i)))).collect();
    let bytes = crate::archive::pack(&files).unwrap();
    let mut desk = Desk::default();
    let mut left = match desk.answer(Ask::Read { name: "a.zip".into() }, bytes.clone()).0 {
        Answer::Read { left } => left,
        other => panic!("{other:?}"),
    };
    assert_eq!(left, 5);
    while left > 0 {
        match desk.answer(Ask::Next { files: 2 }, Vec::new()).0 {
            Answer::Read { left: now } => left = now,
            other => panic!("{other:?}"),
        }
    }
    let mut panel = Panel::default();
    panel.add("a.zip", &bytes);
    assert_eq!(desk.panel.overview(&Settings::default()), panel.overview(&Settings::default()));
    assert_eq!(panel.overview(&Settings::default()).merged, 5);

    // One that was left in the middle does not stand in the way of the next.
    let mut desk = Desk::default();
    desk.answer(Ask::Read { name: "a.zip".into() }, bytes.clone());
    desk.answer(Ask::Next { files: 2 }, Vec::new());
    desk.answer(Ask::Leave, Vec::new());
    assert_eq!(desk.panel.overview(&Settings::default()).merged, 2);
    assert_eq!(desk.answer(Ask::Read { name: "b.zip".into() }, bytes).0, Answer::Read { left: 5 });
}

#[test]
fn tests_go_in_slices() {
    let mut desk = desk(80);
    let question = Question {
        stimulus: "joke".into(),
        grouping: crate::Grouping::Group,
        first: "A".into(),
        second: "B".into(),
        measures: vec![Measure::Happy],
    };
    let nothing = desk.answer(Ask::Export { file: ExportFile::Groups }, Vec::new());
    assert!(matches!(nothing.0, Answer::Fault(_)));
    let (answer, _) = desk.answer(Ask::Compare { question: question.clone() }, Vec::new());
    assert!(matches!(answer, Answer::Compared(_)));
    let (answer, _) = desk.answer(Ask::Test { question: question.clone() }, Vec::new());
    assert_eq!(answer, Answer::Testing(Progress { done: 0, total: 100 }));
    let (answer, _) = desk.answer(Ask::Advance { permutations: 60 }, Vec::new());
    assert_eq!(answer, Answer::Testing(Progress { done: 60, total: 100 }));
    let (answer, _) = desk.answer(Ask::Advance { permutations: 60 }, Vec::new());
    assert!(matches!(answer, Answer::Tested(result) if result.permutations == 100));
    // What was asked stands in the exports, with its tests.
    let (_, table) = desk.answer(Ask::Export { file: ExportFile::Groups }, Vec::new());
    let expected = Numbers {
        comparisons: vec![desk.panel.compare_and_test(&question, &desk.settings).unwrap()],
        ..Numbers::default()
    };
    assert_eq!(table, desk.panel.groups_csv(&expected, &desk.settings).into_bytes());
    assert!(matches!(desk.answer(Ask::Advance { permutations: 1 }, Vec::new()).0, Answer::Fault(_)));
}

#[test]
fn files_are_those_of_the_panel() {
    let mut desk = desk(6);
    let (answer, report) = desk.answer(Ask::Export { file: ExportFile::Report }, Vec::new());
    assert_eq!(answer, Answer::File { sessions: 0 });
    let computed = desk.panel.compute(&desk.settings, |_, _| ());
    assert_eq!(report, desk.panel.report(&computed, &desk.settings).into_bytes());
    let (answer, begin) = desk.answer(Ask::Samples { from: 0, sessions: 4 }, Vec::new());
    let (_, end) = desk.answer(Ask::Samples { from: 4, sessions: 4 }, Vec::new());
    assert_eq!(answer, Answer::File { sessions: 6 });
    let lines = [begin, end].concat().iter().filter(|byte| **byte == b'\n').count();
    assert_eq!(lines, 1 + 6 * 500);
}
