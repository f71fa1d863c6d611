//! Reads picture files with the engine of the page's photo mode, and prints the same samples.
//!
//! `cargo run --release --example score -- FILE... [--csv|--json]`

use std::io::Write;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use emotion_core::engine::Engine;
use emotion_core::model::ModelFiles;
use emotion_core::picture::{MOST_BYTES, Picture, PictureError};
use emotion_core::still::Reach;
use emotion_record::export::{Dialect, to_csv};
use emotion_record::notes::Notes;
use emotion_record::session::{Models, Sample, Session};
use emotion_record::source_names;
use emotion_record::still::samples;
use indicatif::{ProgressBar, ProgressStyle};
use own_model::OwnModel;

use crate::own::{self, OwnFiles};

const USAGE: &str = "\
Reads faces in picture files: PNG, JPEG, WebP, GIF (the first picture), BMP and TIFF.

Usage: score FILE... [options]

  FILE             a picture, or a folder, of which every file is read that is not hidden
  --json           print one JSON array of samples (docs/formats.md); so it is without this, too
  --csv            print the samples as a table: commas between cells, decimal points
  --decimal-comma  print the table with semicolons between cells, decimal commas and a byte order mark, as spreadsheets
                   set to German, French, Spanish and others read it
  --small          look for faces down to 24 pixels: takes long with large pictures
  --models FOLDER  where manifest.json and the networks are (the shipped ones)
  --model FILE     a model of your own, ONNX, beside the shipped one; needs --card, and a build with --features onnx
  --card FILE      what that model takes and gives (docs/own-model.md); its numbers stand in `own` of each sample
  --propose-card FILE  print the card that the graph of a model suggests, to be looked over; reads no pictures
  --help           show this

A file that cannot be read is named on the standard error output with the reason; the rest goes on, and the exit code is 1.
What there is to know of a file that was read stands there, too: that no face was found, and from which size on; that it has pages.
Files of one name are told apart by their folders.";

/// The program as it is run from a command line.
pub fn main() -> ExitCode {
    run(std::env::args().skip(1), &mut std::io::stdout().lock(), &mut std::io::stderr())
}

/// The whole program: the samples go to `output`, everything else to `errors`.
pub fn run(
    arguments: impl Iterator<Item = String>,
    output: &mut dyn Write,
    errors: &mut dyn Write,
) -> ExitCode {
    match try_run(arguments, output, errors) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(message) => {
            // Where even this cannot be written, the exit code has to do.
            let _ = writeln!(errors, "error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// What the command line asks for.
#[derive(Debug)]
struct Options {
    files: Vec<PathBuf>,
    /// `None`: JSON.
    table: Option<Dialect>,
    reach: Reach,
    models: PathBuf,
    own: OwnFiles,
    /// The model for which a card is proposed.
    propose: Option<PathBuf>,
}

impl Options {
    /// `None` where help is asked for.
    fn parse(arguments: impl Iterator<Item = String>) -> Result<Option<Self>, String> {
        let mut options = Self {
            files: Vec::new(),
            table: None,
            reach: Reach::Fortieth,
            models: crate::models_folder(),
            own: OwnFiles::default(),
            propose: None,
        };
        let (mut arguments, mut only_files) = (arguments, false);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                _ if only_files => options.files.push(argument.into()),
                "--" => only_files = true,
                "--help" | "-h" => return Ok(None),
                "--csv" => options.table = options.table.or(Some(Dialect::Point)),
                "--decimal-comma" => options.table = Some(Dialect::Comma),
                "--json" => options.table = None,
                "--small" => options.reach = Reach::Small,
                "--models" => {
                    options.models =
                        arguments.next().ok_or(format!("--models needs a folder.\n\n{USAGE}"))?.into();
                }
                "--model" | "--card" | "--propose-card" => {
                    let file: PathBuf =
                        arguments.next().ok_or(format!("{argument} needs a file.\n\n{USAGE}"))?.into();
                    match argument.as_str() {
                        "--model" => options.own.model = Some(file),
                        "--card" => options.own.card = Some(file),
                        _ => options.propose = Some(file),
                    }
                }
                _ if argument.starts_with("--") => {
                    return Err(format!("\"{argument}\" is not an option.\n\n{USAGE}"));
                }
                _ => options.files.push(argument.into()),
            }
        }
        if options.files.is_empty() && options.propose.is_none() {
            return Err(format!("no file is named.\n\n{USAGE}"));
        }
        Ok(Some(options))
    }
}

/// A file to read, and how the samples name it.
struct Source {
    path: PathBuf,
    name: String,
}

/// Returns how many files failed.
fn try_run(
    arguments: impl Iterator<Item = String>,
    output: &mut dyn Write,
    errors: &mut dyn Write,
) -> Result<usize, String> {
    let Some(options) = Options::parse(arguments)? else {
        writeln!(output, "{USAGE}").map_err(|error| format!("the help cannot be shown: {error}"))?;
        return Ok(0);
    };
    if let Some(model) = &options.propose {
        let (card, guesses) = own::propose(model)?;
        for guess in guesses {
            // The card itself is what was asked for.
            let _ = writeln!(errors, "{guess}");
        }
        output.write_all(card.as_bytes()).map_err(|error| format!("the card cannot be shown: {error}"))?;
        return Ok(0);
    }
    let (mut engine, models, manifest) = load_engine(&options.models)?;
    let mut own = options.own.load(&manifest)?;
    let (sources, mut failures) = sources(&options.files);
    let (mut samples, mut notes) = (Vec::new(), Vec::new());
    let bar = progress(sources.len());
    for source in &sources {
        match read(&mut engine, own.as_mut().map(|own| &mut own.model), source, options.reach) {
            Ok((found, note)) => {
                samples.extend(found);
                notes.extend(note.map(|note| (source.path.clone(), note)));
            }
            Err(reason) => failures.push((source.path.clone(), reason)),
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    for (path, reason) in notes.iter().chain(&failures) {
        // The exit code tells of the failure where nobody reads this.
        let _ = writeln!(errors, "{}: {reason}", path.display());
    }
    let text = match options.table {
        // As on the page: a picture has no moment at which it began.
        Some(dialect) => {
            let own_model = own.map(|own| own.entry);
            to_csv(&Session { own_model, ..Session::new("", models) }, &samples, dialect)
        }
        None => serde_json::to_string(&samples).map_err(|error| error.to_string())? + "\n",
    };
    output.write_all(text.as_bytes()).map_err(|error| format!("the samples cannot be shown: {error}"))?;
    Ok(failures.len())
}

/// The samples of one file, and what there is to know of it.
fn read(
    engine: &mut Engine,
    own: Option<&mut OwnModel>,
    source: &Source,
    reach: Reach,
) -> Result<(Vec<Sample>, Option<String>), String> {
    let unreadable = |error: std::io::Error| format!("The file cannot be read: {error}.");
    // The size first: a file of gigabytes is not loaded to be refused.
    let bytes = std::fs::metadata(&source.path).map_err(unreadable)?.len();
    if bytes > MOST_BYTES {
        return Err(PictureError::Heavy { bytes }.to_string());
    }
    let bytes = std::fs::read(&source.path).map_err(unreadable)?;
    let picture = Picture::decode(&bytes).map_err(|error| error.to_string())?;
    drop(bytes);
    let frame = picture.frame().map_err(|error| format!("The picture cannot be read: {error}."))?;
    let smallest_px = reach.smallest_px(frame.width(), frame.height());
    let mut reading = engine
        .read_still(&frame, smallest_px, &|| 0.0)
        .map_err(|error| format!("The engine failed on this picture: {error}."))?;
    if let Some(own) = own {
        own.read(&frame, &mut reading)
            .map_err(|error| format!("Your model failed on this picture: {error}."))?;
    }
    let file = picture.note().map(|note| note.to_string());
    let nothing_from_px = reading.faces.is_empty().then_some(smallest_px);
    let note = Notes { nothing_from_px, file: file.as_deref(), ..Notes::default() }.text();
    Ok((samples(&reading, &source.name), note))
}

/// The named files by their names, with as many folders before them as tell them apart, and those below named folders by their path from the folder's name on, sorted, as
/// the page names them; and the folders that cannot be listed.
fn sources(named: &[PathBuf]) -> (Vec<Source>, Vec<(PathBuf, String)>) {
    let (mut sources, mut failures) = (Vec::new(), Vec::new());
    let paths: Vec<String> = named.iter().map(|path| parts(path)).collect();
    let names = source_names::of_paths(&paths.iter().map(String::as_str).collect::<Vec<_>>());
    for (path, name) in named.iter().zip(names) {
        add(path.clone(), name, &mut sources, &mut failures);
    }
    // A folder's file may be called like one that was named.
    let mut taken = source_names::SourceNames::default();
    for source in &mut sources {
        source.name = taken.take(&source.name).0;
    }
    (sources, failures)
}

/// A path's parts that are names, with slashes between them.
fn parts(path: &Path) -> String {
    let names = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    let parts: Vec<_> = names.collect();
    if parts.is_empty() { path.to_string_lossy().into_owned() } else { parts.join("/") }
}

fn add(path: PathBuf, name: String, sources: &mut Vec<Source>, failures: &mut Vec<(PathBuf, String)>) {
    if !path.is_dir() {
        sources.push(Source { path, name });
        return;
    }
    let listed = std::fs::read_dir(&path).and_then(|entries| {
        entries.map(|entry| entry.map(|entry| entry.file_name())).collect::<std::io::Result<Vec<_>>>()
    });
    match listed {
        Ok(mut entries) => {
            entries.sort();
            // As on the page: what a system keeps for itself is no picture that somebody wants read.
            entries.retain(|entry| !entry.to_string_lossy().starts_with('.'));
            for entry in entries {
                add(path.join(&entry), format!("{name}/{}", entry.to_string_lossy()), sources, failures);
            }
        }
        Err(error) => failures.push((path, format!("The folder cannot be listed: {error}."))),
    }
}

/// The engine, which models are in it, and their manifest.
fn load_engine(folder: &Path) -> Result<(Engine, Models, Vec<u8>), String> {
    let unusable = |error: &dyn std::fmt::Display| {
        format!("the models in {} cannot be loaded: {error}", folder.display())
    };
    let files = ModelFiles::read(folder).map_err(|error| unusable(&error))?;
    let engine =
        Engine::new(&files.manifest, &files.detector, &files.classifier).map_err(|error| unusable(&error))?;
    Ok((engine, Models::of_manifest(&files.manifest), files.manifest))
}

/// A bar where somebody watches: on the standard error output, if that is a terminal.
fn progress(files: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} files, {per_sec}, {eta} left");
    ProgressBar::new(files as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
