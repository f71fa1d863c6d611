//! How fast the page works, folded away.

use leptos::prelude::*;

use crate::activity::camera::services::reader::Reader;
use emotion_core::reading::StageTimes;

/// What a row of the table shows of the stages' times.
type Milliseconds = fn(&StageTimes) -> f64;

/// The stages in their order, with what they do.
const STAGES: [(&str, Milliseconds); 6] = [
    ("Copy the picture", |stages| stages.copy_ms),
    ("Find faces", |stages| stages.detect_ms),
    ("Follow faces", |stages| stages.track_ms),
    ("Align the face", |stages| stages.align_ms),
    ("Read the expression", |stages| stages.classify_ms),
    ("The whole frame", |stages| stages.total_ms),
];

#[component]
pub fn SpeedDetails() -> impl IntoView {
    let reader = expect_context::<Reader>();
    view! {
        <details id="speed" class="panel speed">
            <summary>"Speed"</summary>
            <p>
                <span id="frames-per-second" class="speed-number">
                    {move || {
                        reader
                            .speed
                            .get()
                            .map_or_else(|| "–".to_owned(), |speed| format!("{:.1}", speed.frames_per_second))
                    }}
                </span>
                " frames per second are read on this device."
            </p>
            <table id="stages">
                <caption>"Milliseconds per frame, mean of the last three seconds"</caption>
                <thead>
                    <tr><th scope="col">"Stage"</th><th scope="col">"ms"</th></tr>
                </thead>
                <tbody>
                    {STAGES
                        .map(|(name, stage)| {
                            view! {
                                <tr>
                                    <th scope="row">{name}</th>
                                    <td>
                                        {move || {
                                            reader.speed.get().map_or_else(
                                                || "–".to_owned(),
                                                |speed| format!("{:.1}", stage(&speed.stages)),
                                            )
                                        }}
                                    </td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </details>
    }
}
