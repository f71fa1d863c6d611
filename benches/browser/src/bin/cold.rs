//! Compares built pages in one run: cold start, and what a frame costs the main thread.
//!
//! ```sh
//! CHROMIUM=chromium cargo run --release --package browser-bench --bin cold -- BEFORE/dist AFTER/dist
//! ```
//!
//! Each round opens every page once in a fresh browser with the fake camera, in turn, so that all see the same machine.

use browser_tests::{Browser, Camera, Scene};
use serde_json::{Value, json};

const ROUNDS: usize = 9;
/// Each page is watched for so long once it reads.
const SECONDS: u32 = 4;

/// What is measured of one start, with its unit.
const FIGURES: [&str; 5] = [
    "first screen, ms",
    "click to first depth, ms",
    "readings a second",
    "main thread, ms a frame",
    "scripts, ms a frame",
];

/// Notes when things come about, before any script of the page runs.
const WATCH: &str = r##"
    window.times = { frames: 0 };
    new MutationObserver(() => {
        if (document.querySelector('main[data-view="welcome"]')) times.welcome ??= performance.now();
    }).observe(document, { subtree: true, childList: true, attributes: true });
    addEventListener("click", ({ target }) => {
        if (target.closest?.("#start")) times.click ??= performance.now();
    }, true);
    addEventListener("emotiondepth", ({ detail }) => {
        times.frames += 1;
        if (detail.samples[0]?.raw) times.first ??= performance.now();
    });
"##;

fn main() {
    let folders: Vec<String> = std::env::args().skip(1).collect();
    let serve = |folder: &String| site_server::Listener::bind(0).map(|listener| listener.serve(folder, "/"));
    let servers = match folders.iter().map(serve).collect::<Result<Vec<_>, _>>() {
        Ok(servers) if !servers.is_empty() => servers,
        Ok(_) => return eprintln!("usage: cold FOLDER..., each a page built by `cargo xtask dist`"),
        Err(error) => return eprintln!("error: no port can be opened ({error})"),
    };
    let mut all = vec![Vec::new(); folders.len()];
    for _ in 0..ROUNDS {
        for (rows, server) in all.iter_mut().zip(&servers) {
            rows.push(start(&server.url()));
        }
    }
    for (folder, rows) in folders.iter().zip(all) {
        for (at, figure) in FIGURES.iter().enumerate() {
            let mut values: Vec<f64> = rows.iter().map(|row: &[f64; 5]| row[at]).collect();
            values.sort_by(f64::total_cmp);
            println!("{folder}: {figure}: smallest {:.2}, median {:.2}", values[0], values[ROUNDS / 2]);
        }
    }
}

/// One start of a page, as in [`FIGURES`].
fn start(address: &str) -> [f64; 5] {
    let browser = Browser::start(&Camera::Shows(Scene::moving_face()));
    let page = browser.open();
    page.run_first(WATCH);
    page.go(address);
    page.bring_to_front();
    page.wait_for_view("welcome");
    page.click("input[name=use][value=self]");
    page.click("#start");
    page.wait_until("window.times.first");
    page.call("Performance.enable", json!({}));
    let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    let now = || {
        let told: Value = page.call("Performance.getMetrics", json!({}));
        let metrics = told["metrics"].as_array().cloned().unwrap_or_default();
        let of = |name: &str| {
            metrics
                .iter()
                .find(|metric| metric["name"] == name)
                .map_or(f64::NAN, |metric| number(&metric["value"]))
        };
        [number(&page.evaluate("times.frames")), of("TaskDuration"), of("ScriptDuration")]
    };
    let before = now();
    page.evaluate(&format!("new Promise((done) => setTimeout(done, {}))", SECONDS * 1000));
    let after = now();
    let [frames, tasks_s, scripts_s] = [0, 1, 2].map(|at| after[at] - before[at]);
    let times = page.evaluate("times");
    [
        number(&times["welcome"]),
        number(&times["first"]) - number(&times["click"]),
        frames / f64::from(SECONDS),
        tasks_s * 1000.0 / frames,
        scripts_s * 1000.0 / frames,
    ]
}
