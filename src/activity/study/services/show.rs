//! The show: the rest before a stimulus, the stimulus, its end, and what breaks it off.

mod watching;

use std::cell::RefCell;
use std::rc::Rc;

use emotion_core::reading::FrameReading;
use emotion_study::file::{Media, Stimulus};
use emotion_study::result::{Columns, EventKind};
use emotion_study::session::{Cause, Event};
use leptos::html::Video;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::activity::study::services::course::Course;
use crate::activity::study::services::eyes::Eyes;
use crate::activity::study::services::files::Files;
use crate::view::study::participant::Held;
use crate::view::study::sampling::{self, Moment, Rate};
use crate::view::study::stimulus_clock::StimulusClock;
use crate::view::study::watch::Watch;
use crate::web::clock;
use crate::web::full_screen;
use crate::web::listener::{Interval, Timer};
use crate::web::player::{self, Begun, Played, Showing};

/// So often it is asked what goes on, in milliseconds.
const TICK_MS: i32 = 100;
/// A first picture at the video's very begin is only taken for the start after so long, in milliseconds: browsers present it before
/// the video runs.
const STANDING_MS: f64 = 500.0;
/// So often readings go into the journal, in milliseconds.
const WRITE_MS: f64 = 2_000.0;

/// What stands on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    /// Nothing is shown.
    Nothing,
    /// The rest before a stimulus.
    Rest,
    /// The stimulus.
    Stimulus,
    /// The browser wants a click before it plays.
    WantsClick,
}

#[derive(Default)]
struct Parts {
    stimulus: Option<&'static Stimulus>,
    rate: Option<Rate>,
    /// Readings from the rest on, until the stimulus has begun and they have a time in it.
    waiting: Vec<(f64, Held)>,
    clock: Option<StimulusClock>,
    /// Readings that the course does not have yet.
    chunk: Columns,
    written_ms: f64,
    showing: Option<Showing>,
    /// When play was asked for, and when the first picture was presented.
    asked_ms: f64,
    first_ms: Option<f64>,
    timer: Option<Timer>,
    tick: Option<Interval>,
    watch: Watch,
}

/// Handle of the service.
#[derive(Clone, Copy)]
pub struct Show {
    pub scene: RwSignal<Scene>,
    /// The video stands still.
    pub stalled: RwSignal<bool>,
    /// The full screen was left while something is shown.
    pub left_full_screen: RwSignal<bool>,
    /// What broke off before the stimulus began, or during it; told beside the next start.
    pub broke_off: RwSignal<Option<Cause>>,
    /// Another person sat there when the last one ended.
    pub other_face: RwSignal<bool>,
    /// The one element for all videos.
    pub video: NodeRef<Video>,
    course: Course,
    eyes: Eyes,
    files: Files,
    parts: StoredValue<Rc<RefCell<Parts>>, LocalStorage>,
}

impl Show {
    pub fn new(course: Course, eyes: Eyes, files: Files) -> Self {
        Self {
            scene: RwSignal::new(Scene::Nothing),
            stalled: RwSignal::new(false),
            left_full_screen: RwSignal::new(false),
            broke_off: RwSignal::new(None),
            other_face: RwSignal::new(false),
            video: NodeRef::new(),
            course,
            eyes,
            files,
            parts: StoredValue::new_local(Rc::default()),
        }
    }

    fn with<T>(self, work: impl FnOnce(&mut Parts) -> T) -> T {
        let parts = self.parts.get_value();
        let mut parts = parts.borrow_mut();
        work(&mut parts)
    }

    /// Show the next stimulus; from within the participant's click, so that the browser lets it play and fill the screen.
    pub fn start(self) {
        let Some(stimulus) = self.course.session(|session| session.stimulus()).flatten() else { return };
        let Some(loaded) = self.course.loaded() else { return };
        self.stop();
        self.broke_off.set(None);
        if let (Media::Video(video), Some(element)) = (&stimulus.media, self.video.get_untracked())
            && let Some(url) = self.files.url(&video.file)
        {
            element.set_src(&url);
            player::unlock(&element);
        }
        if full_screen::is_possible() && !full_screen::is_full() {
            full_screen::ask();
        }
        let rest_ms = loaded.study.baseline.before_each_ms;
        let now_ms = clock::now_ms();
        let begin = Timer::new(rest_ms as i32, move || self.begin_stimulus());
        let tick = Interval::new(TICK_MS, move || self.tick());
        self.with(|parts| {
            parts.stimulus = Some(stimulus);
            parts.rate = Some(Rate::new(loaded.study.sample_rate_hz));
            parts.chunk = sampling::columns();
            parts.written_ms = now_ms;
            parts.timer = begin;
            parts.tick = tick;
            parts.watch.begin_showing(false);
        });
        self.scene.set(Scene::Rest);
    }

    /// The rest is over.
    fn begin_stimulus(self) {
        let Some(stimulus) = self.with(|parts| parts.stimulus) else { return };
        match &stimulus.media {
            Media::Video(video) => {
                let showing =
                    self.video.get_untracked().zip(self.files.url(&video.file)).map(|(element, url)| {
                        Showing::new(&element, &url, move |played| self.played(played))
                    });
                let Some(showing) = showing else { return self.break_off(Cause::MediaError) };
                self.scene.set(Scene::Stimulus);
                self.with(|parts| {
                    parts.showing = Some(showing);
                    parts.asked_ms = clock::now_ms();
                    parts.first_ms = None;
                });
                self.play();
            }
            _ => {
                self.scene.set(Scene::Stimulus);
                // In the next frame it is on the screen.
                request_animation_frame(move || {
                    request_animation_frame(move || {
                        if self.with(|parts| parts.clock.is_none() && parts.stimulus.is_some()) {
                            self.begun(StimulusClock::still(clock::now_ms()));
                        }
                    });
                });
            }
        }
    }

    /// Have the video play; by a click where the browser wants one.
    pub fn play(self) {
        let Some(playing) = self.with(|parts| parts.showing.as_ref().map(Showing::play)) else { return };
        spawn_local(async move {
            match playing.await {
                Begun::Playing => {
                    if self.scene.get_untracked() == Scene::WantsClick {
                        self.scene.set(Scene::Stimulus);
                    }
                }
                Begun::Rejected => {
                    self.course.note(EventKind::PlayRejected, clock::now_ms(), None);
                    self.scene.set(Scene::WantsClick);
                }
                Begun::Failed => self.break_off(Cause::MediaError),
            }
        });
    }

    fn played(self, played: Played) {
        match played {
            Played::Picture { page_ms, media_ms } => {
                let first = self.with(|parts| match &mut parts.clock {
                    Some(clock) => {
                        clock.shown(page_ms, media_ms);
                        false
                    }
                    None => {
                        let first_ms = *parts.first_ms.get_or_insert(page_ms);
                        media_ms > 0.0 || page_ms - first_ms > STANDING_MS
                    }
                });
                if first {
                    self.begun(StimulusClock::video(page_ms, media_ms));
                }
            }
            Played::Ended { media_ms } => self.finish(media_ms),
            Played::Failed => self.break_off(Cause::MediaError),
        }
    }

    /// The stimulus is on the screen: from now on readings have a time in it, those of the rest as well.
    fn begun(self, clock: StimulusClock) {
        let time_ms = self.course.since_consent(clock.began_ms());
        let waiting = self.with(|parts| {
            parts.clock = Some(clock);
            std::mem::take(&mut parts.waiting)
        });
        if !self.course.apply(Event::Started { time_ms }) {
            return self.stop();
        }
        for (page_ms, who) in waiting {
            self.keep(page_ms, &who);
        }
        let duration_ms = self.with(|parts| {
            parts.stimulus.filter(|stimulus| !matches!(stimulus.media, Media::Video(_)))?.media.duration_ms()
        });
        if let Some(duration_ms) = duration_ms {
            let end = Timer::new(duration_ms as i32, move || self.finish(f64::from(duration_ms)));
            self.with(|parts| parts.timer = end);
        }
    }

    /// A frame was read.
    pub fn seen(self, reading: &FrameReading, who: &Held) {
        let scene = self.scene.get_untracked();
        let page_ms = reading.time_ms;
        let now_ms = clock::now_ms();
        let events = self.with(|parts| parts.watch.presence(who.presence(), now_ms));
        events.into_iter().for_each(|kind| self.note(kind));
        if scene == Scene::Nothing || scene == Scene::WantsClick {
            return;
        }
        let begun = self.with(|parts| {
            let kept = parts.rate.as_mut().is_some_and(|rate| rate.keeps(page_ms));
            if kept && parts.clock.is_none() {
                parts.waiting.push((page_ms, who.clone()));
            }
            kept && parts.clock.is_some()
        });
        if begun {
            self.keep(page_ms, who);
        }
    }

    /// A second without a frame is over.
    pub fn no_frame(self, page_ms: f64) {
        let moment = self.moment(page_ms);
        if let Some(moment) = moment {
            self.with(|parts| sampling::keep_no_frame(&mut parts.chunk, moment));
        }
    }

    fn moment(self, page_ms: f64) -> Option<Moment> {
        let exposure = self.course.session(|session| session.exposures().len().checked_sub(1)).flatten()?;
        let media_ms = self.with(|parts| parts.clock.as_ref().map(|clock| clock.media_ms(page_ms)))?;
        Some(Moment { time_ms: self.course.since_consent(page_ms), media_ms, exposure: exposure as u16 })
    }

    fn keep(self, page_ms: f64, who: &Held) {
        let Some(moment) = self.moment(page_ms) else { return };
        let due = self.with(|parts| {
            sampling::keep(&mut parts.chunk, moment, who.presence());
            page_ms - parts.written_ms >= WRITE_MS
        });
        if due {
            self.hand_on(page_ms);
        }
    }

    /// Give the course what was kept since.
    fn hand_on(self, page_ms: f64) {
        let chunk = self.with(|parts| {
            parts.written_ms = page_ms;
            std::mem::replace(&mut parts.chunk, sampling::columns())
        });
        self.course.add(&chunk);
    }

    fn note(self, kind: EventKind) {
        let now_ms = clock::now_ms();
        let media_ms = self.with(|parts| parts.clock.as_ref().map(|clock| clock.media_ms(now_ms)));
        self.course.note(kind, now_ms, media_ms);
    }

    /// The stimulus has come to its end.
    fn finish(self, media_ms: f64) {
        let now_ms = clock::now_ms();
        if self.with(|parts| parts.clock.is_none()) {
            // A video that ended before it showed a picture was not shown.
            return self.break_off(Cause::MediaError);
        }
        self.end(now_ms, |time_ms| Event::Finished { time_ms, media_ms: media_ms.round() as u32 });
    }

    /// It breaks off: before it has begun nothing has happened, and it can be started again.
    pub fn break_off(self, cause: Cause) {
        if self.scene.get_untracked() == Scene::Nothing {
            return;
        }
        self.broke_off.set(Some(cause));
        let now_ms = clock::now_ms();
        let media_ms = self.with(|parts| {
            let clock = parts.clock.as_ref()?;
            let longest = parts.stimulus?.media.duration_ms().map_or(i32::MAX, |ms| ms as i32);
            Some(clock.media_ms(now_ms).clamp(0, longest) as u32)
        });
        match media_ms {
            Some(media_ms) => self.end(now_ms, |time_ms| Event::Interrupted { time_ms, media_ms, cause }),
            None if cause == Cause::MediaError => {
                // It will not begin the next time either: count it as shown and broken off.
                self.begun(StimulusClock::still(now_ms));
                self.end(now_ms, |time_ms| Event::Interrupted { time_ms, media_ms: 0, cause });
            }
            None => self.stop(),
        }
    }

    fn end(self, now_ms: f64, event: impl FnOnce(u32) -> Event) {
        self.hand_on(now_ms);
        self.other_face.set(self.with(|parts| parts.watch.is_other_face()));
        self.stop();
        self.course.apply(event(self.course.since_consent(now_ms)));
    }

    /// Nothing is shown any more.
    pub fn stop(self) {
        let old = self.with(|parts| {
            parts.stimulus = None;
            parts.clock = None;
            parts.first_ms = None;
            parts.waiting.clear();
            (parts.showing.take(), parts.timer.take(), parts.tick.take())
        });
        drop(old);
        set_if_other(self.stalled, false);
        set_if_other(self.left_full_screen, false);
        if self.scene.get_untracked() != Scene::Nothing {
            self.scene.set(Scene::Nothing);
        }
    }
}

fn set_if_other(signal: RwSignal<bool>, value: bool) {
    if signal.get_untracked() != value {
        signal.set(value);
    }
}
