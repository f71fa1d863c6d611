//! FER2013's crops for the examples that measure the alignment: reading them, and pasting them into frames.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use emotion_depth::align::SIZE;

/// One face of FER2013.
pub struct Crop {
    /// 48 x 48 luma values, rows from top to bottom.
    pub pixels: Vec<u8>,
    /// Index of its class, in the order of the depths.
    #[allow(dead_code, reason = "not every example needs it")]
    pub class: usize,
}

/// Crops are enlarged by this factor ...
pub const SCALE: usize = 4;
/// ... and pasted into the middle of a frame of this size.
pub const WIDTH: usize = 640;
pub const HEIGHT: usize = 480;
/// Top left corner of the enlarged crop in the frame.
pub const LEFT: usize = (WIDTH - SCALE * SIZE) / 2;
pub const TOP: usize = (HEIGHT - SCALE * SIZE) / 2;

/// The path after `--images`, and N after `--every` (1 without it).
///
/// # Errors
/// `usage`, where the command line says anything else.
pub fn arguments(usage: &str) -> Result<(PathBuf, usize), String> {
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

/// The crop enlarged (bilinear) in the middle of a frame of its own mean grey, as RGBA.
pub fn paste(crop: &[u8]) -> Vec<u8> {
    let mean = (crop.iter().map(|&value| u32::from(value)).sum::<u32>() / crop.len() as u32) as u8;
    let mut rgba: Vec<u8> = [mean, mean, mean, 255].repeat(WIDTH * HEIGHT);
    for y in 0..SCALE * SIZE {
        let (above, below, down) = neighbours(y);
        for x in 0..SCALE * SIZE {
            let (left, right, across) = neighbours(x);
            let value = |row: usize, column: usize| u32::from(crop[row * SIZE + column]);
            let unit = 2 * SCALE as u32;
            let upper = value(above, left) * (unit - across) + value(above, right) * across;
            let lower = value(below, left) * (unit - across) + value(below, right) * across;
            let grey = (upper * (unit - down) + lower * down + unit * unit / 2) / (unit * unit);
            let at = ((TOP + y) * WIDTH + LEFT + x) * 4;
            rgba[at..at + 3].fill(grey as u8);
        }
    }
    rgba
}

/// The two crop pixels around an enlarged pixel's centre, and the second's weight in `2 * SCALE`ths.
fn neighbours(at: usize) -> (usize, usize, u32) {
    // Centre (at + 1/2) / SCALE - 1/2, in units of 1 / (2 * SCALE).
    let centre = (2 * at + 1) as i64 - SCALE as i64;
    let unit = 2 * SCALE as i64;
    let last = SIZE as i64 - 1;
    let first = centre.div_euclid(unit);
    let cut = |pixel: i64| pixel.clamp(0, last) as usize;
    (cut(first), cut(first + 1), centre.rem_euclid(unit) as u32)
}
