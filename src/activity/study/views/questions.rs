//! Questions: those of the screening, and those of the study.

use std::collections::BTreeMap;

use emotion_study::file::{ChoiceOption, Question, QuestionKind};
use emotion_study::session::{Answer, AnswerValue, Event, missing_answers};
use emotion_study::words::{begin, show};
use leptos::prelude::*;

use crate::activity::study::services::Conductor;
use crate::activity::study::views::parts::{Press, say};
use crate::ui::parts::focus;

/// What was answered so far, by question.
type Given = RwSignal<BTreeMap<String, AnswerValue>>;

/// Up to so many numbers a scale is shown as buttons; above, as a field.
const MOST_BUTTONS: i32 = 11;

#[component]
pub fn Ask(screening: bool) -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    let course = conductor.course;
    let questions: Vec<&'static Question> = course.session(|session| session.questions()).unwrap_or_default();
    let given: Given = RwSignal::new(BTreeMap::new());
    let missing = RwSignal::new(Vec::<String>::new());
    let title = if screening { &begin::SCREENING_TITLE } else { &show::QUESTIONS_TITLE };
    let asked = questions.clone();
    let answer = move || {
        let answers: Vec<Answer> = given.with_untracked(|given| {
            let of = |question: &&'static Question| {
                let value = given.get(&question.id)?.clone();
                Some(Answer { question: question.id.clone(), value })
            };
            asked.iter().filter_map(of).collect()
        });
        let lacking = missing_answers(&asked, &answers);
        if let Some(first) = lacking.first() {
            // The field itself, or the first of its buttons.
            focus(&format!("question-{first}"));
            missing.set(lacking);
            return;
        }
        course.apply(Event::Answered { answers });
    };
    let list = questions
        .into_iter()
        .map(|question| view! { <OneQuestion question=question given=given missing=missing /> })
        .collect_view();
    view! {
        <section class="notice questions">
            <h1 tabindex="-1">{say(title)}</h1>
            {list}
            <p class="fault" role="alert" id="answers-missing">
                {move || {
                    if missing.with(Vec::is_empty) { String::new() } else { say(&show::QUESTIONS_MISSING)() }
                }}
            </p>
            <p class="actions"><Press id="answer" phrase=&begin::NEXT primary=true on_press=answer /></p>
        </section>
    }
}

#[component]
fn OneQuestion(question: &'static Question, given: Given, missing: RwSignal<Vec<String>>) -> impl IntoView {
    let lacking = move || missing.with(|missing| missing.contains(&question.id));
    let note = if question.required { &show::QUESTIONS_REQUIRED } else { &show::QUESTIONS_OPTIONAL };
    let several = matches!(&question.kind, QuestionKind::Choice(choice) if choice.multiple);
    let field = match &question.kind {
        QuestionKind::Scale(scale) if scale.max - scale.min < MOST_BUTTONS => {
            let ends = (scale.min_label.clone(), scale.max_label.clone());
            let buttons = (scale.min..=scale.max)
                .map(|number| {
                    let first = number == scale.min;
                    let picked = move || {
                        given.with(|given| given.get(&question.id) == Some(&AnswerValue::Number(number)))
                    };
                    let id = choice_id(question, &number.to_string(), first);
                    view! {
                        <label class="scale-step">
                            <input
                                type="radio"
                                id=id
                                name=format!("q-{}", question.id)
                                prop:checked=picked
                                on:change=move |_| put(given, question, AnswerValue::Number(number))
                            />
                            <span>{number}</span>
                        </label>
                    }
                })
                .collect_view();
            view! {
                <div class="scale">
                    <span class="scale-end" dir="auto">{ends.0}</span>
                    <div class="scale-steps">{buttons}</div>
                    <span class="scale-end" dir="auto">{ends.1}</span>
                </div>
            }
            .into_any()
        }
        QuestionKind::Scale(scale) => {
            let (min, max) = (scale.min, scale.max);
            view! {
                <input
                    type="number"
                    id=format!("question-{}", question.id)
                    aria-label=question.prompt.clone()
                    min=min
                    max=max
                    on:input=move |event| {
                        match event_target_value(&event).trim().parse() {
                            Ok(number) => put(given, question, AnswerValue::Number(number)),
                            Err(_) => given.update(|given| drop(given.remove(&question.id))),
                        }
                    }
                />
                <span class="hint">{format!("{min} - {max}")}</span>
            }
            .into_any()
        }
        QuestionKind::Choice(choice) => choice
            .options
            .iter()
            .enumerate()
            .map(|(at, option)| {
                view! { <OneChoice question=question option=option first=at == 0 several=several given=given /> }
            })
            .collect_view()
            .into_any(),
        QuestionKind::Text(text) => {
            let most = text.max_chars;
            let typed = move || {
                given.with(|given| match given.get(&question.id) {
                    Some(AnswerValue::Text(text)) => text.chars().count(),
                    _ => 0,
                })
            };
            let course = expect_context::<Conductor>().course;
            let left = move || {
                let count = (most as usize).saturating_sub(typed()).to_string();
                course.words.get().fill(&show::QUESTIONS_LEFT, &[("count", count.as_str())])
            };
            view! {
                <textarea
                    id=format!("question-{}", question.id)
                    aria-label=question.prompt.clone()
                    rows="3"
                    dir="auto"
                    maxlength=most
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        if text.is_empty() {
                            given.update(|given| drop(given.remove(&question.id)));
                        } else {
                            put(given, question, AnswerValue::Text(text));
                        }
                    }
                ></textarea>
                <span class="hint">{left}</span>
            }
            .into_any()
        }
    };
    view! {
        <fieldset class="question" class:lacking=lacking>
            <legend dir="auto">{question.prompt.clone()}</legend>
            <p class="hint">
                {say(note)}
                {several.then(|| view! { " " {say(&show::QUESTIONS_SEVERAL)} })}
            </p>
            {field}
        </fieldset>
    }
}

#[component]
fn OneChoice(
    question: &'static Question,
    option: &'static ChoiceOption,
    first: bool,
    several: bool,
    given: Given,
) -> impl IntoView {
    let picked = move || {
        given.with(|given| match given.get(&question.id) {
            Some(AnswerValue::Text(id)) => *id == option.id,
            Some(AnswerValue::Options(ids)) => ids.contains(&option.id),
            _ => false,
        })
    };
    let choose = move |ticked: bool| {
        if !several {
            return put(given, question, AnswerValue::Text(option.id.clone()));
        }
        let mut ids = given.with_untracked(|given| match given.get(&question.id) {
            Some(AnswerValue::Options(ids)) => ids.clone(),
            _ => Vec::new(),
        });
        ids.retain(|id| *id != option.id);
        if ticked {
            ids.push(option.id.clone());
        }
        if ids.is_empty() {
            given.update(|given| drop(given.remove(&question.id)));
        } else {
            put(given, question, AnswerValue::Options(ids));
        }
    };
    view! {
        <label class="tick">
            <input
                type=if several { "checkbox" } else { "radio" }
                id=choice_id(question, &option.id, first)
                name=format!("q-{}", question.id)
                prop:checked=picked
                on:change=move |event| choose(event_target_checked(&event))
            />
            <span dir="auto">{option.text.clone()}</span>
        </label>
    }
}

/// The first of a question's buttons has the question's name: there the focus goes where an answer is missing.
fn choice_id(question: &Question, choice: &str, first: bool) -> String {
    if first { format!("question-{}", question.id) } else { format!("question-{}-{choice}", question.id) }
}

fn put(given: Given, question: &Question, value: AnswerValue) {
    given.update(|given| {
        given.insert(question.id.clone(), value);
    });
}
