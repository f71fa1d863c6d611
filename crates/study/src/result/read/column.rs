//! One column of integers, straight out of the text: two bytes a number instead of the 32 of a JSON value.

use super::MAX_SAMPLES;
use crate::fault::Faults;

/// What a column may hold.
pub(super) struct Column {
    pub path: String,
    /// Smallest and largest number.
    pub range: (i64, i64),
    /// What stands for `null` in memory; nothing where `null` is not allowed.
    pub missing: Option<i64>,
}

impl Column {
    /// Read `[1,2,null,-3]`; the text is right JSON already. The first fault ends the column.
    pub fn read(&self, text: &str, faults: &mut Faults) -> Option<Vec<i64>> {
        let bytes = text.as_bytes();
        let (Some(b'['), Some(b']')) = (bytes.first(), bytes.last()) else {
            faults.push(&*self.path, "This must be a list of whole numbers in brackets [ ].");
            return None;
        };
        let inner = &text[1..text.len() - 1];
        let inner_bytes = inner.as_bytes();
        // Every entry takes at least two characters, so this is bounded by the text.
        let mut values = Vec::with_capacity((inner.len() / 4).min(MAX_SAMPLES));
        if inner.trim().is_empty() {
            return Some(values);
        }
        let mut at = 0;
        while at <= inner.len() {
            let (entry, value, next) = match plain(&inner_bytes[at..]) {
                Some((value, digits)) => (&inner[at..at + digits], Some(value), at + digits + 1),
                None => {
                    let end = inner[at..].find(',').map_or(inner.len(), |comma| at + comma);
                    let entry = inner[at..end].trim();
                    (entry, integer(entry), end + 1)
                }
            };
            at = next;
            let value = match (entry, self.missing) {
                ("null", Some(missing)) => Some(missing),
                _ => value.filter(|n| (self.range.0..=self.range.1).contains(n)),
            };
            let Some(value) = value else {
                let shown: String = entry.chars().take(20).collect();
                let (min, max) = self.range;
                let or_null = if self.missing.is_some() { " or null" } else { "" };
                let reason =
                    format!("This is {shown}, but it must be a whole number from {min} to {max}{or_null}.");
                faults.push(format!("{}[{}]", self.path, values.len()), reason);
                return None;
            };
            if values.len() == MAX_SAMPLES {
                faults.push(&*self.path, format!("This column has more than {MAX_SAMPLES} entries."));
                return None;
            }
            values.push(value);
        }
        Some(values)
    }
}

/// What nearly all entries are: a whole number up to a comma or the end, without sign and space; with its length. So these are
/// gone through once.
fn plain(bytes: &[u8]) -> Option<(i64, usize)> {
    let mut value = 0;
    for (length, byte) in bytes.iter().enumerate().take(11) {
        match byte {
            b'0'..=b'9' => value = value * 10 + i64::from(byte - b'0'),
            b',' if length > 0 => return Some((value, length)),
            _ => return None,
        }
    }
    (1..=10).contains(&bytes.len()).then_some((value, bytes.len()))
}

/// A whole number without point and exponent, of at most ten digits.
fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || digits.len() > 10 {
        return None;
    }
    let mut value = 0;
    for byte in digits.bytes() {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(byte - b'0');
    }
    Some(if digits.len() < text.len() { -value } else { value })
}
