//! Picture files to pixels: PNG, JPEG, WebP, GIF, BMP and TIFF, upright, as 8-bit RGBA.
//!
//! The `image` crate decodes here and in the browser, so that both read the same pixels. What a file claims to be is
//! checked before anything is decoded: a header of a few bytes can ask for gigabytes.

use std::io::Cursor;

use image::error::UnsupportedErrorKind;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbaImage};
use thiserror::Error;

use crate::frame::{Frame, FrameError};

/// The most pixels that a picture may have: 400 MB as RGBA, twice of which a browser's tab can just hold.
pub const MOST_PIXELS: u64 = 100_000_000;

/// The most bytes that a file may have.
pub const MOST_BYTES: u64 = 256_000_000;

/// The most bytes that a picture may have in its own pixel format, before it becomes RGBA.
const MOST_DECODED_BYTES: u64 = 800_000_000;

/// The most bytes that a decoder may use beside the picture itself.
const MOST_WORKING_BYTES: u64 = 512_000_000;

/// A decoded picture: upright, without transparency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    height: usize,
    /// `width * height * 4` bytes.
    rgba: Vec<u8>,
}

/// Why a file gives no picture. The message is a sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PictureError {
    #[error("The file is empty. Get it again from where it came from.")]
    Empty,
    #[error("The file has {} MB, and {} MB are the most that is read. Make a smaller copy of it.", bytes / 1_000_000, MOST_BYTES / 1_000_000)]
    Heavy { bytes: u64 },
    /// Only the first bytes were looked at.
    #[error("The file is not a picture. Choose PNG, JPEG, WebP, GIF, BMP or TIFF files.")]
    NotAPicture,
    /// A picture, in a format that only some browsers decode.
    #[error(
        "The file is a picture in the format {format}, which only browsers decode, and not every one. Save it as PNG or JPEG."
    )]
    Foreign { format: &'static str },
    #[error(
        "The picture has {width} x {height} pixels, and {} million are the most that is read. Make a smaller copy of it.",
        MOST_PIXELS / 1_000_000
    )]
    Gigantic { width: u32, height: u32 },
    #[error("The picture uses a form of {format} that is not known here ({detail}). Save it as PNG or JPEG.")]
    Unknown { format: &'static str, detail: String },
    #[error("The {format} file is broken ({detail}). Get it again from where it came from.")]
    Broken { format: &'static str, detail: String },
}

impl Picture {
    /// Decode a file's bytes; of an animation the first picture. Transparent parts are laid on white. Pixels are taken
    /// as sRGB: a colour profile is not applied.
    ///
    /// # Errors
    /// [`PictureError`]: no picture, too large, broken. Nothing is decoded before the size has been checked.
    pub fn decode(bytes: &[u8]) -> Result<Self, PictureError> {
        if bytes.is_empty() {
            return Err(PictureError::Empty);
        }
        if bytes.len() as u64 > MOST_BYTES {
            return Err(PictureError::Heavy { bytes: bytes.len() as u64 });
        }
        let format = match image::guess_format(bytes) {
            Ok(format) if format.reading_enabled() => format,
            _ => return Err(foreign(bytes)),
        };
        let fault = |error: ImageError| fault(name(format), &error);
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        let mut limits = Limits::no_limits();
        limits.max_alloc = Some(MOST_DECODED_BYTES + MOST_WORKING_BYTES);
        reader.limits(limits);
        let mut decoder = reader.into_decoder().map_err(fault)?;
        let (width, height) = decoder.dimensions();
        let pixels = u64::from(width) * u64::from(height);
        if pixels > MOST_PIXELS || decoder.total_bytes() > MOST_DECODED_BYTES {
            return Err(PictureError::Gigantic { width, height });
        }
        // What the camera wrote of its position may be damaged while the picture is whole.
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let mut decoded =
            DynamicImage::ImageRgba8(DynamicImage::from_decoder(decoder).map_err(fault)?.into_rgba8());
        decoded.apply_orientation(orientation);
        let mut rgba = decoded.into_rgba8();
        lay_on_white(&mut rgba);
        let (width, height) = (rgba.width() as usize, rgba.height() as usize);
        if width == 0 || height == 0 {
            return Err(PictureError::Broken { format: name(format), detail: "it has no pixels".into() });
        }
        Ok(Self { width, height, rgba: rgba.into_raw() })
    }

    /// From pixels that a browser decoded: `width * height * 4` bytes, RGBA.
    ///
    /// # Errors
    /// [`FrameError`] where a side is zero or the length does not fit.
    pub fn from_rgba(width: usize, height: usize, rgba: Vec<u8>) -> Result<Self, FrameError> {
        Frame::new(width, height, &rgba)?;
        Ok(Self { width, height, rgba })
    }

    /// The pixels for the engine.
    ///
    /// # Errors
    /// None: the length was checked.
    pub fn frame(&self) -> Result<Frame<'_>, FrameError> {
        Frame::new(self.width, self.height, &self.rgba)
    }
}

/// Integers only, so that the bits are the same everywhere.
fn lay_on_white(picture: &mut RgbaImage) {
    for pixel in picture.pixels_mut() {
        let alpha = u32::from(pixel.0[3]);
        if alpha < 255 {
            for value in &mut pixel.0[..3] {
                *value = ((u32::from(*value) * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
            }
            pixel.0[3] = 255;
        }
    }
}

fn name(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Png => "PNG",
        ImageFormat::Jpeg => "JPEG",
        ImageFormat::WebP => "WebP",
        ImageFormat::Gif => "GIF",
        ImageFormat::Bmp => "BMP",
        ImageFormat::Tiff => "TIFF",
        _ => "picture",
    }
}

/// Whether the bytes begin as a picture that some browsers decode and this program does not.
fn foreign(bytes: &[u8]) -> PictureError {
    // ISO base media files name their kind at byte 8.
    let brand = if bytes.get(4..8) == Some(b"ftyp") { bytes.get(8..12).unwrap_or_default() } else { &[] };
    let format = match brand {
        b"avif" | b"avis" => "AVIF",
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"mif1" | b"msf1" => "HEIC",
        _ if bytes.starts_with(&[0xff, 0x0a])
            || bytes.starts_with(&[0, 0, 0, 12, b'J', b'X', b'L', b' ']) =>
        {
            "JPEG XL"
        }
        _ => return PictureError::NotAPicture,
    };
    PictureError::Foreign { format }
}

fn fault(format: &'static str, error: &ImageError) -> PictureError {
    let detail = detail(error);
    match error {
        ImageError::Unsupported(unsupported)
            if !matches!(unsupported.kind(), UnsupportedErrorKind::Format(_)) =>
        {
            PictureError::Unknown { format, detail }
        }
        _ => PictureError::Broken { format, detail },
    }
}

/// The cause in words: the innermost error says it, the outer ones repeat the format.
fn detail(error: &ImageError) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let text = cause.to_string();
    let line = text.lines().next().unwrap_or_default().trim().trim_end_matches('.');
    if line.is_empty() { "no reason is given".to_owned() } else { line.chars().take(120).collect() }
}

#[cfg(test)]
mod tests;
