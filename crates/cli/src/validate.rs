//! Checks study files, result files and receipts, for pipelines.
//!
//! `cargo run --release --example validate -- FILE... [--json]`

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use emotion_study::fault::Fault;
use emotion_study::{file, hash, receipt, result, words};
use serde::Serialize;

const USAGE: &str = "\
Checks the files of a study: the study file with its media, result files (*.result.json.gz), and receipts as text.

Usage: validate FILE... [options]

  FILE    study.json, a result file, a text with a receipt, or a folder, of which every such file is checked
  --json  print one JSON list with what was found
  --help  show this

What is wrong is printed with its place in the file. The exit code is 1 if anything is wrong.";

/// The program as it is run from a command line.
pub fn main() -> ExitCode {
    run(std::env::args().skip(1), &mut std::io::stdout().lock(), &mut std::io::stderr())
}

/// The whole program: what was found goes to `output`, faults of the command line to `errors`.
pub fn run(
    arguments: impl Iterator<Item = String>,
    output: &mut dyn Write,
    errors: &mut dyn Write,
) -> ExitCode {
    match try_run(arguments, output) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            // Where even this cannot be written, the exit code has to do.
            let _ = writeln!(errors, "error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// What was found in one file.
#[derive(Debug, Serialize)]
struct Report {
    file: String,
    /// `study`, `result`, `receipt` or `unknown`.
    kind: &'static str,
    /// What it holds, in a few words; empty where it is wrong.
    summary: String,
    faults: Vec<Fault>,
    /// What is right but should be known.
    remarks: Vec<String>,
}

/// Whether everything is right.
fn try_run(arguments: impl Iterator<Item = String>, output: &mut dyn Write) -> Result<bool, String> {
    let (mut files, mut json, mut only_files) = (Vec::<PathBuf>::new(), false, false);
    for argument in arguments {
        match argument.as_str() {
            _ if only_files => files.push(argument.into()),
            "--" => only_files = true,
            "--help" | "-h" => {
                writeln!(output, "{USAGE}").map_err(|error| format!("the help cannot be shown: {error}"))?;
                return Ok(true);
            }
            "--json" => json = true,
            _ if argument.starts_with("--") => {
                return Err(format!("\"{argument}\" is not an option.\n\n{USAGE}"));
            }
            _ => files.push(argument.into()),
        }
    }
    if files.is_empty() {
        return Err(format!("no file is named.\n\n{USAGE}"));
    }
    let mut reports = Vec::new();
    for path in files {
        if path.is_dir() {
            let before = reports.len();
            folder(&path, 0, &mut reports);
            if reports.len() == before {
                reports
                    .push(unknown(&path, "There is no study file, result file or receipt in this folder."));
            }
        } else {
            reports.push(check(&path));
        }
    }
    let text = if json {
        serde_json::to_string_pretty(&reports).map_err(|error| error.to_string())? + "\n"
    } else {
        reports.iter().map(shown).collect()
    };
    output.write_all(text.as_bytes()).map_err(|error| format!("the answer cannot be shown: {error}"))?;
    Ok(reports.iter().all(|report| report.faults.is_empty()))
}

fn shown(report: &Report) -> String {
    let mut text = match report.faults.len() {
        0 => format!("{}: right. {}\n", report.file, report.summary),
        1 => format!("{}: 1 fault\n", report.file),
        n => format!("{}: {n} faults\n", report.file),
    };
    for fault in &report.faults {
        text.push_str(&format!("  {fault}\n"));
    }
    for remark in &report.remarks {
        text.push_str(&format!("  note: {remark}\n"));
    }
    text
}

/// The files of a folder that look like ours, in the order of their names.
fn folder(path: &Path, depth: usize, reports: &mut Vec<Report>) {
    const DEEPEST: usize = 8;
    let mut entries: Vec<PathBuf> = match std::fs::read_dir(path) {
        Ok(entries) => entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect(),
        Err(error) => return reports.push(unknown(path, format!("The folder cannot be read: {error}."))),
    };
    entries.sort();
    for entry in entries {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        if entry.is_dir() {
            if depth < DEEPEST && !name.starts_with('.') {
                folder(&entry, depth + 1, reports);
            }
        } else if name == "study.json" || name.ends_with(".result.json.gz") || name.ends_with(".result.json")
        {
            reports.push(check(&entry));
        }
    }
}

fn unknown(path: &Path, reason: impl Into<String>) -> Report {
    Report {
        file: path.display().to_string(),
        kind: "unknown",
        summary: String::new(),
        faults: vec![Fault::new("", reason)],
        remarks: Vec::new(),
    }
}

fn check(path: &Path) -> Report {
    // The size first: a file of gigabytes is not loaded to be refused.
    let bytes = match std::fs::metadata(path) {
        Ok(about) if about.len() > result::MAX_FILE_BYTES as u64 => {
            return unknown(path, "The file is too large for a study, a result or a receipt.");
        }
        Ok(_) => std::fs::read(path),
        Err(error) => Err(error),
    };
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(error) => return unknown(path, format!("The file cannot be read: {error}.")),
    };
    let text = std::str::from_utf8(&bytes).unwrap_or_default();
    let head = text.get(..2_000).unwrap_or(text);
    let is_result = bytes.starts_with(&[0x1f, 0x8b]) || head.contains(result::FORMAT);
    let (kind, checked) = if is_result {
        ("result", of_result(&bytes))
    } else if text.contains(receipt::MARK) && !text.trim_start().starts_with('{') {
        ("receipt", of_receipt(text))
    } else {
        ("study", of_study(path, &bytes))
    };
    let file = path.display().to_string();
    match checked {
        Ok((summary, remarks)) => Report { file, kind, summary, faults: Vec::new(), remarks },
        Err(faults) => Report { file, kind, summary: String::new(), faults, remarks: Vec::new() },
    }
}

type Checked = Result<(String, Vec<String>), Vec<Fault>>;

fn of_result(bytes: &[u8]) -> Checked {
    let result = result::read(bytes)?;
    let session = &result.session;
    let summary = format!(
        "Result of study \"{}\", session {}, outcome {}, {} exposures, {} readings.",
        result.study.id,
        session.id,
        session.outcome.word(),
        result.exposures.len(),
        result.samples.len()
    );
    let mut remarks = Vec::new();
    if session.preview {
        remarks.push("This is a preview; it is never merged.".to_owned());
    }
    for exposure in result.exposures.iter().filter(|exposure| exposure.grade < 4) {
        let reasons: Vec<&str> = exposure.reasons.iter().map(|reason| reason.word()).collect();
        let reasons = reasons.join(", ");
        remarks
            .push(format!("\"{}\" has only grade {} of 6 ({reasons}).", exposure.stimulus, exposure.grade));
    }
    Ok((summary, remarks))
}

fn of_receipt(text: &str) -> Checked {
    let receipt = receipt::read(text).map_err(|error| vec![Fault::new("", error.to_string())])?;
    let seconds: usize = receipt.exposures.iter().map(|exposure| exposure.seconds.len()).sum();
    let outcome = receipt.outcome.word();
    let exposures = receipt.exposures.len();
    let session = receipt.session;
    let summary =
        format!("Receipt of session {session}, outcome {outcome}, {exposures} exposures, {seconds} seconds.");
    Ok((summary, Vec::new()))
}

fn of_study(path: &Path, bytes: &[u8]) -> Checked {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| vec![Fault::new("", "This is no study file: it is no text in UTF-8.")])?;
    let study = file::parse(text)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut faults = Vec::new();
    for (index, stimulus) in study.stimuli.iter().enumerate() {
        let Some(media) = stimulus.media.file() else { continue };
        let at = format!("stimuli[{index}].{}", stimulus.media.kind());
        match std::fs::read(folder.join(media.path)) {
            Err(error) => {
                faults.push(Fault::new(
                    format!("{at}.file"),
                    format!("The file {} cannot be read: {error}.", media.path),
                ));
            }
            Ok(bytes) => {
                if hash::sha256_hex(&bytes) != media.sha256 {
                    let reason = format!(
                        "The file {} is another one: its SHA-256 is {}.",
                        media.path,
                        hash::sha256_hex(&bytes)
                    );
                    faults.push(Fault::new(format!("{at}.sha256"), reason));
                }
                if media.bytes.is_some_and(|told| told != bytes.len() as u64) {
                    let reason = format!("The file {} has {} bytes.", media.path, bytes.len());
                    faults.push(Fault::new(format!("{at}.bytes"), reason));
                }
            }
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let summary = format!(
        "Study \"{}\" with {} stimuli and {} questions; file {}, measure {}.",
        study.id,
        study.stimuli.len(),
        study.questions.len(),
        hash::file_sha256(bytes),
        hash::measure_sha256(&study)
    );
    let open = words::untranslated(&study);
    let remarks = match open.len() {
        0 => Vec::new(),
        n => vec![format!(
            "{n} texts are in English still, as \"{}\" has none of its own; \"{}\" is the first.",
            study.language, open[0]
        )],
    };
    Ok((summary, remarks))
}
