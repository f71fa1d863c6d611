//! What happens beside the curves while something is shown, and what of it breaks off.

use emotion_study::result::EventKind;
use leptos::prelude::*;

use super::{STANDING_MS, Scene, Show, set_if_other};
use crate::view::study::stimulus_clock::StimulusClock;
use crate::web::{clock, full_screen, visibility};

impl Show {
    /// What happens beside the curves, by a timer and by the browser's events: whatever comes or does not come.
    pub(super) fn tick(self) {
        let now_ms = clock::now_ms();
        // A video of one picture has no second one that would tell that it runs.
        let standing =
            self.with(|parts| parts.first_ms.filter(|_| parts.clock.is_none() && parts.showing.is_some()));
        if let Some(first_ms) = standing.filter(|first_ms| now_ms - first_ms > STANDING_MS) {
            self.begun(StimulusClock::video(first_ms, 0.0));
        }
        let camera_ms = self.eyes.silent_ms();
        let (events, cause, stalled, left) = self.with(|parts| {
            let playing = parts.showing.is_some();
            let newest = parts.clock.as_ref().and_then(StimulusClock::newest);
            let video_ms = match newest {
                Some((page_ms, _)) if playing => (now_ms - page_ms).max(0.0),
                // It has not begun yet.
                None if playing => now_ms - parts.asked_ms,
                _ => 0.0,
            };
            let watch = &mut parts.watch;
            let events: Vec<EventKind> = [
                watch.hidden(visibility::hidden(), now_ms),
                watch.full_screen(full_screen::is_full(), now_ms),
                watch.video(video_ms, now_ms),
                watch.camera(camera_ms, now_ms),
            ]
            .into_iter()
            .flatten()
            .collect();
            let cause = watch.breaks_off(now_ms, camera_ms, video_ms);
            (events, cause, watch.is_stalled(), watch.has_left_full_screen())
        });
        events.into_iter().for_each(|kind| self.note(kind));
        set_if_other(self.stalled, stalled);
        set_if_other(self.left_full_screen, left);
        if let Some(cause) = cause {
            self.break_off(cause);
        }
    }

    /// The page was hidden or is shown again: told at once, for timers of a hidden page are slow.
    pub fn visibility_changed(self, hidden: bool) {
        let now_ms = clock::now_ms();
        if self.scene.get_untracked() != Scene::Nothing {
            // The absence that ends now counts before it is over.
            self.tick_before_return(hidden, now_ms);
        }
        let event = self.with(|parts| parts.watch.hidden(hidden, now_ms));
        event.into_iter().for_each(|kind| self.note(kind));
    }

    fn tick_before_return(self, hidden: bool, now_ms: f64) {
        if hidden {
            return;
        }
        if let Some(cause) = self.with(|parts| parts.watch.breaks_off(now_ms, 0.0, 0.0)) {
            self.break_off(cause);
        }
    }

    /// The window has the focus, or has lost it.
    pub fn focus_changed(self, focused: bool) {
        let event = self.with(|parts| parts.watch.focused(focused, clock::now_ms()));
        event.into_iter().for_each(|kind| self.note(kind));
    }
}
