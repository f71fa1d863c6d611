//! The page's frame: header, the one view of the moment, notices that always hold.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::ui::control::Controller;
use crate::ui::live::Live;
use crate::ui::notices::Notice;
use crate::ui::parts::Mark;
use crate::ui::recovery::{KeptRecordings, RecoveryBanner};
use crate::ui::state::State;
use crate::ui::welcome::Welcome;
use crate::view::state::View;
use crate::web::asset_list::Activity;

#[component]
pub fn App() -> impl IntoView {
    let state = State::new();
    let control = Controller::new(state);
    provide_context(state);
    provide_context(control);
    control.begin();

    // Asking stays mounted behind the question, so that the video element is there when the camera is.
    let live = Memo::new(move |_| state.view.get() == View::Asking || state.view.get().shows_picture());
    let first = Memo::new(move |_| state.view.get().is_first_screen());
    focus_on_arrival(state);

    view! {
        <Header
            sealed=state.sealed
            activity=Activity::Live
            busy=Signal::derive(move || state.recording.with(|recording| recording.running))
        />
        <main id="main" tabindex="-1" data-view=move || state.view.get().name()>
            <RecoveryBanner />
            <KeptRecordings />
            <Show when=move || first.get()><Welcome /></Show>
            <Show when=move || live.get()><Live /></Show>
            {move || view! { <Notice view=state.view.get() /> }}
        </main>
        <p class="visually-hidden" role="status" aria-live="polite">{move || state.announcement.get()}</p>
        <Footer />
    }
}

/// What stands above every activity. While `busy` nothing leads away from it.
#[component]
pub fn Header(
    sealed: RwSignal<bool>,
    activity: Activity,
    #[prop(optional, into)] busy: Signal<bool>,
) -> impl IntoView {
    let link = move |of: Activity, address: &'static str, name: &'static str| {
        if of == activity {
            view! { <span aria-current="page">{name}</span> }.into_any()
        } else {
            view! { <a href=address>{name}</a> }.into_any()
        }
    };
    view! {
        <a class="skip-link" href="#main">"Skip to the content"</a>
        <header class="page-header">
            <p class="brand"><Mark />"Emotion Depth"</p>
            // Each is a page load of its own: a seal cannot be taken off.
            <nav class="activities" aria-label="What is read" hidden=move || busy.get()>
                {link(Activity::Live, "./", "Camera")}
                {link(Activity::Photos, "?activity=photos", "Photos")}
                {link(Activity::Video, "?activity=video", "Video")}
            </nav>
            <p class="privacy">
                <span class="privacy-dot" class:sealed=move || sealed.get() aria-hidden="true"></span>
                {move || {
                    if sealed.get() {
                        "Sealed: no connection leaves this page"
                    } else {
                        "Nothing leaves this device"
                    }
                }}
            </p>
        </header>
    }
}

/// What stands below every activity.
#[component]
pub fn Footer() -> impl IntoView {
    view! {
        <footer class="page-footer">
            <p>
                "The numbers say how viewers would name an expression, not what a person feels. Not for use on \
                 employees, applicants, pupils or students. Whoever is in the picture must be told."
            </p>
        </footer>
    }
}

/// Move the focus to the new view's heading, so that keyboard and screen reader start where it starts.
fn focus_on_arrival(state: State) {
    Effect::new(move |before: Option<View>| {
        let view = state.view.get();
        if let Some(before) = before
            && before != view
            && !(before.shows_picture() && view.shows_picture() && view != View::Unplugged)
            && !(before.is_first_screen() && view.is_first_screen())
        {
            // After this effect the new view stands in the document.
            leptos::task::spawn_local(async {
                leptos::task::tick().await;
                let heading = document().query_selector("main :not([hidden]) > h1").ok().flatten();
                if let Some(heading) = heading.and_then(|h| h.dyn_into::<web_sys::HtmlElement>().ok()) {
                    // Without a heading the focus stays where the browser put it.
                    let _ = heading.focus();
                }
            });
        }
        if let Some(words) = view.announcement() {
            state.announcement.set(words.to_owned());
        }
        view
    });
}
