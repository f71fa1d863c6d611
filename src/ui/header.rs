//! What stands above and below every activity.

use activities::{ACTIVITIES, Activity};
use leptos::prelude::*;

use crate::ui::parts::Mark;
use crate::view::words;
use crate::web::{clock, requests};

/// What stands above every activity. While `busy` nothing leads away from it.
#[component]
pub fn Header(sealed: RwSignal<bool>, activity: Activity, #[prop(into)] busy: Signal<bool>) -> impl IntoView {
    let link = move |of: Activity, name: &'static str| {
        if of == activity {
            view! { <span aria-current="page">{name}</span> }.into_any()
        } else {
            view! { <a href=of.address()>{name}</a> }.into_any()
        }
    };
    view! {
        <a class="skip-link" href="#main">"Skip to the content"</a>
        <header class="page-header">
            <p class="brand"><Mark />"Emotion Depth"</p>
            // Each is a page load of its own: a seal cannot be taken off.
            <nav class="activities" aria-label="What is read" hidden=move || busy.get()>
                {ACTIVITIES.into_iter().filter_map(|of| Some(link(of, of.link?))).collect_view()}
            </nav>
            <p class="activities-closed" hidden=move || !busy.get()>
                "While a recording runs, the other pages are closed."
            </p>
            <Privacy sealed />
        </header>
    }
}

/// The promise; once the page is sealed with what it holds since, and how to check it.
#[component]
fn Privacy(sealed: RwSignal<bool>) -> impl IntoView {
    // When, on the wall and by the page's own clock.
    let since = Memo::new(move |_| {
        sealed.get().then(|| (words::clock_time(&clock::local_time(&js_sys::Date::new_0())), clock::now_ms()))
    });
    let asked = RwSignal::new(String::new());
    let count = move |_| {
        let from_ms = since.get_untracked().map_or(0.0, |(_, from_ms)| from_ms);
        asked.set(words::requests_since(requests::since(from_ms)));
    };
    view! {
        <p class="privacy" hidden=move || sealed.get()>
            <span class="privacy-dot" aria-hidden="true"></span>
            "Nothing leaves this device"
        </p>
        <details class="privacy-sealed" id="seal" hidden=move || !sealed.get() on:toggle=count>
            <summary class="privacy">
                <span class="privacy-dot sealed" aria-hidden="true"></span>
                "Sealed: no connection leaves this page"
            </summary>
            <div class="privacy-card">
                <p>
                    {move || since.get().map(|(at, _)| format!("Sealed since {at}. "))}
                    <span id="requests">{move || asked.get()}</span>
                </p>
                <p>
                    "To check it: open the browser's developer tools (F12), choose \"Network\", and go on. Entries that begin \
                     with blob: are the page's own memory. Or cut the network now: the page goes on."
                </p>
            </div>
        </details>
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
