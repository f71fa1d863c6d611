//! Why a file cannot be demuxed, in sentences that say what to do.

use thiserror::Error;

/// Why a video file cannot be taken apart. The message is for a person.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// No container of this crate: another may know it.
    #[error("The file is neither MP4, MOV, WebM nor Matroska. Choose a video of one of these kinds.")]
    Unknown,
    /// The index of an MP4 file is written last, and is not there.
    #[error(
        "The file has no index of its pictures (moov): its recording or copying was broken off. Copy it again, or let a \
         repair tool write the index anew."
    )]
    NoIndex,
    #[error("The file has no video track, only sound or text. Choose another file.")]
    NoVideo,
    #[error("The file's pictures are encrypted. Choose a copy without copy protection.")]
    Encrypted,
    /// Something that is allowed, but not understood here: {0} names it.
    #[error("The file uses {0}, which is not understood here. Save it anew as MP4 with H.264, or as WebM.")]
    Unsupported(&'static str),
    #[error("The file is damaged in its {part}, at byte {at}. Choose another copy of it.")]
    Damaged { part: &'static str, at: u64 },
    /// More than any real file needs; nothing was reserved for it.
    #[error(
        "The file's {part} says that it has {bytes} bytes, more than the {most} that are read. The file is damaged."
    )]
    TooLarge { part: &'static str, bytes: u64, most: u64 },
    /// What holds the bytes could not give them; {0} says why.
    #[error("The file could not be read ({0}). It may have been moved or changed; choose it again.")]
    Unreadable(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_a_sentence() {
        for fault in [
            Fault::Unknown,
            Fault::NoIndex,
            Fault::NoVideo,
            Fault::Encrypted,
            Fault::Unsupported("a list of edits that goes back in time"),
            Fault::Damaged { part: "index", at: 12 },
            Fault::TooLarge { part: "index", bytes: 1 << 40, most: 1 << 26 },
            Fault::Unreadable("NotReadableError".into()),
        ] {
            let text = fault.to_string();
            assert!(text.starts_with("The file") && text.ends_with('.') && text.contains(". "), "{text}");
        }
    }
}
