//! FER2013's crops for the examples that measure the alignment: reading them, and pasting them into frames.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use emotion_core::align::SIZE;
use emotion_core::geometry::Rect;
use emotion_core::reading::{FaceReading, FrameReading};

/// One face of FER2013.
pub struct Crop {
    /// 48 x 48 luma values, rows from top to bottom.
    pub pixels: Vec<u8>,
    /// Index of its class, in the order of the depths.
    pub class: usize,
}

/// Crops are enlarged by this factor, unless the command line says otherwise, ...
pub const SCALE: usize = 4;
/// ... and pasted into the middle of a frame of this size.
pub const WIDTH: usize = 640;
pub const HEIGHT: usize = 480;

/// What the command line of these examples says.
pub struct Arguments {
    /// `--images`
    pub images: PathBuf,
    /// `--every N`: one crop of N; 1 without it.
    pub every: usize,
    /// `--enlarge N`, 1..=10.
    pub scale: usize,
    /// `--large N`: faces from so many pixels of the detector's input on get one look.
    pub large_px: Option<f32>,
    /// `--sure N`: ... if they score as much.
    pub sure_score: Option<f32>,
}

/// The command line; `more`: whether the last three options are known.
///
/// # Errors
/// `usage`, where the command line says anything else.
pub fn arguments(usage: &str, more: bool) -> Result<Arguments, String> {
    let (mut images, mut every, mut scale) = (None, 1, SCALE);
    let (mut large_px, mut sure_score) = (None, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        match (name.as_str(), arguments.next()) {
            ("--images", Some(path)) => images = Some(PathBuf::from(path)),
            ("--every", Some(count)) => {
                every = count.parse().ok().filter(|count| *count > 0).ok_or(usage)?;
            }
            ("--enlarge", Some(factor)) if more => {
                let fits = |factor: &usize| (1..=HEIGHT / SIZE).contains(factor);
                scale = factor.parse().ok().filter(fits).ok_or(usage)?;
            }
            ("--large", Some(pixels)) if more => large_px = Some(pixels.parse().map_err(|_| usage)?),
            ("--sure", Some(score)) if more => sure_score = Some(score.parse().map_err(|_| usage)?),
            _ => return Err(usage.into()),
        }
    }
    Ok(Arguments { images: images.ok_or(usage)?, every, scale, large_px, sure_score })
}

/// Top left corner of a crop in its frame, enlarged `scale` times.
pub fn corner(scale: usize) -> (usize, usize) {
    ((WIDTH - scale * SIZE) / 2, (HEIGHT - scale * SIZE) / 2)
}

/// What `main` returns; a fault is said on the standard error stream.
pub fn finish(result: Result<(), String>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// The face that was found where a crop was pasted, enlarged `scale` times.
pub fn pasted_face(reading: &FrameReading, scale: usize) -> Option<&FaceReading> {
    let ((left, top), side) = (corner(scale), (scale * SIZE) as f32);
    let pasted = Rect::new(left as f32, top as f32, side, side);
    reading.faces.iter().find(|face| pasted.contains(face.box_px.centre()))
}

/// Read one split (`Training`, `PublicTest` or `PrivateTest`) of `fer2013.csv` or `fer2013.csv.gz`.
///
/// # Errors
/// A sentence with the row that cannot be read.
pub fn read(path: &Path, split: &str) -> Result<Vec<Crop>, String> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let zipped = path.extension().is_some_and(|extension| extension == "gz");
    let source: Box<dyn Read> =
        if zipped { Box::new(flate2::read::GzDecoder::new(file)) } else { Box::new(file) };
    let mut crops = Vec::new();
    for (index, row) in csv::Reader::from_reader(source).records().enumerate() {
        let place = |reason: String| format!("{}, row {}: {reason}", path.display(), index + 1);
        let row = row.map_err(|error| place(error.to_string()))?;
        if row.get(2) == Some(split) {
            let class = row[0].parse().ok().filter(|class| *class < 7);
            let class = class.ok_or_else(|| place(format!("the emotion {:?} is none of 0 to 6", &row[0])))?;
            let pixels: Result<Vec<u8>, _> = row[1].split_ascii_whitespace().map(str::parse).collect();
            let pixels =
                pixels.map_err(|error| place(format!("a pixel is no number of 0 to 255 ({error})")))?;
            if pixels.len() != SIZE * SIZE {
                return Err(place(format!("{} pixels instead of {}", pixels.len(), SIZE * SIZE)));
            }
            crops.push(Crop { pixels, class });
        }
    }
    if crops.is_empty() {
        return Err(format!("{}: no row of the split {split:?}", path.display()));
    }
    Ok(crops)
}

/// The crop enlarged `scale` times (bilinear) in the middle of a frame of its own mean grey, as RGBA.
pub fn paste(crop: &[u8], scale: usize) -> Vec<u8> {
    let mean = (crop.iter().map(|&value| u32::from(value)).sum::<u32>() / crop.len() as u32) as u8;
    let mut rgba: Vec<u8> = [mean, mean, mean, 255].repeat(WIDTH * HEIGHT);
    let (corner_x, corner_y) = corner(scale);
    for y in 0..scale * SIZE {
        let (above, below, down) = neighbours(y, scale);
        for x in 0..scale * SIZE {
            let (left, right, across) = neighbours(x, scale);
            let value = |row: usize, column: usize| u32::from(crop[row * SIZE + column]);
            let unit = 2 * scale as u32;
            let upper = value(above, left) * (unit - across) + value(above, right) * across;
            let lower = value(below, left) * (unit - across) + value(below, right) * across;
            let grey = (upper * (unit - down) + lower * down + unit * unit / 2) / (unit * unit);
            let at = ((corner_y + y) * WIDTH + corner_x + x) * 4;
            rgba[at..at + 3].fill(grey as u8);
        }
    }
    rgba
}

/// The two crop pixels around an enlarged pixel's centre, and the second's weight in `2 * scale`ths.
fn neighbours(at: usize, scale: usize) -> (usize, usize, u32) {
    // Centre (at + 1/2) / scale - 1/2, in units of 1 / (2 * scale).
    let centre = (2 * at + 1) as i64 - scale as i64;
    let unit = 2 * scale as i64;
    let last = SIZE as i64 - 1;
    let first = centre.div_euclid(unit);
    let cut = |pixel: i64| pixel.clamp(0, last) as usize;
    (cut(first), cut(first + 1), centre.rem_euclid(unit) as u32)
}
