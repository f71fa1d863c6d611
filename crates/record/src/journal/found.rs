//! What earlier pages left in the journal.

use super::Entry;
use crate::session::{Models, Sample, Session};

/// So long after it was saved a recording is kept, in milliseconds: a download may fail where no page hears of it, and
/// who misses a file looks for it within days.
pub const KEPT_MS: f64 = 7.0 * 24.0 * 3600.0 * 1000.0;

/// Between two samples at most so much of a recording lies, in milliseconds; more was a pause. Also without a frame there
/// is a sample every second, and with the slowest camera every few seconds.
const PAUSE_MS: f64 = 5000.0;

/// A recording that an earlier page left in the journal. Its samples stay there until they are saved.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Which of the page's recordings it is, from 0.
    pub at: usize,
    pub session: Session,
    pub samples: usize,
    /// From its begin to the last sample without the pauses between, in milliseconds.
    pub duration_ms: f64,
    /// When it was first saved, in milliseconds since 1970.
    pub saved_ms: Option<f64>,
}

impl Found {
    /// Whether it was saved so long ago that nobody misses it. What was never saved is kept for good.
    pub fn is_over(&self, now_ms: f64) -> bool {
        self.saved_ms.is_some_and(|saved_ms| now_ms - saved_ms > KEPT_MS)
    }
}

/// Puts together the recordings of one page from its entries, in their order. It keeps no sample.
///
/// Where the circumstances are lost, the session says so by an empty `started_at`: samples are never thrown away.
#[derive(Debug, Default)]
pub struct Assembly {
    found: Vec<Found>,
    /// Time of the last sample of the newest recording.
    last_ms: f64,
}

impl Assembly {
    /// Take the next entry. Of a sample the recording to which it belongs is returned ([`Found::at`]), and the sample.
    pub fn add(&mut self, entry: Entry) -> Option<(usize, Sample)> {
        match (entry, self.found.last_mut()) {
            (Entry::Session(later), Some(last)) if last.session.started_at == later.started_at => {
                last.session = later;
                None
            }
            (Entry::Session(session), _) => {
                self.begin(session);
                None
            }
            (Entry::Sample(sample), last) => {
                if last.is_none() {
                    self.begin(Session::new("", Models::default()));
                }
                let last = self.found.last_mut()?;
                last.samples += 1;
                let since_ms = sample.time_ms - self.last_ms;
                if (0.0..=PAUSE_MS).contains(&since_ms) {
                    last.duration_ms += since_ms;
                }
                self.last_ms = sample.time_ms;
                // What was saved is no longer all of it.
                last.saved_ms = None;
                Some((last.at, sample))
            }
            (Entry::Saved(at_ms), _) => {
                self.found.iter_mut().for_each(|found| found.saved_ms = Some(at_ms));
                None
            }
        }
    }

    fn begin(&mut self, session: Session) {
        let at = self.found.len();
        self.last_ms = 0.0;
        self.found.push(Found { at, session, samples: 0, duration_ms: 0.0, saved_ms: None });
    }

    /// The recordings, the oldest first; those without a sample are left out.
    pub fn found(mut self) -> Vec<Found> {
        self.found.retain(|found| found.samples > 0);
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assemble(entries: impl IntoIterator<Item = Entry>) -> Vec<Found> {
        let mut assembly = Assembly::default();
        entries.into_iter().for_each(|entry| drop(assembly.add(entry)));
        assembly.found()
    }

    fn session(started_at: &str) -> Entry {
        Entry::Session(Session::new(started_at, Models::default()))
    }

    fn sample(time_ms: f64) -> Entry {
        Entry::Sample(Sample::without_face(time_ms))
    }

    #[test]
    fn an_interrupted_recording_comes_back_whole() {
        let begin = Session::new("2026-01-31T12:00:00.000Z", Models::default());
        let later = Session { smoothing_time_ms: 700.0, ..begin.clone() };
        let entries = [Entry::Session(begin), sample(0.0), Entry::Session(later.clone()), sample(33.0)];
        let mut assembly = Assembly::default();
        let samples: Vec<_> = entries.into_iter().filter_map(|entry| assembly.add(entry)).collect();
        assert_eq!(
            samples.iter().map(|(at, sample)| (*at, sample.time_ms)).collect::<Vec<_>>(),
            [(0, 0.0), (0, 33.0)]
        );
        let expected = Found { at: 0, session: later, samples: 2, duration_ms: 33.0, saved_ms: None };
        assert_eq!(assembly.found(), [expected]);
    }

    #[test]
    fn pauses_are_no_part_of_its_length() {
        let entries =
            [sample(0.0), sample(1000.0), sample(61_000.0), sample(62_500.0), session("b"), sample(40.0)];
        let found = assemble(entries);
        assert_eq!(found.iter().map(|found| found.duration_ms).collect::<Vec<_>>(), [2500.0, 40.0]);
    }

    #[test]
    fn samples_without_circumstances_are_kept_and_circumstances_alone_are_nothing() {
        let found = assemble([sample(5.0)]);
        assert_eq!((found[0].session.started_at.as_str(), found[0].samples), ("", 1));
        assert_eq!(assemble([session("")]), []);
        assert_eq!(assemble([]), []);
    }

    #[test]
    fn two_recordings_are_two() {
        let entries = [
            session("a"),
            session("empty"),
            session("b"),
            sample(0.0),
            sample(9.0),
            session("c"),
            sample(1.0),
        ];
        let found = assemble(entries);
        let found: Vec<_> =
            found.iter().map(|found| (found.at, found.session.started_at.as_str(), found.samples)).collect();
        assert_eq!(found, [(2, "b", 2), (3, "c", 1)]);
    }

    #[test]
    fn what_was_saved_says_when_and_is_over_after_a_week() {
        let found = assemble([sample(0.0), Entry::Saved(5000.0)]);
        assert_eq!(found[0].saved_ms, Some(5000.0));
        assert!(!found[0].is_over(5000.0 + KEPT_MS));
        assert!(found[0].is_over(5001.0 + KEPT_MS));
        let unsaved = assemble([sample(0.0)]);
        assert!(!unsaved[0].is_over(f64::MAX), "what was never saved is kept for good");
    }

    #[test]
    fn a_recording_that_went_on_after_it_was_saved_is_unsaved_again() {
        assert_eq!(assemble([sample(0.0), Entry::Saved(5.0), sample(1.0)])[0].saved_ms, None);
    }
}
