//! Whether live faces reach the classifier as it was trained: FER2013's PublicTest crops through the
//! whole engine (enlarged four times, in 640 x 480 frames) against the same crops fed directly.
//!
//! `cargo run --release --example pasted_crops -- --images fer2013.csv[.gz] [--every N] [--enlarge N] [--large PIXELS] [--sure SCORE]`
//!
//! `--enlarge`: by another factor than four. `--large`, `--sure`: faces as large as this in the detector's first look that score as
//! much as this get no second one.

use std::process::ExitCode;
use std::time::Instant;

use emotion_cli::fer2013::{self, Arguments, HEIGHT, WIDTH, paste};
use emotion_core::engine::{Engine, EngineOptions};
use emotion_core::frame::Frame;
use emotion_core::model::ModelFiles;
use emotion_core::reading::StageTimes;

/// Running counts over the crops; `direct` and `pasted` over the faces detected.
#[derive(Default)]
struct Tally {
    crops: u32,
    direct_all: u32,
    detected: u32,
    usable: u32,
    direct: u32,
    pasted: u32,
    depth_difference: f64,
    stages: StageTimes,
}

fn main() -> ExitCode {
    fer2013::finish(run())
}

fn run() -> Result<(), String> {
    let usage = "usage: pasted_crops --images fer2013.csv[.gz] [--every N] [--enlarge N] [--large PIXELS] [--sure SCORE]";
    let Arguments { images, every, scale, large_px, sure_score } = fer2013::arguments(usage, true)?;
    let models = emotion_cli::models_folder();
    let files = ModelFiles::read(&models).map_err(|error| error.to_string())?;
    // Each frame stands alone: a find counts at once.
    let mut options = EngineOptions::default();
    options.track.twice = false;
    options.detect.large_px = large_px.unwrap_or(options.detect.large_px);
    options.detect.sure_score = sure_score.unwrap_or(options.detect.sure_score);
    let mut engine = Engine::with_options(&files.manifest, &files.detector, &files.classifier, options)
        .map_err(|error| error.to_string())?;
    let crops = fer2013::read(&images, "PublicTest")?;
    let bar = indicatif::ProgressBar::new(crops.len().div_ceil(every) as u64);
    let mut tally = Tally::default();
    for crop in crops.iter().step_by(every) {
        compare(&mut engine, crop, scale, &mut tally).map_err(|error| error.to_string())?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    report(&tally);
    Ok(())
}

fn compare(
    engine: &mut Engine,
    crop: &fer2013::Crop,
    scale: usize,
    tally: &mut Tally,
) -> Result<(), Box<dyn std::error::Error>> {
    let direct = engine.classify_crop(&crop.pixels)?;
    let rgba = paste(&crop.pixels, scale);
    let frame = Frame::new(WIDTH, HEIGHT, &rgba)?;
    let start = Instant::now();
    engine.forget();
    let reading = engine.analyse(&frame, 0.0, &|| start.elapsed().as_secs_f64() * 1000.0)?;
    let hit = u32::from(largest(&direct.classes) == crop.class);
    tally.crops += 1;
    tally.direct_all += hit;
    let Some(face) = fer2013::pasted_face(&reading, scale) else { return Ok(()) };
    let Some(aligned) = engine.align(&frame, &face.points_px) else { return Ok(()) };
    let pasted = engine.classify_crop(&aligned)?;
    tally.detected += 1;
    tally.usable += u32::from(face.quality.usable);
    tally.direct += hit;
    tally.pasted += u32::from(largest(&pasted.classes) == crop.class);
    let difference = engine.mixture().of(&direct.studies()).zip(face.raw, |a, b| (a - b).abs()).to_array();
    tally.depth_difference += difference.iter().map(|value| f64::from(*value)).sum::<f64>() / 7.0;
    let (sum, one) = (&mut tally.stages, reading.stages);
    sum.detect_ms += one.detect_ms;
    sum.track_ms += one.track_ms;
    sum.align_ms += one.align_ms;
    sum.classify_ms += one.classify_ms;
    sum.total_ms += one.total_ms;
    Ok(())
}

fn largest(values: &[f32]) -> usize {
    (0..values.len()).fold(0, |best, at| if values[at] > values[best] { at } else { best })
}

fn report(tally: &Tally) {
    let percent = |part: u32, whole: u32| 100.0 * f64::from(part) / f64::from(whole.max(1));
    let (direct, pasted) = (percent(tally.direct, tally.detected), percent(tally.pasted, tally.detected));
    println!("crops                              {}", tally.crops);
    println!(
        "detected                           {} ({:.2} %)",
        tally.detected,
        percent(tally.detected, tally.crops)
    );
    println!(
        "of these with a usable quality     {} ({:.2} %)",
        tally.usable,
        percent(tally.usable, tally.detected)
    );
    println!("accuracy fed directly, all         {:.2} %", percent(tally.direct_all, tally.crops));
    println!("accuracy fed directly, detected    {direct:.2} %");
    println!("accuracy through the whole engine  {pasted:.2} % ({:+.2} points)", pasted - direct);
    let count = f64::from(tally.detected.max(1));
    println!("mean difference of a depth         {:.4}", tally.depth_difference / count);
    let times = &tally.stages;
    println!(
        "ms a frame: detect {:.2}, track {:.2}, align {:.2}, classify {:.2}, total {:.2}",
        times.detect_ms / count,
        times.track_ms / count,
        times.align_ms / count,
        times.classify_ms / count,
        times.total_ms / count
    );
}
