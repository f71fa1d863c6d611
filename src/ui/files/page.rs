//! The frame of an activity that reads files, and its first screen.

use leptos::children::ViewFn;
use leptos::prelude::*;

use crate::ui::app::{Footer, Header};
use crate::ui::files::{FilesControl, FilesState, View};
use crate::ui::uses::UseChoice;
use crate::ui::welcome::LoadProgress;
use crate::view::usage::Usage;

/// `lead` and `facts` stand on the first screen, `others` leads from there to other activities, and `work` is what the page
/// is for.
#[component]
pub fn FilesPage(
    control: FilesControl,
    start_label: &'static str,
    #[prop(into)] lead: ViewFn,
    #[prop(into)] facts: ViewFn,
    #[prop(into)] others: ViewFn,
    #[prop(into)] work: ViewFn,
) -> impl IntoView {
    let state = control.state;
    let message = move |title: &'static str, inner: AnyView| {
        view! {
            <section class="notice">
                <h1 tabindex="-1">{title}</h1>
                {inner}
            </section>
        }
        .into_any()
    };
    view! {
        <Header sealed=state.sealed activity=control.activity />
        <main id="main" tabindex="-1" data-view=move || state.view.get().name(control.activity)>
            {move || match state.view.get() {
                View::Welcome => {
                    let (lead, facts, others) = (lead.clone(), facts.clone(), others.clone());
                    view! { <Welcome control start_label lead facts others /> }.into_any()
                }
                View::Work => work.run(),
                View::Loading => {
                    let inner = view! {
                        <p>"The engine is loaded once, then works on this device alone."</p>
                        <LoadProgress loading=state.loading on_retry=move || control.load() />
                    };
                    message("One moment", inner.into_any())
                }
                View::Failed => {
                    let inner = view! {
                        <p role="alert">{move || state.fault.get()}</p>
                        <p class="actions">
                            <button id="retry" class="button primary" on:click=move |_| control.start()>
                                "Start it again"
                            </button>
                        </p>
                    };
                    message("The reading cannot go on", inner.into_any())
                }
                View::Unsupported => {
                    let inner = view! { <p>{move || state.fault.get()}</p> };
                    message("This browser cannot run the page", inner.into_any())
                }
            }}
        </main>
        <p class="visually-hidden" role="status" aria-live="polite">{move || state.announcement.get()}</p>
        <Footer />
    }
}

#[component]
fn Welcome(
    control: FilesControl,
    start_label: &'static str,
    lead: ViewFn,
    facts: ViewFn,
    others: ViewFn,
) -> impl IntoView {
    let state = control.state;
    let allowed = move || state.usage.get().is_some_and(Usage::allowed);
    view! {
        <div class="welcome">
            <div class="welcome-text">
                <section class="lead">{lead.run()}</section>
                <section class="welcome-facts" aria-label="What to know">{facts.run()}</section>
            </div>
            <section class="welcome-start" aria-labelledby="use-title">
                <UseChoice usage=state.usage on_choose=move |usage| control.choose_usage(usage) />
                <button
                    id="start"
                    class="button primary large"
                    disabled=move || !allowed()
                    on:click=move |_| control.start()
                >
                    {start_label}
                </button>
                <p class="hint" hidden=move || state.usage.get().is_some()>"Choose a use first."</p>
                <LoadProgress loading=state.loading on_retry=move || control.load() />
                <p class="other-activity">{others.run()}</p>
            </section>
        </div>
    }
}

/// Under which name the last file was saved, beside the buttons.
#[component]
pub fn SavedLine(files: FilesState) -> impl IntoView {
    view! {
        <p class="hint" id="saved" hidden=move || files.saved.with(String::is_empty)>{move || files.saved.get()}</p>
    }
}
