//! The views that say why there is no picture, and what to do.

use leptos::prelude::*;

use crate::activity::camera::recording::SaveRecording;
use crate::activity::camera::services::camera::CameraService;
use crate::activity::camera::services::recorder::Recorder;
use crate::activity::camera::services::work::Work;
use crate::ui::message::Message;
use crate::view::camera::views::View;

/// Title, words and buttons of one view; nothing for the views that have a layout of their own.
#[component]
pub fn Notice(view: View) -> impl IntoView {
    let camera = expect_context::<CameraService>();
    match view {
        View::Asking => view! {
            <Show when=move || camera.on.get() fallback=Question>
                <Message title="One moment">
                    <p>"The camera is on. The engine is starting; the first time that takes a few seconds."</p>
                </Message>
            </Show>
        }
        .into_any(),
        View::Denied => view! {
            <Message title="The camera is not allowed">
                <p>"This page may not use the camera. To allow it:"</p>
                <HowToAllow />
                <KeptRecording />
                <Retry label="Try again" />
            </Message>
        }
        .into_any(),
        View::NoCamera => view! {
            <Message title="No camera was found">
                <p>
                    "Connect a camera, or switch it on: some laptops have a key or a slider for it. Then try again."
                </p>
                <KeptRecording />
                <Retry label="Try again" />
            </Message>
        }
        .into_any(),
        View::CameraBusy => view! {
            <Message title="The camera is taken">
                <p>
                    "Another program or another tab seems to use the camera. Close video calls and camera programs, \
                     then try again. If nothing else uses it, unplug the camera and plug it in again."
                </p>
                <KeptRecording />
                <Retry label="Try again" />
            </Message>
        }
        .into_any(),
        View::Stopped => view! {
            <Message title="Stopped">
                <p>"The camera is off."</p>
                <KeptRecording />
                <StartAgain />
            </Message>
        }
        .into_any(),
        View::Welcome
        | View::Refused
        | View::Loading
        | View::Failed
        | View::Unsupported
        | View::Unplugged
        | View::Live
        | View::Paused
        | View::Hidden => ().into_any(),
    }
}

/// While the browser waits for the person's answer.
#[component]
fn Question() -> impl IntoView {
    view! {
        <Message title="May this page use the camera?">
            <p>
                "Your browser asks you now, near its address bar. Choose “Allow”. The picture is read on this \
                 device and goes nowhere else."
            </p>
            <p class="hint">"No question to be seen? Look for a camera symbol in or beside the address bar."</p>
        </Message>
    }
}

/// The recording, if there is one: it is never out of reach.
#[component]
pub fn KeptRecording() -> impl IntoView {
    let recorder = expect_context::<Recorder>();
    let exists = Memo::new(move |_| recorder.recording.with(|recording| recording.samples > 0));
    view! { <Show when=move || exists.get()><SaveRecording /></Show> }
}

#[component]
fn Retry(label: &'static str) -> impl IntoView {
    let work = expect_context::<Work>();
    view! {
        <p class="actions">
            <button id="retry" class="button primary" on:click=move |_| work.ask_again()>{label}</button>
        </p>
    }
}

#[component]
fn StartAgain() -> impl IntoView {
    let work = expect_context::<Work>();
    view! {
        <p class="actions">
            <button id="start-again" class="button primary" on:click=move |_| work.ask_again()>
                "Start again"
            </button>
        </p>
    }
}

/// Where each browser, and each system, keeps the permission.
#[component]
fn HowToAllow() -> impl IntoView {
    view! {
        <dl class="how-to">
            <dt>"Chrome, Edge"</dt>
            <dd>"Press the symbol left of the address, switch Camera on, come back and try again."</dd>
            <dt>"Firefox"</dt>
            <dd>"Press the crossed-out camera left of the address and remove the block."</dd>
            <dt>"Safari"</dt>
            <dd>"Menu Safari, Settings for This Website, Camera: Allow."</dd>
            <dt>"iPhone, iPad"</dt>
            <dd>"Press the page menu in the address bar, Website Settings, Camera: Allow."</dd>
            <dt>"Android"</dt>
            <dd>"Press the symbol left of the address, Permissions, Camera: Allow."</dd>
            <dt>"The system"</dt>
            <dd>
                "If the browser itself may not use the camera: macOS and Windows have this under Settings, Privacy \
                 & Security, Camera."
            </dd>
        </dl>
    }
}
