//! Panels: result files through the page's own file input, beside pandas with scipy and DuckDB over the same files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use browser_tests::{Browser, Page, memory};
use emotion_panel::sample::Sample;
use emotion_study::result;
use serde_json::{Map, Value, json};

use crate::films::Program;
use crate::process::PageProcess;
use crate::report::{line, table};
use crate::statistics::summary;
use crate::www::Www;
use crate::{Effort, say};

/// People, and seconds that each saw at ten readings a second.
const PANELS: [(usize, u32); 5] = [(100, 300), (300, 300), (1_000, 300), (3_000, 300), (10_000, 60)];
/// The aims are for this one; it is also the largest with `--quick`.
const AIMED: (usize, u32) = (1_000, 300);
/// Permutations of the peer's cluster test: its 5,000 would take minutes.
const PEER_PERMUTATIONS: u32 = 100;
/// A second whose number is compared between the programs.
const COMPARED_SECOND: usize = 15;
/// How often memory is read while the page works, and how long it may work.
const LOOK: Duration = Duration::from_millis(100);
const PATIENCE: Duration = Duration::from_secs(600);

/// Notes what happens when, and every time in which a timer of 20 ms came late, before any script of the page runs.
const WATCH: &str = r##"
    window.panel = { late: [] };
    let last = performance.now();
    setInterval(() => {
        const now = performance.now();
        if (now - last > 25) panel.late.push([last, now - last - 20]);
        last = now;
    }, 20);
    addEventListener("change", ({ target }) => {
        if (target.type === "file") panel.chosen ??= performance.now();
    }, true);
    addEventListener("click", ({ target }) => {
        if (target.id === "compare") { delete panel.compared; panel.asked = performance.now(); }
        if (target.id === "test") { delete panel.tested; panel.began = performance.now(); }
    }, true);
    const note = (name, condition) => { if (panel[name] === undefined && condition) panel[name] = performance.now(); };
    new MutationObserver(() => {
        const rows = document.querySelectorAll("#summary tbody tr").length;
        note("read", document.querySelector("#progress")?.dataset.running === "false");
        note("drawn", document.querySelector("#panel-chart svg"));
        note("computed", rows === 2);
        note("allComputed", rows === 9);
        note("compared", panel.asked && document.querySelector("#compared"));
        note("tested", panel.began && document.querySelector("#tested"));
    }).observe(document, { subtree: true, childList: true, attributes: true });
    panel.worst = (from, to) => Math.max(0, ...panel.late.filter(([at]) => at >= from - 20 && at < to).map(([, late]) => late));
"##;

/// Reads each panel in each way.
///
/// # Errors
/// The page's or a peer's own words.
pub fn measure(
    browser: &Browser,
    www: &Www,
    program: &Program<'_>,
    made: &Path,
    effort: &Effort,
) -> Result<Value, String> {
    let mut results = Vec::new();
    for (people, seconds) in PANELS {
        let aimed = (people, seconds) == AIMED;
        if effort.cold < 2 && people > AIMED.0 {
            continue;
        }
        say(&format!("the result files of {people} people and {seconds} s"));
        let folder = made.join(seconds.to_string());
        let files = files(&folder, people, seconds)
            .map_err(|error| format!("The result files in {} cannot be made: {error}.", folder.display()))?;
        let bytes: u64 = files.iter().filter_map(|file| fs::metadata(file).ok()).map(|file| file.len()).sum();
        let mut pages = Vec::new();
        let mut peers: [Vec<Value>; 2] = Default::default();
        for round in 0..effort.cold.min(3) {
            say(&format!("panel of {people} people, round {}", round + 1));
            let page = by_page(browser, www, &files, aimed)?;
            for (way, told) in ["pandas", "duckdb"].into_iter().zip(&mut peers) {
                let peer = by_peer(program, way, &folder, people, aimed)?;
                let theirs = peer["happy"][COMPARED_SECOND].as_f64().unwrap_or(f64::NAN);
                let ours = page["happy"].as_str().unwrap_or_default();
                if ours != format!("{theirs:.3}") {
                    return Err(format!(
                        "{way} gets {theirs} for happy in second {COMPARED_SECOND}, the page {ours}."
                    ));
                }
                told.push(peer);
            }
            pages.push(page);
        }
        let median = |all: &[Value], key: &str| {
            summary(&all.iter().filter_map(|one| one[key].as_f64()).collect::<Vec<_>>())
        };
        let mut row = Map::new();
        for key in OF_A_PAGE {
            row.insert(key.into(), median(&pages, key));
        }
        for (way, told) in ["pandas", "duckdb"].into_iter().zip(&peers) {
            let of = ["seconds", "test_seconds", "peak_mb"].map(|key| (key.to_owned(), median(told, key)));
            row.insert(way.into(), Value::Object(of.into_iter().collect()));
        }
        let megabytes = bytes as f64 / 1e6;
        row.extend([
            ("people".into(), json!(people)),
            ("seconds".into(), json!(seconds)),
            ("megabytes".into(), json!(megabytes)),
            ("peer_permutations".into(), json!(PEER_PERMUTATIONS)),
        ]);
        results.push(Value::Object(row));
    }
    Ok(results.into())
}

/// What is noted of a page, seconds, milliseconds and megabytes.
const OF_A_PAGE: [&str; 13] = [
    "read_s",
    "drawn_s",
    "computed_s",
    "late_drawn_ms",
    "late_computed_ms",
    "compared_s",
    "tested_s",
    "late_tested_ms",
    "nine_tested_s",
    "peak_private_mb",
    "private_mb",
    "wasm_mb",
    "objects_mb",
];

/// The files, made where they are not there yet. Those of another generator are made anew.
fn files(folder: &Path, people: usize, seconds: u32) -> std::io::Result<Vec<PathBuf>> {
    let sample = Sample::long(seconds);
    let path = |index: usize| folder.join(format!("{index:05}.result.json.gz"));
    if fs::read(path(0)).is_ok_and(|known| known != result::write(&sample.result(0))) {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    let files: Vec<PathBuf> = (0..people).map(path).collect();
    for (index, file) in files.iter().enumerate().filter(|(_, file)| !file.exists()) {
        fs::write(file, result::write(&sample.result(index as u32)))?;
    }
    Ok(files)
}

fn by_page(browser: &Browser, www: &Www, files: &[PathBuf], aimed: bool) -> Result<Value, String> {
    let page = browser.open();
    page.run_first(WATCH);
    page.go(&www.url("panel", "site/?activity=panel"));
    page.bring_to_front();
    page.wait_for_view("panel-welcome");
    page.click("#start:not(:disabled)");
    page.wait_for_view("panel");
    page.wait_until("document.querySelector('#sample:not(:disabled)') !== null");
    let process = PageProcess::of(browser, &page);
    let mut peak = 0;
    page.choose_files("#panel-files", &files.iter().map(PathBuf::as_path).collect::<Vec<_>>());
    wait(&page, "panel.computed", process, &mut peak)?;
    page.click("#compare");
    wait(&page, "panel.compared", process, &mut peak)?;
    page.click("#test");
    wait(&page, "panel.tested", process, &mut peak)?;
    let mut told = page.try_evaluate(
        "({ read_s: (panel.read - panel.chosen) / 1000, drawn_s: (panel.drawn - panel.chosen) / 1000, \
         computed_s: (panel.computed - panel.chosen) / 1000, compared_s: (panel.compared - panel.asked) / 1000, \
         tested_s: (panel.tested - panel.began) / 1000, late_drawn_ms: panel.worst(panel.chosen, panel.drawn), \
         late_computed_ms: panel.worst(panel.drawn, panel.computed), \
         late_tested_ms: panel.worst(panel.asked, panel.tested) })",
    )?;
    let note = |told: &mut Value, key: &str, value: f64| told[key] = json!(value);
    page.click("#behind summary");
    page.wait_until("document.querySelector('#curve-table tbody tr') !== null");
    let cell = page.try_evaluate(&format!(
        "document.querySelectorAll('#curve-table tbody tr')[{COMPARED_SECOND}].children[2].innerText.split(' ')[0]"
    ))?;
    told["happy"] = cell;
    if aimed {
        page.try_evaluate(
            "document.querySelectorAll('#measures .chip[aria-pressed=false]').forEach((chip) => chip.click())",
        )?;
        wait(&page, "panel.allComputed", process, &mut peak)?;
        page.click("#compare");
        wait(&page, "panel.compared", process, &mut peak)?;
        page.click("#test");
        wait(&page, "panel.tested", process, &mut peak)?;
        let seconds = page.try_evaluate("(panel.tested - panel.began) / 1000")?;
        note(&mut told, "nine_tested_s", seconds.as_f64().unwrap_or(f64::NAN));
    }
    let held = memory::measure(browser, &page);
    note(&mut told, "wasm_mb", held.wasm as f64 / 1e6);
    note(&mut told, "objects_mb", held.objects as f64 / 1e6);
    if let Some(bytes) = process.and_then(PageProcess::private_bytes) {
        note(&mut told, "private_mb", bytes as f64 / 1e6);
        note(&mut told, "peak_private_mb", peak.max(bytes) as f64 / 1e6);
    }
    page.call("Page.close", json!({}));
    Ok(told)
}

/// Waits, and looks meanwhile at the memory of the page's process.
fn wait(page: &Page, condition: &str, process: Option<PageProcess>, peak: &mut u64) -> Result<(), String> {
    let began = Instant::now();
    while page.try_evaluate(&format!("{condition} === undefined"))? == true {
        if let Some(bytes) = process.and_then(PageProcess::private_bytes) {
            *peak = (*peak).max(bytes);
        }
        if began.elapsed() > PATIENCE {
            let text = page.try_evaluate("document.body.innerText")?;
            return Err(format!("{condition} did not come about; the page says: {text}"));
        }
        std::thread::sleep(LOOK);
    }
    Ok(())
}

fn by_peer(
    program: &Program<'_>,
    way: &str,
    folder: &Path,
    people: usize,
    aimed: bool,
) -> Result<Value, String> {
    let Program { python, root } = *program;
    let mut command = Command::new(python);
    command.arg(root.join("benches/browser/panels/peer.py")).arg(way).arg(folder).arg(people.to_string());
    if aimed && way == "pandas" {
        command.arg(PEER_PERMUTATIONS.to_string());
    }
    let output =
        command.output().map_err(|error| format!("{} cannot be started: {error}", python.display()))?;
    if !output.status.success() {
        return Err(format!("{way} failed: {}", String::from_utf8_lossy(&output.stderr)));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
}

/// The results as two tables.
pub fn report(text: &mut String, panels: &Value) {
    let Some(panels) = panels.as_array() else { return };
    let whole = |value: &Value| value[1].as_f64().map_or("-".into(), |number| format!("{number:.0}"));
    let tenths = |value: &Value| value[1].as_f64().map_or("-".into(), |number| format!("{number:.1}"));
    let name = |row: &Value| format!("{} x {} s", row["people"], row["seconds"]);
    let columns = [
        "people x seconds",
        "MB of files",
        "read, s",
        "drawn, s",
        "with bands, s",
        "page late until drawn, ms",
        "... until all is there, ms",
        "process at most, MB",
        "... at the end, MB",
        "WebAssembly, MB",
        "pandas and scipy: curves, s (MB)",
        "DuckDB: curves, s (MB)",
    ];
    table(text, "Panels: dropped files to curves (ten readings a second; medians)", &columns);
    for row in panels {
        let peer = |way: &str| format!("{} ({})", tenths(&row[way]["seconds"]), whole(&row[way]["peak_mb"]));
        let cells = [
            name(row),
            format!("{:.0}", row["megabytes"].as_f64().unwrap_or(f64::NAN)),
            tenths(&row["read_s"]),
            tenths(&row["drawn_s"]),
            tenths(&row["computed_s"]),
            whole(&row["late_drawn_ms"]),
            whole(&row["late_computed_ms"]),
            whole(&row["peak_private_mb"]),
            whole(&row["private_mb"]),
            whole(&row["wasm_mb"]),
            peer("pandas"),
            peer("duckdb"),
        ];
        line(text, &format!("| {} |", cells.join(" | ")));
    }
    let columns = [
        "people x seconds",
        "two groups compared, s",
        "5,000 permutations of two measures, s",
        "... of nine, s",
        "page late, ms",
        "scipy, two measures, s for so many permutations",
    ];
    table(text, "Panels: groups", &columns);
    for row in panels {
        let scipy = match row["pandas"]["test_seconds"][1].as_f64() {
            Some(seconds) => format!("{seconds:.1} for {}", row["peer_permutations"]),
            None => "-".to_owned(),
        };
        let cells = [
            name(row),
            tenths(&row["compared_s"]),
            tenths(&row["tested_s"]),
            tenths(&row["nine_tested_s"]),
            whole(&row["late_tested_ms"]),
            scipy,
        ];
        line(text, &format!("| {} |", cells.join(" | ")));
    }
}
