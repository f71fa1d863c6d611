//! The six ends of a study, each with its words and its link, and what is left behind: nothing but where something was handed over.

use browser_tests::{Browser, Camera, Page, Scene, Site};
use serde_json::{Value, json};

use super::{agree, kept, open, prepare, show, site_with, wait_for_kept};
use crate::steps::KEEP_STREAMS;

/// A link for every outcome, with all that can stand in it.
fn with_links(study: &mut Value) {
    study["identity"] = json!({ "participant_parameter": "participant", "carry": ["source"] });
    for outcome in ["complete", "screened_out", "quota_full", "declined", "failed", "withdrawn"] {
        study["outcomes"][outcome]["link"] =
            json!("https://panel.example.org/back?id={participant}&s={source}&o={outcome}");
    }
}

const WHO: &str = "&participant=P%2017%26x&source=mail";

#[track_caller]
fn assert_end(page: &Page, outcome: &str) {
    page.wait_for_view(&format!("study-{outcome}"));
    let link = page.evaluate("document.querySelector('#go-back').href");
    assert_eq!(link, format!("https://panel.example.org/back?id=P%2017%26x&s=mail&o={outcome}"));
    let top = page.evaluate("document.querySelector('#go-back').target");
    assert_eq!(top, "_top", "the whole page leads back, also out of a frame");
    assert_eq!(page.evaluate("location.hash"), "#study=studies/example/study.json");
    page.screenshots(&format!("study-{outcome}"));
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn who_declines_was_never_seen() {
    let site = site_with(with_links);
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.run_first(KEEP_STREAMS);
    open(&page, &site, WHO);
    page.click("#notice-next");
    page.wait_for_view("study-consent");
    page.screenshots("study-consent");
    page.click("#decline");
    assert_end(&page, "declined");
    assert_eq!(page.evaluate("window.givenStreams.length"), 0);
    assert_eq!(kept(&page), [0, 0]);
}

#[test]
fn who_is_not_looked_for_is_told_so_before_the_consent() {
    let site = site_with(|study| {
        with_links(study);
        let options = json!([{ "id": "yes", "text": "Yes" }, { "id": "no", "text": "No" }]);
        let question = json!({
            "id": "glasses", "prompt": "Do you wear glasses?", "required": true,
            "choice": { "options": options, "multiple": false },
        });
        study["screening"] = json!([{ "question": question, "screen_out_if": ["yes"] }]);
    });
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    open(&page, &site, WHO);
    page.click("#notice-next");
    page.wait_for_view("study-screening");
    page.click("#answer");
    page.wait_until("document.querySelector('#answers-missing').innerText !== ''");
    page.screenshots("study-screening");
    page.click("#question-glasses");
    page.click("#answer");
    assert_end(&page, "screened_out");
    assert_eq!(kept(&page), [0, 0]);
}

#[test]
fn a_closed_study_says_so_at_once() {
    let site = site_with(|study| {
        with_links(study);
        study["closed"] = json!(true);
    });
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    page.go(&format!("{}#study=studies/example/study.json{WHO}", site.url()));
    assert_end(&page, "quota_full");
}

#[test]
fn a_camera_that_is_not_allowed_is_told_and_can_end_in_failed() {
    let site = site_with(with_links);
    let browser = Browser::start(&Camera::Denied);
    let page = browser.open();
    open(&page, &site, WHO);
    agree(&page);
    page.click("#load");
    page.wait_for_view("study-checks");
    page.click("#camera-on");
    page.wait_until(
        "document.querySelector('#camera-trouble')?.innerText.includes('may not use the camera')",
    );
    page.screenshots("study-camera-denied");
    page.click("#give-up");
    assert_end(&page, "failed");
    // Nothing was recorded, so nothing is kept; deleting takes the database a moment.
    wait_for_kept(&page, "sessions === 0 && entries === 0");
}

#[test]
fn a_file_that_does_not_come_is_named_and_tried_three_times() {
    let site = site_with(with_links);
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    open(&page, &site, WHO);
    agree(&page);
    let size = page.evaluate("document.querySelector('#loading-size').innerText");
    assert!(size.as_str().is_some_and(|text| text.contains(" MB will be loaded")), "{size}");
    site.change(|folder| {
        let media = folder.join("studies/example/media");
        std::fs::rename(media.join("ball.webm"), media.join("away")).expect("it was there");
        std::fs::write(media.join("morning.png"), b"another picture").expect("it can be written");
    });
    page.click("#load");
    let trouble =
        |text: &str| format!("document.querySelector('#loading-trouble')?.innerText.includes('{text}')");
    page.wait_until(&trouble("The file media/morning.png is not the one"));
    page.screenshots("study-loading-failed");
    site.change(|folder| {
        let from = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../public/studies/example/media/morning.png");
        std::fs::copy(from, folder.join("studies/example/media/morning.png")).expect("it can be copied");
    });
    page.click("#load-again");
    page.wait_until(&trouble("media/ball.webm could not be loaded (try 2 of 3)"));
    page.click("#load-again");
    page.wait_for_view("study-failed");
    wait_for_kept(&page, "sessions === 0 && entries === 0");
}

#[test]
fn who_withdraws_leaves_nothing_behind() {
    let site = site_with(with_links);
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.run_first(KEEP_STREAMS);
    open(&page, &site, WHO);
    agree(&page);
    prepare(&page);
    show(&page, "study-ready");
    page.click("#withdraw");
    page.wait_until("document.querySelector('#withdraw-question')");
    page.screenshots("study-withdraw");
    page.click("#withdraw-no");
    page.wait_until("!document.querySelector('#withdraw-question')");
    page.click("#show");
    page.wait_for_view("study-showing");
    page.click("#withdraw");
    page.click("#withdraw-yes");
    assert_end(&page, "withdrawn");
    let ended = "window.givenStreams.length > 0 && window.givenStreams.every((stream) => stream.getTracks().every((track) => track.readyState === 'ended'))";
    assert_eq!(page.evaluate(ended), true, "the camera's light is off");
    page.wait_until("document.querySelector('#save-file') === null");
    wait_for_kept(&page, "sessions === 0 && entries === 0");
}

#[test]
fn a_faulty_study_and_a_faulty_link_are_told() {
    let site = site_with(|study| study["purpose"] = json!("hiring"));
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    page.go(&format!("{}#study=studies/example/study.json", site.url()));
    page.wait_for_view("study-trouble");
    let faults = page.evaluate("document.querySelector('#study-faults').textContent");
    assert!(faults.as_str().is_some_and(|text| text.contains("purpose")), "{faults}");
    page.screenshots("study-trouble");
    let site = Site::start();
    page.go(&format!("{}#study=https://elsewhere.example/study.json", site.url()));
    page.wait_for_view("study-trouble");
    page.go(&format!("{}#study=studies/nothing/study.json", site.url()));
    page.wait_for_view("study-trouble");
}
