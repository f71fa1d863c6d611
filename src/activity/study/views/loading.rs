//! The loading: the size first, then progress, and after a failure a try more.

use emotion_study::words::begin;
use leptos::prelude::*;

use crate::activity::study::services::Conductor;
use crate::activity::study::views::parts::{GiveUp, Press, say};
use crate::view::loading::Loading;
use crate::view::study::loading::{Size, megabytes};

#[component]
pub fn Load() -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    let (course, files) = (conductor.course, conductor.files);
    let asked_host = move || files.sized.get();
    let size = move || {
        let (phrase, bytes) = match files.size() {
            // The host is asked.
            Size::AtLeast(_) if !asked_host() => return "…".to_owned(),
            Size::AtLeast(bytes) => (&begin::LOADING_SIZE_UNKNOWN, bytes.max(1)),
            Size::Known(bytes) => (&begin::LOADING_SIZE, bytes),
        };
        course.words.get().fill(phrase, &[("megabytes", megabytes(bytes).as_str())])
    };
    // The study's files and the engine's together.
    let counted = move || {
        let progress = files.progress.get();
        let (done, all) = match conductor.frame.loading.get() {
            Loading::Bytes { loaded, total } => (loaded, total),
            Loading::Ready { total } => (total, total),
            Loading::Failed { .. } => (0, 0),
        };
        (progress.done + done, (progress.all + all).max(1))
    };
    let words = move || {
        let (done, all) = counted();
        let values = [("done", megabytes(done)), ("all", megabytes(all))];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        course.words.get().fill(&begin::LOADING_PROGRESS, &values)
    };
    let failed = move || !files.trouble.get().is_empty();
    let waiting = move || files.asked.get() && !failed();
    view! {
        <section class="notice">
            <h1 tabindex="-1">{say(&begin::LOADING_TITLE)}</h1>
            <p id="loading-size" hidden=waiting>{size}</p>
            <p class="load" hidden=move || !waiting()>
                <label for="study-load">{words}</label>
                <progress
                    id="study-load"
                    max=move || counted().1.to_string()
                    value=move || counted().0.to_string()
                ></progress>
            </p>
            <p class="fault" role="alert" id="loading-trouble">{move || files.trouble.get()}</p>
            <p class="actions">
                {move || {
                    if failed() {
                        view! {
                            <Press id="load-again" phrase=&begin::AGAIN primary=true on_press=move || files.load() />
                            <GiveUp />
                        }
                        .into_any()
                    } else if !waiting() {
                        view! {
                            <Press
                                id="load"
                                phrase=&begin::LOADING_START
                                primary=true
                                disabled=Signal::derive(move || !asked_host())
                                on_press=move || files.load()
                            />
                        }
                        .into_any()
                    } else {
                        ().into_any()
                    }
                }}
            </p>
        </section>
    }
}
