//! How surely the page tells the participant of a study from other people (docs/tracking.md).
//!
//! `cargo run --release --example likeness -- --list people.csv --pictures FOLDER`
//!
//! The list is a CSV table with a row for each picture: `file`, `person` (or `performer`) and `label` (or `posed`). Who has a picture
//! with the label `neutral` is the participant once: it is what the page learns at the face at rest, in eight looks that differ as two
//! frames of a camera do. Then every other picture of the person, and every picture of everybody else, is held against that, as the
//! engine crops them. Pictures of 48 pixels are enlarged four times; all are pasted into a frame of 640 x 480 of their mean grey.
//!
//! Printed is, for each floor, the share of own pictures below it (false alarms) and of other people's at or above it (misses). Each
//! participant counts the same; the intervals (95 %) are of 1,000 draws of participants.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use emotion_cli::fer2013::{self, HEIGHT, WIDTH};
use emotion_core::engine::{Engine, EngineOptions};
use emotion_core::frame::Frame;
use emotion_core::geometry::Point;
use emotion_core::model::ModelFiles;
use emotion_core::person::{OTHER_PERSON, Person, SAME_PERSON};
use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};

/// So many looks are learnt at the face at rest, and so far their points lie apart, as a share of the distance of the eyes.
const LOOKS: u32 = 8;
const MOVED: f32 = 0.015;
const FLOORS: [f32; 8] = [0.1, OTHER_PERSON, 0.3, 0.4, SAME_PERSON, 0.6, 0.7, 0.8];
const DRAWS: usize = 1_000;

/// A picture's crops: as it is, and for a face at rest as the camera's next frames would show it.
struct Face {
    label: String,
    crop: Vec<u8>,
    looks: Vec<Vec<u8>>,
}

/// Of one participant: the share of own pictures below a floor, and of other people's at or above it.
struct Shares {
    own: Vec<f64>,
    others: Vec<f64>,
}

fn main() -> ExitCode {
    fer2013::finish(run())
}

fn run() -> Result<(), String> {
    let usage = "usage: likeness --list people.csv --pictures FOLDER";
    let (mut list, mut folder) = (None, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        match name.as_str() {
            "--list" => list = arguments.next().map(PathBuf::from),
            "--pictures" => folder = arguments.next().map(PathBuf::from),
            _ => return Err(usage.into()),
        }
    }
    let (list, folder) = list.zip(folder).ok_or(usage)?;
    let people = read(&list, &folder)?;
    let shares: Vec<Shares> = people.keys().filter_map(|person| shares(&people, person)).collect();
    println!("{} people, {} of them participants", people.len(), shares.len());
    println!("floor   own below it             others at or above it");
    for (at, floor) in FLOORS.into_iter().enumerate() {
        let own: Vec<f64> = shares.iter().map(|shares| shares.own[at]).collect();
        let others: Vec<f64> = shares.iter().map(|shares| shares.others[at]).collect();
        println!("{floor:.1}     {:24} {}", with_interval(&own), with_interval(&others));
    }
    Ok(())
}

/// The faces of each person; pictures in which none is found are counted and left out.
fn read(list: &Path, folder: &Path) -> Result<BTreeMap<String, Vec<Face>>, String> {
    let fault = |error: csv::Error| format!("{}: {error}", list.display());
    let mut reader = csv::Reader::from_path(list).map_err(fault)?;
    let header = reader.headers().map_err(fault)?.clone();
    let column = |names: [&str; 2]| {
        let found = header.iter().position(|name| names.contains(&name));
        found.ok_or_else(|| format!("{}: no column {}", list.display(), names[0]))
    };
    let columns = [column(["file", "file"])?, column(["person", "performer"])?, column(["label", "posed"])?];
    let files = ModelFiles::read(&emotion_cli::models_folder()).map_err(|error| error.to_string())?;
    // Each picture stands alone: a find counts at once.
    let mut options = EngineOptions::default();
    options.track.twice = false;
    let mut engine = Engine::with_options(&files.manifest, &files.detector, &files.classifier, options)
        .map_err(|error| error.to_string())?;
    let mut people: BTreeMap<String, Vec<Face>> = BTreeMap::new();
    let mut missed = 0;
    for row in reader.records() {
        let row = row.map_err(fault)?;
        let [file, person, label] = columns.map(|at| row.get(at).unwrap_or_default());
        match face(&mut engine, &folder.join(file), label)? {
            Some(face) => people.entry(person.to_owned()).or_default().push(face),
            None => missed += 1,
        }
    }
    println!("{missed} pictures in which no face is found");
    Ok(people)
}

fn face(engine: &mut Engine, path: &Path, label: &str) -> Result<Option<Face>, String> {
    let fault = |error: image::ImageError| format!("{}: {error}", path.display());
    let rgba = pasted(&image::open(path).map_err(fault)?.to_rgb8());
    let frame = Frame::new(WIDTH, HEIGHT, &rgba).map_err(|error| error.to_string())?;
    engine.forget();
    let reading = engine.analyse(&frame, 0.0, &|| 0.0).map_err(|error| error.to_string())?;
    let Some(found) = reading.faces.iter().max_by(|a, b| a.box_px.area().total_cmp(&b.box_px.area())) else {
        return Ok(None);
    };
    let points = found.points_px;
    let Some(crop) = engine.align(&frame, &points) else { return Ok(None) };
    let step = MOVED * (points[0].x - points[1].x).abs().max(1.0);
    let looks = (0..LOOKS).filter_map(|look| {
        let turn = look as f32 / LOOKS as f32 * std::f32::consts::TAU;
        let moved =
            points.map(|point| Point { x: point.x + step * turn.cos(), y: point.y + step * turn.sin() });
        engine.align(&frame, &moved)
    });
    let looks = if label == "neutral" { looks.collect() } else { Vec::new() };
    Ok(Some(Face { label: label.to_owned(), crop, looks }))
}

/// The picture in the middle of a frame of its mean grey, as RGBA.
fn pasted(picture: &RgbImage) -> Vec<u8> {
    let scale = if picture.width() <= 64 { 4.0 } else { 400.0 / picture.height() as f32 };
    let [width, height] = [picture.width(), picture.height()].map(|side| (side as f32 * scale) as u32);
    let enlarged =
        imageops::resize(picture, width.min(WIDTH as u32), height.min(HEIGHT as u32), FilterType::Triangle);
    let sum: u64 = picture.pixels().map(|pixel| u64::from(pixel.0[1])).sum();
    let mean = (sum / u64::from(picture.width() * picture.height()).max(1)) as u8;
    let mut frame = RgbImage::from_pixel(WIDTH as u32, HEIGHT as u32, Rgb([mean; 3]));
    let left = (WIDTH as i64 - i64::from(enlarged.width())) / 2;
    let top = (HEIGHT as i64 - i64::from(enlarged.height())) / 2;
    imageops::replace(&mut frame, &enlarged, left, top);
    frame.pixels().flat_map(|pixel| [pixel.0[0], pixel.0[1], pixel.0[2], 255]).collect()
}

/// What a participant's floors let through; nothing for a person without a face at rest or without other pictures.
fn shares(people: &BTreeMap<String, Vec<Face>>, participant: &str) -> Option<Shares> {
    let own = people.get(participant)?;
    let at_rest = own.iter().position(|face| face.label == "neutral")?;
    let mut person = Person::new(1);
    for look in &own[at_rest].looks {
        let _ = person.likeness(1, look);
    }
    let mut like = |face: &Face| person.likeness(2, &face.crop);
    let own: Vec<f32> =
        own.iter().enumerate().filter(|(at, _)| *at != at_rest).filter_map(|(_, face)| like(face)).collect();
    let strangers = people.iter().filter(|(name, _)| *name != participant);
    let others: Vec<f32> = strangers.flat_map(|(_, faces)| faces).filter_map(like).collect();
    let share = |values: &[f32], counts: &dyn Fn(f32) -> bool| {
        values.iter().filter(|value| counts(**value)).count() as f64 / values.len() as f64
    };
    (!own.is_empty() && !others.is_empty()).then(|| Shares {
        own: FLOORS.map(|floor| share(&own, &|value| value < floor)).into(),
        others: FLOORS.map(|floor| share(&others, &|value| value >= floor)).into(),
    })
}

/// The mean of shares, and between which values it lies in 95 of 100 draws of participants.
fn with_interval(shares: &[f64]) -> String {
    let mean = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / shares.len() as f64;
    let mut state = 1_u64;
    let mut draw = || {
        // SplitMix64: the same draws each time.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ mixed >> 31) % shares.len() as u64) as usize
    };
    let mut means: Vec<f64> =
        (0..DRAWS).map(|_| mean(&mut (0..shares.len()).map(|_| shares[draw()]))).collect();
    means.sort_by(f64::total_cmp);
    let (low, high) = (means[DRAWS / 40], means[DRAWS - 1 - DRAWS / 40]);
    let all = mean(&mut shares.iter().copied());
    format!("{:.1} % ({:.1} to {:.1})", 100.0 * all, 100.0 * low, 100.0 * high)
}
