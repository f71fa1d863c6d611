//! Going on with a study: from the builder's ZIP, from another writer's, from a folder, with faults and without its
//! files.

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use browser_tests::memory::measure;
use browser_tests::{Browser, Camera, Page, Site, TempFolder};
use emotion_study::file;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{content, fault, fill, open, saved, study_of};

fn example() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the repository");
    root.join("public/studies/example")
}

const EXAMPLE_FILES: [&str; 3] = ["study.json", "media/ball.webm", "media/morning.png"];

#[track_caller]
fn wait_until_complete(page: &Page) {
    page.wait_until(
        "document.querySelector('#open-count').innerText === 'The study is complete.' \
         && !document.querySelector('#media-progress')",
    );
}

#[test]
fn a_packed_zip_of_another_program_is_opened_and_comes_out_as_it_went_in() {
    let folder = TempFolder::new();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    writer.add_directory("example/", packed).expect("a folder");
    for name in EXAMPLE_FILES {
        writer.start_file(format!("example/{name}"), packed).expect("a file");
        writer.write_all(&fs::read(example().join(name)).expect("it is there")).expect("in memory");
    }
    let zip = folder.path().join("example.zip");
    fs::write(&zip, writer.finish().expect("whole").into_inner()).expect("it can be written");
    let before =
        file::parse(&fs::read_to_string(example().join("study.json")).expect("it is there")).expect("right");

    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    page.choose_files("#open-study", &[&zip]);
    wait_until_complete(&page);
    assert_eq!(page.evaluate("document.querySelector('#f-title').value"), before.title.as_str());
    assert!(!page.asks_before_leaving(), "it stands in the file that was opened");
    let files = saved(&browser, &page, "#save-study");
    let after = study_of(&files, &format!("{}/study.json", before.id));
    assert_eq!(after, before);
    for name in &EXAMPLE_FILES[1..] {
        let there = fs::read(example().join(name)).expect("it is there");
        assert_eq!(content(&files, &format!("{}/{name}", before.id)), there, "{name}");
    }

    // The ZIP that was saved now, in a page of its own.
    let saved_zip = folder.path().join("again.zip");
    fs::copy(browser.downloads().join(format!("{}.zip", before.id)), &saved_zip).expect("it was saved");
    let page = browser.open();
    open(&page, &site);
    page.choose_files("#open-study", &[&saved_zip]);
    wait_until_complete(&page);
    assert_eq!(
        study_of(&saved(&browser, &page, "#save-study"), &format!("{}/study.json", before.id)),
        before
    );
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn a_study_with_faults_and_without_a_file_is_opened_and_mended() {
    let folder = TempFolder::new();
    let text = fs::read_to_string(example().join("study.json")).expect("it is there");
    let text = text
        .replacen("\"title\":", "\"colour\": \"red\", \"heading\":", 1)
        .replace("\"demonstration\"", "\"hiring\"");
    let study = folder.path().join("study.json");
    fs::write(&study, text).expect("it can be written");
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    // One by one, without its folder; the image is missing.
    page.choose_files("#open-study", &[&study, &example().join("media/ball.webm")]);
    page.wait_until(
        "document.querySelectorAll('.still').length === 1 && !document.querySelector('#media-progress')",
    );
    assert!(fault(&page, "f-purpose").contains("AI Act"), "{}", fault(&page, "f-purpose"));
    assert_eq!(fault(&page, "f-title"), "Please fill this in.");
    let missing = page.evaluate(
        "[...document.querySelectorAll('.file-facts .fault')].map((fault) => fault.innerText).join()",
    );
    assert!(missing.as_str().is_some_and(|text| text.contains("morning.png is not here yet")), "{missing}");
    page.screenshots("builder-opened");

    // What no field shows is taken away by its button.
    for left in [1, 0] {
        page.click("#f--fault button");
        page.wait_until(&format!("document.querySelectorAll('#f--fault button').length === {left}"));
    }
    fill(&page, "#f-title", "Mended");
    super::choose(&page, "#f-purpose", "demonstration");
    let at = page.evaluate(
        "[...document.querySelectorAll('#stimuli > .entry')] \
         .findIndex((entry) => entry.innerText.includes('morning.png'))",
    );
    page.choose_files(&format!("#replace-{at}"), &[&example().join("media/morning.png")]);
    wait_until_complete(&page);
    let files = saved(&browser, &page, "#save-study");
    let name = files.iter().find(|(name, _)| name.ends_with("/study.json")).map(|(name, _)| name.clone());
    let study = study_of(&files, &name.expect("a study file"));
    assert_eq!(study.title, "Mended");
    assert_eq!(page.complaints(), [""; 0]);
}

/// A video with so many bytes, most of which no player looks at.
fn large_video(folder: &TempFolder, bytes: u64) -> PathBuf {
    let path = folder.path().join("large.webm");
    fs::copy(super::videos().join("two.webm"), &path).expect("it can be copied");
    let file = fs::File::options().write(true).open(&path).expect("it is there");
    file.set_len(bytes).expect("the disk has room");
    path
}

#[test]
fn large_media_never_stand_in_the_pages_memory() {
    const BYTES: u64 = 200_000_000;
    let folder = TempFolder::new();
    let video = large_video(&folder, BYTES);
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    page.choose_files("#media-files", &[&video]);
    super::wait_for_stimuli(&page, 1);
    page.wait_until("document.querySelector('#large-media')?.innerText.includes('200.0 MB')");
    page.click("#save-draft");
    let zip = browser.downloaded_bytes();
    assert!(zip.len() as u64 > BYTES, "{}", zip.len());
    let making = measure(&browser, &page).total();
    assert!(making < 40_000_000, "{making} bytes");

    let saved = folder.path().join("large.zip");
    fs::write(&saved, zip).expect("the disk has room");
    let page = browser.open();
    open(&page, &site);
    page.choose_files("#open-study", &[&saved]);
    page.wait_until(
        "document.querySelectorAll('.still').length === 1 && !document.querySelector('#media-progress')",
    );
    let missing = page.evaluate("document.querySelectorAll('.file-facts .faults .fault').length");
    assert_eq!(missing, 0, "it is the very file");
    let opened = measure(&browser, &page).total();
    assert!(opened < 40_000_000, "{opened} bytes");
}

#[test]
fn what_is_no_study_is_refused_and_unsaved_work_is_not_replaced() {
    let folder = TempFolder::new();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("it can be written");
        path
    };
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    for (path, words) in [
        (write("a.zip", "Dear diary"), "not a whole ZIP file"),
        (write("notes.txt", "Dear diary"), "no study.json among these files"),
        (write("study.json", "{\"format\":\"emotion-depth-session\",\"version\":1}"), "another kind of file"),
    ] {
        page.choose_files("#open-study", &[&path]);
        page.wait_until(&format!(
            "document.querySelector('.begin [role=alert]').innerText.includes({words:?})"
        ));
    }
    fill(&page, "#f-title", "Mine");
    page.choose_files("#open-study", &[&example().join("study.json")]);
    page.wait_until("document.querySelector('.begin [role=alert]').innerText.includes('Save or discard')");
    assert_eq!(page.evaluate("document.querySelector('#f-title').value"), "Mine");
    page.click("#discard");
    page.click("#discard");
    page.wait_until("document.querySelector('#f-title').value === ''");
    assert!(!page.asks_before_leaving());
}
