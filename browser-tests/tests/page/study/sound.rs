//! The sound check: digits are spoken in the study's language; where there is no recording, tones are played.

use browser_tests::{Browser, Camera, Page, Scene, Site};
use serde_json::{Value, json};

use super::{agree, open, site_with};

fn with_sound(language: &str) -> Site {
    site_with(|study| {
        study["checks"]["sound"] = json!(true);
        study["language"] = json!(language);
    })
}

#[track_caller]
fn at_the_sound<'b>(browser: &'b Browser, site: &Site) -> Page<'b> {
    let page = browser.open();
    open(&page, site, "&participant=P1");
    agree(&page);
    page.click("#load");
    page.wait_for_view("study-checks");
    page.click("#camera-on");
    page.wait_until("document.querySelector('#sound-digits')");
    page
}

/// Plays the sound to its end; its length in seconds.
#[track_caller]
fn heard(page: &Page) -> f64 {
    page.evaluate(
        "window.heard = new Promise((done) => document.querySelector('#sound-check audio').addEventListener('ended', () => done(true), { once: true }));
         document.querySelector('#sound-check audio').playbackRate = 4;",
    );
    page.click("#sound-play");
    assert_eq!(page.evaluate("window.heard"), true);
    page.evaluate("document.querySelector('#sound-check audio').duration").as_f64().unwrap_or_default()
}

#[track_caller]
fn type_digits(page: &Page, digits: &str) {
    page.evaluate("document.querySelector('#sound-digits').value = ''");
    page.click("#sound-digits");
    page.call("Input.insertText", json!({ "text": digits }));
    page.evaluate("document.activeElement.blur()");
}

#[track_caller]
fn the_digits(page: &Page) -> String {
    page.evaluate("document.querySelector('#sound-check audio').dataset.digits")
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn digits_are_spoken_in_the_studys_language_out_of_files_that_came_before_the_seal() {
    for (language, words) in [
        ("en", "You hear three digits"),
        ("de-AT", "drei Ziffern"),
        ("fr", "trois chiffres"),
        ("es", "tres cifras"),
    ] {
        let site = with_sound(language);
        let browser = Browser::start(&Camera::Shows(Scene::face()));
        let page = at_the_sound(&browser, &site);
        let file = format!("GET /sound/digits-{}.wav", &language[..2]);
        let requests = site.server.requests();
        assert_eq!(requests.iter().filter(|request| request.starts_with(&file)).count(), 1, "{requests:?}");
        let shown = page.evaluate("document.querySelector('#sound-check').innerText");
        assert!(shown.as_str().is_some_and(|text| text.contains(words)), "{shown}");
        // Three words of 0.8 seconds, with the silences around them.
        let seconds = heard(&page);
        assert!((3.3..3.7).contains(&seconds), "{language}: {seconds}");
        page.screenshot(&format!("study-sound-{language}"));
        type_digits(&page, "999");
        page.wait_until("document.querySelector('#sound-check [role=status]').innerText !== ''");
        assert_eq!(page.evaluate("document.querySelector('#checks-next').disabled"), true, "other digits");
        type_digits(&page, &the_digits(&page));
        page.wait_until("!document.querySelector('#checks-next').disabled");
        assert_eq!(site.server.requests(), requests, "nothing is asked for after the seal");
        assert_eq!(page.complaints(), [""; 0]);
    }
}

#[test]
fn where_no_recording_is_tones_are_played() {
    let missing = with_sound("en");
    missing.change(|folder| std::fs::remove_file(folder.join("sound/digits-en.wav")).expect("it was there"));
    for site in [missing, with_sound("ar")] {
        let browser = Browser::start(&Camera::Shows(Scene::face()));
        let page = at_the_sound(&browser, &site);
        let shown = page.evaluate("document.querySelector('#sound-check').innerText");
        assert!(shown.as_str().is_some_and(|text| text.contains("groups of tones")), "{shown}");
        assert!(heard(&page) > 2.0);
        type_digits(&page, &the_digits(&page));
        page.wait_until("!document.querySelector('#checks-next').disabled");
    }
}

#[test]
fn a_study_without_a_sound_check_loads_no_recording() {
    let site = site_with(|study: &mut Value| study["checks"]["sound"] = json!(false));
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    open(&page, &site, "");
    agree(&page);
    page.click("#load");
    page.wait_for_view("study-checks");
    assert!(!site.server.requests().iter().any(|request| request.contains("sound/")));
}
