//! Samples as files.

use std::borrow::Borrow;

use crate::web::files;
use emotion_record::export::pieces;
use emotion_record::session::{Sample, Session};

pub use emotion_record::export::FileKind;

/// Hand samples to the browser as a file `name`, each one made when it is asked for.
///
/// # Errors
/// A sentence for the person.
pub fn save_samples(
    kind: FileKind,
    name: &str,
    session: &Session,
    samples: impl Iterator<Item = impl Borrow<Sample>>,
) -> Result<(), String> {
    file_of(kind, name, session, samples)?.save(name).map_err(|fault| fault.to_string())
}

/// As [`save_samples`], not yet handed over.
///
/// # Errors
/// A sentence for the person.
pub fn file_of(
    kind: FileKind,
    name: &str,
    session: &Session,
    samples: impl Iterator<Item = impl Borrow<Sample>>,
) -> Result<files::Pieces, String> {
    let mut file = files::Pieces::new(kind.mime());
    for piece in pieces(kind, session, samples).map_err(not_json)? {
        file.push(&piece).map_err(|error| files::fault(name, &error).to_string())?;
    }
    Ok(file)
}

/// Why there is no JSON.
pub fn not_json(error: serde_json::Error) -> String {
    format!("The recording could not be written as JSON ({error}). Save it as CSV.")
}
