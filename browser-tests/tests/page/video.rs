//! The video activity, driven through its real file input with real files.

use std::path::{Path, PathBuf};

use browser_tests::memory::measure;
use browser_tests::{Browser, Camera, Key, Page, Site, TempFolder};
use serde_json::Value;

use crate::accessibility::assert_no_barriers;

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
    set(page, "#pace", pace);
}

/// Chooses an option as a person does.
#[track_caller]
fn set(page: &Page, selector: &str, value: &str) {
    page.evaluate(&format!(
        "(() => {{ const select = document.querySelector({selector:?}); select.value = {value:?}; select.dispatchEvent(new Event('change', {{ bubbles: true }})); }})()"
    ));
}

/// Chooses a file and waits until it is read or refused.
#[track_caller]
fn read(page: &Page, file: &Path) {
    let name = file.file_name().and_then(|name| name.to_str()).expect("a name");
    page.choose_files("#video-file", &[file]);
    page.wait_until(&format!("document.querySelector('.file-line')?.innerText === {name:?}"));
    page.wait_until("document.querySelector('#progress')?.dataset.running === 'false'");
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
        notes(&page).contains("The video is damaged: 0:00.9 to 0:03.0 could not be read"),
        "{}",
        notes(&page)
    );
    let damaged = samples(&browser, &page);
    let expected: Vec<f64> =
        (0..40).filter(|at| !(9..30).contains(at)).map(|at| f64::from(at) * 100.0).collect();
    assert_eq!(times(&damaged), expected);
    page.screenshots("video-damaged");

    read(&page, &videos().join("wall.webm"));
    assert!(notes(&page).contains("No face was found in this video"), "{}", notes(&page));
    let wall = samples(&browser, &page);
    assert_eq!(wall.len(), 20);
    assert!(wall.iter().all(|sample| sample["face"].is_null() && sample["quality_reasons"][0] == "no_face"));
    page.screenshots("video-without-face");

    read(&page, &videos().join("endless.webm"));
    let endless: Vec<f64> = (0..20).map(|at| f64::from(at) * 100.0).collect();
    assert_eq!(times(&samples(&browser, &page)), endless);
    // The console only holds what Chromium itself says of a video that it gives up.
    let own: Vec<String> =
        page.complaints().into_iter().filter(|complaint| !complaint.contains("video")).collect();
    assert_eq!(own, [""; 0]);
}

#[test]
fn chart_and_player_share_their_time_and_there_are_no_barriers() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    page.go(&site.url());
    page.wait_for_view("welcome");
    page.follow("#video-link");
    page.wait_for_view("video-welcome");
    page.screenshots("video-welcome");
    assert_no_barriers(&page, "video-welcome");
    let activities = "[...document.querySelectorAll('.activities > *')].map((item) => item.textContent + ' ' + (item.getAttribute('aria-current') ?? item.getAttribute('href'))).join(', ')";
    assert_eq!(page.evaluate(activities), "Camera ./, Photos ?activity=photos, Video page");
    page.click("input[name=use][value=education]");
    page.wait_until("document.querySelector('#refusal').innerText.includes('Article 5(1)(f)')");
    assert_eq!(page.evaluate("document.querySelector('#start').disabled"), true);
    page.click("input[name=use][value=self]");
    page.click("#start");
    page.wait_for_view("video");
    assert_no_barriers(&page, "video before a file");
    read(&page, &videos().join("two.webm"));

    // Keys on the chart move the player, and the player moves the cursor.
    page.wait_until("document.querySelector('#player').readyState >= 2");
    page.evaluate("document.querySelector('#chart').focus()");
    page.press(Key::ArrowRight);
    page.press(Key::ArrowRight);
    page.wait_until("document.querySelector('#chart').getAttribute('aria-valuenow') === '0.200'");
    page.wait_until("Math.abs(document.querySelector('#player').currentTime - 0.201) < 1e-6");
    let said = page.evaluate("document.querySelector('#chart').getAttribute('aria-valuetext')");
    assert!(said.as_str().is_some_and(|text| text.starts_with("0:00.2, happy 0.")), "{said}");
    page.evaluate("document.querySelector('#player').currentTime = 2.001");
    page.wait_until("document.querySelector('#chart').getAttribute('aria-valuenow') === '2.000'");
    // The faces of that picture are outlined, the shown one, the largest, with whole lines.
    let outlined = "[...document.querySelectorAll('#outlines .face')].map((face) => face.textContent + (face.matches('.shown') ? ', shown' : '')).sort().join('; ')";
    page.wait_until(&format!("{outlined} === 'Face 1, shown; Face 2'"));
    // Where they stand in the player, in per cent of its width and height; it is as wide as the video, 4 : 3.
    let places = page.evaluate("(() => { const player = document.querySelector('#player').getBoundingClientRect(); return [...document.querySelectorAll('#outlines .face-corners')].map((path) => { const box = path.getBoundingClientRect(); return [box.x - player.x, box.width].map((length) => length / player.width * 100).concat([box.y - player.y, box.height].map((length) => length / player.height * 100)); }); })()");
    let places: Vec<[f64; 4]> = serde_json::from_value(places).expect("two boxes");
    for (place, [x, y]) in places.iter().zip([[21.0, 57.0], [80.0, 55.0]]) {
        let [left, width, top, height] = *place;
        assert!((left + width / 2.0 - x).abs() < 3.0 && (top + height / 2.0 - y).abs() < 3.0, "{places:?}");
        assert!((width * 4.0 / 3.0 - height).abs() < 1.0, "a face's box is a square: {places:?}");
    }
    // A click in the middle goes to the middle.
    page.click("#chart");
    page.wait_until("Math.abs(document.querySelector('#player').currentTime - 1.501) < 0.02");
    // Playing moves the cursor.
    page.evaluate("(() => { const player = document.querySelector('#player'); player.muted = true; return player.play(); })()");
    page.wait_until("Number(document.querySelector('#chart').getAttribute('aria-valuenow')) > 1.7");
    page.evaluate("document.querySelector('#player').pause()");

    // Zoom by keys, by buttons and by a drag.
    let part = "document.querySelector('#part').innerText";
    assert_eq!(page.evaluate(part), "0:00.0 to 0:03.0");
    page.click("#zoom-in");
    page.wait_until(&format!("{part} !== '0:00.0 to 0:03.0'"));
    page.click("#zoom-whole");
    page.wait_until(&format!("{part} === '0:00.0 to 0:03.0'"));
    page.drag("#chart", 0.5, 1.0);
    page.wait_until(&format!("{part} === '0:01.5 to 0:03.0'"));
    page.screenshots("video-zoomed");
    page.click("#zoom-whole");

    // Another face, another threshold, a hidden curve.
    let figures = "[...document.querySelectorAll('#summary tbody tr')].map((row) => row.innerText).join()";
    let of_largest = page.evaluate(figures);
    let faces =
        page.evaluate("[...document.querySelectorAll('#whose option')].map((option) => option.innerText)");
    assert_eq!(faces.as_array().map(Vec::len), Some(3), "{faces}");
    set(&page, "#whose", "2");
    page.wait_until(&format!("{figures} !== {of_largest}"));
    let above = |page: &Page| {
        page.evaluate("document.querySelector('#summary tbody tr:nth-child(4) td:last-child').innerText")
    };
    set(&page, "#threshold", "0.1");
    page.wait_until("document.querySelector('#summary th:last-child').innerText === '0.1 or more'");
    assert_eq!(above(&page), "1.5 s", "she smiles all the time that she is there");
    page.click("#legend .chip:last-child");
    page.wait_until(
        "document.querySelector('#legend .chip:last-child').getAttribute('aria-pressed') === 'false'",
    );
    // The peak's button goes there.
    page.click("#summary tbody tr:nth-child(4) .peak");
    page.wait_until("document.querySelector('#chart').getAttribute('aria-valuetext').startsWith(document.querySelector('#summary tbody tr:nth-child(4) .peak').innerText)");
    assert_no_barriers(&page, "video");

    // The chart as pictures: what is hidden is not in them.
    let svg = String::from_utf8(saved(&browser, &page, "#save-svg")).expect("SVG is text");
    assert!(svg.starts_with("<svg ") && svg.contains(">two.webm<") && svg.contains("data-emotion=\"happy\""));
    assert!(!svg.contains("data-emotion=\"neutral\"") && svg.contains("face 2, 0:00.0 to 0:03.0"));
    let png = saved(&browser, &page, "#save-png");
    let png = image::load_from_memory(&png).expect("the picture is PNG").to_rgb8();
    assert_eq!(png.dimensions(), (2400, 1120));
    let colours: std::collections::HashSet<_> = png.pixels().map(|pixel| pixel.0).collect();
    assert!(colours.len() > 20, "curves are drawn");

    // Unsaved readings are not lost by choosing the next file.
    page.choose_files("#video-file", &[&videos().join("wall.webm")]);
    page.wait_until("document.querySelector('#drop .fault').innerText.includes('Save or discard the readings of two.webm')");
    assert!(page.asks_before_leaving(), "no file holds the readings");
    page.click("#discard");
    page.click("#discard");
    page.wait_until("document.querySelector('#chart') === null");
    read(&page, &videos().join("wall.webm"));
    assert_eq!(page.complaints(), [""; 0]);
}

/// Keeps count of the blobs' addresses that are not given back.
const COUNT_ADDRESSES: &str = r#"
    window.addresses = new Set();
    const { createObjectURL, revokeObjectURL } = URL;
    URL.createObjectURL = (blob) => { const address = createObjectURL.call(URL, blob); window.addresses.add(address); return address; };
    URL.revokeObjectURL = (address) => { window.addresses.delete(address); revokeObjectURL.call(URL, address); };
"#;

/// An hour read ten times a second has 36,000 samples: at this bound it takes 36 MB.
const BYTES_PER_SAMPLE: u64 = 1000;

#[test]
fn memory_grows_by_less_than_its_bound_for_each_sample_and_not_from_video_to_video() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    page.run_first(COUNT_ADDRESSES);
    open(&page, &site);
    let read_and_measure = |file: &str, samples: u64| {
        page.choose_files("#video-file", &[&videos().join(file)]);
        // By stages: the whole takes longer than one wait may on a machine with other work.
        for second in (0..60).step_by(10) {
            let shown = format!(
                "Number(document.querySelector('#video-progress')?.value) >= {}",
                f64::from(second) / 60.0
            );
            page.wait_until(&format!(
                "{shown} || document.querySelector('#progress')?.dataset.running === 'false'"
            ));
        }
        page.wait_until("document.querySelector('#progress')?.dataset.running === 'false'");
        let label = page.evaluate("document.querySelector('#progress label').innerText");
        assert!(
            label.as_str().is_some_and(|text| text.starts_with(&format!("{samples} pictures read"))),
            "{label}"
        );
        measure(&browser, &page)
    };
    let discard = || {
        page.click("#discard");
        page.click("#discard");
        page.wait_until("document.querySelector('#chart') === null");
        assert_eq!(page.evaluate("window.addresses.size"), 0, "every address is given back");
    };
    // Once beforehand: what is made for the first video is kept for the next.
    read_and_measure("moving.webm", 40);
    discard();
    let before = measure(&browser, &page);
    let first = read_and_measure("long.webm", 600);
    let grown = first.total().saturating_sub(before.total());
    assert!(grown < 600 * BYTES_PER_SAMPLE, "{before:?} to {first:?}: {} bytes a sample", grown / 600);
    discard();
    let second = read_and_measure("long.webm", 600);
    let kept = second.total().saturating_sub(first.total());
    assert!(kept < 600 * BYTES_PER_SAMPLE / 5, "{first:?} to {second:?}: {} bytes a sample", kept / 600);
    println!("{before:?}, after 600 samples {first:?}, after another 600 {second:?}");
    // Chromium complains of each VideoFrame that is collected without having been closed.
    assert_eq!(page.complaints(), [""; 0]);
}

/// No bound: it says how fast this machine was, with whatever else it did.
#[test]
#[ignore = "measures; run it alone with --nocapture"]
fn speed_at_ten_a_second() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    for run in 1..=3 {
        set_pace(&page, if run == 3 { "every" } else { "10" });
        read(&page, &videos().join("vga.mp4"));
        let label = page.evaluate("document.querySelector('#progress label').innerText");
        println!("run {run}, 20 s of 640 x 480: {label}");
        page.click("#discard");
        page.click("#discard");
        page.wait_until("document.querySelector('#progress') === null");
    }
}
