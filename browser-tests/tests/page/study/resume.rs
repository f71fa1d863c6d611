//! A page that is opened again in the middle of a study.

use browser_tests::{Browser, Camera, Page, Scene};
use emotion_study::result::{self, EventKind};
use emotion_study::session::Cause;
use serde_json::json;

use super::{agree, answer, measure, open, prepare, save, show, site_with, tell_kept, wait_for_kept};

/// From the question after a reload to the next stimulus.
#[track_caller]
fn go_on(page: &Page) {
    page.wait_for_view("study-resume");
    page.click("#resume-yes");
    page.wait_for_view("study-loading");
    page.click("#load");
    page.wait_for_view("study-checks");
    measure(page);
}

#[test]
fn a_reload_goes_on_between_two_stimuli_and_loses_nothing() {
    let site = site_with(|study| study["on_interrupt"] = json!("repeat"));
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    open(&page, &site, "&participant=P017");
    agree(&page);
    prepare(&page);
    show(&page, "study-ready");
    page.click("#show");
    page.wait_for_view("study-showing");
    // In the middle of the second one. The address names nobody any more.
    page.reload();
    page.wait_for_view("study-resume");
    page.screenshots("study-resume");
    go_on(&page);
    assert_eq!(page.evaluate("document.querySelector('#repeated') !== null"), true);
    show(&page, "study-ready");
    show(&page, "study-questions");
    // Questions need neither files nor camera.
    page.reload();
    page.wait_for_view("study-resume");
    page.click("#resume-yes");
    page.wait_for_view("study-questions");
    answer(&page);
    let bytes = save(&page, &browser);
    page.wait_for_view("study-complete");
    assert_eq!(page.evaluate("document.querySelector('#completion-code') !== null"), true);

    let result = result::read(&bytes).expect("the file is right");
    assert_eq!(result.session.participant.as_deref(), Some("P017"), "the journal knows who");
    assert_eq!((result.session.camera.width, result.session.camera.height), (640, 480));
    let shown: Vec<_> =
        result.exposures.iter().map(|e| (e.stimulus.as_str(), e.attempt, e.interrupted)).collect();
    assert_eq!(
        shown,
        [("text", 1, None), ("image", 1, Some(Cause::LeftPage)), ("image", 2, None), ("video", 1, None)]
    );
    assert!(result.samples.range_of(0).len() > 3, "what was recorded before the reload is there");
    assert_eq!(result.baselines.len(), 2);
    let reloads = result.events.iter().filter(|event| event.kind == EventKind::Reloaded).count();
    assert_eq!(reloads, 2);

    // The finished one can be handed over again until it is deleted.
    page.reload();
    page.wait_for_view("study-resume");
    page.click("#resume-yes");
    page.wait_for_view("study-complete");
    page.click(".again summary");
    page.click("#delete");
    page.wait_until("document.querySelector('#delete') === null");
    page.reload();
    page.wait_for_view("study-notice");
}

#[test]
fn who_begins_anew_leaves_nothing_of_before() {
    let site = site_with(|_| {});
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    open(&page, &site, "&participant=P017");
    agree(&page);
    wait_for_kept(&page, "entries > 0");
    page.reload();
    page.wait_for_view("study-resume");
    page.click("#resume-no");
    page.wait_for_view("study-notice");
    wait_for_kept(&page, "sessions === 0 && entries === 0");
    page.reload();
    page.wait_for_view("study-notice");
    // Another participant at the same device is asked for nothing of the first.
    agree(&page);
    wait_for_kept(&page, "entries > 0");
    page.go("about:blank");
    open(&page, &site, "&participant=P018");
}

#[test]
fn what_is_kept_is_listed_on_the_first_screen_and_can_be_deleted() {
    let site = site_with(|_| {});
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    tell_kept(&page);
    page.go(&site.url());
    page.wait_for_view("welcome");
    assert_eq!(page.evaluate("document.querySelector('#kept-studies') === null"), true);
    // As a person who tries the example comes there.
    page.follow("#study-link");
    page.wait_for_view("study-notice");
    agree(&page);
    wait_for_kept(&page, "entries > 0");
    page.go(&site.url());
    page.wait_until("document.querySelector('#kept-studies')?.innerText.includes('Three small things')");
    page.screenshots("study-kept");
    page.click("#discard-study");
    page.click("#discard-study");
    page.wait_until("document.querySelector('#kept-studies') === null");
    open(&page, &site, "");
}
