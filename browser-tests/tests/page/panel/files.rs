//! What can be dropped, and what becomes of it.

use std::io::{Cursor, Write};

use browser_tests::{Browser, Camera, Site};
use emotion_panel::Settings;
use emotion_panel::export::SamplesTable;
use emotion_panel::sample::Sample;
use emotion_study::session::Outcome;
use emotion_study::{receipt, result};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Files, open, people, rows, saved, settled};
use crate::accessibility::assert_no_barriers;

#[test]
fn a_thousand_files_are_merged_and_the_tables_are_those_of_the_cli() {
    let mut files = Files::of_sample(1_000);
    let sample = Sample::default();
    let packed = result::write(&sample.result(1_001));
    files.add("packed.result.json.gz", &packed);
    files.add("cut.result.json.gz", &packed[..packed.len() / 2]);
    files.add("again.result.json.gz", &packed);

    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    files.choose(&page);
    settled(&page);
    assert_eq!(people(&page), "Sample data: synthetic people: 1001 people");
    assert_eq!(rows(&page, "#refused-table").len(), 2);
    let expected = &files.expected;
    // The exports are those of the command of the cli, bit for bit.
    let settings = Settings::default();
    assert!(
        saved(&browser, &page, "#save-seconds") == expected.seconds_csv(&settings).into_bytes(),
        "seconds.csv differs"
    );
    assert!(
        saved(&browser, &page, "#save-participants") == expected.participants_csv(&settings).into_bytes(),
        "participants.csv differs"
    );
    let samples = SamplesTable::new(expected, &settings);
    let text: String =
        std::iter::once(samples.header()).chain((0..samples.sessions()).map(|at| samples.rows(at))).collect();
    assert!(saved(&browser, &page, "#save-samples") == text.into_bytes(), "samples.csv differs");
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn every_kind_of_bad_file_is_a_row_with_its_reason() {
    let sample = Sample::default();
    let mut files = Files::of_sample(8);
    let packed = |index: u32, change: &dyn Fn(&mut result::ResultFile)| {
        let mut made = sample.result(index);
        change(&mut made);
        result::write(&made)
    };
    let right = packed(20, &|_| ());
    let mut changed = result::to_json(&sample.result(21)).into_bytes();
    let at = changed.windows(9).position(|part| part == b"raw_happy").expect("the column is there") + 12;
    changed[at] = if changed[at] == b'1' { b'2' } else { b'1' };
    let cases: [(&str, Vec<u8>, &str, &str); 15] = [
        ("again.result.json.gz", packed(3, &|_| ()), "duplicate", "is in 0003.result.json already"),
        ("changed.result.json", changed, "damaged", "changed after it was made"),
        ("cut.result.json.gz", right[..right.len() / 2].to_vec(), "damaged", "cut off"),
        ("cut.zip", b"PK\x03\x04 and no more".to_vec(), "damaged", "ZIP file is damaged"),
        ("empty.result.json", Vec::new(), "unknown file", "no file of a panel"),
        (
            "failed.result.json.gz",
            packed(22, &|made| made.session.outcome = Outcome::Failed),
            "not complete",
            "failed",
        ),
        ("listed.result.json.gz", packed(23, &|_| ()), "withdrawn", "Delete this file"),
        (
            "mapping.result.json.gz",
            packed(24, &|made| made.models.mapping = "photo".into()),
            "other model",
            "mapping photo",
        ),
        (
            "measure.result.json.gz",
            packed(25, &|made| made.study.measure_sha256 = "f".repeat(64)),
            "other measure",
            "Something else was measured",
        ),
        (
            "model.result.json.gz",
            packed(26, &|made| made.models.classifier_sha256 = "e".repeat(64)),
            "other model",
            "never averaged",
        ),
        ("notes.txt", b"nothing of ours".to_vec(), "unknown file", "no file of a panel"),
        ("photo.bin", vec![0xff, 0xd8, 0xff, 0], "unknown file", "neither gzipped nor text"),
        (
            "preview.result.json.gz",
            packed(27, &|made| made.session.preview = true),
            "preview",
            "never counts",
        ),
        (
            "study_2.result.json.gz",
            packed(28, &|made| {
                made.study.id = "another".into();
                made.study.measure_sha256 = "d".repeat(64);
            }),
            "other study",
            "another study, \"another\"",
        ),
        (
            "withdrew.result.json.gz",
            packed(29, &|made| made.session.outcome = Outcome::Withdrawn),
            "withdrawn",
            "Delete this file",
        ),
    ];
    for (name, bytes, ..) in &cases {
        files.add(name, bytes);
    }
    files.add("withdrawn.txt", sample.result(23).session.id.to_lowercase().as_bytes());
    files.add("expected.txt", b"P00001 P00023 P09999");

    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    files.choose(&page);
    settled(&page);
    assert_eq!(people(&page), "Sample data: synthetic people: 8 people", "nothing of a bad file is merged");
    let told = rows(&page, "#refused-table");
    assert_eq!(told.len(), cases.len(), "{told:#?}");
    for ((name, _, status, reason), row) in cases.iter().zip(&told) {
        assert!(row.starts_with(&format!("{name} | {status} | ")) && row.contains(reason), "{row}");
    }
    assert_eq!(
        rows(&page, "#expected-table"),
        [
            "complete | 1 | P00001",
            "came, not merged | 1 | P00023",
            "missing | 1 | P09999",
            "not expected | 7 | P00002 P00003 P00004 P00005 P00006 P00007 P00008"
        ]
    );
    let funnel = rows(&page, "#funnel");
    for row in ["complete | 8", "failed | 1", "withdrawn | 2"] {
        assert!(funnel.iter().any(|told| told == row), "{funnel:?}");
    }
    page.screenshots("panel-refused");
    assert_no_barriers(&page, "panel with bad files");

    // One model at a time: the other one is a choice.
    page.wait_until("document.querySelectorAll('#model option').length > 1");
    let other = "[...document.querySelectorAll('#model option')].find((option) => option.innerText.includes('eeeeeeee')).value";
    let other = page.evaluate(other);
    page.choose_option("#model", other.as_str().unwrap_or_default());
    page.wait_until("document.querySelector('#people-title').innerText.endsWith(': 1 people')");
    page.wait_until(
        "document.querySelector('#base').innerText.includes('nothing is shown, to protect them')",
    );
    assert_eq!(
        page.evaluate("document.querySelector('#panel-chart svg path[data-measure]')"),
        serde_json::Value::Null
    );
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn the_zip_of_a_survey_tool_and_its_table_of_receipts_are_read() {
    let sample = Sample::default();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut put = |name: &str, bytes: &[u8]| {
        zip.start_file(name, SimpleFileOptions::default()).expect("it is small");
        zip.write_all(bytes).expect("it is small");
    };
    for index in 0..20 {
        put(&format!("export/Q3/R_{index:03}_P.result.json.gz"), &result::write(&sample.result(index)));
    }
    put("__MACOSX/export/._R_001", b"of a system");
    put("export/study.json", sample.study_json().as_bytes());
    put("export/Q3/R_020_cv.pdf", b"%PDF of somebody");
    let zip = zip.finish().expect("it is small").into_inner();
    // The parts of a long receipt stand in several columns, or in one cell with line ends.
    let receipt =
        |index: u32, most: usize| receipt::write(&sample.result(index), most).expect("it is small enough");
    let (long, short) = (receipt(30, 300), receipt(31, 12_000));
    assert!(long.len() > 1 && short.len() == 1);
    let survey = format!(
        "ResponseId;Receipt;Rest\nR_30;\"{}\";\"{}\"\nR_31;{};\nR_32;;\nR_33;EDR1.XXXX.1-1.broken.0;\n",
        long[0],
        long[1..].join("\n"),
        short[0]
    );
    let mut files = Files::new();
    files.add("uploads.zip", &zip);
    files.add("survey.csv", survey.as_bytes());

    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    files.choose(&page);
    settled(&page);
    assert_eq!(people(&page), "Sample data: synthetic people: 22 people");
    let told = rows(&page, "#refused-table");
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told[0].starts_with("survey.csv, line 5 | damaged | "), "{told:#?}");
    assert!(told[1].starts_with("uploads.zip/export/Q3/R_020_cv.pdf | unknown file | "), "{told:#?}");
    page.wait_until("document.body.innerText.includes('2 people come from receipts')");
    let seconds = files.expected.seconds_csv(&Settings::default()).into_bytes();
    assert!(saved(&browser, &page, "#save-seconds") == seconds, "seconds.csv differs");
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn reading_can_be_cancelled_and_what_was_read_is_shown() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    // Once, as soon as ten files are read: reading cannot be at its end then, however fast the machine is.
    page.run_first(
        "new MutationObserver((_, observer) => { const progress = document.querySelector('#panel-progress'); \
         if (!progress || progress.value * 400 < 10) return; \
         observer.disconnect(); document.querySelector('#cancel').click(); }) \
         .observe(document, { subtree: true, childList: true, attributes: true })",
    );
    open(&page, &site);
    let files = Files::of_sample(400);
    files.choose(&page);
    settled(&page);
    let label = page.evaluate("document.querySelector('#progress label').innerText");
    let label = label.as_str().unwrap_or_default();
    let done: usize = label
        .strip_prefix("Stopped after ")
        .and_then(|rest| rest.strip_suffix(" of 401 files. What was read is shown."))
        .and_then(|number| number.parse().ok())
        .unwrap_or_else(|| panic!("{label}"));
    assert!((10..100).contains(&done), "{label}");
    // What was on its way to the worker is in the panel, too; the study's file may be among the first.
    let merged = rows(&page, "#funnel")[0].clone();
    let merged: usize = merged.rsplit(' ').next().and_then(|number| number.parse().ok()).expect("a number");
    assert!((done - 1..=done + 3).contains(&merged), "{merged} merged, {done} done");
    assert_eq!(page.evaluate("document.querySelector('#cancel')"), serde_json::Value::Null);
    // The same page reads on.
    page.evaluate("document.querySelector('#panel-files').value = ''");
    page.click("#sample");
    page.wait_until("document.querySelector('#progress')?.dataset.running === 'false'");
    page.wait_until(
        "Number(document.querySelector('#funnel tbody tr').innerText.split(/\\s+/).at(-1)) >= 200",
    );
    assert_eq!(page.complaints(), [""; 0]);
}
