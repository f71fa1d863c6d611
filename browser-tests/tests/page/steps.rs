//! What several tests do.

use browser_tests::Page;
use serde_json::Value;

/// The names of the meters, in their order.
pub const EMOTIONS: [&str; 7] = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"];

/// Keeps every camera stream that the page is given in `window.givenStreams`.
pub const KEEP_STREAMS: &str = r#"
    window.givenStreams = [];
    const getUserMedia = MediaDevices.prototype.getUserMedia;
    MediaDevices.prototype.getUserMedia = async function (...args) {
        const stream = await getUserMedia.apply(this, args);
        window.givenStreams.push(stream);
        return stream;
    };
"#;

/// Opens the page, chooses an allowed use and starts the camera.
#[track_caller]
pub fn start(page: &Page, url: &str) {
    page.go(url);
    page.wait_for_view("welcome");
    page.click("input[name=use][value=self]");
    page.click("#start");
}

/// As [`start`], until the first frame is analysed.
#[track_caller]
pub fn start_live(page: &Page, url: &str) {
    start(page, url);
    page.wait_for_view("live");
    next_event(page);
}

/// The `detail` of the next `emotiondepth` event.
#[track_caller]
pub fn next_event(page: &Page) -> Value {
    page.evaluate(
        "new Promise((done) => addEventListener('emotiondepth', (event) => done(event.detail), { once: true }))",
    )
}

/// Waits for a reading of the face: seven meters with values.
#[track_caller]
pub fn wait_for_reading(page: &Page) {
    page.wait_until("document.querySelectorAll('[role=meter][aria-valuenow]').length === 7");
}
