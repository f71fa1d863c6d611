//! Where eyes, nose and mouth lie in FER2013's training crops: the template of the alignment.
//!
//! `cargo run --release --example alignment_template -- --images fer2013.csv[.gz] [--every N]`
//!
//! Each crop (every N-th) is enlarged four times, put into the middle of a 640 x 480 frame of its own
//! mean grey, and searched by the shipped detector. Detections with an implausible geometry are left
//! out. Prints the detection rate and the mean points, and writes the key `alignment` of
//! models/manifest.json.

mod fer2013;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use emotion_depth::align::SIZE;
use emotion_depth::detect::{DetectOptions, Detection, Detector};
use emotion_depth::frame::Frame;
use emotion_depth::geometry::Point;
use emotion_depth::model::{Alignment, TractNetwork};
use fer2013::{HEIGHT, LEFT, SCALE, TOP, WIDTH, paste};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let (images, every) = arguments()?;
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let read = |name: &str| std::fs::read(models.join(name)).map_err(|error| format!("{name}: {error}"));
    let network = TractNetwork::load(&read("face_detector.onnx")?, &[1, 128, 128, 3])
        .map_err(|error| error.to_string())?;
    let mut detector = Detector::new(Box::new(network), DetectOptions::default());
    let crops = fer2013::read(&images, "Training")?;
    let bar = indicatif::ProgressBar::new(crops.len().div_ceil(every) as u64);
    let (mut searched, mut detected, mut used, mut sums) = (0, 0, 0, [[0.0f64; 2]; 4]);
    for crop in crops.iter().step_by(every) {
        searched += 1;
        bar.inc(1);
        let rgba = paste(&crop.pixels);
        let frame = Frame::new(WIDTH, HEIGHT, &rgba).map_err(|error| error.to_string())?;
        let faces = detector.detect(&frame).map_err(|error| error.to_string())?;
        let Some(face) = faces.first() else { continue };
        detected += 1;
        let points = in_crop(face);
        if is_plausible(&points) {
            used += 1;
            for (sum, point) in sums.iter_mut().zip(points) {
                sum[0] += f64::from(point.x);
                sum[1] += f64::from(point.y);
            }
        }
    }
    bar.finish_and_clear();
    // Hundredths of a pixel: more is noise.
    let mean = |sum: [f64; 2]| sum.map(|sum| ((sum / f64::from(used) * 100.0).round() / 100.0) as f32);
    let [left_eye, right_eye, nose, mouth] = sums.map(mean);
    let alignment = Alignment { size: SIZE, left_eye, right_eye, nose, mouth };
    let rate = 100.0 * f64::from(detected) / f64::from(searched);
    println!("{detected} of {searched} training crops detected ({rate:.2} %), {used} used");
    println!("{alignment:?}");
    write_alignment(&models.join("manifest.json"), &alignment)
}

/// The path of the images, and N.
fn arguments() -> Result<(PathBuf, usize), String> {
    let usage = "usage: alignment_template --images fer2013.csv[.gz] [--every N]";
    let (mut images, mut every) = (None, 1);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        match (name.as_str(), arguments.next()) {
            ("--images", Some(path)) => images = Some(PathBuf::from(path)),
            ("--every", Some(count)) => {
                every = count.parse().ok().filter(|count| *count > 0).ok_or(usage)?;
            }
            _ => return Err(usage.into()),
        }
    }
    Ok((images.ok_or(usage)?, every))
}

/// Eyes, nose and mouth in pixels of the 48 x 48 crop.
fn in_crop(face: &Detection) -> [Point; 4] {
    std::array::from_fn(|i| {
        let Point { x, y } = face.points_px[i];
        Point::new((x - LEFT as f32) / SCALE as f32, (y - TOP as f32) / SCALE as f32)
    })
}

/// A face inside the crop, the left eye left of the right one, the eyes above the nose, the nose above the mouth.
fn is_plausible([left_eye, right_eye, nose, mouth]: &[Point; 4]) -> bool {
    let inside = |point: &Point| [point.x, point.y].iter().all(|at| (0.0..=SIZE as f32).contains(at));
    [left_eye, right_eye, nose, mouth].into_iter().all(inside)
        && left_eye.x < right_eye.x
        && left_eye.y.max(right_eye.y) < mouth.y
        && left_eye.midpoint(*right_eye).y < nose.y
        && nose.y < mouth.y
}

/// Replace the manifest's key `alignment`, or put it before `figures`; all other text stays as it is.
fn write_alignment(path: &Path, alignment: &Alignment) -> Result<(), String> {
    let fault = |reason: String| format!("{}: {reason}", path.display());
    let text = std::fs::read_to_string(path).map_err(|error| fault(error.to_string()))?;
    let value = serde_json::to_string(alignment).map_err(|error| fault(error.to_string()))?;
    let value = value.replace(':', ": ").replace(',', ", ");
    let changed = if let Some(start) = text.find("\"alignment\"") {
        let end = text[start..].find('}').ok_or_else(|| fault("`alignment` does not end".into()))?;
        format!("{}\"alignment\": {value}{}", &text[..start], &text[start + end + 1..])
    } else {
        let start = text.find("\"figures\"").ok_or_else(|| fault("there is no key `figures`".into()))?;
        format!("{}\"alignment\": {value},\n  {}", &text[..start], &text[start..])
    };
    serde_json::from_str::<serde_json::Value>(&changed).map_err(|error| fault(error.to_string()))?;
    std::fs::write(path, changed).map_err(|error| fault(error.to_string()))
}
