//! What stands above and below every activity.

use activities::{ACTIVITIES, Activity};
use leptos::prelude::*;

use crate::ui::parts::Mark;

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
