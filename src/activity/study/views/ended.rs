//! The end: what came of it, the code and the way back, and what can still be done with what was recorded.

use emotion_study::link::{EndingValues, ending, outcome_link};
use emotion_study::session::{Event, Outcome};
use emotion_study::words::{Phrase, end};
use leptos::prelude::*;

use crate::activity::study::services::Conductor;
use crate::activity::study::views::handover::Ways;
use crate::activity::study::views::parts::{Press, say};
use crate::activity::study::views::rich_text::RichText;
use crate::view::study::address::host;

/// Heading and text of an outcome.
fn phrases(outcome: Outcome) -> (&'static Phrase, &'static Phrase) {
    match outcome {
        Outcome::Complete => (&end::OUTCOME_COMPLETE, &end::OUTCOME_COMPLETE_TEXT),
        Outcome::ScreenedOut => (&end::OUTCOME_SCREENED_OUT, &end::OUTCOME_SCREENED_OUT_TEXT),
        Outcome::QuotaFull => (&end::OUTCOME_QUOTA_FULL, &end::OUTCOME_QUOTA_FULL_TEXT),
        Outcome::Declined => (&end::OUTCOME_DECLINED, &end::OUTCOME_DECLINED_TEXT),
        Outcome::Failed => (&end::OUTCOME_FAILED, &end::OUTCOME_FAILED_TEXT),
        Outcome::Withdrawn => (&end::OUTCOME_WITHDRAWN, &end::OUTCOME_WITHDRAWN_TEXT),
    }
}

#[component]
pub fn Ended(outcome: Outcome) -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    let (course, handing) = (conductor.course, conductor.handing);
    let Some(study) = course.words.get_untracked().study() else { return ().into_any() };
    let (title, text) = phrases(outcome);
    let own = ending(&study.outcomes, outcome).text.clone();
    let session = course.session(|session| session.id().to_owned()).unwrap_or_default();
    let handed_over = course.session(|session| !session.handed_over().is_empty()) == Some(true);
    let after = {
        let session = session.clone();
        move || {
            let values = [
                ("name", study.controller.name.as_str()),
                ("code", session.as_str()),
                ("contact", study.controller.contact.as_str()),
            ];
            course.words.get().fill(&end::OUTCOME_WITHDRAWN_AFTER, &values)
        }
    };
    let code = move || {
        let code = handing.code.get()?;
        Some(course.words.get().fill(&end::CODE, &[("code", code.as_str())]))
    };
    let withdrawal = {
        let session = session.clone();
        move || course.words.get().fill(&end::WITHDRAWAL_CODE, &[("code", session.as_str())])
    };
    let deleted = course.session(|session| session.is_deleted()) == Some(true);
    let recorded = Memo::new(move |_| {
        course.turn.track();
        handing.can_hand_over()
    });
    view! {
        <section class="notice" id="ended">
            <h1 tabindex="-1">{say(title)}</h1>
            <p>{say(text)}</p>
            {own.map(|text| view! { <RichText text=text /> })}
            {(outcome == Outcome::Withdrawn && handed_over).then(|| view! { <p id="withdrawn-after"><bdi>{after}</bdi></p> })}
            {move || code().map(|code| view! { <p class="code" id="completion-code"><strong>{code}</strong></p> })}
            <p class="notice-line" hidden=move || !handing.incomplete.get()>{say(&end::ERROR_INCOMPLETE)}</p>
            <Back outcome=outcome />
            <p id="withdrawal-code" hidden=move || !recorded.get()>{withdrawal}</p>
            {deleted
                .then(|| {
                    (outcome != Outcome::Withdrawn)
                        .then(|| view! { <p role="status" id="deleted">{say(&end::DELETED)}</p> })
                })}
            {move || {
                recorded
                    .get()
                    .then(|| {
                        view! {
                            <details class="again">
                                <summary>{say(&end::HANDOVER_TITLE)}</summary>
                                <Ways />
                                <p class="actions">
                                    <Press
                                        id="delete"
                                        phrase=&end::DELETE
                                        on_press=move || {
                                            course.apply(Event::Deleted);
                                        }
                                    />
                                </p>
                            </details>
                        }
                    })
            }}
        </section>
    }
    .into_any()
}

/// The link back to the panel or the survey. The page is left by a click only.
#[component]
fn Back(outcome: Outcome) -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    let (course, handing) = (conductor.course, conductor.handing);
    let link = move || {
        let loaded = course.loaded().filter(|loaded| !loaded.preview)?;
        let code = handing.code.get();
        // After a complete study the way back is open only when the result was whole.
        if outcome == Outcome::Complete && code.is_none() {
            return None;
        }
        course.session(|session| {
            let values = EndingValues {
                participant: session.participant(),
                session: session.id(),
                group: session.assignment().group.as_deref(),
                code: code.as_deref(),
            };
            outcome_link(loaded.study, outcome, values)
        })?
    };
    move || {
        link().map(|link| {
            let host = host(&link).to_owned();
            let text = course.words.get().fill(&end::GO_BACK_TEXT, &[("host", host.as_str())]);
            view! {
                <p>{text}</p>
                <p class="actions">
                    <a
                        id="go-back"
                        class="button primary"
                        href=link
                        target="_top"
                        rel="noreferrer"
                        referrerpolicy="no-referrer"
                    >
                        {say(&end::GO_BACK)}
                    </a>
                </p>
            }
        })
    }
}
