//! The stimulus beside its curves: one cursor for both.

use std::path::Path;

use browser_tests::{Browser, Camera, Key, Site};
use emotion_panel::sample::Sample;
use emotion_study::hash::{file_sha256, measure_sha256};
use emotion_study::{file, result};
use serde_json::{Value, json};

use super::{Files, open, rows, settled};
use crate::accessibility::assert_no_barriers;

/// The sample study with a film in the place of its first text, and an image in that of its second.
fn study(film: &[u8], image: &[u8]) -> String {
    let mut study: Value = serde_json::from_str(&Sample::default().study_json()).expect("it is JSON");
    let segments = json!([{ "id": "ball", "from_ms": 1_000, "to_ms": 3_000 }]);
    study["stimuli"][0] = json!({ "id": "joke", "segments": segments, "video": {
        "file": "media/two.webm", "sha256": file_sha256(film), "bytes": film.len(), "duration_ms": 30_000,
    } });
    study["stimuli"][1] = json!({ "id": "quiet", "image": {
        "file": "media/pack.png", "sha256": file_sha256(image), "bytes": image.len(), "duration_ms": 20_000, "alt": "A grey square",
    } });
    study.to_string()
}

#[test]
fn film_and_curves_have_one_cursor() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the repository");
    let film = std::fs::read(root.join("tests/videos/two.webm")).expect("the film is there");
    let mut image = Vec::new();
    let grey = image::GrayImage::from_pixel(8, 8, image::Luma([128]));
    grey.write_to(&mut std::io::Cursor::new(&mut image), image::ImageFormat::Png).expect("it can be written");
    let study = study(&film, &image);
    let parsed = file::parse(&study).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let mut files = Files::new();
    files.add("study.json", study.as_bytes());
    for index in 0..30 {
        let mut made = Sample::default().result(index);
        made.study.sha256 = file_sha256(study.as_bytes());
        made.study.measure_sha256 = measure_sha256(&parsed);
        files.add(&format!("{index:02}.result.json.gz"), &result::write(&made));
    }
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    files.choose(&page);
    settled(&page);
    // Without the film the page says which file it wants.
    page.wait_until("document.body.innerText.includes('Drop two.webm as well')");
    assert!(rows(&page, "#segments").iter().any(|row| row.starts_with("ball | happy | ")));
    files.add_medium("two.webm", &film);
    files.add_medium("pack.png", &image);
    let media: Vec<&Path> = files.paths[31..].iter().map(|path| path.as_path()).collect();
    page.choose_files("#panel-files", &media);
    page.wait_until("document.querySelector('#stimulus-player')?.readyState >= 1");

    // The film moves the cursor ...
    let at = "document.querySelector('#panel-chart').getAttribute('aria-valuenow')";
    page.evaluate("document.querySelector('#stimulus-player').currentTime = 1.5");
    page.wait_until(&format!("{at} === '1'"));
    page.wait_until("document.querySelector('#readout').innerText.startsWith('0:01, happy')");
    // ... and the cursor the film, by key and by mouse.
    page.evaluate("document.querySelector('#panel-chart').focus()");
    page.press(Key::ArrowRight);
    page.wait_until("Math.abs(document.querySelector('#stimulus-player').currentTime - 2) < 0.1");
    page.wait_until(&format!("{at} === '2'"));
    page.drag("#panel-chart", 0.2, 0.09);
    page.wait_until("Math.abs(document.querySelector('#stimulus-player').currentTime - 2) > 0.2");
    let both = page.wait_until(
        "(() => { const film = document.querySelector('#stimulus-player'); if (film.seeking) return null; \
         return [film.currentTime, Number(document.querySelector('#panel-chart').getAttribute('aria-valuenow'))]; })()",
    );
    assert_eq!(both[0].as_f64().map(f64::floor), both[1].as_f64(), "{both}");
    // Played, the cursor goes with it.
    page.evaluate("(() => { const film = document.querySelector('#stimulus-player'); film.currentTime = 0; film.muted = true; film.play(); })()");
    page.wait_until(&format!("{at} === '0'"));
    page.wait_until(&format!("Number({at}) >= 1"));
    page.evaluate("document.querySelector('#stimulus-player').pause()");
    page.screenshots("panel-film");
    assert_no_barriers(&page, "panel with its film");

    page.choose_option("#stimulus", "quiet");
    page.wait_until("document.querySelector('#stimulus-image')?.naturalWidth === 8");
    settled(&page);
    assert_eq!(page.complaints(), [""; 0]);
}
