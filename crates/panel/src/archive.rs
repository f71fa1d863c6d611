//! ZIP files: survey tools export uploads as one, and a Psych-DS folder is written as one.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// Most files of an archive.
const MAX_ENTRIES: usize = 100_000;
/// The largest file of an archive that is unpacked, in bytes: a result file's limit.
const MAX_ENTRY_BYTES: u64 = emotion_study::result::MAX_FILE_BYTES as u64;

/// An archive that is read file by file, in the order of their names.
pub struct Archive<B> {
    zip: ZipArchive<B>,
    names: Vec<String>,
}

impl<B: Read + std::io::Seek> Archive<B> {
    /// Open an archive.
    ///
    /// # Errors
    /// A sentence: it is damaged, or holds too much.
    pub fn open(bytes: B) -> Result<Self, String> {
        let zip = ZipArchive::new(bytes).map_err(|_| {
            "The ZIP file is damaged or cut off. Export it again, or unpack it first.".to_owned()
        })?;
        if zip.len() > MAX_ENTRIES {
            return Err(format!("The ZIP file holds more than {MAX_ENTRIES} files. Split it."));
        }
        // A name that is no text names no file of ours.
        let texts = zip.file_names().filter_map(Result::ok).map(std::borrow::Cow::into_owned);
        // What a system keeps for itself is no file that somebody handed over.
        let kept_by_a_system = |name: &String| {
            name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX" || part == "Thumbs.db")
        };
        let mut names: Vec<String> =
            texts.filter(|name| !name.ends_with('/') && !kept_by_a_system(name)).collect();
        names.sort_unstable();
        Ok(Self { zip, names })
    }

    /// The names of its files, sorted.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Unpack one file.
    ///
    /// # Errors
    /// A sentence: it is encrypted, damaged or too large.
    pub fn read(&mut self, name: &str) -> Result<Vec<u8>, String> {
        let file = self.zip.by_name(name).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(_) => {
                "This file in the ZIP is encrypted or packed in an unknown way. Unpack the ZIP first."
                    .to_owned()
            }
            _ => "This file in the ZIP is damaged. Export it again, or unpack the ZIP first.".to_owned(),
        })?;
        let mut bytes = Vec::new();
        file.take(MAX_ENTRY_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| "This file in the ZIP is damaged. Export it again.".to_owned())?;
        if bytes.len() as u64 > MAX_ENTRY_BYTES {
            return Err(format!("This file unpacks to more than {} MB.", MAX_ENTRY_BYTES / 1_000_000));
        }
        Ok(bytes)
    }
}

/// Pack files, with fixed dates: the same files give the same bytes.
///
/// # Errors
/// A sentence, if the archive would be too large for the format.
pub(crate) fn pack(files: &[(String, String)]) -> Result<Vec<u8>, String> {
    let fault = |error: zip::result::ZipError| format!("The ZIP file cannot be written: {error}.");
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for (name, text) in files {
        writer.start_file(name.as_str(), options).map_err(fault)?;
        writer
            .write_all(text.as_bytes())
            .map_err(|error| format!("The ZIP file cannot be written: {error}."))?;
    }
    Ok(writer.finish().map_err(fault)?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_comes_back_and_the_bytes_have_no_date() {
        let files = [("b/c.csv".to_owned(), "x,y\n".repeat(100)), ("a.txt".to_owned(), "ä".to_owned())];
        let bytes = pack(&files).unwrap();
        assert_eq!(bytes, pack(&files).unwrap());
        assert!(bytes.len() < 400, "it is packed");
        let mut archive = Archive::open(Cursor::new(&bytes)).unwrap();
        assert_eq!(archive.names(), ["a.txt", "b/c.csv"]);
        assert_eq!(archive.read("b/c.csv").unwrap(), files[0].1.as_bytes());
        assert!(Archive::open(Cursor::new(&bytes[..bytes.len() / 2])).is_err());
        let of_a_mac = ["__MACOSX/._a.json", "week/.DS_Store", "week/a.json"];
        let bytes = pack(&of_a_mac.map(|name| (name.to_owned(), String::new()))).unwrap();
        assert_eq!(Archive::open(Cursor::new(&bytes)).unwrap().names(), ["week/a.json"]);
    }
}
