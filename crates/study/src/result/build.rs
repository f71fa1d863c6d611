//! From a session and its readings to the result file.

use super::grade::{GradeInput, grade};
use super::*;
use crate::hash::measure_sha256;
use crate::session::{Outcome, Session};

/// What the session itself does not know.
#[derive(Debug, Clone, PartialEq)]
pub struct Circumstances {
    /// SHA-256 of the study file as it was loaded.
    pub study_sha256: String,
    /// How the session ends.
    pub outcome: Outcome,
    /// Whether this is a preview of the study's maker.
    pub preview: bool,
    /// The kind of device.
    pub device: DeviceClass,
    /// The camera's picture.
    pub camera: Camera,
    /// The models.
    pub models: Models,
    /// Version of the program.
    pub app_version: String,
}

/// The result of a session. Nothing if the participant never agreed or everything was deleted: then there is none.
pub fn build(
    session: &Session<'_>,
    samples: Columns,
    events: Vec<LoggedEvent>,
    circumstances: Circumstances,
) -> Option<ResultFile> {
    let consented_at = session.consented_at()?.to_owned();
    if session.is_deleted() {
        return None;
    }
    let study = session.study();
    let id_of = |index: usize| study.stimuli.get(index).map_or(String::new(), |stimulus| stimulus.id.clone());
    let exposures = session
        .exposures()
        .iter()
        .enumerate()
        .map(|(index, exposure)| {
            let stimulus = study.stimuli.get(exposure.stimulus);
            let duration_ms =
                stimulus.and_then(|stimulus| stimulus.media.duration_ms()).unwrap_or(exposure.media_ms);
            let hidden_ms = hidden_ms(&events, exposure.started_ms, exposure.ended_ms);
            let graded = grade(&GradeInput {
                columns: &samples,
                readings: samples.range_of(index as u16),
                duration_ms,
                media_ms: exposure.media_ms,
                interrupted: exposure.interrupted.is_some(),
                hidden_ms,
                rate_hz: study.sample_rate_hz,
            });
            ExposureRecord {
                stimulus: id_of(exposure.stimulus),
                index: index as u32,
                attempt: exposure.attempt,
                started_ms: exposure.started_ms,
                ended_ms: exposure.ended_ms,
                media_ms: exposure.media_ms,
                duration_ms,
                grade: graded.grade,
                reasons: graded.reasons,
                interrupted: exposure.interrupted,
                hidden_ms,
                absent_ms: graded.absent_ms,
            }
        })
        .collect();
    let participant = session.participant();
    let assignment = session.assignment();
    let measured =
        |index: &&usize| study.stimuli.get(**index).is_some_and(|stimulus| stimulus.media.is_measured());
    Some(ResultFile {
        study: StudyReference {
            id: study.id.clone(),
            sha256: circumstances.study_sha256,
            measure_sha256: measure_sha256(study),
        },
        session: SessionReference {
            id: session.id().to_owned(),
            participant: participant.id.clone(),
            carried: participant.carried.iter().cloned().collect(),
            group: assignment.group.clone(),
            row: assignment.row,
            order: assignment.order.iter().filter(measured).map(|index| id_of(*index)).collect(),
            date: consented_at.chars().take(10).collect(),
            consented_at,
            outcome: circumstances.outcome,
            preview: circumstances.preview,
            language: study.language.clone(),
            device: circumstances.device,
            camera: circumstances.camera,
            sample_rate_hz: study.sample_rate_hz,
            app_version: circumstances.app_version,
        },
        models: circumstances.models,
        baselines: session.baselines().to_vec(),
        exposures,
        events,
        answers: session.answers().to_vec(),
        samples,
        notice: NOTICE.to_owned(),
    })
}

/// How long the page was hidden between two times.
fn hidden_ms(events: &[LoggedEvent], from_ms: u32, to_ms: u32) -> u32 {
    let mut since: Option<u32> = None;
    let mut sum = 0;
    let overlap = |start: u32, end: u32| end.min(to_ms).saturating_sub(start.max(from_ms));
    for event in events {
        match event.kind {
            EventKind::Hidden => since = since.or(Some(event.time_ms)),
            EventKind::Shown => sum += since.take().map_or(0, |start| overlap(start, event.time_ms)),
            _ => {}
        }
    }
    sum + since.map_or(0, |start| overlap(start, to_ms))
}
