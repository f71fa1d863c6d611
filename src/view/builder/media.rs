//! The names of media files.

/// What a file is to a study.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Video,
    Image,
}

impl Kind {
    /// The field of a stimulus.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Video => "video",
            Kind::Image => "image",
        }
    }
}

/// What was read of a media file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaFacts {
    pub kind: Kind,
    /// Its place in the study's folder.
    pub path: String,
    /// SHA-256, 64 digits in lower case.
    pub sha256: String,
    /// CRC-32, for the ZIP.
    pub crc32: u32,
    pub bytes: u64,
    /// How long a video is, where it says so.
    pub duration_ms: Option<u32>,
}

/// What a file of this name is; nothing where a study cannot show it.
pub fn kind_of(file_name: &str) -> Option<Kind> {
    match ending(file_name).as_str() {
        "webm" | "mp4" | "m4v" | "mov" => Some(Kind::Video),
        "png" | "jpg" | "jpeg" | "webp" | "gif" | "avif" => Some(Kind::Image),
        _ => None,
    }
}

fn ending(file_name: &str) -> String {
    file_name.rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_lowercase())
}

/// The file's own name without its ending.
fn stem(file_name: &str) -> &str {
    let name = file_name.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The place of a file in the study's folder, `media/NAME`, with a name that every file system and every address
/// takes: letters of a to z, digits, `_`, `-`. A name that is taken gets a number.
pub fn media_path(file_name: &str, taken: impl Fn(&str) -> bool) -> String {
    let (stem, ending) = (plain(stem(file_name), "file"), ending(file_name));
    let path = |number: u32| match number {
        1 => format!("media/{stem}.{ending}"),
        number => format!("media/{stem}-{number}.{ending}"),
    };
    (1..1000).map(path).find(|path| !taken(path)).unwrap_or_else(|| path(1000))
}

/// An id for the stimulus of a file.
pub fn stimulus_id(file_name: &str) -> String {
    plain(stem(file_name), "stimulus").chars().take(30).collect()
}

/// Letters of a to z, digits, `_` and `-`, beginning with a letter or a digit; German umlauts are written out,
/// everything else becomes one `-`.
fn plain(text: &str, otherwise: &str) -> String {
    let mut name = String::new();
    for letter in text.chars() {
        match letter {
            'ä' => name.push_str("ae"),
            'ö' => name.push_str("oe"),
            'ü' => name.push_str("ue"),
            'Ä' => name.push_str("Ae"),
            'Ö' => name.push_str("Oe"),
            'Ü' => name.push_str("Ue"),
            'ß' => name.push_str("ss"),
            letter if letter.is_ascii_alphanumeric() || letter == '_' => name.push(letter),
            _ if name.ends_with('-') => {}
            _ => name.push('-'),
        }
    }
    let name: String = name.trim_matches(['-', '_']).chars().take(100).collect();
    if name.is_empty() { otherwise.to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_the_ending() {
        assert_eq!(kind_of("a/Spot.MP4"), Some(Kind::Video));
        assert_eq!(kind_of("pack.jpeg"), Some(Kind::Image));
        assert_eq!(["a.avi", "mp4", "a.mp4.txt", ""].map(kind_of), [None; 4]);
    }

    #[test]
    fn names_suit_every_host() {
        let free = |name: &str| media_path(name, |_| false);
        assert_eq!(free("holiday/Frühling 50% #1?.MP4"), "media/Fruehling-50-1.mp4");
        assert_eq!(free("...webm"), "media/file.webm");
        assert_eq!(free("日本.png"), "media/file.png");
        let taken = ["media/a.png", "media/a-2.png"];
        assert_eq!(media_path("a.png", |path| taken.contains(&path)), "media/a-3.png");
        assert_eq!(stimulus_id("x/Mein Spot (neu).webm"), "Mein-Spot-neu");
        assert_eq!(stimulus_id(&"ab".repeat(80)).len(), 30);
    }
}
