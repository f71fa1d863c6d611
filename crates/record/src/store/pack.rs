//! Samples as bytes and back: what the journal's entries hold.
//!
//! All numbers are little-endian. `rows: u32`, `columns: u8`, and for each column `length of name: u8`, name, `kind: u8`,
//! `width: u8`, `length of values: u32`, values:
//!
//! | kind | values |
//! |---|---|
//! | 1 | rows x width f64 |
//! | 2 | rows x width u32 |
//! | 3 | rows x width f32 |
//! | 4 | `texts: u16`, each as `length: u16` and UTF-8; then rows x u16: which text, from 1, or 0 for null |
//!
//! Columns are known by their name. One that is all null is left out, and one that is missing is null: a field can be added
//! without a new version. One that is not known is skipped. Those of a person's own model are called `own.LABEL`.

use thiserror::Error;

use super::column::Column;
use super::texts::Texts;
use super::{Kept, Samples};
use crate::session::{FIELDS, OWN};

const LONG: u8 = 1;
const WHOLE: u8 = 2;
const REAL: u8 = 3;
const TEXT: u8 = 4;

/// Bytes that are no packed samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("These bytes are no samples of this program: part of the recording is damaged. Save the rest.")]
pub struct Damaged;

impl Samples {
    /// All samples as bytes, at most 65,535 different texts among them.
    pub fn pack(&self) -> Vec<u8> {
        let mut bytes = (self.len as u32).to_le_bytes().to_vec();
        let count_at = bytes.len();
        bytes.push(0);
        for (field, kept) in FIELDS.iter().zip(&self.columns) {
            let (kind, width, values) = match kept {
                Kept::Long(column) => (LONG, 1, numbers(column, f64::to_le_bytes)),
                Kept::Whole(column) => (WHOLE, 1, numbers(column, u32::to_le_bytes)),
                Kept::Real(column) => (REAL, column.width() as u8, numbers(column, f32::to_le_bytes)),
                Kept::Text(texts) => (TEXT, 1, packed_texts(texts, self.len)),
                Kept::Nothing => continue,
            };
            if values.is_empty() {
                continue;
            }
            bytes[count_at] += 1;
            push_column(&mut bytes, field.name, [kind, width], &values);
        }
        for (label, column) in self.own.columns() {
            let (name, values) = (format!("{OWN}.{label}"), numbers(column, f32::to_le_bytes));
            // A label has at most 40 letters; what somebody else wrote may have more.
            if !values.is_empty() && name.len() <= usize::from(u8::MAX) {
                bytes[count_at] += 1;
                push_column(&mut bytes, &name, [REAL, 1], &values);
            }
        }
        bytes
    }

    /// Samples from what [`Samples::pack`] of this or another version gave.
    ///
    /// # Errors
    /// [`Damaged`] where the bytes are cut off or are something else.
    pub fn unpack(mut bytes: &[u8]) -> Result<Self, Damaged> {
        let rows = u32::from_le_bytes(take(&mut bytes)?) as usize;
        let [columns] = take(&mut bytes)?;
        // No row has less than its time.
        if rows.checked_mul(8).is_none_or(|least| least > bytes.len()) {
            return Err(Damaged);
        }
        let mut samples = Self::default();
        let mut given = vec![false; FIELDS.len()];
        for _ in 0..columns {
            let [length] = take(&mut bytes)?;
            let name = part(&mut bytes, usize::from(length))?;
            let [kind, width] = take(&mut bytes)?;
            let length = u32::from_le_bytes(take(&mut bytes)?);
            let values = part(&mut bytes, length as usize)?;
            let Some(at) = FIELDS.iter().position(|field| field.name.as_bytes() == name) else {
                let label =
                    std::str::from_utf8(name).ok().and_then(|name| name.strip_prefix(OWN)?.strip_prefix('.'));
                if let (Some(label), REAL, 1) = (label, kind, width) {
                    let mut column = Column::new(1, f32::NAN);
                    fill(&mut column, width, rows, values, f32::from_le_bytes)?;
                    if !samples.own.add(label, column) {
                        return Err(Damaged);
                    }
                }
                continue;
            };
            if std::mem::replace(&mut given[at], true) {
                return Err(Damaged);
            }
            match (&mut samples.columns[at], kind) {
                (Kept::Long(column), LONG) => fill(column, width, rows, values, f64::from_le_bytes)?,
                (Kept::Whole(column), WHOLE) => fill(column, width, rows, values, u32::from_le_bytes)?,
                (Kept::Real(column), REAL) => fill(column, width, rows, values, f32::from_le_bytes)?,
                (Kept::Text(texts), TEXT) => fill_texts(texts, rows, values)?,
                // Kept in another way by another version: as if it were not known.
                _ => given[at] = false,
            }
        }
        for (kept, _) in samples.columns.iter_mut().zip(given).filter(|(_, given)| !given) {
            for _ in 0..rows {
                match kept {
                    Kept::Long(column) => column.push(None),
                    Kept::Whole(column) => column.push(None),
                    Kept::Real(column) => column.push(None),
                    Kept::Text(texts) => texts.push(None),
                    Kept::Nothing => {}
                }
            }
        }
        samples.len = rows;
        Ok(samples)
    }
}

fn push_column(bytes: &mut Vec<u8>, name: &str, kind_and_width: [u8; 2], values: &[u8]) {
    bytes.push(name.len() as u8);
    bytes.extend(name.as_bytes());
    bytes.extend(kind_and_width);
    bytes.extend((values.len() as u32).to_le_bytes());
    bytes.extend(values);
}

/// The values of all rows; nothing where all are null.
fn numbers<T: Copy, const N: usize>(column: &Column<T>, bytes_of: fn(T) -> [u8; N]) -> Vec<u8> {
    if (0..column.len()).all(|row| column.row(row).is_none()) {
        return Vec::new();
    }
    let mut bytes = Vec::with_capacity(column.len() * column.width() * N);
    for row in 0..column.len() {
        column.each(row, |value| bytes.extend(bytes_of(value)));
    }
    bytes
}

fn packed_texts(texts: &Texts, rows: usize) -> Vec<u8> {
    let all = &texts.texts()[..texts.texts().len().min(usize::from(u16::MAX))];
    if all.is_empty() {
        return Vec::new();
    }
    let mut bytes = (all.len() as u16).to_le_bytes().to_vec();
    for text in all {
        // A longer text than that is cut, at a whole character: no name of a file or of a phase is.
        let end = text.floor_char_boundary(usize::from(u16::MAX));
        bytes.extend((end as u16).to_le_bytes());
        bytes.extend(&text.as_bytes()[..end]);
    }
    for row in 0..rows {
        bytes.extend(u16::try_from(texts.number(row)).unwrap_or_default().to_le_bytes());
    }
    bytes
}

fn fill<T: Copy, const N: usize>(
    column: &mut Column<T>,
    width: u8,
    rows: usize,
    values: &[u8],
    of_bytes: fn([u8; N]) -> T,
) -> Result<(), Damaged> {
    let width = usize::from(width);
    if width != column.width() || values.len() != rows * width * N {
        return Err(Damaged);
    }
    let (values, _) = values.as_chunks::<N>();
    for row in values.chunks_exact(width) {
        let row: Vec<T> = row.iter().map(|bytes| of_bytes(*bytes)).collect();
        column.push(Some(&row));
    }
    Ok(())
}

fn fill_texts(texts: &mut Texts, rows: usize, mut values: &[u8]) -> Result<(), Damaged> {
    let count = u16::from_le_bytes(take(&mut values)?);
    let mut all = Vec::new();
    for _ in 0..count {
        let length = u16::from_le_bytes(take(&mut values)?);
        let text = part(&mut values, usize::from(length))?;
        all.push(std::str::from_utf8(text).map_err(|_| Damaged)?);
    }
    let (numbers, rest) = values.as_chunks::<2>();
    if numbers.len() != rows || !rest.is_empty() {
        return Err(Damaged);
    }
    for number in numbers {
        let number = usize::from(u16::from_le_bytes(*number));
        texts.push(match number.checked_sub(1) {
            Some(at) => Some(*all.get(at).ok_or(Damaged)?),
            None => None,
        });
    }
    Ok(())
}

/// The next `N` bytes.
fn take<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], Damaged> {
    let (taken, rest) = bytes.split_first_chunk::<N>().ok_or(Damaged)?;
    *bytes = rest;
    Ok(*taken)
}

/// The next `length` bytes.
fn part<'a>(bytes: &mut &'a [u8], length: usize) -> Result<&'a [u8], Damaged> {
    let (taken, rest) = bytes.split_at_checked(length).ok_or(Damaged)?;
    *bytes = rest;
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Sample;
    use crate::store::tests::samples;

    #[test]
    fn packed_samples_come_back() {
        let all = samples();
        for few in [&all[..], &all[2..3], &[]] {
            let packed = few.iter().collect::<Samples>().pack();
            assert!(Samples::unpack(&packed).unwrap().iter().eq(few.iter().cloned()));
        }
    }

    #[test]
    fn a_reading_takes_few_bytes() {
        // A second of one face, as a recording writes it.
        let second: Samples = vec![&samples()[0]; 30].into_iter().collect();
        let bytes = second.pack().len() / 30;
        // 49 numbers of 4 bytes, of which the range has 14, and a little more.
        assert!(bytes < 236, "{bytes} bytes a sample");
    }

    #[test]
    fn damage_is_found_wherever_the_bytes_end() {
        let packed = samples().iter().collect::<Samples>().pack();
        for end in 0..packed.len() {
            // What stands behind a whole column may be missing; no row of it is made up.
            if let Ok(samples) = Samples::unpack(&packed[..end]) {
                panic!("{} rows of {end} bytes", samples.len());
            }
        }
        let mut many = packed.clone();
        many[..4].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(Samples::unpack(&many).err(), Some(Damaged));
    }

    #[test]
    fn columns_that_are_missing_or_unknown_do_no_harm() {
        let mut packed = [&Sample::without_face(5.0)].into_iter().collect::<Samples>().pack();
        packed[4] += 1;
        packed.push(4);
        packed.extend(b"mood");
        packed.extend([9, 3]);
        packed.extend(2u32.to_le_bytes());
        packed.extend([1, 2]);
        let found = Samples::unpack(&packed).unwrap();
        assert!(found.iter().eq([Sample::without_face(5.0)]));
    }
}
