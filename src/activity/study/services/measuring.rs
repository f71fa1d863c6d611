//! The measuring before the stimuli: the camera check, and the face at rest.

use std::cell::RefCell;
use std::rc::Rc;

use emotion_core::reading::FrameReading;
use emotion_study::result::Camera;
use emotion_study::session::Event;
use leptos::prelude::*;

use crate::activity::study::services::course::Course;
use crate::activity::study::services::eyes::Eyes;
use crate::view::study::check::{Check, Standing};
use crate::view::study::participant::Held;
use crate::view::study::rest::Rest;
use crate::web::clock;
use crate::web::listener::Interval;

/// So often the check is looked at, in milliseconds.
const LOOK_MS: i32 = 300;

/// How the baseline stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resting {
    /// It has not begun.
    Ready,
    /// So many seconds are left.
    Running { seconds: u32 },
    /// The face could not be read well enough.
    Failed,
}

#[derive(Default)]
struct Parts {
    check: Option<Check>,
    rest: Option<(Rest, f64)>,
    timer: Option<Interval>,
}

/// Handle of the service.
#[derive(Clone, Copy)]
pub struct Measuring {
    pub standing: RwSignal<Standing>,
    pub resting: RwSignal<Resting>,
    course: Course,
    eyes: Eyes,
    parts: StoredValue<Rc<RefCell<Parts>>, LocalStorage>,
}

impl Measuring {
    pub fn new(course: Course, eyes: Eyes) -> Self {
        Self {
            standing: RwSignal::new(Standing::default()),
            resting: RwSignal::new(Resting::Ready),
            course,
            eyes,
            parts: StoredValue::new_local(Rc::default()),
        }
    }

    fn with<T>(self, work: impl FnOnce(&mut Parts) -> T) -> T {
        let parts = self.parts.get_value();
        let mut parts = parts.borrow_mut();
        work(&mut parts)
    }

    /// Look at the camera from now on.
    pub fn check(self) {
        let Some(loaded) = self.course.loaded() else { return };
        let checks = &loaded.study.checks;
        let check = Check::new(checks.min_fps, checks.min_quality, clock::now_ms());
        let timer = Interval::new(LOOK_MS, move || self.look());
        self.with(|parts| {
            parts.check = Some(check);
            parts.timer = timer;
        });
        self.standing.set(Standing::default());
    }

    fn look(self) {
        let now_ms = clock::now_ms();
        if let Some(standing) = self.with(|parts| parts.check.as_ref().map(|check| check.standing(now_ms)))
            && self.standing.with_untracked(|before| *before != standing)
        {
            self.standing.set(standing);
        }
        let (left_ms, over) = match self.with(|parts| parts.rest.as_ref().map(|(_, end_ms)| *end_ms - now_ms))
        {
            Some(left_ms) => (left_ms, left_ms <= 0.0),
            None => return,
        };
        if over {
            return self.rested();
        }
        let resting = Resting::Running { seconds: (left_ms / 1_000.0).ceil() as u32 };
        if self.resting.get_untracked() != resting {
            self.resting.set(resting);
        }
    }

    /// Everything is good: go on to the baseline.
    pub fn pass(self) {
        let (width, height) = self.eyes.size();
        let fps = self.standing.with_untracked(|standing| standing.fps);
        self.course.note_camera(Camera { width, height, fps });
        self.with(|parts| parts.check = None);
        self.resting.set(Resting::Ready);
        self.course.apply(Event::ChecksPassed);
    }

    /// The participant looks at the screen with a face at rest from now on.
    pub fn rest(self) {
        let Some(loaded) = self.course.loaded() else { return };
        if !self.eyes.remember() {
            self.resting.set(Resting::Failed);
            return;
        }
        let seconds = loaded.study.baseline.seconds;
        let end_ms = clock::now_ms() + f64::from(seconds) * 1_000.0;
        let timer = Interval::new(LOOK_MS, move || self.look());
        self.with(|parts| {
            parts.rest = Some((Rest::default(), end_ms));
            parts.timer = timer;
        });
        self.resting.set(Resting::Running { seconds });
    }

    fn rested(self) {
        let rest = self.with(|parts| {
            parts.timer = None;
            parts.rest.take()
        });
        match rest.and_then(|(rest, _)| rest.mean()) {
            Some((raw, samples)) => {
                self.eyes.settle();
                self.resting.set(Resting::Ready);
                self.course.apply(Event::BaselineTaken { raw, samples });
            }
            None => self.resting.set(Resting::Failed),
        }
    }

    /// A frame was read.
    pub fn seen(self, reading: &FrameReading, who: &Held) {
        self.with(|parts| {
            if let Some(check) = &mut parts.check {
                check.take(reading);
            }
            if let Some((rest, _)) = &mut parts.rest {
                rest.take(who.presence());
            }
        });
    }

    /// Nothing is measured now.
    pub fn stop(self) {
        let old = self.with(std::mem::take);
        drop(old);
        self.resting.set(Resting::Ready);
    }
}
