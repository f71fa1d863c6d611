//! Choosing a video and how often it is looked at, and how far it is read.

use leptos::prelude::*;

use crate::activity::video::control::Controller;
use crate::activity::video::state::State;
use crate::ui::drop::{Drop, FileChoice};
use crate::ui::parts::focus;
use crate::view::video::overview::place;
use crate::view::video::words;
use emotion_core::walk::Pace;

#[component]
pub fn Choose() -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    let ready = state.frame.ready;
    let choose = move |files| control.choose(files);
    let running = Memo::new(move |_| state.running());
    view! {
        <Drop ready title="Choose videos, or drop them here" on_files=choose>
            <div class="choices">
                <FileChoice id="video-file" label="Choose videos" ready accept="video/*,.mkv" multiple=true on_files=choose />
                <div class="field">
                    <label for="pace">"Read it"</label>
                    <select
                        id="pace"
                        disabled=move || running.get()
                        on:change=move |event| {
                            if let Some(pace) = Pace::of_value(&event_target_value(&event)) {
                                state.pace.set(pace);
                            }
                        }
                    >
                        {Pace::ALL
                            .map(|pace| {
                                view! {
                                    <option value=pace.value() selected=move || state.pace.get() == pace>
                                        {words::pace(pace)}
                                    </option>
                                }
                            })
                            .collect_view()}
                    </select>
                </div>
            </div>
            <p class="hint">
                "MP4, WebM and whatever else this browser plays. Several are read one after the other. Each moment is looked at once and no picture is read twice. \
                 Faces should have a seventh of the picture's longer side or more."
            </p>
            <p class="hint" hidden=move || ready.get()>"The engine is starting."</p>
            <HowFar />
            {move || {
                let fault = state.kept.problem.get();
                (!fault.is_empty()).then(|| view! { <p class="fault" role="alert">{fault}</p> })
            }}
        </Drop>
    }
}

/// Progress while it runs, and then what came of it.
#[component]
fn HowFar() -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    let begun = Memo::new(move |_| state.progress.with(Option::is_some));
    let running = Memo::new(move |_| state.running());
    let other_pace = Memo::new(move |_| {
        !running.get() && state.read_pace.get().is_some_and(|read_at| read_at != state.pace.get())
    });
    // Of the one that is read; afterwards the table tells which is shown.
    let queue =
        move || running.get().then(|| place(state.clips.with(Vec::len), state.waiting.get())).flatten();
    let of = move |tell: fn(&crate::view::video::Progress) -> String| {
        state.progress.with(|progress| progress.as_ref().map(tell).unwrap_or_default())
    };
    view! {
        <Show when=move || begun.get()>
            <div class="photo-progress" id="progress" tabindex="-1" data-running=move || running.get().to_string()>
                <p class="hint" id="queue" hidden=move || queue().is_none()>{queue}</p>
                <p class="file-line">{move || state.name.get()}</p>
                <label for="video-progress">{move || of(words::progress)}</label>
                <progress
                    id="video-progress"
                    max="1"
                    value=move || of(|progress| {
                        let whole = !progress.running && !progress.cancelled && progress.fault.is_none();
                        let share = if whole { 1.0 } else { progress.share().unwrap_or(0.0) };
                        format!("{share:.4}")
                    })
                ></progress>
                <Show when=move || running.get()>
                    <button id="cancel" class="button small" on:click=move |_| control.cancel()>"Cancel"</button>
                </Show>
                <p class="hint" id="other-pace" hidden=move || !other_pace.get() || !state.kept.unsaved.get()>
                    {move || {
                        let read_at = state.read_pace.get()?;
                        let pace = words::pace(read_at);
                        Some(format!("Read so far: {pace}. Save the readings, then the file can be read again."))
                    }}
                </p>
                <Show when=move || other_pace.get() && !state.kept.unsaved.get()>
                    <button
                        id="read-again"
                        class="button small"
                        on:click=move |_| {
                            control.read_again();
                            // Once it stands there.
                            request_animation_frame(|| focus("cancel"));
                        }
                    >
                        {move || format!("Read it again, {}", words::pace(state.pace.get()))}
                    </button>
                </Show>
                // Around the list: a list with a role of its own is none to those who hear the page.
                <div role="status">
                    <ul id="notes" class="notes">
                        {move || state.notes.get().into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}
                    </ul>
                </div>
            </div>
        </Show>
    }
}
