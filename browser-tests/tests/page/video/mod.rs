//! The video activity, driven through its real file input with real files.

mod chart;
mod cost;
mod decoding;
mod queue;
mod reading;

use std::path::{Path, PathBuf};

use browser_tests::{Browser, Page, Site, TempFolder};
use serde_json::Value;

/// Opens the video activity and goes on to its work.
#[track_caller]
fn open(page: &Page, site: &Site) {
    page.go(&format!("{}?activity=video", site.url()));
    page.wait_for_view("video-welcome");
    page.click("input[name=use][value=research]");
    page.click("#start");
    page.wait_for_view("video");
}

fn videos() -> PathBuf {
    // The browser reads no path with `..` in it.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the repository");
    root.join("tests/videos")
}

/// Chooses how often the video is looked at.
#[track_caller]
fn set_pace(page: &Page, pace: &str) {
    page.choose_option("#pace", pace);
}

/// Chooses a file and waits until it is read or refused.
#[track_caller]
fn read(page: &Page, file: &Path) {
    let name = file.file_name().and_then(|name| name.to_str()).expect("a name");
    page.choose_files("#video-file", &[file]);
    page.wait_until(&format!("document.querySelector('.file-line')?.innerText === {name:?}"));
    page.wait_until("document.querySelector('#progress')?.dataset.running === 'false'");
}

/// As [`read`], beside a file that is refused: of several videos the page saves those without a face, too, by
/// [`samples_of_all`].
#[track_caller]
fn read_beside_another(page: &Page, file: &Path) {
    let folder = TempFolder::new();
    let other = folder.path().join("0.mp4");
    std::fs::write(&other, "Dear diary,\n").expect("the file can be written");
    let name = file.file_name().and_then(|name| name.to_str()).expect("a name");
    page.choose_files("#video-file", &[&other, file]);
    page.wait_until(&format!("document.querySelector('.file-line')?.innerText === {name:?}"));
    page.wait_until("document.querySelector('#progress')?.dataset.running === 'false'");
}

/// The samples of the JSON file over all videos.
fn samples_of_all(browser: &Browser, page: &Page) -> Vec<Value> {
    let bytes = saved(browser, page, "#save-all-json");
    let file: Value = serde_json::from_slice(&bytes).expect("the file is JSON");
    file["samples"].as_array().expect("it has samples").clone()
}

/// What the page says of the video.
fn notes(page: &Page) -> String {
    let text = page
        .evaluate("[...document.querySelectorAll('#notes li')].map((note) => note.innerText).join(' | ')");
    text.as_str().unwrap_or_default().to_owned()
}

/// The file that a button saves.
fn saved(browser: &Browser, page: &Page, button: &str) -> Vec<u8> {
    browser.forget_events();
    page.click(button);
    browser.downloaded_bytes()
}

/// The samples of the JSON file.
fn samples(browser: &Browser, page: &Page) -> Vec<Value> {
    let bytes = saved(browser, page, "#save-json");
    let file: Value = serde_json::from_slice(&bytes).expect("the file is JSON");
    assert_eq!(file["format"], "emotion-depth-session");
    file["samples"].as_array().expect("it has samples").clone()
}

fn times(samples: &[Value]) -> Vec<f64> {
    samples.iter().map(|sample| sample["time_ms"].as_f64().expect("a time")).collect()
}

/// The middle of the face in pixels of the test videos' 320.
fn middle(sample: &Value) -> f64 {
    let of = |at: usize| sample["box"][at].as_f64().expect("a face");
    (of(0) + of(2) / 2.0) * 320.0
}

/// In frame n of the moving videos the face stands 4 n pixels from the left. A wrong frame is 4 pixels or more off.
#[track_caller]
fn assert_follows(samples: &[Value], pixels_a_sample: f64) {
    let mut offsets: Vec<f64> =
        samples.iter().enumerate().map(|(at, sample)| middle(sample) - at as f64 * pixels_a_sample).collect();
    let shown = offsets.clone();
    offsets.sort_by(f64::total_cmp);
    let typical = offsets[offsets.len() / 2];
    for (at, offset) in shown.iter().enumerate() {
        assert!((offset - typical).abs() < 2.0, "sample {at}: {offset:.1} of {typical:.1}: {shown:.1?}");
    }
}
