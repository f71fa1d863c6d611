//! Choosing files, and how far they are read.

use leptos::prelude::*;

use crate::activity::panel::control::Controller;
use crate::activity::panel::state::State;
use crate::ui::drop::{Drop, FileChoice};
use crate::ui::parts::DiscardButton;

/// People of the sample data.
const SAMPLE_PEOPLE: u32 = 200;

#[component]
pub fn Choose() -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    let ready = state.frame.ready;
    let choose = move |files| control.choose(files);
    let running = Memo::new(move |_| state.running());
    let begun = Memo::new(move |_| state.reading.with(Option::is_some));
    let of = move |tell: fn(&crate::view::panel::Reading) -> String| {
        state.reading.with(|reading| reading.as_ref().map(tell).unwrap_or_default())
    };
    view! {
        <Drop ready title="Choose result files, or drop them here" on_files=choose>
            <div class="choices">
                <FileChoice id="panel-files" label="Files" ready accept="" multiple=true on_files=choose />
                <FileChoice id="panel-folder" label="Or a whole folder" ready accept="" multiple=true folder=true on_files=choose />
            </div>
            <p class="hint">
                "Result files (.result.json.gz), the ZIP of a survey tool, a table with receipts, study.json for names and segments, \
                 the stimulus videos, tables of attributes, withdrawn.txt, expected.txt, and the summary.csv of earlier studies."
            </p>
            <p class="actions">
                <button
                    id="sample"
                    class="button small"
                    disabled=move || !ready.get() || running.get()
                    on:click=move |_| control.sample(SAMPLE_PEOPLE)
                >
                    "Try it with sample data"
                </button>
                <Show when=move || begun.get() && !running.get()>
                    <DiscardButton id="clear" on_discard=move || control.clear() />
                </Show>
            </p>
            <Show when=move || begun.get()>
                <div class="photo-progress" id="progress" data-running=move || running.get().to_string()>
                    <label for="panel-progress">{move || of(crate::view::panel::Reading::words)}</label>
                    <progress
                        id="panel-progress"
                        max="1"
                        value=move || of(|reading| format!("{:.4}", reading.share()))
                    ></progress>
                    <Show when=move || running.get()>
                        <button id="cancel" class="button small" on:click=move |_| control.cancel()>"Cancel"</button>
                    </Show>
                </div>
            </Show>
            {move || {
                let problem = state.problem.get();
                (!problem.is_empty()).then(|| view! { <p class="fault" role="alert">{problem}</p> })
            }}
        </Drop>
    }
}
