//! The exports, read back by other programs' parsers.

use std::io::Cursor;

use emotion_panel::compare::{CompareError, Question};
use emotion_panel::export::SamplesTable;
use emotion_panel::sample::{Sample, study_json};
use emotion_panel::words;
use emotion_panel::{Dialect, Grouping, Panel, Record, Settings};
use emotion_stats::Measure;
use emotion_study::result;
use emotion_study::session::AnswerValue;

fn panel(people: u32) -> Panel {
    let sample = Sample::default();
    let mut panel = Panel::default();
    panel.add("study.json", study_json().as_bytes());
    for index in 0..people {
        let mut made = sample.result(index);
        if index == 0 {
            made.session.participant = Some("=HYPERLINK(\"http://x\")".to_owned());
            made.answers[0].value = AnswerValue::Text("a;b,\"c\"".to_owned());
        }
        panel.add_record(&format!("{index:04}"), Record::of_result(&made));
    }
    panel
}

fn quick() -> Settings {
    Settings { resamples: 200, permutations: 200, ..Settings::default() }
}

fn read(text: &str, separator: u8) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(text.as_bytes());
    let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    (header, rows)
}

fn cell<'a>((header, _): &(Vec<String>, Vec<Vec<String>>), row: &'a [String], name: &str) -> &'a str {
    &row[header.iter().position(|column| column == name).unwrap_or_else(|| panic!("no column {name}"))]
}

#[test]
fn tables_hold_the_numbers_of_the_screen() {
    let (panel, settings) = (panel(8), quick());
    let computed = panel.compute(&settings, |_, _| ());
    let table = panel.table("joke", &settings).unwrap();
    // The mean curve from the table of seconds is the curve of the page.
    let seconds = read(&panel.seconds_csv(&settings), b',');
    let curves = table.curves(&settings).unwrap();
    for second in [0, 14, 29] {
        let of = seconds.1.iter().filter(|row| {
            cell(&seconds, row, "stimulus") == "joke"
                && cell(&seconds, row, "second") == second.to_string()
                && cell(&seconds, row, "there") == "1"
        });
        let values: Vec<f64> = of.map(|row| cell(&seconds, row, "raw.happy").parse().unwrap()).collect();
        let point = &curves.measures[Measure::Happy.index()].points[second];
        assert_eq!(values.len() as u32, point.people);
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        assert!((mean - point.mean.unwrap()).abs() < 1e-6);
    }
    let summary = read(&panel.summary_csv(&computed, &settings), b',');
    // Two stimuli of nine measures, and two segments of nine.
    assert_eq!(summary.1.len(), 2 * 9 + 2 * 9);
    let happy = summary.1.iter().find(|row| {
        cell(&summary, row, "stimulus") == "joke"
            && cell(&summary, row, "part") == "whole"
            && cell(&summary, row, "measure") == "happy"
    });
    let peak: f64 = cell(&summary, happy.unwrap(), "peak").parse().unwrap();
    let details = table.details(Measure::Happy, panel.segments("joke"), &settings);
    assert!((peak - details.summary.unwrap().peak.value).abs() < 1e-6);
    assert_eq!(cell(&summary, happy.unwrap(), "mark"), "**");
    let samples = SamplesTable::new(&panel, &settings);
    let text: String =
        std::iter::once(samples.header()).chain((0..8).map(|session| samples.rows(session))).collect();
    let text = read(&text, b',');
    assert_eq!(text.1.len(), 8 * 500);
    // Time of capture and the head's turn are those of the file.
    let made = Sample::default().result(0);
    let first = text.1.iter().find(|row| cell(&text, row, "session") == made.session.id).unwrap();
    let at = made.samples.media_ms.iter().position(|media| *media >= 0).unwrap();
    assert_eq!(cell(&text, first, "time_ms"), made.samples.time_ms[at].to_string());
    assert_eq!(cell(&text, first, "yaw"), format!("{:.1}", f64::from(made.samples.yaw[at]) / 10.0));
}

#[test]
fn texts_are_guarded_and_decimal_commas_are_read_back() {
    let panel = panel(6);
    let settings = Settings { dialect: Dialect::Comma, ..quick() };
    let text = panel.participants_csv(&settings);
    let table = read(text.strip_prefix('\u{feff}').unwrap(), b';');
    let row = table.1.iter().find(|row| cell(&table, row, "participant").contains("HYPERLINK")).unwrap();
    let guarded = cell(&table, row, "participant");
    assert!(guarded.starts_with("'="));
    assert_eq!(emotion_record::export::unguard(guarded), "=HYPERLINK(\"http://x\")");
    assert_eq!(emotion_record::export::unguard(cell(&table, row, "answer.liking")), "a;b,\"c\"");
    let text = panel.seconds_csv(&settings);
    let table = read(text.strip_prefix('\u{feff}').unwrap(), b';');
    let numbers = table.1.iter().filter(|row| cell(&table, row, "there") == "1");
    assert!(numbers.clone().count() > 100);
    assert!(numbers.into_iter().all(|row| {
        let text = cell(&table, row, "raw.happy");
        text.contains(',') && text.replace(',', ".").parse::<f64>().is_ok()
    }));
}

#[test]
fn psych_ds_describes_every_column() {
    let (panel, settings) = (panel(6), quick());
    let computed = panel.compute(&settings, |_, _| ());
    let bytes = panel.psych_ds(&computed, &settings).unwrap();
    assert_eq!(bytes, panel.psych_ds(&computed, &settings).unwrap(), "no date is in it");
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = |name: &str| {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut zip.by_name(name).unwrap(), &mut text).unwrap();
        text
    };
    let description: serde_json::Value = serde_json::from_str(&text("dataset_description.json")).unwrap();
    let known: Vec<&str> = description["variableMeasured"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    let participants = text("data/study-Sampledatasyntheticpeople_description-participants_data.csv");
    for name in read(&participants, b',').0 {
        assert!(known.contains(&name.as_str()), "{name}");
    }
    let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    let sessions =
        names.iter().filter(|name| name.starts_with("data/study-") && name.contains("_session-")).count();
    let settings = quick();
    assert_eq!(
        sessions,
        panel
            .table("quiet", &settings)
            .unwrap()
            .people
            .len()
            .max(panel.table("joke", &settings).unwrap().people.len())
    );
}

#[test]
fn the_report_has_no_script_and_says_its_limits() {
    let (panel, settings) = (panel(6), quick());
    let report = panel.report(&panel.compute(&settings, |_, _| ()), &settings);
    assert!(!report.contains("<script") && !report.contains("NaN") && !report.contains("http://x"));
    for words in
        ["<svg", "Sample data: synthetic people", "The model's own error", "Article 5", "seed 1", "**"]
    {
        assert!(report.contains(words), "{words}");
    }
}

#[test]
fn under_five_people_nothing_is_shown() {
    let (panel, settings) = (panel(4), quick());
    let computed = panel.compute(&settings, |_, _| ());
    assert!(computed.stimuli[0].table.curves(&settings).unwrap().measures.is_empty());
    let report = panel.report(&computed, &settings);
    assert!(!report.contains("<svg") && report.contains("Fewer than five people"));
    let summary = read(&panel.summary_csv(&computed, &settings), b',');
    assert!(summary.1.iter().all(|row| cell(&summary, row, "mean").is_empty()));
}

#[test]
fn groups_are_compared_tested_and_protected() {
    let (panel, settings) = (panel(80), quick());
    let question = |first: &str, second: &str, grouping: Grouping| Question {
        stimulus: "joke".to_owned(),
        grouping,
        first: first.to_owned(),
        second: second.to_owned(),
        measures: vec![Measure::Happy, Measure::Surprise],
    };
    let link = question("A", "B", Grouping::Group);
    let comparison = panel.compare(&link, &settings).unwrap();
    assert!(comparison.may_test && comparison.people.iter().sum::<usize>() > 60);
    let happy = &comparison.measures[0];
    assert!(happy.points[15].difference.unwrap() > 0.02, "group A laughs more");
    // Two segments and two measures are planned; Holm makes none of them smaller.
    assert_eq!(comparison.segments.len(), 4);
    assert!(comparison.segments.iter().all(|test| test.holm_p >= test.test.p));
    let mut test = panel.test(&link, &settings).unwrap();
    while !test.advance(64).is_done() {}
    let result = test.finish().unwrap();
    assert_eq!((result.permutations, result.max_t_p.len()), (200, 2));
    // One person has given an answer of their own: the group is hidden.
    let own = question("a;b,\"c\"", "3", Grouping::Answer("liking".to_owned()));
    assert_eq!(panel.compare(&own, &settings).unwrap_err(), CompareError::Private);
    assert_eq!(
        panel.compare(&question("A", "A", Grouping::Group), &settings).unwrap_err(),
        CompareError::Private
    );
}

#[test]
fn compared_groups_stand_in_all_exports() {
    let (panel, settings) = (panel(80), quick());
    let question = Question {
        stimulus: "joke".to_owned(),
        grouping: Grouping::Group,
        first: "A".to_owned(),
        second: "B".to_owned(),
        measures: vec![Measure::Happy, Measure::Surprise],
    };
    let compared = panel.compare_and_test(&question, &settings).unwrap();
    let tested = compared.tested.clone().unwrap();
    let mut numbers = panel.compute(&settings, |_, _| ());
    numbers.comparisons.push(compared.clone());

    // Second by second: the curves' differences, their bands and the tests.
    let groups = read(&panel.groups_csv(&numbers, &settings), b',');
    assert_eq!(groups.1.len(), 2 * 30);
    let row = groups
        .1
        .iter()
        .find(|row| cell(&groups, row, "measure") == "happy" && cell(&groups, row, "second") == "15");
    let number = |name: &str| cell(&groups, row.unwrap(), name).parse::<f64>().unwrap();
    let happy = &compared.comparison.measures[0];
    let band = happy.band.as_ref().unwrap().limits[15].unwrap();
    for (name, wanted) in [
        ("difference", happy.points[15].difference.unwrap()),
        ("low", happy.points[15].interval.unwrap().low),
        ("band_high", band.high),
        ("mean_a", happy.groups[0][15].mean.unwrap()),
        ("people_b", f64::from(happy.groups[1][15].people)),
        ("max_t_p", tested.max_t_p[0][15].unwrap()),
        ("cluster_p", tested.clusters[0].p),
    ] {
        assert!((number(name) - wanted).abs() < 1e-6, "{name}");
    }

    // The summary: two segments and the whole of two measures; the planned tests with Holm.
    let summary = read(&panel.summary_csv(&numbers, &settings), b',');
    let of_groups: Vec<_> = summary.1.iter().filter(|row| cell(&summary, row, "group") == "A").collect();
    assert_eq!(of_groups.len(), 2 * 3);
    for test in &compared.comparison.segments {
        let row = of_groups.iter().find(|row| {
            cell(&summary, row, "part") == test.segment
                && cell(&summary, row, "measure") == test.measure.name()
        });
        let p: f64 = cell(&summary, row.unwrap(), "p_holm").parse().unwrap();
        assert!((p - test.holm_p).abs() < 1e-6);
        assert_eq!(cell(&summary, row.unwrap(), "group_b"), "B");
    }
    // A later study takes norms of everybody alone.
    let mut later = Panel::default();
    later.add("summary.csv", panel.summary_csv(&numbers, &settings).as_bytes());
    assert_eq!(later.norms().len(), 18);

    // The report says what the page says; the folder has the table.
    let report = panel.report(&numbers, &settings);
    for line in words::tested(&tested, &["happy".to_owned(), "surprise".to_owned()], settings.seed) {
        assert!(report.contains(&line.replace('&', "&amp;").replace('<', "&lt;")), "{line}");
    }
    for test in &compared.comparison.segments {
        words::segment_test(test).iter().for_each(|cell| assert!(report.contains(cell.as_str()), "{cell}"));
    }
    let without = panel.report(&panel.compute(&settings, |_, _| ()), &settings);
    assert_eq!(report.matches("<svg").count(), without.matches("<svg").count() + 4);
    let zip = panel.psych_ds(&numbers, &settings).unwrap();
    let zip = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    assert!(zip.file_names().any(|name| name.unwrap().ends_with("_description-groups_data.csv")));
}

#[test]
fn an_earlier_summary_becomes_a_norm() {
    let settings = quick();
    let earlier = panel(30);
    let summary = earlier.summary_csv(&earlier.compute(&settings, |_, _| ()), &settings);
    let mut now = panel(12);
    now.add("earlier/summary.csv", summary.as_bytes());
    assert_eq!(now.norms().len(), 18);
    let details = now.table("joke", &settings).unwrap().details(Measure::Happy, &[], &settings);
    let origin = now.models(&settings).remove(0).origin;
    let found = emotion_panel::norms::percentiles(&details, now.norms(), &origin, false).unwrap();
    assert_eq!(found.norms, 2, "joke and quiet");
    assert!((0.0..=100.0).contains(&found.peak));
    assert!(
        emotion_panel::norms::percentiles(&details, now.norms(), &origin, true).is_none(),
        "corrected is another thing"
    );
}

#[test]
fn results_written_and_read_again_give_the_same_record() {
    let made = Sample::default().result(5);
    let read = result::read(&result::write(&made)).unwrap();
    assert_eq!(Record::of_result(&read), Record::of_result(&made));
}
