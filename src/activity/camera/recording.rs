//! Saving a recording as files.

use leptos::prelude::*;

use crate::activity::camera::services::recorder::Recorder;
use crate::activity::camera::services::work::Work;
use crate::ui::columns::ColumnHelp;
use crate::ui::parts::DiscardButton;
use crate::ui::save_buttons::SaveButtons;
use crate::view::camera::views::View;
use crate::view::words;

/// The save buttons, with what there is to save.
#[component]
pub fn SaveRecording() -> impl IntoView {
    let work = expect_context::<Work>();
    let recorder = expect_context::<Recorder>();
    let exists = Memo::new(move |_| recorder.recording.with(|r| r.samples > 0));
    let running = Memo::new(move |_| recorder.recording.with(|r| r.running));
    let text = move || {
        recorder.recording.with(|recording| {
            let length = words::duration(recording.elapsed_ms);
            match (recording.running, recording.saved) {
                _ if recording.samples == 0 => "Nothing is recorded yet.".to_owned(),
                (true, _) if work.view.get() == View::Paused => {
                    format!("The recording is paused: {} readings so far, numbers only.", recording.samples)
                }
                (true, _) => format!("Recording: {} readings so far, numbers only.", recording.samples),
                (false, true) => {
                    format!("A recording of {length} was saved; {} readings.", recording.samples)
                }
                (false, false) => {
                    format!("A recording of {length} waits to be saved; {} readings.", recording.samples)
                }
            }
        })
    };
    view! {
        <div class="save-line" class:waiting=move || recorder.recording.with(|r| r.waits_to_be_saved())>
            <p class="save-text">{text}</p>
            <div class="save-buttons">
                <SaveButtons
                    id="save"
                    disabled=Signal::derive(move || !exists.get())
                    on_save=move |kind| recorder.save(kind)
                />
                <Show when=move || exists.get() && !running.get()>
                    <DiscardButton id="discard" on_discard=move || recorder.discard() />
                </Show>
            </div>
            {move || {
                recorder
                    .recording
                    .with(|recording| recording.fault.clone())
                    .map(|fault| view! { <p class="fault" role="alert">{fault}</p> })
            }}
            <ColumnHelp />
        </div>
    }
}
