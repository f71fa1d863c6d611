//! Parts of several views: the header with progress and withdrawal, the camera's picture, a heading with text.

use emotion_study::session::{Outcome, Stage};
use emotion_study::words::{Phrase, begin, end, show};
use leptos::prelude::*;

use crate::activity::study::services::Conductor;
use crate::activity::study::services::eyes::Lens;
use crate::activity::study::services::opening::Screen;
use crate::ui::parts::{Mark, focus};

/// A text of the views in the study's words.
pub fn say(phrase: &'static Phrase) -> impl Fn() -> String + Copy {
    let course = expect_context::<Conductor>().course;
    move || course.words.get().say(phrase)
}

/// A button.
#[component]
pub fn Press(
    id: &'static str,
    phrase: &'static Phrase,
    #[prop(default = false)] primary: bool,
    #[prop(optional, into)] disabled: Option<Signal<bool>>,
    on_press: impl Fn() + 'static,
) -> impl IntoView {
    let class = if primary { "button primary" } else { "button" };
    view! {
        <button
            id=id
            class=class
            disabled=move || disabled.is_some_and(|disabled| disabled.get())
            on:click=move |_| on_press()
        >
            {say(phrase)}
        </button>
    }
}

/// Study, progress, seal, and the way out at any moment.
#[component]
pub fn StudyHeader() -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    let course = conductor.course;
    let asked = RwSignal::new(false);
    let title = move || {
        let study = course.words.get().study();
        study.map_or("Emotion Depth".to_owned(), |study| study.title.clone())
    };
    let progress = move || {
        course.turn.track();
        let (done, all) = course.session(|session| session.progress())?;
        let running =
            matches!(course.stage.get(), Stage::Ready | Stage::Showing | Stage::Pause | Stage::Questions);
        let values = [("done", done.to_string()), ("all", all.to_string())];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        running.then(|| (done, all, course.words.get().fill(&begin::PROGRESS, &values)))
    };
    let can_withdraw = move || {
        let session = conductor.opening.screen.get() == Screen::Session;
        let open = match course.stage.get() {
            Stage::Notice | Stage::Screening | Stage::Consent => false,
            Stage::Ended { outcome: Outcome::Complete | Outcome::Failed } => {
                course.session(|session| !session.is_deleted() && session.consented_at().is_some())
                    == Some(true)
            }
            Stage::Ended { .. } => false,
            _ => true,
        };
        session && open
    };
    let skip = move |event: leptos::ev::MouseEvent| {
        // The address must keep the study.
        event.prevent_default();
        focus("main");
    };
    view! {
        <a class="skip-link" href="#main" on:click=skip>{say(&begin::NEXT)}</a>
        <header class="page-header study-header">
            <p class="brand"><Mark /><bdi>{title}</bdi></p>
            {move || {
                progress()
                    .map(|(done, all, words)| {
                        view! {
                            <p class="study-progress">
                                <label for="study-progress">{words}</label>
                                <progress id="study-progress" max=all.to_string() value=done.to_string()></progress>
                            </p>
                        }
                    })
            }}
            <p class="privacy" hidden=move || !conductor.frame.sealed.get()>
                <span class="privacy-dot sealed" aria-hidden="true"></span>
                {say(&begin::SEALED)}
            </p>
            <button
                id="withdraw"
                class="button small quiet"
                hidden=move || !can_withdraw()
                aria-expanded=move || asked.get().to_string()
                on:click=move |_| asked.set(true)
            >
                {say(&begin::WITHDRAW)}
            </button>
        </header>
        <p class="notice-line preview-mark" id="preview-mark" hidden=move || !course.preview.get()>
            <strong>{say(&begin::PREVIEW)}</strong>
        </p>
        {move || {
            (asked.get() && can_withdraw())
                .then(|| {
                    view! {
                        <section class="notice-box withdraw-box" role="alertdialog" aria-labelledby="withdraw-question">
                            <p id="withdraw-question">{say(&begin::WITHDRAW_SURE)}</p>
                            <p class="actions">
                                <Press
                                    id="withdraw-yes"
                                    phrase=&begin::WITHDRAW_YES
                                    on_press=move || {
                                        asked.set(false);
                                        conductor.withdraw();
                                    }
                                />
                                <Press
                                    id="withdraw-no"
                                    phrase=&begin::WITHDRAW_NO
                                    on_press=move || {
                                        asked.set(false);
                                        focus("withdraw");
                                    }
                                />
                            </p>
                        </section>
                    }
                })
        }}
        {move || {
            course
                .keeper
                .refused
                .get()
                .then(|| view! { <p class="notice-line" role="alert">{say(&end::ERROR_STORAGE)}</p> })
        }}
    }
}

/// The camera's picture. It is large where the participant looks at themselves, and a few points small where not: a browser gives no
/// frames of a video that is not there to be seen.
#[component]
pub fn Eye() -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    let seen = move || {
        conductor.opening.screen.get() == Screen::Session
            && matches!(conductor.course.stage.get(), Stage::Checks | Stage::Baseline)
            && conductor.eyes.lens.get() != Lens::Off
    };
    view! {
        <video
            class="eye"
            class:small=move || !seen()
            node_ref=conductor.eyes.video
            muted
            playsinline
            aria-hidden="true"
        ></video>
    }
}

/// What was said about an interrupted showing, and the way to say that it does not work here.
#[component]
pub fn GiveUp() -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    view! { <Press id="give-up" phrase=&emotion_study::words::camera::GIVE_UP on_press=move || conductor.give_up() /> }
}

/// The camera was lost between two stimuli: the way back.
#[component]
pub fn LostCamera() -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    view! {
        <div class="notice-box" role="alert">
            <p>{say(&show::CAMERA_LOST)}</p>
            <p class="actions">
                <Press id="camera-again" phrase=&begin::AGAIN on_press=move || conductor.eyes.open() />
                <GiveUp />
            </p>
        </div>
    }
}
