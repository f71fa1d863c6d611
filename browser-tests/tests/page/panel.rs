//! The panel activity: result files through the real file input, curves, groups, exports.

use std::path::PathBuf;

use browser_tests::{Browser, Camera, Key, Page, Site};
use emotion_panel::export::SamplesTable;
use emotion_panel::sample::Sample;
use emotion_panel::{Panel, Settings};
use emotion_study::{receipt, result};
use testkit::TempFolder;

use crate::accessibility::assert_no_barriers;

/// Opens the panel and goes on to its work.
#[track_caller]
fn open(page: &Page, site: &Site) {
    page.go(&format!("{}?activity=panel", site.url()));
    page.wait_for_view("panel-welcome");
    page.click("#start:not(:disabled)");
    page.wait_for_view("panel");
    page.wait_until("document.querySelector('#sample:not(:disabled)') !== null");
}

/// Waits until everything that was chosen is read, drawn and computed.
#[track_caller]
fn settled(page: &Page) {
    page.wait_until("document.querySelector('#progress')?.dataset.running === 'false'");
    page.wait_until("document.querySelector('#panel-chart svg') !== null");
    page.wait_until("document.querySelectorAll('#summary tbody tr').length === 2");
}

#[track_caller]
fn saved(browser: &Browser, page: &Page, button: &str) -> Vec<u8> {
    browser.forget_events();
    page.click(button);
    browser.downloaded_bytes()
}

#[test]
fn sample_data_become_curves_groups_and_plans_without_barriers() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    page.go(&format!("{}?activity=panel", site.url()));
    page.wait_for_view("panel-welcome");
    page.screenshots("panel-welcome");
    assert_no_barriers(&page, "panel-welcome");
    open(&page, &site);
    assert_no_barriers(&page, "panel before files");
    page.click("#sample");
    settled(&page);
    assert_eq!(
        page.evaluate("document.querySelector('#people-title').innerText"),
        "Sample data: synthetic people: 200 people"
    );
    page.screenshots("panel-sample");
    assert_no_barriers(&page, "panel");

    // The cursor by keys; what it says is a number of the curve.
    page.evaluate("document.querySelector('#panel-chart').focus()");
    for _ in 0..15 {
        page.press(Key::ArrowRight);
    }
    page.wait_until("document.querySelector('#panel-chart').getAttribute('aria-valuenow') === '15'");
    page.wait_until("/^0:15, happy 0\\.\\d{3} \\(0\\.\\d{3} to 0\\.\\d{3}\\), n \\d+, surprise /.test(document.querySelector('#readout').innerText)");
    // The model's own error stands there, and no button hides it.
    assert_eq!(page.evaluate("document.querySelectorAll('#model-error li').length"), 2);
    // A table stands behind the curves.
    page.click("#behind summary");
    page.wait_until("document.querySelectorAll('#curve-table tbody tr').length === 30");

    // Another measure, corrected, a stricter rule.
    page.click_named("#measures .chip", "sad");
    page.wait_until("document.querySelectorAll('#summary tbody tr').length === 3");
    let usable = "document.querySelector('#stimuli tbody td:nth-child(4)').innerText";
    let before = page.evaluate(usable);
    page.evaluate("(() => { const field = document.querySelector('#least-usable'); field.value = '100'; field.dispatchEvent(new Event('change', { bubbles: true })); })()");
    page.wait_until(&format!("{usable} !== {before}"));

    // Groups: the sample's group A laughs more.
    page.click("#compare");
    page.wait_until("document.querySelector('#compared') !== null");
    page.wait_until("document.querySelectorAll('#segment-tests tbody tr').length > 0");
    page.click("#test");
    page.wait_until("document.querySelector('#tested') !== null");
    let said = page.evaluate("document.querySelector('#tested').innerText");
    let said = said.as_str().unwrap_or_default();
    assert!(
        said.contains("5000 random permutations, seed 1") && said.contains("first group higher"),
        "{said}"
    );
    page.click("#plan");
    page.wait_until(
        "document.querySelector('#plan-answer').innerText.includes('usable people in each group')",
    );
    page.screenshots("panel-groups");
    assert_no_barriers(&page, "panel with groups");
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn a_thousand_files_are_merged_and_bad_ones_are_named() {
    let folder = TempFolder::new();
    let sample = Sample::default();
    let mut paths: Vec<PathBuf> = Vec::new();
    let mut expected = Panel::default();
    let mut add = |name: String, bytes: &[u8]| {
        let path = folder.path().join(&name);
        std::fs::write(&path, bytes).expect("the file can be written");
        expected.add(&name, bytes);
        paths.push(path);
    };
    add("study.json".to_owned(), sample.study_json().as_bytes());
    for index in 0..1_000 {
        let text = result::to_json(&sample.result(index));
        add(format!("{index:04}.result.json"), text.as_bytes());
    }
    let packed = result::write(&sample.result(1_001));
    add("packed.result.json.gz".to_owned(), &packed);
    add("cut.result.json.gz".to_owned(), &packed[..packed.len() / 2]);
    add("again.result.json.gz".to_owned(), &packed);
    let mut other = sample.result(1_002);
    other.models.classifier_sha256 = "ab".repeat(32);
    add("model.result.json.gz".to_owned(), &result::write(&other));
    let receipt = receipt::write(&sample.result(1_003), 12_000).expect("it is small enough");
    add("survey.csv".to_owned(), format!("id,text\n1,\"{}\"\n", receipt[0]).as_bytes());
    add("notes.txt".to_owned(), b"nothing of ours");

    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    let files: Vec<&std::path::Path> = paths.iter().map(PathBuf::as_path).collect();
    page.choose_files("#panel-files", &files);
    settled(&page);
    assert_eq!(
        page.evaluate("document.querySelector('#people-title').innerText"),
        "Sample data: synthetic people: 1002 people"
    );
    let refused = page.evaluate("[...document.querySelectorAll('#refused-table tbody tr')].map((row) => row.children[0].innerText + ': ' + row.children[1].innerText).join('; ')");
    assert_eq!(
        refused,
        "cut.result.json.gz: damaged; model.result.json.gz: other model; notes.txt: unknown file; packed.result.json.gz: duplicate"
    );
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
    let samples = SamplesTable::new(&expected, &settings);
    let text: String =
        std::iter::once(samples.header()).chain((0..samples.sessions()).map(|at| samples.rows(at))).collect();
    assert!(saved(&browser, &page, "#save-samples") == text.into_bytes(), "samples.csv differs");
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn summary_report_and_folder_are_those_of_the_cli() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    let folder = TempFolder::new();
    let sample = Sample::default();
    let mut expected = Panel::default();
    let mut paths = Vec::new();
    for index in 0..40 {
        let (name, bytes) = (format!("{index:02}.result.json.gz"), result::write(&sample.result(index)));
        let path = folder.path().join(&name);
        std::fs::write(&path, &bytes).expect("the file can be written");
        expected.add(&name, &bytes);
        paths.push(path);
    }
    page.choose_files("#panel-files", &paths.iter().map(PathBuf::as_path).collect::<Vec<_>>());
    settled(&page);
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
