//! The journal's chunks: recorded samples as compact JSON text, a second at a time.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A chunk is written when it holds so many samples ...
pub const MOST_SAMPLES: usize = 64;
/// ... or when its first sample has waited so long, in milliseconds.
pub const LONGEST_MS: f64 = 1000.0;

/// Samples that are not yet in the journal.
#[derive(Debug)]
pub struct Gathering<S> {
    samples: Vec<S>,
    since_ms: f64,
}

impl<S> Default for Gathering<S> {
    fn default() -> Self {
        Self { samples: Vec::new(), since_ms: 0.0 }
    }
}

impl<S: Clone> Gathering<S> {
    /// Take samples that came at `now_ms`. Returns whether a chunk is due.
    pub fn add(&mut self, samples: &[S], now_ms: f64) -> bool {
        if self.samples.is_empty() {
            self.since_ms = now_ms;
        }
        self.samples.extend_from_slice(samples);
        self.samples.len() >= MOST_SAMPLES
            || (!self.samples.is_empty() && now_ms - self.since_ms >= LONGEST_MS)
    }

    /// All that was gathered; the next chunk starts empty.
    pub fn take(&mut self) -> Vec<S> {
        std::mem::take(&mut self.samples)
    }

    /// Put back what could not be written, before what came since.
    pub fn put_back(&mut self, mut samples: Vec<S>) {
        samples.append(&mut self.samples);
        self.samples = samples;
    }
}

/// One chunk as text: the recording's name in the first line, the samples as a JSON array in the second.
///
/// # Errors
/// What serde says of samples that cannot be written.
pub fn encode<S: Serialize>(recording: &str, samples: &[S]) -> Result<String, serde_json::Error> {
    Ok(format!("{recording}\n{}", serde_json::to_string(samples)?))
}

/// The name of the recording that a chunk belongs to.
pub fn recording_of(chunk: &str) -> &str {
    chunk.split_once('\n').map_or("", |(recording, _)| recording)
}

/// Each recording's name and its samples in their order, the recordings by their first chunk: several tabs may have
/// written by turns. A damaged chunk costs its own second, not the recording.
pub fn decode<'a, S: DeserializeOwned>(chunks: impl IntoIterator<Item = &'a str>) -> Vec<(&'a str, Vec<S>)> {
    let mut recordings: Vec<(&str, Vec<S>)> = Vec::new();
    for (recording, json) in chunks.into_iter().filter_map(|chunk| chunk.split_once('\n')) {
        let Ok(samples) = serde_json::from_str::<Vec<S>>(json) else { continue };
        match recordings.iter_mut().find(|(name, _)| *name == recording) {
            Some((_, earlier)) => earlier.extend(samples),
            None => recordings.push((recording, samples)),
        }
    }
    recordings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_is_due_after_a_second_or_64_samples() {
        let mut gathering = Gathering::default();
        assert!(!gathering.add(&[1], 10_000.0));
        assert!(!gathering.add(&[2], 10_999.0));
        assert!(gathering.add(&[3], 11_000.0));
        assert_eq!(gathering.take(), [1, 2, 3]);
        assert!(!gathering.add(&[0; 63], 11_001.0));
        assert!(gathering.add(&[0], 11_001.0));
        assert_eq!(gathering.take().len(), 64);
        assert!(!gathering.add(&[], 99_000.0), "nothing to write");
    }

    #[test]
    fn what_was_not_written_keeps_its_place() {
        let mut gathering = Gathering::default();
        gathering.add(&[1, 2], 0.0);
        let unwritten = gathering.take();
        gathering.add(&[3], 5.0);
        gathering.put_back(unwritten);
        assert_eq!(gathering.take(), [1, 2, 3]);
    }

    #[test]
    fn two_tabs_that_record_by_turns_are_two_recordings() {
        let chunks = [("a", [1]), ("b", [10]), ("a", [2]), ("b", [11]), ("a", [3])];
        let chunks = chunks.map(|(recording, samples)| encode(recording, &samples).unwrap());
        assert_eq!(
            decode::<i32>(chunks.iter().map(String::as_str)),
            [("a", vec![1, 2, 3]), ("b", vec![10, 11])]
        );
    }

    #[test]
    fn a_damaged_chunk_costs_only_itself() {
        let chunks = [encode("a", &[1, 2]).unwrap(), "a\n[3,".to_owned(), encode("b", &[4]).unwrap()];
        assert_eq!(decode::<i32>(chunks.iter().map(String::as_str)), [("a", vec![1, 2]), ("b", vec![4])]);
        assert_eq!(chunks.each_ref().map(|chunk| recording_of(chunk)), ["a", "a", "b"]);
        assert_eq!(recording_of(""), "");
    }
}
