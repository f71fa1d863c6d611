//! The first screen: what the page does, what a depth is, where the picture stays, and the choice of use.

use leptos::prelude::*;

use crate::ui::control::Controller;
use crate::ui::parts::TenViewers;
use crate::ui::state::{Loading, State};
use crate::ui::uses::UseChoice;
use crate::view::usage::Usage;
use crate::view::words;

#[component]
pub fn Welcome() -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    let allowed = move || state.usage.get().is_some_and(Usage::allowed);
    view! {
        <div class="welcome">
            <div class="welcome-text">
                <section class="lead">
                    <h1 tabindex="-1">"How deep is an expression?"</h1>
                    <p class="lead-text">
                        "This page looks at a face through your camera and shows, many times a second, how viewers \
                         would describe its expression: angry, disgust, fear, happy, sad, surprise or neutral."
                    </p>
                </section>
                <section class="welcome-facts" aria-label="What to know">
                    <h2>"What a depth is"</h2>
                    <p>
                        "The depth of an emotion is "
                        <strong>"the share of human viewers who would name this expression"</strong>
                        ", between 0 and 1. A depth of 0.30 sad means: of ten people who look at this face, three \
                         would say sad."
                    </p>
                    <TenViewers named=3 />
                    <p>
                        "It tells how a face looks to others. It does not tell what a person feels: the same face \
                         can mean different things."
                    </p>
                    <h2>"Nothing leaves this device"</h2>
                    <p>
                        "No picture, no number, no request. Before the camera starts, the page seals itself: from \
                         then on the browser blocks every connection that it could make. A recording holds numbers, \
                         never pictures, and stays on this device until you discard it, or save it as a file; \
                         one that was found again after a crash stays a week longer."
                    </p>
                    <h2>"People must know"</h2>
                    <p>
                        "Tell everybody whose face comes into the picture that this page reads expressions. In the \
                         European Union that is a duty (AI Act, Article 50(3)), and the numbers are personal data."
                    </p>
                </section>
            </div>
            <section class="welcome-start" aria-labelledby="use-title">
                <UseChoice usage=state.usage on_choose=move |usage| control.choose_usage(usage) />
                <button
                    id="start"
                    class="button primary large"
                    disabled=move || !allowed()
                    on:click=move |_| control.start()
                >
                    "Start the camera"
                </button>
                <p class="hint" hidden=move || state.usage.get().is_some()>
                    "Choose a use first."
                </p>
                <LoadProgress loading=state.loading on_retry=move || control.load() />
                <p class="other-activity">
                    "You have pictures? "<a id="photos-link" href="?activity=photos">"Read photos instead"</a>
                    ". A video? "<a id="video-link" href="?activity=video">"Read a video instead"</a>"."
                </p>
            </section>
        </div>
    }
}

/// How far the engine and its models are loaded, in bytes.
#[component]
pub fn LoadProgress(
    loading: RwSignal<Loading>,
    on_retry: impl Fn() + Copy + Send + 'static,
) -> impl IntoView {
    let failed = move || match loading.get() {
        Loading::Failed { sentence } => Some(sentence),
        _ => None,
    };
    let counted = move || match loading.get() {
        Loading::Bytes { loaded, total } => (loaded, total.max(1)),
        Loading::Ready { .. } => (1, 1),
        Loading::Failed { .. } => (0, 1),
    };
    let text = move || match loading.get() {
        Loading::Bytes { total: 0, .. } => "Loading the engine".to_owned(),
        Loading::Bytes { loaded, total } => {
            format!("Loading the engine: {} of {}", words::bytes(loaded), words::bytes(total))
        }
        Loading::Ready { total } => format!("The engine is loaded: {}", words::bytes(total)),
        Loading::Failed { .. } => String::new(),
    };
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
