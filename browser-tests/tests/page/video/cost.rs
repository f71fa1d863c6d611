//! Memory and time that reading a video takes.

use browser_tests::memory::measure;
use browser_tests::{Browser, Camera, Site};

use super::{open, read, set_pace, videos};

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
