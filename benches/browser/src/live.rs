//! The real page with the fake camera: from a click to the first depth, and the longest task of the main thread.

use browser_tests::Browser;
use serde_json::{Value, json};

use crate::process::PageProcess;
use crate::statistics::summary;
use crate::www::Www;
use crate::{Effort, say, tasks};

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
/// The page is watched for so long, from a while after the first reading on.
const SECONDS: u64 = 10;

/// Starts the page `effort.cold` times; the last one is watched while it runs.
///
/// # Errors
/// The page's or the browser's own words.
pub fn measure(browser: &Browser, www: &mut Www, effort: &Effort) -> Result<Value, String> {
    let (mut welcome, mut first, mut clicks) = (Vec::new(), Vec::new(), Vec::new());
    for time in 0..effort.cold {
        say(&format!("the real page, start {} of {}", time + 1, effort.cold));
        let mark = www.mark();
        let page = browser.open();
        page.run_first(WATCH);
        page.go(&www.url("page", "site/"));
        page.bring_to_front();
        page.wait_for_view("welcome");
        page.click("input[name=use][value=self]");
        page.click("#start");
        page.wait_until("window.times.first");
        let times = page.try_evaluate("times")?;
        let at = |name: &str| times[name].as_f64().unwrap_or(f64::NAN);
        welcome.push(at("welcome"));
        first.push(at("first"));
        clicks.push(at("first") - at("click"));
        if time + 1 < effort.cold {
            page.call("Page.close", json!({}));
            continue;
        }
        let loaded = www.loaded_since(mark, effort.with_brotli).map_err(|error| error.to_string())?;
        let process = PageProcess::of(browser, &page);
        page.try_evaluate("new Promise((done) => setTimeout(done, 3000))")?;
        let count = || page.try_evaluate("[times.frames, performance.now()]");
        let before = count()?;
        let pause = format!("new Promise((done) => setTimeout(done, {}))", SECONDS * 1000);
        let run = || page.try_evaluate(&pause).map(drop);
        let tasks = match process {
            Some(process) => tasks::watch(browser, process.number(), run)?,
            None => run().map(|()| Value::Null)?,
        };
        let after = count()?;
        // The trace begins and ends within, which takes a while of its own.
        let passed = |index: usize| {
            after[index].as_f64().zip(before[index].as_f64()).map(|(after, before)| after - before)
        };
        let a_second = passed(0).zip(passed(1)).map(|(readings, ms)| readings * 1000.0 / ms);
        return Ok(json!({
            "welcome_ms": summary(&welcome),
            "first_depth_ms": summary(&first),
            "click_to_first_depth_ms": summary(&clicks),
            "loaded": loaded,
            "watched_s": SECONDS,
            "readings_a_second": a_second,
            "tasks": tasks,
        }));
    }
    Err("no start was asked for".into())
}
