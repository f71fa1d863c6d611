//! The results as Markdown.

use std::fmt::Write;

use serde_json::Value;

use crate::{aims, panels};

const GROUPS: [(&str, &str); 4] = [
    ("classifier", "The classifier alone"),
    ("detector", "The detector alone"),
    ("whole_frame", "The whole frame, the face searched in every frame"),
    ("following", "The whole frame, the face followed between detections"),
];

/// All of it.
pub fn markdown(results: &Value) -> String {
    let mut text = String::from("# This project beside its peers\n\n");
    let flag = if results["quick"] == true { " --quick" } else { "" };
    let release = if results["machine"]["build_profile"] == "web" { " --release" } else { "" };
    line(
        &mut text,
        &format!("Written by `cargo xtask bench{release}{flag}`; docs/performance.md explains the method."),
    );
    machine(&mut text, results);
    aims::table(&mut text, results);
    for (key, title) in GROUPS {
        group(&mut text, title, &results[key]);
    }
    left_out(&mut text, &results["left_out"]);
    layers(&mut text, results);
    stages(&mut text, &results["stages"]);
    cold(&mut text, results);
    tasks(&mut text, &results["tasks"]);
    memory(&mut text, results);
    live(&mut text, &results["live"]);
    films(&mut text, &results["films"]);
    panels::report(&mut text, &results["panels"]);
    text
}

pub fn line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// A heading and a table's first two lines.
pub fn table(text: &mut String, title: &str, columns: &[&str]) {
    line(text, &format!("\n## {title}\n"));
    line(text, &format!("| {} |", columns.join(" | ")));
    line(text, &format!("|{}", "---|".repeat(columns.len())));
}

/// `q1 / median / q3`, with so many digits that the spread shows.
pub fn quartiles(value: &Value) -> String {
    let Some(values) = value.as_array() else { return "-".into() };
    let numbers: Vec<f64> = values.iter().filter_map(Value::as_f64).collect();
    let digits = match numbers.get(1) {
        Some(&median) if median >= 100.0 => 0,
        Some(&median) if median >= 10.0 => 1,
        _ => 2,
    };
    numbers.iter().map(|number| format!("{number:.digits$}")).collect::<Vec<_>>().join(" / ")
}

fn number(value: &Value, digits: usize) -> String {
    value.as_f64().map_or_else(|| "-".into(), |number| format!("{number:.digits$}"))
}

fn megabytes(value: &Value) -> String {
    value.as_f64().map_or_else(|| "-".into(), |bytes| format!("{:.2}", bytes / 1e6))
}

fn machine(text: &mut String, results: &Value) {
    let machine = &results["machine"];
    let word = |key: &str| machine[key].as_str().unwrap_or("not known").to_owned();
    let load = |key: &str| number(&results[key][0], 1);
    line(
        text,
        &format!(
            "\nMachine: {}, {} cores, {}; {}; {}, headless, without a graphics card. Load (processes that want to run, mean \
             of a minute): {} before, {} after. Commit {}, build profile `{}`.",
            word("processor"),
            machine["cores"],
            word("memory"),
            word("system"),
            word("browser"),
            load("load_before"),
            load("load_after"),
            word("commit"),
            word("build_profile"),
        ),
    );
    let packages = machine["packages"].as_object().into_iter().flatten();
    let names: Vec<String> =
        packages.map(|(name, version)| format!("{name} {}", version.as_str().unwrap_or_default())).collect();
    line(text, &format!("Packages: {}.", names.join(", ")));
    line(
        text,
        "\nThree numbers with slashes are quartiles over the rounds; a ratio is taken within each round.",
    );
}

fn group(text: &mut String, title: &str, members: &Value) {
    let members: Vec<&Value> = members.as_array().into_iter().flatten().collect();
    if members.is_empty() {
        return;
    }
    let columns =
        ["contender", "ms", "processor ms", "times ours", "times ours, processor", "frames with a face"];
    table(text, title, &columns);
    for member in members {
        let ratio = |key: &str| match member["ours"] == true {
            true => "1".to_owned(),
            false => quartiles(&member[key]),
        };
        let faces = member["frames_with_a_face"].as_f64();
        let faces = faces.map_or_else(|| "-".into(), |share| format!("{:.0} %", 100.0 * share));
        let cells = [
            member["label"].as_str().unwrap_or_default().to_owned(),
            quartiles(&member["ms"]),
            quartiles(&member["processor_ms"]),
            ratio("times_ours"),
            ratio("times_ours_processor"),
            faces,
        ];
        line(text, &format!("| {} |", cells.join(" | ")));
    }
}

fn left_out(text: &mut String, missing: &Value) {
    let missing = missing.as_object().into_iter().flatten();
    for (index, (id, why)) in missing.enumerate() {
        if index == 0 {
            line(text, "\nLeft out:\n");
        }
        line(text, &format!("- {id}: {}.", why.as_str().unwrap_or_default().trim_end_matches('.')));
    }
}

fn layers(text: &mut String, results: &Value) {
    for (network, measured) in results["layers"].as_object().into_iter().flatten() {
        let columns = ["layer", "MMAC", "GMAC/s", "share of the ceiling"];
        table(text, &format!("Layers of the {network}"), &columns);
        for layer in measured["layers"].as_array().into_iter().flatten() {
            let macs = layer["macs"].as_f64().unwrap_or_default() / 1e6;
            let share = 100.0 * layer["share"][1].as_f64().unwrap_or_default();
            let name = layer["name"].as_str().unwrap_or_default();
            line(text, &format!("| {name} | {macs:.2} | {} | {share:.0} % |", number(&layer["gmacs"][1], 1)));
        }
        let share = aims::share_of_ceiling(results, network);
        let share = share.map_or_else(|| "-".into(), |share| format!("{:.0} %", 100.0 * share));
        let _ = writeln!(
            text,
            "\nThe ceiling is {} GMAC/s (registers only, the same run); the whole network of {:.2} MMAC reaches {share} of it.",
            quartiles(&measured["ceiling_gmacs"]),
            measured["macs"].as_f64().unwrap_or_default() / 1e6,
        );
    }
}

fn stages(text: &mut String, stages: &Value) {
    table(text, "Stages of this project, ms a frame", &["stage", "searched in every frame", "as shipped"]);
    for stage in ["copy", "detect", "track", "align", "classify", "total"] {
        let of = |id: &str| quartiles(&stages[id][format!("{stage}_ms")]);
        line(text, &format!("| {stage} | {} | {} |", of("ours"), of("ours-following")));
    }
}

fn cold(text: &mut String, results: &Value) {
    let columns = ["contender", "files", "MB", "MB with brotli", "first result, ms"];
    table(text, "Cold: what is loaded, and the time to the first result", &columns);
    for (id, cold) in results["cold"].as_object().into_iter().flatten() {
        // The twin holds the tests' cases and pictures too: what it loads is nobody's.
        if id.ends_with("-ours") {
            continue;
        }
        let loaded = &cold["loaded"];
        let cells = [
            id.clone(),
            loaded["files"].to_string(),
            megabytes(&loaded["bytes"]),
            megabytes(&loaded["brotli_bytes"]),
            quartiles(&cold["first_ms"]),
        ];
        line(text, &format!("| {} |", cells.join(" | ")));
    }
}

fn memory(text: &mut String, results: &Value) {
    let columns = ["contender", "MB after 24 frames", "MB at the end", "frames"];
    table(text, "Memory that the page's process alone holds", &columns);
    for (id, memory) in results["memory"].as_object().into_iter().flatten() {
        let (first, last) = (megabytes(&memory["first_bytes"]), megabytes(&memory["last_bytes"]));
        line(text, &format!("| {id} | {first} | {last} | {} |", memory["frames"]));
    }
}

fn tasks(text: &mut String, tasks: &Value) {
    let columns = ["contender", "longest task, ms", "the longest in processor time, ms"];
    table(text, "How long one frame keeps the main thread busy", &columns);
    for (id, tasks) in tasks.as_object().into_iter().flatten() {
        let [wall, processor] = ["longest_ms", "longest_processor_ms"].map(|key| number(&tasks[key], 1));
        line(text, &format!("| {id} | {wall} | {processor} |"));
    }
}

fn live(text: &mut String, live: &Value) {
    table(text, "The real page with the fake camera", &["what", "measured"]);
    let tasks = &live["tasks"];
    let rows = [
        ("navigation to the first screen, ms", quartiles(&live["welcome_ms"])),
        ("navigation to the first depth, ms", quartiles(&live["first_depth_ms"])),
        ("click on Start to the first depth, ms", quartiles(&live["click_to_first_depth_ms"])),
        (
            "loaded, MB; with brotli",
            format!(
                "{}; {}",
                megabytes(&live["loaded"]["bytes"]),
                megabytes(&live["loaded"]["brotli_bytes"])
            ),
        ),
        ("readings a second, of 30 pictures", number(&live["readings_a_second"], 1)),
        ("longest task of the main thread, ms", number(&tasks["longest_ms"], 1)),
        ("the longest in processor time, ms", number(&tasks["longest_processor_ms"], 1)),
    ];
    for (what, measured) in rows {
        line(text, &format!("| {what} | {measured} |"));
    }
}

fn films(text: &mut String, films: &Value) {
    let Some(films) = films.as_object() else { return };
    let columns = ["film and pace", "way", "s", "times real time", "times ours", "readings"];
    table(text, "A recorded video of 20 s", &columns);
    for (film, ways) in films {
        for way in ways.as_array().into_iter().flatten() {
            let cells = [
                film.clone(),
                way["label"].as_str().unwrap_or_default().to_owned(),
                quartiles(&way["seconds"]),
                quartiles(&way["times_real_time"]),
                quartiles(&way["times_ours"]),
                way["readings"].to_string(),
            ];
            line(text, &format!("| {} |", cells.join(" | ")));
        }
    }
}
