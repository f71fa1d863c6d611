//! FER2013's crops as the engine sees such faces before a camera, for training on them (training/pool.py).
//!
//! `cargo run --release --example live_crops -- --images fer2013.csv[.gz] --split Training --out live.bin`
//!
//! Each crop is enlarged 3, 4, 5 or 6 times, the rows in turn, put into the middle of a 640 x 480 frame of its own mean grey,
//! found and aligned. Writes the bytes of uint8 [rows of the split, 48, 48], nothing before them; a crop whose face is not found stays as it is.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use emotion_cli::fer2013::{self, HEIGHT, WIDTH, paste};
use emotion_core::engine::{Engine, EngineOptions};
use emotion_core::frame::Frame;
use emotion_core::model::ModelFiles;

const ENLARGED: [usize; 4] = [3, 4, 5, 6];

fn main() -> ExitCode {
    fer2013::finish(run())
}

fn run() -> Result<(), String> {
    let [images, split, out] =
        arguments().ok_or("usage: live_crops --images fer2013.csv[.gz] --split NAME --out FILE")?;
    let models = emotion_cli::models_folder();
    let files = ModelFiles::read(&models).map_err(|error| error.to_string())?;
    // Each frame stands alone: a find counts at once.
    let mut options = EngineOptions::default();
    options.track.twice = false;
    let mut engine = Engine::with_options(&files.manifest, &files.detector, &files.classifier, options)
        .map_err(|error| error.to_string())?;
    let crops = fer2013::read(Path::new(&images), &split)?;
    let out = PathBuf::from(out);
    let fault = |error: std::io::Error| format!("{}: {error}", out.display());
    let mut file = BufWriter::new(File::create(&out).map_err(fault)?);
    let bar = indicatif::ProgressBar::new(crops.len() as u64);
    let mut found = 0;
    for (row, crop) in crops.iter().enumerate() {
        let live = seen(&mut engine, &crop.pixels, ENLARGED[row % ENLARGED.len()])
            .map_err(|error| format!("row {}: {error}", row + 1))?;
        found += usize::from(live.is_some());
        file.write_all(live.as_deref().unwrap_or(&crop.pixels)).map_err(fault)?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    file.flush().map_err(fault)?;
    println!("{found} of {} faces found", crops.len());
    Ok(())
}

/// `--images`, `--split` and `--out`, in any order.
fn arguments() -> Option<[String; 3]> {
    let mut values = [const { None }; 3];
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let at = ["--images", "--split", "--out"].iter().position(|known| *known == name)?;
        values[at] = Some(arguments.next()?);
    }
    let [images, split, out] = values;
    Some([images?, split?, out?])
}

/// The aligned face in a frame that shows the crop enlarged, if it is found there.
fn seen(
    engine: &mut Engine,
    crop: &[u8],
    scale: usize,
) -> Result<Option<Vec<u8>>, Box<dyn std::error::Error>> {
    let rgba = paste(crop, scale);
    let frame = Frame::new(WIDTH, HEIGHT, &rgba)?;
    engine.forget();
    let reading = engine.analyse(&frame, 0.0, &|| 0.0)?;
    let face = fer2013::pasted_face(&reading, scale);
    Ok(face.and_then(|face| engine.align(&frame, &face.points_px)))
}
