//! The journal of a session: entries that are only ever appended, and the way back from them after a reload or a crash.
//!
//! It begins with the consent: nothing of a person is kept before. Whoever keeps the entries (the page, in its database)
//! hands them back in order; a torn last entry is simply not there.

use serde::{Deserialize, Serialize};

use super::{Cause, Change, Event, Session, Stage};
use crate::file::{self, Study};
use crate::link::Participant;
use crate::result::{Columns, LoggedEvent, Models};
use crate::schedule::Assignment;

/// The version of the entries. Version 2 keeps the study file and the models as well; version 1 is still read.
pub const VERSION: u32 = 2;

/// One entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// The first entry, written when the participant has agreed.
    Opened {
        /// [`VERSION`].
        version: u32,
        /// Hash of what the study measures: another study cannot go on with this journal.
        measure_sha256: String,
        /// SHA-256 of the study file. Empty in version 1.
        #[serde(default)]
        study_sha256: String,
        /// The study file: what was recorded belongs to it, whatever stands on the host later. Empty in version 1.
        #[serde(default)]
        study_json: String,
        /// The session's id.
        session: String,
        /// The participant's id from the link.
        participant: Option<String>,
        /// The declared parameters of the link.
        carried: Vec<(String, String)>,
        /// Group, row and order stay.
        assignment: Assignment,
        /// Wall clock of the consent, in milliseconds since 1970.
        opened_at_ms: u64,
        /// The events up to the consent, the screening's answers in them.
        events: Vec<Event>,
    },
    /// The models, once the page is sealed; the last ones count.
    Models(Models),
    /// Something happened.
    Event(Event),
    /// Something was noted beside the curves.
    Noted(LoggedEvent),
    /// Readings, a second or two of them.
    Samples(Columns),
}

/// Why a session cannot go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResumeError {
    /// The journal does not begin as one.
    #[error("What was kept of this study is damaged, so it cannot be continued.")]
    Damaged,
    /// It was written by a newer page.
    #[error("What was kept of this study was written by a newer version of this page. Reload the page.")]
    Newer,
    /// The study measures something else now.
    #[error("The study was changed in the meantime, so it cannot be continued.")]
    OtherStudy,
    /// It is older than the study allows.
    #[error("This study was begun more than {0} hours ago, so it cannot be continued.")]
    TooOld(u32),
    /// It has ended.
    #[error("This study was ended already.")]
    Ended,
}

/// A session that came back.
#[derive(Debug)]
pub struct Resumed<'s> {
    /// The session, between two exposures.
    pub session: Session<'s>,
    /// The readings so far.
    pub samples: Columns,
    /// What was noted so far.
    pub noted: Vec<LoggedEvent>,
    /// The models that gave the readings, where they are known.
    pub models: Option<Models>,
    /// Events to be appended to the journal: the reload itself, and before it that an exposure which was going on broke off.
    pub added: Vec<Event>,
}

/// The study that a session begins with.
#[derive(Debug, Clone, Copy)]
pub struct Begun<'a> {
    /// The text of the study file.
    pub json: &'a str,
    /// Its SHA-256.
    pub sha256: &'a str,
    /// SHA-256 of what it measures.
    pub measure_sha256: &'a str,
}

/// How the study stands to the one that a session was begun with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is the same file.
    Same,
    /// Words were mended: it can go on.
    Mended,
    /// It measures something else, or the participant has agreed to something else.
    Other,
}

/// Compare the study as it is now with the one that the journal was begun with.
pub fn standing(study: &Study, sha256: &str, measure_sha256: &str, entries: &[Entry]) -> Standing {
    let Some(Entry::Opened { measure_sha256: kept_measure, study_sha256, .. }) = entries.first() else {
        return Standing::Same;
    };
    if kept_measure != measure_sha256 {
        return Standing::Other;
    }
    if study_sha256.is_empty() || study_sha256 == sha256 {
        return Standing::Same;
    }
    match begun_json(entries).and_then(|json| file::parse(json).ok()) {
        Some(kept) if !agrees(&kept, study) => Standing::Other,
        _ => Standing::Mended,
    }
}

/// Whether a participant would agree to the same in both.
fn agrees(a: &Study, b: &Study) -> bool {
    a.consent == b.consent
        && a.controller == b.controller
        && a.purpose == b.purpose
        && a.handover.parent_origin == b.handover.parent_origin
}

/// The text of the study file that the journal was begun with; nothing in a journal of version 1.
pub fn begun_json(entries: &[Entry]) -> Option<&str> {
    match entries.first()? {
        Entry::Opened { study_json, .. } if !study_json.is_empty() => Some(study_json),
        _ => None,
    }
}

impl Resumed<'_> {
    /// It goes no further, because something is another one now. Once all was shown and asked, nothing changes.
    pub fn end(&mut self, what: Change) {
        let event = Event::Changed { what };
        if self.session.apply(event.clone()).is_ok() {
            self.added.push(event);
        }
    }
}

impl Session<'_> {
    /// The journal's first entry. `events` are all events up to the consent, `opened_at_ms` is the wall clock.
    pub fn opened(&self, begun: Begun<'_>, events: Vec<Event>, opened_at_ms: u64) -> Entry {
        Entry::Opened {
            version: VERSION,
            measure_sha256: begun.measure_sha256.to_owned(),
            study_sha256: begun.sha256.to_owned(),
            study_json: begun.json.to_owned(),
            session: self.id.clone(),
            participant: self.participant.id.clone(),
            carried: self.participant.carried.clone(),
            assignment: self.assignment.clone(),
            opened_at_ms,
            events,
        }
    }
}

/// Whether the journal may still be kept: `now_ms` is the wall clock. What is older is deleted unread.
pub fn is_fresh(study: &Study, opened_at_ms: u64, now_ms: u64) -> bool {
    let age = now_ms.saturating_sub(opened_at_ms);
    study.resume_max_age_h > 0 && age <= u64::from(study.resume_max_age_h) * 3_600_000
}

/// Bring a session back. It goes on between exposures only.
///
/// # Errors
/// Where it cannot go on, with the reason for the participant. The readings of a session that is too old or of a changed study
/// are not returned.
pub fn resume<'s>(
    study: &'s Study,
    measure_sha256: &str,
    entries: &[Entry],
    now_ms: u64,
) -> Result<Resumed<'s>, ResumeError> {
    let (first, rest) = entries.split_first().ok_or(ResumeError::Damaged)?;
    let Entry::Opened {
        version,
        measure_sha256: kept,
        session: id,
        participant,
        carried,
        assignment,
        opened_at_ms,
        events,
        study_sha256: _,
        study_json: _,
    } = first
    else {
        return Err(ResumeError::Damaged);
    };
    if *version > VERSION {
        return Err(ResumeError::Newer);
    }
    if kept != measure_sha256 {
        return Err(ResumeError::OtherStudy);
    }
    if !is_fresh(study, *opened_at_ms, now_ms) {
        return Err(ResumeError::TooOld(study.resume_max_age_h));
    }
    if assignment.order.iter().any(|index| *index >= study.stimuli.len()) {
        return Err(ResumeError::Damaged);
    }
    let participant = Participant {
        id: participant.clone(),
        group: assignment.group.clone(),
        row: assignment.row,
        carried: carried.clone(),
    };
    let mut session = Session::with_assignment(study, id, participant, assignment.clone());
    let mut samples = Columns::default();
    let mut noted = Vec::new();
    let mut models = None;
    for event in events {
        session.apply(event.clone()).map_err(|_| ResumeError::OtherStudy)?;
    }
    for entry in rest {
        match entry {
            Entry::Opened { .. } => return Err(ResumeError::Damaged),
            Entry::Event(event) => session.apply(event.clone()).map_err(|_| ResumeError::OtherStudy)?,
            Entry::Models(those) => models = Some(those.clone()),
            Entry::Noted(event) => noted.push(event.clone()),
            Entry::Samples(more) => samples.append(more).map_err(|_| ResumeError::Damaged)?,
        }
    }
    if session.deleted || (matches!(session.stage, Stage::Ended { .. }) && session.exposures.is_empty()) {
        return Err(ResumeError::Ended);
    }
    let mut added = Vec::new();
    if session.stage == Stage::Showing {
        // The last reading is the last that is known of it.
        let time_ms = samples.time_ms.last().copied().unwrap_or(0).max(session.last_ms);
        let of_this = samples.exposure.last().is_some_and(|e| usize::from(*e) + 1 == session.exposures.len());
        let media_ms =
            samples.media_ms.last().filter(|_| of_this).map_or(0, |media_ms| (*media_ms).max(0) as u32);
        added.push(Event::Interrupted { time_ms, media_ms, cause: Cause::LeftPage });
    }
    if !matches!(session.stage, Stage::Ended { .. }) {
        added.push(Event::Reloaded);
    }
    for event in &added {
        session.apply(event.clone()).map_err(|_| ResumeError::Damaged)?;
    }
    Ok(Resumed { session, samples, noted, models, added })
}
