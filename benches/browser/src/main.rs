//! Measures this project beside its peers in one headless Chromium. `cargo xtask bench` builds what it needs and runs it;
//! docs/performance.md explains the method.

mod aims;
mod contender;
mod films;
mod layers;
mod live;
mod machine;
mod panels;
mod process;
mod report;
mod rounds;
mod statistics;
mod tasks;
mod www;

use std::error::Error;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use browser_tests::{Browser, Camera, Scene};
use serde_json::{Map, Value, json};

use contender::Group;
use films::Program;
use rounds::Entry;
use www::Www;

/// How much is done.
pub struct Effort {
    pub rounds: usize,
    pub cold: usize,
    /// Frames until the memory is read.
    pub frames: u64,
    pub with_brotli: bool,
}

const FULL: Effort = Effort { rounds: 21, cold: 5, frames: 1000, with_brotli: true };
const QUICK: Effort = Effort { rounds: 5, cold: 1, frames: 200, with_brotli: false };

/// Nothing is reached but this machine, no page is slowed down for being hidden, and WebGL, which MediaPipe wants, is
/// computed where there is no graphics card.
const SWITCHES: [&str; 5] = [
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE *.localhost, EXCLUDE localhost",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    "--disable-background-timer-throttling",
    "--enable-unsafe-swiftshader",
];

/// Says what is being done.
pub fn say(sentence: &str) {
    println!("bench: {sentence}");
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// `SITE MADE OUT PROFILE [--quick] [--films] [--panel]`: the built page, what was made for the bench, the folder for the
/// results, and the build's name. `--films`: recorded video alone. `--panel`: panels alone.
fn run() -> Result<(), Box<dyn Error>> {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let mut flag =
        |name: &str| words.iter().position(|word| word == name).map(|at| words.remove(at)).is_some();
    let (quick, films_alone, panel_alone) = (flag("--quick"), flag("--films"), flag("--panel"));
    let [site, made, out, profile] = words.as_slice() else {
        return Err("This program is run by `cargo xtask bench`, which builds what it measures.".into());
    };
    let effort = if quick { QUICK } else { FULL };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let made = PathBuf::from(made);
    let folder = made.with_file_name("www");
    let mut www = Www::start(&root, Path::new(site), &made, &folder)
        .map_err(|error| format!("The folder to serve, {}, cannot be made: {error}.", folder.display()))?;
    let browser = Browser::start_with(&Camera::Shows(Scene::moving_face()), &SWITCHES);
    let mut results = Map::new();
    results.insert("machine".into(), machine::describe(&browser, &root, profile));
    results.insert("quick".into(), json!(quick));
    let load = machine::load();
    if load[0].as_f64().is_some_and(|load| load > 1.5) {
        say("the machine has other work: ratios hold roughly, times and shares of the ceiling do not");
    }
    results.insert("load_before".into(), load);
    // The tests' helpers panic where a page does not do as it should, and say how it looks.
    let everything = || {
        if !films_alone && !panel_alone {
            measure(&browser, &mut www, &effort, &mut results)?;
        }
        let program = Program { python: &made.with_file_name("python").join("bin/python"), root: &root };
        if !panel_alone {
            let films = films::measure(&browser, &www, &program, &made.join("films"), &effort)?;
            results.insert("films".into(), films);
        }
        if !films_alone {
            let panels = panels::measure(&browser, &www, &program, &made.join("panels"), &effort)?;
            results.insert("panels".into(), panels);
        }
        Ok(())
    };
    let outcome = catch_unwind(AssertUnwindSafe(everything))
        .unwrap_or_else(|_| Err("A page did not do as it should: see the message above.".into()));
    results.insert("load_after".into(), machine::load());
    // After a failure too: minutes of measuring are not to be lost.
    write(Path::new(out), &results)?;
    outcome
}

fn measure(
    browser: &Browser,
    www: &mut Www,
    effort: &Effort,
    results: &mut Map<String, Value>,
) -> Result<(), Box<dyn Error>> {
    let (mut entries, missing) = rounds::cold(browser, www, contender::all(), effort)?;
    results.insert("left_out".into(), missing.into());
    let groups = [
        ("classifier", Group::Classifier),
        ("detector", Group::Detector),
        ("whole_frame", Group::WholeFrame),
        ("following", Group::Following),
    ];
    for (name, group) in groups {
        say(&format!("rounds: {name}"));
        rounds::alternate(&mut entries, group, effort)?;
        let members: Vec<&Entry> = entries.iter().filter(|entry| entry.contender.group == group).collect();
        let ours = members.iter().copied().find(|entry| entry.contender.ours);
        let summaries: Vec<Value> = members.iter().map(|entry| entry.summary(ours)).collect();
        results.insert(name.into(), summaries.into());
    }
    let mut layers = Map::new();
    for (name, group) in &groups[..2] {
        let ours = entries.iter().find(|entry| entry.contender.group == *group && entry.contender.ours);
        if let Some(entry) = ours {
            layers.insert((*name).into(), layers::measure(&entry.opened, name, effort)?);
        }
    }
    results.insert("layers".into(), layers.into());
    let stages = entries.iter().filter(|entry| entry.contender.ours && entry.contender.sees_frames());
    let stages: Map<String, Value> =
        stages.map(|entry| (entry.contender.id.to_owned(), entry.stages())).collect();
    results.insert("stages".into(), stages.into());
    let mut cold = Map::new();
    let mut tasks = Map::new();
    let mut memory = Map::new();
    for entry in &mut entries {
        cold.insert(entry.contender.id.into(), entry.cold.clone());
        if entry.contender.sees_frames() {
            say(&format!("tasks and memory of {}", entry.contender.id));
            tasks.insert(entry.contender.id.into(), entry.tasks(browser)?);
            memory.insert(entry.contender.id.into(), entry.memory(effort.frames)?);
        }
    }
    results.insert("cold".into(), cold.into());
    results.insert("tasks".into(), tasks.into());
    results.insert("memory".into(), memory.into());
    for entry in entries {
        entry.opened.page.call("Page.close", json!({}));
    }
    results.insert("live".into(), live::measure(browser, www, effort)?);
    Ok(())
}

fn write(folder: &Path, results: &Map<String, Value>) -> Result<(), Box<dyn Error>> {
    let results = &Value::Object(results.clone());
    for (name, text) in [
        ("results.json", serde_json::to_string_pretty(results)? + "\n"),
        ("results.md", report::markdown(results)),
    ] {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| format!("{} cannot be written: {error}.", path.display()))?;
        say(&format!("wrote {}", path.display()));
    }
    Ok(())
}
