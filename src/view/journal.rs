//! What a recording leaves in the browser's journal, and how it becomes a session file again.

use serde::{Deserialize, Serialize};

use crate::session::{Models, Sample, Session, SessionFile};

/// One entry of the journal, in the order in which things happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// The circumstances as they were from here on; a later one replaces an earlier one.
    Session(Session),
    Sample(Sample),
}

/// The interrupted recordings, the oldest first; those without a sample are left out.
///
/// Where the circumstances are lost, the file says so by an empty `started_at`: samples are never thrown away.
pub fn assemble(entries: Vec<Entry>) -> Vec<SessionFile> {
    let mut files: Vec<SessionFile> = Vec::new();
    for entry in entries {
        match (entry, files.last_mut()) {
            (Entry::Session(later), Some(file)) if file.session.started_at == later.started_at => {
                file.session = later;
            }
            (Entry::Session(session), _) => files.push(SessionFile::new(session, Vec::new())),
            (Entry::Sample(sample), Some(file)) => file.samples.push(sample),
            (Entry::Sample(sample), None) => {
                files.push(SessionFile::new(Session::new("", Models::default()), vec![sample]));
            }
        }
    }
    files.retain(|file| !file.samples.is_empty());
    files
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
        let [file] = &assemble(serde_json::from_str(&text).unwrap())[..] else { panic!() };
        assert_eq!(file.session, later);
        assert_eq!(file.samples.iter().map(|sample| sample.time_ms).collect::<Vec<_>>(), [0.0, 33.0]);
    }

    #[test]
    fn samples_without_circumstances_are_kept_and_circumstances_alone_are_nothing() {
        let [file] = &assemble(vec![Entry::Sample(Sample::without_face(5.0))])[..] else { panic!() };
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
            files.iter().map(|file| (file.session.started_at.as_str(), file.samples.len())).collect();
        assert_eq!(found, [("a", 2), ("b", 1)]);
    }
}
