//! What was recorded: the participant sees all of it before anything is handed over. No picture is among it.

use emotion_core::emotion::Emotion;
use emotion_study::emotion::EMOTIONS;
use emotion_study::file::{QuestionKind, Study};
use emotion_study::result::ExposureRecord;
use emotion_study::session::{Answer, AnswerValue, Change, Event};
use emotion_study::words::end;
use leptos::prelude::*;

use crate::activity::study::services::Conductor;
use crate::activity::study::views::parts::{Press, say};
use crate::ui::parts::Marker;
use crate::view::study::curves::{self, HEIGHT, WIDTH};

#[component]
pub fn Review(failed: bool) -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    let course = conductor.course;
    // After a reload the models' names come a little later; they stand in the result.
    let result = move || {
        conductor.frame.loading.track();
        course.result()
    };
    let changed = course.session(|session| session.changed()).flatten().map(|what| match what {
        Change::Study => &end::CHANGED_STUDY,
        Change::Models => &end::CHANGED_MODELS,
    });
    view! {
        <section class="notice review">
            <h1 tabindex="-1">{say(&end::REVIEW_TITLE)}</h1>
            <p>{say(&end::REVIEW_TEXT)}</p>
            {changed.map(|phrase| view! { <p class="notice-line" id="changed">{say(phrase)}</p> })}
            {failed.then(|| view! { <p class="notice-line">{say(&end::ERROR_INCOMPLETE)}</p> })}
            <p class="legend-line">
                {Emotion::ALL
                    .into_iter()
                    .zip(end::EMOTIONS)
                    .map(|(emotion, phrase)| {
                        view! { <span class="legend-entry"><Marker emotion=emotion />{say(phrase)}</span> }
                    })
                    .collect_view()}
            </p>
            {move || {
                let exposures = result().map(|result| result.exposures).unwrap_or_default();
                exposures.into_iter().map(|exposure| view! { <Shown exposure=exposure /> }).collect_view()
            }}
            <Answers />
            <p class="actions">
                <Press
                    id="review-next"
                    phrase=&end::REVIEW_NEXT
                    primary=true
                    on_press=move || {
                        course.apply(Event::Reviewed);
                    }
                />
                <Press id="review-delete" phrase=&end::DELETE on_press=move || conductor.withdraw() />
            </p>
        </section>
    }
}

/// The curves under one stimulus, and their grade.
#[component]
fn Shown(exposure: ExposureRecord) -> impl IntoView {
    let course = expect_context::<Conductor>().course;
    let paths = course.samples(|samples| curves::paths(samples, exposure.index as u16, exposure.duration_ms));
    let grade = exposure.grade.to_string();
    let grade = move || course.words.get().fill(&end::REVIEW_GRADE, &[("grade", grade.as_str())]);
    let reasons = exposure.reasons.iter().map(|reason| end::grade_reason(reason.word())).collect::<Vec<_>>();
    let lines = paths
        .into_iter()
        .zip(EMOTIONS)
        .map(|(path, emotion)| view! { <path class=format!("curve ink-{emotion}") data-emotion=emotion d=path /> })
        .collect_view();
    let seconds = format!("{} s", exposure.duration_ms.div_ceil(1_000));
    view! {
        <figure class="shown">
            <figcaption>
                <bdi>{exposure.stimulus}</bdi>
                " · "
                {grade}
                {reasons
                    .into_iter()
                    .flatten()
                    .map(|phrase| view! { <span class="hint">" · " {say(phrase)}</span> })
                    .collect_view()}
            </figcaption>
            <svg viewBox=format!("0 -4 {WIDTH} {}", HEIGHT + 8.0) preserveAspectRatio="none" aria-hidden="true">
                <line class="grid" x1="0" x2=WIDTH y1=HEIGHT y2=HEIGHT />
                <line class="grid" x1="0" x2=WIDTH y1=HEIGHT / 2.0 y2=HEIGHT / 2.0 />
                <line class="grid" x1="0" x2=WIDTH y1="0" y2="0" />
                {lines}
            </svg>
            <p class="axis" dir="ltr"><span>"0"</span><span>{seconds}</span></p>
        </figure>
    }
}

/// What was answered, with the questions.
#[component]
fn Answers() -> impl IntoView {
    let course = expect_context::<Conductor>().course;
    let answers = course.session(|session| session.answers().to_vec()).unwrap_or_default();
    let study = course.words.get_untracked().study();
    let entries = answers.iter().filter_map(|answer| entry(study?, answer)).collect::<Vec<_>>();
    (!entries.is_empty()).then(|| {
        let entries = entries
            .into_iter()
            .map(|(prompt, value)| view! { <dt dir="auto">{prompt}</dt><dd dir="auto">{value}</dd> })
            .collect_view();
        view! {
            <h2>{say(&end::REVIEW_ANSWERS)}</h2>
            <dl class="how-to answers">{entries}</dl>
        }
    })
}

/// A question and what was answered, in words.
fn entry(study: &Study, answer: &Answer) -> Option<(String, String)> {
    let question = study.question(&answer.question)?;
    let text_of = |id: &String| match &question.kind {
        QuestionKind::Choice(choice) => {
            choice.options.iter().find(|option| option.id == *id).map_or(id.clone(), |o| o.text.clone())
        }
        _ => id.clone(),
    };
    let value = match &answer.value {
        AnswerValue::Number(number) => number.to_string(),
        AnswerValue::Text(text) => text_of(text),
        AnswerValue::Options(ids) => ids.iter().map(text_of).collect::<Vec<_>>().join(", "),
    };
    Some((question.prompt.clone(), value))
}
