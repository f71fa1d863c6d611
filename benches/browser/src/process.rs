//! What the system knows of the browser's processes: processor time and memory. Only Linux tells it as used here;
//! elsewhere these figures are missing from the results.

use std::fs;

use browser_tests::{Browser, Page};
use serde_json::json;

/// The process that runs one page, its workers included.
#[derive(Clone, Copy)]
pub struct PageProcess {
    renderer: u64,
    /// Draws for all pages, and computes for those that use WebGL.
    gpu: Option<u64>,
}

impl PageProcess {
    /// Finds the page's process: the one that works while the page is made to.
    pub fn of(browser: &Browser, page: &Page) -> Option<PageProcess> {
        let busy = "{ const end = performance.now() + 300; while (performance.now() < end); }";
        let info = browser.try_call(&None, "SystemInfo.getProcessInfo", json!({})).ok()?;
        let of_type = |wanted: &str| -> Vec<u64> {
            let all = info["processInfo"].as_array().into_iter().flatten();
            all.filter(|process| process["type"] == wanted)
                .filter_map(|process| process["id"].as_u64())
                .collect()
        };
        let renderers = of_type("renderer");
        let before: Vec<Option<f64>> = renderers.iter().map(|&process| processor_ms(process)).collect();
        page.try_evaluate(busy).ok()?;
        let worked =
            |(&process, before): (&u64, Option<f64>)| Some((process, processor_ms(process)? - before?));
        let (renderer, ms) =
            renderers.iter().zip(before).filter_map(worked).max_by(|a, b| a.1.total_cmp(&b.1))?;
        // On a machine that has other work the page gets little of its 300 ms, but the others' pages are idle.
        (ms > 15.0).then(|| PageProcess { renderer, gpu: of_type("GPU").first().copied() })
    }

    /// The process's number.
    pub fn number(self) -> u64 {
        self.renderer
    }

    /// Processor time of all threads so far, the GPU process's included, in milliseconds.
    pub fn processor_ms(self) -> Option<f64> {
        Some(processor_ms(self.renderer)? + self.gpu.and_then(processor_ms).unwrap_or(0.0))
    }

    /// Memory that only this process holds, in bytes.
    pub fn private_bytes(self) -> Option<u64> {
        let text = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.renderer)).ok()?;
        let private = text.lines().filter(|line| line.starts_with("Private_"));
        let kilobytes = private.filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
        Some(kilobytes.sum::<u64>() * 1024)
    }
}

/// The sum over the threads that live: the scheduler counts each in nanoseconds.
fn processor_ms(process: u64) -> Option<f64> {
    let threads = fs::read_dir(format!("/proc/{process}/task")).ok()?.flatten();
    let spent = threads.filter_map(|thread| {
        // A thread may end between the two looks.
        let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    });
    Some(spent.sum::<f64>() / 1e6)
}
