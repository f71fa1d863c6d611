//! The whole course, and what the result file holds.

use browser_tests::{Browser, Camera, Scene};
use emotion_study::completion;
use emotion_study::file;
use emotion_study::result::{self, ResultFile};
use emotion_study::session::{AnswerValue, Outcome};

use super::{agree, answer, open, prepare, save, show, site_with};
use crate::steps::KEEP_STREAMS;

/// Times of the stimulus at which the face changes from one that most call happy to one that fewer do, or back; in milliseconds.
fn changes(result: &ResultFile, exposure: u16) -> Vec<i32> {
    let columns = &result.samples;
    let happy = &columns.raw[3];
    let readings: Vec<usize> = columns.range_of(exposure).filter(|index| columns.is_usable(*index)).collect();
    let values: Vec<u16> = readings.iter().map(|index| happy[*index]).collect();
    let middle = (values.iter().max().unwrap_or(&0) + values.iter().min().unwrap_or(&0)) / 2;
    let turns = readings.windows(2).filter(|pair| (happy[pair[0]] > middle) != (happy[pair[1]] > middle));
    turns.map(|pair| columns.media_ms[pair[1]]).collect()
}

#[test]
fn a_study_is_done_from_the_link_to_the_result_file() {
    let site = site_with(|_| {});
    let browser = Browser::start(&Camera::Shows(Scene::changing_face()));
    let page = browser.open();
    page.run_first(KEEP_STREAMS);
    open(&page, &site, "&participant=P017");
    page.screenshots("study-notice");
    assert_eq!(
        page.evaluate("window.givenStreams.length"),
        0,
        "the camera is not asked for before the consent"
    );
    agree(&page);
    page.screenshots("study-loading");
    let address = page.evaluate("location.hash");
    assert_eq!(address, "#study=studies/example/study.json", "who takes part stands in the address no more");
    prepare(&page);
    assert_eq!(page.evaluate("document.documentElement.dataset.sealed"), "true");
    page.screenshots("study-ready");
    let requests = site.server.requests();
    show(&page, "study-ready");
    show(&page, "study-ready");
    show(&page, "study-questions");
    let ended = "window.givenStreams.every((stream) => stream.getTracks().every((track) => track.readyState === 'ended'))";
    assert_eq!(page.evaluate(ended), true, "the camera's light is off when nothing more is shown");
    page.screenshots("study-questions");
    answer(&page);
    page.screenshots("study-review");
    let curves = page.evaluate("document.querySelectorAll('.shown path.curve[d^=M]').length");
    assert_eq!(curves, 3 * 7, "seven curves under each of the three");
    let bytes = save(&page, &browser);
    page.wait_for_view("study-complete");
    page.screenshots("study-complete");
    assert_eq!(site.server.requests(), requests, "nothing is asked for after the seal");
    assert_eq!(page.complaints(), [""; 0]);

    let result = result::read(&bytes).expect("the file is right");
    assert_eq!(result.session.participant.as_deref(), Some("P017"));
    assert_eq!((result.session.outcome, result.session.preview), (Outcome::Complete, false));
    assert_eq!(result.session.order, ["text", "image", "video"]);
    assert_eq!(result.exposures.len(), 3);
    assert!(result.exposures.iter().all(|exposure| exposure.interrupted.is_none()), "{:?}", result.exposures);
    assert_eq!(result.answers[0].value, AnswerValue::Text("video".to_owned()));
    assert_eq!(result.answers[1].value, AnswerValue::Number(4));
    assert_eq!(result.samples.inputs.len(), 14);
    assert_eq!((result.session.camera.width, result.session.camera.height), (640, 480));
    // The face before the camera changes every two seconds: so do the curves under the six seconds of the video.
    let turns = changes(&result, 2);
    assert!((2..=4).contains(&turns.len()), "{turns:?}");
    for pair in turns.windows(2) {
        assert!((1_300..=2_700).contains(&(pair[1] - pair[0])), "{turns:?}");
    }
    let code = page.evaluate("document.querySelector('#completion-code').innerText");
    let text = site_study(&site);
    let study = file::parse(&text).expect("right");
    let expected = completion::issue(&study, &result.session.id, &bytes).expect("it is whole");
    assert!(code.as_str().is_some_and(|shown| shown.contains(&expected)), "{code} {expected}");
}

/// The study file as it was served.
fn site_study(site: &browser_tests::Site) -> String {
    let url = site.url();
    let (host, _) = url.trim_start_matches("http://").split_once('/').expect("an address");
    let mut stream = std::net::TcpStream::connect(host).expect("the server lives");
    use std::io::{Read, Write};
    write!(stream, "GET /studies/example/study.json HTTP/1.0\r\nHost: {host}\r\n\r\n").expect("it listens");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer.split_once("\r\n\r\n").expect("a body").1.to_owned()
}
