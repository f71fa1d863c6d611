//! Videos read by the browser's decoder: each kind of file whole, with the right times, and the same numbers as by seeking.

use std::path::{Path, PathBuf};

use browser_tests::{Browser, Camera, Page, Site};
use serde_json::Value;

use super::{notes, open, read_beside_another, samples_of_all, set_pace, times, videos};

fn films() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the repository");
    root.join("crates/demux/tests")
}

/// What ffprobe says of the films, see `crates/demux/tests/golden.py`.
fn golden() -> Value {
    let text = std::fs::read_to_string(films().join("golden.json")).expect("golden.json is there");
    serde_json::from_str(&text).expect("it is JSON")
}

/// Debian's Chromium has no decoder for HEVC; the others hold no pictures, or hold fewer than ffmpeg gives.
const NOT_WHOLE: [&str; 10] = [
    "hevc.mp4",
    "hevc.mkv",
    "sound.mp4",
    "sound.webm",
    "no_index.mp4",
    "cut_off.mp4",
    "cut_off.webm",
    "cut_off_fragments.mp4",
    "damaged.mp4",
    "damaged.webm",
];

/// One sample of each picture that was read; in a test card several things are taken for faces.
#[track_caller]
fn read_film(browser: &Browser, page: &Page, name: &str) -> Vec<Value> {
    read_beside_another(page, &films().join("files").join(name));
    let mut samples = samples_of_all(browser, page);
    samples.dedup_by(|later, earlier| later["time_ms"] == earlier["time_ms"]);
    samples
}

#[test]
fn every_frame_of_each_kind_of_file_is_read_at_its_time() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    set_pace(&page, "every");
    let mut wrong = Vec::new();
    for (name, film) in golden().as_object().expect("an object") {
        if NOT_WHOLE.contains(&name.as_str()) {
            continue;
        }
        let expected: Vec<f64> = film["frames"]
            .as_array()
            .expect("it has frames")
            .iter()
            .map(|us| us.as_f64().expect("a time") / 1000.0)
            .collect();
        let read = times(&read_film(&browser, &page, name));
        let same =
            read.len() == expected.len() && read.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 0.002);
        let told = notes(&page);
        let counted = told.contains(&format!("{} read", expected.len())) && !told.contains("could not");
        if !same || !counted {
            wrong.push(format!("{name}: {} of {}: {read:?}: {told}", read.len(), expected.len()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_missing_is_said_and_the_rest_is_read() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    set_pace(&page, "every");
    let golden = golden();
    for (name, words) in [
        ("cut_off.mp4", "behind the end of the file"),
        ("cut_off.webm", "The file is cut off"),
        ("cut_off_fragments.mp4", "The file is cut off"),
        ("damaged.webm", "bytes of it make no sense"),
        ("damaged.mp4", "could not be decoded"),
        ("short_header.mp4", "but its pictures go on until"),
        ("several.mp4", "2 video tracks"),
        ("cut.mp4", "not shown by the film itself"),
    ] {
        let read = read_film(&browser, &page, name).len();
        let told = notes(&page);
        assert!(told.contains(words), "{name}: {told}");
        assert!(told.contains(&format!("{read} read")), "{name}: {read} samples: {told}");
        let packets = golden[name]["packets"].as_array().map_or(0, Vec::len);
        assert!(read * 2 > packets, "{name}: {read} of {packets}");
        if name == "damaged.mp4" {
            // 17 packets before the damage and 12 behind it are whole; those that the decoder held are not lost with it.
            assert!(read >= 29, "{read}: {told}");
        }
    }
}

/// Wherever both ways get the same picture they give the same numbers, bit for bit.
#[test]
fn decoding_and_seeking_read_the_same() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let read_all = |seek: bool| {
        let page = browser.open();
        if seek {
            page.run_first("delete window.VideoDecoder");
        }
        open(&page, &site);
        let turned =
            ["mirrored.mp4", "mirrored_90.mp4", "turned_90.mp4", "turned_180.mp4", "wide_pixels.mp4"];
        let turned = turned.map(|name| films().join("files").join(name));
        let faces = ["moving.mp4", "moving.webm", "two.webm", "coloured.webm", "coloured.mp4"]
            .map(|name| videos().join(name));
        let read_one = |film: &PathBuf| {
            read_beside_another(&page, film);
            let name = film.display();
            assert_eq!(notes(&page).contains("The file has"), !seek, "{name}: {}", notes(&page));
            samples_of_all(&browser, &page)
        };
        faces.iter().chain(&turned).map(read_one).collect::<Vec<_>>()
    };
    let (decoded, sought) = (read_all(false), read_all(true));
    for (decoded, sought) in decoded.iter().zip(&sought) {
        assert_eq!(times(decoded), times(sought));
        for (a, b) in decoded.iter().zip(sought) {
            assert_eq!(a, b);
        }
    }
}

/// Canvases recorded by the browser itself: without a length, with a clock of their own.
#[test]
fn what_the_browser_recorded_is_read_whole() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    set_pace(&page, "every");
    for kind in ["video/webm;codecs=vp8", "video/webm;codecs=vp9", "video/mp4;codecs=avc1.42E01E"] {
        let made = page.evaluate(&format!(
            r##"(async () => {{
                if (!MediaRecorder.isTypeSupported({kind:?})) return null;
                const canvas = Object.assign(document.createElement("canvas"), {{ width: 160, height: 120 }});
                const context = canvas.getContext("2d");
                context.fillRect(0, 0, 160, 120);
                const stream = canvas.captureStream(0);
                const recorder = new MediaRecorder(stream, {{ mimeType: {kind:?} }});
                const parts = [];
                recorder.ondataavailable = (event) => parts.push(event.data);
                const stopped = new Promise((done) => {{ recorder.onstop = done; }});
                recorder.start(200);
                for (let at = 0; at < 40; at++) {{
                    context.fillStyle = `hsl(${{at * 9}} 50% 50%)`;
                    context.fillRect(at * 3, 0, 40, 120);
                    stream.getVideoTracks()[0].requestFrame();
                    await new Promise(requestAnimationFrame);
                }}
                recorder.stop();
                await stopped;
                const name = "recorded." + ({kind:?}.includes("mp4") ? "mp4" : "webm");
                const transfer = new DataTransfer();
                transfer.items.add(new File(parts, name));
                // Of several videos those without a face can be saved, too.
                transfer.items.add(new File(["Dear diary,"], "0.mp4"));
                const input = document.querySelector("#video-file");
                input.files = transfer.files;
                input.dispatchEvent(new Event("change", {{ bubbles: true }}));
                return name;
            }})()"##
        ));
        if made.is_null() {
            continue;
        }
        page.wait_until("document.querySelector('#progress')?.dataset.running === 'false'");
        let read = samples_of_all(&browser, &page);
        let told = notes(&page);
        assert!(
            told.contains(&format!("The file has {0} pictures: {0} read.", read.len())),
            "{kind}: {told}"
        );
        assert!(read.len() >= 20, "{kind}: {} of 40", read.len());
        assert!(times(&read).is_sorted_by(|a, b| a < b), "{kind}");
        // It asks whether that is meant.
        page.click("#discard-all");
        page.click("#discard-all");
        page.wait_until("document.querySelector('#progress') === null");
    }
}
