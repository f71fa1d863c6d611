//! What a recording leaves in the browser's journal, and how it becomes a session file again.

use serde::{Deserialize, Serialize};

use emotion_record::session::{Models, Sample, Session, SessionFile};

/// One entry of the journal, in the order in which things happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(
    clippy::large_enum_variant,
    reason = "nearly every entry is a sample: a box for each would only cost"
)]
pub enum Entry {
    /// The circumstances as they were from here on; a later one replaces an earlier one.
    Session(Session),
    Sample(Sample),
    /// What stands before was handed to the browser as a file, in milliseconds since 1970.
    Saved(f64),
}

/// So long after it was saved a recording is kept, in milliseconds: a download may fail where no page hears of it, and
/// who misses a file looks for it within days.
pub const KEPT_MS: f64 = 7.0 * 24.0 * 3600.0 * 1000.0;

/// A recording that an earlier page left in the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What was recorded, as it would be saved.
    pub file: SessionFile,
    /// When it was first saved, in milliseconds since 1970.
    pub saved_ms: Option<f64>,
}

impl Found {
    /// Whether it was saved so long ago that nobody misses it. What was never saved is kept for good.
    pub fn is_over(&self, now_ms: f64) -> bool {
        self.saved_ms.is_some_and(|saved_ms| now_ms - saved_ms > KEPT_MS)
    }
}

/// The recordings of one page, the oldest first; those without a sample are left out.
///
/// Where the circumstances are lost, the file says so by an empty `started_at`: samples are never thrown away.
pub fn assemble(entries: Vec<Entry>) -> Vec<Found> {
    let unsaved = |file| Found { file, saved_ms: None };
    let mut found: Vec<Found> = Vec::new();
    for entry in entries {
        match (entry, found.last_mut()) {
            (Entry::Session(later), Some(last)) if last.file.session.started_at == later.started_at => {
                last.file.session = later;
            }
            (Entry::Session(session), _) => found.push(unsaved(SessionFile::new(session, Vec::new()))),
            (Entry::Sample(sample), Some(last)) => {
                last.file.samples.push(sample);
                // What was saved is no longer all of it.
                last.saved_ms = None;
            }
            (Entry::Sample(sample), None) => {
                found.push(unsaved(SessionFile::new(Session::new("", Models::default()), vec![sample])));
            }
            (Entry::Saved(at_ms), _) => found.iter_mut().for_each(|found| found.saved_ms = Some(at_ms)),
        }
    }
    found.retain(|found| !found.file.samples.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interrupted_recording_comes_back_whole() {
        let begin = Session::new("2026-01-31T12:00:00.000Z", Models::default());
        let later = Session { smoothing_time_ms: 700.0, ..begin.clone() };
        let entries = vec![
            Entry::Session(begin),
            Entry::Sample(Sample::without_face(0.0)),
            Entry::Session(later.clone()),
            Entry::Sample(Sample::without_face(33.0)),
        ];
        let text = serde_json::to_string(&entries).unwrap();
        let [Found { file, saved_ms: None }] = &assemble(serde_json::from_str(&text).unwrap())[..] else {
            panic!()
        };
        assert_eq!(file.session, later);
        assert_eq!(file.samples.iter().map(|sample| sample.time_ms).collect::<Vec<_>>(), [0.0, 33.0]);
    }

    #[test]
    fn samples_without_circumstances_are_kept_and_circumstances_alone_are_nothing() {
        let [Found { file, .. }] = &assemble(vec![Entry::Sample(Sample::without_face(5.0))])[..] else {
            panic!()
        };
        assert_eq!((file.session.started_at.as_str(), file.samples.len()), ("", 1));
        assert_eq!(assemble(vec![Entry::Session(Session::new("", Models::default()))]), []);
        assert_eq!(assemble(Vec::new()), []);
    }

    #[test]
    fn two_recordings_are_two_files() {
        let session = |started_at| Entry::Session(Session::new(started_at, Models::default()));
        let sample = |time_ms| Entry::Sample(Sample::without_face(time_ms));
        let files = assemble(vec![session("a"), sample(0.0), sample(9.0), session("b"), sample(1.0)]);
        let found: Vec<_> =
            files.iter().map(|f| (f.file.session.started_at.as_str(), f.file.samples.len())).collect();
        assert_eq!(found, [("a", 2), ("b", 1)]);
    }

    #[test]
    fn what_was_saved_says_when_and_is_over_after_a_week() {
        let sample = |time_ms| Entry::Sample(Sample::without_face(time_ms));
        let entries = vec![sample(0.0), Entry::Saved(5000.0)];
        let text = serde_json::to_string(&entries).unwrap();
        let [found] = &assemble(serde_json::from_str(&text).unwrap())[..] else { panic!() };
        assert_eq!(found.saved_ms, Some(5000.0));
        assert!(!found.is_over(5000.0 + KEPT_MS));
        assert!(found.is_over(5001.0 + KEPT_MS));
        let [unsaved] = &assemble(vec![sample(0.0)])[..] else { panic!() };
        assert!(!unsaved.is_over(f64::MAX), "what was never saved is kept for good");
    }

    #[test]
    fn a_recording_that_went_on_after_it_was_saved_is_unsaved_again() {
        let sample = |time_ms| Entry::Sample(Sample::without_face(time_ms));
        let [found] = &assemble(vec![sample(0.0), Entry::Saved(5.0), sample(1.0)])[..] else { panic!() };
        assert_eq!((found.saved_ms, found.file.samples.len()), (None, 2));
    }
}
