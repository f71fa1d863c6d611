//! What the page shows of a recording.

use emotion_record::recorder::{Phase, Recorder};

pub use emotion_record::recorder::Together as Recovered;

/// A recording.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Recording {
    pub running: bool,
    pub samples: usize,
    pub elapsed_ms: f64,
    /// Saved as a file since the last sample.
    pub saved: bool,
    /// A fault of the recording or of saving it: what is wrong, and what to do.
    pub fault: Option<String>,
}

impl Recording {
    /// How a recording stands; `fault` is said beside it.
    pub fn of(recorder: &Recorder, fault: Option<String>) -> Self {
        Self {
            running: recorder.is_running(),
            samples: recorder.samples().len(),
            elapsed_ms: recorder.duration_ms(),
            saved: recorder.phase() == Phase::Ended { saved: true },
            fault,
        }
    }

    /// Whether a recording lies here that stopped and was not saved.
    pub fn waits_to_be_saved(&self) -> bool {
        !self.running && self.samples > 0 && !self.saved
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use emotion_record::session::{Models, Sample, Session};

    #[test]
    fn a_recording_waits_from_its_end_until_it_is_saved() {
        let mut recorder = Recorder::default();
        let waits = |recorder: &Recorder| Recording::of(recorder, None).waits_to_be_saved();
        recorder.start(Session::new("", Models::default())).unwrap();
        recorder.add(&[Sample::without_face(70.0)]);
        assert!(!waits(&recorder));
        recorder.stop();
        assert!(waits(&recorder));
        recorder.saved();
        let shown = Recording::of(&recorder, Some("a fault".to_owned()));
        let fault = Some("a fault".to_owned());
        assert_eq!(shown, Recording { running: false, samples: 1, elapsed_ms: 70.0, saved: true, fault });
        recorder.discard();
        assert!(!waits(&recorder));
    }
}
