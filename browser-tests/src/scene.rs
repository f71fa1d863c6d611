//! What the fake camera shows: frames made from tests/pictures/astronaut.jpg and, for another person, grace_hopper.jpg.

use std::fs::File;
use std::io::{self, BufWriter, Cursor, Write};
use std::path::Path;

use image::{ImageFormat, RgbImage, imageops};

use crate::film;

const WIDTH: u32 = 640;
const HEIGHT: u32 = 480;
/// The part of the picture that fills the frame: head and shoulders, as before a laptop.
const HEAD: (u32, u32, u32, u32) = (64, 0, 320, 240);

/// The other person's part, and her face alone.
const OTHER_HEAD: (u32, u32, u32, u32) = (25, 40, 480, 360);
const OTHER_FACE: (u32, u32, u32, u32) = (140, 75, 256, 300);

/// Where the mouth is in the frame.
const MOUTH: (u32, u32, u32, u32) = (268, 272, 108, 40);

/// A short film that the fake camera plays again and again.
pub struct Scene {
    frames: Vec<RgbImage>,
    frames_per_second: u32,
}

impl Scene {
    /// A face that looks into the camera and does not move.
    pub fn face() -> Scene {
        Scene { frames: vec![portrait(); 2], frames_per_second: 15 }
    }

    /// The same room without a face.
    pub fn empty() -> Scene {
        Scene { frames: vec![wall(); 2], frames_per_second: 15 }
    }

    /// Another person, who looks into the camera and does not move.
    pub fn other_person() -> Scene {
        let frame =
            imageops::resize(&part_of("grace_hopper.jpg", OTHER_HEAD), WIDTH, HEIGHT, imageops::Triangle);
        Scene { frames: vec![frame; 2], frames_per_second: 15 }
    }

    /// The face of [`Scene::face`], and beside it the smaller one of the other person.
    pub fn somebody_beside() -> Scene {
        let mut frame = portrait();
        let beside = imageops::resize(&part_of("grace_hopper.jpg", OTHER_FACE), 170, 200, imageops::Triangle);
        imageops::replace(&mut frame, &beside, i64::from(WIDTH) - 170, 140);
        Scene { frames: vec![frame; 2], frames_per_second: 15 }
    }

    /// A camera whose cover is closed.
    pub fn black() -> Scene {
        Scene { frames: vec![RgbImage::new(WIDTH, HEIGHT); 2], frames_per_second: 15 }
    }

    /// The first frame, as a PNG file.
    pub(crate) fn first_png(&self) -> Vec<u8> {
        let mut png = Cursor::new(Vec::new());
        self.frames[0].write_to(&mut png, ImageFormat::Png).expect("a picture in memory can be written");
        png.into_inner()
    }

    /// A face that changes every two seconds: as it is, and with its mouth upside down, so that the smile is none.
    pub fn changing_face() -> Scene {
        let plain = portrait();
        let mut changed = plain.clone();
        let (x, y, width, height) = MOUTH;
        let mouth = imageops::crop_imm(&plain, x, y, width, height).to_image();
        imageops::replace(&mut changed, &imageops::flip_vertical(&mouth), i64::from(x), i64::from(y));
        Scene { frames: [vec![plain; 10], vec![changed; 10]].concat(), frames_per_second: 5 }
    }

    /// A minute of expressions that change smoothly, beginning and ending with the portrait's own smile.
    pub fn expressions() -> Scene {
        Scene { frames: film::expressions(&portrait()), frames_per_second: film::FRAMES_PER_SECOND }
    }

    /// A face that goes away every two seconds and comes back.
    pub fn coming_and_going() -> Scene {
        Scene { frames: [vec![portrait(); 10], vec![wall(); 10]].concat(), frames_per_second: 5 }
    }

    /// A face that goes around on a small ellipse; benches/browser/pages/frames.js draws the same frames.
    pub fn moving_face() -> Scene {
        const COUNT: u32 = 24;
        let frame = |index: u32| {
            let angle = f64::from(index) / f64::from(COUNT) * std::f64::consts::TAU;
            let (x, y) = (64.0 + 48.0 * angle.sin(), 24.0 - 24.0 * angle.cos());
            let part = picture_part((x.round() as u32, y.round() as u32, WIDTH / 2, HEIGHT / 2));
            imageops::resize(&part, WIDTH, HEIGHT, imageops::Triangle)
        };
        Scene { frames: (0..COUNT).map(frame).collect(), frames_per_second: 30 }
    }

    /// Two faces beside each other.
    pub fn two_faces() -> Scene {
        let half = imageops::resize(&picture_part((104, 0, 240, 360)), WIDTH / 2, HEIGHT, imageops::Triangle);
        let mut frame = RgbImage::new(WIDTH, HEIGHT);
        imageops::replace(&mut frame, &half, 0, 0);
        imageops::replace(&mut frame, &mirrored(&half), i64::from(WIDTH / 2), 0);
        Scene { frames: vec![frame; 2], frames_per_second: 15 }
    }

    /// Each picture once, in the order of the film.
    pub(crate) fn different_frames(&self) -> Vec<RgbImage> {
        let mut frames = self.frames.clone();
        frames.dedup();
        frames
    }

    /// The face, the face with its mouth upside down, and the room without it.
    pub fn face_changed_and_none() -> Scene {
        let mut frames = Scene::changing_face().different_frames();
        frames.push(wall());
        Scene { frames, frames_per_second: 5 }
    }

    /// Writes the film as YUV4MPEG2: a line of header, then raw planes, 4:2:0, BT.601 in the limited range.
    pub fn write_y4m(&self, path: &Path) -> io::Result<()> {
        let mut file = BufWriter::new(File::create(path)?);
        writeln!(file, "YUV4MPEG2 W{WIDTH} H{HEIGHT} F{}:1 Ip A1:1 C420", self.frames_per_second)?;
        for frame in &self.frames {
            file.write_all(b"FRAME\n")?;
            for plane in planes(frame) {
                file.write_all(&plane)?;
            }
        }
        file.flush()
    }
}

fn picture_part(part: (u32, u32, u32, u32)) -> RgbImage {
    part_of("astronaut.jpg", part)
}

fn part_of(name: &str, (x, y, width, height): (u32, u32, u32, u32)) -> RgbImage {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/pictures").join(name);
    let picture = image::open(file).expect("a picture of tests/pictures").to_rgb8();
    imageops::crop_imm(&picture, x, y, width, height).to_image()
}

fn portrait() -> RgbImage {
    imageops::resize(&picture_part(HEAD), WIDTH, HEIGHT, imageops::Triangle)
}

fn mirrored(picture: &RgbImage) -> RgbImage {
    imageops::flip_horizontal(picture)
}

/// A soft gradient, as a wall in lamplight.
fn wall() -> RgbImage {
    RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let light = 90 + (x * 60 / WIDTH + y * 30 / HEIGHT) as u8;
        image::Rgb([light, light - 8, light - 20])
    })
}

/// The planes Y, Cb and Cr; each chroma sample is the mean of four pixels.
fn planes(frame: &RgbImage) -> [Vec<u8>; 3] {
    let luma = frame.pixels().map(|pixel| {
        let [r, g, b] = pixel.0.map(f32::from);
        (16.0 + (65.481 * r + 128.553 * g + 24.966 * b) / 255.0).round() as u8
    });
    let half = imageops::resize(frame, WIDTH / 2, HEIGHT / 2, imageops::Triangle);
    let chroma = |weights: [f32; 3]| {
        let sample = |pixel: &image::Rgb<u8>| {
            let sum: f32 =
                pixel.0.iter().zip(weights).map(|(&value, weight)| f32::from(value) * weight).sum();
            (128.0 + sum / 255.0).round() as u8
        };
        half.pixels().map(sample).collect()
    };
    [luma.collect(), chroma([-37.797, -74.203, 112.0]), chroma([112.0, -93.786, -18.214])]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primary_colours_become_their_bt601_values() {
        for (rgb, expected) in
            [([255, 255, 255], [235, 128, 128]), ([0, 0, 0], [16, 128, 128]), ([255, 0, 0], [81, 90, 240])]
        {
            let frame = RgbImage::from_pixel(WIDTH, HEIGHT, image::Rgb(rgb));
            assert_eq!(planes(&frame).map(|plane| plane[0]), expected, "{rgb:?}");
        }
    }
}
