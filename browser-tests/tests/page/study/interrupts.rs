//! What comes between: a hidden page, a video that stands still, a camera that is gone; and the two clocks.

use browser_tests::{Browser, Camera, Page, Scene, Site};
use emotion_study::result::{self, EventKind, ResultFile};
use emotion_study::session::{Cause, Outcome};
use serde_json::{Value, json};

use super::{agree, begin_showing, long_text, look_away, open, prepare, save, show, site_with};
use crate::steps::KEEP_STREAMS;

/// The example's video alone.
fn video_alone(study: &mut Value) {
    study["stimuli"] = json!([study["stimuli"][2].clone()]);
    study["questions"] = json!([]);
}

#[track_caller]
fn begin<'b>(browser: &'b Browser, site: &Site) -> Page<'b> {
    let page = browser.open();
    page.run_first(KEEP_STREAMS);
    open(&page, site, "&participant=P1");
    agree(&page);
    prepare(&page);
    page
}

fn kinds(result: &ResultFile) -> Vec<EventKind> {
    result.events.iter().map(|event| event.kind).collect()
}

#[test]
fn a_page_that_was_hidden_breaks_off_and_the_next_one_follows() {
    let site = long_text("skip");
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = begin(&browser, &site);
    begin_showing(&page);
    look_away(&page, &browser);
    page.wait_for_view("study-review");
    let result = result::read(&save(&page, &browser)).expect("the file is right");
    assert_eq!(result.session.outcome, Outcome::Complete);
    assert_eq!(result.exposures[0].interrupted, Some(Cause::Hidden));
    assert!(
        result.exposures[0].grade <= 3 && result.exposures[0].hidden_ms >= 1_000,
        "{:?}",
        result.exposures
    );
    assert!(kinds(&result).contains(&EventKind::Hidden), "{:?}", result.events);
}

#[test]
fn a_study_that_ends_on_an_interruption_fails_and_gives_no_code() {
    let site = long_text("end");
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = begin(&browser, &site);
    begin_showing(&page);
    look_away(&page, &browser);
    page.wait_for_view("study-review");
    let result = result::read(&save(&page, &browser)).expect("what was recorded can be handed over");
    assert_eq!(result.session.outcome, Outcome::Failed);
    page.wait_for_view("study-failed");
    assert_eq!(page.evaluate("document.querySelector('#completion-code') === null"), true);
}

#[test]
fn a_study_that_repeats_says_so_and_repeats_at_most_twice() {
    let site = long_text("repeat");
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = begin(&browser, &site);
    for _ in 0..2 {
        begin_showing(&page);
        look_away(&page, &browser);
        page.wait_for_view("study-ready");
        page.wait_until("document.querySelector('#repeated') && !document.querySelector('#away').hidden");
    }
    page.screenshots("study-repeated");
    begin_showing(&page);
    look_away(&page, &browser);
    page.wait_for_view("study-review");
}

#[test]
fn a_video_that_stands_still_is_noted() {
    let site = site_with(video_alone);
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = begin(&browser, &site);
    page.click("#show");
    page.wait_for_view("study-showing");
    page.wait_until("document.querySelector('.stage-video').currentTime > 1");
    page.evaluate("document.querySelector('.stage-video').pause()");
    page.wait_until("[...document.querySelectorAll('.stage-words')].some((words) => !words.hidden)");
    page.screenshots("study-stalled");
    page.evaluate("document.querySelector('.stage-video').play()");
    page.wait_for_view("study-review");
    let result = result::read(&save(&page, &browser)).expect("the file is right");
    assert!(kinds(&result).contains(&EventKind::Stalled) && kinds(&result).contains(&EventKind::PlayedOn));
    let exposure = &result.exposures[0];
    assert_eq!(exposure.interrupted, None);
    assert!(exposure.ended_ms - exposure.started_ms > exposure.duration_ms + 900, "{exposure:?}");
    // While it stood still the readings stayed at that moment of the video.
    let media = &result.samples.media_ms;
    let longest = media.chunk_by(|a, b| b - a < 30).map(<[i32]>::len).max().unwrap_or(0);
    assert!(longest >= 5, "{media:?}");
}

#[test]
fn a_camera_that_is_gone_breaks_off_and_can_be_switched_on_again() {
    let site = long_text("skip");
    site.change(|folder| {
        let file = folder.join("studies/example/study.json");
        let mut study: Value = serde_json::from_slice(&std::fs::read(&file).expect("there")).expect("JSON");
        let mut second = study["stimuli"][0].clone();
        second["id"] = json!("second");
        second["text"]["duration_ms"] = json!(2_000);
        study["stimuli"].as_array_mut().expect("a list").push(second);
        std::fs::write(&file, study.to_string()).expect("it can be written");
    });
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = begin(&browser, &site);
    page.click("#show");
    page.wait_for_view("study-showing");
    page.evaluate(
        "{ const track = window.givenStreams[0].getTracks()[0]; track.stop(); track.dispatchEvent(new Event('ended')); }",
    );
    page.wait_for_view("study-ready");
    page.wait_until("document.querySelector('#camera-again')");
    page.screenshots("study-camera-lost");
    page.click("#camera-again");
    show(&page, "study-review");
    let result = result::read(&save(&page, &browser)).expect("the file is right");
    assert_eq!(result.exposures[0].interrupted, Some(Cause::CameraLost));
    assert!(kinds(&result).contains(&EventKind::CameraLost));
    let usable = result.samples.range_of(1).filter(|index| result.samples.is_usable(*index)).count();
    assert!(usable > 0, "the participant is known again by the looks");
}

/// The two clocks agree: the time in the stimulus of every reading is that of the picture that the browser says it presented at that
/// moment of the page's clock, within 20 ms. What is heard are the browser's own words, by a second listener.
#[test]
fn the_stimulus_clock_agrees_with_the_pages_clock_within_20_ms() {
    let site = site_with(video_alone);
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = begin(&browser, &site);
    page.evaluate(
        r#"{
            const video = document.querySelector(".stage-video");
            window.pictures = [];
            const heard = (now, { expectedDisplayTime, mediaTime }) => {
                if (!video.paused) window.pictures.push([expectedDisplayTime, mediaTime * 1000]);
                video.requestVideoFrameCallback(heard);
            };
            video.requestVideoFrameCallback(heard);
        }"#,
    );
    show(&page, "study-review");
    let pictures: Vec<(f64, f64)> = serde_json::from_value(page.evaluate("window.pictures")).expect("pairs");
    let result = result::read(&save(&page, &browser)).expect("the file is right");
    let exposure = &result.exposures[0];
    // The first picture behind the begin gives the zero of the session on the page's clock.
    let (shown, media) = *pictures.iter().find(|(_, media)| *media > 0.0).expect("pictures were presented");
    let zero = shown - media - f64::from(exposure.started_ms);
    let mut compared = 0;
    for index in result.samples.range_of(0) {
        let at = zero + f64::from(result.samples.time_ms[index]);
        let told = f64::from(result.samples.media_ms[index]);
        let after = pictures.partition_point(|(shown, _)| *shown <= at);
        let Some(((shown, media), (_, next))) =
            after.checked_sub(1).and_then(|before| Some((pictures[before], *pictures.get(after)?)))
        else {
            continue;
        };
        if media <= 0.0 {
            continue;
        }
        let expected = (media + at - shown).min(next);
        assert!((told - expected).abs() <= 20.0, "{told} ms, but {expected} ms was shown at {at}");
        compared += 1;
    }
    assert!(compared >= 10, "only {compared} readings lie between two pictures");
}
