//! Everything that can go wrong with the page's own files and the browser.

use std::fs;

use browser_tests::{Browser, Camera, Page, Scene, Site};

use crate::steps::{start, wait_for_reading};

/// The text of the alerts on the page.
fn alert(page: &Page) -> String {
    let text = page.wait_until(
        r#"[...document.querySelectorAll("[role=alert]")].map((alert) => alert.innerText).join(" ").trim()"#,
    );
    text.as_str().unwrap_or_default().to_owned()
}

/// Damages a file of the site as a broken upload does: the same length, other bytes.
fn damaged(file: &'static str) -> Site {
    Site::changed(|folder| {
        let path = folder.join(file);
        let mut bytes = fs::read(&path).expect("the file is part of the site");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x55;
        fs::write(&path, bytes).expect("the file can be written");
    })
}

#[test]
fn a_damaged_model_is_named() {
    let site = damaged("models/depth.plan");
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    start(&page, &site.url());
    let words = alert(&page);
    assert!(words.contains("depth.plan"), "{words}");
    page.screenshots("damaged-model");
}

#[test]
fn a_missing_engine_is_named() {
    let site = Site::changed(|folder| fs::remove_file(folder.join("engine_bg.wasm")).expect("it is there"));
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.go(&site.url());
    let words = alert(&page);
    assert!(words.contains("engine_bg.wasm"), "{words}");
}

#[test]
fn the_page_is_usable_while_the_engine_loads() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.run_first(
        r#"const load = window.fetch;
        const released = new Promise((done) => { window.letEngineLoad = done; });
        window.fetch = async function (...args) {
            if (String(args[0]?.url ?? args[0]).includes("engine_bg.wasm")) await released;
            return load.apply(this, args);
        };"#,
    );
    start(&page, &site.url());
    page.wait_for_view("loading");
    page.wait_until("document.querySelector('#load-progress').position < 1");
    page.screenshots("loading");
    page.evaluate("window.letEngineLoad()");
    page.wait_for_view("live");
    wait_for_reading(&page);
}

/// The worker dies in the middle of its work, for lack of memory for example.
#[test]
fn an_engine_that_fails_can_be_started_again() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.run_first(
        r#"window.workers = [];
        const Original = window.Worker;
        window.Worker = class extends Original {
            constructor(...args) { super(...args); window.workers.push(this); }
        };"#,
    );
    start(&page, &site.url());
    page.wait_for_view("live");
    wait_for_reading(&page);
    page.evaluate(
        "window.workers.at(-1).dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }))",
    );
    page.wait_for_view("failed");
    assert!(!alert(&page).is_empty());
    page.screenshots("failed");
    page.click("#retry");
    page.wait_for_view("live");
    wait_for_reading(&page);
}

#[test]
fn a_browser_that_lacks_something_is_told_what() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    page.run_first("delete window.Worker;");
    page.go(&site.url());
    page.wait_for_view("unsupported");
    page.screenshots("unsupported");
}
