//! The hand-over: the ways that the study offers, each by a click.

use emotion_study::file::Method;
use emotion_study::result::csv::Dialect;
use emotion_study::words::end;
use leptos::prelude::*;

use crate::activity::study::services::Conductor;
use crate::activity::study::services::handing::Step;
use crate::activity::study::views::parts::{Press, say};
use crate::ui::save_buttons::TableDialect;
use crate::view::study::words::table_dialect;

#[component]
pub fn Handover() -> impl IntoView {
    view! {
        <section class="notice">
            <h1 tabindex="-1">{say(&end::HANDOVER_TITLE)}</h1>
            <p>{say(&end::HANDOVER_TEXT)}</p>
            <Ways />
        </section>
    }
}

/// The ways, and what each asks in between.
#[component]
pub fn Ways() -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    let (course, handing) = (conductor.course, conductor.handing);
    let there = move || {
        conductor.frame.loading.track();
        course.turn.track();
        course.result().is_some()
    };
    let file_words = move |file: &str| course.words.get().fill(&end::HANDOVER_FILE_TEXT, &[("file", file)]);
    let ways = move || {
        if !there() {
            return view! { <p class="hint" role="status">"…"</p> }.into_any();
        }
        match handing.step.get() {
            Step::Choose => view! { <Choose /> }.into_any(),
            Step::HaveIt { file } => view! {
                <p><bdi>{file_words(&file)}</bdi></p>
                <p><strong>{say(&end::HANDOVER_HAVE_IT)}</strong></p>
                <p class="actions">
                    <Press
                        id="have-file"
                        phrase=&end::HANDOVER_YES
                        primary=true
                        on_press=move || handing.have_file()
                    />
                    <Press id="no-file" phrase=&end::HANDOVER_NO on_press=move || handing.choose() />
                </p>
            }
            .into_any(),
            Step::Receipt { parts, copied } => view! { <Receipt parts=parts copied=copied /> }.into_any(),
            Step::Waiting => {
                view! { <p role="status" id="waiting">{say(&end::HANDOVER_WAITING)}</p> }.into_any()
            }
            Step::NoAnswer => view! {
                <p role="alert" id="no-answer">{say(&end::HANDOVER_NO_ANSWER)}</p>
                <Choose />
            }
            .into_any(),
            Step::Failed(sentence) => view! {
                <p role="alert" lang="en">{sentence}</p>
                <Choose />
            }
            .into_any(),
        }
    };
    view! {
        {ways}
        <div hidden=move || !there()>
            <Table />
        </div>
    }
}

/// The tidy table beside the result file, in the dialect that the participant's spreadsheet needs.
#[component]
fn Table() -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    let (course, handing) = (conductor.course, conductor.handing);
    let chosen = expect_context::<TableDialect>();
    chosen.prefer(table_dialect(course.words.get_untracked().language()));
    let words = |dialect| match dialect {
        Dialect::Point => say(&end::HANDOVER_TABLE_POINT),
        Dialect::Comma => say(&end::HANDOVER_TABLE_COMMA),
    };
    view! {
        <details class="again" id="table">
            <summary>{say(&end::HANDOVER_TABLE)}</summary>
            <p>{say(&end::HANDOVER_TABLE_TEXT)}</p>
            <p class="actions">
                <Press
                    id="save-table"
                    phrase=&end::HANDOVER_TABLE_SAVE
                    on_press=move || handing.save_table(chosen.get_untracked())
                />
                <select
                    id="table-dialect"
                    class="dialect"
                    aria-label=say(&end::HANDOVER_TABLE_FORM)
                    on:change=move |event| chosen.choose(&event_target_value(&event))
                >
                    {Dialect::ALL
                        .map(|dialect| {
                            view! {
                                <option value=dialect.name() selected=move || chosen.get() == dialect>
                                    {words(dialect)}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </p>
            <p class="fault" role="alert" lang="en">{move || handing.table_fault.get()}</p>
        </details>
    }
}

#[component]
fn Choose() -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    let (course, handing) = (conductor.course, conductor.handing);
    let methods = handing.methods();
    let shares = handing.can_share();
    let origin =
        course.loaded().and_then(|loaded| loaded.study.handover.parent_origin.clone()).unwrap_or_default();
    let named = move || course.words.get().fill(&end::HANDOVER_PARENT, &[("origin", origin.as_str())]);
    let named = StoredValue::new(named);
    let button = move |at: usize, method: Method| {
        let primary = at == 0;
        match method {
            Method::File => view! {
                <Press id="save-file" phrase=&end::HANDOVER_FILE primary=primary on_press=move || handing.save() />
                {(shares && !handing.methods().contains(&Method::Share)).then(|| view! { <ShareButton primary=false /> })}
            }
            .into_any(),
            Method::Share if shares => view! { <ShareButton primary=primary /> }.into_any(),
            Method::Share => ().into_any(),
            Method::Receipt => view! {
                <Press
                    id="receipt"
                    phrase=&end::HANDOVER_RECEIPT
                    primary=primary
                    on_press=move || handing.receipt()
                />
            }
            .into_any(),
            Method::Parent => view! {
                <button
                    id="to-parent"
                    class=if primary { "button primary" } else { "button" }
                    on:click=move |_| handing.to_parent()
                >
                    {move || named.with_value(|named| named())}
                </button>
            }
            .into_any(),
        }
    };
    // Where there is only the share sheet, and none on this device, the file is the way.
    let only_share = methods == [Method::Share] && !shares;
    view! {
        <p class="actions">
            {methods.into_iter().enumerate().map(|(at, method)| button(at, method)).collect_view()}
            {only_share
                .then(|| {
                    view! {
                        <Press id="save-file" phrase=&end::HANDOVER_FILE primary=true on_press=move || handing.save() />
                    }
                })}
        </p>
    }
}

#[component]
fn ShareButton(primary: bool) -> impl IntoView {
    let handing = expect_context::<Conductor>().handing;
    view! { <Press id="share-file" phrase=&end::HANDOVER_SHARE primary=primary on_press=move || handing.share() /> }
}

/// The parts of the receipt, each to be copied into the survey.
#[component]
fn Receipt(parts: Vec<String>, copied: Vec<bool>) -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    let (course, handing) = (conductor.course, conductor.handing);
    let all = parts.len();
    let every = copied.iter().all(|copied| *copied);
    let list = parts
        .into_iter()
        .zip(copied)
        .enumerate()
        .map(|(at, (text, copied))| {
            let number = (at + 1).to_string();
            let total = all.to_string();
            let label = course
                .words
                .get_untracked()
                .fill(&end::HANDOVER_RECEIPT_TEXT, &[("part", number.as_str()), ("parts", total.as_str())]);
            view! {
                <li class="receipt-part">
                    <label for=format!("receipt-{number}")>{label}</label>
                    <textarea
                        id=format!("receipt-{number}")
                        class="receipt-text"
                        dir="ltr"
                        readonly
                        rows="3"
                        prop:value=text
                        on:copy=move |_| handing.copied(at)
                    ></textarea>
                    <p class="actions">
                        <button
                            id=format!("copy-{number}")
                            class="button"
                            on:click=move |_| handing.copy(at)
                        >
                            {say(&end::HANDOVER_RECEIPT)}
                        </button>
                        <span role="status">
                            {copied.then(|| view! { {say(&end::HANDOVER_COPIED)} })}
                        </span>
                    </p>
                </li>
            }
        })
        .collect_view();
    view! {
        <ol class="receipt">{list}</ol>
        <p class="actions">
            <button id="pasted" class="button primary" disabled=!every on:click=move |_| handing.pasted()>
                {say(&end::HANDOVER_PASTED)}
            </button>
            <Press id="no-receipt" phrase=&end::HANDOVER_NO on_press=move || handing.choose() />
        </p>
    }
}
