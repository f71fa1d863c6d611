//! A study as a participant goes through it: from the link to the result file.

mod barriers;
mod changed;
mod course;
mod devices;
mod handing;
mod interrupts;
mod loading;
mod outcomes;
mod people;
mod preview;
mod resume;
mod sound;

use std::fs;
use std::path::Path;

use browser_tests::{Browser, Page, Site};
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

/// One long text and no questions, with this policy: it ends when another tab is put in front, see [`look_away`].
pub fn long_text(policy: &str) -> Site {
    site_with(|study| {
        let mut text = study["stimuli"][0].clone();
        text["text"]["duration_ms"] = json!(60_000);
        study["stimuli"] = json!([text]);
        study["questions"] = json!([]);
        study["on_interrupt"] = json!(policy);
    })
}

/// Puts another tab in front until what is shown breaks off, and comes back.
#[track_caller]
pub fn look_away(page: &Page, browser: &Browser) {
    let other = browser.open();
    other.bring_to_front();
    page.wait_until("document.hidden && document.querySelector('main').dataset.view !== 'study-showing'");
    page.bring_to_front();
    page.wait_until("!document.hidden");
}

/// Begins to show the next stimulus.
#[track_caller]
pub fn begin_showing(page: &Page) {
    page.click("#show");
    page.wait_for_view("study-showing");
}

/// Opens the example by its link.
#[track_caller]
pub fn open(page: &Page, site: &Site, parameters: &str) {
    tell_kept(page);
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

/// Has the page tell by an event `kept` each time that something was written into a database of the browser's, or deleted.
const TELL_KEPT: &str = r#"
    if (!window.tellsKept) {
        window.tellsKept = true;
        const transaction = IDBDatabase.prototype.transaction;
        IDBDatabase.prototype.transaction = function (...args) {
            const begun = transaction.apply(this, args);
            if (begun.mode === "readwrite") {
                begun.addEventListener("complete", () => dispatchEvent(new Event("kept")));
            }
            return begun;
        };
    }
"#;

/// JavaScript for how many records lie in the browser's database: sessions, and their entries.
const KEPT: &str = r#"new Promise((done) => {
    const request = indexedDB.open("emotion-depth-studies");
    request.onsuccess = () => {
        const names = [...request.result.objectStoreNames];
        if (names.length === 0) { request.result.close(); return done([0, 0]); }
        const both = request.result.transaction(names);
        const counts = ["sessions", "entries"].map((name) => both.objectStore(name).count());
        both.oncomplete = () => { request.result.close(); done(counts.map((count) => count.result)); };
    };
})"#;

/// How many records lie in the browser's database: sessions, and their entries.
#[track_caller]
pub fn kept(page: &Page) -> [u64; 2] {
    let counts = page.evaluate(KEPT);
    [0, 1].map(|at| counts[at].as_u64().expect("a number"))
}

/// Waits until a condition on `sessions` and `entries` of the browser's database holds; asked again whenever something was written.
/// The page was opened by [`open`] or after [`tell_kept`].
#[track_caller]
pub fn wait_for_kept(page: &Page, condition: &str) {
    assert_eq!(page.evaluate("window.tellsKept"), true, "the page tells what it keeps");
    page.evaluate(&format!(
        r#"new Promise((done) => {{
            const look = async () => {{
                const [sessions, entries] = await {KEPT};
                if ({condition}) {{ removeEventListener("kept", look); done(true); }}
            }};
            addEventListener("kept", look);
            look();
        }})"#
    ));
}

/// From the next page on it is told what is kept: see [`wait_for_kept`].
pub fn tell_kept(page: &Page) {
    page.run_first(TELL_KEPT);
}

/// Waits until so many more frames were read, whatever was seen in them.
#[track_caller]
pub fn wait_for_readings(page: &Page, count: u32) {
    page.evaluate(&format!(
        r#"new Promise((done) => {{
            let left = {count};
            const heard = () => {{
                left -= 1;
                if (left === 0) {{ removeEventListener("emotiondepth", heard); done(true); }}
            }};
            addEventListener("emotiondepth", heard);
        }})"#
    ));
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
    // On a busy machine too few readings may come; then the page asks for it again.
    for _ in 0..5 {
        page.click("#baseline-start");
        page.wait_until(
            "document.querySelector('main[data-view=\"study-ready\"], main .fault[role=alert]:not([hidden])')",
        );
        if page.evaluate("document.querySelector('main').dataset.view") == "study-ready" {
            return;
        }
    }
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
pub fn save(page: &Page, browser: &Browser) -> Vec<u8> {
    page.click("#review-next");
    page.wait_for_view("study-handover");
    page.click("#save-file");
    let bytes = browser.downloaded_bytes();
    page.click("#have-file");
    bytes
}
