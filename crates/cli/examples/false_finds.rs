//! How often the camera takes something else for a face, and how soon it finds one that is there (docs/tracking.md).
//!
//! `cargo run --release --example false_finds -- --empty FOLDER [--faces fer2013.csv[.gz]] [--as-before]`
//!
//! Each picture without people is shown for eight seconds at 25 frames a second, 640 x 480, as a camera would that is held in a hand: it moves by a
//! few pixels and has a sensor's noise. Printed is how many faces a minute begin, and for what share of the time one is shown.
//! `--faces`: PublicTest's crops, every twelfth, enlarged three times: how long after its first frame a face is shown.
//! `--as-before`: each find of either look is a face at once, and pictures are not turned.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use emotion_cli::fer2013::{self, HEIGHT, WIDTH, paste};
use emotion_core::engine::{Engine, EngineOptions};
use emotion_core::frame::Frame;
use emotion_core::model::ModelFiles;
use image::imageops::{self, FilterType};

/// Frames of one picture, and the time between two.
const FRAMES: usize = 200;
const FRAME_MS: f64 = 40.0;

/// More pixels than are shown, on each side: what the camera moves over.
const MARGIN: usize = 16;

fn main() -> ExitCode {
    fer2013::finish(run())
}

fn run() -> Result<(), String> {
    let usage = "usage: false_finds --empty FOLDER [--faces fer2013.csv[.gz]] [--as-before]";
    let (mut empty, mut faces, mut before) = (None, None, false);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        match name.as_str() {
            "--empty" => empty = arguments.next().map(PathBuf::from),
            "--faces" => faces = arguments.next().map(PathBuf::from),
            "--as-before" => before = true,
            _ => return Err(usage.into()),
        }
    }
    let empty = empty.ok_or(usage)?;
    let mut options = EngineOptions::default();
    if before {
        (options.detect.agree, options.track.twice, options.turns) = (false, false, false);
    }
    let files = ModelFiles::read(&emotion_cli::models_folder());
    let files = files.map_err(|error| error.to_string())?;
    let mut engine = Engine::with_options(&files.manifest, &files.detector, &files.classifier, options)
        .map_err(|error| error.to_string())?;
    let mut pictures = Vec::new();
    collect(&empty, &mut pictures)?;
    let (mut begun, mut shown, mut frames, mut guilty) = (0, 0, 0, 0);
    for path in &pictures {
        let picture = image::open(path).map_err(|error| format!("{}: {error}", path.display()))?.to_rgb8();
        let [width, height] = [WIDTH + 2 * MARGIN, HEIGHT + 2 * MARGIN].map(|side| side as u32);
        let picture = imageops::resize(&picture, width, height, FilterType::Triangle);
        let mut ids = BTreeSet::new();
        engine.forget();
        for index in 0..FRAMES {
            let rgba = held(picture.as_raw(), width as usize, index);
            let found = analyse(&mut engine, &rgba, index)?;
            shown += usize::from(!found.is_empty());
            frames += 1;
            ids.extend(found);
        }
        begun += ids.len();
        guilty += usize::from(!ids.is_empty());
        if !ids.is_empty() {
            println!("{}: {} faces", path.display(), ids.len());
        }
    }
    let minutes = frames as f64 * FRAME_MS / 60_000.0;
    println!("{} pictures, {minutes:.1} minutes; in {guilty} of them a face is shown", pictures.len());
    println!("false faces a minute        {:.2}", begun as f64 / minutes);
    println!("share of time with one      {:.2} %", 100.0 * shown as f64 / frames.max(1) as f64);
    if let Some(faces) = faces {
        delays(&mut engine, &faces)?;
    }
    Ok(())
}

/// All picture files of a folder and those in it.
fn collect(folder: &Path, pictures: &mut Vec<PathBuf>) -> Result<(), String> {
    let fault = |error: std::io::Error| format!("{}: {error}", folder.display());
    let entries: Result<Vec<_>, _> = std::fs::read_dir(folder).map_err(fault)?.collect();
    let mut paths: Vec<PathBuf> = entries.map_err(fault)?.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if path.is_dir() {
            collect(&path, pictures)?;
        } else if matches!(ending, "jpg" | "jpeg" | "png") {
            pictures.push(path);
        }
    }
    Ok(())
}

/// The ids of the faces in a frame.
fn analyse(engine: &mut Engine, rgba: &[u8], index: usize) -> Result<Vec<u32>, String> {
    let frame = Frame::new(WIDTH, HEIGHT, rgba).map_err(|error| error.to_string())?;
    let reading = engine.analyse(&frame, index as f64 * FRAME_MS, &|| 0.0);
    let reading = reading.map_err(|error| error.to_string())?;
    Ok(reading.faces.iter().map(|face| face.face).collect())
}

/// A frame of a picture of `width` pixels in a row, as a camera in a hand shows it at this moment.
fn held(rgb: &[u8], width: usize, index: usize) -> Vec<u8> {
    let sway = |period: f64| (MARGIN as f64 * (1.0 + (index as f64 / period).sin())) as usize;
    let (left, top) = (sway(19.0), sway(13.0));
    let mut state = (index as u32).wrapping_mul(2_654_435_761).wrapping_add(1);
    let mut rgba = Vec::with_capacity(WIDTH * HEIGHT * 4);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let at = ((top + y) * width + left + x) * 3;
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            // Two sums of a die: about normal, some three levels wide.
            let noise = (state >> 28) as i32 + (state >> 24 & 15) as i32 - 15;
            let value = |colour: usize| (i32::from(rgb[at + colour]) + noise / 3).clamp(0, 255) as u8;
            rgba.extend([value(0), value(1), value(2), 255]);
        }
    }
    rgba
}

/// How long after its first frame each face is shown.
fn delays(engine: &mut Engine, path: &Path) -> Result<(), String> {
    let crops = fer2013::read(path, "PublicTest")?;
    let (mut found, mut sum_ms, mut all) = (0, 0.0, 0);
    for crop in crops.iter().step_by(12) {
        let rgba = paste(&crop.pixels, 3);
        let rgb: Vec<u8> =
            rgba.as_chunks::<4>().0.iter().flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
        let padded = pad(&rgb);
        engine.forget();
        all += 1;
        for index in 0..25 {
            if !analyse(engine, &held(&padded, WIDTH + 2 * MARGIN, index), index)?.is_empty() {
                found += 1;
                sum_ms += index as f64 * FRAME_MS;
                break;
            }
        }
    }
    println!("faces found within a second {found} of {all}");
    println!("mean delay of these         {:.0} ms", sum_ms / f64::from(found.max(1)));
    Ok(())
}

/// With the edge repeated by [`MARGIN`].
fn pad(rgb: &[u8]) -> Vec<u8> {
    let mut padded = Vec::new();
    for y in 0..HEIGHT + 2 * MARGIN {
        for x in 0..WIDTH + 2 * MARGIN {
            let [x, y] = [(x, WIDTH), (y, HEIGHT)].map(|(at, side)| at.saturating_sub(MARGIN).min(side - 1));
            padded.extend(&rgb[(y * WIDTH + x) * 3..(y * WIDTH + x) * 3 + 3]);
        }
    }
    padded
}
