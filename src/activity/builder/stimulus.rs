//! One stimulus of the form.

use leptos::prelude::*;

use crate::activity::builder::control::Controller;
use crate::activity::builder::fields::{As, Faults, Input};
use crate::activity::builder::lists::{Entry, List};
use crate::activity::builder::segments::Segments;
use crate::activity::builder::state::State;
use crate::ui::drop::FileChoice;
use crate::view::builder::words as say;

#[component]
pub fn Stimulus(list: List, at: usize) -> impl IntoView {
    let state = expect_context::<State>();
    let path = format!("stimuli[{at}]");
    let kind = state.draft.with_untracked(|draft| draft.stimulus_kind(at)).unwrap_or("");
    let name = match kind {
        "video" => "Video",
        "image" => "Image",
        "text" => "Text",
        "pause" => "Rest",
        _ => "Unknown",
    };
    let inner = format!("{path}.{kind}");
    let fields = match kind {
        "video" => view! { <File list at /><VideoLength at /> }.into_any(),
        "image" => view! {
            <File list at />
            <Input path=format!("{inner}.duration_ms") label="Shown for, in seconds" shown=As::Seconds />
            <Input
                path=format!("{inner}.alt")
                label="What the image shows, for people who do not see it (may be left out)"
            />
        }
        .into_any(),
        "text" => view! {
            <Input path=format!("{inner}.text") label="The text" shown=As::Lines(3) />
            <Input path=format!("{inner}.duration_ms") label="Shown for, in seconds" shown=As::Seconds />
        }
        .into_any(),
        "pause" => view! {
            <Input
                path=format!("{inner}.text")
                label="What is written meanwhile (may be left out)"
                shown=As::Lines(2)
            />
            <Input
                path=format!("{inner}.duration_ms")
                label="How long, in seconds"
                shown=As::Seconds
                hint="Left empty, the participant goes on with a click."
            />
        }
        .into_any(),
        _ => ().into_any(),
    };
    let measured = matches!(kind, "video" | "image" | "text");
    let note = if kind == "pause" {
        "Nothing is recorded meanwhile, and it keeps its place in every order."
    } else {
        ""
    };
    view! {
        <Entry
            list
            at
            title=format!("{}. {name}", at + 1)
            on_remove=move || state.change(|draft| draft.remove_stimulus(at))
        >
            <Faults path=path.clone() />
            <Input path=format!("{path}.id") label="Name in the results" shown=As::Stimulus hint=note />
            {fields}
            {measured.then(|| view! { <Segments at video=kind == "video" /> })}
        </Entry>
    }
}

/// The file of a video or an image: a picture, its name and size, and the way to another one.
#[component]
fn File(list: List, at: usize) -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    let (kind, path) = state.draft.with_untracked(|draft| {
        (draft.stimulus_kind(at).unwrap_or(""), draft.media_of(at).unwrap_or("").to_owned())
    });
    let (shown, told) = (path.clone(), path.clone());
    // The picture and the facts come when the file is read.
    let picture = move || {
        let media =
            state.here.with(|here| here.contains_key(&shown)).then(|| state.media(&shown)).flatten()?;
        let address = match (&media.still, kind) {
            (Some(still), _) => still.as_str().to_owned(),
            (None, "image") => media.address.as_str().to_owned(),
            _ => return None,
        };
        Some(view! { <img class="still" src=address alt="" /> })
    };
    let facts = move || {
        state.here.with(|here| {
            let media = here.get(&told)?;
            let length =
                media.duration_ms.map(|ms| format!(", {}", say::time(f64::from(ms)))).unwrap_or_default();
            Some(format!("{}{length}", say::size(media.bytes)))
        })
    };
    let id = format!("replace-{at}");
    view! {
        <div class="file">
            <div class="still-frame">{picture}</div>
            <div class="file-facts">
                <p class="file-name">{path}</p>
                <p class="hint">{facts}</p>
                <Faults path=format!("stimuli[{at}].{kind}.file") />
                <p class="fault" role="status">
                    {move || state.refused.get().filter(|(of, _)| *of == at).map(|(_, sentence)| sentence)}
                </p>
                <FileChoice
                    id
                    label="Choose another file"
                    ready=state.frame.ready
                    accept="video/*,image/*,.webm,.mp4,.m4v,.mov,.avif"
                    on_files=move |files| control.replace(at, files, list)
                />
            </div>
        </div>
    }
}

/// A video tells its length itself; only one that does not is asked for it.
#[component]
fn VideoLength(at: usize) -> impl IntoView {
    let state = expect_context::<State>();
    let path = format!("stimuli[{at}].video.duration_ms");
    let known =
        state.draft.with_untracked(|draft| draft.get(&path).is_some_and(serde_json::Value::is_number));
    if known {
        view! { <Faults path=path /> }.into_any()
    } else {
        view! {
            <Input
                path=path
                label="Length of the video, in seconds"
                shown=As::Seconds
                hint="The file does not tell it."
            />
        }
        .into_any()
    }
}
