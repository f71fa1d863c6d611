//! Measures the shipped model on FER2013 and FER+, through the engine that the browser runs.
//!
//! `cargo run --release --example evaluate -- --images fer2013.csv.gz --votes fer2013new.csv --split PublicTest`

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::evaluation::{self, Images, Prediction, Problem, Report, Votes};
use emotion_core::engine::Engine;
use emotion_core::model::{Manifest, ModelFiles};
use indicatif::{ProgressBar, ProgressStyle};

const USAGE: &str = "\
Measures the shipped model on FER2013 and FER+.

Usage: evaluate --images FILE --split NAME [options]

  --images FILE       fer2013.csv, plain or gzipped: columns emotion, pixels, Usage
  --split NAME        the Usage of the rows to measure: Training, PublicTest or PrivateTest
  --votes FILE        fer2013new.csv, plain or gzipped; its rows correspond to those of --images
  --predictions FILE  write the class probabilities and depths of every row as CSV
  --json FILE         write the figures as JSON
  --exclude FILE      leave rows out of the figures: numbers of rows of the split, from 0, one a line
  --models FOLDER     where manifest.json and the networks are (the shipped ones)
  --help              show this

Faulty rows are named and left out; a file that is cut short or not what it should be ends with exit code 1.";

/// Problems shown one by one before the rest is only counted.
const SHOWN_PROBLEMS: usize = 20;

/// The program as it is run from a command line.
pub fn main() -> ExitCode {
    run(std::env::args().skip(1), &mut std::io::stdout(), &mut std::io::stderr())
}

/// The whole program: the figures go to `output`, everything else to `errors`.
pub fn run(
    arguments: impl Iterator<Item = String>,
    output: &mut dyn Write,
    errors: &mut dyn Write,
) -> ExitCode {
    match try_run(arguments, output, errors) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // Where even this cannot be written, the exit code has to do.
            let _ = writeln!(errors, "error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// The figures with the file that they are of.
#[derive(serde::Serialize)]
struct Figures {
    classifier_sha256: String,
    #[serde(flatten)]
    report: Report,
}

/// What the command line asks for.
#[derive(Debug, Default)]
struct Options {
    images: PathBuf,
    split: String,
    votes: Option<PathBuf>,
    predictions: Option<PathBuf>,
    json: Option<PathBuf>,
    exclude: Option<PathBuf>,
    models: PathBuf,
}

impl Options {
    /// `None` where help is asked for.
    fn parse(arguments: impl Iterator<Item = String>) -> Result<Option<Self>, String> {
        let (mut images, mut split, mut models) = (None, None, None);
        let mut options = Self::default();
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let (name, inline) = match argument.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (argument, None),
            };
            if name == "--help" || name == "-h" {
                return Ok(None);
            }
            let mut value = || {
                inline.clone().or_else(|| arguments.next()).ok_or(format!("{name} needs a value.\n\n{USAGE}"))
            };
            match name.as_str() {
                "--images" => images = Some(value()?.into()),
                "--split" => split = Some(value()?),
                "--votes" => options.votes = Some(value()?.into()),
                "--predictions" => options.predictions = Some(value()?.into()),
                "--json" => options.json = Some(value()?.into()),
                "--exclude" => options.exclude = Some(value()?.into()),
                "--models" => models = Some(value()?.into()),
                _ => return Err(format!("\"{name}\" is not an option.\n\n{USAGE}")),
            }
        }
        options.images = images.ok_or(format!("--images is missing.\n\n{USAGE}"))?;
        options.split = split.ok_or(format!("--split is missing.\n\n{USAGE}"))?;
        options.models = models.unwrap_or_else(crate::models_folder);
        Ok(Some(options))
    }
}

fn try_run(
    arguments: impl Iterator<Item = String>,
    output: &mut dyn Write,
    errors: &mut dyn Write,
) -> Result<(), String> {
    let Some(options) = Options::parse(arguments)? else {
        return writeln!(output, "{USAGE}").map_err(|error| format!("the help cannot be shown: {error}"));
    };
    let images = read(&options.images, |reader| evaluation::read_images(reader, &options.split))?;
    report_problems(errors, &options.images, &images.problems);
    let votes: Option<Votes> = match &options.votes {
        Some(path) => {
            let votes = read(path, |reader| evaluation::read_votes(reader, &images))?;
            report_problems(errors, path, &votes.problems);
            Some(votes)
        }
        None => None,
    };
    let excluded = match &options.exclude {
        Some(path) => read(path, |reader| evaluation::read_excluded(reader, images.rows))?,
        None => BTreeSet::new(),
    };

    let (mut engine, classifier_sha256) = load_engine(&options.models)?;
    let predictions = predict(&mut engine, &images)?;
    let report = evaluation::measure(&images, votes.as_ref(), &excluded, &predictions);
    let figures = Figures { classifier_sha256, report };
    write!(output, "Classifier with SHA-256 {}\n{}", figures.classifier_sha256, figures.report)
        .map_err(|error| format!("the figures cannot be shown: {error}"))?;
    if let Some(path) = &options.predictions {
        write(path, &evaluation::predictions_csv(&predictions))?;
    }
    if let Some(path) = &options.json {
        let json = serde_json::to_string_pretty(&figures).map_err(|error| error.to_string())?;
        write(path, &(json + "\n"))?;
    }
    Ok(())
}

/// Open a file, gzipped or not, and read it; errors get the file's name.
fn read<T>(
    path: &Path,
    read: impl FnOnce(Box<dyn BufRead>) -> Result<T, evaluation::FileError>,
) -> Result<T, String> {
    let open = |error: std::io::Error| format!("{} cannot be opened: {error}", path.display());
    let mut reader = BufReader::with_capacity(1 << 16, File::open(path).map_err(open)?);
    let gzipped = reader.fill_buf().map_err(open)?.starts_with(&[0x1f, 0x8b]);
    let reader: Box<dyn BufRead> = if gzipped {
        Box::new(BufReader::with_capacity(1 << 16, flate2::bufread::MultiGzDecoder::new(reader)))
    } else {
        Box::new(reader)
    };
    read(reader).map_err(|error| format!("{}: {error}", path.display()))
}

fn report_problems(errors: &mut dyn Write, path: &Path, problems: &[Problem]) {
    let mut say = |text: String| {
        // The figures count the malformed rows too, so a closed stderr hides nothing.
        let _ = writeln!(errors, "{}: {text}", path.display());
    };
    for problem in problems.iter().take(SHOWN_PROBLEMS) {
        say(problem.to_string());
    }
    if problems.len() > SHOWN_PROBLEMS {
        say(format!("... and {} more", problems.len() - SHOWN_PROBLEMS));
    }
    if !problems.is_empty() {
        say(format!("{} malformed rows are left out", problems.len()));
    }
}

/// The engine of the models in `folder`, and its classifier's SHA-256, which the engine has checked.
fn load_engine(folder: &Path) -> Result<(Engine, String), String> {
    let unusable = |error: &dyn std::fmt::Display| {
        format!("the models in {} cannot be loaded: {error}", folder.display())
    };
    let files = ModelFiles::read(folder).map_err(|error| unusable(&error))?;
    let manifest = Manifest::parse(&files.manifest).map_err(|error| unusable(&error))?;
    let engine =
        Engine::new(&files.manifest, &files.detector, &files.classifier).map_err(|error| unusable(&error))?;
    Ok((engine, manifest.classifier.source.sha256))
}

/// Run the network on every face, with a progress bar where somebody watches.
fn predict(engine: &mut Engine, images: &Images) -> Result<Vec<Prediction>, String> {
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} faces, {per_sec}, {eta} left");
    let bar = ProgressBar::new(images.faces.len() as u64)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let mut predictions = Vec::with_capacity(images.faces.len());
    for face in &images.faces {
        let scores = engine
            .classify_crop(&face.pixels)
            .map_err(|error| format!("the engine failed on row {}: {error}", face.row))?;
        predictions.push(Prediction { row: face.row, scores });
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(predictions)
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("{} cannot be written: {error}", path.display()))
}
