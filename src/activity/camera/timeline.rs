//! The timeline of the last 60 seconds: one canvas, drawn at most ten times a second, and its legend.

use leptos::html::Canvas;
use leptos::prelude::*;

use crate::activity::camera::services::reader::Reader;
use crate::activity::camera::services::work::Work;
use crate::ui::legend::Legend;
use crate::ui::plot;

/// The lines of its time axis.
const QUARTERS: [f32; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];

#[component]
pub fn TimelineChart() -> impl IntoView {
    let work = expect_context::<Work>();
    let reader = expect_context::<Reader>();
    let canvas = NodeRef::<Canvas>::new();
    let draw = move || {
        if let Some(canvas) = canvas.get_untracked() {
            let curves = reader.timeline.with_value(|timeline| timeline.curves());
            // A canvas without a context (out of memory) shows nothing; the gauges go on.
            let _ = plot::paint(&canvas, &curves, reader.curves.get_untracked(), QUARTERS.to_vec(), true);
        }
    };
    Effect::new(move |_| {
        canvas.track();
        reader.timeline_tick.track();
        reader.curves.track();
        work.view.track();
        draw();
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| draw());
    on_cleanup(move || resized.remove());
    view! {
        <section class="panel timeline-panel" aria-labelledby="timeline-title">
            <h2 id="timeline-title">"The last 60 seconds"</h2>
            <div class="chart">
                <div class="chart-y" aria-hidden="true"><span>"1"</span><span>"0.5"</span><span>"0"</span></div>
                <canvas
                    id="timeline"
                    node_ref=canvas
                    role="img"
                    aria-label="Seven curves: the depth of each expression over the last 60 seconds. The gauges give the newest values."
                ></canvas>
                <div class="chart-x" aria-hidden="true">
                    <span>"60 s ago"</span><span>"45"</span><span>"30"</span><span>"15"</span><span>"now"</span>
                </div>
            </div>
            <p class="hint">"Changes under 0.03 are noise: a face at rest moves so much."</p>
            <Legend curves=reader.curves />
        </section>
    }
}
