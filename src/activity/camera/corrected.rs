//! Depths beside those corrected by the personal neutral face.

use leptos::prelude::*;

use crate::activity::camera::services::reader::Reader;
use crate::ui::parts::Marker;
use crate::view::camera::neutral::doubt;
use crate::view::words;
use emotion_core::emotion::Emotion;

#[component]
pub fn Corrected() -> impl IntoView {
    let reader = expect_context::<Reader>();
    let face = Memo::new(move |_| reader.readout.with(|summary| summary.face));
    // The shown face's own, or else the newest one of another number.
    let baseline = Memo::new(move |_| {
        reader.baselines.with(|baselines| {
            let own = baselines.iter().rev().find(|baseline| Some(baseline.face) == face.get());
            own.or(baselines.last()).cloned()
        })
    });
    let number = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    move || {
        baseline.get().map(|baseline| {
            let neutral = baseline.neutral;
            let other = move || face.get().filter(|face| *face != baseline.face);
            view! {
                <section class="panel corrected-panel" aria-labelledby="corrected-title">
                    <h2 id="corrected-title">"Beside your neutral face"</h2>
                    <p>
                        "Some faces look sad or angry at rest. The corrected value is the depth less the depth of \
                         your neutral face: how far the expression has moved from there. Through a pause of up to \
                         five minutes it stays with the face at the same place: if somebody else sits there then, \
                         forget it."
                    </p>
                    {doubt(&baseline)
                        .map(|sentence| view! { <p class="notice-line" id="doubtful" role="alert">{sentence}</p> })}
                    <div class="table-scroll" tabindex="0" role="region" aria-label="Table of corrected depths">
                        <table id="corrected">
                            <thead>
                                <tr>
                                    <th scope="col">"Expression"</th>
                                    <th scope="col">"Uncorrected"</th>
                                    <th scope="col">"Neutral face"</th>
                                    <th scope="col">"Corrected"</th>
                                    <td class="bar-column"></td>
                                </tr>
                            </thead>
                            <tbody>
                                {Emotion::ALL
                                    .map(|emotion| {
                                        let depth = move || {
                                            reader.readout.with(|s| s.depths.map(|d| d.get(emotion)))
                                        };
                                        let corrected = move || {
                                            reader.readout.with(|s| s.corrected.map(|d| d.get(emotion)))
                                        };
                                        view! {
                                            <tr>
                                                <th scope="row"><Marker emotion=emotion />{emotion.name()}</th>
                                                <td>{move || number(depth().map(words::depth))}</td>
                                                <td>{words::depth(neutral.get(emotion))}</td>
                                                <td>{move || number(corrected().map(words::signed))}</td>
                                                <td class="bar-column">
                                                    <span class=format!("corrected-track fill-{}", emotion.name())>
                                                        <span
                                                            class="corrected-fill"
                                                            style:transform=move || {
                                                                format!("scaleX({:.3})", corrected().unwrap_or(0.0))
                                                            }
                                                        ></span>
                                                    </span>
                                                </td>
                                            </tr>
                                        }
                                    })
                                    .collect_view()}
                            </tbody>
                        </table>
                    </div>
                    {move || {
                        other().map(|face| {
                            view! {
                                <div class="notice-line">
                                    <p>
                                        {format!(
                                            "This neutral face belongs to face {}, and now face {face} is shown.",
                                            baseline.face,
                                        )}
                                    </p>
                                    <button
                                        class="button small"
                                        on:click=move |_| reader.use_neutral_for(face)
                                    >
                                        "It is the same person"
                                    </button>
                                </div>
                            }
                        })
                    }}
                    <button class="button small" on:click=move |_| reader.forget_neutral()>
                        "Forget my neutral face"
                    </button>
                </section>
            }
        })
    }
}
