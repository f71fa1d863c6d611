//! The player beside the chart, the choices of what is shown, and the files.

use leptos::prelude::*;

use crate::activity::video::chart::Chart;
use crate::activity::video::control::Controller;
use crate::activity::video::overview::AllVideos;
use crate::activity::video::player::Player;
use crate::activity::video::saving::PictureKind;
use crate::activity::video::state::{SMOOTHINGS_S, State};
use crate::activity::video::summary::SummaryTable;
use crate::ui::columns::ColumnHelp;
use crate::ui::kept::SavedLine;
use crate::ui::parts::{DiscardButton, focus};
use crate::ui::save_buttons::SaveButtons;
use crate::view::video::words;
use emotion_record::clip::Whose;

#[component]
pub fn Results() -> impl IntoView {
    let state = expect_context::<State>();
    let faces = Memo::new(move |_| state.has_faces());
    let curves = Memo::new(move |_| state.has_curves());
    view! {
        <AllVideos />
        <Show when=move || faces.get()>
            <div class="live-columns video-columns">
                <section class="panel" aria-labelledby="player-title">
                    <h2 id="player-title">"Video"</h2>
                    <Player />
                    <Choices />
                    <Files />
                </section>
                <Show when=move || curves.get()>
                    <section class="panel" aria-labelledby="chart-title">
                        <h2 id="chart-title">"Depth of each expression over the video"</h2>
                        <Chart />
                        <SummaryTable />
                    </section>
                </Show>
            </div>
        </Show>
    }
}

/// Whose curves, and how smooth.
#[component]
fn Choices() -> impl IntoView {
    let state = expect_context::<State>();
    let value = |whose: Whose| match whose {
        Whose::Largest => "largest".to_owned(),
        Whose::One(face) => face.to_string(),
    };
    let option = move |whose: Whose, words: String| {
        view! {
            <option value=value(whose) selected=move || state.whose.get() == whose>
                {words}
            </option>
        }
    };
    view! {
        <div class="settings-grid">
            <div class="field whose">
                <label for="whose">"Face"</label>
                <select
                    id="whose"
                    on:change=move |event| {
                        let face = event_target_value(&event).parse().ok();
                        state.whose.set(face.map_or(Whose::Largest, Whose::One));
                    }
                >
                    {option(Whose::Largest, "The largest at each moment".to_owned())}
                    {move || {
                        state
                            .faces
                            .get()
                            .iter()
                            .map(|tally| option(Whose::One(tally.face), words::face(tally)))
                            .collect_view()
                    }}
                </select>
            </div>
            <div class="field">
                <label for="smoothing">"Smoothing, to each side"</label>
                <select
                    id="smoothing"
                    aria-describedby="smoothing-help"
                    on:change=move |event| {
                        if let Ok(seconds) = event_target_value(&event).parse() {
                            state.smoothing_s.set(seconds);
                        }
                    }
                >
                    {SMOOTHINGS_S
                        .map(|seconds| {
                            let words = if seconds == 0.0 { "none".to_owned() } else { format!("{seconds} s") };
                            view! {
                                <option value=seconds.to_string() selected=move || state.smoothing_s.get() == seconds>
                                    {words}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </div>
        </div>
        <p class="hint" id="smoothing-help">
            "Symmetric, so that a peak stays at its time. Figures and raw values are not smoothed; depth in a saved file \
             is."
        </p>
    }
}

#[component]
fn Files() -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    let running = Memo::new(move |_| state.running());
    let curves = Memo::new(move |_| state.has_curves());
    let several = Memo::new(move |_| state.clips.with(Vec::len) > 1);
    view! {
        <div class="save-buttons">
            <SaveButtons id="save" on_save=move |kind| control.save(kind) />
            <Show when=move || curves.get()>
                <button id="save-svg" class="button small" on:click=move |_| control.save_chart(PictureKind::Svg)>
                    "Chart as SVG"
                </button>
                <button id="save-png" class="button small" on:click=move |_| control.save_chart(PictureKind::Png)>
                    "Chart as PNG"
                </button>
            </Show>
            // Of several all are discarded together, beside the table over all.
            <Show when=move || !running.get() && !several.get()>
                <DiscardButton
                    id="discard"
                    on_discard=move || {
                        control.discard();
                        focus("video-file");
                    }
                />
            </Show>
        </div>
        <SavedLine kept=state.kept />
        <p class="hint">"CSV and JSON hold every face and every reading; the pictures hold the chart as it is shown."</p>
        <ColumnHelp />
    }
}
