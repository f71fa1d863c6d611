//! Choosing files and folders, how far they are read, and the closer search.

use leptos::prelude::*;

use crate::activity::photos::control::Controller;
use crate::activity::photos::state::State;
use crate::ui::drop::{Drop, FileChoice};
use crate::view::photos::words;

#[component]
pub fn Choose() -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    let ready = state.frame.ready;
    let add = move |files| control.add(files);
    view! {
        <Drop ready title="Choose photos, or drop them here" on_files=add>
            <div class="choices">
                <FileChoice
                    id="photo-files"
                    label="Choose photos"
                    ready
                    accept="image/*,.tif,.tiff,.avif"
                    multiple=true
                    on_files=add
                />
                <FileChoice id="photo-folder" label="Choose a whole folder" ready accept="" multiple=true folder=true on_files=add />
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
            <p class="hint" hidden=move || ready.get()>"The engine is starting."</p>
            <Progress />
        </Drop>
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
