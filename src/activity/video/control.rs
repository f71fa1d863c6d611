//! The video activity's controller: reads the chosen files one after the other, and writes the signals of [`State`].

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::activity::frame::Frame;
use crate::activity::video::shelf::Clip;
use crate::activity::video::state::{Readings, State};
use crate::protocol::Fault;
use crate::ui::parts::focus;
use crate::view::runs::{Run, Runs};
use crate::view::throttle::Throttle;
use crate::view::video::overview::{left_out, place};
use crate::view::video::{Progress, Window, words};
use crate::web::awake::WakeLock;
use crate::web::clock::now_utc;
use crate::web::film::{Event, Film};
use crate::web::listener::error_text;
use crate::web::object_url::ObjectUrl;
use crate::web::picked::PickedFile;
use crate::web::turn::MOST_FRAMES;
use crate::web::worker_client::EngineFault;
use emotion_core::reading::FrameReading;
use emotion_record::clip::Whose;
use emotion_record::session::samples_of;
use emotion_record::smooth::Smoother;
use emotion_record::source_names::SourceNames;

/// Progress is shown so often, and the curves are drawn so often, in milliseconds.
const PROGRESS_MS: f64 = 250.0;
const DRAW_MS: f64 = 1000.0;

#[derive(Default)]
pub(super) struct Parts {
    /// Each file is a run, and cancelling ends it: what an earlier one still gives comes too late.
    runs: Runs,
    /// The videos that were begun, in order, and which of them is shown: while one is read, that one.
    pub clips: Vec<Clip>,
    pub shown: Option<usize>,
    /// Those that are read after it.
    pub waiting: VecDeque<PickedFile>,
    names: SourceNames,
    /// The address of the shown video for the player.
    pub address: Option<ObjectUrl>,
    /// When the reading began, in milliseconds of the clock.
    began_ms: f64,
    progress_due: Throttle,
    drawn_due: Throttle,
}

impl Parts {
    pub fn shown_clip(&mut self) -> Option<&mut Clip> {
        self.clips.get_mut(self.shown?)
    }
}

#[derive(Clone, Copy)]
pub struct Controller {
    pub(super) frame: Frame,
    pub(super) state: State,
    parts: StoredValue<Rc<RefCell<Parts>>, LocalStorage>,
}

impl Controller {
    pub fn new(frame: Frame, state: State) -> Self {
        Self { frame, state, parts: StoredValue::new_local(Rc::default()) }
    }

    /// Work with the parts; `work` must not call the controller.
    pub(super) fn with<T>(self, work: impl FnOnce(&mut Parts) -> T) -> T {
        let parts = self.parts.get_value();
        let mut parts = parts.borrow_mut();
        work(&mut parts)
    }

    /// The page is open.
    pub fn begin(self) {
        Effect::new(move |_| {
            self.state.whose.track();
            self.state.smoothing_s.track();
            self.arrange();
        });
    }

    /// Files were chosen or dropped: read them one after the other, after those that wait.
    pub fn choose(self, files: Vec<PickedFile>) {
        if files.is_empty() {
            return;
        }
        if self.state.running_now() {
            self.with(|parts| parts.waiting.extend(files));
            return self.show_clips();
        }
        if self.state.kept.unsaved.get_untracked() {
            let what = self.with(|parts| match parts.clips.as_slice() {
                [only] => only.name.clone(),
                several => format!("the {} videos", several.len()),
            });
            return self.state.kept.say(format!("Save or discard the readings of {what} first."));
        }
        self.clear();
        self.with(|parts| parts.waiting.extend(files));
        self.read_next();
    }

    /// Read the next file that waits, if one does. Returns whether one did.
    fn read_next(self) -> bool {
        let Some(file) = self.with(|parts| parts.waiting.pop_front()) else { return false };
        self.put_away();
        self.reset_view();
        let pace = self.state.pace.get_untracked();
        let address = ObjectUrl::new(&file.file);
        let (run, name, place) = self.with(|parts| {
            let (name, _) = parts.names.take(&file.name);
            parts.clips.push(Clip::new(file.clone(), name.clone(), now_utc(), pace));
            parts.shown = Some(parts.clips.len() - 1);
            parts.began_ms = js_sys::Date::now();
            (parts.progress_due, parts.drawn_due) = Default::default();
            (parts.runs.begin(), name, place(parts.clips.len(), parts.waiting.len()))
        });
        self.state.name.set(name);
        self.state.read_pace.set(Some(pace));
        self.state.progress.set(Some(Progress { running: true, ..Progress::default() }));
        let place = place.map(|place| format!(" {place}.")).unwrap_or_default();
        self.state.frame.announcement.set(format!("Reading.{place}"));
        self.show_clips();
        spawn_local(async move {
            let outcome = match address {
                Ok(address) => {
                    self.state.address.set(Some(address.as_str().to_owned()));
                    self.with(|parts| parts.address = Some(address));
                    self.read(run, &file).await
                }
                Err(error) => Err(format!("The file could not be opened ({}).", error_text(&error))),
            };
            if !self.is_over(run) {
                self.finish(outcome.err());
            }
        });
        true
    }

    /// Read the files once more, as often as is chosen now.
    pub fn read_again(self) {
        let files = self.with(|parts| parts.clips.iter().map(|clip| clip.file.clone()).collect());
        self.choose(files);
    }

    /// Whether another file was chosen since, or this one cancelled.
    fn is_over(self, run: Run) -> bool {
        self.with(|parts| parts.runs.is_over(run))
    }

    /// Read a file to its end.
    ///
    /// # Errors
    /// A sentence; what was read until then is kept.
    async fn read(self, run: Run, file: &PickedFile) -> Result<(), String> {
        let pace = self.state.pace.get_untracked();
        let mut film = Film::open(&file.file, pace).await.map_err(|fault| fault.to_string())?;
        let engine = self.frame.engine().await.map_err(|fault| fault.to_string())?;
        engine.forget().await.map_err(|fault| fault.to_string())?;
        if self.is_over(run) {
            return Ok(());
        }
        // An hour of reading should not end because the screen goes dark.
        let _awake = WakeLock::request().await;
        let end_ms = film.end_ms();
        self.change_progress(|progress| progress.end_ms = end_ms);
        self.state.window.set(Window::whole(end_ms.unwrap_or_default()));
        // While the worker reads one picture, it has the next at hand, and the decoder is at work on those behind it.
        let mut on_their_way = VecDeque::new();
        loop {
            let event = film.next().await;
            if self.is_over(run) {
                return Ok(());
            }
            let (room, last) = match &event {
                Ok(Some(Event::Picture { .. } | Event::Nothing)) => (MOST_FRAMES - 1, false),
                Ok(Some(Event::Longer { .. })) => (0, false),
                Ok(None) | Err(_) => (0, true),
            };
            while on_their_way.len() > room
                && let Some((reading, time_ms, span_ms)) = on_their_way.pop_front()
            {
                let reading = reading.await;
                if self.is_over(run) {
                    return Ok(());
                }
                match reading {
                    Ok(reading) => self.keep(&reading, span_ms),
                    Err(EngineFault::Request(Fault::Frame(_))) => film.refused(time_ms, span_ms),
                    Err(fault) => {
                        self.take_spans(&film);
                        return Err(fault.to_string());
                    }
                }
            }
            match event {
                Ok(Some(Event::Picture { frame, span_ms })) => {
                    let time_ms = frame.time_ms;
                    on_their_way.push_back((Box::pin(engine.analyse(frame)), time_ms, span_ms));
                }
                Ok(Some(Event::Longer { more_ms })) => {
                    self.state.readings.update_value(|readings| readings.columns.extend_last(more_ms));
                }
                Ok(Some(Event::Nothing) | None) => {}
                Err(fault) => {
                    self.take_spans(&film);
                    return Err(fault.to_string());
                }
            }
            if last {
                break;
            }
            self.show(&film);
        }
        self.take_spans(&film);
        // What a file claims may be shorter or longer than what it holds.
        let last_ms = self.state.readings.with_value(|readings| readings.columns.last_ms());
        let end_ms = film.end_ms().or(last_ms).unwrap_or_default();
        self.change_progress(|progress| (progress.at_ms, progress.end_ms) = (end_ms, Some(end_ms)));
        if self.state.window.with_untracked(|window| window.is_whole()) {
            self.state.window.set(Window::whole(end_ms));
        }
        Ok(())
    }

    /// Keep what was read of a picture that stands for so many milliseconds.
    fn keep(self, reading: &FrameReading, span_ms: f64) {
        let samples = samples_of(reading, 0.0, &mut Smoother::new(0.0), &[]);
        self.state.readings.update_value(|readings| readings.columns.push(&samples, span_ms));
        // Moments without a face are no loss.
        if samples.iter().any(|sample| sample.face.is_some()) {
            self.with(|parts| {
                if let Some(clip) = parts.shown_clip() {
                    clip.settled = false;
                }
            });
            self.state.kept.note_new_readings();
        }
    }

    fn change_progress(self, change: impl FnOnce(&mut Progress)) {
        self.state.progress.update(|progress| {
            if let Some(progress) = progress {
                change(progress);
            }
        });
    }

    fn take_spans(self, film: &Film) {
        let (unread, frozen) = film.spans();
        self.state.readings.update_value(|readings| {
            (readings.unread, readings.frozen) = (unread, frozen);
            readings.holdings = film.holdings();
        });
    }

    /// Show how far it has come, a few times a second.
    fn show(self, film: &Film) {
        let now_ms = js_sys::Date::now();
        let (progress, draw) = self.with(|parts| {
            (parts.progress_due.due(now_ms, PROGRESS_MS), parts.drawn_due.due(now_ms, DRAW_MS))
        });
        if progress {
            let began_ms = self.with(|parts| parts.began_ms);
            let frames = self.state.readings.with_value(|readings| readings.columns.frames());
            self.change_progress(|progress| {
                progress.at_ms = film.at_ms();
                progress.frames = frames;
                progress.elapsed_ms = now_ms - began_ms;
            });
        }
        if draw {
            self.take_spans(film);
            self.arrange();
        }
    }

    /// Renew what is drawn of the readings.
    pub(super) fn arrange(self) {
        let (whose, smoothing_s) = (self.state.whose.get_untracked(), self.state.smoothing_s.get_untracked());
        let (faces, last_ms) = self
            .state
            .readings
            .try_update_value(|readings| {
                readings.arrange(whose, smoothing_s * 1000.0);
                (readings.columns.faces(), readings.columns.last_ms())
            })
            .unwrap_or_default();
        // The list of choices is only written anew when it has changed: it may be open.
        let ids = |faces: &[emotion_record::clip::columns::FaceTally]| faces.len();
        let running = self
            .state
            .progress
            .with_untracked(|progress| progress.as_ref().is_some_and(|progress| progress.running));
        if !running || self.state.faces.with_untracked(|shown| ids(shown) != ids(&faces)) {
            self.state.faces.set(faces);
        }
        // Without a known length the axis grows with what was read.
        let unknown = self
            .state
            .progress
            .with_untracked(|progress| progress.as_ref().is_some_and(|progress| progress.end_ms.is_none()));
        if unknown && self.state.window.with_untracked(|window| window.is_whole()) {
            self.state.window.set(Window::whole(last_ms.unwrap_or_default()));
        }
        self.state.tick.update(|tick| *tick += 1);
    }

    /// The reading has ended, by itself or by the person.
    fn finish(self, fault: Option<String>) {
        let began_ms = self.with(|parts| parts.began_ms);
        let notes = self.state.readings.with_value(|readings| {
            let faces = readings.columns.faces();
            let usable = faces.iter().map(|face| face.usable).sum();
            let frames = readings.columns.frames();
            let mut notes: Vec<String> = fault.iter().cloned().collect();
            notes.extend(words::notes(&readings.unread, &readings.frozen, frames, faces.len(), usable));
            notes.extend(readings.holdings.iter().flat_map(words::holdings));
            notes
        });
        let frames = self.state.readings.with_value(|readings| readings.columns.frames());
        self.change_progress(|progress| {
            progress.running = false;
            progress.frames = frames;
            progress.fault = fault;
            progress.elapsed_ms = js_sys::Date::now() - began_ms;
        });
        let progress = self.state.progress.get_untracked().unwrap_or_default();
        let said = words::progress(&progress);
        self.with(|parts| {
            if let Some(clip) = parts.shown_clip() {
                (clip.progress, clip.notes) = (progress, notes.clone());
            }
        });
        self.state.notes.set(notes);
        self.arrange();
        if self.read_next() {
            return;
        }
        self.show_clips();
        // The button that may have the focus goes away.
        if document().active_element().is_some_and(|element| element.id() == "cancel") {
            focus("progress");
        }
        self.state.frame.announcement.set(said);
    }

    /// Read no more; what was read stays.
    pub fn cancel(self) {
        if !self.state.running_now() {
            return;
        }
        let waiting = self.with(|parts| {
            parts.runs.begin();
            std::mem::take(&mut parts.waiting).len()
        });
        self.change_progress(|progress| progress.cancelled = true);
        self.finish(None);
        if let Some(sentence) = left_out(waiting) {
            self.state.notes.update(|notes| notes.push(sentence));
        }
    }

    /// Forget the videos and their readings.
    pub fn discard(self) {
        self.clear();
        self.state.frame.announcement.set("The readings were discarded.".to_owned());
    }

    fn clear(self) {
        self.put_away();
        self.with(|parts| {
            let mut runs = std::mem::take(&mut parts.runs);
            runs.begin();
            *parts = Parts { runs, ..Parts::default() };
        });
        self.reset_view();
        self.state.kept.forget_readings();
        self.show_clips();
    }

    /// Nothing is shown of any video.
    pub(super) fn reset_view(self) {
        self.state.read_pace.set(None);
        self.state.size.set((0, 0));
        self.state.progress.set(None);
        self.state.name.set(String::new());
        self.state.readings.set_value(Readings::default());
        self.state.notes.set(Vec::new());
        self.state.faces.set(Vec::new());
        self.state.whose.set(Whose::default());
        self.state.curves.set([true; 7]);
        self.state.cursor_ms.set(0.0);
        self.state.window.set(Window::whole(0.0));
        self.state.tick.update(|tick| *tick += 1);
    }

    /// The run of now, so that what comes late is not taken for the next file's.
    pub(super) fn run(self) -> Run {
        self.with(|parts| parts.runs.now())
    }
}
