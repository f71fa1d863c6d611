//! Pictures of 12 megapixels through the page's own file input: how long each takes and on what, and how much memory the
//! page's process holds after many of them. docs/photos.md has the results.
//!
//!     cargo xtask build --release
//!     cargo run --package browser-bench --bin photos [-- [--copies N] [FILE...]]
//!
//! Without a file two pictures are made of tests/pictures/astronaut.jpg. Each picture is read N times, under a name of its own.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use browser_tests::{Browser, Camera, Page, Site, TempFolder};
use image::{RgbImage, imageops};
use serde_json::{Value, json};

/// Width and height of the pictures that are made.
const SIZE: (u32, u32) = (4000, 3000);

/// Keeps what the worker answers to each file, with its time in `window.answers`.
const HEAR: &str = r#"
    window.answers = [];
    const Original = window.Worker;
    window.Worker = class extends Original {
        constructor(...all) {
            super(...all);
            this.addEventListener("message", ({ data }) => {
                const body = data?.body && JSON.parse(data.body);
                if (body?.kind === "read" && body.reading.width > 240) {
                    const { width, height, faces, stages } = body.reading;
                    window.answers.push({ width, height, faces: faces.length, stages, searches: body.searches });
                }
                if (body?.kind === "failed") window.answers.push({ failed: JSON.stringify(body.fault) });
            });
        }
    };
"#;

fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("photos: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut words: Vec<String>) -> Result<(), Box<dyn Error>> {
    let mut copies = 10;
    if let Some(at) = words.iter().position(|word| word == "--copies") {
        words.remove(at);
        let number = if at < words.len() { words.remove(at) } else { String::new() };
        copies = number.parse().map_err(|_| format!("--copies needs a number, not \"{number}\"."))?;
    }
    let folder = TempFolder::new();
    let pictures: Vec<PathBuf> =
        if words.is_empty() { made(folder.path())? } else { words.iter().map(PathBuf::from).collect() };

    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    page.run_first(HEAR);
    page.go(&format!("{}?activity=photos", site.url()));
    page.click("input[name=use][value=research]");
    page.click("#start");
    page.wait_for_view("photos");
    println!(
        "{:24} {:>5} {:>7}  read and decode, search, the rest, whole (ms)  private memory (MB)",
        "", "faces", "search"
    );
    let mut answered = 0;
    for picture in &pictures {
        let name = picture.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = fs::metadata(picture).map_err(|error| format!("{}: {error}.", picture.display()))?.len();
        println!("{name}: {:.1} MB, {copies} times", bytes as f64 / 1e6);
        let names: Vec<PathBuf> =
            (0..copies).map(|copy| folder.path().join(format!("{copy:03}-{name}"))).collect();
        for path in &names {
            // Copies cost the disk; where links are not known they have to be.
            if fs::hard_link(picture, path).is_err() {
                fs::copy(picture, path).map_err(|error| format!("{}: {error}.", path.display()))?;
            }
        }
        page.choose_files("#photo-files", &names.iter().map(PathBuf::as_path).collect::<Vec<_>>());
        for _ in 0..copies {
            answered += 1;
            report(&browser, &page, answered);
        }
    }
    Ok(())
}

/// Waits for an answer, counted from 1, and prints it.
fn report(browser: &Browser, page: &Page, answered: usize) {
    // The table changes with every answer.
    page.wait_until(&format!("window.answers.length >= {answered}"));
    let answer = page.evaluate(&format!("window.answers[{}]", answered - 1));
    if let Some(fault) = answer["failed"].as_str() {
        return println!("{fault}");
    }
    let ms = |stage: &str| answer["stages"][stage].as_f64().unwrap_or(f64::NAN);
    let (decode, search, whole) = (ms("copy_ms"), ms("detect_ms"), ms("total_ms"));
    let size = |side: &str| answer[side].as_u64().unwrap_or_default();
    let number = |value: &Value| value.as_u64().unwrap_or_default();
    println!(
        "{:24} {:>5} {:>7}  {decode:6.0} {search:6.0} {:6.0} {whole:6.0}  {:8}",
        format!("{answered}: {} x {}", size("width"), size("height")),
        number(&answer["faces"]),
        number(&answer["searches"]),
        whole - decode - search,
        private_bytes(browser).map_or("-".into(), |bytes| format!("{:.0}", bytes as f64 / 1e6)),
    );
}

/// Memory that only the pages' processes hold, all together: the page's, with its worker, and the empty first tab's, which does
/// nothing. Only Linux tells it.
fn private_bytes(browser: &Browser) -> Option<u64> {
    let info = browser.try_call(&None, "SystemInfo.getProcessInfo", json!({})).ok()?;
    let pages = info["processInfo"].as_array()?.iter().filter(|process| process["type"] == "renderer");
    let texts =
        pages.filter_map(|page| fs::read_to_string(format!("/proc/{}/smaps_rollup", page["id"])).ok());
    let kilobytes = texts.map(|text| -> u64 {
        let private = text.lines().filter(|line| line.starts_with("Private_"));
        private.filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).sum()
    });
    Some(kilobytes.sum::<u64>() * 1024)
}

/// A portrait that fills the picture, and a crowd of 48, both with a sensor's noise, without which a JPEG is decoded
/// sooner than a camera's.
fn made(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/pictures/astronaut.jpg");
    let picture = image::open(&path).map_err(|error| format!("{}: {error}.", path.display()))?.to_rgb8();
    let (width, height) = SIZE;
    let part =
        imageops::crop_imm(&picture, 0, 0, picture.width(), picture.width() * height / width).to_image();
    let portrait = imageops::resize(&part, width, height, imageops::Triangle);
    let head = imageops::resize(&picture, 500, 500, imageops::Triangle);
    let crowd = RgbImage::from_fn(width, height, |x, y| *head.get_pixel(x % 500, y % 500));
    let mut paths = Vec::new();
    for (name, mut picture) in [("portrait.jpg", portrait), ("crowd.jpg", crowd)] {
        let mut state = 2024_u32;
        for value in picture.iter_mut() {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *value = value.saturating_add_signed((state >> 28) as i8 - 8);
        }
        let path = folder.join(name);
        picture.save(&path).map_err(|error| format!("{}: {error}.", path.display()))?;
        paths.push(path);
    }
    Ok(paths)
}
