//! The completion code: it is given only when the result is whole.

use sha2::{Digest, Sha256};

use crate::code;
use crate::fault::{Fault, Faults};
use crate::file::{AT_THE_END, Study};
use crate::hash::measure_sha256;
use crate::link::ending;
use crate::result;
use crate::session::{Outcome, missing_answers};

/// The code of a session that is complete: eight characters and a check.
///
/// It is computed from what the result file says too, so that the panel page can hold a list of codes against the files.
pub fn completion_code(measure_sha256: &str, session: &str) -> String {
    let hash = Sha256::digest(format!("emotion-depth-completion:{measure_sha256}:{session}").as_bytes());
    code::write(&hash[..5])
}

/// Check the bytes of a result as they are handed over, and give the code if it is whole.
///
/// # Errors
/// What is missing: the file cannot be read, it is of another study or session, the outcome is not `complete`, a stimulus was not
/// shown, or a required answer is missing.
pub fn issue(study: &Study, session: &str, file: &[u8]) -> Result<String, Vec<Fault>> {
    let read = result::read(file)?;
    let mut faults = Faults::default();
    let measure = measure_sha256(study);
    if read.study.id != study.id || read.study.measure_sha256 != measure {
        faults.push("study", "The result is of another study.");
    }
    if read.session.id != session {
        faults.push("session.id", "The result is of another session.");
    }
    if read.session.outcome != Outcome::Complete {
        faults.push("session.outcome", "The study was not done to the end.");
    }
    for stimulus in &read.session.order {
        if !read.exposures.iter().any(|exposure| exposure.stimulus == *stimulus) {
            faults.push("exposures", format!("\"{stimulus}\" was not shown."));
        }
    }
    if read.exposures.is_empty() || read.baselines.is_empty() {
        faults.push("exposures", "Nothing was recorded.");
    }
    let shown = |id: &str| {
        id == AT_THE_END || read.session.order.iter().any(|known| known == id) || is_pause(study, id)
    };
    let asked: Vec<_> = study
        .screening
        .iter()
        .map(|screen| &screen.question)
        .chain(study.questions.iter().filter(|question| shown(&question.after)))
        .collect();
    for id in missing_answers(&asked, &read.answers) {
        faults.push("answers", format!("The answer to \"{id}\" is missing or does not fit."));
    }
    if !faults.is_empty() {
        return Err(faults.finish());
    }
    let fixed = ending(&study.outcomes, Outcome::Complete).code.clone();
    Ok(fixed.unwrap_or_else(|| completion_code(&measure, session)))
}

fn is_pause(study: &Study, id: &str) -> bool {
    study.stimulus(id).is_some_and(|stimulus| !stimulus.media.is_measured())
}

#[cfg(test)]
mod tests;
