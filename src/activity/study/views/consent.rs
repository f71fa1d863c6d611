//! The consent: the study's text, the fields that the law asks for, and a click.

use emotion_study::session::Event;
use emotion_study::words::begin;
use leptos::prelude::*;

use crate::activity::study::services::Conductor;
use crate::activity::study::views::parts::{Press, say};
use crate::activity::study::views::rich_text::RichText;
use crate::web::clock;

#[component]
pub fn Consent() -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    let course = conductor.course;
    let Some(study) = course.words.get_untracked().study() else { return ().into_any() };
    let old_enough = RwSignal::new(false);
    let agrees = RwSignal::new(false);
    let consent = &study.consent;
    let age = move || {
        let age = study.consent.minimum_age.to_string();
        course.words.get().fill(&begin::CONSENT_AGE, &[("age", age.as_str())])
    };
    let withdraw = move || {
        let values = [
            ("contact", study.controller.contact.as_str()),
            ("until", study.consent.withdraw_until.as_str()),
        ];
        course.words.get().fill(&begin::CONSENT_WITHDRAW_TEXT, &values)
    };
    let complain = move || {
        let values = [("authority", study.controller.authority.as_str())];
        course.words.get().fill(&begin::CONSENT_COMPLAIN, &values)
    };
    let agree = move || {
        // To the minute: nobody needs the second.
        let minute: String = clock::now_utc().chars().take(16).chain(['Z']).collect();
        course.apply(Event::Consented { minute });
    };
    view! {
        <section class="notice">
            <h1 tabindex="-1">{say(&begin::CONSENT_TITLE)}</h1>
            <RichText text=consent.text.clone() />
            <dl class="how-to">
                <dt>{say(&begin::CONSENT_BASIS)}</dt>
                <dd dir="auto">{consent.legal_basis.clone()}</dd>
                <dt>{say(&begin::CONSENT_RECIPIENTS)}</dt>
                <dd dir="auto">{consent.recipients.clone()}</dd>
                <dt>{say(&begin::CONSENT_RETENTION)}</dt>
                <dd dir="auto">{consent.retention.clone()}</dd>
                <dt>{say(&begin::CONSENT_WITHDRAW)}</dt>
                <dd>{withdraw}</dd>
            </dl>
            <p>{complain}</p>
            <Tick id="old-enough" ticked=old_enough text=age />
            <Tick id="agrees" ticked=agrees text=say(&begin::CONSENT_BOX) />
            <p class="actions">
                <Press
                    id="agree"
                    phrase=&begin::CONSENT_YES
                    primary=true
                    disabled=Signal::derive(move || !(old_enough.get() && agrees.get()))
                    on_press=agree
                />
                <Press
                    id="decline"
                    phrase=&begin::CONSENT_NO
                    on_press=move || {
                        course.apply(Event::Declined);
                    }
                />
            </p>
        </section>
    }
    .into_any()
}

/// A box to tick.
#[component]
fn Tick(
    id: &'static str,
    ticked: RwSignal<bool>,
    text: impl Fn() -> String + Send + 'static,
) -> impl IntoView {
    view! {
        <label class="tick" for=id>
            <input
                type="checkbox"
                id=id
                prop:checked=move || ticked.get()
                on:change=move |event| ticked.set(event_target_checked(&event))
            />
            <span>{text}</span>
        </label>
    }
}
