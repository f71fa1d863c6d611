//! The views of the camera's page and what leads from one to the next.
//!
//! The phases that every activity has are decided in [`crate::activity::life`]; here is what happens within the work.

use crate::activity::life::Phase;

/// One clear view per state of the page; `main[data-view]` holds its [`View::name`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum View {
    Welcome,
    /// A prohibited use was chosen on the first screen.
    Refused,
    /// Start was pressed before everything was there.
    Loading,
    /// Waiting for the person's answer to the browser's question.
    Asking,
    Denied,
    NoCamera,
    CameraBusy,
    Unplugged,
    Live,
    Paused,
    Hidden,
    Stopped,
    Failed,
    Unsupported,
}

impl View {
    pub const ALL: [View; 14] = [
        View::Welcome,
        View::Refused,
        View::Loading,
        View::Asking,
        View::Denied,
        View::NoCamera,
        View::CameraBusy,
        View::Unplugged,
        View::Live,
        View::Paused,
        View::Hidden,
        View::Stopped,
        View::Failed,
        View::Unsupported,
    ];

    /// The value of `data-view`.
    pub fn name(self) -> &'static str {
        match self {
            View::Welcome => "welcome",
            View::Refused => "refused",
            View::Loading => "loading",
            View::Asking => "asking",
            View::Denied => "denied",
            View::NoCamera => "no-camera",
            View::CameraBusy => "camera-busy",
            View::Unplugged => "unplugged",
            View::Live => "live",
            View::Paused => "paused",
            View::Hidden => "hidden",
            View::Stopped => "stopped",
            View::Failed => "failed",
            View::Unsupported => "unsupported",
        }
    }

    /// What is shown in a phase of the activity: within the work it is the view `work`. `refused`: a prohibited use is chosen.
    pub fn of(phase: Phase, refused: bool, work: View) -> View {
        match phase {
            Phase::First if refused => View::Refused,
            Phase::First => View::Welcome,
            Phase::Loading => View::Loading,
            Phase::Work => work,
            Phase::Failed => View::Failed,
            Phase::Unsupported => View::Unsupported,
        }
    }

    /// Whether the picture and the gauges are shown. While the camera is being asked for they are not.
    pub fn shows_picture(self) -> bool {
        matches!(self, View::Live | View::Paused | View::Hidden | View::Unplugged)
    }

    /// What a screen reader announces on arrival; `None` where the view's heading takes the focus.
    pub fn announcement(self) -> Option<&'static str> {
        match self {
            View::Live => Some("The camera is on. The gauges show the reading."),
            View::Paused => Some("Paused. The camera is still on."),
            View::Unplugged => Some("The camera was unplugged."),
            View::Hidden => Some("Paused while this tab is hidden."),
            _ => None,
        }
    }
}

/// What happens while the camera's page works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The work begins, or the camera is asked for once more: try again, start again, or go on with one that is back.
    Ask,
    /// The camera plays and the engine is ready.
    Ready,
    CameraDenied,
    CameraMissing,
    CameraBusy,
    /// The camera's track ended by itself.
    CameraEnded,
    Pause,
    Continue,
    TabHidden,
    TabShown,
    Stop,
}

/// The view after an event; an event that does not concern a view leaves it as it is.
pub fn next(view: View, event: Event) -> View {
    use View as V;
    match (event, view) {
        (Event::Ask, V::Live | V::Paused | V::Hidden) => view,
        (Event::Ask, _) => V::Asking,
        (Event::Ready, V::Asking) => V::Live,
        (Event::CameraDenied, V::Asking | V::Live | V::Paused | V::Hidden) => V::Denied,
        (Event::CameraMissing, V::Asking | V::Live | V::Paused | V::Hidden) => V::NoCamera,
        (Event::CameraBusy, V::Asking | V::Live | V::Paused | V::Hidden) => V::CameraBusy,
        (Event::CameraEnded, V::Live | V::Paused | V::Hidden) => V::Unplugged,
        (Event::Pause, V::Live | V::Hidden) => V::Paused,
        (Event::Continue, V::Paused) => V::Live,
        (Event::TabHidden, V::Live) => V::Hidden,
        (Event::TabShown, V::Hidden) => V::Live,
        (Event::Stop, V::Live | V::Paused | V::Hidden | V::Unplugged) => V::Stopped,
        _ => view,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(start: View, events: &[Event]) -> View {
        events.iter().fold(start, |view, event| next(view, *event))
    }

    #[test]
    fn names_are_different() {
        let mut names: Vec<_> = View::ALL.iter().map(|view| view.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), View::ALL.len());
    }

    #[test]
    fn each_phase_has_its_view_and_the_work_its_own() {
        assert_eq!(View::of(Phase::First, false, View::Live), View::Welcome);
        assert_eq!(View::of(Phase::First, true, View::Live), View::Refused);
        assert_eq!(View::of(Phase::Loading, false, View::Live), View::Loading);
        assert_eq!(View::of(Phase::Work, false, View::Paused), View::Paused);
        assert_eq!(View::of(Phase::Failed, false, View::Live), View::Failed);
        assert_eq!(View::of(Phase::Unsupported, false, View::Live), View::Unsupported);
    }

    #[test]
    fn the_usual_way_leads_to_the_live_view_and_out_again() {
        assert_eq!(after(View::Stopped, &[Event::Ask, Event::Ready]), View::Live);
        assert_eq!(after(View::Live, &[Event::Pause]), View::Paused);
        assert_eq!(after(View::Paused, &[Event::Continue]), View::Live);
        assert_eq!(after(View::Live, &[Event::Stop]), View::Stopped);
    }

    #[test]
    fn a_paused_page_stays_paused_behind_another_tab() {
        assert_eq!(after(View::Paused, &[Event::TabHidden, Event::TabShown]), View::Paused);
        assert_eq!(after(View::Live, &[Event::TabHidden]), View::Hidden);
        assert_eq!(after(View::Hidden, &[Event::TabShown]), View::Live);
    }

    #[test]
    fn camera_faults_have_their_own_views_and_can_be_tried_again() {
        assert_eq!(next(View::Asking, Event::CameraDenied), View::Denied);
        assert_eq!(next(View::Asking, Event::CameraMissing), View::NoCamera);
        assert_eq!(next(View::Asking, Event::CameraBusy), View::CameraBusy);
        assert_eq!(next(View::Live, Event::CameraEnded), View::Unplugged);
        for view in [View::Denied, View::NoCamera, View::CameraBusy, View::Unplugged] {
            assert_eq!(after(view, &[Event::Ask, Event::Ready]), View::Live);
        }
        // The track also ends when the page itself lets go of the camera.
        assert_eq!(next(View::Stopped, Event::CameraEnded), View::Stopped);
    }

    #[test]
    fn asking_again_while_the_camera_is_on_changes_nothing() {
        for view in [View::Live, View::Paused, View::Hidden] {
            assert_eq!(next(view, Event::Ask), view);
        }
    }

    #[test]
    fn a_late_answer_does_not_bring_a_stopped_page_back() {
        for view in [View::Stopped, View::Denied, View::Unplugged] {
            assert_eq!(next(view, Event::Ready), view);
        }
    }
}
