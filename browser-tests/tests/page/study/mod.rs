//! A study as a participant goes through it: from the link to the result file.

mod barriers;
mod course;
mod handing;
mod interrupts;
mod outcomes;
mod preview;
mod resume;

use std::fs;
use std::path::Path;

use browser_tests::{Page, Site};
use serde_json::{Value, json};

/// The example study with short showings, changed as a test wants it.
pub fn site_with(change: impl FnOnce(&mut Value)) -> Site {
    Site::changed(|folder| {
        let file = folder.join("studies/example/study.json");
        let mut study = read(&file);
        // Compilers may run beside the test: the engine is slow then, and that is not what is tested.
        study["checks"] = json!({ "min_fps": 1, "min_quality": 0.3, "sound": false });
        study["baseline"] = json!({ "seconds": 8, "before_each_ms": 500 });
        study["sample_rate_hz"] = json!(10);
        study["stimuli"][0]["text"]["duration_ms"] = json!(2_000);
        study["stimuli"][1]["image"]["duration_ms"] = json!(2_000);
        change(&mut study);
        fs::write(&file, study.to_string()).expect("the study can be written");
    })
}

fn read(file: &Path) -> Value {
    serde_json::from_slice(&fs::read(file).expect("the example is built with the page")).expect("it is JSON")
}

/// Opens the example by its link.
#[track_caller]
pub fn open(page: &Page, site: &Site, parameters: &str) {
    page.go(&format!("{}#study=studies/example/study.json{parameters}", site.url()));
    page.wait_for_view("study-notice");
}

/// From the notice to the button that loads.
#[track_caller]
pub fn agree(page: &Page) {
    page.click("#notice-next");
    page.wait_for_view("study-consent");
    page.click("#old-enough");
    page.click("#agrees");
    page.click("#agree");
    page.wait_for_view("study-loading");
}

/// How many records lie in the browser's database: sessions, and their entries.
#[track_caller]
pub fn kept(page: &Page) -> [u64; 2] {
    let counts = page.evaluate(
        r#"new Promise((done) => {
            const request = indexedDB.open("emotion-depth-studies");
            request.onsuccess = () => {
                const names = [...request.result.objectStoreNames];
                if (names.length === 0) return done([0, 0]);
                const both = request.result.transaction(names);
                const counts = ["sessions", "entries"].map((name) => both.objectStore(name).count());
                both.oncomplete = () => { request.result.close(); done(counts.map((count) => count.result)); };
            };
        })"#,
    );
    [0, 1].map(|at| counts[at].as_u64().expect("a number"))
}

/// Waits until the browser's database holds so much; each question is answered by the database itself.
#[track_caller]
pub fn wait_for_kept(page: &Page, wanted: impl Fn([u64; 2]) -> bool) {
    let end = std::time::Instant::now() + browser_tests::DEADLINE;
    while !wanted(kept(page)) {
        assert!(std::time::Instant::now() < end, "kept: {:?}", kept(page));
    }
}

/// From the loading to the first stimulus.
#[track_caller]
pub fn prepare(page: &Page) {
    page.click("#load");
    page.wait_for_view("study-checks");
    measure(page);
}

/// Camera check and baseline.
#[track_caller]
pub fn measure(page: &Page) {
    page.click("#camera-on");
    page.wait_until(
        "document.querySelector('#checks-next') && !document.querySelector('#checks-next').disabled",
    );
    page.click("#checks-next");
    page.wait_for_view("study-baseline");
    page.click("#baseline-start");
    page.wait_for_view("study-ready");
}

/// Shows the next stimulus, to the view that follows.
#[track_caller]
pub fn show(page: &Page, next: &str) {
    let before = page.evaluate("document.querySelectorAll('#study-progress').length");
    assert_ne!(before, 0, "a line of progress");
    page.click("#show");
    page.wait_for_view("study-showing");
    page.wait_until("document.querySelector('main').dataset.view !== 'study-showing'");
    page.wait_for_view(next);
}

/// Answers the example's questions.
#[track_caller]
pub fn answer(page: &Page) {
    page.click("#question-liked-video");
    page.click("#question-pleasant-4");
    page.click("#answer");
    page.wait_for_view("study-review");
}

/// From the review to the saved file; the bytes of the file.
#[track_caller]
pub fn save(page: &Page, browser: &browser_tests::Browser) -> Vec<u8> {
    page.click("#review-next");
    page.wait_for_view("study-handover");
    page.click("#save-file");
    let bytes = browser.downloaded_bytes();
    page.click("#have-file");
    bytes
}
