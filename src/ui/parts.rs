//! Small parts that several components use.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::view::marker;
use emotion_core::emotion::Emotion;

/// The emotion's shape in its colour; the name stands beside it, so it is hidden from screen readers.
#[component]
pub fn Marker(emotion: Emotion) -> impl IntoView {
    view! {
        <svg class=format!("marker ink-{}", emotion.name()) viewBox="-6 -6 12 12" aria-hidden="true">
            <path d=marker::path(emotion) />
        </svg>
    }
}

/// Ten viewers, `named` of them filled: what a depth of `named / 10` means.
#[component]
pub fn TenViewers(named: usize) -> impl IntoView {
    let viewers: Vec<_> = (0..10)
        .map(|viewer| {
            let x = viewer * 26;
            view! {
                <g class=if viewer < named { "viewer named" } else { "viewer" } transform=format!("translate({x} 0)")>
                    <circle cx="10" cy="7" r="5.5" />
                    <path d="M0 30v-5a10 10 0 0 1 20 0v5z" />
                </g>
            }
        })
        .collect();
    view! {
        <svg class="ten-viewers" viewBox="-1 0 256 32" aria-hidden="true">{viewers}</svg>
    }
}

/// The page's mark: a gauge whose arc is partly filled.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
            <path class="mark-scale" d="M6.1 22.5a12 12 0 1 1 19.8 0" />
            <path class="mark-value" d="M6.1 22.5a12 12 0 0 1 6.2-18" />
            <path class="mark-mouth" d="M11.5 18.5q4.5 5 9 0" />
        </svg>
    }
}

/// Puts the keyboard's focus on an element, where the one that had it goes away: otherwise it would fall to the start of the
/// page.
pub fn focus(id: &str) {
    let element =
        document().get_element_by_id(id).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        // An element that cannot take it leaves things as they are.
        let _ = element.focus();
    }
}

/// Says in which language the page speaks, and how its text runs (`ltr` or `rtl`).
pub fn document_language(language: &str, direction: &str) {
    if let Some(root) = document().document_element() {
        // Plain words: they can always be set.
        let _ = root.set_attribute("lang", language);
        let _ = root.set_attribute("dir", direction);
    }
}

/// A button that asks once more before it discards something.
#[component]
pub fn DiscardButton(id: &'static str, on_discard: impl Fn() + 'static) -> impl IntoView {
    let asked = RwSignal::new(false);
    view! {
        <button
            id=id
            class="button small quiet"
            on:click=move |_| {
                if asked.get_untracked() {
                    on_discard();
                }
                asked.update(|asked| *asked = !*asked);
            }
            on:blur=move |_| asked.set(false)
        >
            {move || if asked.get() { "Discard for good?" } else { "Discard" }}
        </button>
    }
}

/// Puts the focus on the heading of the view that has just come, so that keyboard and screen reader start where it starts.
pub fn focus_on_heading() {
    // After the effects of now the new view stands in the document.
    leptos::task::spawn_local(async {
        leptos::task::tick().await;
        let heading = document().query_selector("main :not([hidden]) > h1").ok().flatten();
        if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<web_sys::HtmlElement>().ok()) {
            // Without a heading the focus stays where the browser put it.
            let _ = heading.focus();
        }
    });
}
