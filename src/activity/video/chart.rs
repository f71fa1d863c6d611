//! The seven curves of the whole video: a slider whose value is the time that the player shows.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::{Canvas, Div};
use leptos::prelude::*;

use crate::activity::video::state::State;
use crate::ui::legend::Legend;
use crate::ui::plot;
use crate::view::video::keys::{Action, Standing, ZOOM, action};
use crate::view::video::words::moment;
use emotion_core::emotion::Emotion;

/// A pointer that moves no further than this clicks, in CSS pixels.
const CLICK_PX: f64 = 5.0;
/// One tick of the axis has so much room, in CSS pixels.
const TICK_PX: usize = 90;

#[component]
pub fn Chart() -> impl IntoView {
    let state = expect_context::<State>();
    let canvas = NodeRef::<Canvas>::new();
    // Renewed when the chart's size changes.
    let width_px = RwSignal::new(600usize);
    let draw = move || {
        let Some(canvas) = canvas.get_untracked() else { return };
        let pixels = (canvas.client_width().max(1)) as usize;
        if width_px.get_untracked() != pixels {
            width_px.set(pixels);
        }
        let window = state.window.get_untracked();
        let made = state.readings.with_value(|readings| readings.curves(&window, pixels));
        let lines = window.ticks(pixels / TICK_PX).into_iter().map(|(x, _)| x).collect();
        // A canvas without a context (out of memory) shows nothing; the table has the figures.
        let _ = plot::paint(&canvas, &made, state.curves.get_untracked(), lines, false);
    };
    Effect::new(move |_| {
        canvas.track();
        state.tick.track();
        state.curves.track();
        state.window.track();
        draw();
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| draw());
    on_cleanup(move || resized.remove());
    let ticks = move || state.window.get().ticks(width_px.get() / TICK_PX);
    view! {
        <div class="chart video-chart">
            <div class="chart-y" aria-hidden="true"><span>"1"</span><span>"0.5"</span><span>"0"</span></div>
            <Surface canvas=canvas />
            <div class="chart-x ticks" aria-hidden="true">
                {move || {
                    ticks()
                        .into_iter()
                        .map(|(x, words)| {
                            // Its place is at the tick's middle, but at the edges within the chart.
                            let shift = if x < 0.04 { 0.0 } else if x > 0.96 { -100.0 } else { -50.0 };
                            view! {
                                <span
                                    style:left=format!("{:.3}%", x * 100.0)
                                    style:transform=format!("translateX({shift}%)")
                                >
                                    {words}
                                </span>
                            }
                        })
                        .collect_view()
                }}
            </div>
        </div>
        <Zoom />
        <Legend curves=state.curves />
    }
}

/// The canvas with the cursor over it, which keys and pointer move.
#[component]
fn Surface(canvas: NodeRef<Canvas>) -> impl IntoView {
    let state = expect_context::<State>();
    let surface = NodeRef::<Div>::new();
    // Where a pointer went down, and the part that it spans since it has moved: places on the chart, 0..1.
    let down = RwSignal::new(None::<f64>);
    let span = RwSignal::new(None::<(f64, f64)>);
    let place = move |event: &PointerEvent| {
        let area = surface.get_untracked()?.get_bounding_client_rect();
        Some(((event.client_x() - area.left()) / area.width().max(1.0), area.width()))
    };
    let press = move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        if let (Some((x, _)), Some(surface)) = (place(&event), surface.get_untracked()) {
            down.set(Some(x));
            // Without it the drag ends at the chart's edge.
            let _ = surface.set_pointer_capture(event.pointer_id());
        }
    };
    let moved = move |event: PointerEvent| {
        if let (Some(from), Some((x, width))) = (down.get_untracked(), place(&event))
            && (span.get_untracked().is_some() || (x - from).abs() * width > CLICK_PX)
        {
            span.set(Some((from, x.clamp(0.0, 1.0))));
        }
    };
    let release = move |event: PointerEvent| {
        let (from, part) = (down.get_untracked(), span.get_untracked());
        down.set(None);
        span.set(None);
        let window = state.window.get_untracked();
        match (part, from, place(&event)) {
            (Some((a, b)), ..) => state.window.set(window.part(window.time_ms(a), window.time_ms(b))),
            (None, Some(_), Some((x, _))) => state.seek(window.time_ms(x)),
            _ => {}
        }
    };
    let forget = move |_| {
        down.set(None);
        span.set(None);
    };
    let cursor_x = Memo::new(move |_| {
        let x = state.window.get().x(state.cursor_ms.get());
        (0.0..=1.0).contains(&x).then_some(x)
    });
    let said = move || {
        state.tick.track();
        let time_ms = state.cursor_ms.get();
        let depths = state.readings.with_value(|readings| readings.depths_at(time_ms));
        format!("{}, {}", moment(time_ms), depths.map_or_else(|| "no reading".to_owned(), strongest))
    };
    view! {
        <div
            id="chart"
            class="surface"
            node_ref=surface
            role="slider"
            tabindex="0"
            aria-label="Time in the video, under the curves"
            aria-describedby="chart-help"
            aria-orientation="horizontal"
            aria-valuemin="0"
            aria-valuemax=move || format!("{:.3}", state.window.get().end_ms() / 1000.0)
            aria-valuenow=move || format!("{:.3}", state.cursor_ms.get() / 1000.0)
            aria-valuetext=said
            on:keydown=move |event| key(state, &event)
            on:pointerdown=press
            on:pointermove=moved
            on:pointerup=release
            on:pointercancel=forget
        >
            <canvas id="video-curves" node_ref=canvas aria-hidden="true"></canvas>
            <div
                class="selection"
                hidden=move || span.get().is_none()
                style:left=move || format!("{:.3}%", span.get().map_or(0.0, |(a, b)| a.min(b)) * 100.0)
                style:width=move || format!("{:.3}%", span.get().map_or(0.0, |(a, b)| (a - b).abs()) * 100.0)
            ></div>
            <div
                class="cursor"
                id="cursor"
                hidden=move || cursor_x.get().is_none()
                style:left=move || format!("{:.3}%", cursor_x.get().unwrap_or_default() * 100.0)
            ></div>
        </div>
    }
}

/// The two largest depths in words.
fn strongest(depths: [f32; 7]) -> String {
    let mut order = Emotion::ALL;
    order.sort_by(|a, b| depths[b.index()].total_cmp(&depths[a.index()]));
    let [first, second, ..] =
        order.map(|emotion| format!("{} {:.2}", emotion.name(), depths[emotion.index()]));
    format!("{first}, {second}")
}

/// Does what a key asks for.
fn key(state: State, event: &KeyboardEvent) {
    let window = state.window.get_untracked();
    let standing = Standing {
        cursor_ms: state.cursor_ms.get_untracked(),
        shown_ms: window.length_ms(),
        end_ms: window.end_ms(),
        grid_ms: state.pace.get_untracked().step_ms(),
    };
    match action(&event.key(), event.shift_key(), &standing) {
        Some(Action::Seek(time_ms)) => state.seek(time_ms),
        Some(Action::Zoom(factor)) => state.zoom(factor),
        Some(Action::ShowWhole) => state.show_whole(),
        None => return,
    }
    event.prevent_default();
}

impl State {
    /// Show `factor` times as much, around the cursor where it is seen, else around the middle.
    fn zoom(self, factor: f64) {
        let cursor_ms = self.cursor_ms.get_untracked();
        self.window.update(|window| {
            let seen = (window.from_ms..=window.to_ms).contains(&cursor_ms);
            *window = window.zoomed(factor, if seen { cursor_ms } else { window.time_ms(0.5) });
        });
    }

    fn show_whole(self) {
        self.window.update(|window| *window = crate::view::video::Window::whole(window.end_ms()));
    }
}

#[component]
fn Zoom() -> impl IntoView {
    let state = expect_context::<State>();
    let whole = Memo::new(move |_| state.window.get().is_whole());
    view! {
        <div class="zoom" role="group" aria-label="Part shown">
            <button id="zoom-in" class="button small" on:click=move |_| state.zoom(ZOOM)>"Closer"</button>
            <button
                id="zoom-out"
                class="button small"
                disabled=move || whole.get()
                on:click=move |_| state.zoom(1.0 / ZOOM)
            >
                "Further"
            </button>
            <button id="zoom-whole" class="button small" disabled=move || whole.get() on:click=move |_| state.show_whole()>
                "All of it"
            </button>
            <span class="hint" id="part">
                {move || {
                    let window = state.window.get();
                    format!("{} to {}", moment(window.from_ms), moment(window.to_ms))
                }}
            </span>
        </div>
        <p class="hint" id="chart-help">
            "Click or use the arrow keys to go to a time, drag over a part to see it closer; + and \u{2212} zoom, 0 shows \
             all of it. Grey parts could not be read. The quiet bands go from one study\u{2019}s viewers to the other\u{2019}s."
        </p>
    }
}
