//! What is shown: files are chosen, texts and rests added, and all put in order; which group sees what.

use leptos::prelude::*;
use serde_json::json;

use crate::activity::builder::control::Controller;
use crate::activity::builder::fields::{As, Check, Choose, Faults, Input, Member, words};
use crate::activity::builder::lists::{Entry, List, title_id};
use crate::activity::builder::state::State;
use crate::activity::builder::stimulus::Stimulus;
use crate::ui::drop::{Drop, FileChoice};
use crate::view::builder::words as say;

const ORDERS: &[(&str, &str)] = &[
    ("fixed", "As listed here, the same for everybody"),
    ("random", "Shuffled for each participant"),
    ("williams", "Balanced: each one equally often at each place and after each other one"),
];

#[component]
pub fn Shown() -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    let list = List::new(state, "stimuli");
    control.show_added(list);
    view! {
        <Input
            path="instructions"
            label="A text before the first one (may be left out)"
            shown=As::Lines(3)
        />
        <Files />
        <div class="add">
            <button
                type="button"
                id="add-text"
                class="button small"
                on:click=move |_| {
                    let at = state.change(|draft| draft.add_text());
                    list.changed_at(title_id("stimuli", at));
                }
            >
                "Add a text"
            </button>
            <button
                type="button"
                id="add-pause"
                class="button small"
                on:click=move |_| {
                    let at = state.change(|draft| draft.add_pause());
                    list.changed_at(title_id("stimuli", at));
                }
            >
                "Add a rest"
            </button>
        </div>
        <Faults path="stimuli" />
        <div id="stimuli" class="entries">
            {move || (0..list.count()).map(|at| view! { <Stimulus list at /> }).collect_view()}
        </div>
        <Choose
            path="order.method"
            label="Order"
            words=words(ORDERS)
            otherwise="fixed"
            hint="Rests keep their places. The list of links gives each participant the next row of the balanced order."
        />
        <Faults path="order" />
        <Groups />
    }
}

/// Where files are chosen or dropped, and how far they are read.
#[component]
fn Files() -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    view! {
        <Drop
            ready=state.frame.ready
            title="Videos and images: choose them, or drop them here"
            nested=true
            on_files=move |files| control.add(files)
        >
            <FileChoice
                id="media-files"
                label="Choose videos and images"
                ready=state.frame.ready
                accept="video/*,image/*,.webm,.mp4,.m4v,.mov,.avif"
                multiple=true
                on_files=move |files| control.add(files)
            />
            <p class="hint">
                "WebM, MP4 with H.264 and MOV; PNG, JPEG, WebP, GIF and AVIF. What every browser plays: MP4 \
                 with H.264 and AAC."
            </p>
            {move || {
                state.reading
                    .get()
                    .map(|reading| {
                        let text = format!(
                            "Reading {}: {} of {}",
                            reading.name,
                            say::size(reading.done_bytes),
                            say::size(reading.bytes),
                        );
                        view! {
                            <div class="photo-progress">
                                <label for="media-progress">{text}</label>
                                <progress
                                    id="media-progress"
                                    max=reading.bytes.max(1).to_string()
                                    value=reading.done_bytes.to_string()
                                ></progress>
                                <button
                                    type="button"
                                    id="cancel-media"
                                    class="button small"
                                    on:click=move |_| control.cancel()
                                >
                                    "Cancel"
                                </button>
                            </div>
                        }
                    })
            }}
            <div role="status">
                <ul id="media-notes" class="notes">
                    {move || state.notes.get().into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}
                </ul>
            </div>
            <p class="hint" id="media-sum">
                {move || {
                    let (count, bytes) = state.media_sum();
                    (count > 0).then(|| {
                        let files = if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
                        format!("{files}, {} together.", say::size(bytes))
                    })
                }}
            </p>
            {move || {
                let warning = say::large_media(state.media_sum().1);
                warning.map(|text| view! { <p class="notice-box" id="large-media">{text}</p> })
            }}
        </Drop>
    }
}

/// Groups, and what each of them sees.
#[component]
fn Groups() -> impl IntoView {
    let state = expect_context::<State>();
    let list = List::new(state, "groups");
    view! {
        <h3>"Groups"</h3>
        <p class="hint">
            "Only if not everybody sees the same. The link says who is in which group; the list of links lets the \
             groups take turns."
        </p>
        <Faults path="groups" />
        <div id="groups" class="entries">
            {move || {
                state.listed.track();
                (0..list.count()).map(|at| view! { <Group list at /> }).collect_view()
            }}
        </div>
        <div class="add">
            <button
                type="button"
                id="add-group"
                class="button small"
                on:click=move |_| {
                    let at = state
                        .change(|draft| {
                            let letter = ["A", "B", "C", "D"].get(draft.len("groups")).copied().unwrap_or("G");
                            let id = draft.free_id("groups", "id", letter);
                            draft.push("groups", json!({ "id": id }))
                        });
                    list.changed_at(title_id("groups", at));
                }
            >
                "Add a group"
            </button>
        </div>
    }
}

#[component]
fn Group(list: List, at: usize) -> impl IntoView {
    let state = expect_context::<State>();
    let path = format!("groups[{at}]");
    let seen = format!("{path}.stimuli");
    let ids = state.draft.with_untracked(|draft| draft.stimulus_ids());
    let away = path.clone();
    view! {
        <Entry
            list
            at
            title=format!("Group {}", at + 1)
            on_remove=move || state.change(|draft| draft.remove(&away))
        >
            <Faults path=path.clone() />
            <Input path=format!("{path}.id") label="Name in the link" />
            <fieldset class="members">
                <legend>"What it sees (none marked: everything)"</legend>
                {ids
                    .into_iter()
                    .map(|id| view! { <Member path=seen.clone() word=id.clone() label=id /> })
                    .collect_view()}
                <Faults path=seen.clone() />
            </fieldset>
            <Check path=format!("{path}.closed") label="This group is full" />
        </Entry>
    }
}
