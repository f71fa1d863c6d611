//! Barriers: what axe finds in every view, a narrow phone, the keyboard alone, text from right to left, and the sound check.

use browser_tests::{Browser, Camera, Key, Page, Scene};
use serde_json::json;

use super::{agree, open, site_with, wait_for_kept};
use crate::accessibility::{assert_no_barriers, tab_to};

/// On a phone of 320 points nothing stands beside the page.
#[track_caller]
fn assert_narrow(page: &Page, view: &str) {
    page.show_as(320, 640, false);
    let width = page.evaluate("document.documentElement.scrollWidth");
    assert!(width.as_u64().is_some_and(|width| width <= 320), "{view}: {width} wide");
    page.screenshot(&format!("{view}-320"));
    page.show_as(1280, 900, false);
}

#[track_caller]
fn assert_view(page: &Page, view: &str) {
    page.wait_for_view(view);
    assert_no_barriers(page, view);
    assert_narrow(page, view);
}

#[test]
fn every_view_is_free_of_barriers_and_fits_a_narrow_phone() {
    let site = site_with(|study| {
        let options = json!([{ "id": "yes", "text": "Yes" }, { "id": "no", "text": "No" }]);
        study["screening"] = json!([{
            "question": { "id": "s", "prompt": "Do you wear a beard?", "required": true,
                "choice": { "options": options, "multiple": false } },
            "screen_out_if": ["yes"],
        }]);
        study["checks"]["sound"] = json!(true);
        let text = study["stimuli"][0].clone();
        let pause = json!({ "id": "rest", "pause": { "text": "Look out of the window." } });
        study["stimuli"] = json!([text, pause]);
        study["handover"] = json!({ "methods": ["file", "receipt"], "max_receipt_chars": 500 });
    });
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    open(&page, &site, "&participant=P1");
    assert_view(&page, "study-notice");
    page.click("#notice-next");
    assert_view(&page, "study-screening");
    page.click("#question-s-no");
    page.click("#answer");
    assert_view(&page, "study-consent");
    page.click("#old-enough");
    page.click("#agrees");
    page.click("#agree");
    assert_view(&page, "study-loading");
    page.click("#load");
    page.wait_for_view("study-checks");
    page.click("#camera-on");
    page.wait_until("document.querySelector('#sound-digits')");
    assert_view(&page, "study-checks");
    page.click("#sound-play");
    assert_eq!(
        page.evaluate("document.querySelector('#checks-next').disabled"),
        true,
        "the digits are wanted"
    );
    let type_digits = |digits: &str| {
        page.evaluate(&format!(
            "{{ const field = document.querySelector('#sound-digits'); field.value = {digits};
               field.dispatchEvent(new Event('input', {{ bubbles: true }}));
               field.dispatchEvent(new Event('change', {{ bubbles: true }})); }}"
        ));
    };
    type_digits("'999'");
    page.wait_until("document.querySelector('#sound-check').innerText.includes('other digits')");
    page.screenshots("study-checks");
    type_digits("document.querySelector('#sound-check audio').dataset.digits");
    page.wait_until("!document.querySelector('#checks-next').disabled");
    page.click("#checks-next");
    assert_view(&page, "study-baseline");
    page.click("#baseline-start");
    assert_view(&page, "study-ready");
    page.click("#show");
    page.wait_for_view("study-pause");
    assert_view(&page, "study-pause");
    page.click("#pause-over");
    assert_view(&page, "study-questions");
    page.click("#question-liked-video");
    page.click("#question-pleasant-4");
    page.click("#answer");
    assert_view(&page, "study-review");
    page.click("#review-next");
    assert_view(&page, "study-handover");
    page.click("#receipt");
    page.wait_until("document.querySelector('#copy-1')");
    assert_view(&page, "study-handover");
    page.click("#no-receipt");
    page.click("#save-file");
    page.click("#have-file");
    page.wait_for_view("study-complete");
    page.click(".again summary");
    assert_view(&page, "study-complete");
}

#[test]
fn the_views_beside_the_way_are_free_of_barriers_too() {
    let site = site_with(|study| study["handover"] = json!({ "methods": ["file"] }));
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.go(&format!("{}#study=preview", site.url()));
    assert_view(&page, "study-preview");
    let page = browser.open();
    page.go(&format!("{}#study=studies/nothing/study.json", site.url()));
    page.wait_for_view("study-trouble");
    page.click("#study-faults summary");
    assert_view(&page, "study-trouble");

    let page = browser.open();
    open(&page, &site, "&participant=P1");
    agree(&page);
    wait_for_kept(&page, "entries > 0");
    page.reload();
    assert_view(&page, "study-resume");
    page.click("#resume-yes");
    page.wait_for_view("study-loading");
    page.click("#load");
    page.wait_for_view("study-checks");
    page.click("#camera-on");
    page.click("#give-up");
    assert_view(&page, "study-failed");

    let page = browser.open();
    open(&page, &site, "&participant=P2");
    page.click("#notice-next");
    page.wait_for_view("study-consent");
    page.click("#decline");
    assert_view(&page, "study-declined");

    let page = browser.open();
    open(&page, &site, "&participant=P3");
    agree(&page);
    page.click("#withdraw");
    page.wait_until("document.querySelector('#withdraw-question')");
    assert_view(&page, "study-loading");
    page.click("#withdraw-yes");
    assert_view(&page, "study-withdrawn");
}

#[test]
fn a_study_can_be_done_by_the_keyboard_alone() {
    let site = site_with(|study| {
        study["stimuli"] = json!([study["stimuli"][0].clone()]);
    });
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    let press = |selector: &str, key: Key| {
        page.wait_until(&format!(
            "document.querySelector({selector:?}) && !document.querySelector({selector:?}).disabled"
        ));
        tab_to(&page, selector);
        page.press(key);
    };
    open(&page, &site, "");
    press("#notice-next", Key::Enter);
    page.wait_for_view("study-consent");
    press("#old-enough", Key::Space);
    press("#agrees", Key::Space);
    press("#agree", Key::Enter);
    page.wait_for_view("study-loading");
    press("#load", Key::Enter);
    page.wait_for_view("study-checks");
    press("#camera-on", Key::Enter);
    press("#checks-next", Key::Enter);
    page.wait_for_view("study-baseline");
    press("#baseline-start", Key::Enter);
    page.wait_for_view("study-ready");
    press("#show", Key::Enter);
    page.wait_for_view("study-questions");
    press("input[name=q-liked]", Key::Space);
    press("input[name=q-pleasant]", Key::Space);
    press("#answer", Key::Enter);
    page.wait_for_view("study-review");
    press("#review-next", Key::Enter);
    page.wait_for_view("study-handover");
    press("#save-file", Key::Enter);
    browser.downloaded_bytes();
    press("#have-file", Key::Enter);
    page.wait_for_view("study-complete");
}

#[test]
fn text_from_right_to_left_is_laid_out_so() {
    let site = site_with(|study| {
        study["language"] = json!("ar");
        study["title"] = json!("ثلاثة أشياء صغيرة");
        study["texts"] = json!({ "next": "التالي", "notice.title": "قبل أن تبدأ" });
    });
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site, "");
    let root = page.evaluate("[document.documentElement.dir, document.documentElement.lang].join()");
    assert_eq!(root, "rtl,ar");
    let right = page.evaluate(
        "(() => { const box = document.querySelector('.notice').getBoundingClientRect();
            const title = document.querySelector('.notice h1'); const range = document.createRange();
            range.selectNodeContents(title); return box.right - range.getBoundingClientRect().right; })()",
    );
    assert!(right.as_f64().is_some_and(|gap| gap < 4.0), "the heading begins at the right: {right}");
    assert_view(&page, "study-notice");
    page.screenshots("study-rtl");
    // A camera is missing here: it is said with the notice.
    page.wait_until("document.querySelector('#obstacle')");
    assert_eq!(page.evaluate("document.querySelector('#notice-next') === null"), true);
}
