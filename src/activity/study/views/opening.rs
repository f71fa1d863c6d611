//! Before the session: the study file on its way, what is wrong with it, what is left of an earlier page, and the preview.

use emotion_study::words::{begin, end};
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::activity::study::services::Conductor;
use crate::activity::study::services::opening::{Left, Screen, Trouble};
use crate::activity::study::views::parts::{GiveUp, Press, say};
use crate::web::study_folder::StudyFolder;
use crate::web::{picked, place};

#[component]
pub fn ScreenView(screen: Screen) -> impl IntoView {
    match screen {
        Screen::Opening => view! {
            <section class="notice">
                <h1 tabindex="-1">{say(&begin::LOADING_TITLE)}</h1>
            </section>
        }
        .into_any(),
        Screen::Trouble(trouble) => view! { <TroubleView trouble=trouble /> }.into_any(),
        Screen::ChoosePreview => view! { <ChoosePreview /> }.into_any(),
        Screen::Resume(left) => view! { <Resume left=left /> }.into_any(),
        Screen::Session => ().into_any(),
    }
}

#[component]
fn TroubleView(trouble: Trouble) -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    let details = (!trouble.details.is_empty()).then(|| {
        let lines = trouble.details.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
        view! {
            <details id="study-faults">
                <summary lang="en">"For those who made the study"</summary>
                <ul lang="en" dir="ltr">{lines}</ul>
            </details>
        }
    });
    view! {
        <section class="notice">
            <h1 tabindex="-1">{say(&end::OUTCOME_FAILED)}</h1>
            <p role="alert">{say(trouble.sentence)}</p>
            {details}
            <p class="actions">
                <Press id="open-again" phrase=&begin::AGAIN on_press=move || conductor.opening.again() />
            </p>
        </section>
    }
}

/// The engine failed to start, or the page could not be sealed.
#[component]
pub fn Broken() -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    view! {
        <section class="notice">
            <h1 tabindex="-1">{say(&end::OUTCOME_FAILED)}</h1>
            <p role="alert">{say(&end::ERROR_OTHER)}</p>
            <p class="hint" lang="en">{move || conductor.frame.fault.get()}</p>
            <p class="actions">
                <Press
                    id="engine-again"
                    phrase=&begin::AGAIN
                    primary=true
                    on_press=move || conductor.frame.start()
                />
                <GiveUp />
            </p>
        </section>
    }
}

#[component]
fn Resume(left: Left) -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    let opening = conductor.opening;
    let sentence = match left {
        Left::GoesOn | Left::Mended => &begin::RESUME,
        Left::Changed => &begin::RESUME_CHANGED,
        Left::Newer => &begin::RESUME_NEWER,
        Left::Damaged => &end::ERROR_RESUME,
    };
    let first = match left {
        Left::GoesOn | Left::Mended => Some((&begin::RESUME_YES, "resume-yes")),
        Left::Changed => Some((&begin::RESUME_SEE, "resume-see")),
        Left::Newer => Some((&begin::AGAIN, "resume-reload")),
        Left::Damaged => None,
    };
    let press = move || if left == Left::Newer { place::reload() } else { opening.go_on() };
    view! {
        <section class="notice">
            <h1 tabindex="-1">{say(&begin::RESUME_TITLE)}</h1>
            <p id="resume-text">{say(sentence)}</p>
            {(left == Left::Mended).then(|| view! { <p class="notice-line">{say(&begin::RESUME_MENDED)}</p> })}
            <p class="actions">
                {first.map(|(phrase, id)| view! { <Press id=id phrase=phrase primary=true on_press=press /> })}
                <Press id="resume-no" phrase=&begin::RESUME_NO on_press=move || opening.begin_anew() />
            </p>
        </section>
    }
}

/// For the maker of a study: choose the file that the builder saved, or the files of the study's folder.
#[component]
fn ChoosePreview() -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    let input = NodeRef::<Input>::new();
    let problem = RwSignal::new(String::new());
    let chosen = move |_| {
        let Some(list) = input.get_untracked().and_then(|input| input.files()) else { return };
        let files = picked::of_list(&list);
        spawn_local(async move {
            match StudyFolder::open(files).await {
                Ok(folder) => conductor.opening.preview(folder),
                Err(sentence) => problem.set(sentence),
            }
        });
    };
    view! {
        <section class="notice" lang="en" dir="ltr">
            <h1 tabindex="-1">"Preview a study"</h1>
            <p>
                "Choose the ZIP file of your study, or all files of its folder. You then go through it as a participant \
                 would, with your own camera. The preview is marked as one, its result is never counted, and nothing is \
                 sent anywhere."
            </p>
            <p>
                <label for="preview-files">"ZIP file, or study.json and its media"</label>
                <input
                    id="preview-files"
                    type="file"
                    multiple
                    accept=".zip,.json,video/*,image/*"
                    node_ref=input
                    on:change=chosen
                />
            </p>
            <p class="fault" role="alert">{move || problem.get()}</p>
        </section>
    }
}
