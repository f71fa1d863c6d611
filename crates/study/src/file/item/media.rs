//! Reading stimuli: media are externally tagged, so that every fault keeps its path.

use serde_json::Value;

use super::strings::{id, media_path, rich_text, sha256};
use crate::fault::Faults;
use crate::file::types::{Image, Media, Pause, Segment, Stimulus, TextCard, Video, limits};
use crate::walk::{self, Object};

const VIDEO_ENDINGS: &[&str] = &["webm", "mp4", "m4v", "mov"];
const IMAGE_ENDINGS: &[&str] = &["png", "jpg", "jpeg", "webp", "gif", "avif"];

pub(in crate::file) fn stimulus(value: &Value, path: &str, faults: &mut Faults) -> Option<Stimulus> {
    let mut object = Object::open(value, path, faults)?;
    let id = object.required("id", faults, id);
    let media = object.one_of(&["video", "image", "text", "pause"], "What is shown", faults).and_then(
        |(kind, value)| {
            let at = object.at(kind);
            match kind {
                "video" => video(value, &at, faults).map(Media::Video),
                "image" => image(value, &at, faults).map(Media::Image),
                "text" => card(value, &at, faults).map(Media::Text),
                _ => pause(value, &at, faults).map(Media::Pause),
            }
        },
    );
    let segments = object.optional("segments", Vec::new(), faults, |v, p, f| {
        walk::list(v, p, f, (0, limits::SEGMENTS), segment)
    });
    object.close(faults);
    Some(Stimulus { id: id?, media: media?, segments: segments? })
}

fn duration(value: &Value, path: &str, faults: &mut Faults, max: u32) -> Option<u32> {
    walk::integer(value, path, faults, (i64::from(limits::MIN_DURATION_MS), i64::from(max))).map(|n| n as u32)
}

fn bytes(value: &Value, path: &str, faults: &mut Faults) -> Option<Option<u64>> {
    walk::integer(value, path, faults, (1, limits::MAX_MEDIA_BYTES as i64)).map(|n| Some(n as u64))
}

fn video(value: &Value, path: &str, faults: &mut Faults) -> Option<Video> {
    let mut object = Object::open(value, path, faults)?;
    let file = object.required("file", faults, |v, p, f| media_path(v, p, f, VIDEO_ENDINGS));
    let sha256 = object.required("sha256", faults, sha256);
    let duration_ms =
        object.required("duration_ms", faults, |v, p, f| duration(v, p, f, limits::MAX_VIDEO_MS));
    let bytes = object.optional("bytes", None, faults, bytes);
    object.close(faults);
    Some(Video { file: file?, sha256: sha256?, duration_ms: duration_ms?, bytes: bytes? })
}

fn image(value: &Value, path: &str, faults: &mut Faults) -> Option<Image> {
    let mut object = Object::open(value, path, faults)?;
    let file = object.required("file", faults, |v, p, f| media_path(v, p, f, IMAGE_ENDINGS));
    let sha256 = object.required("sha256", faults, sha256);
    let duration_ms =
        object.required("duration_ms", faults, |v, p, f| duration(v, p, f, limits::MAX_STILL_MS));
    let bytes = object.optional("bytes", None, faults, bytes);
    let alt = object.optional("alt", None, faults, |v, p, f| walk::text(v, p, f, limits::SHORT).map(Some));
    object.close(faults);
    Some(Image { file: file?, sha256: sha256?, duration_ms: duration_ms?, bytes: bytes?, alt: alt? })
}

fn card(value: &Value, path: &str, faults: &mut Faults) -> Option<TextCard> {
    let mut object = Object::open(value, path, faults)?;
    let text = object.required("text", faults, |v, p, f| rich_text(v, p, f, limits::LONG));
    let duration_ms =
        object.required("duration_ms", faults, |v, p, f| duration(v, p, f, limits::MAX_STILL_MS));
    object.close(faults);
    Some(TextCard { text: text?, duration_ms: duration_ms? })
}

fn pause(value: &Value, path: &str, faults: &mut Faults) -> Option<Pause> {
    let mut object = Object::open(value, path, faults)?;
    let text = object.optional("text", None, faults, |v, p, f| rich_text(v, p, f, limits::LONG).map(Some));
    let duration_ms = object
        .optional("duration_ms", None, faults, |v, p, f| duration(v, p, f, limits::MAX_STILL_MS).map(Some));
    object.close(faults);
    Some(Pause { text: text?, duration_ms: duration_ms? })
}

fn segment(value: &Value, path: &str, faults: &mut Faults) -> Option<Segment> {
    let mut object = Object::open(value, path, faults)?;
    let max = i64::from(limits::MAX_VIDEO_MS);
    let id = object.required("id", faults, id);
    let from_ms = object.required("from_ms", faults, |v, p, f| walk::integer(v, p, f, (0, max)));
    let to_ms = object.required("to_ms", faults, |v, p, f| walk::integer(v, p, f, (1, max)));
    object.close(faults);
    Some(Segment { id: id?, from_ms: from_ms? as u32, to_ms: to_ms? as u32 })
}

/// A media file that must be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MediaFile<'a> {
    /// Path from the study file.
    pub path: &'a str,
    /// SHA-256, 64 digits.
    pub sha256: &'a str,
    /// Size in bytes, where the study tells it.
    pub bytes: Option<u64>,
}

impl Media {
    /// The word that stands in the file.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Video(_) => "video",
            Self::Image(_) => "image",
            Self::Text(_) => "text",
            Self::Pause(_) => "pause",
        }
    }

    /// The file that must be loaded, for videos and images.
    pub fn file(&self) -> Option<MediaFile<'_>> {
        match self {
            Self::Video(v) => Some(MediaFile { path: &v.file, sha256: &v.sha256, bytes: v.bytes }),
            Self::Image(i) => Some(MediaFile { path: &i.file, sha256: &i.sha256, bytes: i.bytes }),
            Self::Text(_) | Self::Pause(_) => None,
        }
    }

    /// How long it is shown, in milliseconds; nothing for a pause that waits for a click.
    pub fn duration_ms(&self) -> Option<u32> {
        match self {
            Self::Video(video) => Some(video.duration_ms),
            Self::Image(image) => Some(image.duration_ms),
            Self::Text(card) => Some(card.duration_ms),
            Self::Pause(pause) => pause.duration_ms,
        }
    }

    /// Whether the face is recorded meanwhile.
    pub fn is_measured(&self) -> bool {
        !matches!(self, Self::Pause(_))
    }
}
