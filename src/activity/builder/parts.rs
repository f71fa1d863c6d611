//! The form as a whole: its parts, and the way from one to another.

use leptos::prelude::*;

use crate::activity::builder::consent::{Agreement, Basics};
use crate::activity::builder::control::Controller;
use crate::activity::builder::details::Details;
use crate::activity::builder::fields::Faults;
use crate::activity::builder::handover::HandOver;
use crate::activity::builder::questions::Questions;
use crate::activity::builder::save::Save;
use crate::activity::builder::shown::Shown;
use crate::activity::builder::state::State;
use crate::ui::drop::FileChoice;
use crate::ui::parts::{DiscardButton, focus};
use crate::view::builder::{Section, words};

/// The id of the heading of the last part.
pub const SAVE_ID: &str = "part-save";

#[component]
pub fn Form() -> impl IntoView {
    let state = expect_context::<State>();
    view! {
        <div class="builder">
            <section class="panel begin" aria-labelledby="builder-title">
                <h1 id="builder-title" tabindex="-1">"Make a study"</h1>
                <Begin />
            </section>
            <Parts />
            <div class="parts">
                // A study that is opened has its form drawn anew.
                {move || {
                    state.opened.track();
                    view! {
                        <Part section=Section::Study><Faults path="" /><Basics /></Part>
                        <Part section=Section::Shown><Shown /></Part>
                        <Part section=Section::Questions><Questions /></Part>
                        <Part section=Section::Consent><Agreement /></Part>
                        <Part section=Section::HandOver><HandOver /></Part>
                        <Part section=Section::Details><Details /></Part>
                    }
                }}
                <Save />
            </div>
        </div>
    }
}

/// Go on with a study, or begin anew.
#[component]
fn Begin() -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    view! {
        <p>
            "Fill the parts in any order. Nothing is kept in the browser: what is not saved is lost when the page is \
             closed. A draft can be saved at any time and opened here again."
        </p>
        <h2 id="open-title">"Go on with a study"</h2>
        <div class="open-choices" role="group" aria-labelledby="open-title">
            <FileChoice
                id="open-study"
                label="Open its ZIP, or its files"
                ready=state.frame.ready
                accept=""
                multiple=true
                on_files=move |files| control.open(files)
            />
            <FileChoice
                id="open-folder"
                label="Open its folder"
                ready=state.frame.ready
                accept=""
                multiple=true
                folder=true
                on_files=move |files| control.open(files)
            />
        </div>
        <Show when=move || state.kept.unsaved.get()>
            <p class="hint">
                "Discard this study to begin another one: "
                <DiscardButton id="discard" on_discard=move || control.discard() />
            </p>
        </Show>
        <p class="fault" role="alert">{move || state.kept.problem.get()}</p>
    }
}

/// The list of parts, each with how many points are open.
#[component]
fn Parts() -> impl IntoView {
    let state = expect_context::<State>();
    let link = |id: &'static str, title: &'static str, open: Signal<String>| {
        view! {
            <li>
                <button type="button" class="part-link" on:click=move |_| focus(id)>
                    <span>{title}</span>
                    <span class="open-points">{move || open.get()}</span>
                </button>
            </li>
        }
    };
    view! {
        <nav class="part-list panel" aria-label="Parts of the study">
            <ol>
                {Section::ALL
                    .map(|section| {
                        let open = Signal::derive(move || {
                            words::open_points(state.placed.with(|placed| placed.count_in(section)))
                        });
                        link(section.id(), section.title(), open)
                    })
                    .collect_view()}
                {link(SAVE_ID, "Links and saving", Signal::derive(|| "".to_owned()))}
            </ol>
        </nav>
    }
}

#[component]
fn Part(section: Section, children: Children) -> impl IntoView {
    view! {
        <section class="panel part" aria-labelledby=section.id()>
            <h2 id=section.id() tabindex="-1">{section.title()}</h2>
            {children()}
        </section>
    }
}
