//! The smallest change of a depth that means something: how far the readings of a still face before a camera scatter.
//!
//! `cargo run --release --example noise -- --pictures FOLDER --table FILE.csv [--faces 24]`
//!
//! Each picture is shown for three seconds at 30 frames a second as a camera would: enlarged to 240 pixels in a grey frame of 640 x 480, drifting by less
//! than a pixel, with sensor noise (3 of 255), compressed as JPEG (quality 80) and read by the whole engine, tracking included. The
//! scatter of a face is 2.77 standard deviations of a reading, in the emotion that scatters most: two readings of the same
//! face differ by less in 95 of 100 cases.

use std::path::PathBuf;
use std::process::ExitCode;

use emotion_cli::evaluation::outside;
use emotion_cli::fer2013;
use emotion_core::emotion::{Depths, Emotion};
use emotion_core::engine::Engine;
use emotion_core::frame::Frame;
use emotion_core::model::ModelFiles;
use emotion_core::picture::Picture;
use emotion_record::smooth::Smoother;
use image::codecs::jpeg::JpegEncoder;

const FRAMES: usize = 90;
const FRAME_MS: f64 = 1000.0 / 30.0;
/// The first frames are not counted: the tracker settles.
const SETTLING: usize = 15;
const SIDE: usize = 240;
const WIDTH: usize = 640;
const HEIGHT: usize = 480;
const REPEATABILITY: f64 = 2.77;

/// Ways to come to a depth; each frame gives one value of each.
const WAYS: [&str; 5] = [
    "raw, one view",
    "raw, mean of both views",
    "shown (0.5 s), one view",
    "shown (0.5 s), both views",
    "shown (0.5 s), views in turn",
];

fn main() -> ExitCode {
    fer2013::finish(run())
}

fn run() -> Result<(), String> {
    let (mut folder, mut table, mut faces) = (None, None, 24);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or(format!("{name} needs a value"))?;
        match name.as_str() {
            "--pictures" => folder = Some(PathBuf::from(value)),
            "--table" => table = Some(PathBuf::from(value)),
            "--faces" => faces = value.parse().map_err(|_| "--faces needs a number".to_owned())?,
            _ => return Err(format!("{name} is not an option")),
        }
    }
    let usage = "usage: noise --pictures FOLDER --table FILE.csv [--faces 24]";
    let (folder, table) = (folder.ok_or(usage)?, table.ok_or(usage)?);
    let file = std::fs::File::open(&table).map_err(|error| format!("{}: {error}", table.display()))?;
    let (rows, _) = outside::read_table(file)?;
    let files = ModelFiles::read(&emotion_cli::models_folder()).map_err(|error| error.to_string())?;
    let mut engine = Engine::new(&files.manifest, &files.detector, &files.classifier)
        .map_err(|error| error.to_string())?;
    let step = (rows.len() / faces.max(1)).max(1);
    // Of every way: the scatter of each face, in the emotion that scatters most.
    let mut scatters = vec![Vec::new(); WAYS.len()];
    let mut shown = 0;
    for (at, row) in rows.iter().step_by(step).take(faces).enumerate() {
        let bytes =
            std::fs::read(folder.join(&row.file)).map_err(|error| format!("{}: {error}", row.file))?;
        let picture = Picture::decode(&bytes).map_err(|error| format!("{}: {error}", row.file))?;
        let source = picture.frame().map_err(|error| error.to_string())?;
        if let Some(series) = still_face(&mut engine, &source, at as u64)? {
            shown += 1;
            for (scatter, values) in scatters.iter_mut().zip(&series) {
                let worst = Emotion::ALL.map(|emotion| {
                    let values: Vec<f64> =
                        values.iter().map(|depths| f64::from(depths.get(emotion))).collect();
                    REPEATABILITY * deviation(&values)
                });
                scatter.push(worst.into_iter().fold(0.0, f64::max));
            }
        }
    }
    println!("{shown} faces, {} readings each", FRAMES - SETTLING);
    println!("{:<30}{:>9}{:>9}{:>9}{:>9}", "2.77 standard deviations", "median", "80 %", "90 %", "largest");
    for (way, scatter) in WAYS.iter().zip(&mut scatters) {
        scatter.sort_by(f64::total_cmp);
        let at =
            |share: f64| scatter.get(((scatter.len() as f64 - 1.0) * share) as usize).copied().unwrap_or(0.0);
        println!("{way:<30}{:>9.3}{:>9.3}{:>9.3}{:>9.3}", at(0.5), at(0.8), at(0.9), at(1.0));
    }
    Ok(())
}

/// The values of every way, one for each counted frame; `None` where the face is not found in all of them.
fn still_face(engine: &mut Engine, source: &Frame, seed: u64) -> Result<Option<Vec<Vec<Depths>>>, String> {
    let mut series = vec![Vec::new(); WAYS.len()];
    let mut smoothers = [Smoother::new(500.0), Smoother::new(500.0), Smoother::new(500.0)];
    let mut random = Random(seed.wrapping_mul(7919) + 1);
    let (mut x, mut y) = (0.0f64, 0.0f64);
    engine.forget();
    for index in 0..FRAMES {
        // A head at rest drifts slowly, by less than a pixel.
        x = 0.9 * x + 0.12 * random.normal();
        y = 0.9 * y + 0.12 * random.normal();
        let rgba = seen(source, x, y, &mut random)?;
        let frame = Frame::new(WIDTH, HEIGHT, &rgba).map_err(|error| error.to_string())?;
        let time_ms = index as f64 * FRAME_MS;
        let reading = engine.analyse(&frame, time_ms, &|| 0.0).map_err(|error| error.to_string())?;
        let Some(face) = reading.faces.first() else { continue };
        let Some(mut crop) = engine.align(&frame, &face.points_px) else { continue };
        crop.chunks_exact_mut(48).for_each(<[u8]>::reverse);
        let mirrored = engine.classify_crop(&crop).map_err(|error| error.to_string())?;
        let mirrored = engine.mixture().of(&mirrored.studies());
        let both = face.raw.zip(mirrored, |a, b| (a + b) / 2.0);
        let turn = if index % 2 == 0 { face.raw } else { mirrored };
        let [one, mean, alternate] = &mut smoothers;
        let values = [
            face.raw,
            both,
            one.update(1, time_ms, &face.raw),
            mean.update(1, time_ms, &both),
            alternate.update(1, time_ms, &turn),
        ];
        if index >= SETTLING {
            series.iter_mut().zip(values).for_each(|(series, value)| series.push(value));
        }
    }
    Ok((series[0].len() == FRAMES - SETTLING).then_some(series))
}

/// A frame that shows the picture enlarged or shrunk to [`SIDE`], moved by (x, y) pixels, with noise and compression.
fn seen(source: &Frame, x: f64, y: f64, random: &mut Random) -> Result<Vec<u8>, String> {
    let scale = source.width().max(source.height()) as f64 / SIDE as f64;
    let (left, top) = ((WIDTH - SIDE) as f64 / 2.0 + x, (HEIGHT - SIDE) as f64 / 2.0 + y);
    let mut rgb = vec![128u8; WIDTH * HEIGHT * 3];
    for row in 0..HEIGHT {
        for column in 0..WIDTH {
            let (sx, sy) =
                ((column as f64 - left + 0.5) * scale - 0.5, (row as f64 - top + 0.5) * scale - 0.5);
            let inside = sx >= 0.0
                && sy >= 0.0
                && sx < source.width() as f64 - 1.0
                && sy < source.height() as f64 - 1.0;
            let grain = 3.0 * random.normal();
            for channel in 0..3 {
                let value = if inside { bilinear(source, sx, sy, channel) } else { 128.0 };
                rgb[(row * WIDTH + column) * 3 + channel] = (value + grain).round().clamp(0.0, 255.0) as u8;
            }
        }
    }
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 80)
        .encode(&rgb, WIDTH as u32, HEIGHT as u32, image::ExtendedColorType::Rgb8)
        .map_err(|error| error.to_string())?;
    let picture = Picture::decode(&jpeg).map_err(|error| error.to_string())?;
    Ok(picture.frame().map_err(|error| error.to_string())?.rgba().to_vec())
}

fn bilinear(source: &Frame, x: f64, y: f64, channel: usize) -> f64 {
    let (column, row) = (x as usize, y as usize);
    let (right, down) = (x - column as f64, y - row as f64);
    let value = |x: usize, y: usize| f64::from(source.rgb(x, y)[channel]);
    let upper = value(column, row) * (1.0 - right) + value(column + 1, row) * right;
    let lower = value(column, row + 1) * (1.0 - right) + value(column + 1, row + 1) * right;
    upper * (1.0 - down) + lower * down
}

fn deviation(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64).sqrt()
}

/// A small generator, so that a run repeats: normal values as sums of twelve uniform ones.
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}
