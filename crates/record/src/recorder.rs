//! A recording from its start to its file, without a browser: what may happen when, and what there is to save.
//!
//! The browser's side (`src/activity/camera/services/recorder.rs`) keeps the journal and hands out the files.

use thiserror::Error;

use crate::baseline::Baseline;
use crate::journal::Found;
use crate::session::{Sample, Session};
use crate::store::Samples;

/// Why no recording can start; the message tells the person what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Obstacle {
    #[error("Save or discard the last recording first.")]
    LastNotSaved,
    #[error("Save or discard the earlier recording first; it stands at the top of the page.")]
    EarlierNotSaved,
}

/// Where a recording stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Phase {
    /// None was started, or it was discarded.
    #[default]
    None,
    Running,
    /// It goes on later; what is read meanwhile is not taken.
    Paused,
    /// It has ended. `saved`: a file has all of it.
    Ended {
        saved: bool,
    },
}

/// A recording that an earlier page left: the page's name in the journal, and what was found under it.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    pub page: String,
    pub found: Found,
}

/// Several recordings together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Together {
    pub recordings: usize,
    pub samples: usize,
    pub duration_ms: f64,
}

/// The recording of this page, and what earlier pages left.
#[derive(Debug, Default)]
pub struct Recorder {
    phase: Phase,
    session: Option<Session>,
    samples: Samples,
    /// Milliseconds of the recording in which it was paused, and whether a pause has ended since the last sample.
    paused_ms: f64,
    resumed: bool,
    earlier: Vec<Earlier>,
}

impl Recorder {
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Whether a recording has been started and not ended.
    pub fn is_running(&self) -> bool {
        matches!(self.phase, Phase::Running | Phase::Paused)
    }

    /// What was recorded.
    pub fn samples(&self) -> &Samples {
        &self.samples
    }

    /// The circumstances of the recording; `None` before the first one.
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// From the recording's begin to its last sample without the pauses between, in milliseconds.
    pub fn duration_ms(&self) -> f64 {
        self.samples.last_ms().map_or(0.0, |last_ms| (last_ms - self.paused_ms).max(0.0))
    }

    /// Begin a recording. One that was saved is forgotten, and one that runs goes on.
    ///
    /// # Errors
    /// [`Obstacle`] where that would lose something.
    pub fn start(&mut self, session: Session) -> Result<(), Obstacle> {
        if self.is_running() {
            return Ok(());
        }
        if self.phase == (Phase::Ended { saved: false }) && !self.samples.is_empty() {
            return Err(Obstacle::LastNotSaved);
        }
        if self.together(false).is_some() {
            return Err(Obstacle::EarlierNotSaved);
        }
        self.samples.clear();
        (self.paused_ms, self.resumed) = (0.0, false);
        self.session = Some(session);
        self.phase = Phase::Running;
        Ok(())
    }

    /// Take no readings for a while.
    pub fn pause(&mut self) {
        if self.phase == Phase::Running {
            self.phase = Phase::Paused;
        }
    }

    /// Take readings again.
    pub fn resume(&mut self) {
        if self.phase == Phase::Paused {
            self.phase = Phase::Running;
            self.resumed = true;
        }
    }

    /// Take the samples of one frame. Returns whether they were: a recording runs.
    pub fn add(&mut self, samples: &[Sample]) -> bool {
        if self.phase != Phase::Running {
            return false;
        }
        if let Some(first) = samples.first()
            && std::mem::take(&mut self.resumed)
        {
            self.paused_ms += (first.time_ms - self.samples.last_ms().unwrap_or_default()).max(0.0);
        }
        samples.iter().for_each(|sample| self.samples.push(sample));
        true
    }

    /// While a recording runs: note what is set now. Returns the circumstances.
    ///
    /// A neutral face that was forgotten still stands behind earlier samples, so none is ever taken out.
    pub fn note(&mut self, smoothing_time_ms: f64, baselines: &[Baseline]) -> Option<&Session> {
        let running = self.is_running();
        let session = self.session.as_mut().filter(|_| running)?;
        session.smoothing_time_ms = smoothing_time_ms;
        for baseline in baselines {
            if !session.baselines.contains(baseline) {
                session.baselines.push(baseline.clone());
            }
        }
        Some(session)
    }

    /// End the recording; it waits to be saved. Returns whether one ran.
    pub fn stop(&mut self) -> bool {
        let running = self.is_running();
        if running {
            self.phase = Phase::Ended { saved: false };
        }
        running
    }

    /// A file was handed to the browser. Returns whether it has all of the recording: one that runs goes on.
    pub fn saved(&mut self) -> bool {
        let ended = matches!(self.phase, Phase::Ended { .. });
        if ended {
            self.phase = Phase::Ended { saved: true };
        }
        ended
    }

    /// Forget the recording; one that runs ends.
    pub fn discard(&mut self) {
        self.samples.clear();
        self.phase = Phase::None;
    }

    /// What was found in the journal. Returns what is over at `now_ms`: saved so long ago that it is to be deleted.
    #[must_use = "what is over is to be deleted from the journal"]
    pub fn found(&mut self, earlier: Vec<Earlier>, now_ms: f64) -> Vec<Earlier> {
        let (over, kept) = earlier.into_iter().partition(|earlier| earlier.found.is_over(now_ms));
        self.earlier = kept;
        over
    }

    /// Those recordings of earlier pages that were saved, or those that never were.
    pub fn earlier(&self, saved: bool) -> impl Iterator<Item = &Earlier> {
        self.earlier.iter().filter(move |earlier| earlier.found.saved_ms.is_some() == saved)
    }

    /// As [`Recorder::earlier`], together; `None` where there is none.
    pub fn together(&self, saved: bool) -> Option<Together> {
        let none = Together { recordings: 0, samples: 0, duration_ms: 0.0 };
        let together = self.earlier(saved).fold(none, |sum, earlier| Together {
            recordings: sum.recordings + 1,
            samples: sum.samples + earlier.found.samples,
            duration_ms: sum.duration_ms + earlier.found.duration_ms,
        });
        (together.recordings > 0).then_some(together)
    }

    /// Those recordings of earlier pages that were never saved are in files since `now_ms`.
    pub fn earlier_saved(&mut self, now_ms: f64) {
        for earlier in &mut self.earlier {
            earlier.found.saved_ms.get_or_insert(now_ms);
        }
    }

    /// Forget the recordings of earlier pages that were saved, or those that never were. Returns them.
    #[must_use = "they are to be deleted from the journal"]
    pub fn discard_earlier(&mut self, saved: bool) -> Vec<Earlier> {
        let (discarded, others) = std::mem::take(&mut self.earlier)
            .into_iter()
            .partition(|earlier| earlier.found.saved_ms.is_some() == saved);
        self.earlier = others;
        discarded
    }

    /// The pages of `unwanted` recordings, each once, without those of which another recording is still at hand: the
    /// journal deletes by page.
    pub fn pages_to_delete(&self, unwanted: &[Earlier]) -> Vec<String> {
        let mut pages: Vec<String> = unwanted.iter().map(|earlier| earlier.page.clone()).collect();
        pages.sort();
        pages.dedup();
        pages.retain(|page| self.earlier.iter().all(|earlier| earlier.page != *page));
        pages
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Models;
    use emotion_core::emotion::Depths;

    fn session() -> Session {
        Session::new("2026-01-31T12:00:00.000Z", Models::default())
    }

    fn started() -> Recorder {
        let mut recorder = Recorder::default();
        recorder.start(session()).unwrap();
        recorder
    }

    fn earlier(page: &str, at: usize, saved_ms: Option<f64>) -> Earlier {
        let found = Found { at, session: session(), samples: 10, duration_ms: 300.0, saved_ms };
        Earlier { page: page.to_owned(), found }
    }

    #[test]
    fn a_recording_takes_readings_until_it_ends() {
        let mut recorder = Recorder::default();
        let sample = [Sample::without_face(5.0)];
        assert!(!recorder.add(&sample), "none runs");
        recorder.start(session()).unwrap();
        assert!(recorder.add(&sample));
        recorder.pause();
        assert!(recorder.is_running() && !recorder.add(&sample));
        recorder.resume();
        assert!(recorder.add(&[Sample::without_face(9.0)]));
        assert!(recorder.stop() && !recorder.stop());
        assert!(!recorder.add(&sample));
        assert_eq!((recorder.samples().len(), recorder.duration_ms()), (2, 5.0));
    }

    #[test]
    fn the_clock_stands_still_in_pauses() {
        let mut recorder = started();
        let take = |recorder: &mut Recorder, time_ms| recorder.add(&[Sample::without_face(time_ms)]);
        recorder.pause();
        recorder.resume();
        // Paused before the first sample: its second and a half was no recording.
        take(&mut recorder, 1500.0);
        assert_eq!(recorder.duration_ms(), 0.0);
        take(&mut recorder, 2500.0);
        recorder.pause();
        recorder.resume();
        recorder.pause();
        recorder.resume();
        take(&mut recorder, 60_000.0);
        take(&mut recorder, 60_250.0);
        assert_eq!(recorder.duration_ms(), 1250.0);
        recorder.stop();
        recorder.saved();
        recorder.start(session()).unwrap();
        take(&mut recorder, 100.0);
        assert_eq!(recorder.duration_ms(), 100.0, "of another recording");
    }

    #[test]
    fn nothing_that_is_not_saved_gives_way_to_a_new_recording() {
        let mut recorder = started();
        recorder.add(&[Sample::without_face(5.0)]);
        recorder.stop();
        assert_eq!(recorder.start(session()), Err(Obstacle::LastNotSaved));
        assert!(recorder.saved());
        assert_eq!(recorder.start(session()), Ok(()));
        assert!(recorder.samples().is_empty());
        // Nothing was recorded: nothing is lost.
        recorder.stop();
        assert_eq!(recorder.start(session()), Ok(()));
        recorder.discard();
        assert_eq!(recorder.found(vec![earlier("a", 0, None)], 0.0), []);
        assert_eq!(recorder.start(session()), Err(Obstacle::EarlierNotSaved));
        recorder.earlier_saved(1.0);
        assert_eq!(recorder.start(session()), Ok(()));
    }

    #[test]
    fn a_recording_that_runs_is_not_begun_again_by_a_second_start() {
        let mut recorder = started();
        recorder.add(&[Sample::without_face(5.0)]);
        recorder.start(session()).unwrap();
        assert_eq!(recorder.samples().len(), 1);
    }

    #[test]
    fn a_file_of_a_running_recording_has_not_all_of_it() {
        let mut recorder = started();
        recorder.add(&[Sample::without_face(5.0)]);
        assert!(!recorder.saved());
        recorder.stop();
        assert_eq!(recorder.phase(), Phase::Ended { saved: false });
    }

    #[test]
    fn a_neutral_face_that_was_forgotten_stays_with_its_samples() {
        let mut recorder = started();
        let baseline = |samples| Baseline { face: 1, neutral: Depths::default(), samples, doubtful: false };
        recorder.note(500.0, &[baseline(20)]);
        recorder.note(700.0, &[baseline(20), baseline(30)]);
        let session = recorder.note(700.0, &[]).cloned().unwrap();
        assert_eq!((session.smoothing_time_ms, session.baselines), (700.0, vec![baseline(20), baseline(30)]));
        recorder.stop();
        assert_eq!(recorder.note(0.0, &[]), None);
        assert_eq!(recorder.session().map(|session| session.smoothing_time_ms), Some(700.0));
    }

    #[test]
    fn what_is_over_is_deleted_unless_its_page_holds_more() {
        let mut recorder = Recorder::default();
        let saved = Some(0.0);
        let all = vec![earlier("a", 0, saved), earlier("b", 0, saved), earlier("b", 1, None)];
        let over = recorder.found(all, 2.0 * crate::journal::KEPT_MS);
        assert_eq!(over.iter().map(|earlier| earlier.page.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(recorder.pages_to_delete(&over), ["a"]);
        let together = Together { recordings: 1, samples: 10, duration_ms: 300.0 };
        assert_eq!((recorder.together(false), recorder.together(true)), (Some(together), None));
        recorder.earlier_saved(7.0);
        assert_eq!((recorder.together(false), recorder.together(true)), (None, Some(together)));
        let discarded = recorder.discard_earlier(true);
        assert_eq!(recorder.pages_to_delete(&discarded), ["b"]);
    }
}
