//! How far the loading of the engine has come.

use leptos::prelude::*;

use crate::view::loading::Loading;

/// How far the engine and its models are loaded, in bytes.
#[component]
pub fn LoadProgress(
    loading: RwSignal<Loading>,
    on_retry: impl Fn() + Copy + Send + 'static,
) -> impl IntoView {
    let failed = move || loading.with(|loading| loading.failure().map(str::to_owned));
    let counted = move || loading.with(Loading::counted);
    let text = move || loading.with(Loading::words);
    view! {
        <div class="load" hidden=move || failed().is_some()>
            <label for="load-progress">{text}</label>
            <progress
                id="load-progress"
                max=move || counted().1.to_string()
                value=move || counted().0.to_string()
            ></progress>
        </div>
        {move || failed().map(|sentence| view! { <LoadFailed sentence=sentence on_retry=on_retry /> })}
    }
}

/// Why the engine could not be loaded; only the first screen shows it, later it is a view of its own.
#[component]
fn LoadFailed(sentence: String, on_retry: impl Fn() + 'static) -> impl IntoView {
    view! {
        <div class="notice-box" role="alert">
            <p class="notice-title">"The engine could not be loaded"</p>
            <p>{sentence}</p>
            <button id="reload-engine" class="button" on:click=move |_| on_retry()>
                "Load it again"
            </button>
        </div>
    }
}
