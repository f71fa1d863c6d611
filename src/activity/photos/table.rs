//! The table of faces: sortable, filtered, with bars, and saved as files.

use std::sync::Arc;

use leptos::html::Canvas;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, ImageData};

use crate::activity::photos::control::Controller;
use crate::activity::photos::state::{ROWS_AT_ONCE, State};
use crate::ui::columns::ColumnHelp;
use crate::ui::kept::SavedLine;
use crate::ui::parts::{DiscardButton, Marker};
use crate::ui::save_buttons::SaveButtons;
use crate::view::photos::{Column, Filter, Row, arrange, words};
use crate::view::words as numbers;
use emotion_core::emotion::Emotion;
use emotion_core::thumbnail::THUMBNAIL_SIDE;

#[component]
pub fn Results() -> impl IntoView {
    let state = expect_context::<State>();
    let exists = Memo::new(move |_| state.rows.with(|rows| !rows.is_empty()));
    view! {
        <Show when=move || exists.get()>
            <section class="panel results" aria-labelledby="results-title">
                <h2 id="results-title">"Faces"</h2>
                <Tools />
                <Table />
            </section>
        </Show>
    }
}

/// Filter, downloads and clearing.
#[component]
fn Tools() -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    let running = Memo::new(move |_| state.batch.with(|batch| batch.running));
    let filters = std::iter::once((Filter::All, "All rows"))
        .chain(Emotion::ALL.map(|emotion| (Filter::Emotion(emotion), emotion.name())))
        .chain([(Filter::NoReading, "without a reading")]);
    view! {
        <div class="results-tools">
            <div class="field">
                <label for="filter">"Show"</label>
                <select
                    id="filter"
                    on:change=move |event| {
                        state.filter.set(Filter::of_value(&event_target_value(&event)));
                        state.limit.set(ROWS_AT_ONCE);
                    }
                >
                    {filters
                        .map(|(filter, label)| {
                            view! {
                                <option value=filter.value() selected=move || state.filter.get() == filter>
                                    {label}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </div>
            <div class="save-buttons">
                <SaveButtons id="save" on_save=move |kind| control.save(kind) />
                <Show when=move || !running.get()>
                    <DiscardButton id="clear" on_discard=move || control.clear() />
                </Show>
            </div>
            <SavedLine kept=state.kept />
            <p class="hint">"Saved are all readings, whatever is shown; files that could not be read are left out."</p>
            <p class="hint sideways">"The depths are to the right: move the table sideways."</p>
            <ColumnHelp />
            {move || {
                let fault = state.kept.problem.get();
                (!fault.is_empty()).then(|| view! { <p class="fault" role="alert">{fault}</p> })
            }}
        </div>
    }
}

#[component]
fn Table() -> impl IntoView {
    let state = expect_context::<State>();
    let arranged =
        Memo::new(move |_| state.rows.with(|rows| arrange(rows, state.order.get(), state.filter.get())));
    let shown =
        move || arranged.with(|rows| rows.iter().take(state.limit.get()).cloned().collect::<Vec<_>>());
    let hidden = move || arranged.with(|rows| rows.len().saturating_sub(state.limit.get()));
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Table of faces">
            <table id="photos-table" class="cards">
                <thead>
                    <tr>
                        <Heading column=Column::Read label="No." />
                        <td class="thumbnail-column"></td>
                        <Heading column=Column::File label="File" />
                        <Heading column=Column::Face label="Face" />
                        <Heading column=Column::Expression label="Expression" />
                        {Emotion::ALL
                            .map(|emotion| view! { <Heading column=Column::Depth(emotion) label=emotion.name() /> })
                            .collect_view()}
                        <Heading column=Column::Valence label="Valence" />
                        <Heading column=Column::Intensity label="Intensity" />
                        <Heading column=Column::Quality label="Quality" />
                    </tr>
                </thead>
                <tbody>
                    <For each=shown key=|row| row.id let:row>
                        <TableRow row=row />
                    </For>
                </tbody>
            </table>
        </div>
        <p class="hint" id="row-count">
            {move || {
                let all = state.rows.with(Vec::len);
                let chosen = arranged.with(Vec::len);
                format!("{} of {all} rows", chosen - hidden())
            }}
        </p>
        <Show when=move || { hidden() > 0 }>
            <button
                id="more-rows"
                class="button small"
                on:click=move |_| state.limit.update(|limit| *limit += ROWS_AT_ONCE)
            >
                {move || format!("Show {} more", hidden().min(ROWS_AT_ONCE))}
            </button>
        </Show>
    }
}

/// A column's heading: a button that sorts by it.
#[component]
fn Heading(column: Column, label: &'static str) -> impl IntoView {
    let state = expect_context::<State>();
    let direction = move || state.order.get().aria(column);
    view! {
        <th scope="col" aria-sort=direction>
            <button class="sort" on:click=move |_| state.order.update(|order| *order = order.pressed(column))>
                {label}
                <span class="sort-sign" aria-hidden="true">
                    {move || match direction() {
                        "ascending" => "▲",
                        "descending" => "▼",
                        _ => "",
                    }}
                </span>
            </button>
        </th>
    }
}

#[component]
fn TableRow(row: Arc<Row>) -> impl IntoView {
    let (number, file, note) = (row.id + 1, row.file.clone(), row.note.clone());
    let Some(sample) = row.sample.clone() else {
        return view! {
            <tr class="row-fault">
                <td>{number}</td>
                <td class="thumbnail-column"></td>
                <th scope="row" class="file-name">{file}</th>
                <td colspan="12" class="row-note">{note}</td>
            </tr>
        }
        .into_any();
    };
    let none = || "–".to_owned();
    let reasons = words::reasons(&sample.quality_reasons);
    let explained = [Some(reasons).filter(|text| !text.is_empty()), note].into_iter().flatten();
    let explained = explained.collect::<Vec<_>>().join(". ");
    view! {
        <tr>
            <td>{number}</td>
            <td class="thumbnail-column"><Thumbnail row=row /></td>
            <th scope="row" class="file-name">{file}</th>
            <td data-label="Face">{sample.face.map_or_else(none, |face| face.to_string())}</td>
            <td class="expression">
                {match sample.emotion {
                    Some(emotion) => view! { <Marker emotion=emotion />{emotion.name()} }.into_any(),
                    None => "–".into_any(),
                }}
            </td>
            {Emotion::ALL
                .map(|emotion| {
                    let depth = sample.depth.map(|depth| depth.get(emotion));
                    view! {
                        <td class="depth-cell" data-label=emotion.name()>
                            {depth.map_or_else(none, numbers::depth)}
                            <span class=format!("cell-track fill-{}", emotion.name()) aria-hidden="true">
                                <span
                                    class="cell-fill"
                                    style:transform=format!("scaleX({:.3})", depth.unwrap_or(0.0).clamp(0.0, 1.0))
                                ></span>
                            </span>
                        </td>
                    }
                })
                .collect_view()}
            <td data-label="Valence">{sample.valence.map_or_else(none, numbers::signed)}</td>
            <td data-label="Intensity">{sample.intensity.map_or_else(none, numbers::depth)}</td>
            <td class="quality-cell" data-label="Quality">
                {sample.face.map_or_else(none, |_| numbers::depth(sample.quality))}
                <span class="quality-reasons">{explained}</span>
            </td>
        </tr>
    }
    .into_any()
}

/// The face's small picture; file and number stand beside it.
#[component]
fn Thumbnail(row: Arc<Row>) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    let side = THUMBNAIL_SIDE as u32;
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        let context = canvas.get_context("2d").ok().flatten();
        let context = context.and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
        let picture = ImageData::new_with_u8_clamped_array(Clamped(&row.thumbnail), side).ok();
        if let (Some(context), Some(picture)) = (context, picture) {
            // A thumbnail that cannot be painted stays empty.
            let _ = context.put_image_data(&picture, 0, 0);
        }
    });
    view! { <canvas node_ref=canvas class="thumbnail" width=side height=side aria-hidden="true"></canvas> }
}
