//! Sample data: synthetic people of a stated model (`emotion_stats::synthetic`), as result files. The page shows them, the
//! tests and the bench read them.

use emotion_stats::synthetic::{Model, Moment, Stimulus};
use emotion_study::file::{self, Study};
use emotion_study::hash::{file_sha256, measure_sha256};
use emotion_study::result::{
    Camera, Columns, DeviceClass, ExposureRecord, GradeInput, Models, NOTICE, ResultFile, SessionReference,
    StudyReference, grade,
};
use emotion_study::session::{Answer, AnswerValue, BaselineTaken, Outcome};

use crate::record::Record;

/// What the sample people saw: name and seconds.
const STIMULI: [(&str, u32); 2] = [("joke", 30), ("quiet", 20)];

/// The study of the sample data, as a file.
#[must_use]
pub fn study_json() -> String {
    study_of(&STIMULI)
}

fn study_of(stimuli: &[(&str, u32)]) -> String {
    let stimuli: Vec<String> = stimuli
        .iter()
        .map(|(id, seconds)| {
            let ms = seconds * 1_000;
            let segments = if *id == "joke" {
                r#","segments":[{"id":"start","from_ms":0,"to_ms":5000},{"id":"punch_line","from_ms":12000,"to_ms":18000}]"#
            } else {
                ""
            };
            format!(r#"{{"id":"{id}","text":{{"text":"Sample stimulus {id}","duration_ms":{ms}}}{segments}}}"#)
        })
        .collect();
    format!(
        r#"{{"format":"emotion-depth-study","version":1,"id":"sample","title":"Sample data: synthetic people","language":"en",
"controller":{{"name":"Nobody","contact":"nobody@example.org","authority":"None: there are no people"}},"purpose":"demonstration",
"consent":{{"text":"These people are computed.","legal_basis":"none","retention":"none","recipients":"none",
"withdraw_until":"never","minimum_age":18}},"groups":[{{"id":"A"}},{{"id":"B"}}],"stimuli":[{}],
"questions":[{{"id":"liking","prompt":"How did you like it?","scale":{{"min":1,"max":5}}}}]}}"#,
        stimuli.join(",")
    )
}

/// The model of the sample people: group A laughs more about the joke.
#[must_use]
pub fn model() -> Model {
    let moments =
        vec![Moment { at_s: 8.0, rise_s: 3.0, expression: 4, height: 1.0, group_factors: Vec::new() }];
    let mut model = Model::default();
    model.stimuli.push(Stimulus { duration_ms: 20_000, moments });
    model
}

/// A maker of sample people: one model and study.
#[derive(Debug)]
pub struct Sample {
    model: Model,
    study: Study,
    study_sha256: String,
}

impl Default for Sample {
    fn default() -> Self {
        Self::of(model(), &STIMULI)
    }
}

impl Sample {
    fn of(model: Model, stimuli: &[(&str, u32)]) -> Self {
        let json = study_of(stimuli);
        // The text above is right: a test reads it.
        let study =
            file::parse(&json).unwrap_or_else(|faults| panic!("the sample study is wrong: {faults:?}"));
        Self { model, study_sha256: file_sha256(json.as_bytes()), study }
    }

    /// One stimulus of so many seconds: for timings.
    #[must_use]
    pub fn long(seconds: u32) -> Self {
        let mut model = Model::default();
        if let Some(stimulus) = model.stimuli.first_mut() {
            stimulus.duration_ms = seconds * 1_000;
        }
        Self::of(model, &[("joke", seconds)])
    }

    /// The study, as a file.
    #[must_use]
    pub fn study_json(&self) -> String {
        let stimuli: Vec<(&str, u32)> = self
            .study
            .stimuli
            .iter()
            .map(|stimulus| (stimulus.id.as_str(), stimulus.media.duration_ms().unwrap_or(0) / 1_000))
            .collect();
        study_of(&stimuli)
    }

    /// The result of person `index`.
    #[must_use]
    pub fn result(&self, index: u32) -> ResultFile {
        let person = self.model.participant(index);
        let mut samples = Columns::default();
        let mut exposures = Vec::new();
        let mut begin_ms = 10_000;
        for (place, stimulus) in self.study.stimuli.iter().enumerate() {
            let shown = self.model.exposure(&person, place);
            let duration_ms = stimulus.media.duration_ms().unwrap_or(0);
            let first = samples.len();
            samples.media_ms.extend(shown.media_time_ms.iter().map(|time| *time as i32));
            samples.quality.extend(&shown.quality);
            for (column, more) in samples.raw.iter_mut().zip(&shown.raw) {
                column.extend(more);
            }
            samples.time_ms.extend(shown.media_time_ms.iter().map(|time| begin_ms + time));
            // Times rise from reading to reading.
            for at in first + 1..samples.time_ms.len() {
                samples.time_ms[at] = samples.time_ms[at].max(samples.time_ms[at - 1] + 1);
            }
            samples.exposure.resize(samples.media_ms.len(), place as u16);
            samples.reasons.resize(samples.media_ms.len(), 0);
            samples.yaw.resize(samples.media_ms.len(), 0);
            let graded = grade(&GradeInput {
                columns: &samples,
                readings: first..samples.media_ms.len(),
                duration_ms,
                media_ms: duration_ms,
                interrupted: false,
                hidden_ms: 0,
                rate_hz: self.study.sample_rate_hz,
            });
            exposures.push(ExposureRecord {
                stimulus: stimulus.id.clone(),
                index: place as u32,
                attempt: 1,
                started_ms: begin_ms,
                ended_ms: begin_ms + duration_ms,
                media_ms: duration_ms,
                duration_ms,
                grade: graded.grade,
                reasons: graded.reasons,
                interrupted: None,
                hidden_ms: 0,
                absent_ms: graded.absent_ms,
            });
            begin_ms += duration_ms + 3_000;
        }
        let raw = person.baseline.map(|share| (share * 10_000.0).round() as u16);
        let mut id = [0; emotion_study::code::SESSION_BYTES];
        id[..4].copy_from_slice(&index.to_be_bytes());
        // Codes that do not look alike: each digit of the number moves all of them.
        let mut mixed = emotion_stats::Random::stream(7, u64::from(index));
        id[4..].iter_mut().for_each(|byte| *byte = mixed.below(256) as u8);
        ResultFile {
            study: StudyReference {
                id: self.study.id.clone(),
                sha256: self.study_sha256.clone(),
                measure_sha256: measure_sha256(&self.study),
            },
            session: SessionReference {
                id: emotion_study::code::session_id(id),
                participant: Some(format!("P{:05}", index + 1)),
                carried: Default::default(),
                group: Some(if person.group == 0 { "A" } else { "B" }.to_owned()),
                row: None,
                order: self.study.stimuli.iter().map(|stimulus| stimulus.id.clone()).collect(),
                date: "2026-01-31".to_owned(),
                consented_at: "2026-01-31T12:00Z".to_owned(),
                outcome: Outcome::Complete,
                preview: false,
                language: "en".to_owned(),
                device: DeviceClass::Computer,
                camera: Camera { width: 640, height: 480, fps: 30 },
                sample_rate_hz: self.study.sample_rate_hz,
                app_version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            models: Models {
                detector_sha256: "0".repeat(64),
                classifier_sha256: "5a3b1e".repeat(11)[..64].to_owned(),
                mapping: "synthetic".to_owned(),
            },
            baselines: vec![BaselineTaken { from_exposure: 0, raw, samples: 50 }],
            exposures,
            events: Vec::new(),
            answers: vec![Answer {
                question: "liking".to_owned(),
                value: AnswerValue::Number(i32::from(person.liking)),
            }],
            samples,
            notice: NOTICE.to_owned(),
        }
    }
}

/// The record of sample person `index`. To make many, keep a [`Sample`].
#[must_use]
pub fn record(index: u32) -> Record {
    Record::of_result(&Sample::default().result(index))
}

#[cfg(test)]
mod tests {
    use emotion_study::result;

    use super::*;

    #[test]
    fn sample_results_are_right_files() {
        let sample = Sample::default();
        for index in [0, 1, 77] {
            let made = sample.result(index);
            let read = result::read(&result::write(&made)).unwrap();
            assert_eq!(read, made);
        }
        assert_eq!(sample.study_json(), study_json());
    }
}
