//! Files by drop and by file input.

use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::web::picked::{self, PickedFile};

/// A panel onto which files can be dropped while `ready`.
#[component]
pub fn Drop(
    ready: RwSignal<bool>,
    title: &'static str,
    /// It is a part of something larger, and its heading stands below others.
    #[prop(optional)]
    nested: bool,
    on_files: impl Fn(Vec<PickedFile>) + Copy + 'static,
    children: Children,
) -> impl IntoView {
    let over = RwSignal::new(false);
    let heading = if nested {
        view! { <h3 id="choose-title" tabindex="-1">{title}</h3> }.into_any()
    } else {
        view! { <h1 id="choose-title" tabindex="-1">{title}</h1> }.into_any()
    };
    view! {
        <section
            id="drop"
            class="panel drop"
            class:over=move || over.get()
            aria-labelledby="choose-title"
            on:dragover=move |event| {
                // Without this the browser would open the file in the page's place.
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=move |event| {
                event.prevent_default();
                over.set(false);
                if ready.get_untracked() {
                    let files = picked::of_drop(&event);
                    spawn_local(async move { on_files(files.await) });
                }
            }
        >
            {heading}
            {children()}
        </section>
    }
}

/// One file input as a button with its own words: the browser's would all be "Choose Files". `accept` is empty for
/// everything.
#[component]
pub fn FileChoice(
    #[prop(into)] id: String,
    label: &'static str,
    ready: RwSignal<bool>,
    accept: &'static str,
    #[prop(optional)] multiple: bool,
    #[prop(optional)] folder: bool,
    on_files: impl Fn(Vec<PickedFile>) + Copy + 'static,
) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    // An attribute that the macro does not know.
    Effect::new(move |_| {
        if let Some(input) = input.get().filter(|_| folder) {
            // Where it is refused, single files are chosen instead.
            let _ = input.set_attribute("webkitdirectory", "");
        }
    });
    view! {
        <div class="field file-choice">
            <input
                node_ref=input
                type="file"
                id=id.clone()
                class="visually-hidden"
                multiple=multiple
                accept=(!accept.is_empty()).then_some(accept)
                disabled=move || !ready.get()
                on:change=move |_| {
                    let Some(input) = input.get_untracked() else { return };
                    let files = input.files().map(|files| picked::of_list(&files)).unwrap_or_default();
                    // The same files can then be chosen once more.
                    input.set_value("");
                    on_files(files);
                }
            />
            <label class="button" for=id>{label}</label>
        </div>
    }
}
