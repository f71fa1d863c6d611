//! Merges a panel without a browser: the same numbers and files as the page's, bit for bit.
//!
//! `cargo run --release --example panel -- FOLDER --out OUT`

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use emotion_panel::compare::Question;
use emotion_panel::export::SamplesTable;
use emotion_panel::{Dialect, Grouping, Overview, Panel, Settings, Status};
use emotion_stats::Measure;

const USAGE: &str = "\
Merges the result files of a panel: person-seconds, curves with intervals, tables and a report.

Usage: panel FOLDER... --out OUT [options]

  FOLDER            folders or files: *.result.json.gz, ZIP files, tables and texts with receipts, study.json,
                    withdrawn*.txt (codes), expected*.txt (ids), tables of attributes, earlier summary.csv
  --out OUT         the folder that gets samples.csv, seconds.csv, participants.csv, summary.csv, files.csv,
                    psych-ds.zip and report.html
  --corrected       each person's neutral face is taken off
  --decimal-comma   semicolons and decimal commas, for German, French and Spanish spreadsheets
  --least-quality Q, --least-usable SHARE, --most-other-faces SHARE
                    the quality rule: 0.5, 0.8 and 1
  --no-interrupted  interrupted exposures are left out
  --incomplete      sessions that did not come to their end are used, too
  --compare BY=A,B  also compares the groups A and B in every stimulus: BY is `group` (of the link), `answer:QUESTION` or
                    `attribute:COLUMN`; may be given several times; writes groups.csv
  --measures LIST   measures that are compared and corrected for together, parted by commas: happy,surprise
  --no-samples      samples.csv is not written: it is the largest
  --help            show this

What became of each file stands in files.csv. The exit code is 1 if nothing could be merged.";

/// The program as it is run from a command line.
pub fn main() -> ExitCode {
    run(std::env::args().skip(1), &mut std::io::stdout().lock(), &mut std::io::stderr())
}

/// The whole program: what was done goes to `output`, faults to `errors`.
pub fn run(
    arguments: impl Iterator<Item = String>,
    output: &mut dyn Write,
    errors: &mut dyn Write,
) -> ExitCode {
    match try_run(arguments, output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // Where even this cannot be written, the exit code has to do.
            let _ = writeln!(errors, "error: {message}");
            ExitCode::FAILURE
        }
    }
}

struct Options {
    inputs: Vec<PathBuf>,
    out: PathBuf,
    settings: Settings,
    samples: bool,
    comparisons: Vec<(Grouping, String, String)>,
    measures: Vec<Measure>,
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Option<Options>, String> {
    let (mut inputs, mut out, mut settings, mut samples) = (Vec::new(), None, Settings::default(), true);
    let (mut comparisons, mut measures) = (Vec::new(), vec![Measure::Happy, Measure::Surprise]);
    while let Some(argument) = arguments.next() {
        let mut share = |what: &str| {
            let text = arguments.next().unwrap_or_default();
            let number = text.parse::<f64>().ok().filter(|number| (0.0..=1.0).contains(number));
            number.ok_or_else(|| format!("{what} must be a number from 0 to 1, not \"{text}\"."))
        };
        match argument.as_str() {
            "--help" | "-h" => return Ok(None),
            "--out" => out = arguments.next().map(PathBuf::from),
            "--corrected" => settings.corrected = true,
            "--decimal-comma" => settings.dialect = Dialect::Comma,
            "--least-quality" => settings.rule.least_quality = share("--least-quality")?,
            "--least-usable" => settings.rule.least_usable_share = share("--least-usable")?,
            "--most-other-faces" => settings.rule.most_other_faces = share("--most-other-faces")?,
            "--no-interrupted" => settings.rule.leave_out_interrupted = true,
            "--incomplete" => settings.rule.only_complete = false,
            "--compare" => comparisons.push(comparison(&arguments.next().unwrap_or_default())?),
            "--measures" => measures = measures_of(&arguments.next().unwrap_or_default())?,
            "--no-samples" => samples = false,
            _ if argument.starts_with("--") => {
                return Err(format!("\"{argument}\" is not an option.\n\n{USAGE}"));
            }
            _ => inputs.push(PathBuf::from(argument)),
        }
    }
    if inputs.is_empty() {
        return Err(format!("no folder is named.\n\n{USAGE}"));
    }
    let out = out.ok_or_else(|| format!("--out with a folder for the tables is missing.\n\n{USAGE}"))?;
    Ok(Some(Options { inputs, out, settings, samples, comparisons, measures }))
}

/// `BY=A,B`.
fn comparison(text: &str) -> Result<(Grouping, String, String), String> {
    let parts = || {
        let (by, groups) = text.split_once('=')?;
        let (first, second) = groups.split_once(',')?;
        let grouping = match by.split_once(':') {
            None if by == "group" => Grouping::Group,
            Some(("answer", question)) => Grouping::Answer(question.to_owned()),
            Some(("attribute", column)) => Grouping::Attribute(column.to_owned()),
            _ => return None,
        };
        Some((grouping, first.to_owned(), second.to_owned()))
    };
    parts().ok_or_else(|| {
        format!("--compare must be like group=A,B or answer:liking=1,5 or attribute:age=old,young, not \"{text}\".")
    })
}

fn measures_of(text: &str) -> Result<Vec<Measure>, String> {
    let named = |name: &str| Measure::ALL.into_iter().find(|measure| measure.name() == name.trim());
    let list: Option<Vec<Measure>> = text.split(',').map(named).collect();
    list.ok_or_else(|| {
        let names = Measure::ALL.map(Measure::name).join(", ");
        format!("--measures must be some of {names}, parted by commas, not \"{text}\".")
    })
}

fn try_run(arguments: impl Iterator<Item = String>, output: &mut dyn Write) -> Result<(), String> {
    let mut say = |text: String| {
        writeln!(output, "{text}").map_err(|error| format!("the answer cannot be shown: {error}"))
    };
    let Some(options) = options(arguments)? else { return say(USAGE.to_owned()) };
    let settings = &options.settings;
    let mut files = Vec::new();
    for input in &options.inputs {
        let root = if input.is_dir() { input.as_path() } else { input.parent().unwrap_or(Path::new("")) };
        list(input, root, 0, &mut files)?;
    }
    files.sort();
    let mut panel = Panel::default();
    for (name, path) in &files {
        let bytes =
            std::fs::read(path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))?;
        panel.add(name, &bytes);
    }
    let overview = panel.overview(settings);
    for file in overview.files.iter().filter(|file| !matches!(file.status, Status::Merged | Status::Used)) {
        say(format!("{}: {}. {}", file.name, file.status.word(), file.reason))?;
    }
    if overview.merged == 0 {
        return Err("no result could be merged.".to_owned());
    }
    say(format!("{} people merged of {} files.", overview.merged, overview.files.len()))?;
    for stimulus in &overview.stimuli {
        say(format!("{}: {} of {} people are usable.", stimulus.id, stimulus.usable, stimulus.shown))?;
    }
    std::fs::create_dir_all(&options.out).map_err(|error| cannot_write(&options.out, &error))?;
    if options.samples {
        write_samples(&panel, settings, &options.out.join("samples.csv"))?;
    }
    let mut numbers = panel.compute(settings, |_, _| ());
    for question in questions(&options, &overview) {
        match panel.compare_and_test(&question, settings) {
            Ok(compared) => numbers.comparisons.push(compared),
            Err(error) => {
                say(format!("{}, {} and {}: {error}", question.stimulus, question.first, question.second))?
            }
        }
    }
    let write = |name: &str, bytes: &[u8]| {
        let path = options.out.join(name);
        std::fs::write(&path, bytes).map_err(|error| cannot_write(&path, &error))
    };
    write("seconds.csv", panel.seconds_csv(settings).as_bytes())?;
    write("participants.csv", panel.participants_csv(settings).as_bytes())?;
    write("files.csv", panel.files_csv(settings).as_bytes())?;
    write("summary.csv", panel.summary_csv(&numbers, settings).as_bytes())?;
    if !numbers.comparisons.is_empty() {
        write("groups.csv", panel.groups_csv(&numbers, settings).as_bytes())?;
    }
    write("psych-ds.zip", &panel.psych_ds(&numbers, settings)?)?;
    write("report.html", panel.report(&numbers, settings).as_bytes())?;
    say(format!("The tables and the report are in {}.", options.out.display()))
}

/// Each comparison in each stimulus.
fn questions<'o>(options: &'o Options, overview: &'o Overview) -> impl Iterator<Item = Question> + 'o {
    options.comparisons.iter().flat_map(move |(grouping, first, second)| {
        overview.stimuli.iter().map(move |stimulus| Question {
            stimulus: stimulus.id.clone(),
            grouping: grouping.clone(),
            first: first.clone(),
            second: second.clone(),
            measures: options.measures.clone(),
        })
    })
}

fn cannot_write(path: &Path, error: &std::io::Error) -> String {
    format!("{} cannot be written: {error}.", path.display())
}

fn write_samples(panel: &Panel, settings: &Settings, path: &Path) -> Result<(), String> {
    let table = SamplesTable::new(panel, settings);
    let write = || -> std::io::Result<()> {
        let mut file = BufWriter::new(std::fs::File::create(path)?);
        file.write_all(table.header().as_bytes())?;
        for session in 0..table.sessions() {
            file.write_all(table.rows(session).as_bytes())?;
        }
        file.flush()
    };
    write().map_err(|error| cannot_write(path, &error))
}

/// All files below, each with its name from the folder on, as the page names them.
fn list(path: &Path, root: &Path, depth: usize, files: &mut Vec<(String, PathBuf)>) -> Result<(), String> {
    const DEEPEST: usize = 8;
    /// What belongs to a study, but holds no numbers.
    const MEDIA: [&str; 12] =
        ["webm", "mp4", "m4v", "mov", "png", "jpg", "jpeg", "webp", "gif", "avif", "html", "md"];
    if !path.is_dir() {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let name = path.strip_prefix(root).unwrap_or(path);
        if !MEDIA.contains(&extension.as_str()) {
            let parts: Vec<_> = name.iter().map(|part| part.to_string_lossy().into_owned()).collect();
            files.push((parts.join("/"), path.to_owned()));
        }
        return Ok(());
    }
    let cannot_read = |error: std::io::Error| format!("{} cannot be read: {error}.", path.display());
    for entry in std::fs::read_dir(path).map_err(cannot_read)? {
        let entry = entry.map_err(cannot_read)?.path();
        let hidden = entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if depth < DEEPEST && !hidden {
            list(&entry, root, depth + 1, files)?;
        }
    }
    Ok(())
}
