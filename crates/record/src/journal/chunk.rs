//! Chunks: some entries as bytes, and back, of each version that was ever written.

use thiserror::Error;

use super::Entry;
use crate::session::Sample;
use crate::store::{Damaged, Samples};

/// The version that is written.
const VERSION: u8 = 2;

const SESSION: u8 = 1;
const SAMPLES: u8 = 2;
const SAVED: u8 = 3;

/// Why a chunk cannot be read. It costs its own second, not the recording.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ChunkError {
    #[error(
        "This part of the recording was written by a newer version. Open the page again with that version."
    )]
    Newer,
    #[error("A part of the recording is damaged. Save the rest.")]
    Damaged,
}

impl From<Damaged> for ChunkError {
    fn from(_: Damaged) -> Self {
        ChunkError::Damaged
    }
}

/// Entries as one chunk of this version.
pub fn encode(entries: &[Entry]) -> Vec<u8> {
    let mut chunk = vec![VERSION];
    let mut part = |tag: u8, bytes: &[u8]| {
        chunk.push(tag);
        chunk.extend((bytes.len() as u32).to_le_bytes());
        chunk.extend(bytes);
    };
    let are_samples = |entry: &Entry| matches!(entry, Entry::Sample(_));
    for entries in entries.chunk_by(|a, b| are_samples(a) && are_samples(b)) {
        match entries {
            // As everywhere, this cannot fail: a session is numbers and text under fixed names.
            [Entry::Session(session)] => part(SESSION, &serde_json::to_vec(session).unwrap_or_default()),
            [Entry::Saved(at_ms)] => part(SAVED, &at_ms.to_le_bytes()),
            samples => part(SAMPLES, &samples.iter().filter_map(sample_of).collect::<Samples>().pack()),
        }
    }
    chunk
}

fn sample_of(entry: &Entry) -> Option<&Sample> {
    match entry {
        Entry::Sample(sample) => Some(sample),
        Entry::Session(_) | Entry::Saved(_) => None,
    }
}

/// The entries of a chunk of version 2.
///
/// # Errors
/// [`ChunkError`] where the bytes are of a newer version, cut off or something else.
pub fn decode(chunk: &[u8]) -> Result<Vec<Entry>, ChunkError> {
    let (version, mut bytes) = chunk.split_first().ok_or(ChunkError::Damaged)?;
    match *version {
        VERSION => {}
        newer if newer > VERSION => return Err(ChunkError::Newer),
        _ => return Err(ChunkError::Damaged),
    }
    let mut entries = Vec::new();
    while let Some((tag, rest)) = bytes.split_first() {
        let (length, rest) = rest.split_first_chunk().ok_or(ChunkError::Damaged)?;
        let length = u32::from_le_bytes(*length) as usize;
        let (part, rest) = rest.split_at_checked(length).ok_or(ChunkError::Damaged)?;
        bytes = rest;
        match *tag {
            SESSION => {
                entries.push(Entry::Session(serde_json::from_slice(part).map_err(|_| ChunkError::Damaged)?));
            }
            SAMPLES => entries.extend(Samples::unpack(part)?.iter().map(Entry::Sample)),
            SAVED => {
                let at_ms = part.try_into().map_err(|_| ChunkError::Damaged)?;
                entries.push(Entry::Saved(f64::from_le_bytes(at_ms)));
            }
            // A newer program has more to tell.
            _ => {}
        }
    }
    Ok(entries)
}

/// The name of the recording that a chunk of version 1 belongs to.
pub fn text_recording(chunk: &str) -> &str {
    chunk.split_once('\n').map_or("", |(recording, _)| recording)
}

/// The entries of a chunk of version 1.
///
/// # Errors
/// [`ChunkError::Damaged`] where the text is something else.
pub fn decode_text(chunk: &str) -> Result<Vec<Entry>, ChunkError> {
    let (_, json) = chunk.split_once('\n').ok_or(ChunkError::Damaged)?;
    serde_json::from_str(json).map_err(|_| ChunkError::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Models, Session};
    use crate::store::tests::samples;

    fn entries() -> Vec<Entry> {
        let session = Session::new("2026-01-31T12:00:00.000Z", Models::default());
        let mut entries = vec![Entry::Session(session.clone())];
        entries.extend(samples().into_iter().map(Entry::Sample));
        entries.extend([
            Entry::Saved(5.5),
            Entry::Session(session),
            Entry::Sample(Sample::without_face(9.0)),
        ]);
        entries
    }

    #[test]
    fn entries_come_back_in_their_order() {
        assert_eq!(decode(&encode(&entries())), Ok(entries()));
        assert_eq!(decode(&encode(&[])), Ok(vec![]));
    }

    #[test]
    fn what_is_cut_off_or_newer_is_told() {
        let chunk = encode(&entries());
        let whole_parts = (0..chunk.len()).filter(|end| decode(&chunk[..*end]).is_ok()).count();
        // Nothing, and after each of the session, the samples, the saving and the second session.
        assert_eq!(whole_parts, 5);
        assert_eq!(decode(&[3]), Err(ChunkError::Newer));
        assert_eq!(decode(&[]), Err(ChunkError::Damaged));
        assert_eq!(decode(b"a\n[]"), Err(ChunkError::Newer));
    }

    #[test]
    fn a_part_that_is_not_known_is_skipped() {
        let mut chunk = encode(&[Entry::Saved(1.0)]);
        chunk.extend([77, 2, 0, 0, 0, 1, 2]);
        chunk.extend(&encode(&[Entry::Saved(2.0)])[1..]);
        assert_eq!(decode(&chunk), Ok(vec![Entry::Saved(1.0), Entry::Saved(2.0)]));
    }

    #[test]
    fn text_of_version_1_is_read() {
        let json = serde_json::to_string(&entries()).unwrap();
        let chunk = format!("name\n{json}");
        assert_eq!(text_recording(&chunk), "name");
        assert_eq!(decode_text(&chunk), Ok(entries()));
        assert_eq!(decode_text("name\n[3,"), Err(ChunkError::Damaged));
        assert_eq!(decode_text(""), Err(ChunkError::Damaged));
        assert_eq!(text_recording(""), "");
    }
}
