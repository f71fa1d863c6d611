//! The notice, and what stands in the way here.

use emotion_study::session::Event;
use emotion_study::words::{begin, camera};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::activity::study::services::Conductor;
use crate::activity::study::views::parts::{Press, say};
use crate::view::study::obstacles::{FRAME_PERMISSIONS, Obstacle};
use crate::web::{place, sharing};

#[component]
pub fn Notice() -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    let course = conductor.course;
    let Some(study) = course.words.get_untracked().study() else { return ().into_any() };
    let translation = study.texts.get(begin::NOTICE_TRANSLATION.key).cloned();
    let controller = move || {
        let values =
            [("name", study.controller.name.as_str()), ("contact", study.controller.contact.as_str())];
        course.words.get().fill(&begin::NOTICE_CONTROLLER, &values)
    };
    let hard = move || conductor.opening.obstacle.get().is_some_and(|obstacle| !obstacle.may_work());
    view! {
        <section class="notice study-notice">
            <h1 tabindex="-1">{say(&begin::NOTICE_TITLE)}</h1>
            <p class="study-title"><bdi>{study.title.clone()}</bdi></p>
            <p class="notice-box" id="fixed-notice">{say(&begin::NOTICE_FIXED)}</p>
            {translation.map(|text| view! { <p dir="auto">{text}</p> })}
            <p>{say(&begin::NOTICE_NEEDS)}</p>
            <p class="hint"><bdi>{controller}</bdi></p>
            {move || conductor.opening.obstacle.get().map(|obstacle| view! { <InTheWay obstacle=obstacle /> })}
            <p class="actions">
                {move || {
                    if hard() {
                        view! {
                            <Press
                                id="cannot-run"
                                phrase=&camera::GIVE_UP
                                on_press=move || {
                                    course.apply(Event::CannotRun);
                                }
                            />
                        }
                        .into_any()
                    } else {
                        view! {
                            <Press
                                id="notice-next"
                                phrase=&begin::NEXT
                                primary=true
                                on_press=move || {
                                    course.apply(Event::NoticeRead);
                                }
                            />
                        }
                        .into_any()
                    }
                }}
            </p>
        </section>
    }
    .into_any()
}

/// What cannot work here, with the way out.
#[component]
fn InTheWay(obstacle: Obstacle) -> impl IntoView {
    let copied = RwSignal::new(false);
    let copy = move || {
        let address = place::address();
        spawn_local(async move { copied.set(sharing::copy(&address).await) });
    };
    view! {
        <div class="notice-box" role="alert" id="obstacle">
            <p>{say(obstacle.phrase())}</p>
            {(obstacle == Obstacle::Frame)
                .then(|| {
                    view! {
                        <p><code dir="ltr">{FRAME_PERMISSIONS}</code></p>
                        <p class="actions">
                            <a
                                id="open-tab"
                                class="button"
                                href=place::address()
                                target="_blank"
                                rel="noopener noreferrer"
                            >
                                {say(&begin::OPEN_TAB)}
                            </a>
                        </p>
                    }
                })}
            {obstacle
                .needs_link()
                .then(|| {
                    view! {
                        <p class="actions"><Press id="copy-link" phrase=&begin::COPY_LINK on_press=copy /></p>
                        <p><code class="address" dir="ltr">{place::address()}</code></p>
                        <p role="status">
                            {move || {
                                if copied.get() { say(&emotion_study::words::end::HANDOVER_COPIED)() } else { String::new() }
                            }}
                        </p>
                    }
                })}
        </div>
    }
}
