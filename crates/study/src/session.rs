//! A session: what follows what, from the notice to the hand-over, as a state machine without a clock or a page.
//!
//! ```text
//! notice -> screening -> consent -> loading -> checks -> baseline -> ready -> showing -> ... -> questions -> review -> handover -> ended
//!                                                                      ^ pauses and questions in between v
//! ```
//!
//! The page tells what happened ([`Event`]), [`Session::apply`] decides what comes next ([`Stage`]). An event that cannot
//! happen in a stage changes nothing. The same events in the same order give the same session: the journal is the list of them.

mod answers;
pub mod journal;
mod types;

pub use answers::{Answer, AnswerValue, answer_fault, missing_answers, screens_out};
pub use types::{
    BaselineTaken, Cause, Change, Event, Exposure, Impossible, MAX_ATTEMPTS, MAX_LOADS, Outcome, Stage,
};

use crate::file::{AT_THE_END, Method, OnInterrupt, Question, Stimulus, Study};
use crate::link::Participant;
use crate::schedule::{self, Assignment};

/// Something that a session does after the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Show the stimulus of this index of the study.
    Show(usize),
    /// Ask the questions that stand after this stimulus, or at the end.
    Ask(Option<usize>),
}

/// One participant's way through one study.
#[derive(Debug, Clone)]
pub struct Session<'s> {
    study: &'s Study,
    id: String,
    participant: Participant,
    assignment: Assignment,
    steps: Vec<Step>,
    /// Index of the step that is done or comes next.
    position: usize,
    stage: Stage,
    /// Whether files are loaded, camera and face are known in this run of the page.
    prepared: bool,
    loads_failed: u32,
    last_ms: u32,
    consented_at: Option<String>,
    baselines: Vec<BaselineTaken>,
    exposures: Vec<Exposure>,
    answers: Vec<Answer>,
    handed_over: Vec<Method>,
    changed: Option<Change>,
    deleted: bool,
}

impl<'s> Session<'s> {
    /// Begin a session. `id` is [`crate::code::session_id`] of random bytes.
    pub fn open(study: &'s Study, id: &str, participant: Participant) -> Self {
        let assignment = schedule::assign(study, id, participant.group.as_deref(), participant.row);
        let full = schedule::is_full(study, &assignment);
        let mut session = Self::with_assignment(study, id, participant, assignment);
        if full {
            session.stage = Stage::Ended { outcome: Outcome::QuotaFull };
        }
        session
    }

    fn with_assignment(study: &'s Study, id: &str, participant: Participant, assignment: Assignment) -> Self {
        let mut steps = Vec::new();
        for index in assignment.order.iter().copied().filter(|index| *index < study.stimuli.len()) {
            steps.push(Step::Show(index));
            let stimulus = &study.stimuli[index];
            if study.questions.iter().any(|question| question.after == stimulus.id) {
                steps.push(Step::Ask(Some(index)));
            }
        }
        if study.questions.iter().any(|question| question.after == AT_THE_END) {
            steps.push(Step::Ask(None));
        }
        Self {
            study,
            id: id.to_owned(),
            participant,
            assignment,
            steps,
            position: 0,
            stage: Stage::Notice,
            prepared: false,
            loads_failed: 0,
            last_ms: 0,
            consented_at: None,
            baselines: Vec::new(),
            exposures: Vec::new(),
            answers: Vec::new(),
            handed_over: Vec::new(),
            changed: None,
            deleted: false,
        }
    }

    /// What the participant has before them.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// The study.
    pub fn study(&self) -> &'s Study {
        self.study
    }

    /// The session's id, which is the withdrawal code.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Who takes part.
    pub fn participant(&self) -> &Participant {
        &self.participant
    }

    /// Group, row and order.
    pub fn assignment(&self) -> &Assignment {
        &self.assignment
    }

    /// When the participant agreed, to the minute.
    pub fn consented_at(&self) -> Option<&str> {
        self.consented_at.as_deref()
    }

    /// The faces at rest; the last one whose `from_exposure` is not larger counts for an exposure.
    pub fn baselines(&self) -> &[BaselineTaken] {
        &self.baselines
    }

    /// What was shown, in order.
    pub fn exposures(&self) -> &[Exposure] {
        &self.exposures
    }

    /// What was answered.
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// The ways on which the result was handed over.
    pub fn handed_over(&self) -> &[Method] {
        &self.handed_over
    }

    /// What has changed since the session began, so that it went no further.
    pub fn changed(&self) -> Option<Change> {
        self.changed
    }

    /// Whether the result lies on the device no more.
    pub fn is_deleted(&self) -> bool {
        self.deleted
    }

    /// How often loading has failed, of [`MAX_LOADS`].
    pub fn loads_failed(&self) -> u32 {
        self.loads_failed
    }

    /// How many stimuli are done, and how many there are: for the line of progress. Pauses do not count.
    pub fn progress(&self) -> (usize, usize) {
        let measured = |step: &&Step| matches!(step, Step::Show(index) if self.study.stimuli[*index].media.is_measured());
        (
            self.steps[..self.position].iter().filter(measured).count(),
            self.steps.iter().filter(measured).count(),
        )
    }

    /// The stimulus that is shown or comes next.
    pub fn stimulus(&self) -> Option<&'s Stimulus> {
        match self.steps.get(self.position) {
            Some(Step::Show(index)) => Some(&self.study.stimuli[*index]),
            _ => None,
        }
    }

    /// The questions of this stage.
    pub fn questions(&self) -> Vec<&'s Question> {
        match (&self.stage, self.steps.get(self.position)) {
            (Stage::Screening, _) => self.study.screening.iter().map(|screen| &screen.question).collect(),
            (Stage::Questions, Some(Step::Ask(after))) => {
                let after = after.map_or(AT_THE_END, |index| self.study.stimuli[index].id.as_str());
                self.study.questions.iter().filter(|question| question.after == after).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Tell what happened.
    ///
    /// # Errors
    /// Where this cannot happen now; then nothing has changed.
    pub fn apply(&mut self, event: Event) -> Result<(), Impossible> {
        let time_ms = event.time_ms();
        if let Some(time_ms) = time_ms.filter(|time_ms| *time_ms < self.last_ms) {
            return Err(Impossible::Disorder { time_ms, last_ms: self.last_ms });
        }
        let impossible = Impossible::Stage { event: event.name(), stage: self.stage.name() };
        match (self.stage.clone(), event) {
            (Stage::Notice, Event::NoticeRead) => {
                self.stage = if self.study.screening.is_empty() { Stage::Consent } else { Stage::Screening };
            }
            (Stage::Notice, Event::CannotRun) => self.end(Outcome::Failed),
            (Stage::Screening, Event::Answered { answers }) => {
                self.take_answers(answers)?;
                let out = self.study.screening.iter().any(|screen| screens_out(screen, &self.answers));
                if out { self.end(Outcome::ScreenedOut) } else { self.stage = Stage::Consent }
            }
            (Stage::Consent, Event::Consented { minute }) => {
                self.consented_at = Some(minute);
                self.stage = Stage::Loading;
            }
            (Stage::Notice | Stage::Screening | Stage::Consent, Event::Declined | Event::Withdrawn) => {
                self.end(Outcome::Declined);
            }
            (Stage::Loading, Event::Loaded) => self.stage = Stage::Checks,
            (Stage::Loading, Event::LoadFailed) => {
                self.loads_failed += 1;
                if self.loads_failed >= MAX_LOADS {
                    self.fail();
                }
            }
            (Stage::Checks, Event::ChecksPassed) => self.stage = Stage::Baseline,
            (Stage::Baseline, Event::BaselineTaken { raw, samples }) => {
                self.baselines.push(BaselineTaken {
                    from_exposure: self.exposures.len() as u32,
                    raw,
                    samples,
                });
                self.prepared = true;
                self.enter();
            }
            (Stage::Loading | Stage::Checks | Stage::Baseline | Stage::Ready, Event::GaveUp) => self.fail(),
            (Stage::Ready, Event::Started { time_ms }) => self.start(time_ms),
            (Stage::Showing, Event::Finished { time_ms, media_ms }) => {
                self.finish_exposure(time_ms, media_ms, None);
                self.go_on();
            }
            (Stage::Showing, Event::Interrupted { time_ms, media_ms, cause }) => {
                self.finish_exposure(time_ms, media_ms, Some(cause));
                let attempt = self.exposures.last().map_or(1, |exposure| exposure.attempt);
                match self.study.on_interrupt {
                    OnInterrupt::Repeat if attempt < MAX_ATTEMPTS => self.stage = Stage::Ready,
                    OnInterrupt::Skip | OnInterrupt::Repeat => self.go_on(),
                    OnInterrupt::End => self.fail(),
                }
            }
            (Stage::Pause, Event::PauseOver) => self.go_on(),
            // Questions and what comes after them need neither files nor camera.
            (
                Stage::Loading | Stage::Checks | Stage::Baseline | Stage::Ready | Stage::Pause,
                Event::Reloaded,
            ) => {
                self.come_back();
                self.stage = Stage::Loading;
            }
            (Stage::Questions | Stage::Review { .. } | Stage::Handover { .. }, Event::Reloaded) => {
                self.come_back()
            }
            (Stage::Questions, Event::Answered { answers }) => {
                self.take_answers(answers)?;
                self.go_on();
            }
            (
                Stage::Loading
                | Stage::Checks
                | Stage::Baseline
                | Stage::Ready
                | Stage::Pause
                | Stage::Questions,
                Event::Changed { what },
            ) => {
                self.changed = Some(what);
                self.fail();
            }
            (Stage::Review { outcome }, Event::Reviewed) => self.stage = Stage::Handover { outcome },
            (Stage::Handover { outcome }, Event::HandedOver { method }) => {
                self.hand_over(method, impossible)?;
                self.end(outcome);
            }
            (Stage::Ended { outcome: Outcome::Complete | Outcome::Failed }, Event::HandedOver { method }) => {
                if self.deleted || self.consented_at.is_none() || self.exposures.is_empty() {
                    return Err(impossible);
                }
                self.hand_over(method, impossible)?;
            }
            (
                Stage::Review { outcome: Outcome::Failed } | Stage::Handover { outcome: Outcome::Failed },
                Event::Deleted,
            ) => {
                self.erase();
                self.end(Outcome::Failed);
            }
            (Stage::Ended { .. }, Event::Deleted) if !self.deleted => self.erase(),
            (Stage::Ended { outcome }, Event::Withdrawn) => {
                let had_agreed =
                    matches!(outcome, Outcome::Complete | Outcome::Failed) && self.consented_at.is_some();
                if !had_agreed {
                    return Err(impossible);
                }
                self.erase();
                self.end(Outcome::Withdrawn);
            }
            (_, Event::Withdrawn) => {
                self.erase();
                self.end(Outcome::Withdrawn);
            }
            _ => return Err(impossible),
        }
        self.last_ms = time_ms.unwrap_or(self.last_ms);
        Ok(())
    }

    fn hand_over(&mut self, method: Method, impossible: Impossible) -> Result<(), Impossible> {
        if !self.study.handover.methods.contains(&method) {
            return Err(impossible);
        }
        self.handed_over.push(method);
        Ok(())
    }

    /// Answers are taken as a whole or not at all.
    fn take_answers(&mut self, answers: Vec<Answer>) -> Result<(), Impossible> {
        let questions = self.questions();
        if !missing_answers(&questions, &answers).is_empty() {
            return Err(Impossible::Answers);
        }
        self.answers.extend(answers);
        Ok(())
    }

    fn start(&mut self, time_ms: u32) {
        let Some(Step::Show(stimulus)) = self.steps.get(self.position).copied() else { return };
        let attempts = self.exposures.iter().filter(|exposure| exposure.stimulus == stimulus).count() as u32;
        self.exposures.push(Exposure {
            stimulus,
            attempt: attempts + 1,
            started_ms: time_ms,
            ended_ms: time_ms,
            media_ms: 0,
            interrupted: None,
        });
        self.stage = Stage::Showing;
    }

    fn finish_exposure(&mut self, time_ms: u32, media_ms: u32, interrupted: Option<Cause>) {
        if let Some(exposure) = self.exposures.last_mut() {
            exposure.ended_ms = time_ms;
            exposure.media_ms = media_ms;
            exposure.interrupted = interrupted;
        }
    }

    fn go_on(&mut self) {
        self.position += 1;
        self.enter();
    }

    /// The stage of the step at the position.
    fn enter(&mut self) {
        self.stage = match self.steps.get(self.position) {
            Some(Step::Show(_)) if !self.prepared => Stage::Loading,
            Some(Step::Show(index)) if self.study.stimuli[*index].media.is_measured() => Stage::Ready,
            Some(Step::Show(_)) => Stage::Pause,
            Some(Step::Ask(_)) => Stage::Questions,
            None => Stage::Review { outcome: Outcome::Complete },
        };
    }

    /// It goes no further; what was recorded can still be handed over.
    fn fail(&mut self) {
        if self.exposures.is_empty() {
            self.end(Outcome::Failed);
        } else {
            self.stage = Stage::Review { outcome: Outcome::Failed };
        }
    }

    fn end(&mut self, outcome: Outcome) {
        self.stage = Stage::Ended { outcome };
    }

    fn come_back(&mut self) {
        self.prepared = false;
        self.loads_failed = 0;
    }

    fn erase(&mut self) {
        self.exposures.clear();
        self.baselines.clear();
        self.answers.clear();
        self.deleted = true;
    }
}

#[cfg(test)]
mod tests;
