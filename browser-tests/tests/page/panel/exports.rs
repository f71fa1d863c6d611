//! What can be saved, read back by programs that did not write it: the crate `csv`, the study's own reader of ZIP files, and the
//! browser for HTML and SVG.

use std::collections::BTreeMap;

use browser_tests::{Browser, Camera, Site};
use emotion_panel::sample::Sample;
use emotion_panel::{Panel, Settings};
use emotion_study::{result, zip};
use serde_json::Value;

use super::{Files, open, rows, saved, settled};

/// A table by the names of its columns.
#[track_caller]
fn table(bytes: &[u8], separator: u8) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(bytes);
    reader.deserialize().map(|row| row.expect("every row has the header's cells")).collect()
}

/// The files of a ZIP.
#[track_caller]
fn unpacked(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let length = bytes.len() as u64;
    let part = |range: std::ops::Range<u64>| &bytes[range.start as usize..range.end as usize];
    let directory = zip::directory(part(zip::tail(length)), length).expect("the ZIP has a directory");
    let entries = zip::entries(part(directory)).expect("the directory is right");
    let unpack = |entry: &zip::Entry| {
        let content = zip::content(part(entry.header()), entry, length).expect("the header is right");
        zip::unpack(part(content), entry, 50_000_000).expect("it can be unpacked")
    };
    entries.iter().map(|entry| (entry.name.clone(), unpack(entry))).collect()
}

#[test]
fn summary_report_and_folder_are_those_of_the_cli() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    let sample = Sample::default();
    let mut files = Files::new();
    for index in 0..40 {
        files.add(&format!("{index:02}.result.json.gz"), &result::write(&sample.result(index)));
    }
    files.choose(&page);
    settled(&page);
    let expected = &files.expected;
    let settings = Settings::default();
    let computed = expected.compute(&settings, |_, _| ());
    assert!(
        saved(&browser, &page, "#save-summary") == expected.summary_csv(&computed, &settings).into_bytes(),
        "summary.csv differs"
    );
    assert!(
        saved(&browser, &page, "#save-report") == expected.report(&computed, &settings).into_bytes(),
        "the report differs"
    );
    let zip = expected.psych_ds(&computed, &settings).expect("it is small enough");
    assert!(saved(&browser, &page, "#save-psych-ds") == zip, "the ZIP differs");
    let svg = String::from_utf8(saved(&browser, &page, "#save-svg")).expect("SVG is text");
    assert!(svg.starts_with("<svg ") && svg.contains("data-measure=\"happy\""));
    let png = image::load_from_memory(&saved(&browser, &page, "#save-png")).expect("the picture is PNG");
    assert_eq!((png.width(), png.height()), (1600, 680));
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn numbers_in_the_exports_are_those_on_screen() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    let files = Files::of_sample(80);
    files.choose(&page);
    settled(&page);
    page.click("#compare");
    page.wait_until("document.querySelectorAll('#segment-tests tbody tr').length === 4");
    page.click("#test");
    page.wait_until("document.querySelector('#tested') !== null");
    page.click("#behind summary");
    page.wait_until("document.querySelectorAll('#curve-table tbody tr').length === 30");
    let curves = rows(&page, "#curve-table");
    let numbers = rows(&page, "#summary");
    let segments = rows(&page, "#segment-tests");
    let said = page.evaluate("[...document.querySelectorAll('#tested li')].map((line) => line.innerText)");

    // Seconds: the mean of a second over its people is the curve on the screen.
    let seconds = table(&saved(&browser, &page, "#save-seconds"), b',');
    for second in [0, 15, 29] {
        let here = seconds.iter().filter(|row| {
            row["stimulus"] == "joke" && row["second"] == second.to_string() && row["there"] == "1"
        });
        let happy: Vec<f64> = here.map(|row| row["raw.happy"].parse().expect("a number")).collect();
        let mean = happy.iter().sum::<f64>() / happy.len() as f64;
        let begin = format!("0:{second:02} | {} | {mean:.3} (", happy.len());
        assert!(curves[second].starts_with(&begin), "{} does not begin with {begin}", curves[second]);
    }

    // The summary: mean, end and peak of the screen, and the planned tests.
    let summary = table(&saved(&browser, &page, "#save-summary"), b',');
    let whole = summary.iter().find(|row| {
        row["stimulus"] == "joke"
            && row["part"] == "whole"
            && row["measure"] == "happy"
            && row["group"].is_empty()
    });
    let whole = whole.expect("the row is there");
    let number = |row: &BTreeMap<String, String>, name: &str| row[name].parse::<f64>().expect("a number");
    let estimate = |name: &str| {
        let [value, low, high] = ["", "_low", "_high"].map(|end| number(whole, &format!("{name}{end}")));
        format!("{value:.3} ({low:.3} to {high:.3})")
    };
    assert!(
        numbers[0].starts_with(&format!(
            "happy | {} | {} | {} | ",
            estimate("mean"),
            estimate("end"),
            estimate("peak")
        )),
        "{numbers:?}"
    );
    for told in &segments {
        let cells: Vec<&str> = told.split(" | ").collect();
        let row = summary.iter().find(|row| {
            row["group"] == "A"
                && row["group_b"] == "B"
                && row["part"] == cells[0]
                && row["measure"] == cells[1]
        });
        let row = row.unwrap_or_else(|| panic!("no row for {told}"));
        assert_eq!(format!("{:.4}", number(row, "p")), cells[4]);
        assert_eq!(format!("{:.4}", number(row, "p_holm")), cells[5]);
        assert!(cells[2].starts_with(&format!("{:.3} (", number(row, "difference"))), "{told}");
    }

    // Groups, second by second; the heaviest cluster is the one that is told.
    let groups = table(&saved(&browser, &page, "#save-groups"), b',');
    assert_eq!(groups.len(), 2 * 30);
    let clusters = groups.iter().filter(|row| row["cluster"] == "1" && row["measure"] == "happy");
    let p: f64 = clusters.map(|row| number(row, "cluster_p")).next().expect("there is a cluster");
    let said: Vec<&str> = said.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert!(
        said.iter()
            .any(|line| line.starts_with("happy, about seconds") && line.ends_with(&format!("p = {p:.4}"))),
        "{said:?}"
    );

    // Participants, files and samples have a row for each.
    assert_eq!(table(&saved(&browser, &page, "#save-participants"), b',').len(), 80);
    assert_eq!(table(&saved(&browser, &page, "#save-files"), b',').len(), 81);
    let samples = table(&saved(&browser, &page, "#save-samples"), b',');
    assert_eq!(samples.len(), 80 * 500);
    assert!(
        samples.iter().all(|row| row["time_ms"].parse::<u32>().is_ok() && row["yaw"].parse::<f64>().is_ok())
    );

    // The folder: described, with a table of each session and of the groups.
    let folder = unpacked(&saved(&browser, &page, "#save-psych-ds"));
    let description: Value = serde_json::from_slice(&folder["dataset_description.json"]).expect("it is JSON");
    let known: Vec<&str> = description["variableMeasured"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let mut sessions = 0;
    for (name, bytes) in folder.iter().filter(|(name, _)| name.ends_with(".csv")) {
        let rows = table(bytes, b',');
        assert!(!rows.is_empty(), "{name}");
        assert!(rows[0].keys().all(|column| known.contains(&column.as_str())), "{name}");
        sessions += usize::from(name.contains("_session-"));
    }
    assert!(
        sessions > 60 && folder.keys().any(|name| name.contains("description-groups")),
        "{:?}",
        folder.keys()
    );

    // The report in a browser: the same words and numbers.
    let report = String::from_utf8(saved(&browser, &page, "#save-report")).expect("it is text");
    let site_of_report = Site::of_html(&report);
    let reader = browser.open();
    reader.go(&site_of_report.url());
    let text = reader.evaluate("document.body.innerText");
    let text = text.as_str().unwrap_or_default();
    for wanted in said.iter().copied().chain([
        estimate("mean").as_str(),
        estimate("peak").as_str(),
        "group of the link: A and B",
    ]) {
        assert!(text.contains(wanted), "the report does not say {wanted}");
    }
    for told in &segments {
        let wanted = told.replace(" | ", "\t");
        assert!(text.contains(&wanted), "the report does not have the row {wanted}");
    }
    reader.screenshot("panel-report-groups");

    // Semicolons and decimal commas.
    page.click("#decimal-comma");
    page.wait_until("document.querySelector('#decimal-comma').checked");
    settled(&page);
    let german = saved(&browser, &page, "#save-seconds");
    assert!(german.starts_with("\u{feff}format_version;".as_bytes()));
    let german = table(&german[3..], b';');
    assert_eq!(german.len(), seconds.len());
    assert!(
        german
            .iter()
            .zip(&seconds)
            .all(|(german, plain)| german["raw.happy"].replace(',', ".") == plain["raw.happy"])
    );
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn the_report_reads_well_on_screen_and_paper() {
    let sample = Sample::default();
    let mut panel = Panel::default();
    panel.add("study.json", sample.study_json().as_bytes());
    for index in 0..40 {
        panel.add_record(&format!("{index:02}"), emotion_panel::Record::of_result(&sample.result(index)));
    }
    let settings = Settings { resamples: 200, ..Settings::default() };
    let report = panel.report(&panel.compute(&settings, |_, _| ()), &settings);
    let site = Site::of_html(&report);
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    page.go(&site.url());
    page.wait_until("document.querySelectorAll('figure svg').length === 4");
    page.screenshots("panel-report");
    assert_eq!(page.evaluate("document.scripts.length"), 0);
    page.call("Emulation.setEmulatedMedia", serde_json::json!({ "media": "print" }));
    page.screenshot("panel-report-print");
}
