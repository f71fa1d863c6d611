//! Several videos at once: read one after the other, each with its own chart and files, one table over all.

use std::collections::BTreeMap;

use browser_tests::{Browser, Camera, Page, Site, named};
use serde_json::Value;

use super::{notes, open, samples, saved, set_pace, videos};
use crate::accessibility::assert_no_barriers;

/// The texts of the table over all videos.
fn rows(page: &Page) -> Vec<Vec<String>> {
    let cells = page.evaluate(
        "[...document.querySelectorAll('#videos-table tbody tr')].map((row) => [...row.children].map((cell) => cell.innerText.trim()))",
    );
    serde_json::from_value(cells).expect("rows of texts")
}

#[test]
fn three_videos_are_read_one_after_the_other_with_one_table_over_all() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    let files = ["wall.webm", "two.webm", "moving.webm"].map(|name| videos().join(name));
    page.choose_files("#video-file", &files.each_ref().map(|file| file.as_path()));
    page.wait_until("document.querySelector('#queue')?.innerText === 'Video 1 of 3'");
    page.wait_until("document.querySelector('#progress').dataset.running === 'false'");
    let table = rows(&page);
    let names: Vec<&str> = table.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(names, ["moving.webm", "two.webm", "wall.webm"], "in the order of their names");
    assert_eq!(table[0][1..3], ["0:04.0, 40 pictures", "1"]);
    let happy = |row: &[String]| row[6].parse::<f32>().ok();
    assert!(happy(&table[0]).is_some_and(|happy| happy > 0.3), "{table:?}");
    assert_eq!((table[2][2].as_str(), happy(&table[2])), ("0", None), "a wall has no depths: {table:?}");
    page.screenshots("videos");
    assert_no_barriers(&page, "videos");

    // Each has its own chart and its own files.
    assert!(page.asks_before_leaving());
    page.click_named("#videos-table button", "moving.webm");
    page.wait_until("document.querySelector('.file-line').innerText === 'moving.webm'");
    page.wait_until("document.querySelector('#chart').getAttribute('aria-valuemax') === '4.000'");
    let of_first = samples(&browser, &page);
    assert_eq!(of_first.len(), 40);
    assert!(of_first.iter().all(|sample| sample["source"] == "moving.webm"));
    assert!(page.asks_before_leaving(), "the others are in no file");
    page.screenshots("videos-first");
    page.click_named("#videos-table button", "two.webm");
    page.wait_until("document.querySelector('.file-line').innerText === 'two.webm'");
    let of_second = samples(&browser, &page);
    assert!(of_second.iter().all(|sample| sample["source"] == "two.webm"));
    page.click_named("#videos-table button", "wall.webm");
    page.wait_until("document.querySelector('.file-line').innerText === 'wall.webm'");
    assert!(notes(&page).contains("No face was found"), "{}", notes(&page));
    assert_eq!(page.evaluate("document.querySelector('#chart')"), Value::Null);
    // And back: what was read is still there.
    page.click_named("#videos-table button", "moving.webm");
    page.wait_until("document.querySelector('.file-line').innerText === 'moving.webm'");
    assert_eq!(samples(&browser, &page), of_first);

    // One table over all has what each has.
    let csv = String::from_utf8(saved(&browser, &page, "#save-all-csv")).expect("CSV is text");
    assert!(!page.asks_before_leaving(), "a file holds all");
    let mut lines = csv.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let source = header.iter().position(|name| *name == "source").expect("a column");
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for line in lines {
        *counts.entry(line.split(',').nth(source).expect("a cell").to_owned()).or_default() += 1;
    }
    let expected = [("moving.webm", 40), ("two.webm", of_second.len()), ("wall.webm", 20)];
    assert_eq!(counts, expected.map(|(name, count)| (name.to_owned(), count)).into());
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn files_that_come_while_one_is_read_wait_and_cancelling_leaves_them_out() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    set_pace(&page, "every");
    page.choose_files("#video-file", &[&videos().join("moving.mp4")]);
    page.wait_until("document.querySelector('#video-curves') !== null");
    // The same file twice more: no two have one name.
    page.choose_files("#video-file", &[&videos().join("moving.mp4")]);
    page.choose_files("#video-file", &[&videos().join("two.webm")]);
    page.wait_until("/^Video [12] of 3$/.test(document.querySelector('#queue').innerText)");
    page.wait_until("document.querySelector('#queue').innerText === 'Video 2 of 3'");
    page.click("#cancel");
    page.wait_until("document.querySelector('#progress').dataset.running === 'false'");
    assert!(notes(&page).contains("One more video was not read."), "{}", notes(&page));
    let names: Vec<String> = rows(&page).into_iter().map(|row| row[0].clone()).collect();
    assert_eq!(names, ["moving.mp4", "moving.mp4 (2)"]);
    page.click("#discard-all");
    page.click("#discard-all");
    page.wait_until("document.querySelector('#videos-table') === null");
    assert!(!page.asks_before_leaving());
    assert_eq!(page.evaluate(&format!("{} ?? null", named("button", "moving.mp4"))), Value::Null);
}
