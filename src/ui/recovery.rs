//! A recording that was interrupted, offered after the page is opened again.

use leptos::prelude::*;

use crate::ui::control::{Controller, FileKind};
use crate::ui::parts::DiscardButton;
use crate::ui::state::State;
use crate::view::words;

#[component]
pub fn RecoveryBanner() -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    move || {
        state.recovered.get().map(|recovered| {
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
                            {format!("{} readings are kept on this device", recovered.samples)}
                            {if recovered.saved {
                                ". They were handed to the browser as a file: once you have it, discard them here."
                            } else {
                                " until you save or discard them."
                            }}
                        </p>
                        <p class="fault" role="alert">{move || state.recording.with(|r| r.fault.clone())}</p>
                    </div>
                    <div class="save-buttons">
                        <button
                            id="recover-csv"
                            class="button primary small"
                            on:click=move |_| control.save_recovered(FileKind::Csv)
                        >
                            "Save as CSV"
                        </button>
                        <button
                            id="recover-json"
                            class="button small"
                            on:click=move |_| control.save_recovered(FileKind::Json)
                        >
                            "Save as JSON"
                        </button>
                        <DiscardButton id="recover-discard" on_discard=move || control.discard_recovered() />
                    </div>
                </section>
            }
        })
    }
}
