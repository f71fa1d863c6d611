//! What a device gives or refuses: the share sheet, the screen's wake lock, the full screen, a video that must not play, a covered or
//! busy camera.

use browser_tests::{Browser, Camera, Page, Scene, Site, staged_camera};
use emotion_study::result::{self, EventKind, ResultFile};
use emotion_study::session::Cause;
use serde_json::{Value, json};

use super::{agree, begin_showing, long_text, look_away, open, prepare, save, show, site_with};

#[track_caller]
fn begin<'b>(browser: &'b Browser, site: &Site, script: &str) -> Page<'b> {
    let page = browser.open();
    page.run_first(script);
    open(&page, site, "&participant=P1");
    agree(&page);
    page
}

fn kinds(result: &ResultFile) -> Vec<EventKind> {
    result.events.iter().map(|event| event.kind).collect()
}

/// One short text, and sharing as the only way.
fn shared(study: &mut Value) {
    study["stimuli"] = json!([study["stimuli"][0].clone()]);
    study["questions"] = json!([]);
    study["handover"] = json!({ "methods": ["share"] });
}

#[test]
fn the_result_is_given_to_the_share_sheet_of_the_device() {
    const SHEET: &str = r#"
        window.answers = ["AbortError", ""];
        window.shared = [];
        navigator.canShare = ({ files }) => files?.length === 1;
        navigator.share = async ({ files }) => {
            const refused = window.answers.shift();
            if (refused) throw new DOMException("closed", refused);
            window.shared.push([files[0].name, files[0].type, [...new Uint8Array(await files[0].arrayBuffer())]]);
        };
    "#;
    let site = site_with(shared);
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = begin(&browser, &site, SHEET);
    prepare(&page);
    show(&page, "study-review");
    page.click("#review-next");
    page.wait_for_view("study-handover");
    page.screenshots("study-share");
    // Who closes the sheet has handed nothing over.
    page.click("#share-file");
    page.wait_until("window.answers.length === 1 && document.querySelector('#share-file')");
    page.wait_for_view("study-handover");
    page.click("#share-file");
    page.wait_for_view("study-complete");
    page.wait_until("document.querySelector('#completion-code')");
    let shared = page.evaluate("window.shared[0]");
    assert!(shared[0].as_str().is_some_and(|name| name.ends_with(".result.json.gz")), "{}", shared[0]);
    assert_eq!(shared[1], "application/gzip");
    let bytes: Vec<u8> = serde_json::from_value(shared[2].clone()).expect("bytes");
    assert_eq!(result::read(&bytes).expect("it is whole").session.participant.as_deref(), Some("P1"));
}

#[test]
fn where_the_share_sheet_fails_or_is_missing_the_file_is_saved() {
    let site = site_with(shared);
    for script in [
        "navigator.canShare = () => true; navigator.share = async () => { throw new DOMException('no', 'DataError'); };",
        "navigator.canShare = undefined;",
    ] {
        let browser = Browser::start(&Camera::Shows(Scene::face()));
        let page = begin(&browser, &site, script);
        prepare(&page);
        show(&page, "study-review");
        page.click("#review-next");
        page.wait_for_view("study-handover");
        let button = if script.contains("DataError") { "#share-file" } else { "#save-file" };
        page.click(button);
        assert!(result::read(&browser.downloaded_bytes()).is_ok(), "{script}");
        page.click("#have-file");
        page.wait_for_view("study-complete");
    }
}

#[test]
fn the_screen_is_kept_awake_while_something_is_measured_and_asked_for_again_on_return() {
    const LOCKS: &str = r#"
        window.locks = [];
        WakeLock.prototype.request = async (kind) => {
            const tell = () => dispatchEvent(new Event("input"));
            const lock = { kind, released: false, release: async () => { lock.released = true; tell(); } };
            window.locks.push(lock);
            tell();
            return lock;
        };
    "#;
    let site = long_text("skip");
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = begin(&browser, &site, LOCKS);
    assert_eq!(page.evaluate("window.locks.length"), 0, "nothing is measured yet");
    prepare(&page);
    assert_eq!(
        page.evaluate("window.locks.map((lock) => [lock.kind, lock.released])"),
        json!([["screen", false]])
    );
    // The browser takes the lock from a hidden page.
    let other = browser.open();
    other.bring_to_front();
    page.wait_until("document.hidden");
    page.bring_to_front();
    page.wait_until("window.locks.length === 2 && window.locks[0].released && !window.locks[1].released");
    begin_showing(&page);
    look_away(&page, &browser);
    page.wait_for_view("study-review");
    page.wait_until("window.locks.every((lock) => lock.released)");
}

#[test]
fn leaving_the_full_screen_is_noted_and_the_way_back_offered() {
    let site = long_text("skip");
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    // What the page asks the browser for, without the browser's animation.
    let page = begin(
        &browser,
        &site,
        r#"
        let full = null;
        const turn = async (element) => { full = element; document.dispatchEvent(new Event("fullscreenchange")); };
        Object.defineProperty(Document.prototype, "fullscreenElement", { get: () => full });
        Object.defineProperty(Document.prototype, "fullscreenEnabled", { get: () => true });
        Element.prototype.requestFullscreen = function () { return turn(this); };
        Document.prototype.exitFullscreen = () => turn(null);
        "#,
    );
    prepare(&page);
    begin_showing(&page);
    page.wait_until("document.fullscreenElement === document.documentElement");
    page.evaluate("document.exitFullscreen()");
    page.wait_until("document.querySelector('#full-screen').checkVisibility()");
    page.screenshots("study-left-full-screen");
    page.click("#full-screen");
    page.wait_until(
        "document.fullscreenElement && !document.querySelector('#full-screen').checkVisibility()",
    );
    look_away(&page, &browser);
    page.wait_for_view("study-review");
    assert_eq!(page.evaluate("document.fullscreenElement"), Value::Null, "nothing more is shown");
    let result = result::read(&save(&page, &browser)).expect("the file is right");
    let kinds = kinds(&result);
    assert!(
        kinds.contains(&EventKind::LeftFullScreen) && kinds.contains(&EventKind::BackFullScreen),
        "{kinds:?}"
    );
    assert_eq!(
        result.exposures[0].interrupted,
        Some(Cause::Hidden),
        "the full screen itself breaks nothing off"
    );
}

/// The example's video alone.
fn video_alone(study: &mut Value) {
    study["stimuli"] = json!([study["stimuli"][2].clone()]);
    study["questions"] = json!([]);
}

/// What `play()` of the stimulus is answered with, while `window.refusal` says so.
const REFUSED: &str = r#"
    window.refusal = "";
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () {
        const refused = window.refusal && this.classList.contains("stage-video");
        return refused ? Promise.reject(new DOMException("by the test", window.refusal)) : play.call(this);
    };
"#;

#[test]
fn a_video_that_the_browser_does_not_let_play_waits_for_a_click() {
    let site = site_with(video_alone);
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = begin(&browser, &site, REFUSED);
    prepare(&page);
    page.evaluate("window.refusal = 'NotAllowedError'");
    page.click("#show");
    page.wait_until("document.querySelector('#play').checkVisibility()");
    page.screenshots("study-wants-click");
    page.evaluate("window.refusal = ''");
    page.click("#play");
    page.wait_for_view("study-review");
    let result = result::read(&save(&page, &browser)).expect("the file is right");
    assert!(kinds(&result).contains(&EventKind::PlayRejected), "{:?}", result.events);
    assert_eq!(result.exposures[0].interrupted, None);
    assert!(!result.samples.is_empty());
}

#[test]
fn a_video_that_cannot_be_played_at_all_is_noted_and_the_study_goes_on() {
    let site = site_with(|study| {
        video_alone(study);
        study["on_interrupt"] = json!("skip");
    });
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = begin(&browser, &site, REFUSED);
    prepare(&page);
    page.evaluate("window.refusal = 'NotSupportedError'");
    page.click("#show");
    page.wait_for_view("study-review");
    let result = result::read(&save(&page, &browser)).expect("the file is right");
    assert_eq!(result.exposures[0].interrupted, Some(Cause::MediaError));
}

#[test]
fn a_busy_and_a_covered_camera_are_told_with_the_way_out() {
    let site = long_text("skip");
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let scenes = [("black", Scene::black()), ("participant", Scene::face())];
    let page = begin(&browser, &site, &staged_camera(&scenes));
    page.click("#load");
    page.wait_for_view("study-checks");
    page.evaluate("window.refuseCamera = 'NotReadableError'");
    page.click("#camera-on");
    page.wait_until(
        "document.querySelector('#camera-trouble')?.innerText.includes('Another program uses the camera')",
    );
    page.screenshots("study-camera-busy");
    page.click("#camera-again");
    page.wait_until("document.querySelector('#advice')?.innerText.includes('The camera gives no picture')");
    page.screenshots("study-camera-black");
    assert_eq!(page.evaluate("document.querySelector('#checks-next').disabled"), true);
    page.evaluate("window.showInCamera('participant')");
    page.wait_until("!document.querySelector('#checks-next').disabled");
}
