//! Why a video file cannot be read, in words that say what to do.

use thiserror::Error;

/// Why a video cannot be opened. The message is for a person.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ClipFault {
    #[error("The file is empty. Choose another copy of it.")]
    Empty,
    #[error(
        "The file is not a video: it is neither MP4 nor WebM nor another kind that the page knows. Choose a video file."
    )]
    NotVideo,
    #[error(
        "This browser cannot play this {container} file: it lacks the format of its pictures, or the file is damaged at \
         its beginning. Save the video as MP4 with H.264, or as WebM, and choose that."
    )]
    Format { container: &'static str },
    #[error(
        "The {container} file has no picture that this browser can show, only sound. Save the video as MP4 with H.264, or \
         as WebM, and choose that."
    )]
    NoPicture { container: &'static str },
    #[error("The file could not be read ({0}). It may have been moved or changed; choose it again.")]
    Unreadable(String),
    /// Taken apart by [`demux`], which says more than the browser.
    #[error("{0}")]
    Container(#[from] demux::Fault),
    #[error(
        "This browser's decoder gave no picture of the video. Save it as MP4 with H.264, or as WebM, and choose that."
    )]
    NotDecoded,
    #[error("The browser did not open the video within {0} s. Close other programs; then choose it again.")]
    Slow(u32),
    #[error("This browser gives no pictures of videos ({0}). Use a current Chrome, Edge, Firefox or Safari.")]
    NoCapture(String),
}

/// So many bytes of a file's beginning tell what it is.
pub const HEAD_BYTES: u32 = 16;

/// What kind of file begins with these bytes; `None` for what is no video.
///
/// Only to find words for a fault: whether a video can be played is the browser's to say.
pub fn container(head: &[u8]) -> Option<&'static str> {
    let at = |from: usize, bytes: &[u8]| head.get(from..from + bytes.len()) == Some(bytes);
    if at(4, b"ftypqt") {
        return Some("QuickTime");
    }
    if [b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide"].iter().any(|kind| at(4, *kind)) {
        return Some("MP4");
    }
    let kinds: [(&[u8], &str); 6] = [
        (&[0x1a, 0x45, 0xdf, 0xa3], "WebM or Matroska"),
        (b"OggS", "Ogg"),
        (b"FLV", "Flash"),
        (&[0, 0, 1, 0xba], "MPEG"),
        (&[0x30, 0x26, 0xb2, 0x75], "Windows Media"),
        (&[0x47, 0x40], "MPEG transport"),
    ];
    if at(0, b"RIFF") && at(8, b"AVI ") {
        return Some("AVI");
    }
    kinds.iter().find(|(bytes, _)| at(0, bytes)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_files_are_told_by_their_beginning() {
        assert_eq!(container(b"\0\0\0\x20ftypisom\0\0\x02\0"), Some("MP4"));
        assert_eq!(container(b"\0\0\0\x14ftypqt  \0\0\0\0"), Some("QuickTime"));
        assert_eq!(container(&[0x1a, 0x45, 0xdf, 0xa3, 0x01]), Some("WebM or Matroska"));
        assert_eq!(container(b"RIFF\x10\0\0\0AVI LIST"), Some("AVI"));
        for other in [&b"RIFF\x10\0\0\0WAVEfmt "[..], b"Dear diary,\n", b"\xff\xd8\xff\xe0", b"", b"\0"] {
            assert_eq!(container(other), None);
        }
    }

    #[test]
    fn every_fault_is_a_sentence_with_advice() {
        let container = "MP4";
        for fault in [
            ClipFault::Empty,
            ClipFault::NotVideo,
            ClipFault::Format { container },
            ClipFault::NoPicture { container },
            ClipFault::Unreadable("NotReadableError".into()),
            ClipFault::Slow(30),
            ClipFault::Container(demux::Fault::NoIndex),
            ClipFault::NotDecoded,
            ClipFault::NoCapture("canvas".into()),
        ] {
            let text = fault.to_string();
            assert!(text.ends_with('.') && text.contains(". "), "{text}");
        }
    }
}
