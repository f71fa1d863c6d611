//! Questions to the participant, and those that decide who may take part.

use leptos::prelude::*;

use crate::activity::builder::fields::{As, Check, Choose, Faults, Input, Member, id_of, words};
use crate::activity::builder::lists::{Entry, List, title_id};
use crate::activity::builder::state::State;

const KINDS: &[(&str, &str)] =
    &[("scale", "A scale of numbers"), ("choice", "Options to choose from"), ("text", "Own words")];

#[component]
pub fn Questions() -> impl IntoView {
    let state = expect_context::<State>();
    let questions = List::new(state, "questions");
    let screening = List::new(state, "screening");
    view! {
        <p class="hint">"Ask at the end if you can: questions between the videos make the readings worse."</p>
        <Faults path="questions" />
        <div id="questions" class="entries">
            {move || {
                state.listed.track();
                (0..questions.count())
                    .map(|at| view! { <Question list=questions at path=format!("questions[{at}]") /> })
                    .collect_view()
            }}
        </div>
        <Add list=questions path="questions" />
        <h3>"Who may take part"</h3>
        <p class="hint">"Asked before everything else. Nothing is kept of those who may not take part."</p>
        <Faults path="screening" />
        <div id="screening" class="entries">
            {move || {
                (0..screening.count()).map(|at| view! { <Screening list=screening at /> }).collect_view()
            }}
        </div>
        <Add list=screening path="screening" />
    }
}

#[component]
fn Add(list: List, path: &'static str) -> impl IntoView {
    let state = expect_context::<State>();
    let screening = path == "screening";
    let what = if screening { "screening question" } else { "question" };
    let button = move |kind: &'static str, text: &'static str| {
        view! {
            <button
                type="button"
                class="button small"
                id=format!("add-{path}-{kind}")
                on:click=move |_| {
                    let at = state.change(|draft| draft.add_question(kind, screening));
                    list.changed_at(title_id(path, at));
                }
            >
                {format!("Add a {what}: {text}")}
            </button>
        }
    };
    view! {
        <div class="add">
            {button("scale", "scale")} {button("choice", "options")} {(!screening).then(|| button("text", "own words"))}
        </div>
    }
}

#[component]
fn Question(list: List, at: usize, path: String) -> impl IntoView {
    let state = expect_context::<State>();
    let places = std::iter::once(("end".to_owned(), "At the end".to_owned()));
    let ids = state.draft.with_untracked(|draft| draft.stimulus_ids());
    let places =
        places.chain(ids.into_iter().map(|id| (id.clone(), format!("After {id}")))).collect::<Vec<_>>();
    let away = path.clone();
    view! {
        <Entry
            list
            at
            title=format!("Question {}", at + 1)
            on_remove=move || state.change(|draft| draft.remove(&away))
        >
            <Faults path=path.clone() />
            <Asked path=path.clone() list screening=false />
            <div class="pair">
                <Choose path=format!("{path}.after") label="When it is asked" words=places otherwise="end" />
                <Check path=format!("{path}.required") label="It must be answered" absent=true />
            </div>
        </Entry>
    }
}

#[component]
fn Screening(list: List, at: usize) -> impl IntoView {
    let state = expect_context::<State>();
    let path = format!("screening[{at}]");
    let away = path.clone();
    view! {
        <Entry
            list
            at
            title=format!("Screening question {}", at + 1)
            on_remove=move || state.change(|draft| draft.remove(&away))
        >
            <Faults path=path.clone() />
            <Asked path=format!("{path}.question") list screening=true />
        </Entry>
    }
}

/// The question itself, and how it is answered.
#[component]
fn Asked(path: String, list: List, screening: bool) -> impl IntoView {
    let state = expect_context::<State>();
    let kind = state.draft.with_untracked(|draft| draft.question_kind(&path));
    let kinds = words(KINDS).into_iter().filter(|(word, _)| !screening || word != "text");
    let changed = path.clone();
    let kind_id = format!("{}-kind", id_of(&path));
    let inner = format!("{path}.{kind}");
    let answers = path.strip_suffix(".question").map(|screening| format!("{screening}.screen_out_if"));
    let by = match kind {
        "scale" => view! {
            <Faults path=inner.clone() />
            <div class="pair">
                <Input path=format!("{inner}.min") label="Lowest number" shown=As::Number />
                <Input path=format!("{inner}.min_label") label="What it means" />
                <Input path=format!("{inner}.max") label="Highest number" shown=As::Number />
                <Input path=format!("{inner}.max_label") label="What it means" />
            </div>
            {answers
                .map(|answers| {
                    view! {
                        <Input
                            path=answers
                            label="Numbers with which somebody may not take part"
                            shown=As::Numbers
                            hint="With commas between them: 1, 2"
                        />
                    }
                })}
        }
        .into_any(),
        "choice" => view! { <Options path=inner.clone() answers /> }.into_any(),
        "text" => view! {
            <Input path=format!("{inner}.max_chars") label="Longest answer, in characters" shown=As::Number />
        }
        .into_any(),
        _ => ().into_any(),
    };
    view! {
        <Input path=format!("{path}.prompt") label="The question" shown=As::Lines(2) />
        <div class="pair">
            <div class="field">
                <label for=kind_id.clone()>"How it is answered"</label>
                <select
                    id=kind_id.clone()
                    on:change=move |event| {
                        let kind = event_target_value(&event);
                        state.change(|draft| draft.set_question_kind(&changed, &kind));
                        list.changed_at(kind_id.clone());
                    }
                >
                    {kinds
                        .map(|(word, text)| {
                            let selected = word == kind;
                            view! { <option value=word selected=selected>{text}</option> }
                        })
                        .collect_view()}
                </select>
            </div>
            <Input path=format!("{path}.id") label="Name in the results" />
        </div>
        {by}
    }
}

/// The options of a choice; `answers` is where those stand with which somebody may not take part.
#[component]
fn Options(path: String, answers: Option<String>) -> impl IntoView {
    let state = expect_context::<State>();
    let options = format!("{path}.options");
    let list = List::new(state, options.clone());
    let (drawn, added) = (options.clone(), options.clone());
    let marked = answers.clone();
    view! {
        <Faults path=options.clone() />
        <div class="entries">
            {move || {
                let options = drawn.clone();
                let marked = marked.clone();
                (0..list.count())
                    .map(|at| {
                        let path = format!("{options}[{at}]");
                        let id = state.draft.with_untracked(|draft| draft.text(&format!("{path}.id")));
                        let away = path.clone();
                        let out = marked.clone();
                        let out = out
                            .map(|answers| {
                                view! { <Member path=answers word=id label="With this answer nobody may take part" /> }
                            });
                        view! {
                            <Entry
                                list
                                at
                                title=format!("Option {}", at + 1)
                                on_remove=move || state.change(|draft| draft.remove(&away))
                            >
                                <Faults path=path.clone() />
                                <div class="pair">
                                    <Input path=format!("{path}.text") label="Text" />
                                    <Input path=format!("{path}.id") label="Name in the results" shown=As::Answer />
                                </div>
                                {out}
                            </Entry>
                        }
                    })
                    .collect_view()
            }}
        </div>
        {answers.map(|answers| view! { <Faults path=answers /> })}
        <div class="add">
            <button
                type="button"
                class="button small"
                id=format!("{}-add", id_of(&options))
                on:click=move |_| {
                    let at = state.change(|draft| draft.add_option(&added));
                    list.changed_at(title_id(&added, at));
                }
            >
                "Add an option"
            </button>
        </div>
        <Check path=format!("{path}.multiple") label="Several may be chosen" />
    }
}
