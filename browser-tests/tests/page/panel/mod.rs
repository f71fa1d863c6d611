//! The panel activity: result files through the real file input, curves, groups, exports.

mod exports;
mod files;
mod groups;
mod keyboard;
mod player;

use std::path::PathBuf;

use browser_tests::{Browser, Camera, Key, Page, Site, TempFolder};
use emotion_panel::Panel;
use emotion_panel::sample::Sample;
use emotion_study::result;

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

/// Files of a panel in a folder of their own, and the same panel without a browser.
struct Files {
    folder: TempFolder,
    paths: Vec<PathBuf>,
    expected: Panel,
}

impl Files {
    fn new() -> Self {
        Self { folder: TempFolder::new(), paths: Vec::new(), expected: Panel::default() }
    }

    /// With `study.json` and the results of the first `people` sample people.
    fn of_sample(people: u32) -> Self {
        let sample = Sample::default();
        let mut files = Self::new();
        files.add("study.json", sample.study_json().as_bytes());
        for index in 0..people {
            files.add(&format!("{index:04}.result.json"), result::to_json(&sample.result(index)).as_bytes());
        }
        files
    }

    fn add(&mut self, name: &str, bytes: &[u8]) {
        self.expected.add(name, bytes);
        self.add_medium(name, bytes);
    }

    /// A file that is no part of the panel's numbers.
    fn add_medium(&mut self, name: &str, bytes: &[u8]) {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("the file can be written");
        self.paths.push(path);
    }

    fn choose(&self, page: &Page) {
        page.choose_files("#panel-files", &self.paths.iter().map(PathBuf::as_path).collect::<Vec<_>>());
    }
}

/// The heading over the people: the study's title and how many they are.
#[track_caller]
fn people(page: &Page) -> String {
    page.evaluate("document.querySelector('#people-title').innerText").as_str().unwrap_or_default().to_owned()
}

/// The rows of a table, cells parted by bars.
#[track_caller]
fn rows(page: &Page, table: &str) -> Vec<String> {
    let rows = page.evaluate(&format!(
        "[...document.querySelectorAll('{table} tbody tr')].map((row) => [...row.children].map((cell) => cell.innerText).join(' | '))"
    ));
    let rows = rows.as_array().cloned().unwrap_or_default();
    rows.iter().map(|row| row.as_str().unwrap_or_default().to_owned()).collect()
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
