//! Recordings of earlier pages: those that were interrupted, until they are saved or discarded, and quietly those
//! that were saved.

use leptos::prelude::*;

use crate::activity::camera::services::recorder::Recorder;
use crate::ui::parts::{DiscardButton, focus};
use crate::ui::save_buttons::SaveButtons;
use crate::ui::saving::FileKind;
use crate::view::words;

#[component]
pub fn RecoveryBanner() -> impl IntoView {
    let recorder = expect_context::<Recorder>();
    let save = move |kind| {
        recorder.save_recovered(kind, false, move || {
            // The button goes away, and its twin below comes.
            leptos::task::spawn_local(async move {
                leptos::task::tick().await;
                focus(if kind == FileKind::Json { "kept-json" } else { "kept-csv" });
            });
        });
    };
    move || {
        recorder.recovered.get().map(|recovered| {
            let length = words::duration(recovered.duration_ms);
            let title = match recovered.recordings {
                1 => format!("A recording of {length} has not been saved."),
                several => format!("{several} recordings, {length} together, have not been saved."),
            };
            view! {
                <section class="banner" id="recovery" aria-labelledby="recovery-title">
                    <div>
                        <h2 id="recovery-title">{title}</h2>
                        <p>
                            {format!(
                                "{} readings are kept on this device until you save or discard them.",
                                recovered.samples,
                            )}
                        </p>
                        <p class="fault" role="alert">{move || recorder.recording.with(|r| r.fault.clone())}</p>
                    </div>
                    <div class="save-buttons">
                        <SaveButtons id="recover" primary=true on_save=save />
                        <DiscardButton
                            id="recover-discard"
                            on_discard=move || recorder.discard_recovered(false)
                        />
                    </div>
                </section>
            }
        })
    }
}

/// Saved recordings: a page does not hear whether a download was written, so they stay within reach for a week.
#[component]
pub fn KeptRecordings() -> impl IntoView {
    let recorder = expect_context::<Recorder>();
    move || {
        recorder.kept.get().map(|kept| {
            let length = words::duration(kept.duration_ms);
            let what = match kept.recordings {
                1 => format!("An earlier recording of {length} was saved. It"),
                several => format!("{several} earlier recordings, {length} together, were saved. They"),
            };
            let text = format!(
                "{what} can be saved again for a week, should a file be missing; after that it is deleted when this page is next opened.",
            );
            view! {
                <section class="save-line kept" id="kept" aria-label="Saved recordings">
                    <p class="save-text">{text}</p>
                    <p class="fault" role="alert">{move || recorder.recording.with(|r| r.fault.clone())}</p>
                    <div class="save-buttons">
                        <SaveButtons
                            id="kept"
                            end=" again"
                            on_save=move |kind| recorder.save_recovered(kind, true, || ())
                        />
                        <DiscardButton id="kept-discard" on_discard=move || recorder.discard_recovered(true) />
                    </div>
                </section>
            }
        })
    }
}
