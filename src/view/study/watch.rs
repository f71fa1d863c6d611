//! What happens beside the curves while a stimulus is shown, and when that breaks the showing off.

use emotion_study::result::EventKind;
use emotion_study::session::Cause;

use crate::view::study::participant::Presence;

/// A page that was hidden for longer than this breaks the showing off, in milliseconds; a shorter absence is only noted.
pub const HIDDEN_MS: f64 = 1_000.0;
/// A video that stands still for this long breaks off, in milliseconds; it is noted after [`STALL_MS`].
pub const GIVEN_UP_MS: f64 = 10_000.0;
/// A video without a new picture for so long stands still, in milliseconds.
pub const STALL_MS: f64 = 1_000.0;
/// A camera without a frame for so long breaks the showing off, in milliseconds.
pub const CAMERA_MS: f64 = 5_000.0;
/// A face must be away, another there, or two of them, for so long before it is noted, in milliseconds.
const FACE_MS: f64 = 500.0;

/// Something that is so or not so; told when it has been so for a while, and when it is over.
#[derive(Debug, Clone, Default)]
struct State {
    since_ms: Option<f64>,
    told: bool,
}

impl State {
    /// `Some(true)`: it has been so for `after_ms` now; `Some(false)`: it is over, after it was told.
    fn turn(&mut self, is_so: bool, now_ms: f64, after_ms: f64) -> Option<bool> {
        if !is_so {
            self.since_ms = None;
            return std::mem::take(&mut self.told).then_some(false);
        }
        let since_ms = *self.since_ms.get_or_insert(now_ms);
        if self.told || now_ms - since_ms < after_ms {
            return None;
        }
        self.told = true;
        Some(true)
    }

    fn lasts_ms(&self, now_ms: f64) -> f64 {
        self.since_ms.map_or(0.0, |since_ms| now_ms - since_ms)
    }
}

/// Watches one session, in and between showings. All times are of the page's clock.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    hidden: State,
    blurred: State,
    windowed: State,
    stalled: State,
    lost_face: State,
    second_face: State,
    other_face: State,
    camera: State,
    /// Was the screen full in this showing?
    was_full: bool,
}

impl Watch {
    /// A showing begins: what a showing before has left does not count.
    pub fn begin_showing(&mut self, full_screen: bool) {
        self.was_full = full_screen;
        self.stalled = State::default();
        self.windowed = State::default();
    }

    /// The page is hidden or shown.
    pub fn hidden(&mut self, hidden: bool, now_ms: f64) -> Option<EventKind> {
        told(self.hidden.turn(hidden, now_ms, 0.0), EventKind::Hidden, EventKind::Shown)
    }

    /// The window has the focus or not.
    pub fn focused(&mut self, focused: bool, now_ms: f64) -> Option<EventKind> {
        told(self.blurred.turn(!focused, now_ms, 0.0), EventKind::Blurred, EventKind::Focused)
    }

    /// The screen is full or not; the state itself, for some browsers' events are wrong.
    pub fn full_screen(&mut self, full: bool, now_ms: f64) -> Option<EventKind> {
        self.was_full |= full;
        let left = self.was_full && !full;
        told(self.windowed.turn(left, now_ms, 0.0), EventKind::LeftFullScreen, EventKind::BackFullScreen)
    }

    /// Whether the full screen was left in this showing and is not back.
    pub fn has_left_full_screen(&self) -> bool {
        self.windowed.told
    }

    /// How long the video has been without a new picture.
    pub fn video(&mut self, silent_ms: f64, now_ms: f64) -> Option<EventKind> {
        let turned = self.stalled.turn(silent_ms >= STALL_MS, now_ms, 0.0);
        told(turned, EventKind::Stalled, EventKind::PlayedOn)
    }

    /// Whether the video stands still.
    pub fn is_stalled(&self) -> bool {
        self.stalled.told
    }

    /// How long the camera has given no frame.
    pub fn camera(&mut self, silent_ms: f64, now_ms: f64) -> Option<EventKind> {
        let turned = self.camera.turn(silent_ms >= STALL_MS, now_ms, 0.0);
        told(turned, EventKind::CameraLost, EventKind::CameraBack)
    }

    /// Who is in the picture.
    pub fn presence(&mut self, presence: Presence<'_>, now_ms: f64) -> Vec<EventKind> {
        let nobody = presence == Presence::Nobody;
        let other = presence == Presence::Other;
        let several = matches!(presence, Presence::Here { others: true, .. });
        let lost = told(
            self.lost_face.turn(nobody || other, now_ms, FACE_MS),
            EventKind::LostFace,
            EventKind::FaceBack,
        );
        // That these are over is told by the face that is back, and by nothing.
        let begun = |turned: Option<bool>, kind| (turned == Some(true)).then_some(kind);
        let other = begun(self.other_face.turn(other, now_ms, FACE_MS), EventKind::OtherFace);
        let several = begun(self.second_face.turn(several, now_ms, FACE_MS), EventKind::SecondFace);
        [lost, other, several].into_iter().flatten().collect()
    }

    /// Whether another person sits there.
    pub fn is_other_face(&self) -> bool {
        self.other_face.told
    }

    /// Why the showing must break off now; asked by a timer and at each return, whatever comes or does not come.
    pub fn breaks_off(&self, now_ms: f64, camera_silent_ms: f64, video_silent_ms: f64) -> Option<Cause> {
        if self.hidden.lasts_ms(now_ms) > HIDDEN_MS {
            Some(Cause::Hidden)
        } else if camera_silent_ms > CAMERA_MS {
            Some(Cause::CameraLost)
        } else if video_silent_ms > GIVEN_UP_MS {
            Some(Cause::Stalled)
        } else {
            None
        }
    }
}

fn told(turned: Option<bool>, begun: EventKind, over: EventKind) -> Option<EventKind> {
    turned.map(|is_so| if is_so { begun } else { over })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_and_shown_are_told_once_each() {
        let mut watch = Watch::default();
        assert_eq!(watch.hidden(false, 0.0), None);
        assert_eq!(watch.hidden(true, 100.0), Some(EventKind::Hidden));
        assert_eq!(watch.hidden(true, 200.0), None);
        assert_eq!(watch.breaks_off(900.0, 0.0, 0.0), None, "a short look elsewhere is only noted");
        assert_eq!(watch.breaks_off(1_200.0, 0.0, 0.0), Some(Cause::Hidden));
        assert_eq!(watch.hidden(false, 1_300.0), Some(EventKind::Shown));
        assert_eq!(watch.breaks_off(1_400.0, 0.0, 0.0), None);
    }

    #[test]
    fn only_who_was_in_full_screen_can_leave_it() {
        let mut watch = Watch::default();
        watch.begin_showing(false);
        assert_eq!(watch.full_screen(false, 0.0), None);
        watch.begin_showing(true);
        assert_eq!(watch.full_screen(true, 0.0), None);
        assert_eq!(watch.full_screen(false, 10.0), Some(EventKind::LeftFullScreen));
        assert!(watch.has_left_full_screen());
        assert_eq!(watch.full_screen(true, 20.0), Some(EventKind::BackFullScreen));
    }

    #[test]
    fn a_standing_video_is_told_and_given_up_later() {
        let mut watch = Watch::default();
        assert_eq!(watch.video(400.0, 400.0), None);
        assert_eq!(watch.video(1_100.0, 1_100.0), Some(EventKind::Stalled));
        assert!(watch.is_stalled());
        assert_eq!(watch.breaks_off(9_000.0, 0.0, 9_000.0), None);
        assert_eq!(watch.breaks_off(11_000.0, 0.0, 11_000.0), Some(Cause::Stalled));
        assert_eq!(watch.video(20.0, 11_100.0), Some(EventKind::PlayedOn));
        assert_eq!(watch.camera(1_500.0, 12_000.0), Some(EventKind::CameraLost));
        assert_eq!(watch.breaks_off(16_000.0, 5_500.0, 0.0), Some(Cause::CameraLost));
    }

    #[test]
    fn faces_are_told_when_they_stay() {
        let mut watch = Watch::default();
        assert_eq!(watch.presence(Presence::Nobody, 0.0), []);
        assert_eq!(watch.presence(Presence::Nobody, 600.0), [EventKind::LostFace]);
        assert_eq!(watch.presence(Presence::Other, 700.0), [], "still lost");
        assert_eq!(watch.presence(Presence::Other, 1_300.0), [EventKind::OtherFace]);
        assert!(watch.is_other_face());
    }
}
