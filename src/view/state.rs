//! The page's views and what leads from one to the next.

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

    /// Whether the first screen is shown.
    pub fn is_first_screen(self) -> bool {
        matches!(self, View::Welcome | View::Refused)
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

/// What happens to the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A use was chosen on the first screen.
    UseChosen {
        allowed: bool,
    },
    /// Start, start again, retry, or go on with a camera that is back.
    Start,
    /// Models and engine files are there.
    Loaded,
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
    /// Loading, starting or running the engine failed.
    Failed,
    /// The browser lacks something that the page needs.
    Unsupported,
}

/// The view after an event; an event that does not concern a view leaves it as it is.
pub fn next(view: View, event: Event) -> View {
    use View as V;
    match (event, view) {
        (Event::Unsupported, _) => V::Unsupported,
        (_, V::Unsupported) => V::Unsupported,
        (Event::UseChosen { allowed: true }, V::Welcome | V::Refused) => V::Welcome,
        (Event::UseChosen { allowed: false }, V::Welcome | V::Refused) => V::Refused,
        // A refused use has no start, whatever is pressed.
        (Event::Start, V::Refused) => V::Refused,
        (Event::Start, V::Live | V::Paused | V::Hidden | V::Loading | V::Asking) => view,
        // The engine is still there; only the camera has to be asked for.
        (Event::Start, V::Unplugged) => V::Asking,
        (Event::Start, _) => V::Loading,
        (Event::Loaded, V::Loading) => V::Asking,
        (Event::Ready, V::Loading | V::Asking) => V::Live,
        (Event::CameraDenied, V::Loading | V::Asking | V::Live | V::Paused | V::Hidden) => V::Denied,
        (Event::CameraMissing, V::Loading | V::Asking | V::Live | V::Paused | V::Hidden) => V::NoCamera,
        (Event::CameraBusy, V::Loading | V::Asking | V::Live | V::Paused | V::Hidden) => V::CameraBusy,
        (Event::CameraEnded, V::Live | V::Paused | V::Hidden) => V::Unplugged,
        (Event::Pause, V::Live | V::Hidden) => V::Paused,
        (Event::Continue, V::Paused) => V::Live,
        (Event::TabHidden, V::Live) => V::Hidden,
        (Event::TabShown, V::Hidden) => V::Live,
        (Event::Stop, V::Live | V::Paused | V::Hidden | V::Unplugged) => V::Stopped,
        // While the person still reads the first screen, a failed download is told there.
        (Event::Failed, V::Welcome | V::Refused | V::Stopped) => view,
        (Event::Failed, _) => V::Failed,
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
    fn the_usual_way_leads_to_the_live_view_and_out_again() {
        let way = [Event::UseChosen { allowed: true }, Event::Start, Event::Loaded, Event::Ready];
        assert_eq!(after(View::Welcome, &way), View::Live);
        assert_eq!(after(View::Live, &[Event::Pause]), View::Paused);
        assert_eq!(after(View::Paused, &[Event::Continue]), View::Live);
        assert_eq!(after(View::Live, &[Event::Stop]), View::Stopped);
        assert_eq!(after(View::Stopped, &[Event::Start]), View::Loading);
    }

    #[test]
    fn a_refused_use_cannot_start() {
        assert_eq!(after(View::Welcome, &[Event::UseChosen { allowed: false }]), View::Refused);
        assert_eq!(after(View::Refused, &[Event::Start, Event::Loaded, Event::Ready]), View::Refused);
        assert_eq!(after(View::Refused, &[Event::UseChosen { allowed: true }]), View::Welcome);
    }

    #[test]
    fn a_paused_page_stays_paused_behind_another_tab() {
        assert_eq!(after(View::Paused, &[Event::TabHidden, Event::TabShown]), View::Paused);
        assert_eq!(after(View::Live, &[Event::TabHidden]), View::Hidden);
        assert_eq!(after(View::Hidden, &[Event::TabShown]), View::Live);
    }

    #[test]
    fn camera_faults_have_their_own_views() {
        assert_eq!(next(View::Asking, Event::CameraDenied), View::Denied);
        assert_eq!(next(View::Asking, Event::CameraMissing), View::NoCamera);
        assert_eq!(next(View::Asking, Event::CameraBusy), View::CameraBusy);
        assert_eq!(next(View::Live, Event::CameraEnded), View::Unplugged);
        assert_eq!(after(View::Unplugged, &[Event::Start, Event::Ready]), View::Live);
        // The track also ends when the page itself lets go of the camera.
        assert_eq!(next(View::Stopped, Event::CameraEnded), View::Stopped);
    }

    #[test]
    fn a_late_answer_does_not_bring_a_stopped_page_back() {
        for view in [View::Stopped, View::Failed, View::Denied, View::Unplugged] {
            assert_eq!(next(view, Event::Ready), view);
            assert_eq!(next(view, Event::Loaded), view);
        }
    }

    #[test]
    fn a_failed_download_does_not_take_the_first_screen_away() {
        assert_eq!(next(View::Welcome, Event::Failed), View::Welcome);
        assert_eq!(next(View::Loading, Event::Failed), View::Failed);
        assert_eq!(next(View::Live, Event::Failed), View::Failed);
    }

    #[test]
    fn nothing_leads_out_of_an_unsupported_browser() {
        assert_eq!(
            after(View::Welcome, &[Event::Unsupported, Event::Start, Event::Ready]),
            View::Unsupported
        );
    }
}
