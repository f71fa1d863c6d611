//! What was begun is another study now, or is read by other models: nothing that was recorded is lost, and nothing is mixed.

use std::fs;
use std::path::Path;

use browser_tests::{Browser, Camera, Page, Scene, Site};
use emotion_study::hash::sha256_hex;
use emotion_study::result::{self, ResultFile};
use emotion_study::session::Outcome;
use serde_json::{Value, json};

use super::{agree, kept, open, prepare, save, show, site_with, tell_kept, wait_for_kept};

/// A study of two short texts, the first of which was shown.
#[track_caller]
fn half_done<'b>(browser: &'b Browser, site: &Site) -> Page<'b> {
    let page = browser.open();
    open(&page, site, "&participant=P017");
    agree(&page);
    prepare(&page);
    show(&page, "study-ready");
    page
}

fn two_texts() -> Site {
    site_with(|study| {
        let mut second = study["stimuli"][0].clone();
        second["id"] = json!("second");
        study["stimuli"] = json!([study["stimuli"][0].clone(), second]);
        study["questions"] = json!([]);
    })
}

fn change_study(site: &Site, change: impl FnOnce(&mut Value)) {
    site.change(|folder| {
        let file = folder.join("studies/example/study.json");
        let mut study: Value = serde_json::from_slice(&fs::read(&file).expect("there")).expect("JSON");
        change(&mut study);
        fs::write(&file, study.to_string()).expect("it can be written");
    });
}

#[track_caller]
fn text(page: &Page, selector: &str) -> String {
    page.evaluate(&format!("document.querySelector({selector:?})?.innerText ?? ''"))
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[track_caller]
fn handed_over(page: &Page, browser: &Browser) -> ResultFile {
    let result = result::read(&save(page, browser)).expect("the file is right");
    assert_eq!(result.session.outcome, Outcome::Failed);
    assert_eq!(
        result.exposures.iter().map(|exposure| exposure.stimulus.as_str()).collect::<Vec<_>>(),
        ["text"]
    );
    assert!(!result.samples.is_empty(), "what was recorded is in it");
    assert_eq!(page.evaluate("document.querySelector('#completion-code') === null"), true);
    result
}

#[test]
fn a_study_that_measures_something_else_now_ends_and_hands_over_what_was_recorded() {
    let site = two_texts();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = half_done(&browser, &site);
    change_study(&site, |study| {
        study["stimuli"][1]["text"]["duration_ms"] = json!(9_000);
        study["title"] = json!("Another study");
    });
    page.reload();
    page.wait_for_view("study-resume");
    let sentence = text(&page, "#resume-text");
    assert!(sentence.contains("was changed since you began") && sentence.contains("is kept"), "{sentence}");
    page.screenshots("study-resume-changed");
    assert_ne!(kept(&page), [0, 0], "nothing is deleted unasked");
    page.click("#resume-see");
    page.wait_for_view("study-review");
    assert!(text(&page, "#changed").contains("Nothing that was recorded is lost"));
    page.screenshots("study-changed");
    // The same after another reload.
    page.reload();
    page.wait_for_view("study-resume");
    page.click("#resume-see, #resume-yes");
    page.wait_for_view("study-review");
    let result = handed_over(&page, &browser);
    let begun: Value = serde_json::from_slice(&Site::file("studies/example/study.json")).expect("JSON");
    assert_eq!(result.study.id, begun["id"].as_str().unwrap_or_default());
    assert_eq!(result.session.participant.as_deref(), Some("P017"));
}

#[test]
fn who_begins_a_changed_study_anew_deletes_what_was_kept() {
    let site = two_texts();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = half_done(&browser, &site);
    change_study(&site, |study| study["consent"]["text"] = json!("We ask for more than before."));
    page.reload();
    page.wait_for_view("study-resume");
    page.click("#resume-no");
    page.wait_for_view("study-notice");
    wait_for_kept(&page, "sessions === 0 && entries === 0");
}

#[test]
fn words_that_were_mended_are_told_and_the_study_goes_on() {
    let site = two_texts();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = half_done(&browser, &site);
    change_study(&site, |study| study["instructions"] = json!("Just look."));
    page.reload();
    page.wait_for_view("study-resume");
    assert!(text(&page, ".notice-line:not([hidden])").contains("Words of this study were changed"));
    page.click("#resume-yes");
    page.wait_for_view("study-loading");
}

/// A new version of the page with other models: their hashes in the manifest, and its own in the list of files.
fn renew_models(folder: &Path) {
    let list_file = folder.join("assets.json");
    let mut list: Value = serde_json::from_slice(&fs::read(&list_file).expect("there")).expect("JSON");
    let entry = list.as_array_mut().expect("a list").iter_mut().find(|asset| asset["role"] == "manifest");
    let entry = entry.expect("the manifest is in the list");
    let file = folder.join(entry["file"].as_str().expect("a path"));
    let mut manifest: Value = serde_json::from_slice(&fs::read(&file).expect("there")).expect("JSON");
    let other = "0".repeat(64);
    manifest["classifier"]["sha256"] = json!(other);
    manifest["classifier"]["plan"]["source_sha256"] = json!(other);
    let bytes = manifest.to_string().into_bytes();
    entry["sha256"] = json!(sha256_hex(&bytes));
    entry["bytes"] = json!(bytes.len());
    fs::write(&file, bytes).expect("it can be written");
    fs::write(&list_file, list.to_string()).expect("it can be written");
}

#[test]
fn other_models_end_a_session_and_what_was_recorded_keeps_the_first_ones() {
    let site = two_texts();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = half_done(&browser, &site);
    site.change(renew_models);
    page.reload();
    page.wait_for_view("study-resume");
    page.click("#resume-yes");
    page.wait_for_view("study-loading");
    page.click("#load");
    page.wait_for_view("study-review");
    let sentence = text(&page, "#changed");
    assert!(
        sentence.contains("reads faces in another way now") && sentence.contains("is lost"),
        "{sentence}"
    );
    let result = handed_over(&page, &browser);
    assert_ne!(result.models.classifier_sha256, "0".repeat(64), "the models that read it");
    assert_eq!(result.models.classifier_sha256.len(), 64);
}

#[test]
fn other_models_change_nothing_before_the_first_stimulus() {
    let site = two_texts();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    tell_kept(&page);
    open(&page, &site, "&participant=P017");
    agree(&page);
    prepare(&page);
    site.change(renew_models);
    page.reload();
    page.wait_for_view("study-resume");
    page.click("#resume-yes");
    page.wait_for_view("study-loading");
    page.click("#load");
    page.wait_for_view("study-checks");
}
