//! The live page with a face before the camera.

use browser_tests::{Browser, Camera, Page, Scene, Site, named};
use serde_json::Value;

use crate::steps::{EMOTIONS, next_event, start_live, wait_for_reading};

/// The attributes of the seven meters.
fn meters(page: &Page) -> Vec<Value> {
    let meters = page.evaluate(
        r#"[...document.querySelectorAll("[role=meter]")].map((meter) =>
            Object.fromEntries([...meter.attributes].map((attribute) => [attribute.name, attribute.value])))"#,
    );
    meters.as_array().expect("a list").clone()
}

#[test]
fn seven_meters_show_plausible_depths_of_a_real_face() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    start_live(&page, &site.url());
    wait_for_reading(&page);

    // After a while of the same face the smoothed depths stand still, and the meters show the event's numbers.
    page.wait_until(
        r#"(() => {
            window.heard ??= addEventListener("emotiondepth", (event) => { window.detail = event.detail; }) ?? true;
            const depth = window.detail?.samples[0]?.depth;
            return depth && [...document.querySelectorAll("[role=meter]")].every((meter) =>
                Math.abs(Number(meter.getAttribute("aria-valuenow")) - depth[meter.getAttribute("aria-label")]) < 0.01);
        })()"#,
    );
    let meters = meters(&page);
    assert_eq!(meters.iter().map(|meter| &meter["aria-label"]).collect::<Vec<_>>(), EMOTIONS);
    let mut sum = 0.0;
    for meter in &meters {
        assert_eq!(
            (meter["aria-valuemin"].as_str(), meter["aria-valuemax"].as_str()),
            (Some("0"), Some("1"))
        );
        assert!(meter.get("aria-disabled").is_none_or(|disabled| disabled == "false"), "{meter}");
        assert!(meter["aria-valuetext"].as_str().is_some_and(|text| !text.is_empty()), "{meter}");
        let text = meter["aria-valuenow"].as_str().expect("a meter has a value");
        assert!(text.split_once('.').is_some_and(|(_, decimals)| decimals.len() >= 3), "{text}");
        let depth: f64 = text.parse().expect("the value is a number");
        assert!((0.0..=1.0).contains(&depth), "{meter}");
        sum += depth;
    }
    assert!(sum > 0.5 && sum <= 1.02, "the depths are shares of the same viewers: {sum}");
    // The astronaut smiles; whoever sees her says happy more often than angry, disgusted, afraid or sad.
    let depth = |name: &str| {
        let meter = meters.iter().find(|meter| meter["aria-label"] == name).expect("there is such a meter");
        meter["aria-valuenow"].as_str().and_then(|text| text.parse::<f64>().ok()).expect("a number")
    };
    for other in ["angry", "disgust", "fear", "sad"] {
        assert!(depth("happy") > depth(other), "happy {} {other} {}", depth("happy"), depth(other));
    }
    page.screenshots("live");
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn each_frame_tells_its_samples_to_the_window() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    start_live(&page, &site.url());
    wait_for_reading(&page);
    let (first, second) = (next_event(&page), next_event(&page));
    assert!(first["time_ms"].as_f64() < second["time_ms"].as_f64(), "time runs forward: {first} {second}");
    let sample = &second["samples"][0];
    for key in ["time_ms", "face", "score", "yaw", "pitch", "roll", "quality", "valence", "intensity"] {
        assert!(sample[key].is_number(), "{key}: {sample}");
    }
    let in_frame = |value: &Value| value.as_f64().is_some_and(|value| (0.0..=1.0).contains(&value));
    assert!(
        sample["box"].as_array().is_some_and(|sides| sides.len() == 4 && sides.iter().all(in_frame)),
        "{sample}"
    );
    for kind in ["raw", "depth"] {
        assert!(EMOTIONS.iter().all(|emotion| in_frame(&sample[kind][emotion])), "{kind}: {sample}");
    }
    assert!(sample["quality_reasons"].is_array() && sample["baseline_corrected"].is_null(), "{sample}");
    assert!(sample["emotion"].as_str().is_some_and(|emotion| EMOTIONS.contains(&emotion)), "{sample}");
}

#[test]
fn the_meters_move_when_the_face_changes() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::changing_face()));
    let page = browser.open();
    start_live(&page, &site.url());
    let range = page.wait_until(
        r#"(() => {
            const seen = (window.seen ??= {});
            let widest = 0;
            for (const meter of document.querySelectorAll("[role=meter][aria-valuenow]")) {
                const value = Number(meter.getAttribute("aria-valuenow"));
                const range = (seen[meter.getAttribute("aria-label")] ??= [value, value]);
                range[0] = Math.min(range[0], value);
                range[1] = Math.max(range[1], value);
                widest = Math.max(widest, range[1] - range[0]);
            }
            return widest > 0.05 && widest;
        })()"#,
    );
    assert!(range.as_f64().is_some_and(|range| range > 0.05));
}

#[test]
fn without_a_face_the_meters_are_disabled() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::empty()));
    let page = browser.open();
    start_live(&page, &site.url());
    let sample = next_event(&page)["samples"][0].clone();
    for key in ["face", "box", "score", "raw", "depth"] {
        assert!(sample[key].is_null(), "{key}: {sample}");
    }
    // The made-up camera repeats its picture, which is told, too, after a while.
    assert_eq!(sample["quality_reasons"][0], "no_face");
    let meters = meters(&page);
    assert_eq!(meters.len(), 7);
    for meter in meters {
        assert_eq!(meter["aria-disabled"], "true", "{meter}");
        assert!(meter.get("aria-valuenow").is_none(), "{meter}");
        assert!(meter["aria-valuetext"].as_str().is_some_and(|text| text.contains("no reading")), "{meter}");
    }
    // The made-up camera gives the same picture again and again, to the bit: no sensor does.
    page.wait_until("/not changed for [0-9]+ s/.test(document.querySelector('#unchanged')?.innerText)");
    let sample = next_event(&page)["samples"][0].clone();
    assert_eq!(sample["quality_reasons"], serde_json::json!(["no_face", "unchanged"]));
    page.screenshots("no-face");
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn a_face_that_goes_away_and_comes_back_is_read_again() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::coming_and_going()));
    let page = browser.open();
    start_live(&page, &site.url());
    for _ in 0..2 {
        wait_for_reading(&page);
        page.wait_until("document.querySelectorAll('[role=meter][aria-disabled=true]').length === 7");
    }
}

#[test]
fn of_two_faces_the_chosen_one_is_shown() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::two_faces()));
    let page = browser.open();
    start_live(&page, &site.url());
    page.wait_until("document.querySelectorAll('#faces button').length === 2");
    page.click_named("#faces button", "Face 2");
    page.wait_until(&format!("{}.getAttribute('aria-pressed') === 'true'", named("#faces button", "Face 2")));
    wait_for_reading(&page);
    assert_eq!(next_event(&page)["samples"].as_array().map(Vec::len), Some(2));
    page.screenshots("two-faces");
}

/// The astronaut smiles, which viewers would not call neutral: she is asked for once more, and then taken.
fn calibrate_a_smile(page: &Page) {
    page.click("#calibrate");
    page.wait_until(
        "document.querySelector('.notice-line[role=alert]')?.innerText.includes('call this face happy, not neutral')",
    );
    assert_eq!(page.evaluate("document.querySelector('#corrected')"), Value::Null);
    page.screenshots("calibration-refused");
    page.click("#calibrate");
    page.wait_until("document.querySelectorAll('#corrected tbody tr').length === 7");
}

#[test]
fn calibration_sets_corrected_beside_uncorrected_depths() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    start_live(&page, &site.url());
    wait_for_reading(&page);
    calibrate_a_smile(&page);
    let sample = next_event(&page)["samples"][0].clone();
    // The same face again: corrected, nothing is left of it.
    for emotion in EMOTIONS {
        let corrected = sample["baseline_corrected"][emotion].as_f64().expect("a corrected depth");
        assert!(corrected.abs() < 0.1, "{emotion}: {corrected}");
    }
    page.screenshots("calibrated");
    page.wait_until("document.querySelector('[role=status].visually-hidden').innerText.startsWith('Your neutral face is calibrated')");
    assert_eq!(
        page.evaluate(
            "document.querySelector('#calibrated').innerText.includes('Viewers would call this face happy')"
        ),
        true
    );
    // The doubt stays beside the corrected depths and goes into the files.
    assert_eq!(page.evaluate("document.querySelector('#doubtful').innerText.includes('doubtful')"), true);
    page.click("#record");
    page.wait_until("document.querySelector('#record').getAttribute('aria-pressed') === 'true'");
    next_event(&page);
    page.click("#record");
    page.wait_until("document.querySelector('#record').getAttribute('aria-pressed') === 'false'");
    page.click("#save-json");
    let json: Value = serde_json::from_str(&browser.downloaded()).expect("the file is JSON");
    assert_eq!(json["session"]["baselines"][0]["doubtful"], true, "{}", json["session"]);
    browser.forget_events();
    page.click("#save-csv");
    let csv = browser.downloaded();
    let last: Vec<&str> = csv.lines().map(|line| line.rsplit(',').next().unwrap_or_default()).collect();
    assert_eq!((last[0], last[1]), ("session.doubtful_baselines", sample["face"].to_string().as_str()));
    // The result may lie below what is seen of the page: a line by the button leads there.
    page.click("#calibrated a");
    page.wait_until(
        "(() => { const { top } = document.querySelector('#corrected-title').getBoundingClientRect(); return top > -1 && top < innerHeight; })()",
    );
    page.click("#calibrated button");
    page.wait_until(
        "document.querySelector('#calibrated') === null && document.activeElement.id === 'calibrate'",
    );
}

#[test]
fn the_legend_hides_curves_and_the_mirror_turns_the_picture() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    start_live(&page, &site.url());
    page.click("#legend button");
    page.wait_until("document.querySelector('#legend button').getAttribute('aria-pressed') === 'false'");
    let transform = "getComputedStyle(document.querySelector('#camera')).transform + \
        getComputedStyle(document.querySelector('#camera').parentElement).transform";
    let mirrored = page.evaluate(transform);
    page.click("#mirror");
    page.wait_until(&format!("{transform} !== {mirrored}"));
    page.click("#speed summary");
    page.wait_until("Number(document.querySelector('#frames-per-second').textContent) > 0");
    page.wait_until(
        "[...document.querySelectorAll('#stages tbody td')].every((cell) => Number(cell.textContent) >= 0)",
    );
    page.screenshots("speed");
}

#[test]
fn a_pause_keeps_the_face_and_its_neutral_and_a_stop_does_not() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    start_live(&page, &site.url());
    wait_for_reading(&page);
    calibrate_a_smile(&page);
    let before = next_event(&page)["samples"][0].clone();
    assert!(before["baseline_corrected"].is_object(), "{before}");

    page.click("#pause");
    page.wait_for_view("paused");
    page.click("#pause");
    page.wait_for_view("live");
    wait_for_reading(&page);
    let after = next_event(&page)["samples"][0].clone();
    assert_eq!(after["face"], before["face"], "{after}");
    assert!(after["baseline_corrected"].is_object(), "{after}");

    // Who sits there when the camera is switched on again may be anybody.
    page.click("#stop");
    page.wait_for_view("stopped");
    page.click("#start-again");
    page.wait_for_view("live");
    wait_for_reading(&page);
    let later = next_event(&page)["samples"][0].clone();
    assert_ne!(later["face"], before["face"], "{later}");
    assert!(later["baseline_corrected"].is_null(), "{later}");
}
