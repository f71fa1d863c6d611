//! Recorded video: the real page by decoding and by seeking, beside a Python program with the same two networks.

use std::path::Path;
use std::process::Command;

use browser_tests::Browser;
use serde_json::{Map, Value, json};

use crate::statistics::{ratios, summary};
use crate::www::Www;
use crate::{Effort, say};

/// The films that `films/make.py` makes, and how many seconds each lasts.
const FILMS: [&str; 2] = ["640x360", "1280x720"];
const FILM_SECONDS: f64 = 20.0;
/// Looks a second, as the page's choice names them.
const PACES: [&str; 2] = ["10", "every"];
/// Seeking for every frame takes minutes: once is enough to know.
const SLOW_ROUNDS: usize = 1;

/// Notes when a film was chosen and when it was read, before any script of the page runs.
const WATCH: &str = r##"
    window.film = {};
    addEventListener("change", ({ target }) => {
        if (target.type === "file") film.chosen ??= performance.now();
    }, true);
    new MutationObserver(() => {
        if (document.querySelector("#progress")?.dataset.running === "false") film.read ??= performance.now();
    }).observe(document, { subtree: true, childList: true, attributes: true });
"##;

/// A way to read a film.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Decoding,
    Seeking,
    Python { threads: u32 },
}

const WAYS: [(&str, &str, Way); 4] = [
    ("ours", "this project, by decoding", Way::Decoding),
    ("seeking", "this project, by seeking", Way::Seeking),
    ("python-2", "OpenCV and onnxruntime, two threads", Way::Python { threads: 2 }),
    ("python-1", "OpenCV and onnxruntime, one thread", Way::Python { threads: 1 }),
];

/// What runs the peer.
pub struct Program<'a> {
    /// With the packages of `films/requirements.txt`.
    pub python: &'a Path,
    /// The repository.
    pub root: &'a Path,
}

/// Reads each film of the folder at each pace in each way, in alternation.
///
/// # Errors
/// The page's or the program's own words.
pub fn measure(
    browser: &Browser,
    www: &Www,
    program: &Program<'_>,
    films: &Path,
    effort: &Effort,
) -> Result<Value, String> {
    let rounds = effort.cold;
    let mut results = Map::new();
    for film in FILMS {
        for pace in PACES {
            let mut seconds = vec![Vec::new(); WAYS.len()];
            let mut readings = vec![0; WAYS.len()];
            for round in 0..rounds {
                say(&format!("film {film}, pace {pace}, round {} of {rounds}", round + 1));
                for at in 0..WAYS.len() {
                    // Each time another one first.
                    let at = (at + round) % WAYS.len();
                    let way = WAYS[at].2;
                    if way == Way::Seeking && pace == "every" && round >= SLOW_ROUNDS {
                        continue;
                    }
                    let path = films.join(film).with_extension("mp4");
                    let (took, read) = match way {
                        Way::Python { threads } => by_python(program, &path, pace, threads)?,
                        _ => by_page(browser, www, &path, pace, way)?,
                    };
                    seconds[at].push(took);
                    readings[at] = read;
                }
            }
            let ways = WAYS.iter().zip(&seconds).zip(&readings).map(|(((id, label, _), own), read)| {
                let times: Vec<f64> = own.iter().map(|own| FILM_SECONDS / own).collect();
                json!({
                    "id": id,
                    "label": label,
                    "seconds": summary(own),
                    "times_real_time": summary(&times),
                    "times_ours": summary(&ratios(&seconds[0], own)),
                    "readings": read,
                })
            });
            results.insert(format!("{film}, {pace}"), ways.collect());
        }
    }
    Ok(results.into())
}

/// Seconds from the choice of the file to the last reading, and readings.
fn by_page(browser: &Browser, www: &Www, film: &Path, pace: &str, way: Way) -> Result<(f64, u64), String> {
    let page = browser.open();
    page.run_first(WATCH);
    if way == Way::Seeking {
        page.run_first("delete window.VideoDecoder");
    }
    page.go(&www.url("film", "site/?activity=video"));
    page.bring_to_front();
    page.wait_for_view("video-welcome");
    page.click("input[name=use][value=research]");
    page.click("#start");
    page.wait_for_view("video");
    page.try_evaluate(&format!(
        "(() => {{ const pace = document.querySelector('#pace'); pace.value = {pace:?}; \
         pace.dispatchEvent(new Event('change', {{ bubbles: true }})); }})()"
    ))?;
    page.choose_files("#video-file", &[film]);
    page.wait_until("window.film.read");
    let seconds = page.try_evaluate("(film.read - film.chosen) / 1000")?;
    let label = page.try_evaluate("document.querySelector('#progress label').innerText")?;
    let readings = label.as_str().and_then(readings).ok_or_else(|| format!("no count in {label}"))?;
    page.call("Page.close", json!({}));
    let seconds = seconds.as_f64().ok_or("the page noted no times")?;
    Ok((seconds, readings))
}

/// The first number of pictures that a sentence names.
fn readings(label: &str) -> Option<u64> {
    let words: Vec<&str> = label.split_whitespace().collect();
    let at = words.iter().position(|word| word.starts_with("picture"))?;
    words.get(at.checked_sub(1)?)?.replace(',', "").parse().ok()
}

fn by_python(program: &Program<'_>, film: &Path, pace: &str, threads: u32) -> Result<(f64, u64), String> {
    let Program { python, root } = *program;
    let mut command = Command::new(python);
    command.arg(root.join("benches/browser/films/peer.py"));
    command.args(["face_detector_int16.onnx", "depth.onnx"].map(|file| root.join("models").join(file)));
    command.arg(film).arg(pace).arg(threads.to_string());
    let output =
        command.output().map_err(|error| format!("{} cannot be started: {error}", python.display()))?;
    if !output.status.success() {
        return Err(format!("the Python peer failed: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let told: Value = serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    told["seconds"].as_f64().zip(told["looks"].as_u64()).ok_or_else(|| format!("the Python peer told {told}"))
}
