//! Whether the tab is shown.

use crate::web::listener::Listener;

/// Whether the page is hidden: another tab, a minimised window, a locked screen.
pub fn hidden() -> bool {
    web_sys::window().and_then(|window| window.document()).is_some_and(|document| document.hidden())
}

/// Call `on_change` with whether the page is hidden, each time that this changes.
pub fn on_change(mut on_change: impl FnMut(bool) + 'static) -> Listener {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else {
        return Listener::none();
    };
    let seen = document.clone();
    Listener::new(&document, "visibilitychange", move |_| on_change(seen.hidden()))
}
