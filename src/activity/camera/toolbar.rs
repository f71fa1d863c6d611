//! What a person does while the camera is on.

use leptos::prelude::*;

use crate::activity::camera::services::reader::{Calibration, Reader};
use crate::activity::camera::services::recorder::Recorder;
use crate::activity::camera::services::work::Work;
use crate::ui::parts::focus;
use crate::view::camera::neutral::doubt;
use crate::view::camera::views::View;
use crate::view::words;

#[component]
pub fn Toolbar() -> impl IntoView {
    let work = expect_context::<Work>();
    let reader = expect_context::<Reader>();
    let recorder = expect_context::<Recorder>();
    let running = Memo::new(move |_| recorder.recording.with(|recording| recording.running));
    let live = move || work.view.get() == View::Live;
    let paused = move || work.view.get() == View::Paused;
    let collecting = Memo::new(move |_| matches!(reader.calibration.get(), Calibration::Collecting { .. }));
    view! {
        <div class="toolbar" role="group" aria-label="Controls">
            <button
                id="record"
                class="button record"
                aria-pressed=move || running.get().to_string()
                disabled=move || !running.get() && !live()
                on:click=move |_| work.toggle_recording()
            >
                <span class="record-symbol" aria-hidden="true"></span>
                {move || if running.get() { "Stop recording" } else { "Record" }}
                <span class="record-time" aria-hidden="true" hidden=move || !running.get()>
                    {move || recorder.recording.with(|recording| words::clock(recording.elapsed_ms))}
                </span>
            </button>
            <button
                id="calibrate"
                class="button"
                disabled=move || !live()
                // Not `disabled`: the keyboard's focus would be lost.
                aria-disabled=move || collecting.get().then_some("true")
                on:click=move |_| {
                    if !collecting.get_untracked() {
                        reader.calibrate();
                    }
                }
            >
                "Calibrate my neutral face"
            </button>
            <span class="toolbar-end">
                <button
                    id="pause"
                    class="button"
                    disabled=move || !live() && !paused()
                    on:click=move |_| work.toggle_pause()
                >
                    {move || if paused() { "Continue" } else { "Pause" }}
                </button>
                <button id="stop" class="button" on:click=move |_| work.stop()>
                    "Stop the camera"
                </button>
            </span>
        </div>
        <CalibrationLine />
    }
}

/// Progress, then what came of it.
#[component]
fn CalibrationLine() -> impl IntoView {
    let reader = expect_context::<Reader>();
    let cancel = move || {
        reader.cancel_calibration();
        focus("calibrate");
    };
    let progress = move || match reader.calibration.get() {
        Calibration::Collecting { progress } => Some(progress),
        _ => None,
    };
    let collecting = Memo::new(move |_| progress().is_some());
    let done = Memo::new(move |_| reader.calibration.get() == Calibration::Done);
    let failed = Memo::new(move |_| match reader.calibration.get() {
        Calibration::Failed { sentence } => Some(sentence),
        _ => None,
    });
    view! {
        <Show when=move || collecting.get()>
            <div class="notice-line">
                <label for="calibration-progress">"Look at the camera with your face at rest."</label>
                <progress
                    id="calibration-progress"
                    max="1"
                    value=move || format!("{:.2}", progress().unwrap_or(0.0))
                ></progress>
                <button class="button small" on:click=move |_| cancel()>"Cancel"</button>
            </div>
        </Show>
        <Show when=move || done.get()>
            <div class="notice-line" id="calibrated">
                <p>
                    "Your neutral face is calibrated. "
                    {move || {
                        let last = reader.baselines.with(|all| all.last().and_then(doubt));
                        last.map(|sentence| sentence + " ")
                    }}
                    <a href="#corrected-title">"See the corrected depths below."</a>
                </p>
                <button class="button small" on:click=move |_| cancel()>"Close"</button>
            </div>
        </Show>
        <Show when=move || failed.with(Option::is_some)>
            <div class="notice-line" role="alert">
                <p>{move || failed.get()}</p>
                <button class="button small" on:click=move |_| cancel()>"Close"</button>
            </div>
        </Show>
    }
}
