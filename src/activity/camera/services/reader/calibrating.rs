//! The calibration of a personal neutral face.

use leptos::prelude::*;

use crate::activity::camera::services::reader::{Reader, Told};
use emotion_record::baseline::Collected;

/// The calibration of a personal neutral face, as it is shown.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Calibration {
    #[default]
    None,
    /// 0..1 of the time needed.
    Collecting { progress: f32 },
    /// Why there is none, and what to do.
    Failed { sentence: String },
    /// There is a neutral face now; said until it is put away.
    Done,
}

impl Reader {
    /// Watch the shown face at rest for some seconds.
    pub fn calibrate(self) {
        let face = self.readout.with_untracked(|summary| summary.depths.and(summary.face));
        let Some(face) = face else {
            self.calibration.set(Calibration::Failed {
                sentence: "There is no good reading of a face to calibrate with. See the quality of the \
                           picture, then calibrate again."
                    .to_owned(),
            });
            return;
        };
        self.with(|parts| parts.measures.calibrate(face));
        self.calibration.set(Calibration::Collecting { progress: 0.0 });
        self.frame.announcement.set("Calibrating. Look at the camera with your face at rest.".to_owned());
    }

    /// End a calibration without a result, or put away what came of it.
    pub fn cancel_calibration(self) {
        self.with(|parts| parts.measures.cancel_calibration());
        if self.calibration.with_untracked(|calibration| *calibration != Calibration::None) {
            self.calibration.set(Calibration::None);
        }
    }

    /// Show how far the calibration has come, or what came of it.
    pub(super) fn show_calibration(self, step: Option<&Collected>) {
        match step {
            None => {}
            Some(Collected::Collecting { share }) => {
                self.calibration.set(Calibration::Collecting { progress: *share });
            }
            Some(Collected::Failed(error)) => {
                self.calibration.set(Calibration::Failed { sentence: error.to_string() });
            }
            Some(Collected::Done(_)) => {
                self.calibration.set(Calibration::Done);
                self.frame
                    .announcement
                    .set("Your neutral face is calibrated. The corrected depths stand below.".to_owned());
                self.show_baselines();
                self.tell(Told::Settings);
            }
        }
    }

    /// The shown neutral face belongs to `face` too: the same person under a new number.
    pub fn use_neutral_for(self, face: u32) {
        self.with(|parts| parts.measures.use_neutral_for(face));
        self.show_baselines();
        self.tell(Told::Settings);
    }

    pub fn forget_neutral(self) {
        self.with(|parts| parts.measures.forget_neutral());
        self.cancel_calibration();
        self.show_baselines();
        self.tell(Told::Settings);
        self.frame.announcement.set("The neutral face is forgotten.".to_owned());
    }

    pub(super) fn show_baselines(self) {
        self.baselines.set(self.with(|parts| parts.measures.baselines().to_vec()));
    }
}
