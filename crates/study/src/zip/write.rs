//! The bytes of a ZIP file around its contents.

use super::ZipFault;

/// One file of a ZIP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Its path, with `/` between folders.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// CRC-32 of its bytes, as [`crate::hash::Fingerprint`] computes it.
    pub crc32: u32,
}

/// What stands around the contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// What stands before each content, in their order.
    pub before: Vec<Vec<u8>>,
    /// What stands behind the last one.
    pub end: Vec<u8>,
}

/// Names are UTF-8.
const UTF8: u16 = 1 << 11;
/// What a reader must know: folders, and contents as they are.
const VERSION: u16 = 20;
/// The first of January 1980, the first day that the format knows: the same study gives the same bytes on any day.
const DATE: u16 = 1 << 5 | 1;
/// A regular file that everybody may read, in the upper half as Unix has it.
const UNIX_FILE: u32 = 0o100_644 << 16;

/// The bytes around `contents`, which follow each other in this order and are stored as they are.
///
/// # Errors
/// [`ZipFault::TooLarge`] from 4 GB or 65,535 files on.
pub fn layout(contents: &[Content]) -> Result<Layout, ZipFault> {
    let count =
        u16::try_from(contents.len()).ok().filter(|count| *count < u16::MAX).ok_or(ZipFault::TooLarge)?;
    let mut before = Vec::with_capacity(contents.len());
    let mut end = Vec::new();
    let mut at: u64 = 0;
    for content in contents {
        let about = about(content)?;
        let header = [b"PK\x03\x04", &VERSION.to_le_bytes()[..], &about, content.name.as_bytes()].concat();
        end.extend(b"PK\x01\x02");
        end.extend((3 << 8 | VERSION).to_le_bytes()); // made on Unix: then the rights count
        end.extend(VERSION.to_le_bytes());
        end.extend(&about);
        end.extend([0; 6]); // no comment, first disk, no hint that it is text
        end.extend(UNIX_FILE.to_le_bytes());
        end.extend(small(at)?.to_le_bytes());
        end.extend(content.name.as_bytes());
        at += header.len() as u64 + content.bytes;
        before.push(header);
    }
    let directory_at = small(at)?;
    let directory_bytes = small(end.len() as u64)?;
    small(at + end.len() as u64)?;
    end.extend(b"PK\x05\x06");
    end.extend([0; 4]); // the first and only disk
    end.extend(count.to_le_bytes());
    end.extend(count.to_le_bytes());
    end.extend(directory_bytes.to_le_bytes());
    end.extend(directory_at.to_le_bytes());
    end.extend([0; 2]); // no comment
    Ok(Layout { before, end })
}

/// What both headers of a file say, from the flags to the lengths of name and extra fields.
fn about(content: &Content) -> Result<Vec<u8>, ZipFault> {
    let name_bytes = u16::try_from(content.name.len()).map_err(|_| ZipFault::TooLarge)?;
    let bytes = small(content.bytes)?;
    let mut about = Vec::with_capacity(24);
    about.extend(UTF8.to_le_bytes());
    about.extend([0; 2]); // stored
    about.extend([0; 2]); // midnight
    about.extend(DATE.to_le_bytes());
    about.extend(content.crc32.to_le_bytes());
    about.extend(bytes.to_le_bytes()); // packed
    about.extend(bytes.to_le_bytes()); // unpacked
    about.extend(name_bytes.to_le_bytes());
    about.extend([0; 2]); // no extra fields
    Ok(about)
}

/// A number that the format can say; its largest one means that the real one stands elsewhere.
fn small(number: u64) -> Result<u32, ZipFault> {
    u32::try_from(number).ok().filter(|number| *number < u32::MAX).ok_or(ZipFault::TooLarge)
}
