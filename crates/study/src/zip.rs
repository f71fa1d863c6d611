//! ZIP files around a study, without reading what is in them: media of hundreds of megabytes stay where they are.
//!
//! Nothing here reads or writes a file. [`layout`] makes the bytes that stand before, between and behind the contents,
//! so that a page can join them with the files that a person chose. [`tail`], [`directory`], [`entries`] and
//! [`content`] say which bytes to read next, and what they mean. What is written is stored, not packed: videos and
//! pictures are packed already.
//!
//! ```
//! use emotion_study::zip::{Content, layout};
//!
//! // The CRC-32 of "hello", and its length in bytes.
//! let hello = Content { name: "a.txt".to_owned(), bytes: 5, crc32: 0x3610_a686 };
//! let layout = layout(&[hello]).expect("it is small");
//! let file = [&layout.before[0][..], &b"hello"[..], &layout.end[..]].concat();
//! assert!(file.starts_with(b"PK"));
//! ```

mod read;
mod write;

pub use read::{Entry, Packing, content, directory, entries, tail, unpack};
pub use write::{Content, Layout, layout};

use thiserror::Error;

/// So many bytes of media one ZIP file takes: 4 GB are the most that its numbers can say, and study file, links and headers need some.
pub const MAX_MEDIA_BYTES: u64 = u32::MAX as u64 - (16 << 20);

/// Why a ZIP file cannot be read or written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ZipFault {
    /// There is no list of contents at the end of the file.
    #[error(
        "This is not a whole ZIP file. Choose the file that the builder saved; if you downloaded it, download it again."
    )]
    NotZip,
    /// What the file says of itself does not fit.
    #[error("The ZIP file is damaged ({0}). Copy or download it again.")]
    Damaged(&'static str),
    /// A password is needed.
    #[error("The file {0} in the ZIP is locked with a password. Pack the folder again without one.")]
    Locked(String),
    /// Another packing than the two common ones.
    #[error(
        "The file {0} in the ZIP is packed in a way that this page does not know. Pack the folder as an ordinary ZIP."
    )]
    Packing(String),
    /// More than the format's own numbers can say.
    #[error("A ZIP file can hold up to 4 GB here, and this is more. Use shorter or smaller videos.")]
    TooLarge,
    /// A text is larger than what is read.
    #[error("The file {0} in the ZIP is too large to be a study file.")]
    LongText(String),
}

#[cfg(test)]
mod tests;
