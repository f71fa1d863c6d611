//! Each expression over the whole video in a few figures, and at the cursor.

use leptos::prelude::*;

use crate::activity::video::state::State;
use crate::ui::parts::Marker;
use crate::view::video::words::{moment, seconds};
use crate::view::words::depth;
use emotion_core::emotion::Emotion;
use emotion_record::clip::summary::summarise;

/// Thresholds in tenths.
const THRESHOLDS: std::ops::RangeInclusive<u8> = 1..=9;

#[component]
pub fn SummaryTable() -> impl IntoView {
    let state = expect_context::<State>();
    let summary = Memo::new(move |_| {
        state.tick.track();
        let (whose, threshold) = (state.whose.get(), state.threshold.get());
        state.readings.with_value(|readings| summarise(&readings.columns, whose, threshold))
    });
    let here = Memo::new(move |_| {
        state.tick.track();
        let time_ms = state.cursor_ms.get();
        state.readings.with_value(|readings| readings.depths_at(time_ms))
    });
    let none = || "–".to_owned();
    let of = move |emotion: Emotion| summary.get().map(|summary| summary.figures[emotion.index()]);
    let row = move |emotion: Emotion| {
        view! {
            <tr>
                <th scope="row"><Marker emotion=emotion />{emotion.name()}</th>
                <td class="here">{move || here.get().map_or_else(none, |depths| depth(depths[emotion.index()]))}</td>
                <td>{move || of(emotion).map_or_else(none, |figures| depth(figures.mean))}</td>
                <td>
                    {move || of(emotion).map_or_else(none, |figures| depth(figures.peak))}
                    " "
                    <span class="peak-at">
                        {move || match of(emotion) {
                            Some(figures) if depth(figures.peak) != depth(0.0) => {
                                let at = moment(figures.peak_ms);
                                view! {
                                    <button
                                        class="sort peak"
                                        aria-label=format!("Go to the peak of {} at {at}", emotion.name())
                                        on:click=move |_| state.seek(figures.peak_ms)
                                    >
                                        {at.clone()}
                                    </button>
                                }
                                    .into_any()
                            }
                            // Where nothing stands out there is no moment to go to.
                            _ => ().into_any(),
                        }}
                    </span>
                </td>
                <td>{move || of(emotion).map_or_else(none, |figures| seconds(figures.above_ms))}</td>
            </tr>
        }
    };
    view! {
        <div class="field threshold">
            <label for="threshold">"Count the time at or above"</label>
            <select
                id="threshold"
                on:change=move |event| {
                    if let Ok(threshold) = event_target_value(&event).parse() {
                        state.threshold.set(threshold);
                    }
                }
            >
                {THRESHOLDS
                    .map(|tenths| {
                        let threshold = f32::from(tenths) / 10.0;
                        view! {
                            <option value=threshold.to_string() selected=move || state.threshold.get() == threshold>
                                {threshold.to_string()}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
        </div>
        <div class="table-scroll" tabindex="0" role="region" aria-label="Figures of each expression">
            <table id="summary">
                <caption>
                    {move || match summary.get() {
                        Some(summary) => {
                            format!("Over {} with a reading, not smoothed; at the cursor as drawn.", seconds(summary.read_ms))
                        }
                        None => "No reading of this face can be used.".to_owned(),
                    }}
                </caption>
                <thead>
                    <tr>
                        <th scope="col">"Expression"</th>
                        <th scope="col">"At the cursor"</th>
                        <th scope="col">"Mean"</th>
                        <th scope="col">"Peak, and when"</th>
                        <th scope="col">{move || format!("{} or more", state.threshold.get())}</th>
                    </tr>
                </thead>
                <tbody>{Emotion::ALL.map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
