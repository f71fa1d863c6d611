//! Reading FER2013 (`fer2013.csv`) and FER+ (`fer2013new.csv`) row by row.
//!
//! A faulty row is left out and reported with its line and the reason; a file that cannot be read to its end, or
//! that is another file, is an error.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{BufRead, ErrorKind};

use thiserror::Error;

use emotion_core::model::{CLASSES, VOTES};

/// Pixels of one face, 48 x 48.
const PIXELS: usize = 48 * 48;
/// Raters per face: no column can have more votes.
const RATERS: u32 = 10;
/// The columns of the votes' file, in the order of [`VOTES`].
const VOTE_COLUMNS: [&str; 10] =
    ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "nf"];

/// One usable row of the split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    /// Row within the split, from 0; faulty rows count.
    pub row: usize,
    /// FER2013's class, 0..=6 in the order of [`CLASSES`].
    pub label: usize,
    /// 48 x 48 luma, rows from the top.
    pub pixels: Vec<u8>,
}

/// One split of a FER2013 file.
#[derive(Debug, Clone, PartialEq)]
pub struct Images {
    pub split: String,
    /// Rows of the split, the faulty ones included.
    pub rows: usize,
    pub faces: Vec<Face>,
    pub problems: Vec<Problem>,
    /// The `Usage` of every row of the file; `None` where the row is too broken to say.
    usages: Vec<Option<String>>,
}

/// The votes of one split.
#[derive(Debug, Clone, PartialEq)]
pub struct Votes {
    /// Per row of the split; `None` where the row was faulty.
    counts: Vec<Option<[u32; 10]>>,
    pub problems: Vec<Problem>,
}

impl Votes {
    /// Share of all ten columns' votes, in the order of [`VOTES`]; `None` if the row has no usable votes.
    pub fn shares(&self, row: usize) -> Option<[f64; 10]> {
        let counts = self.counts.get(row).copied().flatten()?;
        let total: u32 = counts.iter().sum();
        Some(counts.map(|count| f64::from(count) / f64::from(total)))
    }
}

/// A row that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line in the file, the header being 1.
    pub line: usize,
    /// Row within the split, from 0; `None` where the row does not say which split it belongs to.
    pub row: Option<usize>,
    pub reason: RowError,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.row {
            Some(row) => write!(f, "line {} (row {row} of the split): {}", self.line, self.reason),
            None => write!(f, "line {}: {}", self.line, self.reason),
        }
    }
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RowError {
    #[error("it is not text in UTF-8")]
    NotText,
    #[error("it has {found} columns, but the header has {expected}")]
    ColumnCount { found: usize, expected: usize },
    #[error("the emotion is \"{found}\", but should be 0 to 6")]
    Label { found: String },
    #[error("it has {found} pixels, but a face has {PIXELS}")]
    PixelCount { found: usize },
    #[error("pixel {position} is \"{found}\", but should be 0 to 255")]
    PixelValue { position: usize, found: String },
    #[error("the votes for {column} are \"{found}\", but should be 0 to {RATERS}")]
    VoteValue { column: &'static str, found: String },
    #[error("it has no votes")]
    NoVotes,
}

/// Why a file cannot be evaluated.
#[derive(Debug, Error)]
pub enum FileError {
    #[error("the file is empty")]
    Empty,
    #[error("the header lacks the column \"{missing}\"; it is \"{header}\". Is it the right file?")]
    Header { missing: &'static str, header: String },
    #[error("the file ends within line {line}: it is cut short. Get it again.")]
    Truncated { line: usize },
    #[error("line {line} cannot be read: {source}")]
    Read { line: usize, source: std::io::Error },
    #[error("no row has the Usage \"{split}\"; there are: {}", .known.join(", "))]
    NoSuchSplit { split: String, known: Vec<String> },
    #[error("no row of the split \"{split}\" is usable ({rows} rows; the first: {first})")]
    NothingUsable { split: String, rows: usize, first: Problem },
    #[error(
        "it has {votes} rows of votes, but there are {images} faces: the two files must correspond row by row"
    )]
    RowCount { votes: usize, images: usize },
    #[error(
        "line {line} is of \"{votes}\", but the face on that line is of \"{images}\": the two files must correspond row by row"
    )]
    Usage { line: usize, votes: String, images: String },
    #[error("line {line} is \"{found}\", but should be the number of a row of the split, 0 to {last}")]
    Excluded { line: usize, found: String, last: usize },
}

/// Read the rows of `split` ("Training", "PublicTest", "PrivateTest") from a `fer2013.csv`: columns emotion, pixels and Usage, in any order.
///
/// # Errors
/// [`FileError`] where the file is another one, is cut short, or has no usable row of the split.
pub fn read_images(reader: impl BufRead, split: &str) -> Result<Images, FileError> {
    let mut lines = Lines::new(reader);
    let header = lines.header()?;
    let [emotion, pixels, usage] = header.columns(["emotion", "pixels", "usage"])?;
    let mut images =
        Images { split: split.to_owned(), rows: 0, faces: vec![], problems: vec![], usages: vec![] };
    while let Some(fields) = lines.next(header.count)? {
        let fields = match fields {
            Ok(fields) => fields,
            Err(reason) => {
                images.problems.push(Problem { line: lines.line, row: None, reason });
                images.usages.push(None);
                continue;
            }
        };
        let of = fields[usage].trim();
        images.usages.push(Some(of.to_owned()));
        if of != split {
            continue;
        }
        let row = images.rows;
        images.rows += 1;
        match read_face(row, &fields[emotion], &fields[pixels]) {
            Ok(face) => images.faces.push(face),
            Err(reason) => images.problems.push(Problem { line: lines.line, row: Some(row), reason }),
        }
    }
    if images.rows == 0 {
        let known: BTreeSet<String> = images.usages.into_iter().flatten().collect();
        return Err(FileError::NoSuchSplit { split: split.to_owned(), known: known.into_iter().collect() });
    }
    match images.problems.first() {
        Some(first) if images.faces.is_empty() => {
            Err(FileError::NothingUsable { split: split.to_owned(), rows: images.rows, first: first.clone() })
        }
        _ => Ok(images),
    }
}

fn read_face(row: usize, emotion: &str, pixels: &str) -> Result<Face, RowError> {
    let label = emotion.trim().parse().ok().filter(|label| *label < CLASSES.len());
    let label = label.ok_or_else(|| RowError::Label { found: shorten(emotion) })?;
    let mut values = Vec::with_capacity(PIXELS);
    for (position, text) in pixels.split_ascii_whitespace().enumerate() {
        values.push(text.parse().map_err(|_| RowError::PixelValue { position, found: shorten(text) })?);
    }
    if values.len() != PIXELS {
        return Err(RowError::PixelCount { found: values.len() });
    }
    Ok(Face { row, label, pixels: values })
}

/// Read the votes of the rows of `images` from a `fer2013new.csv`, whose rows correspond to those of the faces' file.
///
/// # Errors
/// [`FileError`] where the file is another one, is cut short, or does not correspond.
pub fn read_votes(reader: impl BufRead, images: &Images) -> Result<Votes, FileError> {
    let mut lines = Lines::new(reader);
    let header = lines.header()?;
    let [usage] = header.columns(["usage"])?;
    let columns = header.columns(VOTE_COLUMNS)?;
    let mut votes = Votes { counts: vec![], problems: vec![] };
    let mut count = 0;
    while let Some(fields) = lines.next(header.count)? {
        let Some(expected) = images.usages.get(count) else {
            count += 1;
            continue;
        };
        count += 1;
        let own = fields.as_ref().ok().map(|fields| fields[usage].trim());
        if let (Some(own), Some(expected)) = (own, expected)
            && own != expected
        {
            let (votes, images) = (own.to_owned(), expected.clone());
            return Err(FileError::Usage { line: lines.line, votes, images });
        }
        // The faces' file says which rows are the split's, so that both count alike.
        if expected.as_ref() != Some(&images.split) {
            continue;
        }
        let row = votes.counts.len();
        match fields.and_then(|fields| read_counts(&columns.map(|column| fields[column].as_str()))) {
            Ok(counts) => votes.counts.push(Some(counts)),
            Err(reason) => {
                votes.counts.push(None);
                votes.problems.push(Problem { line: lines.line, row: Some(row), reason });
            }
        }
    }
    if count != images.usages.len() {
        return Err(FileError::RowCount { votes: count, images: images.usages.len() });
    }
    Ok(votes)
}

fn read_counts(fields: &[&str; 10]) -> Result<[u32; 10], RowError> {
    if fields.iter().all(|field| field.trim().is_empty()) {
        return Err(RowError::NoVotes);
    }
    let mut counts = [0; 10];
    for (index, field) in fields.iter().enumerate() {
        let count = field.trim().parse().ok().filter(|count| *count <= RATERS);
        counts[index] =
            count.ok_or_else(|| RowError::VoteValue { column: VOTES[index], found: shorten(field) })?;
    }
    if counts.iter().all(|count| *count == 0) { Err(RowError::NoVotes) } else { Ok(counts) }
}

/// Read the rows to leave out: one number of a row of the split (from 0) a line; empty lines and lines from "#" on are skipped.
///
/// # Errors
/// [`FileError`] where a line is no such number or cannot be read.
pub fn read_excluded(reader: impl BufRead, rows: usize) -> Result<BTreeSet<usize>, FileError> {
    let mut excluded = BTreeSet::new();
    for (index, text) in reader.lines().enumerate() {
        let line = index + 1;
        let text = text.map_err(|source| FileError::Read { line, source })?;
        let number = text.split('#').next().unwrap_or_default().trim();
        if number.is_empty() {
            continue;
        }
        match number.parse() {
            Ok(row) if row < rows => excluded.insert(row),
            _ => {
                return Err(FileError::Excluded {
                    line,
                    found: shorten(number),
                    last: rows.saturating_sub(1),
                });
            }
        };
    }
    Ok(excluded)
}

/// The first characters of what was found, for a message.
fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(20).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// The lines of a CSV file whose cells hold no line breaks.
struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    /// Number of the line read last, from 1.
    line: usize,
}

type Fields = Result<Vec<String>, RowError>;

impl<R: BufRead> Lines<R> {
    fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new(), line: 0 }
    }

    fn header(&mut self) -> Result<Header, FileError> {
        let Some(names) = self.read()? else { return Err(FileError::Empty) };
        let names = names.unwrap_or_default();
        let names: Vec<String> =
            names.iter().map(|name| name.trim_start_matches('\u{feff}').trim().to_lowercase()).collect();
        Ok(Header { count: names.len(), names })
    }

    /// The cells of the next line that is not empty, `expected` of them; `None` at the end.
    fn next(&mut self, expected: usize) -> Result<Option<Fields>, FileError> {
        let fields = self.read()?;
        Ok(fields.map(|fields| {
            fields.and_then(|fields| {
                let found = fields.len();
                if found == expected { Ok(fields) } else { Err(RowError::ColumnCount { found, expected }) }
            })
        }))
    }

    fn read(&mut self) -> Result<Option<Fields>, FileError> {
        loop {
            self.buffer.clear();
            self.line += 1;
            match self.reader.read_until(b'\n', &mut self.buffer) {
                Ok(0) => return Ok(None),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                    return Err(FileError::Truncated { line: self.line });
                }
                Err(source) => return Err(FileError::Read { line: self.line, source }),
            }
            let Ok(text) = std::str::from_utf8(&self.buffer) else {
                return Ok(Some(Err(RowError::NotText)));
            };
            let text = text.trim_end_matches(['\r', '\n']);
            if !text.is_empty() {
                return Ok(Some(Ok(split_cells(text))));
            }
        }
    }
}

struct Header {
    /// In lower case.
    names: Vec<String>,
    count: usize,
}

impl Header {
    /// Where the columns with these names stand.
    fn columns<const N: usize>(&self, wanted: [&'static str; N]) -> Result<[usize; N], FileError> {
        let mut found = [0; N];
        for (place, name) in found.iter_mut().zip(wanted) {
            let position = self.names.iter().position(|own| own == name);
            let header = || shorten(&self.names.join(","));
            *place = position.ok_or_else(|| FileError::Header { missing: name, header: header() })?;
        }
        Ok(found)
    }
}

/// The cells of one line after RFC 4180.
fn split_cells(line: &str) -> Vec<String> {
    if !line.contains('"') {
        return line.split(',').map(str::to_owned).collect();
    }
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    cells.push(cell);
    cells
}
