//! What stands behind the views. `course` (the session and its journal), `eyes` (camera and engine), `files` (what is loaded),
//! `show` (stimuli), `opening` (link and study file) and `measuring` (check and baseline) each have one job; [`Conductor`] hears what
//! they tell and says who does what when.

pub mod course;
pub mod eyes;
pub mod files;
pub mod handing;
mod keeper;
pub mod measuring;
pub mod opening;
pub mod show;

use std::cell::RefCell;
use std::rc::Rc;

use emotion_study::session::{Cause, Event, Outcome, Stage};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::activity::frame::Frame;
use crate::activity::study::services::course::Course;
use crate::activity::study::services::eyes::{Eyes, Lens, Seen};
use crate::activity::study::services::files::Files;
use crate::activity::study::services::handing::Handing;
use crate::activity::study::services::measuring::Measuring;
use crate::activity::study::services::opening::Opening;
use crate::activity::study::services::show::Show;
use crate::view::loading::Loading;
use crate::web::awake::WakeLock;
use crate::web::listener::Listener;
use crate::web::support::Need;
use crate::web::{full_screen, visibility};

#[derive(Default)]
struct Parts {
    listeners: Vec<Listener>,
    awake: Option<WakeLock>,
}

/// Says who does what when.
#[derive(Clone, Copy)]
pub struct Conductor {
    pub course: Course,
    pub eyes: Eyes,
    pub files: Files,
    pub show: Show,
    pub opening: Opening,
    pub measuring: Measuring,
    pub handing: Handing,
    pub frame: Frame,
    parts: StoredValue<Rc<RefCell<Parts>>, LocalStorage>,
}

impl Conductor {
    pub fn new(frame: Frame) -> Self {
        let course = Course::new(frame);
        let eyes = Eyes::new(frame);
        let files = Files::new(course, frame);
        let show = Show::new(course, eyes, files);
        Self {
            course,
            eyes,
            files,
            show,
            opening: Opening::new(course, files),
            measuring: Measuring::new(course, eyes),
            handing: Handing::new(course),
            frame,
            parts: StoredValue::new_local(Rc::default()),
        }
    }

    /// Everything can begin.
    pub fn begin(self, needs: &'static [Need]) {
        self.course.begin(move |stage| self.staged(&stage));
        self.eyes.begin(move |seen| self.seen(seen));
        let window = window();
        let listeners = vec![
            visibility::on_change(move |hidden| self.show.visibility_changed(hidden)),
            Listener::new(&window, "blur", move |_| self.show.focus_changed(false)),
            Listener::new(&window, "focus", move |_| self.show.focus_changed(true)),
        ];
        self.parts.get_value().borrow_mut().listeners = listeners;
        // The engine may come after the study's files.
        Effect::new(move |_| {
            let settled = self.frame.loading.with(|loading| !matches!(loading, Loading::Bytes { .. }));
            let waits = self.course.stage.get_untracked() == Stage::Loading
                && !self.files.running.get_untracked()
                && self.files.asked.get_untracked();
            if settled && waits {
                self.files.go_on();
            }
            if settled && self.course.stage.get_untracked() == (Stage::Ended { outcome: Outcome::Complete }) {
                self.handing.ended();
            }
        });
        self.opening.open(needs);
    }

    fn seen(self, seen: Seen<'_>) {
        match seen {
            Seen::Frame { reading, who } => {
                self.measuring.seen(reading, &who);
                self.show.seen(reading, &who);
            }
            Seen::NoFrame { page_ms } => self.show.no_frame(page_ms),
            Seen::EngineGone => {
                self.show.break_off(Cause::CameraLost);
                // Files are here; camera and face must be got again.
                self.course.apply(Event::Reloaded);
            }
        }
    }

    /// A stage begins.
    fn staged(self, stage: &Stage) {
        match stage {
            Stage::Notice | Stage::Screening | Stage::Consent => {}
            Stage::Loading => {
                self.opening.strip_address();
                self.measuring.stop();
                self.files.ask_sizes();
                if self.files.all_here() && self.frame.sealed.get_untracked() {
                    self.files.go_on();
                }
            }
            Stage::Checks => {
                self.keep_awake();
                if self.eyes.lens.get_untracked() == Lens::On {
                    self.measuring.check();
                }
            }
            Stage::Baseline | Stage::Ready | Stage::Showing | Stage::Pause => {}
            Stage::Questions => {
                let done = self.course.session(|session| session.progress());
                if done.is_some_and(|(done, all)| done == all) {
                    self.rest();
                }
            }
            Stage::Review { .. } | Stage::Handover { .. } => self.rest(),
            Stage::Ended { outcome } => {
                self.rest();
                self.opening.strip_address();
                self.frame.stop_engine();
                if *outcome == Outcome::Complete {
                    self.handing.ended();
                }
            }
        }
    }

    /// The camera is needed no more: its light goes out.
    fn rest(self) {
        self.show.stop();
        self.measuring.stop();
        self.eyes.close();
        full_screen::leave();
        self.parts.get_value().borrow_mut().awake = None;
    }

    fn keep_awake(self) {
        spawn_local(async move {
            let lock = WakeLock::request().await;
            let measuring = !matches!(
                self.course.stage.get_untracked(),
                Stage::Review { .. } | Stage::Handover { .. } | Stage::Ended { .. }
            );
            if measuring {
                self.parts.get_value().borrow_mut().awake = lock;
            }
        });
    }

    /// The participant withdraws: everything is deleted, and the camera is off.
    pub fn withdraw(self) {
        self.show.stop();
        self.course.apply(Event::Withdrawn);
    }

    /// It does not work here.
    pub fn give_up(self) {
        self.course.apply(Event::GaveUp);
    }
}
