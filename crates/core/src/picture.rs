//! Picture files to pixels: PNG, JPEG, WebP, GIF, BMP and TIFF, upright, as 8-bit RGBA.
//!
//! The `image` crate decodes here and in the browser, so that both read the same pixels. What a file claims to be is
//! checked before anything is decoded: a header of a few bytes can ask for gigabytes.

mod animation;
mod jpeg;
mod kinds;
mod tiff;

use std::borrow::Cow;
use std::fmt;
use std::io::Cursor;

use image::error::UnsupportedErrorKind;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbaImage};
use thiserror::Error;

use crate::frame::{Frame, FrameError};
use jpeg::Extent;
use kinds::Kind;

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
    note: Option<Note>,
}

/// What to know of a file of which only a part was read. Its text is a sentence for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// A file of several pages.
    Pages {
        count: usize,
    },
    Animation,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::Pages { count } => write!(f, "The file has {count} pages; the first is read."),
            Note::Animation => write!(f, "The file is an animation; its first picture is read."),
        }
    }
}

/// Why a file gives no picture. The message is a sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PictureError {
    #[error("The file is empty. Get it again from where it came from.")]
    Empty,
    #[error("The file has {} MB, and {} MB are the most that is read. Make a smaller copy of it.", bytes / 1_000_000, MOST_BYTES / 1_000_000)]
    Heavy { bytes: u64 },
    /// Its bytes tell nothing.
    #[error("The file is not a picture. Choose PNG, JPEG, WebP, GIF, BMP or TIFF files.")]
    NotAPicture,
    #[error("The file is {what}, not a picture. Choose PNG, JPEG, WebP, GIF, BMP or TIFF files.")]
    Other { what: &'static str },
    #[error(
        "The file is a video ({format}), not a picture. Read it where videos are read, or choose pictures."
    )]
    Video { format: &'static str },
    /// A picture, in a format that only some browsers decode.
    #[error(
        "The file is a picture in the format {format}, which only browsers decode, and not every one. Save it as PNG or JPEG."
    )]
    Foreign { format: &'static str },
    #[error("The file is a picture in the format {format}, which is not read here. Save it as PNG or JPEG.")]
    Unread { format: &'static str },
    #[error(
        "The file is a camera's raw file ({format}): what the sensor saw, and not yet a picture. Save it as JPEG, PNG or TIFF with the program that came with the camera."
    )]
    Raw { format: &'static str },
    /// `percent`: 1..=100 of the picture, rounded up.
    #[error(
        "The {format} file is incomplete: about {percent} % of the picture is missing or damaged. Get it again from where it came from."
    )]
    Incomplete { format: &'static str, percent: u32 },
    #[error(
        "The {format} file is incomplete: the last passes, which make the picture sharp, are missing. Get it again from where it came from."
    )]
    Coarse { format: &'static str },
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
    /// Decode a file's bytes; of an animation the first picture, of several pages the first. Transparent parts are laid on white. Pixels are taken
    /// as sRGB: a colour profile is not applied.
    ///
    /// # Errors
    /// [`PictureError`]: no picture, too large, broken, incomplete. Nothing is decoded before the size has been checked.
    pub fn decode(bytes: &[u8]) -> Result<Self, PictureError> {
        if bytes.is_empty() {
            return Err(PictureError::Empty);
        }
        if bytes.len() as u64 > MOST_BYTES {
            return Err(PictureError::Heavy { bytes: bytes.len() as u64 });
        }
        let format = match image::guess_format(bytes) {
            Ok(format) if format.reading_enabled() => format,
            _ => return Err(unread(bytes)),
        };
        let Content { bytes, note, orientation: known } = content(bytes, format)?;
        let fault = |error: ImageError| fault(name(format), &error);
        let mut reader = ImageReader::with_format(Cursor::new(bytes.as_ref()), format);
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
        let orientation = known.or(decoder.orientation().ok()).unwrap_or(Orientation::NoTransforms);
        if format == ImageFormat::Jpeg {
            whole(&bytes)?;
        }
        let mut decoded =
            DynamicImage::ImageRgba8(DynamicImage::from_decoder(decoder).map_err(fault)?.into_rgba8());
        decoded.apply_orientation(orientation);
        let mut rgba = decoded.into_rgba8();
        lay_on_white(&mut rgba);
        let (width, height) = (rgba.width() as usize, rgba.height() as usize);
        if width == 0 || height == 0 {
            return Err(PictureError::Broken { format: name(format), detail: "it has no pixels".into() });
        }
        Ok(Self { width, height, rgba: rgba.into_raw(), note })
    }

    /// From pixels that a browser decoded: `width * height * 4` bytes, RGBA.
    ///
    /// # Errors
    /// [`FrameError`] where a side is zero or the length does not fit.
    pub fn from_rgba(width: usize, height: usize, rgba: Vec<u8>) -> Result<Self, FrameError> {
        Frame::new(width, height, &rgba)?;
        Ok(Self { width, height, rgba, note: None })
    }

    /// What to know of how the file was read; `None` where there is nothing.
    pub fn note(&self) -> Option<Note> {
        self.note
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

/// What the decoder gets, and what was learnt of the file before.
struct Content<'a> {
    bytes: Cow<'a, [u8]>,
    note: Option<Note>,
    /// Where the page that is decoded may not have its own.
    orientation: Option<Orientation>,
}

/// Look at a file in a format that is decoded here: raw files are refused, and of several pages the full picture comes first.
fn content(bytes: &[u8], format: ImageFormat) -> Result<Content<'_>, PictureError> {
    if format == ImageFormat::Tiff {
        return match tiff::content(bytes) {
            tiff::Content::Raw(format) => Err(PictureError::Raw { format }),
            tiff::Content::Cut => {
                let detail = "only a preview of the picture is left in it".to_owned();
                Err(PictureError::Broken { format: name(format), detail })
            }
            tiff::Content::Picture { bytes, pages, orientation } => Ok(Content {
                bytes,
                note: (pages > 1).then_some(Note::Pages { count: pages }),
                orientation: orientation.and_then(Orientation::from_exif),
            }),
        };
    }
    if format == ImageFormat::WebP {
        webp_is_whole(bytes)?;
    }
    let note = animation::is_animated(bytes, format).then_some(Note::Animation);
    Ok(Content { bytes: Cow::Borrowed(bytes), note, orientation: None })
}

/// So many zero bytes at a WebP file's end were filled in: its decoder takes them for coded data.
const FILLED: usize = 64;

/// Refuse a WebP file that is shorter than it says, or was filled up to its length.
fn webp_is_whole(bytes: &[u8]) -> Result<(), PictureError> {
    let said = bytes
        .get(4..)
        .and_then(|rest| rest.first_chunk())
        .map_or(0, |four| u32::from_le_bytes(*four) as usize);
    let said = said.saturating_add(8);
    let held = &bytes[..bytes.len().min(said)];
    let filled = held.iter().rev().take_while(|byte| **byte == 0).count();
    let missing = said - held.len() + if filled >= FILLED { filled } else { 0 };
    // The last byte fills up an odd length, and some writers leave it out.
    if missing > 1 {
        let percent = ((missing as u64 * 100).div_ceil(said as u64)).min(100) as u32;
        return Err(PictureError::Incomplete { format: name(ImageFormat::WebP), percent });
    }
    Ok(())
}

/// Refuse a JPEG that lacks a part of its picture: the decoder would make one up.
fn whole(bytes: &[u8]) -> Result<(), PictureError> {
    let format = name(ImageFormat::Jpeg);
    match jpeg::extent(bytes) {
        Extent::Whole => Ok(()),
        Extent::Missing { share } => {
            let percent = libm::ceilf(share * 100.0).clamp(1.0, 100.0) as u32;
            Err(PictureError::Incomplete { format, percent })
        }
        Extent::Coarse => Err(PictureError::Coarse { format }),
    }
}

/// Why a file is not read whose format is not decoded here.
fn unread(bytes: &[u8]) -> PictureError {
    match kinds::kind(bytes) {
        Some(Kind::Foreign(format)) => PictureError::Foreign { format },
        Some(Kind::Picture(format)) => PictureError::Unread { format },
        Some(Kind::Raw(format)) => PictureError::Raw { format },
        Some(Kind::Video(format)) => PictureError::Video { format },
        Some(Kind::Other(what)) => PictureError::Other { what },
        None => PictureError::NotAPicture,
    }
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
