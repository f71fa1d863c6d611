//! Parts of a stimulus, marked on the video's own timeline or by their times.

use leptos::html::{Input as InputElement, Video};
use leptos::prelude::*;
use serde_json::json;

use crate::activity::builder::fields::{As, Faults, Input};
use crate::activity::builder::lists::{Entry, List, title_id};
use crate::activity::builder::state::State;
use crate::view::builder::words as say;

/// The segments of the stimulus `at`.
#[component]
pub fn Segments(at: usize, video: bool) -> impl IntoView {
    let state = expect_context::<State>();
    let path = format!("stimuli[{at}].segments");
    let count = state.draft.with_untracked(|draft| draft.len(&path));
    let list = List::new(state, path.clone());
    let open = RwSignal::new(false);
    let player = NodeRef::<Video>::new();
    let now_ms = RwSignal::new(0.0_f64);
    let added = path.clone();
    let add = move || {
        let from_ms = if video { now_ms.get_untracked().round() as i64 } else { 0 };
        let place = state.change(|draft| {
            let id = draft.free_id(&added, "id", &format!("part{}", draft.len(&added) + 1));
            let end_ms = length_ms(draft, at).unwrap_or_default() as i64;
            let from_ms = if from_ms < end_ms { from_ms } else { 0 };
            draft.push(&added, json!({ "id": id, "from_ms": from_ms, "to_ms": end_ms }))
        });
        list.changed_at(title_id(&added, place));
    };
    let summary = move || match list.count() {
        0 => "Segments: none".to_owned(),
        1 => "1 segment".to_owned(),
        count => format!("{count} segments"),
    };
    let entries = path.clone();
    // A player is only made where it is asked for.
    let shown = count > 0 && !video;
    view! {
        <details class="segments" open=shown on:toggle=move |event| open.set(is_open(&event))>
            <summary id=format!("segments-{at}")>{summary}</summary>
            <p class="hint">
                "Parts that you want numbers for, such as a scene or the moment of the brand. They can be changed \
                 while the study runs."
            </p>
            // A player for each video at once would load them all.
            {move || (video && open.get()).then(|| view! { <Timeline at list player now_ms /> })}
            <Faults path=path.clone() />
            <div class="entries">
                {move || {
                    let path = entries.clone();
                    (0..list.count())
                        .map(|segment| {
                            view! { <Segment path=path.clone() list segment player now_ms video /> }
                        })
                        .collect_view()
                }}
            </div>
            <div class="add">
                <button type="button" class="button small" id=format!("add-segment-{at}") on:click=move |_| add()>
                    {if video { "Begin a segment here" } else { "Add a segment" }}
                </button>
            </div>
        </details>
    }
}

fn is_open(event: &web_sys::Event) -> bool {
    let details = event.target().map(wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlDetailsElement>);
    details.is_some_and(|details| details.open())
}

/// How long the stimulus is, in milliseconds.
fn length_ms(draft: &crate::view::builder::Draft, at: usize) -> Option<f64> {
    let kind = draft.stimulus_kind(at)?;
    draft.get(&format!("stimuli[{at}].{kind}.duration_ms"))?.as_f64()
}

/// The player, and a slider along the video with the segments above it.
#[component]
fn Timeline(at: usize, list: List, player: NodeRef<Video>, now_ms: RwSignal<f64>) -> impl IntoView {
    let state = expect_context::<State>();
    let path = state.draft.with_untracked(|draft| draft.media_of(at).unwrap_or_default().to_owned());
    let address = Memo::new(move |_| {
        state
            .here
            .with(|here| here.contains_key(&path))
            .then(|| state.media(&path))
            .flatten()
            .map(|media| media.address.as_str().to_owned())
    });
    let length = Memo::new(move |_| state.draft.with(|draft| length_ms(draft, at)).unwrap_or(0.0).max(1.0));
    let slider = NodeRef::<InputElement>::new();
    let follow = move || {
        if let Some(player) = player.get_untracked() {
            now_ms.set(player.current_time() * 1000.0);
        }
    };
    Effect::new(move |_| {
        let now = now_ms.get();
        if let Some(slider) = slider.get() {
            slider.set_value(&now.round().to_string());
        }
    });
    let marks = move || {
        list.count();
        state.draft.with(|draft| {
            let segments = draft.entries(&format!("stimuli[{at}].segments")).iter();
            let share = |value: Option<&serde_json::Value>| {
                (value.and_then(serde_json::Value::as_f64).unwrap_or(0.0) / length.get() * 100.0)
                    .clamp(0.0, 100.0)
            };
            segments
                .map(|segment| {
                    let (from, to) = (share(segment.get("from_ms")), share(segment.get("to_ms")));
                    let name =
                        segment.get("id").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
                    view! {
                        <span
                            class="mark-segment"
                            style:left=format!("{from:.2}%")
                            style:width=format!("{:.2}%", (to - from).max(0.5))
                        >
                            {name}
                        </span>
                    }
                })
                .collect_view()
        })
    };
    let slider_id = format!("timeline-{at}");
    view! {
        <div class="timeline">
            <video
                node_ref=player
                class="player"
                src=move || address.get()
                controls
                playsinline
                preload="auto"
                aria-label="The video of this stimulus"
                on:timeupdate=move |_| follow()
                on:seeked=move |_| follow()
            ></video>
            <div class="marks" aria-hidden="true">{marks}</div>
            <label for=slider_id.clone()>
                {move || format!("Place in the video: {} of {}", say::time(now_ms.get()), say::time(length.get()))}
            </label>
            <input
                node_ref=slider
                type="range"
                id=slider_id
                min="0"
                max=move || length.get().to_string()
                step="100"
                on:input=move |event| {
                    let time_ms: f64 = event_target_value(&event).parse().unwrap_or(0.0);
                    now_ms.set(time_ms);
                    if let Some(player) = player.get_untracked() {
                        player.set_current_time(time_ms / 1000.0);
                    }
                }
            />
        </div>
    }
}

#[component]
fn Segment(
    path: String,
    list: List,
    segment: usize,
    player: NodeRef<Video>,
    now_ms: RwSignal<f64>,
    video: bool,
) -> impl IntoView {
    let state = expect_context::<State>();
    let at = format!("{path}[{segment}]");
    let place = StoredValue::new(at.clone());
    // The inputs of the times are drawn anew when a button has set them.
    let times = RwSignal::new(0_u32);
    let set = move |field: &'static str| {
        let now = now_ms.get_untracked().round() as i64;
        place.with_value(|at| state.change(|draft| draft.set(&format!("{at}.{field}"), json!(now))));
        times.update(|count| *count += 1);
    };
    let go = move |_| {
        let from = place.with_value(|at| {
            state.draft.with_untracked(|draft| draft.get(&format!("{at}.from_ms"))?.as_f64())
        });
        if let (Some(player), Some(from)) = (player.get_untracked(), from) {
            player.set_current_time(from / 1000.0);
        }
    };
    let away = at.clone();
    view! {
        <Entry
            list
            at=segment
            title=format!("Segment {}", segment + 1)
            on_remove=move || state.change(|draft| draft.remove(&away))
        >
            <Faults path=at.clone() />
            <div class="pair three">
                <Input path=format!("{at}.id") label="Name" />
                {move || {
                    times.track();
                    let at = place.get_value();
                    view! {
                        <Input path=format!("{at}.from_ms") label="From, in seconds" shown=As::Seconds />
                        <Input path=format!("{at}.to_ms") label="To, in seconds" shown=As::Seconds />
                    }
                }}
            </div>
            {video
                .then(|| {
                    view! {
                        <div class="add">
                            <button type="button" class="button small segment-from" on:click=move |_| set("from_ms")>
                                "It begins here"
                            </button>
                            <button type="button" class="button small segment-to" on:click=move |_| set("to_ms")>
                                "It ends here"
                            </button>
                            <button type="button" class="button small" on:click=go>"Show its begin"</button>
                        </div>
                    }
                })}
        </Entry>
    }
}
