//! What is read of a video: which frames, at which times, and what cannot be read.

use browser_tests::{Browser, Camera, Key, Site, TempFolder};
use serde_json::Value;

use super::{assert_follows, notes, open, read, samples, saved, set_pace, times, videos};

#[test]
fn each_time_of_the_grid_gets_the_frame_that_is_shown_then_and_nothing_is_asked_for() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    assert_eq!(page.evaluate("document.documentElement.dataset.sealed"), "true");
    let requests_before = site.server.requests();
    let grid: Vec<f64> = (0..40).map(|at| f64::from(at) * 100.0).collect();
    for file in ["moving.webm", "moving.mp4"] {
        read(&page, &videos().join(file));
        let samples = samples(&browser, &page);
        assert_eq!(times(&samples)[..40], grid, "{file}");
        // Where the sound goes on, the last picture stands: it is read once more.
        assert_eq!(samples.len(), if file == "moving.mp4" { 41 } else { 40 }, "{file}");
        assert_follows(&samples[..40], 4.0);
        assert!(samples.iter().all(|sample| sample["source"] == file && sample["face"] == 1), "{file}");
        assert!(samples.iter().all(|sample| sample["raw"]["happy"].as_f64() > Some(0.3)), "she smiles");
        // CSV and JSON say the same.
        let csv = String::from_utf8(saved(&browser, &page, "#save-csv")).expect("CSV is text");
        assert!(!page.asks_before_leaving(), "a file holds the readings");
        let told = page.evaluate("document.querySelector('#saved').innerText");
        assert_eq!(told, format!("Saved as emotion-depth_{file}.csv."));
        let mut lines = csv.lines();
        let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
        let column = |name: &str| header.iter().position(|column| *column == name).expect("a column");
        let happy: Vec<f32> = lines
            .map(|line| {
                line.split(',').nth(column("raw.happy")).and_then(|cell| cell.parse().ok()).expect("a number")
            })
            .collect();
        let expected: Vec<f32> =
            samples.iter().map(|sample| sample["raw"]["happy"].as_f64().expect("a number") as f32).collect();
        assert_eq!(happy, expected);
        page.screenshots(&format!("video-{}", file.replace('.', "-")));
        read(&page, &videos().join("wall.webm"));
        assert_eq!(page.evaluate("document.querySelector('#saved')"), Value::Null, "of another video");
    }
    assert_eq!(site.server.requests(), requests_before, "reading asks for nothing");
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn no_frame_is_read_twice_and_every_frame_can_be() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    // 25 looks a second at 10 frames a second.
    set_pace(&page, "25");
    read(&page, &videos().join("moving.webm"));
    let all: Vec<f64> = (0..40).map(|at| f64::from(at) * 100.0).collect();
    let read_often = samples(&browser, &page);
    assert_eq!(times(&read_often), all);
    assert_follows(&read_often, 4.0);

    set_pace(&page, "every");
    read(&page, &videos().join("moving.mp4"));
    let every = samples(&browser, &page);
    let expected: Vec<f64> = (0..120).map(|at| (f64::from(at) * 100_000.0 / 3.0).round() / 1000.0).collect();
    for (time, expected) in times(&every).iter().zip(&expected) {
        assert!((time - expected).abs() < 0.01, "{time}, not {expected}");
    }
    assert_eq!(every.len(), 120);

    // The same file once more, at another pace: its sound goes on, and at 4 s the last frame stands with its own time.
    assert_eq!(page.evaluate("document.querySelector('#read-again')"), Value::Null);
    assert_eq!(page.evaluate("document.querySelector('#other-pace').checkVisibility()"), false);
    set_pace(&page, "1");
    page.evaluate("document.querySelector('#read-again').focus()");
    page.press(Key::Enter);
    page.wait_until("document.querySelector('.file-line') !== null && document.querySelector('#video-progress').value === 1 && document.querySelector('#progress').dataset.running === 'false' && document.querySelector('#read-again') === null");
    // The keyboard's focus stays where the person was.
    assert_eq!(page.evaluate("document.activeElement.id"), "progress");
    assert_eq!(times(&samples(&browser, &page)), [0.0, 1000.0, 2000.0, 3000.0, 3966.667]);
    assert_eq!(page.evaluate("document.querySelector('#read-again')"), Value::Null);
}

/// In a hidden tab browsers tell no page of presented pictures, and slow its timers down.
#[test]
fn a_hidden_tab_reads_on_and_reads_the_same() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    page.choose_files("#video-file", &[&videos().join("moving.mp4")]);
    // Chromium opens no video in a tab that is hidden from the beginning: the page waits for it.
    page.wait_until("document.querySelector('#video-curves') !== null");
    let other = browser.open();
    other.bring_to_front();
    page.wait_until("document.hidden");
    page.wait_until("document.querySelector('#progress')?.dataset.running === 'false'");
    assert_eq!(page.evaluate("document.hidden"), true);
    page.bring_to_front();
    let samples = samples(&browser, &page);
    let grid: Vec<f64> = (0..40).map(|at| f64::from(at) * 100.0).collect();
    assert_eq!(times(&samples)[..40], grid);
    assert_follows(&samples[..40], 4.0);
}

#[test]
fn cancelling_keeps_what_was_read() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    set_pace(&page, "every");
    page.choose_files("#video-file", &[&videos().join("moving.mp4")]);
    page.wait_until("document.querySelector('#video-curves') !== null");
    page.click("#cancel");
    page.wait_until("document.querySelector('#progress').dataset.running === 'false'");
    let text = page.evaluate("document.querySelector('#progress label').innerText");
    assert!(text.as_str().is_some_and(|text| text.starts_with("Cancelled at 0:0")), "{text}");
    let kept = samples(&browser, &page).len();
    assert!((1..120).contains(&kept), "{kept}");
    // Nothing comes after the cancelling; the next file is read as if it were the first.
    set_pace(&page, "10");
    read(&page, &videos().join("two.webm"));
    let next = samples(&browser, &page);
    assert!(next.iter().all(|sample| sample["source"] == "two.webm"));
    assert_eq!(next[0]["face"], 1);
}

#[test]
fn what_is_wrong_with_a_video_is_said_and_the_rest_is_read() {
    let folder = TempFolder::new();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("the file can be written");
        path
    };
    let empty = write("empty.mp4", b"");
    let text = write("text.mp4", b"Dear diary,\n");
    let sound =
        write("broken.webm", &std::fs::read(videos().join("moving.webm")).expect("it is there")[..200]);
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    for (file, words) in [
        (empty, "The file is empty."),
        (text, "The file is not a video"),
        (sound, "cannot play this WebM or Matroska file"),
        (videos().join("foreign.mp4"), "cannot play this MP4 file: it lacks the format of its pictures"),
    ] {
        read(&page, &file);
        assert!(notes(&page).contains(words), "{}: {}", file.display(), notes(&page));
    }
    page.screenshots("video-refused");

    read(&page, &videos().join("damaged.mp4"));
    assert!(
        notes(&page).contains("The video is damaged: 0:01.0 to 0:03.0 could not be read"),
        "{}",
        notes(&page)
    );
    let damaged = samples(&browser, &page);
    // The damage begins at 1 s: the picture at 0.9 s is whole (ffmpeg decodes it to the bytes of moving.mp4).
    let expected: Vec<f64> =
        (0..40).filter(|at| !(10..30).contains(at)).map(|at| f64::from(at) * 100.0).collect();
    assert_eq!(times(&damaged), expected);
    assert_follows(&damaged[..10], 4.0);
    page.screenshots("video-damaged");

    read(&page, &videos().join("wall.webm"));
    assert!(notes(&page).contains("No face was found in this video"), "{}", notes(&page));
    assert!(!page.asks_before_leaving(), "moments without a face are no loss");
    for nothing in ["#save-csv", "#save-svg", "#chart", "#videos-table"] {
        assert_eq!(page.evaluate(&format!("document.querySelector('{nothing}')")), Value::Null, "{nothing}");
    }
    page.screenshots("video-without-face");

    read(&page, &videos().join("endless.webm"));
    let endless: Vec<f64> = (0..20).map(|at| f64::from(at) * 100.0).collect();
    assert_eq!(times(&samples(&browser, &page)), endless);
    // The console only holds what Chromium itself says of a video that it gives up.
    let own: Vec<String> =
        page.complaints().into_iter().filter(|complaint| !complaint.contains("video")).collect();
    assert_eq!(own, [""; 0]);
}
