//! Everything that a camera can do to the page.

use browser_tests::{Browser, Camera, Scene, Site};

use serde_json::Value;

use crate::steps::{KEEP_STREAMS, next_event, start, start_live, wait_for_reading};

#[test]
fn a_denied_camera_is_explained_and_can_be_tried_again() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Denied);
    let page = browser.open();
    start(&page, &site.url());
    page.wait_for_view("denied");
    page.screenshots("denied");
    page.click("#retry");
    page.wait_for_view("denied");
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn a_missing_camera_is_told() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    start(&page, &site.url());
    page.wait_for_view("no-camera");
    page.wait_until("document.querySelector('#retry')");
    page.screenshots("no-camera");
    assert_eq!(page.complaints(), [""; 0]);
}

/// A browser reports a camera that another program holds as NotReadableError.
#[test]
fn a_busy_camera_is_told_and_works_when_it_is_free() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.run_first(
        r#"window.cameraIsBusy = true;
        const getUserMedia = MediaDevices.prototype.getUserMedia;
        MediaDevices.prototype.getUserMedia = function (...args) {
            if (window.cameraIsBusy) return Promise.reject(new DOMException("in use", "NotReadableError"));
            return getUserMedia.apply(this, args);
        };"#,
    );
    start(&page, &site.url());
    page.wait_for_view("camera-busy");
    page.screenshots("camera-busy");
    page.evaluate("window.cameraIsBusy = false");
    page.click("#retry");
    page.wait_for_view("live");
    wait_for_reading(&page);
}

#[test]
fn the_question_for_the_camera_has_its_own_view() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.run_first("MediaDevices.prototype.getUserMedia = () => new Promise(() => {});");
    start(&page, &site.url());
    page.wait_for_view("asking");
    page.screenshots("asking");
}

#[test]
fn a_camera_pulled_out_is_told() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.run_first(KEEP_STREAMS);
    start_live(&page, &site.url());
    page.evaluate(
        "for (const track of window.givenStreams.at(-1).getTracks()) { track.stop(); track.dispatchEvent(new Event('ended')); }",
    );
    page.wait_for_view("unplugged");
    page.screenshots("unplugged");
    page.click("#retry");
    page.wait_for_view("live");
    next_event(&page);
}

/// The camera's light goes out: every track that the page was given has ended.
#[test]
fn stop_ends_the_cameras_tracks() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.run_first(KEEP_STREAMS);
    start_live(&page, &site.url());
    wait_for_reading(&page);
    let states =
        "window.givenStreams.flatMap((stream) => stream.getTracks()).map((track) => track.readyState)";
    assert_eq!(page.evaluate(states), serde_json::json!(["live"]));
    page.click("#pause");
    page.wait_for_view("paused");
    page.screenshots("paused");
    page.click("#pause");
    page.wait_for_view("live");
    next_event(&page);
    page.click("#stop");
    page.wait_for_view("stopped");
    let states = page.evaluate(states);
    let ended = |state: &serde_json::Value| state == "ended";
    assert!(states.as_array().is_some_and(|states| states.iter().all(ended)), "{states}");
    page.screenshots("stopped");
    page.click("#start-again");
    page.wait_for_view("live");
    wait_for_reading(&page);
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn a_hidden_tab_pauses() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    start_live(&page, &site.url());
    let other_tab = browser.open();
    other_tab.bring_to_front();
    page.wait_for_view("hidden");
    page.bring_to_front();
    page.wait_for_view("live");
    next_event(&page);
}

/// Two cameras of one make, drawn from the made-up one: `window.cameras` has their canvases.
const TWO_CAMERAS: &str = r#"
    window.cameras = {};
    const getUserMedia = MediaDevices.prototype.getUserMedia;
    const device = (deviceId) => ({ deviceId, groupId: "", kind: "videoinput", label: "HD Webcam" });
    MediaDevices.prototype.enumerateDevices = async () => ["a", "b"].map(device);
    MediaDevices.prototype.getUserMedia = async function (wanted) {
        const id = wanted.video.deviceId?.exact ?? "a";
        const video = document.createElement("video");
        video.muted = true;
        video.srcObject = await getUserMedia.call(this, { video: true });
        await video.play();
        const canvas = (window.cameras[id] = document.createElement("canvas"));
        [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
        setInterval(() => canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height), 33);
        const stream = canvas.captureStream(30);
        stream.getVideoTracks()[0].getSettings = () => ({ deviceId: id });
        return stream;
    };
"#;

#[test]
fn a_camera_is_switched_and_resized_while_a_recording_runs() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.run_first(TWO_CAMERAS);
    start_live(&page, &site.url());
    wait_for_reading(&page);
    page.wait_until(
        "[...document.querySelectorAll('#camera-choice option')].map((option) => option.innerText).join() === \
         'HD Webcam (1),HD Webcam (2)'",
    );
    page.click("#record");
    page.wait_until("document.querySelector('#record').getAttribute('aria-pressed') === 'true'");
    let first = next_event(&page)["samples"][0].clone();
    page.choose_option("#camera-choice", "b");
    page.wait_until("window.cameras.b !== undefined");
    page.wait_for_view("live");
    // Who sits before the other camera may be anybody: a new number.
    while next_event(&page)["samples"][0]["face"].as_u64() <= first["face"].as_u64() {}
    wait_for_reading(&page);
    page.evaluate("[window.cameras.b.width, window.cameras.b.height] = [960, 720]");
    page.wait_until("document.querySelector('#overlay').getAttribute('viewBox') === '0 0 960 720'");
    wait_for_reading(&page);
    next_event(&page);
    assert_eq!(page.evaluate("document.querySelector('#record').getAttribute('aria-pressed')"), "true");
    page.click("#record");
    page.wait_until("document.querySelector('#record').getAttribute('aria-pressed') === 'false'");
    page.click("#save-json");
    let json: Value = serde_json::from_str(&browser.downloaded()).expect("the file is JSON");
    let samples = json["samples"].as_array().expect("samples");
    let times: Vec<f64> = samples.iter().filter_map(|sample| sample["time_ms"].as_f64()).collect();
    assert!(times.len() == samples.len() && times.is_sorted(), "{times:?}");
    let faces: std::collections::BTreeSet<u64> =
        samples.iter().filter_map(|sample| sample["face"].as_u64()).collect();
    assert!(faces.len() >= 2, "{faces:?}");
    // The face fills the same share of each picture, whatever its size.
    let side = |sample: &Value| sample["box"][2].as_f64();
    let shares: Vec<f64> = samples.iter().filter_map(side).collect();
    assert!(shares.iter().all(|share| (share - shares[0]).abs() < 0.05), "{shares:?}");
    assert_eq!(page.complaints(), [""; 0]);
}

/// Some cameras give a frame a second, in the dark or over a slow line: that is no gap, and no fault of the light.
#[test]
fn a_camera_of_one_frame_a_second_is_told_and_waited_for() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.run_first(
        r#"const getUserMedia = MediaDevices.prototype.getUserMedia;
        MediaDevices.prototype.getUserMedia = async function (...args) {
            const video = document.createElement("video");
            video.muted = true;
            video.srcObject = await getUserMedia.apply(this, args);
            await video.play();
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
            const drawn = canvas.getContext("2d");
            const stream = canvas.captureStream(0);
            const show = () => {
                drawn.drawImage(video, 0, 0);
                stream.getVideoTracks()[0].requestFrame();
            };
            show();
            setInterval(show, 1000);
            return stream;
        };"#,
    );
    start_live(&page, &site.url());
    wait_for_reading(&page);
    page.wait_until(
        "/^Only (0|1)\\.[0-9] pictures a second/.test(document.querySelector('#few-frames')?.innerText)",
    );
    // Its pace is known by now: no moment between two frames is told as one without.
    page.evaluate(
        "addEventListener('emotiondepth', (event) => { (window.told ??= []).push(event.detail.samples[0].quality_reasons); })",
    );
    page.click("#calibrate");
    page.wait_until(
        "document.querySelector('.notice-line[role=alert]')?.innerText.includes('call this face happy, not neutral')",
    );
    let told = page.evaluate("[window.told.length, window.told.flat().includes('no_frame')]");
    assert!(told[0].as_u64() >= Some(9) && told[1] == false, "{told}");
    page.screenshots("slow-camera");
}

/// A track can stay live and unmuted and give no frames: only the time tells.
#[test]
fn a_camera_that_gives_no_frames_greys_the_gauges_and_comes_back() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.run_first(
        r#"const getUserMedia = MediaDevices.prototype.getUserMedia;
        MediaDevices.prototype.getUserMedia = async function (...args) {
            const video = document.createElement("video");
            video.muted = true;
            video.srcObject = await getUserMedia.apply(this, args);
            await video.play();
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
            const drawn = canvas.getContext("2d");
            setInterval(() => window.frozen || drawn.drawImage(video, 0, 0), 33);
            return canvas.captureStream(30);
        };"#,
    );
    start_live(&page, &site.url());
    wait_for_reading(&page);
    page.evaluate("window.frozen = true");
    page.wait_until("document.querySelectorAll('[role=meter][aria-disabled=true]').length === 7");
    page.wait_until("document.body.innerText.includes('The camera gives no pictures')");
    let sample = next_event(&page)["samples"][0].clone();
    assert_eq!(sample["quality_reasons"], serde_json::json!(["no_frame"]));
    for key in ["face", "box", "raw", "depth"] {
        assert!(sample[key].is_null(), "{key}: {sample}");
    }
    let later = next_event(&page)["samples"][0]["time_ms"].as_f64().expect("a time");
    assert!(later > sample["time_ms"].as_f64().expect("a time"), "one a second");
    page.screenshots("no-frames");
    page.evaluate("window.frozen = false");
    wait_for_reading(&page);
}
