//! Camera and light, the sound, and the face at rest.

use emotion_study::words::{Phrase, begin, camera, show};
use leptos::prelude::*;

use crate::activity::study::services::Conductor;
use crate::activity::study::services::eyes::Lens;
use crate::activity::study::services::measuring::Resting;
use crate::activity::study::views::parts::{GiveUp, Press, say};
use crate::view::study::check::Advice;
use crate::view::study::{spoken, tones};
use crate::web::camera::CameraFault;
use crate::web::object_url::ObjectUrl;
use crate::web::{random, study_files};

#[component]
pub fn Checks() -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    let (course, eyes, measuring) = (conductor.course, conductor.eyes, conductor.measuring);
    let asks_sound = course.words.get_untracked().study().is_some_and(|study| study.checks.sound);
    let sound_heard = RwSignal::new(!asks_sound);
    // The check begins when the camera is on.
    Effect::new(move |_| {
        if eyes.lens.get() == Lens::On {
            measuring.check();
        }
    });
    let good = Signal::derive(move || measuring.standing.with(|standing| standing.good));
    view! {
        <section class="notice">
            <h1 tabindex="-1">{say(&camera::CHECKS_TITLE)}</h1>
            <p>{say(&camera::CHECKS_TEXT)}</p>
            {move || match eyes.lens.get() {
                Lens::Off => view! {
                    <p class="actions">
                        <Press
                            id="camera-on"
                            phrase=&camera::CHECKS_START
                            primary=true
                            on_press=move || eyes.open()
                        />
                    </p>
                }
                .into_any(),
                Lens::Asking => view! { <p class="hint" role="status">"…"</p> }.into_any(),
                Lens::Failed(fault) => view! { <CameraTrouble fault=fault /> }.into_any(),
                Lens::Lost => view! { <CameraTrouble fault=CameraFault::Busy /> }.into_any(),
                Lens::On => view! {
                    <CheckList />
                    {asks_sound.then(|| view! { <SoundCheck heard=sound_heard /> })}
                    <p class="actions">
                        <Press
                            id="checks-next"
                            phrase=&begin::NEXT
                            primary=true
                            disabled=Signal::derive(move || !(good.get() && sound_heard.get()))
                            on_press=move || measuring.pass()
                        />
                        <GiveUp />
                    </p>
                }
                .into_any(),
            }}
        </section>
    }
}

/// What to do, the most urgent first.
#[component]
fn CheckList() -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    let (course, measuring) = (conductor.course, conductor.measuring);
    let advice =
        Memo::new(move |_| measuring.standing.with(|standing| (standing.advice.clone(), standing.good)));
    let words = move |advice: Advice| {
        let fps = measuring.standing.with_untracked(|standing| standing.fps).to_string();
        let wanted = course.words.get().study().map_or(0, |study| study.checks.min_fps).to_string();
        course.words.get().fill(advice.phrase(), &[("fps", fps.as_str()), ("wanted", wanted.as_str())])
    };
    view! {
        <div class="advice" role="status" id="advice">
            {move || {
                let (list, good) = advice.get();
                if good {
                    view! { <p class="good">{say(&camera::CHECKS_GOOD)}</p> }.into_any()
                } else if list.is_empty() {
                    view! { <p>"…"</p> }.into_any()
                } else {
                    let items = list.into_iter().take(3).map(|advice| view! { <li>{words(advice)}</li> });
                    view! { <ul>{items.collect_view()}</ul> }.into_any()
                }
            }}
        </div>
    }
}

fn camera_phrase(fault: &CameraFault) -> &'static Phrase {
    match fault {
        CameraFault::Denied => &camera::CAMERA_DENIED,
        CameraFault::NotFound => &begin::OBSTACLE_NO_CAMERA,
        CameraFault::Busy => &camera::CAMERA_BUSY,
        CameraFault::Insecure => &begin::OBSTACLE_INSECURE,
        CameraFault::Unsupported => &begin::OBSTACLE_FRAME,
        CameraFault::Other(_) => &show::CAMERA_LOST,
    }
}

#[component]
fn CameraTrouble(fault: CameraFault) -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    view! {
        <div class="notice-box" role="alert" id="camera-trouble">
            <p>{say(camera_phrase(&fault))}</p>
            <p class="actions">
                <Press
                    id="camera-again"
                    phrase=&begin::AGAIN
                    primary=true
                    on_press=move || conductor.eyes.open()
                />
                <GiveUp />
            </p>
        </div>
    }
}

/// Digits are spoken, or groups of tones are played, and typed.
#[component]
fn SoundCheck(heard: RwSignal<bool>) -> impl IntoView {
    let files = expect_context::<Conductor>().files;
    let random = random::bytes().unwrap_or([0, 1, 2]);
    let spoken = files.recording().zip(files.spoken()).and_then(|(recording, bytes)| {
        let digits = recording.digits(random);
        Some((digits, spoken::wav(&bytes, digits)?))
    });
    let (text, button) = match spoken {
        Some(_) => (&camera::SOUND_SPOKEN, &camera::SOUND_LISTEN),
        None => (&camera::SOUND_TEXT, &camera::SOUND_PLAY),
    };
    let (digits, sound) = spoken.unwrap_or_else(|| {
        let digits = tones::digits(random);
        (digits, tones::wav(digits))
    });
    let digits = StoredValue::new(digits);
    let typed = RwSignal::new(String::new());
    let wrong = RwSignal::new(false);
    let url = study_files::address_of(&sound, "audio/wav").ok();
    let source = url.as_ref().map(|url| url.as_str().to_owned());
    let kept: StoredValue<Option<ObjectUrl>, LocalStorage> = StoredValue::new_local(url);
    on_cleanup(move || kept.dispose());
    let player = NodeRef::<leptos::html::Audio>::new();
    let play = move || {
        if let Some(player) = player.get_untracked() {
            player.set_current_time(0.0);
            // Where it is refused, the participant presses once more.
            let _ = player.play();
        }
    };
    let check = move || {
        let right = tones::are_right(&typed.get_untracked(), digits.get_value());
        heard.set(right);
        wrong.set(!right);
    };
    view! {
        <fieldset class="sound-check" id="sound-check">
            <legend>{say(&camera::SOUND_TITLE)}</legend>
            <p id="sound-text">{say(text)}</p>
            <audio node_ref=player src=source data-digits=digits.get_value().map(|d| d.to_string()).concat()></audio>
            <p class="actions">
                <Press id="sound-play" phrase=button on_press=play />
                <label for="sound-digits">{say(&camera::SOUND_FIELD)}</label>
                <input
                    id="sound-digits"
                    inputmode="numeric"
                    autocomplete="off"
                    size="6"
                    aria-describedby="sound-text"
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                    on:change=move |_| check()
                />
            </p>
            <p role="status">
                {move || {
                    if heard.get() {
                        say(&camera::CHECKS_GOOD)()
                    } else if wrong.get() {
                        say(&camera::SOUND_WRONG)()
                    } else {
                        String::new()
                    }
                }}
            </p>
        </fieldset>
    }
}

#[component]
pub fn Baseline() -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    let (course, eyes, measuring) = (conductor.course, conductor.eyes, conductor.measuring);
    let seconds = course.words.get_untracked().study().map_or(0, |study| study.baseline.seconds).to_string();
    let text = move || course.words.get().fill(&camera::BASELINE_TEXT, &[("seconds", seconds.as_str())]);
    view! {
        <section class="notice">
            <h1 tabindex="-1">{say(&camera::BASELINE_TITLE)}</h1>
            <p>{text}</p>
            {move || match (eyes.lens.get(), measuring.resting.get()) {
                (Lens::On, Resting::Running { seconds }) => {
                    let seconds = seconds.to_string();
                    let left = course
                        .words
                        .get()
                        .fill(&camera::BASELINE_LEFT, &[("seconds", seconds.as_str())]);
                    view! { <p class="countdown" id="baseline-left">{left}</p> }.into_any()
                }
                (Lens::On, resting) => view! {
                    <p class="fault" role="alert" hidden=resting != Resting::Failed>
                        {say(&camera::BASELINE_FAILED)}
                    </p>
                    <p class="actions">
                        <Press
                            id="baseline-start"
                            phrase=&camera::BASELINE_START
                            primary=true
                            on_press=move || measuring.rest()
                        />
                        <GiveUp />
                    </p>
                }
                .into_any(),
                (Lens::Asking, _) => view! { <p class="hint" role="status">"…"</p> }.into_any(),
                _ => view! { <CameraTrouble fault=CameraFault::Busy /> }.into_any(),
            }}
        </section>
    }
}
