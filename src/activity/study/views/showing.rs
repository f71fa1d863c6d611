//! Before a stimulus, the stimulus itself, and pauses.

use emotion_study::file::{Media, Stimulus};
use emotion_study::session::{Cause, Event, Stage};
use emotion_study::words::show;
use leptos::prelude::*;

use crate::activity::study::services::Conductor;
use crate::activity::study::services::eyes::Lens;
use crate::activity::study::services::show::Scene;
use crate::activity::study::views::parts::{GiveUp, LostCamera, Press, say};
use crate::activity::study::views::rich_text::RichText;
use crate::web::listener::Interval;
use crate::web::{clock, full_screen};

/// A click starts the next stimulus: this is the participant's own pause.
#[component]
pub fn Ready() -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    let (course, eyes, stimuli) = (conductor.course, conductor.eyes, conductor.show);
    let first = course.session(|session| session.exposures().is_empty()) == Some(true);
    let instructions = course.words.get_untracked().study().and_then(|study| study.instructions.clone());
    let repeated = course.session(|session| {
        let index =
            session.stimulus().and_then(|next| session.study().stimuli.iter().position(|s| s.id == next.id));
        session
            .exposures()
            .last()
            .is_some_and(|last| Some(last.stimulus) == index && last.interrupted.is_some())
    }) == Some(true);
    let away = move || stimuli.broke_off.get() == Some(Cause::Hidden);
    view! {
        <section class="notice" hidden=move || stimuli.scene.get() != Scene::Nothing>
            <h1 tabindex="-1">{say(&show::READY_TITLE)}</h1>
            {(first && instructions.is_some()).then(|| view! { <RichText text=instructions.unwrap_or_default() /> })}
            <p class="notice-line" role="status" id="away" hidden=move || !away()>{say(&show::AWAY)}</p>
            {repeated.then(|| view! { <p class="notice-line" role="status" id="repeated">{say(&show::READY_REPEAT)}</p> })}
            <p class="notice-line" role="status" id="other-face" hidden=move || !stimuli.other_face.get()>
                {say(&show::OTHER_FACE)}
            </p>
            {move || match eyes.lens.get() {
                Lens::On => view! {
                    <p>{say(&show::READY_TEXT)}</p>
                    <p class="actions">
                        <Press id="show" phrase=&show::READY_START primary=true on_press=move || stimuli.start() />
                        {move || stimuli.broke_off.get().is_some().then(|| view! { <GiveUp /> })}
                    </p>
                }
                .into_any(),
                Lens::Asking => view! { <p class="hint" role="status">"…"</p> }.into_any(),
                _ => view! { <LostCamera /> }.into_any(),
            }}
        </section>
    }
}

/// Where stimuli are shown. It stays in the page: the one video element in it must be the same for all.
#[component]
pub fn StageBox() -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    let (course, files, showing) = (conductor.course, conductor.files, conductor.show);
    let stimulus = Memo::new(move |_| {
        course.turn.track();
        let at = course.session(|session| session.stimulus().map(|stimulus| stimulus.id.as_str())).flatten();
        at.map(str::to_owned)
    });
    // A memo: what is shown must stay the same element when the showing begins.
    let running = Memo::new(move |_| matches!(course.stage.get(), Stage::Ready | Stage::Showing));
    let still = move || {
        stimulus.track();
        let running = running.get();
        let stimulus = course.session(|session| session.stimulus()).flatten().filter(|_| running)?;
        still(stimulus, |file| files.url(file))
    };
    let is_video = move || {
        stimulus.track();
        course.session(|session| {
            session.stimulus().is_some_and(|stimulus| matches!(stimulus.media, Media::Video(_)))
        }) == Some(true)
    };
    let scene = move || showing.scene.get();
    view! {
        <section
            class="stage"
            id="stage"
            aria-label=say(&show::SHOWING_LABEL)
            data-scene=move || format!("{:?}", scene()).to_lowercase()
            hidden=move || scene() == Scene::Nothing
        >
            <p class="stage-rest" aria-hidden="true" hidden=move || scene() != Scene::Rest>"+"</p>
            <div class="stage-still" hidden=move || scene() != Scene::Stimulus || is_video()>{still}</div>
            <video
                class="stage-video"
                class:waiting=move || !(is_video() && scene() == Scene::Stimulus)
                node_ref=showing.video
                playsinline
                preload="auto"
                disablepictureinpicture
            ></video>
            <p class="actions stage-words" hidden=move || scene() != Scene::WantsClick>
                <Press id="play" phrase=&show::SHOWING_PLAY primary=true on_press=move || showing.play() />
            </p>
            <p class="stage-words" role="status" hidden=move || !showing.stalled.get()>
                {say(&show::SHOWING_STALLED)}
            </p>
            <p class="stage-words" role="status" hidden=move || !showing.left_full_screen.get()>
                {say(&show::FULL_SCREEN_LEFT)}
                " "
                <Press id="full-screen" phrase=&show::FULL_SCREEN on_press=full_screen::ask />
            </p>
        </section>
    }
}

/// A text or an image. The image is in the page before it is shown, so that the browser has decoded it by then.
fn still(stimulus: &'static Stimulus, url: impl Fn(&str) -> Option<String>) -> Option<AnyView> {
    match &stimulus.media {
        Media::Text(card) => Some(view! { <RichText text=card.text.clone() /> }.into_any()),
        Media::Image(image) => {
            let alt = image.alt.clone().unwrap_or_default();
            Some(view! { <img src=url(&image.file) alt=alt decoding="sync" /> }.into_any())
        }
        Media::Video(_) | Media::Pause(_) => None,
    }
}

/// A pause of the study.
#[component]
pub fn Pause() -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    let course = conductor.course;
    let pause =
        course.session(|session| session.stimulus()).flatten().and_then(|stimulus| match &stimulus.media {
            Media::Pause(pause) => Some(pause),
            _ => None,
        });
    let text = pause.and_then(|pause| pause.text.clone());
    let duration_ms = pause.and_then(|pause| pause.duration_ms);
    let end_ms = duration_ms.map(|duration_ms| clock::now_ms() + f64::from(duration_ms));
    let left = RwSignal::new(duration_ms.map(|duration_ms| duration_ms.div_ceil(1_000)));
    // The participant may take longer: the button comes when the time is over.
    let timer = end_ms.and_then(|end_ms| {
        Interval::new(250, move || {
            let seconds = ((end_ms - clock::now_ms()) / 1_000.0).ceil().max(0.0) as u32;
            if left.get_untracked() != Some(seconds) {
                left.set(Some(seconds));
            }
        })
    });
    let timer: StoredValue<Option<Interval>, LocalStorage> = StoredValue::new_local(timer);
    on_cleanup(move || timer.dispose());
    let words = move || {
        let seconds = left.get().unwrap_or_default().to_string();
        course.words.get().fill(&show::PAUSE_LEFT, &[("seconds", seconds.as_str())])
    };
    let waits = move || left.get().is_some_and(|seconds| seconds > 0);
    view! {
        <section class="notice">
            <h1 tabindex="-1">{say(&show::PAUSE_TITLE)}</h1>
            {text.map(|text| view! { <RichText text=text /> })}
            <p hidden=move || !waits()>{words}</p>
            <p class="actions">
                <Press
                    id="pause-over"
                    phrase=&emotion_study::words::begin::NEXT
                    primary=true
                    disabled=Signal::derive(waits)
                    on_press=move || {
                        course.apply(Event::PauseOver);
                    }
                />
            </p>
        </section>
    }
}
