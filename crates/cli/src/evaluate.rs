//! Measures the shipped model on FER2013 and FER+, or on pictures from elsewhere, through the engine that the browser runs.
//!
//! `cargo run --release --example evaluate -- --images fer2013.csv.gz --votes fer2013new.csv --split PublicTest`

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::evaluation::outside::FoundFace;
use crate::evaluation::{self, Images, Mapping, Prediction, Problem, Report, Votes, outside};
use crate::own::{Own, OwnFiles};
use emotion_core::align::SIZE;
use emotion_core::engine::Engine;
use emotion_core::frame::Frame;
use emotion_core::model::{Manifest, ModelFiles};
use indicatif::{ProgressBar, ProgressStyle};

const USAGE: &str = "\
Measures the shipped model on FER2013 and FER+, or on a folder of pictures.

Usage: evaluate --images FILE --split NAME [options]
       evaluate --pictures FOLDER --table FILE [--crops FILE] [--json FILE] [--models FOLDER]

Either takes --model FILE --card FILE, too, and then measures that model of your own in place of the shipped one.

  --images FILE       fer2013.csv, plain or gzipped: columns emotion, pixels, Usage
  --split NAME        the Usage of the rows to measure: Training, PublicTest or PrivateTest
  --votes FILE        fer2013new.csv, plain or gzipped; its rows correspond to those of --images
  --predictions FILE  write the class probabilities and depths of every row as CSV
  --mapping NAME      whose depths stand in that file: depth (the mixture of both studies), ferplus or photo
  --json FILE         write the figures as JSON
  --exclude FILE      leave rows out of the figures: numbers of rows of the split, from 0, one a line
  --pictures FOLDER   pictures from elsewhere, read by the whole engine; those of 48 x 48 pixels are enlarged in a grey frame
  --table FILE        CSV: file, and share_angry to share_neutral with raters, or label; performer or person
  --crops FILE        write the aligned faces, 48 x 48 bytes for each row, zeros where none was found
  --models FOLDER     where manifest.json and the networks are (the shipped ones)
  --model FILE        a model of your own, ONNX; needs --card, and a build with --features onnx
  --card FILE         what that model takes and gives, with `emotions` (docs/own-model.md)
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
struct Figures<T> {
    classifier_sha256: String,
    #[serde(flatten)]
    report: T,
}

/// The figures of a person's own model.
#[derive(serde::Serialize)]
struct OwnFigures {
    model: emotion_record::session::OwnModel,
    #[serde(flatten)]
    report: evaluation::own::OwnReport,
}

/// What the command line asks for.
#[derive(Debug)]
struct Options {
    measured: Measured,
    json: Option<PathBuf>,
    models: PathBuf,
    own: OwnFiles,
}

/// What is measured on.
#[derive(Debug)]
enum Measured {
    /// A split of FER2013.
    Split {
        images: PathBuf,
        split: String,
        votes: Option<PathBuf>,
        predictions: Option<PathBuf>,
        mapping: Mapping,
        exclude: Option<PathBuf>,
    },
    /// Pictures from elsewhere.
    Pictures { folder: PathBuf, table: PathBuf, crops: Option<PathBuf> },
}

impl Options {
    /// `None` where help is asked for.
    fn parse(arguments: impl Iterator<Item = String>) -> Result<Option<Self>, String> {
        let (mut images, mut split, mut votes, mut predictions, mut exclude) = (None, None, None, None, None);
        let (mut pictures, mut table, mut crops, mut json, mut models) = (None, None, None, None, None);
        let mut mapping = Mapping::Depth;
        let mut own = OwnFiles::default();
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
                "--votes" => votes = Some(value()?.into()),
                "--predictions" => predictions = Some(value()?.into()),
                "--mapping" => {
                    let name = value()?;
                    let known = Mapping::ALL.into_iter().find(|mapping| mapping.name() == name);
                    mapping = known.ok_or(format!("--mapping {name:?} is none of depth, ferplus, photo."))?;
                }
                "--json" => json = Some(value()?.into()),
                "--exclude" => exclude = Some(value()?.into()),
                "--pictures" => pictures = Some(value()?.into()),
                "--table" => table = Some(value()?.into()),
                "--crops" => crops = Some(value()?.into()),
                "--models" => models = Some(value()?.into()),
                "--model" => own.model = Some(value()?.into()),
                "--card" => own.card = Some(value()?.into()),
                _ => return Err(format!("\"{name}\" is not an option.\n\n{USAGE}")),
            }
        }
        let missing = |name: &str| format!("{name} is missing.\n\n{USAGE}");
        let measured = match pictures {
            Some(folder) => {
                Measured::Pictures { folder, table: table.ok_or_else(|| missing("--table"))?, crops }
            }
            None => Measured::Split {
                images: images.ok_or_else(|| missing("--images"))?,
                split: split.ok_or_else(|| missing("--split"))?,
                votes,
                predictions,
                mapping,
                exclude,
            },
        };
        Ok(Some(Self { measured, json, models: models.unwrap_or_else(crate::models_folder), own }))
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
    let json = options.json.as_deref();
    let files = ModelFiles::read(&options.models).map_err(|error| unusable(&options.models, &error))?;
    if let Some(mut own) = options.own.load(&files.manifest)? {
        return measure_own(&mut own, &options, &files, output, errors);
    }
    match &options.measured {
        Measured::Pictures { folder, table, crops } => {
            let file = File::open(table)
                .map_err(|error| format!("{} cannot be opened: {error}", table.display()))?;
            let (rows, left_out) =
                outside::read_table(file).map_err(|error| format!("{}: {error}", table.display()))?;
            let (mut engine, classifier_sha256) = load_engine(&files, &options.models)?;
            let faces = read_faces(&mut engine, folder, &rows)?;
            if let Some(path) = crops {
                let blank = vec![0; SIZE * SIZE];
                let bytes: Vec<u8> = faces
                    .iter()
                    .flat_map(|face| face.as_ref().map_or(&blank, |face| &face.crop))
                    .copied()
                    .collect();
                std::fs::write(path, bytes)
                    .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
            }
            let scores: Vec<_> = faces.into_iter().map(|face| face.map(|face| face.scores)).collect();
            let report = outside::measure(&rows, left_out, &scores, engine.mixture());
            show(&Figures { classifier_sha256, report }, json, output)
        }
        Measured::Split { images, split, votes, predictions, mapping, exclude } => {
            let faces = read(images, |reader| evaluation::read_images(reader, split))?;
            report_problems(errors, images, &faces.problems);
            let votes: Option<Votes> = match votes {
                Some(path) => {
                    let votes = read(path, |reader| evaluation::read_votes(reader, &faces))?;
                    report_problems(errors, path, &votes.problems);
                    Some(votes)
                }
                None => None,
            };
            let excluded = match exclude {
                Some(path) => read(path, |reader| evaluation::read_excluded(reader, faces.rows))?,
                None => BTreeSet::new(),
            };
            let (mut engine, classifier_sha256) = load_engine(&files, &options.models)?;
            let answers = predict(&mut engine, &faces)?;
            let mixture = engine.mixture();
            let report: Report = evaluation::measure(&faces, votes.as_ref(), &excluded, &answers, mixture);
            if let Some(path) = predictions {
                write(path, &evaluation::predictions_csv(&answers, *mapping, mixture))?;
            }
            show(&Figures { classifier_sha256, report }, json, output)
        }
    }
}

/// The figures as a table, and as JSON where that was asked for.
fn show<T: serde::Serialize + std::fmt::Display>(
    figures: &Figures<T>,
    json: Option<&Path>,
    output: &mut dyn Write,
) -> Result<(), String> {
    write!(output, "Classifier with SHA-256 {}\n{}", figures.classifier_sha256, figures.report)
        .map_err(|error| format!("the figures cannot be shown: {error}"))?;
    let Some(path) = json else { return Ok(()) };
    let text = serde_json::to_string_pretty(figures).map_err(|error| error.to_string())?;
    write(path, &(text + "\n"))
}

/// The face of each row's picture with what the classifier says of it; `None` where none was found.
fn read_faces(
    engine: &mut Engine,
    folder: &Path,
    rows: &[outside::Row],
) -> Result<Vec<Option<FoundFace>>, String> {
    let bar = ProgressBar::new(rows.len() as u64);
    let faces = rows
        .iter()
        .inspect(|_| bar.inc(1))
        .map(|row| outside::read_face(engine, &folder.join(&row.file)))
        .collect();
    bar.finish_and_clear();
    faces
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
fn load_engine(files: &ModelFiles, folder: &Path) -> Result<(Engine, String), String> {
    let manifest = Manifest::parse(&files.manifest).map_err(|error| unusable(folder, &error))?;
    let engine = Engine::new(&files.manifest, &files.detector, &files.classifier)
        .map_err(|error| unusable(folder, &error))?;
    Ok((engine, manifest.classifier.source.sha256))
}

fn unusable(folder: &Path, error: &dyn std::fmt::Display) -> String {
    format!("the models in {} cannot be loaded: {error}", folder.display())
}

/// Measures a model of a person's own on the same faces.
fn measure_own(
    own: &mut Own,
    options: &Options,
    files: &ModelFiles,
    output: &mut dyn Write,
    errors: &mut dyn Write,
) -> Result<(), String> {
    let mut said = Vec::new();
    match &options.measured {
        Measured::Pictures { folder, table, .. } => {
            let file = File::open(table)
                .map_err(|error| format!("{} cannot be opened: {error}", table.display()))?;
            let (rows, _) =
                outside::read_table(file).map_err(|error| format!("{}: {error}", table.display()))?;
            let (mut engine, _) = load_engine(files, &options.models)?;
            for row in &rows {
                let numbers = outside::read_own(&mut engine, &mut own.model, &folder.join(&row.file))?;
                said.push((row.truth.clone(), numbers));
            }
        }
        Measured::Split { images, split, votes, exclude, .. } => {
            let faces = read(images, |reader| evaluation::read_images(reader, split))?;
            report_problems(errors, images, &faces.problems);
            let votes: Option<Votes> = match votes {
                Some(path) => Some(read(path, |reader| evaluation::read_votes(reader, &faces))?),
                None => None,
            };
            let excluded = match exclude {
                Some(path) => read(path, |reader| evaluation::read_excluded(reader, faces.rows))?,
                None => BTreeSet::new(),
            };
            for face in faces.faces.iter().filter(|face| !excluded.contains(&face.row)) {
                let truth = evaluation::own::truth_of(face, votes.as_ref());
                let rgba: Vec<u8> = face.pixels.iter().flat_map(|luma| [*luma, *luma, *luma, 255]).collect();
                let frame = Frame::new(SIZE, SIZE, &rgba).map_err(|error| error.to_string())?;
                let numbers = own.model.read_crop(&frame);
                let numbers =
                    numbers.map_err(|error| format!("your model failed on row {}: {error}", face.row))?;
                said.push((truth, numbers));
            }
        }
    }
    let report = evaluation::own::measure(&own.model.card().emotions(), &said)?;
    let figures = OwnFigures { model: own.entry.clone(), report };
    write!(output, "{} with SHA-256 {}\n{}", figures.model.name, figures.model.sha256, figures.report)
        .map_err(|error| format!("the figures cannot be shown: {error}"))?;
    let Some(path) = &options.json else { return Ok(()) };
    let text = serde_json::to_string_pretty(&figures).map_err(|error| error.to_string())?;
    write(path, &(text + "\n"))
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
