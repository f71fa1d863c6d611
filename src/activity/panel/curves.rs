//! The curves of one stimulus, beside the stimulus, with one cursor for both; every chart has a table behind it.

use emotion_panel::analysis::{Curves, Details};
use emotion_panel::chart::{Chart, LEFT, Palette, RIGHT, clock};
use emotion_panel::model_error;
use emotion_stats::Measure;
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::Div;
use leptos::prelude::*;

use crate::activity::panel::control::Controller;
use crate::activity::panel::numbers::Numbers;
use crate::activity::panel::player::Player;
use crate::activity::panel::rule::Tick;
use crate::activity::panel::state::State;
use crate::activity::panel::table::{Table, header};
use crate::view::panel::{curves_chart, second_at, share_chart, words};

/// Width of a chart before it is measured, in CSS pixels.
const WIDTH_AT_FIRST: f64 = 600.0;

#[component]
pub fn CurvesOfStimulus() -> impl IntoView {
    let state = expect_context::<State>();
    view! {
        <section class="panel" aria-labelledby="curves-title">
            <h2 id="curves-title">"Curves"</h2>
            <Choices />
            <p class="hint" id="base">
                {move || state.curves.with(|curves| curves.as_ref().map(|curves| words::base(curves.people)))}
            </p>
            <Player />
            <MainChart />
            <ModelError />
            <details id="share">
                <summary>"Share of viewers above a threshold"</summary>
                <Share />
            </details>
            <Numbers />
        </section>
    }
}

/// Which stimulus, which measures, raw or corrected.
#[component]
fn Choices() -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    let ids = Memo::new(move |_| {
        state.overview.with(|overview| {
            overview
                .as_ref()
                .map_or_else(Vec::new, |o| o.stimuli.iter().map(|row| row.id.clone()).collect::<Vec<_>>())
        })
    });
    view! {
        <div class="settings-grid">
            <div class="field">
                <label for="stimulus">"Stimulus"</label>
                <select id="stimulus" on:change=move |event| control.show(event_target_value(&event))>
                    {move || {
                        ids.get()
                            .into_iter()
                            .map(|id| {
                                let (chosen, value) = (id.clone(), id.clone());
                                view! { <option value=value selected=move || state.stimulus.get() == chosen>{id}</option> }
                            })
                            .collect_view()
                    }}
                </select>
            </div>
            <Tick id="take-neutral-off" label="Take each person's neutral face off" of=|s| s.corrected set=|s, on| s.corrected = on />
        </div>
        <div id="measures" class="chips" role="group" aria-label="Curves shown">
            {Measure::ALL
                .map(|measure| {
                    view! {
                        <button
                            class="chip"
                            aria-pressed=move || state.shown.with(|shown| shown[measure.index()]).to_string()
                            on:click=move |_| control.toggle(measure)
                        >
                            {measure.name()}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}

/// The width of an element, renewed when the window changes.
pub fn width_of(node: NodeRef<Div>) -> RwSignal<f64> {
    let width = RwSignal::new(WIDTH_AT_FIRST);
    let measure = move || {
        if let Some(node) = node.get_untracked() {
            let now = f64::from(node.client_width()).max(240.0);
            if (now - width.get_untracked()).abs() > 0.5 {
                width.set(now);
            }
        }
    };
    Effect::new(move |_| {
        node.track();
        measure();
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());
    width
}

/// A chart in its own place, as wide as that.
#[component]
pub fn Drawn(
    id: &'static str,
    chart: impl Fn(f64) -> Option<Chart> + Send + Sync + 'static,
) -> impl IntoView {
    let place = NodeRef::<Div>::new();
    let width = width_of(place);
    view! {
        <div class="drawn" id=(!id.is_empty()).then_some(id) node_ref=place inner_html=move || chart(width.get()).map(|chart| chart.svg(&Palette::page()))></div>
    }
}

/// The curves under a slider: its value is the second of the stimulus.
#[component]
fn MainChart() -> impl IntoView {
    let state = expect_context::<State>();
    let place = NodeRef::<Div>::new();
    let width = width_of(place);
    let seconds =
        Memo::new(move |_| state.curves.with(|curves| curves.as_ref().map_or(0, |curves| curves.seconds)));
    let drawn = move || {
        let parts = state.row().map(|row| row.segments).unwrap_or_default();
        let (shown, width) = (state.measures(), width.get());
        state.curves.with(|curves| {
            let curves = curves.as_ref().filter(|curves| !curves.measures.is_empty())?;
            let details: Vec<Details> =
                state.details.with(|all| all.iter().map(|(details, _)| details.clone()).collect());
            let chart = state
                .settings
                .with(|settings| curves_chart(curves, &details, &shown, settings, &parts, width));
            Some(chart.svg(&Palette::page()))
        })
    };
    let at = move |event: &PointerEvent| {
        let area = place.get_untracked()?.get_bounding_client_rect();
        Some(second_at(event.client_x() - area.left(), area.width(), seconds.get_untracked()))
    };
    let press = move |event: PointerEvent| {
        if let Some(second) = at(&event) {
            state.seek(second);
        }
    };
    let key = move |event: KeyboardEvent| {
        let (now, end) = (state.cursor_s.get_untracked(), seconds.get_untracked() as f64 - 1.0);
        let next = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => now.floor() + 1.0,
            "ArrowLeft" | "ArrowDown" => now.ceil() - 1.0,
            "PageUp" => now + 10.0,
            "PageDown" => now - 10.0,
            "Home" => 0.0,
            "End" => end,
            _ => return,
        };
        event.prevent_default();
        state.seek(next.clamp(0.0, end.max(0.0)));
    };
    let cursor_px = move || {
        let plot = (width.get() - LEFT - RIGHT).max(10.0);
        LEFT + state.cursor_s.get() / seconds.get().max(1) as f64 * plot
    };
    let said = move || {
        let (second, shown) = (state.cursor_s.get(), state.measures());
        state
            .curves
            .with(|curves| curves.as_ref().map_or_else(String::new, |curves| readout(curves, &shown, second)))
    };
    view! {
        <Show when=move || { seconds.get() > 0 } fallback=|| view! { <p class="hint">"No curve can be shown."</p> }>
            <div
                id="panel-chart"
                class="surface panel-surface"
                node_ref=place
                role="slider"
                tabindex="0"
                aria-label="Time in the stimulus, under the curves"
                aria-orientation="horizontal"
                aria-valuemin="0"
                aria-valuemax=move || seconds.get().saturating_sub(1).to_string()
                aria-valuenow=move || format!("{:.0}", state.cursor_s.get().floor())
                aria-valuetext=said
                on:keydown=key
                on:pointerdown=press
                on:pointermove=move |event: PointerEvent| {
                    if event.buttons() == 1 && let Some(second) = at(&event) {
                        state.seek(second);
                    }
                }
            >
                <div class="drawn" inner_html=drawn aria-hidden="true"></div>
                <div class="cursor" style:left=move || format!("{:.1}px", cursor_px())></div>
            </div>
            <p id="readout" class="readout">{said}</p>
            <p class="hint">
                "Lines are means. The darker area is the 95 % interval of one second, the lighter one the band of the whole curve. \
                 Click or use the arrow keys to go to a second."
                {move || state.computing.get().then_some(" The bands are being computed.")}
            </p>
            <Behind />
        </Show>
    }
}

/// What the curves say at a second.
fn readout(curves: &Curves, shown: &[Measure], second: f64) -> String {
    let at = second.floor().max(0.0) as usize;
    let mut text = clock(second);
    for measure in shown {
        let Some(point) =
            curves.measures.iter().find(|c| c.measure == *measure).and_then(|c| c.points.get(at))
        else {
            continue;
        };
        text += &match (point.mean, point.interval) {
            (Some(mean), Some(interval)) => {
                format!(
                    ", {} {mean:.3} ({}), n {}",
                    measure.name(),
                    words::interval(interval, 3),
                    point.people
                )
            }
            _ => format!(", {} no number, n {}", measure.name(), point.people),
        };
    }
    text
}

/// The table behind the chart.
#[component]
fn Behind() -> impl IntoView {
    let state = expect_context::<State>();
    let open = RwSignal::new(false);
    let rows = move || {
        let shown = state.measures();
        state.curves.with(|curves| {
            let Some(curves) = curves.as_ref() else { return Vec::new() };
            let row = |second: usize| {
                let mut row = vec![clock(second as f64)];
                let of = |measure: &Measure| {
                    curves.measures.iter().find(|c| c.measure == *measure)?.points.get(second).copied()
                };
                row.push(
                    shown.first().and_then(of).map_or_else(String::new, |point| point.people.to_string()),
                );
                row.extend(shown.iter().map(|measure| {
                    let point = of(measure);
                    let mean = words::number(point.and_then(|point| point.mean), 3);
                    point
                        .and_then(|p| p.interval)
                        .map_or(mean.clone(), |i| format!("{mean} ({})", words::interval(i, 3)))
                }));
                row
            };
            (0..curves.seconds).map(row).collect()
        })
    };
    view! {
        <details
            id="behind"
            on:toggle=move |event| {
                let element: web_sys::HtmlDetailsElement = event_target(&event);
                open.set(element.open());
            }
        >
            <summary>"The curves as a table"</summary>
            {move || {
                open.get().then(|| {
                    let mut names = header(&["second", "n"]);
                    names.extend(state.measures().iter().map(|measure| measure.name().to_owned()));
                    view! { <Table id="curve-table" caption="Mean and 95 % interval, second by second".to_owned() header=names rows=rows() /> }
                })
            }}
        </details>
    }
}

/// The model's own error: always there.
#[component]
fn ModelError() -> impl IntoView {
    let state = expect_context::<State>();
    view! {
        <ul id="model-error" class="notes">
            {move || {
                let classifier = state.classifier();
                state.measures().into_iter().map(|m| view! { <li>{model_error::line(m, &classifier)}</li> }).collect_view()
            }}
        </ul>
    }
}

#[component]
fn Share() -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    let chart = move |width: f64| {
        let shown = state.measures();
        state.curves.with(|curves| {
            let curves = curves.as_ref().filter(|curves| !curves.measures.is_empty())?;
            Some(state.settings.with(|settings| share_chart(curves, &shown, settings, width)))
        })
    };
    view! {
        <div class="field">
            <label for="threshold">"Threshold"</label>
            <input
                id="threshold"
                type="number"
                min="-1"
                max="1"
                step="0.05"
                prop:value=move || state.settings.with(|settings| settings.threshold.to_string())
                on:change=move |event| {
                    let number = event_target_value(&event).parse::<f64>().ok();
                    if let Some(number) = number.filter(|number| (-1.0..=1.0).contains(number)) {
                        control.set(move |settings| settings.threshold = number);
                    }
                }
            />
        </div>
        <Drawn id="share-chart" chart />
        <p class="hint">"With Wilson's 95 % interval. Choose the threshold before you look: each one gives another share."</p>
    }
}
