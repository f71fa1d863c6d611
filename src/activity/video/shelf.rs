//! The videos that were read one after the other: one is shown, the others wait here with their readings.

use std::borrow::Cow;

use leptos::prelude::*;

use crate::activity::video::control::Controller;
use crate::activity::video::state::Readings;
use crate::ui::saving::{FileKind, save_samples};
use crate::view::video::{Overview, Progress, Window};
use crate::web::file_name::download_name;
use crate::web::listener::error_text;
use crate::web::object_url::ObjectUrl;
use crate::web::picked::PickedFile;
use emotion_core::walk::Pace;
use emotion_record::clip::smooth::smoothed;
use emotion_record::clip::summary::summarise;
use emotion_record::clip::{Columns, Whose};
use emotion_record::session::{Sample, Session};

/// A video that was chosen, with what was read of it.
pub(super) struct Clip {
    pub file: PickedFile,
    /// As in `source`: no two videos have one name.
    pub name: String,
    /// When its reading began, ISO 8601 in UTC.
    pub began_utc: String,
    pub pace: Pace,
    pub progress: Progress,
    pub notes: Vec<String>,
    /// Empty while it is shown: then the state has them.
    pub readings: Readings,
    pub whose: Whose,
    /// No face was found in it, or a file holds its readings.
    pub settled: bool,
}

impl Clip {
    pub fn new(file: PickedFile, name: String, began_utc: String, pace: Pace) -> Self {
        Self {
            file,
            name,
            began_utc,
            pace,
            progress: Progress { running: true, ..Progress::default() },
            notes: Vec::new(),
            readings: Readings::default(),
            whose: Whose::default(),
            settled: true,
        }
    }
}

/// The mean depths of the largest face.
fn means(columns: &Columns) -> Option<[f32; 7]> {
    summarise(columns, Whose::Largest, 1.0).map(|summary| summary.figures.map(|figures| figures.mean))
}

/// All samples of a video as they stand in a file.
fn samples<'a>(
    columns: &'a Columns,
    depths: Cow<'a, [[f32; 7]]>,
    smoothing_ms: f64,
    name: &'a str,
) -> impl Iterator<Item = Sample> + use<'a> {
    (0..columns.len()).map(move |row| {
        let depth = depths.get(row).copied().unwrap_or_else(|| columns.raw(row));
        columns.sample(row, depth, smoothing_ms, name)
    })
}

impl Controller {
    /// Put the readings of the shown video back to the others.
    pub(super) fn put_away(self) {
        let readings = self.state.readings.try_update_value(std::mem::take).unwrap_or_default();
        let whose = self.state.whose.get_untracked();
        let address = self.with(|parts| {
            if let Some(clip) = parts.shown_clip() {
                (clip.readings, clip.whose) = (readings, whose);
            }
            parts.shown = None;
            parts.address.take()
        });
        self.state.address.set(None);
        drop(address);
    }

    /// Show a video that was read, with its chart and its files.
    pub fn show_video(self, at: usize) {
        let shown = self.with(|parts| parts.shown);
        if self.state.running_now() || shown == Some(at) {
            return;
        }
        self.put_away();
        self.reset_view();
        let taken = self.with(|parts| {
            let clip = parts.clips.get_mut(at)?;
            let readings = std::mem::take(&mut clip.readings);
            let end_ms = clip.progress.end_ms.unwrap_or(clip.progress.at_ms);
            parts.shown = Some(at);
            let clip = parts.shown_clip()?;
            Some((
                clip.file.clone(),
                clip.name.clone(),
                clip.pace,
                clip.progress.clone(),
                clip.notes.clone(),
                clip.whose,
                readings,
                end_ms,
            ))
        });
        let Some((file, name, pace, progress, notes, whose, readings, end_ms)) = taken else { return };
        match ObjectUrl::new(&file.file) {
            Ok(address) => {
                self.state.address.set(Some(address.as_str().to_owned()));
                self.with(|parts| parts.address = Some(address));
            }
            Err(error) => {
                self.state.kept.say(format!("The file could not be opened ({}).", error_text(&error)))
            }
        }
        self.state.name.set(name);
        self.state.read_pace.set(Some(pace));
        self.state.progress.set(Some(progress));
        self.state.notes.set(notes);
        self.state.readings.set_value(readings);
        self.state.window.set(Window::whole(end_ms));
        self.state.whose.set(whose);
        self.state.shown.set(Some(at));
        self.arrange();
    }

    /// Renew the table over all videos.
    pub(super) fn show_clips(self) {
        let rows = self.with(|parts| {
            let shown = parts.shown;
            let row = |(at, clip): (usize, &Clip)| {
                let of = |readings: &Readings| (readings.columns.faces().len(), means(&readings.columns));
                let (faces, means) = match shown == Some(at) {
                    true => self.state.readings.with_value(of),
                    false => of(&clip.readings),
                };
                Overview::of(&clip.name, &clip.progress, faces, means)
            };
            parts.clips.iter().enumerate().map(row).collect::<Vec<_>>()
        });
        self.state.clips.set(rows);
        self.state.waiting.set(self.with(|parts| parts.waiting.len()));
        self.state.shown.set(self.with(|parts| parts.shown));
    }

    /// A file holds the readings of the shown video, or of all.
    pub(super) fn settle(self, all: bool) {
        let unsaved = self.with(|parts| {
            let shown = parts.shown;
            for (at, clip) in parts.clips.iter_mut().enumerate() {
                clip.settled |= all || shown == Some(at);
            }
            parts.clips.iter().any(|clip| !clip.settled)
        });
        self.state.kept.unsaved.set(unsaved);
    }

    /// Hand the samples of the shown video to the browser as a file, whatever the chart shows of them.
    pub fn save(self, kind: FileKind) {
        let name = self.state.name.get_untracked();
        let file = download_name(&format!("emotion-depth_{name}"), kind.extension());
        let began = self.with(|parts| parts.shown_clip().map(|clip| clip.began_utc.clone()));
        let session = self.session(began.unwrap_or_default());
        let outcome = self.state.readings.with_value(|readings| {
            let samples =
                samples(&readings.columns, Cow::Borrowed(&readings.depths), session.smoothing_time_ms, &name);
            save_samples(kind, &file, &session, samples)
        });
        self.tell_saved(outcome, &file, false);
    }

    /// Hand the samples of all videos to the browser as one file.
    pub fn save_all(self, kind: FileKind) {
        let count = self.with(|parts| parts.clips.len());
        let file = download_name(&format!("emotion-depth_{count}-videos"), kind.extension());
        let began = self.with(|parts| parts.clips.first().map(|clip| clip.began_utc.clone()));
        let session = self.session(began.unwrap_or_default());
        let smoothing_ms = session.smoothing_time_ms;
        let outcome = self.with(|parts| {
            let shown = parts.shown;
            self.state.readings.with_value(|of_shown| {
                // Each is smoothed when its turn comes, so that never more than one is held twice.
                let of_all = parts.clips.iter().enumerate().flat_map(|(at, clip)| {
                    let readings = if shown == Some(at) { of_shown } else { &clip.readings };
                    let depths = smoothed(&readings.columns, smoothing_ms);
                    samples(&readings.columns, Cow::Owned(depths), smoothing_ms, &clip.name)
                });
                save_samples(kind, &file, &session, of_all)
            })
        });
        self.tell_saved(outcome, &file, true);
    }

    fn session(self, began_utc: String) -> Session {
        let mut session = Session::new(began_utc, self.frame.models());
        session.smoothing_time_ms = self.state.smoothing_s.get_untracked() * 1000.0;
        session
    }

    fn tell_saved(self, outcome: Result<(), String>, file: &str, all: bool) {
        match outcome {
            Ok(()) => {
                self.settle(all);
                self.state.kept.tell_saved(file);
            }
            Err(sentence) => self.state.kept.say(sentence),
        }
    }
}
