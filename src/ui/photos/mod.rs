//! The photo activity: a page load of its own, with an engine that decodes picture files.

mod choose;
mod control;
mod state;
mod table;

use leptos::prelude::*;

use crate::ui::app::{Footer, Header};
use crate::ui::photos::choose::Choose;
use crate::ui::photos::control::Controller;
use crate::ui::photos::state::{State, View};
use crate::ui::photos::table::Results;
use crate::ui::uses::UseChoice;
use crate::ui::welcome::LoadProgress;
use crate::view::usage::Usage;

#[component]
pub fn Photos() -> impl IntoView {
    let state = State::new();
    let control = Controller::new(state);
    provide_context(state);
    provide_context(control);
    control.begin();
    view! {
        <Header sealed=state.sealed />
        <main id="main" tabindex="-1" data-view=move || state.view.get().name()>
            {move || match state.view.get() {
                View::Welcome => view! { <Welcome /> }.into_any(),
                View::Photos => {
                    view! {
                        <div class="photos">
                            <Choose />
                            <Results />
                        </div>
                    }
                        .into_any()
                }
                View::Loading => {
                    view! {
                        <section class="notice">
                            <h1 tabindex="-1">"One moment"</h1>
                            <p>"The engine that reads pictures is loaded once, then works on this device alone."</p>
                            <LoadProgress loading=state.loading on_retry=move || control.load() />
                        </section>
                    }
                        .into_any()
                }
                View::Failed => {
                    view! {
                        <section class="notice">
                            <h1 tabindex="-1">"The reading cannot go on"</h1>
                            <p role="alert">{move || state.fault.get()}</p>
                            <p class="actions">
                                <button id="retry" class="button primary" on:click=move |_| control.start()>
                                    "Start it again"
                                </button>
                            </p>
                        </section>
                    }
                        .into_any()
                }
                View::Unsupported => {
                    view! {
                        <section class="notice">
                            <h1 tabindex="-1">"This browser cannot run the page"</h1>
                            <p>{move || state.fault.get()}</p>
                        </section>
                    }
                        .into_any()
                }
            }}
        </main>
        <p class="visually-hidden" role="status" aria-live="polite">{move || state.announcement.get()}</p>
        <Footer />
    }
}

#[component]
fn Welcome() -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    let allowed = move || state.usage.get().is_some_and(Usage::allowed);
    view! {
        <div class="welcome">
            <div class="welcome-text">
                <section class="lead">
                    <h1 tabindex="-1">"How deep are the expressions in your photos?"</h1>
                    <p class="lead-text">
                        "Choose pictures, any number of them. For each face the page tells how viewers would describe \
                         its expression: angry, disgust, fear, happy, sad, surprise or neutral, each with its depth \
                         between 0 and 1."
                    </p>
                </section>
                <section class="welcome-facts" aria-label="What to know">
                    <h2>"Nothing leaves this device"</h2>
                    <p>
                        "No picture, no number, no request. Before you choose a picture, the page seals itself: from \
                         then on the browser blocks every connection that it could make."
                    </p>
                    <h2>"People must know"</h2>
                    <p>
                        "Tell everybody whose face is in a picture that you have its expression read. In the \
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
                    "Go on to the photos"
                </button>
                <p class="hint" hidden=move || state.usage.get().is_some()>"Choose a use first."</p>
                <LoadProgress loading=state.loading on_retry=move || control.load() />
                <p class="other-activity">
                    "You have a camera? "<a id="camera-link" href="./">"Read your face live instead"</a>"."
                </p>
            </section>
        </div>
    }
}
