//! The hand-over: by a text that is pasted into a survey, and to the page around this one.

use browser_tests::{Browser, Camera, Page, Scene, Site};
use emotion_study::receipt;
use serde_json::{Value, json};

use super::{agree, open, prepare, show, site_with};

/// One short text: what is tested here is what comes after it.
fn short(study: &mut Value) {
    let first = study["stimuli"][0].clone();
    study["stimuli"] = json!([first]);
    study["questions"] = json!([]);
}

#[test]
fn the_receipt_is_copied_in_parts() {
    let site = site_with(|study| {
        short(study);
        study["stimuli"][0]["text"]["duration_ms"] = json!(20_000);
        study["handover"] = json!({ "methods": ["receipt"], "max_receipt_chars": 200 });
    });
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.run_first(
        "window.copied = []; Object.defineProperty(navigator, 'clipboard', { value: {
            writeText: async (text) => { window.copied.push(text); } } });",
    );
    // A long id: on a slow machine there are few readings, and these alone would fill one part.
    let id = "P1-".repeat(16);
    open(&page, &site, &format!("&participant={id}"));
    agree(&page);
    prepare(&page);
    show(&page, "study-review");
    page.click("#review-next");
    page.wait_for_view("study-handover");
    page.click("#receipt");
    page.wait_until("document.querySelector('#copy-1')");
    page.screenshots("study-receipt");
    let parts = page.evaluate("document.querySelectorAll('.receipt-part').length").as_u64().unwrap_or(0);
    assert!(parts > 1, "{parts}");
    assert_eq!(page.evaluate("document.querySelector('#pasted').disabled"), true, "all parts are needed");
    for part in 1..=parts {
        page.click(&format!("#copy-{part}"));
        page.wait_until(&format!("window.copied.length === {part}"));
    }
    page.click("#pasted:not(:disabled)");
    page.wait_for_view("study-complete");
    page.wait_until("document.querySelector('#completion-code')");
    let text = page.evaluate("window.copied.join('\\n')");
    let receipt = receipt::read(text.as_str().expect("text")).expect("it is a whole receipt");
    assert_eq!(receipt.participant, id);
}

#[test]
fn the_readings_are_saved_as_a_table_in_the_form_that_the_spreadsheet_needs() {
    let site = site_with(|study| {
        short(study);
        study["language"] = json!("de");
    });
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    open(&page, &site, "&participant=P1");
    agree(&page);
    prepare(&page);
    show(&page, "study-review");
    page.click("#review-next");
    page.wait_for_view("study-handover");
    page.click("#table summary");
    assert_eq!(page.evaluate("document.querySelector('#table-dialect').value"), "comma", "as German has it");
    page.screenshots("study-table");
    page.click("#save-table");
    let german = browser.downloaded();
    assert!(german.starts_with("\u{feff}format_version;study;"), "{german}");
    page.choose_option("#table-dialect", "point");
    browser.forget_events();
    page.click("#save-table");
    let english = browser.downloaded();
    assert!(english.starts_with("format_version,study,"), "{english}");
    assert!(english.lines().count() > 2 && english.lines().count() == german.lines().count());
    page.wait_for_view("study-handover");
    assert_eq!(
        page.evaluate("document.querySelector('#completion-code') === null"),
        true,
        "nothing was handed over"
    );
}

/// A survey's page that holds the study in a frame; `answers` is what it does with a result.
fn survey(site: &Site, allow: &str, answers: &str) {
    let html = format!(
        r#"<!doctype html><meta charset="utf-8"><title>A survey</title>
        <iframe width="900" height="800" allow="{allow}" src="./index.html#study=studies/example/study.json&participant=P9"></iframe>
        <script src="survey.js"></script>"#
    );
    let script = format!(
        r#"window.results = [];
        addEventListener("message", (event) => {{
            if (event.data?.type !== "emotion-depth-result") return;
            window.results.push(event.data);
            {answers}
        }});"#
    );
    site.change(|folder| {
        std::fs::write(folder.join("survey.html"), html).expect("it can be written");
        std::fs::write(folder.join("survey.js"), script).expect("it can be written");
        let file = folder.join("studies/example/study.json");
        let mut study: Value = serde_json::from_slice(&std::fs::read(&file).expect("there")).expect("JSON");
        let origin = site.url().trim_end_matches('/').to_owned();
        study["handover"] = json!({ "methods": ["parent", "file"], "parent_origin": origin });
        std::fs::write(&file, study.to_string()).expect("it can be written");
    });
}

/// Waits until a condition in the frame's document holds; tried whenever that document changes or another one is loaded. The frame is of the
/// same origin.
#[track_caller]
fn wait_in_frame(page: &Page, condition: &str) -> Value {
    let script = format!(
        r#"new Promise((done) => {{
            const frame = window.document.querySelector("iframe");
            const observer = new MutationObserver(() => look());
            const look = () => {{
                const document = frame.contentDocument;
                const value = ({condition});
                if (!value) return;
                observer.disconnect();
                frame.removeEventListener("load", begin);
                done(value);
            }};
            const begin = () => {{
                observer.disconnect();
                const all = {{ subtree: true, childList: true, attributes: true, characterData: true }};
                observer.observe(frame.contentDocument, all);
                look();
            }};
            frame.addEventListener("load", begin);
            begin();
        }})"#
    );
    page.evaluate(&script)
}

#[track_caller]
fn click_in_frame(page: &Page, selector: &str) {
    let enabled =
        format!("document.querySelector({selector:?}) && !document.querySelector({selector:?}).disabled");
    wait_in_frame(page, &enabled);
    page.evaluate(&format!("frames[0].document.querySelector({selector:?}).click()"));
}

#[track_caller]
fn view_in_frame(page: &Page, view: &str) {
    wait_in_frame(page, &format!("document.querySelector('main[data-view=\"{view}\"]')"));
}

/// The study in the frame, up to the button that hands over to the survey.
#[track_caller]
fn to_the_hand_over(page: &Page, site: &Site) {
    page.go(&format!("{}survey.html", site.url()));
    for selector in [
        "#notice-next",
        "#old-enough",
        "#agrees",
        "#agree",
        "#load",
        "#camera-on",
        "#checks-next",
        "#baseline-start",
        "#show",
    ] {
        click_in_frame(page, selector);
    }
    view_in_frame(page, "study-review");
    click_in_frame(page, "#review-next");
    click_in_frame(page, "#to-parent");
}

#[test]
fn a_survey_that_acknowledges_gets_the_result_and_only_then_there_is_a_code() {
    let site = site_with(short);
    survey(
        &site,
        "camera; fullscreen; autoplay; screen-wake-lock",
        r#"window.acknowledge = () => event.source.postMessage(
            { type: "emotion-depth-received", session: event.data.session, sha256: event.data.sha256 }, event.origin);"#,
    );
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    to_the_hand_over(&page, &site);
    wait_in_frame(&page, "document.querySelector('#waiting')");
    page.wait_until("window.results.length === 1");
    assert_eq!(page.evaluate("frames[0].document.querySelector('#completion-code') === null"), true);
    // Another session's acknowledgement counts for nothing.
    page.evaluate(
        "frames[0].postMessage({ type: 'emotion-depth-received', session: 'X', sha256: 'Y' }, '*')",
    );
    assert_eq!(page.evaluate("frames[0].document.querySelector('#waiting') !== null"), true);
    page.evaluate("window.acknowledge()");
    view_in_frame(&page, "study-complete");
    wait_in_frame(&page, "document.querySelector('#completion-code')");
    let bytes = page.evaluate("[...new Uint8Array(window.results[0].file)]");
    let bytes: Vec<u8> =
        bytes.as_array().expect("bytes").iter().filter_map(Value::as_u64).map(|byte| byte as u8).collect();
    let result = emotion_study::result::read(&bytes).expect("the file is right");
    assert_eq!(result.session.participant.as_deref(), Some("P9"));
}

#[test]
fn a_survey_that_says_nothing_is_told_and_the_file_is_there() {
    let site = site_with(short);
    survey(&site, "camera; fullscreen; autoplay; screen-wake-lock", "");
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    to_the_hand_over(&page, &site);
    wait_in_frame(&page, "document.querySelector('#no-answer')");
    assert_eq!(page.evaluate("frames[0].document.querySelector('#completion-code') === null"), true);
    click_in_frame(&page, "#save-file");
    click_in_frame(&page, "#have-file");
    view_in_frame(&page, "study-complete");
}

#[test]
fn a_frame_without_permission_says_what_to_add_before_anything_is_asked() {
    let site = site_with(short);
    survey(&site, "camera 'none'", "");
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.go(&format!("{}survey.html", site.url()));
    wait_in_frame(&page, "document.querySelector('#obstacle')?.innerText.includes('allow=\"camera;')");
    assert_eq!(page.evaluate("frames[0].document.querySelector('#notice-next') === null"), true);
    let tab = page.evaluate("frames[0].document.querySelector('#open-tab').href");
    assert!(tab.as_str().is_some_and(|link| link.ends_with("participant=P9")), "{tab}");
    page.screenshots("study-frame");
}

#[test]
fn the_browser_of_an_app_is_told_and_the_link_can_be_copied() {
    let site = site_with(short);
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    let agent = "Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537.36 Version/4.0 Chrome/140.0 Mobile Safari/537.36 Instagram 300.0";
    page.call("Emulation.setUserAgentOverride", json!({ "userAgent": agent }));
    open(&page, &site, "&participant=P9");
    page.wait_until("document.querySelector('#obstacle')?.innerText.includes('Safari or Chrome')");
    page.wait_until("document.querySelector('#copy-link')");
    let address = page.evaluate("document.querySelector('.address').innerText");
    assert!(
        address.as_str().is_some_and(|link| link.contains("participant=P9")),
        "the whole link: {address}"
    );
    page.screenshots("study-in-app");
}
