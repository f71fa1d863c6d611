//! The receipt: a result as text to paste into a survey, one value a second and eight bits a value.
//!
//! A receipt is split into parts that fit the survey's fields:
//!
//! ```text
//! EDR1.K7QD.1-2.<letters>.3F9A0C
//! ```
//!
//! the mark with the version, the first four characters of the session's code, the number of the part and of all, the
//! content in base64 for web addresses (RFC 4648), and the part's check: CRC-32 of all that stands before its point, in hexadecimal, 8
//! digits. Parts may come in any order, twice, with line breaks in them and text around them. docs/formats.md has the content.

mod base64;
mod content;

use std::collections::BTreeMap;
use std::io::{Read, Write};

use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use sha2::{Digest, Sha256};

pub use content::{Receipt, ReceiptExposure};

use crate::result::ResultFile;

/// What every part begins with.
pub const MARK: &str = "EDR1.";
/// Most parts of a receipt.
pub const MAX_PARTS: usize = 99;
/// The largest content, unpacked, in bytes.
const MAX_CONTENT: u64 = 1_000_000;
/// The largest text that is searched for parts, in bytes.
pub const MAX_TEXT: usize = 2_000_000;
/// Characters of a part beside its content.
const FRAME: usize = MARK.len() + 4 + 1 + 5 + 1 + 1 + 8;

/// Why a receipt cannot be made or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// More parts than can be numbered.
    #[error(
        "The result is too large for a receipt of at most {MAX_PARTS} parts. Hand the file over instead."
    )]
    TooLarge,
    /// No part is in the text.
    #[error("There is no receipt in this text: a receipt begins with \"EDR1.\".")]
    None,
    /// The text is too long to be searched.
    #[error("This text is too long for a receipt.")]
    TextTooLong,
    /// A newer version.
    #[error("This receipt was made by a newer version. Use a newer program.")]
    Newer,
    /// Parts of several sessions.
    #[error("These are parts of different receipts. Read one participant's receipt at a time.")]
    Mixed,
    /// Parts that are wrong: 0 stands for one whose number cannot be read.
    #[error("{}", damaged(.0))]
    Damaged(Vec<usize>),
    /// Parts that are not there.
    #[error("{}", missing(.0, *.1))]
    Missing(Vec<usize>, usize),
    /// All parts are right, but the whole is not.
    #[error("The parts do not fit together: they are of two different hand-overs. Copy all parts again.")]
    Whole,
}

fn numbers(list: &[usize]) -> String {
    list.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
}

fn damaged(parts: &[usize]) -> String {
    let known: Vec<usize> = parts.iter().copied().filter(|part| *part > 0).collect();
    let which = if known.is_empty() { "A part".to_owned() } else { format!("Part {}", numbers(&known)) };
    format!(
        "{which} of the receipt is damaged: a character is wrong, missing or too many. Copy it again as a whole."
    )
}

fn missing(parts: &[usize], all: usize) -> String {
    format!("Part {} of {all} of the receipt is missing.", numbers(parts))
}

/// The parts of the receipt of a result, each of at most `max_chars` characters.
///
/// # Errors
/// [`ReceiptError::TooLarge`].
pub fn write(result: &ResultFile, max_chars: usize) -> Result<Vec<String>, ReceiptError> {
    let content = Receipt::of(result).to_bytes();
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    // Writing into memory cannot fail.
    let _ = encoder.write_all(&content);
    let mut packed = encoder.finish().unwrap_or_default();
    packed.extend_from_slice(&Sha256::digest(&content)[..4]);
    let text = base64::encode(&packed);
    let room = max_chars.saturating_sub(FRAME).max(1);
    let parts: Vec<&str> =
        text.as_bytes().chunks(room).filter_map(|chunk| std::str::from_utf8(chunk).ok()).collect();
    if parts.len() > MAX_PARTS {
        return Err(ReceiptError::TooLarge);
    }
    let session: String = result.session.id.chars().filter(|c| *c != '-').take(4).collect();
    let all = parts.len();
    let part = |(index, content): (usize, &&str)| {
        let head = format!("{MARK}{session}.{}-{all}.{content}", index + 1);
        format!("{head}.{}", check(&head))
    };
    Ok(parts.iter().enumerate().map(part).collect())
}

fn check(text: &str) -> String {
    let mut crc = Crc::new();
    crc.update(text.as_bytes());
    format!("{:08X}", crc.sum())
}

/// A part that was found in a text.
struct Part {
    session: String,
    number: usize,
    all: usize,
    content: String,
}

/// Read a receipt out of a text that may hold anything around its parts.
///
/// # Errors
/// Where parts are damaged or missing, with their numbers.
pub fn read(text: &str) -> Result<Receipt, ReceiptError> {
    if text.len() > MAX_TEXT {
        return Err(ReceiptError::TextTooLong);
    }
    // Mail programs and survey tools break long lines, anywhere.
    let text: String =
        text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{200b}' | '\u{feff}' | '"')).collect();
    let mut parts: Vec<Part> = Vec::new();
    let mut wrong: Vec<usize> = Vec::new();
    let mut wrong_all = 0;
    for rest in text.split(MARK).skip(1) {
        match part(rest) {
            Ok(part) => parts.push(part),
            Err((number, all)) => {
                wrong.push(number);
                wrong_all = wrong_all.max(all);
            }
        }
    }
    if parts.is_empty() && wrong.is_empty() {
        let newer = text.split("EDR").skip(1).any(|rest| {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            (1..=3).contains(&digits) && rest[digits..].starts_with('.')
        });
        return Err(if newer { ReceiptError::Newer } else { ReceiptError::None });
    }
    let Some(first) = parts.first() else { return Err(ReceiptError::Damaged(sorted(wrong))) };
    let (session, all) = (first.session.clone(), first.all);
    if parts.iter().any(|part| part.session != session) {
        return Err(ReceiptError::Mixed);
    }
    if parts.iter().any(|part| part.all != all) {
        return Err(ReceiptError::Whole);
    }
    let mut by_number: BTreeMap<usize, String> = BTreeMap::new();
    for part in parts {
        match by_number.get(&part.number) {
            Some(known) if *known != part.content => return Err(ReceiptError::Whole),
            _ => by_number.insert(part.number, part.content),
        };
    }
    let absent: Vec<usize> = (1..=all).filter(|number| !by_number.contains_key(number)).collect();
    if !absent.is_empty() {
        // A damaged copy of a part matters only if no right one is there.
        let damaged: Vec<usize> = wrong.into_iter().filter(|n| *n == 0 || absent.contains(n)).collect();
        return Err(match damaged.is_empty() {
            false => ReceiptError::Damaged(sorted(damaged)),
            true => ReceiptError::Missing(absent, all),
        });
    }
    let text: String = by_number.into_values().collect();
    unpack(&text).ok_or(ReceiptError::Whole)
}

fn sorted(mut list: Vec<usize>) -> Vec<usize> {
    list.sort_unstable();
    list.dedup();
    list
}

/// A part from behind its mark; else its number and the number of all, as far as they can be read.
fn part(rest: &str) -> Result<Part, (usize, usize)> {
    let mut fields = rest.splitn(4, '.');
    let (session, place, content, tail) = (fields.next(), fields.next(), fields.next(), fields.next());
    let numbers = place.and_then(|place| place.split_once('-')).and_then(|(number, all)| {
        let number = number.parse().ok().filter(|n| (1..=MAX_PARTS).contains(n))?;
        let all = all.parse().ok().filter(|n| (number..=MAX_PARTS).contains(n))?;
        Some((number, all))
    });
    let Some((number, all)) = numbers else { return Err((0, 0)) };
    let (Some(session), Some(place), Some(content), Some(tail)) = (session, place, content, tail) else {
        return Err((number, all));
    };
    let told: String = tail.chars().take(8).collect();
    if check(&format!("{MARK}{session}.{place}.{content}")) != told.to_ascii_uppercase() {
        return Err((number, all));
    }
    Ok(Part { session: session.to_owned(), number, all, content: content.to_owned() })
}

fn unpack(text: &str) -> Option<Receipt> {
    let packed = base64::decode(text)?;
    let (packed, hash) = packed.split_at_checked(packed.len().checked_sub(4)?)?;
    let mut content = Vec::new();
    DeflateDecoder::new(packed).take(MAX_CONTENT + 1).read_to_end(&mut content).ok()?;
    if content.len() as u64 > MAX_CONTENT || Sha256::digest(&content)[..4] != *hash {
        return None;
    }
    Receipt::from_bytes(&content)
}

#[cfg(test)]
mod tests;
