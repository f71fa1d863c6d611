//! Bad days: each fault is brought about in the real browser, and ends in a sentence with nothing lost.
//! docs/reliability.md lists them all, with those that other files test.

use std::fs;

use browser_tests::{Browser, Camera, Page, Scene, Site, canvas_camera};
use serde_json::Value;

use crate::steps::{next_event, start, start_live, wait_for_reading};

/// The text of the alerts on the page.
#[track_caller]
fn alert(page: &Page) -> String {
    let text = page.wait_until(
        r#"[...document.querySelectorAll("[role=alert]")].map((alert) => alert.innerText).join(" ").trim()"#,
    );
    text.as_str().unwrap_or_default().to_owned()
}

#[track_caller]
fn begin_recording(page: &Page) {
    page.click("#record");
    page.wait_until("document.querySelector('#record').getAttribute('aria-pressed') === 'true'");
}

#[track_caller]
fn end_recording(page: &Page) {
    page.click("#record");
    page.wait_until("document.querySelector('#record').getAttribute('aria-pressed') === 'false'");
}

/// The samples of the file that a button saves.
#[track_caller]
fn saved(browser: &Browser, page: &Page, button: &str) -> Vec<Value> {
    browser.forget_events();
    page.click(button);
    let file: Value = serde_json::from_str(&browser.downloaded()).expect("the file is JSON");
    file["samples"].as_array().expect("it has samples").clone()
}

#[test]
fn a_model_that_is_missing_or_cut_off_is_named() {
    let browser = Browser::start(&Camera::Absent);
    let whole = Site::file("models/depth.plan");
    let missing = Site::changed(|folder| {
        fs::remove_file(folder.join("models/depth.plan")).expect("it is there");
    });
    let cut = Site::changed(|folder| {
        fs::write(folder.join("models/depth.plan"), &whole[..whole.len() / 2]).expect("it can be written");
    });
    for (site, words) in [(missing, "status 404"), (cut, "damaged")] {
        let page = browser.open();
        page.go(&site.url());
        let told = alert(&page);
        assert!(told.contains("depth.plan") && told.contains(words), "{told}");
    }
}

/// Some browsers refuse WebAssembly where a company or a mode of high security says so.
#[test]
fn a_browser_that_refuses_the_engine_is_told_so() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    page.run_first(
        "WebAssembly.compile = () => Promise.reject(new WebAssembly.CompileError('refused by policy'));",
    );
    page.go(&site.url());
    let told = alert(&page);
    assert!(told.contains("cannot run the engine") && told.contains("refused by policy"), "{told}");
}

/// A real end of the engine in the middle of a recording: what was recorded is there, and the page goes on.
#[test]
fn an_engine_that_runs_out_of_memory_loses_nothing_that_was_recorded() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    start_live(&page, &site.url());
    wait_for_reading(&page);
    begin_recording(&page);
    for _ in 0..5 {
        next_event(&page);
    }
    let worker = page.workers().pop().expect("the engine runs in a worker");
    // As a trap does: thrown where nobody in the worker catches it.
    let thrown =
        "setTimeout(() => { throw new RangeError('WebAssembly.Memory.grow(): out of memory') }), true";
    page.evaluate_in_worker(&worker, thrown).expect("the worker answers");
    page.wait_for_view("failed");
    assert!(alert(&page).contains("out of memory"), "{}", alert(&page));
    page.screenshots("out-of-memory");
    page.click("#retry");
    page.wait_for_view("live");
    wait_for_reading(&page);
    page.wait_until("document.querySelector('#save-json')");
    let samples = saved(&browser, &page, "#save-json");
    assert!(samples.len() >= 5, "{} samples", samples.len());
}

/// The disk is full from the third chunk on: said at once, and the file that is saved has all of it.
#[test]
fn a_full_disk_is_told_and_the_recording_is_whole_in_its_file() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.run_first(
        r#"let writes = 0;
        for (const name of ["add", "put"]) {
            const write = IDBObjectStore.prototype[name];
            IDBObjectStore.prototype[name] = function (...args) {
                writes += 1;
                if (writes > 2) throw new DOMException("full", "QuotaExceededError");
                return write.apply(this, args);
            };
        }"#,
    );
    start_live(&page, &site.url());
    wait_for_reading(&page);
    begin_recording(&page);
    let told = page.wait_until("document.querySelector('.save-line .fault')?.innerText");
    page.screenshots("disk-full");
    for _ in 0..3 {
        next_event(&page);
    }
    end_recording(&page);
    let samples = saved(&browser, &page, "#save-json");
    assert!(samples.len() > 3, "{} samples, {told}", samples.len());
    let times: Vec<f64> = samples.iter().filter_map(|sample| sample["time_ms"].as_f64()).collect();
    assert!(times[0] < 5_000.0 && times.is_sorted(), "{times:?}");
}

/// Two tabs record at once: each saves its own.
#[test]
fn two_tabs_record_without_touching_each_other() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let pages = [browser.open(), browser.open()];
    for page in &pages {
        page.bring_to_front();
        start_live(page, &site.url());
        wait_for_reading(page);
        begin_recording(page);
        next_event(page);
    }
    let counts = pages.each_ref().map(|page| {
        page.bring_to_front();
        page.wait_for_view("live");
        for _ in 0..4 {
            next_event(page);
        }
        end_recording(page);
        let samples = saved(&browser, page, "#save-json");
        let times: Vec<f64> = samples.iter().filter_map(|sample| sample["time_ms"].as_f64()).collect();
        assert!(times.is_sorted(), "{times:?}");
        samples.len()
    });
    assert!(counts.iter().all(|count| *count >= 5), "{counts:?}");
}

/// The machine's clock is set back by a day, as after a long sleep: the recording's own time goes on.
#[test]
fn a_clock_that_jumps_changes_no_time_of_a_recording() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.run_first("const now = Date.now; window.jump = 0; Date.now = () => now() + window.jump;");
    start_live(&page, &site.url());
    wait_for_reading(&page);
    begin_recording(&page);
    next_event(&page);
    page.evaluate("window.jump = -86_400_000");
    for _ in 0..4 {
        next_event(&page);
    }
    end_recording(&page);
    let times: Vec<f64> =
        saved(&browser, &page, "#save-json").iter().filter_map(|sample| sample["time_ms"].as_f64()).collect();
    assert!(times.is_sorted() && times.iter().all(|time| (0.0..600_000.0).contains(time)), "{times:?}");
}

/// Opens the camera's page with a canvas of this size for a camera.
#[track_caller]
fn start_with_canvas(page: &Page, url: &str, width: u32, height: u32) {
    page.go(url);
    page.wait_for_view("welcome");
    page.evaluate(&canvas_camera::shows_at(&Scene::face_changed_and_none(), width, height));
    page.click("input[name=use][value=self]");
    page.click("#start");
    page.wait_for_view("live");
}

#[test]
fn cameras_of_all_sizes_are_read() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    for (width, height) in [(3840, 2160), (160, 120)] {
        let page = browser.open();
        start_with_canvas(&page, &site.url(), width, height);
        wait_for_reading(&page);
        page.evaluate("testCamera.unplug()");
        page.wait_for_view("unplugged");
    }
}

/// A shutter before the lens: no face, and a reading again when it opens.
#[test]
fn a_black_picture_disables_the_gauges_and_comes_back() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    start_with_canvas(&page, &site.url(), 640, 480);
    wait_for_reading(&page);
    page.evaluate("testCamera.black(true)");
    page.wait_until(
        "document.querySelectorAll('[role=meter][aria-disabled=true]:not([aria-valuenow])').length === 7",
    );
    page.screenshots("black");
    page.evaluate("testCamera.black(false)");
    wait_for_reading(&page);
}

/// Where the browser denies its store, the page works and says what that means.
#[test]
fn a_denied_store_is_told_and_the_camera_works() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.run_first(
        r#"IDBFactory.prototype.open = () => { throw new DOMException("denied", "SecurityError"); };
        Object.defineProperty(window, "localStorage", { get() { throw new DOMException("denied", "SecurityError"); } });"#,
    );
    start(&page, &site.url());
    page.wait_for_view("live");
    wait_for_reading(&page);
    begin_recording(&page);
    page.wait_until(
        "document.querySelector('.save-line .fault').innerText.includes('closing the tab loses it')",
    );
    for _ in 0..3 {
        next_event(&page);
    }
    end_recording(&page);
    assert!(saved(&browser, &page, "#save-json").len() >= 3);
}
