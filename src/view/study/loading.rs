//! What of a study must be loaded, how large it is, and how far that has come.

use emotion_study::file::{Media, Study};

/// A file of the study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Path from the study file.
    pub file: String,
    pub sha256: String,
    pub mime: &'static str,
    /// As the study tells it.
    pub bytes: Option<u64>,
}

/// The files of the stimuli of these indices, each once. Only what this participant is shown is loaded.
pub fn wanted(study: &Study, order: &[usize]) -> Vec<Wanted> {
    let mut list: Vec<Wanted> = Vec::new();
    for stimulus in order.iter().filter_map(|index| study.stimuli.get(*index)) {
        let (file, sha256, bytes) = match &stimulus.media {
            Media::Video(video) => (&video.file, &video.sha256, video.bytes),
            Media::Image(image) => (&image.file, &image.sha256, image.bytes),
            Media::Text(_) | Media::Pause(_) => continue,
        };
        if !list.iter().any(|known| known.file == *file) {
            list.push(Wanted { file: file.clone(), sha256: sha256.clone(), mime: mime(file), bytes });
        }
    }
    list
}

/// How much will be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// So many bytes.
    Known(u64),
    /// So many bytes and files of which nobody tells the size.
    AtLeast(u64),
}

/// The size of files, and of `engine` bytes more. Once the host was asked ([`Wanted::bytes`] holds its answer, too) what is still not known
/// is not known.
pub fn size(files: &[Wanted], engine: u64) -> Size {
    let sum = engine + files.iter().filter_map(|wanted| wanted.bytes).sum::<u64>();
    if files.iter().all(|wanted| wanted.bytes.is_some()) { Size::Known(sum) } else { Size::AtLeast(sum) }
}

/// The type of a file by its ending: the browser gets it from memory, without a server that would say it.
pub fn mime(file: &str) -> &'static str {
    let ending = file.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match ending.as_str() {
        "webm" => "video/webm",
        // A QuickTime file with H.264 is played where it is called MP4, and by no other browser than Safari where it is not.
        "mp4" | "m4v" | "mov" => "video/mp4",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "avif" => "image/avif",
        _ => "application/octet-stream",
    }
}

/// Bytes as megabytes for a sentence: `0.1`, `3.4`, `57`.
pub fn megabytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100_000);
    if tenths >= 100 {
        format!("{}", tenths.div_ceil(10))
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

/// How far the loading is: bytes that are here, and all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    pub done: u64,
    pub all: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_that_is_shown_is_loaded_once() {
        let study =
            emotion_study::file::parse(include_str!("../../../public/studies/example/study.json")).unwrap();
        let files: Vec<String> =
            wanted(&study, &[0, 1, 2, 1]).into_iter().map(|wanted| wanted.file).collect();
        assert_eq!(files, ["media/morning.png", "media/ball.webm"]);
        assert!(wanted(&study, &[0]).is_empty(), "what is not shown is not loaded");
        assert_eq!(wanted(&study, &[2])[0].mime, "video/webm");
    }

    #[test]
    fn a_size_that_nobody_tells_is_said_to_be_unknown() {
        let file = |bytes| Wanted { file: "a.webm".into(), sha256: String::new(), mime: "video/webm", bytes };
        assert_eq!(size(&[file(Some(5)), file(Some(7))], 100), Size::Known(112));
        assert_eq!(size(&[file(Some(5)), file(None)], 100), Size::AtLeast(105));
        assert_eq!(size(&[], 0), Size::Known(0));
    }

    #[test]
    fn sizes_are_never_told_too_small() {
        assert_eq!(
            [1, 100_000, 3_400_001, 57_000_000, 9_990_000].map(megabytes),
            ["0.1", "0.1", "3.5", "57", "10"]
        );
    }
}
