//! Asks the worker, and puts its answers into the state.

use std::cell::Cell;
use std::rc::Rc;

use emotion_panel::desk::{Answer, Ask};
use emotion_panel::{Dialect, Settings};
use emotion_stats::Measure;
use js_sys::Uint8Array;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::activity::frame::Frame;
use crate::activity::panel::state::State;
use crate::view::panel::Reading;
use crate::web::chosen_dialect;
use crate::web::clock::now_ms;
use crate::web::picked::PickedFile;
use crate::web::worker_client::EngineClient;

/// Files on their way at once: while one is computed, the next is read from the disk.
const LANES: usize = 3;
/// Files of an archive and sample people a question: so that progress is told and a stop is heard.
const ARCHIVE_FILES: usize = 8;
const SAMPLE_PEOPLE: u32 = 10;
/// Endings of what belongs to a study beside its results: not read, or shown beside the curves.
const MEDIA: [&str; 10] = ["webm", "mp4", "m4v", "mov", "png", "jpg", "jpeg", "webp", "gif", "avif"];

#[derive(Clone, Copy)]
pub struct Controller {
    pub frame: Frame,
    pub state: State,
    /// Grows with everything that makes earlier questions worthless.
    turn: StoredValue<u32>,
    /// Grows with each begun and each stopped test of groups.
    pub(super) test_run: StoredValue<u32>,
}

impl Controller {
    pub fn new(frame: Frame, state: State) -> Self {
        Self { frame, state, turn: StoredValue::new(0), test_run: StoredValue::new(0) }
    }

    fn next_turn(self) -> u32 {
        self.turn.update_value(|turn| *turn = turn.wrapping_add(1));
        self.turn.get_value()
    }

    /// The turn of now.
    pub(super) fn turn(self) -> u32 {
        self.turn.get_value()
    }

    pub(super) fn is_turn(self, turn: u32) -> bool {
        self.turn.get_value() == turn
    }

    /// Ask, and read the answer. `None` where there is none: the reason is told, and the panel begins anew.
    pub async fn ask(self, ask: &Ask, file: Option<&web_sys::File>) -> Option<(Answer, Option<Uint8Array>)> {
        let outcome = match self.frame.engine().await {
            Ok(engine) => ask_engine(&engine, ask, file).await,
            Err(fault) => Err(fault.to_string()),
        };
        match outcome {
            Ok(answer) => Some(answer),
            Err(sentence) => {
                self.lost(sentence);
                None
            }
        }
    }

    /// The worker is gone, and with it what it had read.
    fn lost(self, sentence: String) {
        self.next_turn();
        self.state.reading.update(|reading| {
            if let Some(reading) = reading {
                (reading.running, reading.cancelled) = (false, true);
            }
        });
        self.state.overview.set(None);
        self.state.curves.set(None);
        self.state.problem.set(format!("{sentence} What was read is gone: choose the files again."));
    }

    /// Read files; those of stimuli are kept for the player.
    pub fn choose(self, files: Vec<PickedFile>) {
        if self.state.running() {
            return;
        }
        let ending = |name: &str| name.rsplit('.').next().unwrap_or_default().to_lowercase();
        let hidden = |name: &str| name.rsplit('/').next().unwrap_or(name).starts_with('.');
        let (media, results): (Vec<_>, Vec<_>) = files
            .into_iter()
            .filter(|picked| !hidden(&picked.name))
            .partition(|picked| MEDIA.contains(&ending(&picked.name).as_str()));
        self.state.media.update_value(|known| {
            known.extend(media.into_iter().map(|picked| (picked.file.name(), picked.file)));
        });
        self.state.media_count.set(self.state.media.with_value(std::collections::BTreeMap::len));
        if results.is_empty() {
            return;
        }
        self.begin(results.len());
        let turn = self.turn.get_value();
        let files = Rc::new(results);
        let (next, lanes) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(LANES)));
        let began_ms = now_ms();
        for _ in 0..LANES {
            let (files, next, lanes) = (files.clone(), next.clone(), lanes.clone());
            spawn_local(async move {
                while self.goes_on(turn)
                    && let Some(picked) = files.get(next.replace(next.get() + 1))
                {
                    if self.read(picked, turn, began_ms).await.is_none() {
                        return;
                    }
                }
                lanes.set(lanes.get() - 1);
                if lanes.get() == 0 && self.is_turn(turn) {
                    self.end(began_ms);
                }
            });
        }
    }

    /// Read one file, and if it is an archive all of its files.
    async fn read(self, picked: &PickedFile, turn: u32, began_ms: f64) -> Option<()> {
        let ask = Ask::Read { name: picked.name.clone() };
        let (answer, _) = self.ask(&ask, Some(&picked.file)).await?;
        let mut left = match answer {
            Answer::Read { left } => left,
            _ => 0,
        };
        self.step(1, left, began_ms);
        while left > 0 && self.goes_on(turn) {
            let (answer, _) = self.ask(&Ask::Next { files: ARCHIVE_FILES }, None).await?;
            let now = match answer {
                Answer::Read { left } => left,
                _ => 0,
            };
            self.step(left - now.min(left), 0, began_ms);
            left = now;
        }
        if left > 0 && self.is_turn(turn) {
            self.ask(&Ask::Leave, None).await?;
        }
        Some(())
    }

    /// Whether nobody stopped the reading that began in this turn.
    fn goes_on(self, turn: u32) -> bool {
        let cancelled = self
            .state
            .reading
            .with_untracked(|reading| reading.as_ref().is_some_and(|reading| reading.cancelled));
        self.is_turn(turn) && !cancelled
    }

    fn begin(self, total: usize) {
        self.next_turn();
        self.state.problem.set(String::new());
        self.state.reading.set(Some(Reading { total, running: true, ..Reading::default() }));
    }

    fn step(self, done: usize, more: usize, began_ms: f64) {
        self.state.reading.update(|reading| {
            if let Some(reading) = reading {
                reading.done += done;
                reading.total += more;
                reading.elapsed_ms = now_ms() - began_ms;
            }
        });
    }

    fn end(self, began_ms: f64) {
        self.step(0, 0, began_ms);
        let mut cancelled = false;
        self.state.reading.update(|reading| {
            if let Some(reading) = reading {
                reading.running = false;
                cancelled = reading.cancelled;
            }
        });
        let said = if cancelled { "Reading was stopped." } else { "The files are read." };
        self.frame.announcement.set(said.to_owned());
        self.renew();
    }

    /// Stop reading. Files that are with the worker are read to their end; then what was read is shown.
    pub fn cancel(self) {
        self.state.reading.maybe_update(|reading| match reading {
            Some(reading) if reading.running && !reading.cancelled => {
                reading.cancelled = true;
                true
            }
            _ => false,
        });
    }

    /// Forget everything.
    pub fn clear(self) {
        self.next_turn();
        self.state.reading.set(None);
        self.state.overview.set(None);
        self.state.curves.set(None);
        self.state.comparison.set(None);
        self.state.saved.set(String::new());
        self.state.media.update_value(std::collections::BTreeMap::clear);
        self.state.media_count.set(0);
        spawn_local(async move {
            let _ = self.ask(&Ask::Clear, None).await;
        });
    }

    /// Make sample people.
    pub fn sample(self, people: u32) {
        if self.state.running() {
            return;
        }
        self.begin(people as usize);
        let turn = self.turn.get_value();
        spawn_local(async move {
            let began_ms = now_ms();
            let mut from = 0;
            while from < people && self.goes_on(turn) {
                let ask = Ask::Sample { from, people: SAMPLE_PEOPLE.min(people - from) };
                if self.ask(&ask, None).await.is_none() {
                    return;
                }
                from += SAMPLE_PEOPLE;
                self.step(SAMPLE_PEOPLE as usize, 0, began_ms);
            }
            if self.is_turn(turn) {
                self.end(began_ms);
            }
        });
    }

    /// Change settings, and compute anew.
    pub fn set(self, change: impl FnOnce(&mut Settings)) {
        let before = self.state.settings.get_untracked();
        self.state.settings.update(change);
        if self.state.settings.with_untracked(|now| *now != before) && !self.state.running() {
            self.renew();
        }
    }

    /// Write tables in this dialect, now and at the next visit. No number changes.
    pub fn set_dialect(self, dialect: Dialect) {
        chosen_dialect::remember(dialect);
        self.state.settings.update(|settings| settings.dialect = dialect);
        spawn_local(async move {
            // Without a worker there is nothing to write; the next one gets all settings.
            let _ = self.ask(&Ask::Dialect { dialect }, None).await;
        });
    }

    /// Show another stimulus.
    pub fn show(self, stimulus: String) {
        self.state.stimulus.set(stimulus);
        self.state.cursor_s.set(0.0);
        let turn = self.next_turn();
        spawn_local(async move { self.curves(turn).await });
    }

    /// Show or hide a measure.
    pub fn toggle(self, measure: Measure) {
        self.state.shown.update(|shown| shown[measure.index()] = !shown[measure.index()]);
        if !self.state.computing.get_untracked() {
            let turn = self.turn.get_value();
            spawn_local(async move { self.details(turn).await });
        }
    }

    /// Everything with the settings of now.
    fn renew(self) {
        let turn = self.next_turn();
        self.state.comparison.set(None);
        self.state.tested.set(None);
        self.stop_test();
        spawn_local(async move {
            let settings = Box::new(self.state.settings.get_untracked());
            let Some((Answer::Overview(overview), _)) = self.ask(&Ask::Overview { settings }, None).await
            else {
                return;
            };
            if !self.is_turn(turn) {
                return;
            }
            let shown = self.state.stimulus.get_untracked();
            if !overview.stimuli.iter().any(|row| row.id == shown) {
                self.state
                    .stimulus
                    .set(overview.stimuli.first().map_or_else(String::new, |row| row.id.clone()));
            }
            self.state.overview.set(Some(*overview));
            if let Some((Answer::Answers(answers), _)) = self.ask(&Ask::Answers, None).await
                && self.is_turn(turn)
            {
                self.state.answers.set(answers);
            }
            self.curves(turn).await;
        });
    }

    async fn curves(self, turn: u32) {
        self.state.details.set(Vec::new());
        self.state.computing.set(false);
        let stimulus = self.state.stimulus.get_untracked();
        if stimulus.is_empty() {
            return self.state.curves.set(None);
        }
        match self.ask(&Ask::Curves { stimulus }, None).await {
            Some((Answer::Curves(curves, spreads), _)) if self.is_turn(turn) => {
                self.state.spreads.set(spreads);
                self.state.curves.set(Some(curves));
                self.details(turn).await;
            }
            Some((Answer::Fault(sentence), _)) if self.is_turn(turn) => {
                self.state.curves.set(None);
                self.state.problem.set(sentence);
            }
            _ => {}
        }
    }

    /// Bands and summaries of the shown measures that have none yet, one after the other.
    async fn details(self, turn: u32) {
        self.state.computing.set(true);
        loop {
            let known = |measure: &Measure| {
                self.state
                    .details
                    .with_untracked(|all| all.iter().any(|(details, _)| details.measure == *measure))
            };
            let missing = untrack(|| self.state.measures()).into_iter().find(|measure| !known(measure));
            let (Some(measure), true) = (missing, self.is_turn(turn)) else { break };
            let stimulus = self.state.stimulus.get_untracked();
            match self.ask(&Ask::Details { stimulus, measure }, None).await {
                Some((Answer::Details(details, among), _)) if self.is_turn(turn) => {
                    self.state.details.update(|all| all.push((*details, among)));
                }
                _ => break,
            }
        }
        if self.is_turn(turn) {
            self.state.computing.set(false);
        }
    }
}

async fn ask_engine(
    engine: &Rc<EngineClient>,
    ask: &Ask,
    file: Option<&web_sys::File>,
) -> Result<(Answer, Option<Uint8Array>), String> {
    let text = serde_json::to_string(ask).map_err(|error| error.to_string())?;
    let file: Option<&web_sys::Blob> = file.map(AsRef::as_ref);
    let asked = engine.ask(text, file);
    let (answer, bytes) = asked.await.map_err(|fault| fault.to_string())?;
    let answer = serde_json::from_str(&answer).map_err(|error| {
        format!("The page and its worker do not fit together ({error}). Reload the page.")
    })?;
    Ok((answer, bytes))
}
