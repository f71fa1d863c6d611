//! Who is in the panel: files and why some are refused, models, the funnel, balance, expected ids.

use emotion_panel::{Overview, Status};
use leptos::prelude::*;

use crate::activity::panel::control::Controller;
use crate::activity::panel::state::State;
use crate::activity::panel::table::{Table, header};
use crate::view::panel::words;

/// Rows of a long list that are shown; files.csv has all.
const MOST_ROWS: usize = 500;

#[component]
pub fn Files() -> impl IntoView {
    let state = expect_context::<State>();
    let of = move |show: fn(&Overview) -> AnyView| {
        move || state.overview.with(|overview| overview.as_ref().map(show))
    };
    view! {
        <section class="panel" aria-labelledby="people-title">
            <h2 id="people-title">
                {move || {
                    state.overview.with(|overview| overview.as_ref().map_or_else(String::new, |o| {
                        format!("{}: {} people", o.title, o.merged)
                    }))
                }}
            </h2>
            <Models />
            {of(refused)}
            {of(funnel)}
            {of(balance)}
            {of(expected)}
            <Lists />
        </section>
    }
}

/// A choice, if the files were made by several models or studies.
#[component]
fn Models() -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    move || {
        let models =
            state.overview.with(|overview| overview.as_ref().map(|o| o.models.clone()).unwrap_or_default());
        (models.len() > 1).then(|| {
            let origins: Vec<_> = models.iter().map(|model| model.origin.clone()).collect();
            view! {
                <div class="field">
                    <label for="model">"The files are of several models or measurements, which are never averaged. Show"</label>
                    <select
                        id="model"
                        on:change=move |event| {
                            let chosen = event_target_value(&event).parse::<usize>().ok().and_then(|at| origins.get(at).cloned());
                            control.set(move |settings| settings.origin = chosen);
                        }
                    >
                        {models
                            .into_iter()
                            .enumerate()
                            .map(|(at, model)| {
                                let o = model.origin;
                                let words = format!(
                                    "measure {}, classifier {}, mapping {}: {} files",
                                    o.measure, o.classifier, o.mapping, model.files
                                );
                                view! { <option value=at.to_string() selected=model.taken>{words}</option> }
                            })
                            .collect_view()}
                    </select>
                    <p class="hint">
                        "They cannot be turned into each other: a file holds what its own network said of each face, not the picture."
                    </p>
                </div>
            }
        })
    }
}

fn refused(overview: &Overview) -> AnyView {
    let refused: Vec<_> =
        overview.files.iter().filter(|file| !matches!(file.status, Status::Merged | Status::Used)).collect();
    if refused.is_empty() {
        return view! { <p id="refused-none">"Every file is used."</p> }.into_any();
    }
    let count = refused.len();
    let rows = refused
        .into_iter()
        .take(MOST_ROWS)
        .map(|file| vec![file.name.clone(), words::status(file.status).to_owned(), file.reason.clone()])
        .collect();
    let more = count.saturating_sub(MOST_ROWS);
    view! {
        <details id="refused" open=count <= 20>
            <summary>{format!("{count} files are not in the panel")}</summary>
            <Table id="refused-table" caption="Files that are not in the panel".to_owned() header=header(&["file", "why", "reason"]) rows />
            <p class="hint" hidden=more == 0>{format!("{more} more stand in files.csv.")}</p>
        </details>
    }
    .into_any()
}

fn funnel(overview: &Overview) -> AnyView {
    let rows = overview
        .funnel
        .iter()
        .map(|(outcome, count)| vec![outcome.replace('_', " "), count.to_string()])
        .collect();
    let twice = overview.twice.len();
    view! {
        <Table id="funnel" caption="Sessions by their end".to_owned() header=header(&["end", "sessions"]) rows />
        <p class="hint" hidden=twice == 0>
            {format!("{twice} participants have more than one session: {}.", overview.twice.join(", "))}
        </p>
        <p class="hint" hidden=overview.receipts == 0>
            {format!("{} people come from receipts: whole seconds, in steps of 0.004.", overview.receipts)}
        </p>
    }
    .into_any()
}

fn balance(overview: &Overview) -> AnyView {
    if overview.balance.len() < 2 {
        return ().into_any();
    }
    let named = |text: &str| if text.is_empty() { "\u{2013}".to_owned() } else { text.to_owned() };
    let rows = overview
        .balance
        .iter()
        .map(|(group, row, count)| vec![named(group), named(row), count.to_string()])
        .collect();
    view! {
        <Table id="balance" caption="Balance of groups and rows of the order".to_owned() header=header(&["group", "row", "people"]) rows />
    }
    .into_any()
}

fn expected(overview: &Overview) -> AnyView {
    let Some(list) = &overview.reconciled else { return ().into_any() };
    let row = |what: &str, ids: &[String]| vec![what.to_owned(), ids.len().to_string(), ids.join(" ")];
    let rows = vec![
        row("complete", &list.complete),
        row("came, not merged", &list.not_merged),
        row("missing", &list.missing),
        row("not expected", &list.unknown),
    ];
    view! { <Table id="expected-table" caption="Expected participants".to_owned() header=header(&["", "people", "ids"]) rows /> }
        .into_any()
}

/// Codes and ids that are typed.
#[component]
fn Lists() -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    view! {
        <details id="lists">
            <summary>"Withdrawn codes and expected ids"</summary>
            <div class="settings-grid">
                <div class="field">
                    <label for="withdrawn">"Codes of people who withdrew"</label>
                    <textarea
                        id="withdrawn"
                        rows="3"
                        prop:value=move || state.settings.with(|settings| settings.withdrawn.clone())
                        on:change=move |event| {
                            let text = event_target_value(&event);
                            control.set(move |settings| settings.withdrawn = text);
                        }
                    ></textarea>
                </div>
                <div class="field">
                    <label for="expected">"Ids of participants who are expected"</label>
                    <textarea
                        id="expected"
                        rows="3"
                        prop:value=move || state.settings.with(|settings| settings.expected.clone())
                        on:change=move |event| {
                            let text = event_target_value(&event);
                            control.set(move |settings| settings.expected = text);
                        }
                    ></textarea>
                </div>
            </div>
        </details>
    }
}
