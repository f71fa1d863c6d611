//! Samples as files.

use std::borrow::Borrow;

use crate::web::files;
use emotion_record::export::{Dialect, csv_pieces, json_pieces};
use emotion_record::session::{Sample, Session, SessionFile};

/// What a recording can be saved as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    Csv,
    Json,
}

impl FileKind {
    pub fn extension(self) -> &'static str {
        match self {
            FileKind::Csv => "csv",
            FileKind::Json => "json",
        }
    }

    /// Hand `file` to the browser under `name`.
    ///
    /// # Errors
    /// A sentence for the person.
    pub fn save(self, name: &str, file: &SessionFile) -> Result<(), String> {
        self.save_samples(name, &file.session, file.samples.iter())
    }

    /// As [`FileKind::save`], of samples that are made one after the other.
    ///
    /// # Errors
    /// As [`FileKind::save`].
    pub fn save_samples(
        self,
        name: &str,
        session: &Session,
        samples: impl Iterator<Item = impl Borrow<Sample>>,
    ) -> Result<(), String> {
        let saved = match self {
            FileKind::Csv => files::save(name, "text/csv", csv_pieces(session, samples, Dialect::default())),
            FileKind::Json => {
                let pieces = json_pieces(session, samples).map_err(|error| {
                    format!("The recording could not be written as JSON ({error}). Save it as CSV.")
                })?;
                files::save(name, "application/json", pieces)
            }
        };
        saved.map_err(|fault| fault.to_string())
    }
}
