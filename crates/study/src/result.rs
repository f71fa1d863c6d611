//! The result file, `*.result.json.gz`: what a participant hands over. docs/formats.md explains every field.
//!
//! [`write()`] makes one, [`read()`] is a strict and bounded reader: it looks at sizes before it takes memory, and tells every
//! fault in a sentence.

mod build;
mod columns;
pub mod csv;
mod grade;
mod parts;
mod read;
mod seconds;
mod types;
mod write;

pub use build::{Circumstances, build};
pub use columns::{Columns, MAX_INPUTS, MAX_SAMPLES, MISSING, Mixed, Reading};
pub use grade::{Grade, GradeInput, grade};
pub use read::{MAX_FILE_BYTES, MAX_TEXT_BYTES, check, read};
pub use seconds::{Second, Shown, seconds};
pub use types::*;
pub use write::{file_name, to_gzip, to_json, write};

/// What is wrong with a reading: the bits of the mask in the column `reasons`, from bit 0. Codes are only ever appended.
pub const REASONS: [&str; 16] = [
    "no_face",
    "too_dark",
    "too_bright",
    "low_contrast",
    "blurred",
    "turned_away",
    "too_far",
    "cut_off",
    "uncertain",
    "several_faces",
    "covered",
    "no_frame",
    "incomplete",
    "other_face",
    "upside_down",
    "unchanged",
];

/// The bit of `other_face`: the face is not the one of the baseline.
pub const OTHER_FACE: u32 = 1 << 13;
/// The bit of `no_face`.
pub const NO_FACE: u32 = 1;
/// The bit of `no_frame`.
pub const NO_FRAME: u32 = 1 << 11;

/// The mask of some codes; codes that this version does not know are left out.
pub fn reason_mask<'a>(codes: impl IntoIterator<Item = &'a str>) -> u32 {
    codes
        .into_iter()
        .filter_map(|code| REASONS.iter().position(|known| *known == code))
        .map(|bit| 1 << bit)
        .sum()
}

/// The codes of a mask; bits of later versions are left out.
pub fn reason_codes(mask: u32) -> Vec<&'static str> {
    REASONS.iter().enumerate().filter(|(bit, _)| mask >> bit & 1 == 1).map(|(_, code)| *code).collect()
}

/// What stands in every file about meaning and limits.
pub const NOTICE: &str = "A depth is the share of human viewers, 0 to 1 (here times 10,000), who would name this emotion \
    for this face. It describes an expression as others see it, not what a person feels. It must not be used to judge \
    single people, at work or in education, for law enforcement, for lie detection or for diagnosis. The integrity hash \
    shows damage, not forgery.";

#[cfg(test)]
mod tests;
