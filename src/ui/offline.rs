//! What is kept for use without a network, and the notice of a new version.

use leptos::prelude::*;

use crate::view::offline::{Offline, Update};

/// What is kept, on the first screen; nothing where nothing can be.
#[component]
pub fn OfflineBox(kept: RwSignal<Offline>, on_keep: impl Fn() + Copy + Send + 'static) -> impl IntoView {
    move || {
        let now = kept.get();
        (now != Offline::Unknown).then(|| {
            let failed = matches!(now, Offline::Failed { .. });
            view! {
                <div class="offline" id="offline">
                    <p class="hint" class:fault=failed role=failed.then_some("alert")>{now.words()}</p>
                    <Bar id="offline-progress" name="Keeping everything" counted=now.counted() />
                    {now.button().map(|words| view! {
                        <button id="keep-everything" class="button small" on:click=move |_| on_keep()>{words}</button>
                    })}
                </div>
            }
        })
    }
}

/// The notice of a new version; nothing where there is none.
#[component]
pub fn UpdateNotice(update: RwSignal<Update>, on_take: impl Fn() + Copy + Send + 'static) -> impl IntoView {
    move || {
        let now = update.get();
        (now != Update::None).then(|| {
            view! {
                <div class="banner" id="update" role="status">
                    <span>{now.words()}</span>
                    <Bar id="update-progress" name="Loading the new version" counted=now.counted() />
                    {now.button().map(|words| view! {
                        <button id="take-update" class="button small" on:click=move |_| on_take()>{words}</button>
                    })}
                </div>
            }
        })
    }
}

#[component]
fn Bar(id: &'static str, name: &'static str, counted: Option<(u64, u64)>) -> impl IntoView {
    counted.map(|(done, total)| {
        view! { <progress id=id aria-label=name max=total.to_string() value=done.to_string()></progress> }
    })
}
