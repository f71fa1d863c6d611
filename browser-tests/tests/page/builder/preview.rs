//! The ZIP of the builder itself, gone through as a participant would: as a preview, and from a host.

use std::fs;
use std::path::Path;

use browser_tests::{Browser, Camera, Page, Scene, Site, TempFolder};
use emotion_study::result;

use super::{content, files_of, fill, fill_what_is_needed, open, wait_for_stimuli};
use crate::study::{agree, prepare, save, show};

/// A study of one image in the builder's form, and the bytes of its ZIP.
#[track_caller]
fn built(page: &Page, browser: &Browser) -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the repository");
    let image = root.join("public/studies/example/media/morning.png");
    page.choose_files("#media-files", &[&image]);
    wait_for_stimuli(page, 1);
    fill(page, "#f-stimuli-0-image-duration_ms", "2");
    fill(page, "#f-stimuli-0-image-alt", "A morning");
    fill_what_is_needed(page);
    // The engine may be slow where compilers run beside the test.
    fill(page, "#f-checks-min_fps", "1");
    page.click("#save-study");
    let bytes = browser.downloaded_bytes();
    browser.forget_events();
    bytes
}

/// docs/studies.md, from an empty web space to the first result: the page is there, the ZIP is unpacked beside it, a link of the list is opened.
#[test]
fn the_zip_of_the_builder_is_unpacked_beside_the_page_and_its_link_leads_to_a_result() {
    let site = Site::changed(|_| {});
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    open(&page, &site);
    let files = files_of(&built(&page, &browser));
    site.change(|folder| {
        for (name, bytes) in files.iter().filter(|(name, _)| name.starts_with("spring-2026/")) {
            let file = folder.join("studies").join(name);
            fs::create_dir_all(file.parent().expect("it lies in a folder")).expect("a folder can be made");
            fs::write(file, bytes).expect("it can be written");
        }
    });
    let links =
        std::str::from_utf8(content(&files, "spring-2026-links-keep-private/links.csv")).expect("text");
    let first = links.lines().nth(1).and_then(|line| line.rsplit(',').next()).expect("a link");
    let page = browser.open();
    page.go(first);
    page.wait_for_view("study-notice");
    agree(&page);
    prepare(&page);
    show(&page, "study-review");
    let read = result::read(&save(&page, &browser)).expect("the file is right");
    page.wait_for_view("study-complete");
    assert_eq!(read.session.participant.as_deref(), Some("P01"));
    assert!(!read.session.preview && read.samples.len() > 3);
    let requests = site.server.requests();
    assert!(
        !requests.iter().any(|request| request.contains("participant")),
        "no id in the host's log: {requests:?}"
    );
}

#[test]
fn the_zip_of_the_builder_is_previewed_as_it_is() {
    let folder = TempFolder::new();
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    open(&page, &site);
    let zip = folder.path().join("spring-2026.zip");
    fs::write(&zip, built(&page, &browser)).expect("it can be written");

    let page = browser.open();
    page.go(&format!("{}#study=preview", site.url()));
    page.wait_for_view("study-preview");
    page.choose_files("#preview-files", &[&zip]);
    page.wait_for_view("study-notice");
    assert_eq!(page.evaluate("document.querySelector('.study-title').innerText"), "Spring spots");
    let requests = site.server.requests();
    agree(&page);
    prepare(&page);
    show(&page, "study-review");
    let read = result::read(&save(&page, &browser)).expect("the file is right");
    assert!(read.session.preview);
    assert_eq!(read.study.id, "spring-2026");
    assert_eq!(read.exposures.len(), 1);
    assert_eq!(site.server.requests(), requests, "a preview sends and fetches nothing");
    assert_eq!(page.evaluate("document.querySelector('#completion-code') === null"), true);
}
