//! Where eyes, nose and mouth lie in FER2013's training crops: the template of the alignment.
//!
//! `cargo run --release --example alignment_template -- --images fer2013.csv[.gz] [--every N]`
//!
//! Each crop (every N-th) is enlarged four times, put into the middle of a 640 x 480 frame of its own
//! mean grey, and searched by the shipped detector. Detections with an implausible geometry are left
//! out. The template is the mean of the points, grown about its centre so that alignment keeps the size
//! of the training faces on average: a mean over turned faces is smaller than the faces, and so is a
//! least-squares fit to it. Prints the detection rate and the template, and writes the key `alignment` of
//! models/manifest.json.

use std::path::Path;
use std::process::ExitCode;

use emotion_cli::fer2013::{self, Arguments, HEIGHT, SCALE, WIDTH, corner, paste};
use emotion_core::align::SIZE;
use emotion_core::detect::letterbox::Turn;
use emotion_core::detect::{DetectOptions, Detection, Detector};
use emotion_core::frame::Frame;
use emotion_core::geometry::{Point, Similarity};
use emotion_core::model::{self, Alignment, ModelFiles};

fn main() -> ExitCode {
    fer2013::finish(run())
}

fn run() -> Result<(), String> {
    let usage = "usage: alignment_template --images fer2013.csv[.gz] [--every N]";
    let Arguments { images, every, .. } = fer2013::arguments(usage, false)?;
    let models = emotion_cli::models_folder();
    let files = ModelFiles::read(&models).map_err(|error| error.to_string())?;
    let network = model::load(&files.detector, &[1, 128, 128, 3]).map_err(|error| error.to_string())?;
    let mut detector = Detector::new(network, DetectOptions::default());
    let crops = fer2013::read(&images, "Training")?;
    let bar = indicatif::ProgressBar::new(crops.len().div_ceil(every) as u64);
    let (mut searched, mut detected, mut used) = (0, 0, Vec::new());
    for crop in crops.iter().step_by(every) {
        searched += 1;
        bar.inc(1);
        let rgba = paste(&crop.pixels, SCALE);
        let frame = Frame::new(WIDTH, HEIGHT, &rgba).map_err(|error| error.to_string())?;
        let faces = detector.detect(&frame, &[], Turn::None).map_err(|error| error.to_string())?;
        let Some(face) = faces.first() else { continue };
        detected += 1;
        let points = in_crop(face);
        if is_plausible(&points) {
            used.push(points);
        }
    }
    bar.finish_and_clear();
    let (template, growth) = template(&used).ok_or("no face was detected")?;
    // Hundredths of a pixel: more is noise.
    let round = |at: f32| (at * 100.0).round() / 100.0;
    let [left_eye, right_eye, nose, mouth] = template.map(|point| [round(point.x), round(point.y)]);
    let alignment = Alignment { size: SIZE, left_eye, right_eye, nose, mouth };
    let rate = 100.0 * f64::from(detected) / f64::from(searched);
    println!("{detected} of {searched} training crops detected ({rate:.2} %), {} used", used.len());
    println!("the mean of the points, grown by {growth:.4}:");
    println!("{alignment:?}");
    write_alignment(&models.join("manifest.json"), &alignment)
}

/// Eyes, nose and mouth in pixels of the 48 x 48 crop.
fn in_crop(face: &Detection) -> [Point; 4] {
    let (left, top) = corner(SCALE);
    std::array::from_fn(|i| {
        let Point { x, y } = face.points_px[i];
        Point::new((x - left as f32) / SCALE as f32, (y - top as f32) / SCALE as f32)
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

/// The mean of the points, grown about its centre so that fitting the faces to it keeps their size on
/// average (geometric mean), and that growth.
fn template(faces: &[[Point; 4]]) -> Option<([Point; 4], f32)> {
    let count = faces.len() as f64;
    let mean_of = |value: &dyn Fn(&[Point; 4]) -> f32| -> f32 {
        (faces.iter().map(|face| f64::from(value(face))).sum::<f64>() / count) as f32
    };
    let mean: [Point; 4] =
        std::array::from_fn(|i| Point::new(mean_of(&|face| face[i].x), mean_of(&|face| face[i].y)));
    let mut logarithms = 0.0;
    for face in faces {
        logarithms += f64::from(Similarity::fit(face, &mean)?.scale()).ln();
    }
    let growth = (-logarithms / count).exp() as f32;
    let centre = mean[0].midpoint(mean[1]).midpoint(mean[2].midpoint(mean[3]));
    let grow = |at: f32, centre: f32| centre + (at - centre) * growth;
    let grown = mean.map(|point| Point::new(grow(point.x, centre.x), grow(point.y, centre.y)));
    growth.is_finite().then_some((grown, growth))
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
