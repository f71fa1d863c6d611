//! Recordings: as files, and after a closed tab.

use base64::Engine;
use browser_tests::memory::measure;
use browser_tests::{Browser, Camera, Page, Scene, Site};
use serde_json::Value;

use crate::accessibility::assert_no_barriers;
use crate::steps::{EMOTIONS, next_event, start_live, wait_for_reading};

/// Records until `frames` frames are in.
fn record(page: &Page, frames: usize) {
    page.click("#record");
    page.wait_until("document.querySelector('#record').getAttribute('aria-pressed') === 'true'");
    for _ in 0..frames {
        next_event(page);
    }
}

fn columns() -> Vec<String> {
    let nested = |outer: &str| EMOTIONS.map(|emotion| format!("{outer}.{emotion}")).to_vec();
    let first =
        ["time_ms", "face", "box.x", "box.y", "box.w", "box.h", "score", "yaw", "pitch", "roll", "quality"];
    let last = ["valence", "intensity", "source", "phase", "stimulus", "stimulus_time_ms"];
    let settings =
        ["started_at", "app_version", "models.detector_sha256_prefix", "models.classifier_sha256_prefix"];
    let mut columns: Vec<String> = first.map(str::to_owned).into();
    columns.extend(["quality_reasons", "emotion"].map(str::to_owned));
    let emotions = ["raw", "range_low", "range_high", "depth", "baseline_corrected"];
    columns.extend(emotions.into_iter().flat_map(nested));
    columns.extend(last.map(str::to_owned));
    columns.extend(["smoothing_time_ms", "format_version"].map(str::to_owned));
    columns.extend(settings.map(|name| format!("session.{name}")));
    columns.extend(["session.smoothing_time_ms", "session.doubtful_baselines"].map(str::to_owned));
    columns
}

/// The rows of a CSV text without quotes, as maps of the header would be; the header must be the contract's.
fn rows(csv: &str) -> Vec<Vec<&str>> {
    let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    assert_eq!(lines.next().expect("a header"), columns());
    let rows: Vec<_> = lines.collect();
    assert!(rows.iter().all(|row| row.len() == columns().len()), "{csv}");
    rows
}

#[test]
fn where_no_journal_is_kept_the_browser_asks_before_a_recording_is_left() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.run_first("Object.defineProperty(window, 'indexedDB', { value: undefined });");
    start_live(&page, &site.url());
    wait_for_reading(&page);
    assert!(!page.asks_before_leaving(), "nothing is recorded yet");
    record(&page, 2);
    page.wait_until(
        "document.querySelector('.save-line .fault').innerText.includes('closing the tab loses it')",
    );
    assert!(page.asks_before_leaving());
    page.click("#record");
    page.wait_until("document.querySelector('.save-line.waiting')");
    assert!(page.asks_before_leaving());
    page.click("#save-csv");
    browser.downloaded();
    assert!(!page.asks_before_leaving(), "a file has it");
}

#[test]
fn a_recording_is_saved_as_csv_and_json() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    start_live(&page, &site.url());
    wait_for_reading(&page);
    record(&page, 10);
    page.screenshots("recording");
    let links = "document.querySelector('.activities').checkVisibility()";
    assert_eq!(page.evaluate(links), false, "nothing leads away from a running recording");
    assert!(!page.asks_before_leaving(), "the journal has it");
    let sign = "document.querySelector('.recording-sign').textContent";
    assert!(page.evaluate(sign).as_str().is_some_and(|text| text.starts_with("REC 0:")));
    page.click("#pause");
    page.wait_until(&format!("{sign}.startsWith('REC paused 0:')"));
    page.screenshots("recording-paused");
    page.click("#pause");
    page.wait_until(&format!("{sign}.startsWith('REC 0:')"));
    page.click("#record");
    page.wait_until("document.querySelector('#record').getAttribute('aria-pressed') === 'false'");
    page.screenshots("recorded");
    assert_eq!(page.evaluate(links), true);

    page.click("#save-csv");
    let csv = browser.downloaded();
    let rows = rows(&csv);
    assert!(rows.len() >= 10, "{csv}");
    let number = |row: &[&str], name: &str| {
        let column = columns().iter().position(|column| column == name).expect("a column");
        row[column].parse::<f64>().unwrap_or_else(|_| panic!("{name} of {row:?}"))
    };
    let times: Vec<f64> = rows.iter().map(|row| number(row, "time_ms")).collect();
    assert!(
        times.is_sorted() && times[0] >= 0.0 && times[0] < 5000.0,
        "time runs from the recording's begin: {times:?}"
    );
    for row in &rows {
        let sum: f64 = EMOTIONS.iter().map(|emotion| number(row, &format!("depth.{emotion}"))).sum();
        assert!(sum > 0.0 && sum <= 1.02, "{row:?}");
    }

    browser.forget_events();
    page.click("#save-json");
    let json: Value = serde_json::from_str(&browser.downloaded()).expect("the file is JSON");
    assert!(json["format"] == "emotion-depth-session" && json["version"].is_number(), "{json}");
    assert_eq!(
        json["samples"].as_array().map(Vec::len),
        Some(rows.len()),
        "both files hold the same samples"
    );
    // Each row of the table tells how its numbers were made, as the session does.
    let session = &json["session"];
    let text = |name: &str| {
        let column = columns().iter().position(|column| column == name).expect("a column");
        rows[0][column]
    };
    assert_eq!(session["app_version"], text("session.app_version"));
    assert_eq!(session["started_at"], text("session.started_at"));
    assert_eq!(session["smoothing_time_ms"].as_f64(), Some(number(&rows[0], "session.smoothing_time_ms")));
    for model in ["detector", "classifier"] {
        let prefix = text(&format!("session.models.{model}_sha256_prefix"));
        let whole = session["models"][format!("{model}_sha256")].as_str().expect("a hash");
        assert!(prefix.len() == 12 && whole.starts_with(prefix), "{prefix} of {whole}");
    }
}

/// What was recorded and not saved is not forgotten on the way to the photos, and its clock counts no pauses.
#[test]
fn an_unsaved_recording_is_told_on_every_page_and_its_clock_stands_still_in_pauses() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    // A pause of a minute in no time: what the camera says of its frames' moments is moved on.
    page.run_first(
        r#"window.passed = 0;
        const ask = HTMLVideoElement.prototype.requestVideoFrameCallback;
        HTMLVideoElement.prototype.requestVideoFrameCallback = function (done) {
            return ask.call(this, (now, told) => {
                const captureTime = (told.captureTime ?? now) + window.passed;
                done(now + window.passed, { ...told, captureTime });
            });
        };"#,
    );
    start_live(&page, &site.url());
    wait_for_reading(&page);
    record(&page, 3);
    assert_eq!(
        page.evaluate("document.querySelector('.activities-closed').checkVisibility()"),
        true,
        "the links do not go away without a word"
    );
    page.click("#pause");
    page.wait_for_view("paused");
    page.evaluate("window.passed = 600_000");
    page.click("#pause");
    page.wait_for_view("live");
    let resumed = next_event(&page);
    assert!(resumed["time_ms"].as_f64() > Some(600_000.0), "the samples' own time goes on: {resumed}");
    page.click("#record");
    page.wait_until("document.querySelector('.save-line.waiting')");
    let text = page.evaluate("document.querySelector('.save-text').innerText");
    assert!(text.as_str().is_some_and(|text| !text.contains("min")), "ten minutes were no recording: {text}");
    page.click("#stop");
    page.wait_for_view("stopped");
    for activity in ["photos", "video"] {
        page.go(&format!("{}?activity={activity}", site.url()));
        page.wait_for_view(&format!("{activity}-welcome"));
        page.wait_until("document.querySelector('#unsaved')?.innerText.includes('has not been saved')");
        page.screenshots(&format!("unsaved-{activity}"));
        assert_no_barriers(&page, "unsaved");
    }
    page.follow("#unsaved a");
    page.wait_until("document.querySelector('#recovery')");
    page.click("#recover-csv");
    browser.downloaded();
    page.wait_until("document.querySelector('#kept')");
    page.go(&format!("{}?activity=photos", site.url()));
    page.wait_for_view("photos-welcome");
    assert_eq!(page.evaluate("document.querySelector('#unsaved')"), Value::Null);
}

/// Half of Europe's spreadsheets take a point for text and a comma for a decimal sign.
#[test]
fn the_tables_dialect_is_chosen_beside_the_button_and_remembered() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    start_live(&page, &site.url());
    wait_for_reading(&page);
    assert_eq!(page.evaluate("document.querySelector('#save-dialect').value"), "point");
    record(&page, 3);
    page.click("#record");
    page.wait_until("document.querySelector('.save-line.waiting')");
    page.choose_option("#save-dialect", "comma");
    page.screenshots("dialect");
    page.click("#save-csv");
    let bytes = browser.downloaded_bytes();
    let text =
        std::str::from_utf8(&bytes).expect("text").strip_prefix('\u{feff}').expect("a byte order mark");
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(';').collect()).collect();
    assert_eq!(lines[0], columns());
    assert!(lines.iter().all(|line| line.len() == columns().len()), "{text}");
    let quality = columns().iter().position(|name| name == "score").expect("a column");
    assert!(lines[1][quality].starts_with("0,"), "{text}");

    page.reload();
    page.wait_until("document.querySelector('#kept-dialect, #start')");
    for activity in ["photos", "video"] {
        page.go(&format!("{}?activity={activity}", site.url()));
        page.wait_for_view(&format!("{activity}-welcome"));
        assert_eq!(page.evaluate("localStorage.getItem('emotion-depth-table')"), "comma");
    }
    start_live(&page, &site.url());
    page.wait_until("document.querySelector('#save-dialect').value === 'comma'");
}

/// Whoever saves a file for the first time finds on the page what is in it.
#[test]
fn every_column_is_explained_beside_the_save_buttons() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    start_live(&page, &site.url());
    page.click("#columns summary");
    page.wait_until("document.querySelector('#columns').open");
    let names = page.evaluate("[...document.querySelectorAll('#columns dt')].map((name) => name.innerText)");
    let names: Vec<String> = serde_json::from_value(names).expect("texts");
    for column in columns() {
        // The seven columns of one kind are explained together, by the first and the last.
        let explained = names.iter().any(|name| match name.split_once(" to ") {
            Some((first, _)) => first.split('.').next() == column.split('.').next(),
            None => *name == column,
        });
        assert!(explained, "{column} in {names:?}");
    }
    let empty = page.evaluate(
        "[...document.querySelectorAll('#columns dd')].filter((words) => words.innerText.length < 8).length",
    );
    assert_eq!(empty, 0);
    page.screenshots("columns");
    assert_no_barriers(&page, "columns");
}

/// What was recorded is still there after the tab was closed or has crashed.
#[test]
fn a_recording_survives_a_reload() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    start_live(&page, &site.url());
    wait_for_reading(&page);
    record(&page, 20);
    // Long enough that the loss of a second leaves something, however slow the machine.
    let mut last_ms = 0.0;
    while last_ms < 4000.0 {
        last_ms = next_event(&page)["time_ms"].as_f64().expect("an event has its time");
    }
    page.reload();
    page.wait_until("document.querySelector('#recovery')");
    page.screenshots("recovered");
    page.click("#recover-csv");
    let csv = browser.downloaded();
    let rows = rows(&csv);
    let kept_ms: f64 = rows.last().expect("rows are kept")[0].parse().expect("the first column is the time");
    // A chunk is written with the first sample a second after its first one: a second, and a frame of a slow machine.
    assert!(kept_ms > last_ms - 2000.0, "{kept_ms} of {last_ms} ms are kept in {} rows", rows.len());

    // Saved, it is no longer pressed on anybody, but no page hears whether the file was written: it stays within reach.
    page.wait_until("document.querySelector('#kept') && !document.querySelector('#recovery')");
    page.wait_until("document.activeElement.id === 'kept-csv'");
    page.screenshots("kept");
    page.reload();
    page.wait_until("document.querySelector('#kept')");
    assert_eq!(page.evaluate("document.querySelector('#recovery')"), Value::Null);
    browser.forget_events();
    page.click("#kept-csv");
    assert_eq!(browser.downloaded(), csv);
    page.click("#kept-discard");
    page.click("#kept-discard");
    page.wait_until("!document.querySelector('#kept')");
}

/// Days later, what was saved is gone from the device, and what was not is still offered.
#[test]
fn a_saved_recording_is_forgotten_after_a_week_and_an_unsaved_one_is_not() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    // What is offered comes a moment after the page and moves the rest of it: nothing is clicked before.
    let recorded = |page: &Page, offered: &str| {
        page.go(&site.url());
        page.wait_until(offered);
        page.click("input[name=use][value=self]");
        page.click("#start");
        page.wait_for_view("live");
        wait_for_reading(page);
        record(page, 3);
        page.click("#record");
        page.wait_until("document.querySelector('.save-line.waiting')");
        page.reload();
        page.wait_until("document.querySelector('#recovery')");
    };
    recorded(&page, "document.querySelector('#start')");
    page.click("#recover-json");
    browser.downloaded();
    page.wait_until("document.querySelector('#kept')");
    recorded(&page, "document.querySelector('#kept')");
    page.wait_until("document.querySelector('#kept') && document.querySelector('#recovery')");
    // Saving the one again says nothing of the other.
    browser.forget_events();
    page.click("#kept-json");
    browser.downloaded();
    page.wait_until("document.querySelector('main + p[role=status]').textContent === 'Saved.'");
    assert!(page.evaluate("document.querySelector('#recovery') !== null").as_bool().unwrap());
    page.run_first("{ const now = Date.now; Date.now = () => now() + 8 * 24 * 3600 * 1000; }");
    page.reload();
    page.wait_until("document.querySelector('#recovery')");
    assert_eq!(page.evaluate("document.querySelector('#kept')"), Value::Null);
    // Not merely hidden: of two pages' chunks those of one are left. Reading waits for the deletion that began before
    // it.
    assert_eq!(page.evaluate(&keys_of("new Set(all.result.map(([page, number]) => page)).size")), 1);
}

/// An expression of what is `wanted` of `all` keys of the journal.
fn keys_of(wanted: &str) -> String {
    format!(
        "new Promise((done, failed) => {{
            const open = indexedDB.open('emotion-depth-journal');
            open.onerror = () => failed(open.error);
            open.onsuccess = () => {{
                const all = open.result.transaction('chunks').objectStore('chunks').getAllKeys();
                all.onsuccess = () => {{ open.result.close(); done({wanted}); }};
                all.onerror = () => failed(all.error);
            }};
        }})"
    )
}

/// What the version before has left is offered as if this one had recorded it, and stands where it is read from now on.
#[test]
fn a_journal_of_version_1_is_recovered() {
    const CHUNK: &str = include_str!("../../../tests/files/journal-1.txt");
    // Not yet saved.
    let (begin, _) = CHUNK.rsplit_once(",{\"saved\"").expect("it ends with the saving");
    let chunk = serde_json::to_string(&format!("{begin}]")).expect("text");
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.go(&site.url());
    page.wait_until("document.querySelector('#start')");
    let written = page.evaluate(&format!(
        "new Promise((done, failed) => {{
            const open = indexedDB.open('emotion-depth', 1);
            open.onupgradeneeded = () => open.result.createObjectStore('samples', {{ autoIncrement: true }});
            open.onerror = () => failed(open.error);
            open.onsuccess = () => {{
                const writing = open.result.transaction('samples', 'readwrite');
                writing.objectStore('samples').add({chunk});
                writing.oncomplete = () => {{ open.result.close(); done(true); }};
                writing.onabort = () => failed(writing.error);
            }};
        }})"
    ));
    assert_eq!(written, true);
    page.reload();
    page.wait_until("document.querySelector('#recovery')");
    page.click("#recover-csv");
    let csv = browser.downloaded();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!((lines[0], lines.len()), (columns().join(",").as_str(), 4));
    // Nothing was known of the range between the studies.
    let unknown = ",".repeat(2 * EMOTIONS.len());
    let first = format!(
        "0,1,0.25,0.2,0.5,0.6,0.98,3.5,-4.25,0.5,1,,happy,0,0,0,0.8,0.05,0.05,0.1{unknown},0,0,0,0.7,0.1,"
    );
    assert!(lines[1].starts_with(&first), "{csv}");
    assert!(lines[1].contains(",\"talk, \"\"first\"\" take.mp4\",show,clip-1,12.5,"), "{csv}");
    page.wait_until("document.querySelector('#kept')");
    assert_eq!(page.evaluate(&keys_of("all.result.length")), 2, "the chunk, and that it was saved");
    // Opening waits for the deletion that began before it.
    let gone = page.evaluate(
        "new Promise((done) => {
            const open = indexedDB.open('emotion-depth');
            open.onupgradeneeded = () => open.transaction.abort();
            open.onerror = () => done(true);
            open.onsuccess = () => done(false);
        })",
    );
    assert_eq!(gone, true, "the old database is still there");
    page.reload();
    page.wait_until("document.querySelector('#kept')");
    page.click("#kept-discard");
    page.click("#kept-discard");
    page.wait_until("!document.querySelector('#kept')");
    assert_eq!(page.evaluate(&keys_of("all.result.length")), 0);
}

/// A page's WebAssembly may take so much while a long recording is saved.
const MOST_WASM_BYTES: u64 = 60_000_000;

/// Two hours at 30 readings a second that an earlier page has left: they go from the journal into the files.
#[test]
#[ignore = "takes half a minute; run it alone with --nocapture for the figures of docs/performance.md"]
fn two_hours_are_recovered_in_little_memory() {
    const CHUNK: &[u8] = include_bytes!("../../../tests/files/journal-2.bin");
    const CHUNKS: usize = 2 * 3600;
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.go(&site.url());
    page.wait_until("document.querySelector('#start')");
    let before = measure(&browser, &page);
    // The file holds a session and three samples: the samples' part ten times over is a second.
    let written = page.evaluate(&format!(
        "new Promise((done, failed) => {{
            const chunk = Uint8Array.from(atob('{}'), (letter) => letter.charCodeAt(0));
            const parts = {{}};
            for (let at = 1; at < chunk.length;) {{
                const end = at + 5 + new DataView(chunk.buffer).getUint32(at + 1, true);
                parts[chunk[at]] = [...chunk.slice(at, end)];
                at = end;
            }}
            const second = Uint8Array.from([2, ...Array(10).fill(parts[2]).flat()]);
            const open = indexedDB.open('emotion-depth-journal');
            open.onerror = () => failed(open.error);
            open.onsuccess = () => {{
                const writing = open.result.transaction('chunks', 'readwrite');
                const chunks = writing.objectStore('chunks');
                chunks.put(Uint8Array.from([2, ...parts[1]]), ['emotion-depth 1 2', 0]);
                for (let at = 1; at <= {CHUNKS}; at++) chunks.put(second, ['emotion-depth 1 2', at]);
                writing.oncomplete = () => {{ open.result.close(); done(second.length); }};
                writing.onabort = () => failed(writing.error);
            }};
        }})",
        base64::prelude::BASE64_STANDARD.encode(CHUNK)
    ));
    println!("a second takes {written} bytes of the journal");
    page.reload();
    page.wait_until("document.querySelector('#recovery')");
    let found = measure(&browser, &page);
    page.click("#recover-csv");
    assert_eq!(browser.downloaded().lines().count(), 1 + 30 * CHUNKS);
    page.wait_until("document.querySelector('#kept')");
    let csv = measure(&browser, &page);
    browser.forget_events();
    page.click("#kept-json");
    let json = browser.downloaded_bytes();
    let saved = measure(&browser, &page);
    println!(
        "the page {before:?}, with the offer {found:?}, after CSV {csv:?}, after {} bytes of JSON {saved:?}",
        json.len()
    );
    // WebAssembly's memory never shrinks: this is the most that there was.
    assert!(saved.wasm < MOST_WASM_BYTES, "{saved:?}");
}

/// Stopped before saving: the recording stays within reach.
#[test]
fn a_recording_can_be_saved_after_the_camera_has_stopped() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    start_live(&page, &site.url());
    wait_for_reading(&page);
    record(&page, 3);
    page.click("#stop");
    page.wait_for_view("stopped");
    page.click("#save-csv");
    assert!(rows(&browser.downloaded()).len() >= 3);
}
