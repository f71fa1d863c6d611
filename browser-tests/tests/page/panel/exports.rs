//! What can be saved: the same bytes as without a browser.

use browser_tests::{Browser, Camera, Site};
use emotion_panel::sample::Sample;
use emotion_panel::{Panel, Settings};
use emotion_study::result;

use super::{Files, open, saved, settled};

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
