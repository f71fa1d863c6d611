//! Choosing files and folders, how far they are read, and the closer search.

use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::ui::photos::control::Controller;
use crate::ui::photos::state::State;
use crate::view::photos::words;
use crate::web::picked;

#[component]
pub fn Choose() -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    let over = RwSignal::new(false);
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
                if state.ready.get_untracked() {
                    let files = picked::of_drop(&event);
                    spawn_local(async move { control.add(files.await) });
                }
            }
        >
            <h1 id="choose-title" tabindex="-1">"Choose photos, or drop them here"</h1>
            <div class="choices">
                <FileChoice id="photo-files" label="Photos" folder=false />
                <FileChoice id="photo-folder" label="A whole folder" folder=true />
            </div>
            <p class="hint">
                "PNG, JPEG, WebP, GIF (the first picture), BMP, TIFF, and AVIF where this browser can. Faces are found \
                 from 1/40 of the picture's longer side on."
            </p>
            <div class="check">
                <input
                    type="checkbox"
                    id="small"
                    aria-describedby="small-cost"
                    prop:checked=move || state.small.get()
                    on:change=move |event| state.small.set(event_target_checked(&event))
                />
                <label for="small">"Look for smaller faces too, down to 24 pixels"</label>
            </div>
            <p class="hint" id="small-cost">{move || words::cost(state.search_ms.get())}</p>
            <p class="hint" hidden=move || state.ready.get()>"The engine is starting."</p>
            <Progress />
        </section>
    }
}

/// One file input under its label.
#[component]
fn FileChoice(id: &'static str, label: &'static str, folder: bool) -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    let input = NodeRef::<Input>::new();
    // An attribute that the macro does not know.
    Effect::new(move |_| {
        if let Some(input) = input.get().filter(|_| folder) {
            // Where it is refused, single files are chosen instead.
            let _ = input.set_attribute("webkitdirectory", "");
        }
    });
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                node_ref=input
                type="file"
                id=id
                multiple
                accept=if folder { None } else { Some("image/*,.tif,.tiff,.avif") }
                disabled=move || !state.ready.get()
                on:change=move |_| {
                    let Some(input) = input.get_untracked() else { return };
                    let files = input.files().map(|files| picked::of_list(&files)).unwrap_or_default();
                    // The same files can then be chosen once more.
                    input.set_value("");
                    control.add(files);
                }
            />
        </div>
    }
}

#[component]
fn Progress() -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    let begun = Memo::new(move |_| state.batch.with(|batch| batch.total > 0));
    let running = Memo::new(move |_| state.batch.with(|batch| batch.running));
    view! {
        <Show when=move || begun.get()>
            <div class="photo-progress" id="progress" data-running=move || running.get().to_string()>
                <label for="photo-progress">{move || state.batch.with(words::progress)}</label>
                <progress
                    id="photo-progress"
                    max=move || state.batch.with(|batch| batch.total.max(1).to_string())
                    value=move || state.batch.with(|batch| batch.done.to_string())
                ></progress>
                <Show when=move || running.get()>
                    <button id="cancel" class="button small" on:click=move |_| control.cancel()>"Cancel"</button>
                </Show>
            </div>
        </Show>
    }
}
