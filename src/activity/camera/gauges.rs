//! The seven gauges and, above them, the reading in a sentence.

use leptos::prelude::*;

use crate::activity::camera::services::reader::Reader;
use crate::activity::camera::services::work::Work;
use crate::ui::parts::Marker;
use crate::view::camera::views::View;
use crate::view::words;
use emotion_core::emotion::Emotion;

#[component]
pub fn Gauges() -> impl IntoView {
    let reader = expect_context::<Reader>();
    view! {
        <Headline />
        <div class="gauges" class:no-reading=move || reader.depths.with(Option::is_none)>
            {Emotion::ALL.map(|emotion| view! { <Gauge emotion=emotion /> }).collect_view()}
            <div class="gauge-scale" aria-hidden="true">
                <span>"0"</span>
                <span>"share of viewers who would say so; line: from one study's viewers to the other's"</span>
                <span>"1"</span>
            </div>
        </div>
    }
}

/// "Viewers would most often say happy: six viewers in ten."
#[component]
fn Headline() -> impl IntoView {
    let work = expect_context::<Work>();
    let reader = expect_context::<Reader>();
    // Two parts, so that the largest emotion stands out.
    let headline = Memo::new(move |_| {
        reader.readout.with(|summary| {
            summary.depths.map(|depths| {
                let emotion = depths.largest();
                (emotion, words::viewers(depths.get(emotion)))
            })
        })
    });
    let explained = move || {
        work.view.get() == View::Live && reader.readout.with(|summary| !summary.quality.reasons.is_empty())
    };
    view! {
        <p class="headline">
            {move || match headline.get() {
                Some((emotion, viewers)) => view! {
                    <span class="headline-lead">"Viewers would most often say"</span>
                    <span class="headline-emotion"><Marker emotion=emotion />{emotion.name()}</span>
                    <span class="headline-viewers">{viewers}</span>
                }
                .into_any(),
                None => view! {
                    <span class="headline-lead">"Viewers would most often say"</span>
                    <span class="headline-emotion none">"no reading"</span>
                    <span class="headline-viewers" hidden=move || !explained()>
                        "the quality of the picture says why"
                    </span>
                }
                .into_any(),
            }}
        </p>
    }
}

/// One gauge; grey and without a value where there is no usable reading.
#[component]
fn Gauge(emotion: Emotion) -> impl IntoView {
    let reader = expect_context::<Reader>();
    let depth = move || reader.depth(emotion);
    let ends = move || reader.ends(emotion).unwrap_or_default();
    let number =
        Memo::new(move |_| reader.readout.with(|s| s.depths.map(|depths| words::depth(depths.get(emotion)))));
    view! {
        <div class="gauge">
            <span class="gauge-name" aria-hidden="true"><Marker emotion=emotion />{emotion.name()}</span>
            <div
                class=format!("gauge-track fill-{}", emotion.name())
                role="meter"
                aria-label=emotion.name()
                aria-valuemin="0"
                aria-valuemax="1"
                aria-valuenow=move || depth().map(|depth| format!("{depth:.4}"))
                aria-valuetext=move || match depth() {
                    Some(depth) => words::gauge(depth, reader.ends(emotion)),
                    None => "no reading".to_owned(),
                }
                aria-disabled=move || depth().is_none().then_some("true")
            >
                <div
                    class="gauge-fill"
                    style:transform=move || format!("scaleX({:.4})", depth().unwrap_or(0.0).clamp(0.0, 1.0))
                ></div>
                <div
                    class="gauge-range"
                    style:left=move || format!("{:.2}%", ends().0.clamp(0.0, 1.0) * 100.0)
                    style:width=move || format!("{:.2}%", (ends().1 - ends().0).clamp(0.0, 1.0) * 100.0)
                ></div>
            </div>
            <span class="gauge-number" aria-hidden="true">
                {move || number.get().unwrap_or_else(|| "–".to_owned())}
            </span>
        </div>
    }
}
