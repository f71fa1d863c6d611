//! How long a page's main thread is busy at a stretch, from the browser's own trace.

use browser_tests::{Browser, Event};
use serde_json::{Value, json};

/// The main thread's tasks, under the names that Chromium's versions give them.
const CATEGORIES: [&str; 2] = ["toplevel", "disabled-by-default-devtools.timeline"];
const TASKS: [&str; 2] = ["RunTask", "ThreadControllerImpl::RunTask"];

/// The longest of the process's main thread's tasks while `work` goes on: by the clock, and of the processor.
///
/// # Errors
/// The browser's own words, or those of `work`.
pub fn watch(
    browser: &Browser,
    process: u64,
    work: impl FnOnce() -> Result<(), String>,
) -> Result<Value, String> {
    browser.forget_events();
    let config = json!({ "recordMode": "recordContinuously", "includedCategories": CATEGORIES });
    browser.try_call(
        &None,
        "Tracing.start",
        json!({ "traceConfig": config, "transferMode": "ReportEvents" }),
    )?;
    work()?;
    browser.try_call(&None, "Tracing.end", json!({}))?;
    browser
        .wait_for("the end of the trace", |event| (event.method == "Tracing.tracingComplete").then_some(()));
    let mut wall_ms = Vec::new();
    let mut processor_ms = Vec::new();
    for Event { params, .. } in
        browser.events().iter().filter(|event| event.method == "Tracing.dataCollected")
    {
        for task in params["value"].as_array().into_iter().flatten() {
            // On Linux the main thread has its process's number.
            let is_main = task["pid"] == process && task["tid"] == process;
            if is_main && TASKS.iter().any(|name| task["name"] == *name) {
                wall_ms.push(task["dur"].as_f64().unwrap_or_default() / 1000.0);
                processor_ms.push(task["tdur"].as_f64().unwrap_or_default() / 1000.0);
            }
        }
    }
    browser.forget_events();
    let longest = |values: &[f64]| values.iter().copied().reduce(f64::max);
    Ok(
        json!({ "count": wall_ms.len(), "longest_ms": longest(&wall_ms), "longest_processor_ms": longest(&processor_ms) }),
    )
}
