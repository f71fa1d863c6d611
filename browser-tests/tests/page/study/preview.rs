//! The preview: the maker of a study goes through it; nothing of it ever counts.

use std::fs;

use browser_tests::{Browser, Camera, Scene, Site};
use emotion_study::result;
use serde_json::{Value, json};
use testkit::TempFolder;

use super::{agree, prepare, save, show};

#[test]
fn a_study_is_previewed_from_its_files_and_its_result_never_counts() {
    let folder = TempFolder::new();
    let mut study: Value =
        serde_json::from_slice(&Site::file("studies/example/study.json")).expect("the example is JSON");
    study["checks"] = json!({ "min_fps": 1, "min_quality": 0.3, "sound": false });
    study["baseline"] = json!({ "seconds": 8, "before_each_ms": 0 });
    study["stimuli"] = json!([study["stimuli"][1].clone()]);
    study["stimuli"][0]["image"]["duration_ms"] = json!(2_000);
    study["questions"] = json!([]);
    let (file, picture) = (folder.path().join("study.json"), folder.path().join("morning.png"));
    fs::write(&file, study.to_string()).expect("it can be written");
    fs::write(&picture, Site::file("studies/example/media/morning.png")).expect("it can be written");

    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.go(&format!("{}#study=preview", site.url()));
    page.wait_for_view("study-preview");
    page.screenshots("study-preview");
    page.choose_files("#preview-files", &[&picture]);
    page.wait_until("document.querySelector('.fault').innerText.includes('no study.json')");
    page.choose_files("#preview-files", &[&file, &picture]);
    page.wait_for_view("study-notice");
    let mark = "document.querySelector('#preview-mark').checkVisibility()";
    assert_eq!(page.evaluate(mark), true);
    let requests = site.server.requests();
    agree(&page);
    prepare(&page);
    show(&page, "study-review");
    let bytes = save(&page, &browser);
    page.wait_for_view("study-complete");
    assert_eq!(page.evaluate(mark), true, "it is marked to the end");
    assert_eq!(page.evaluate("document.querySelector('#completion-code') === null"), true);
    assert_eq!(site.server.requests(), requests, "a preview sends and fetches nothing");
    let read = result::read(&bytes).expect("the file is right");
    assert!(read.session.preview);
    page.reload();
    page.wait_for_view("study-preview");
}
