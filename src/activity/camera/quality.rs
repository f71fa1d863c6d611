//! What stands beside the depths: valence and intensity, head pose, and how far the reading can be trusted.

use leptos::prelude::*;

use crate::activity::camera::services::camera::CameraService;
use crate::activity::camera::services::reader::Reader;
use crate::view::camera::readout::Readout;
use crate::view::speed::few_frames;
use crate::view::words;

/// Valence and intensity, with the words for them.
#[component]
pub fn Affect() -> impl IntoView {
    let reader = expect_context::<Reader>();
    let depths = Memo::new(move |_| reader.readout.with(|summary| summary.depths));
    let valence = move || depths.get().map(|depths| depths.valence());
    let intensity = move || depths.get().map(|depths| depths.intensity());
    view! {
        <dl class="affect">
            <div>
                <dt>"Valence" <span class="hint">"pleasant less unpleasant"</span></dt>
                <dd>
                    <span id="valence" class="affect-number">
                        {move || valence().map_or_else(|| "–".to_owned(), words::signed)}
                    </span>
                    <span class="affect-words">{move || valence().map(words::valence)}</span>
                    <span class="affect-track two-sided" aria-hidden="true">
                        <span
                            class="affect-fill"
                            class:absent=move || valence().is_none()
                            style:transform=move || format!("scaleX({:.3})", valence().unwrap_or(0.0))
                        ></span>
                    </span>
                </dd>
            </div>
            <div>
                <dt>"Intensity" <span class="hint">"all but neutral"</span></dt>
                <dd>
                    <span id="intensity" class="affect-number">
                        {move || intensity().map_or_else(|| "–".to_owned(), words::depth)}
                    </span>
                    <span class="affect-words">{move || intensity().map(words::intensity)}</span>
                    <span class="affect-track" aria-hidden="true">
                        <span
                            class="affect-fill"
                            class:absent=move || intensity().is_none()
                            style:transform=move || format!("scaleX({:.3})", intensity().unwrap_or(0.0))
                        ></span>
                    </span>
                </dd>
            </div>
        </dl>
    }
}

/// The quality of the reading with its reasons in words.
#[component]
pub fn Quality() -> impl IntoView {
    let reader = expect_context::<Reader>();
    let quality = Memo::new(move |_| reader.readout.with(|summary| summary.quality.clone()));
    let unchanged = Memo::new(move |_| reader.readout.with(Readout::unchanged_words));
    let few = Memo::new(move |_| reader.speed.get().and_then(|speed| few_frames(speed.frames_per_second)));
    let grade = move || quality.with(Readout::grade);
    view! {
        <div id="quality" class=move || format!("quality quality-{}", grade())>
            <p class="quality-line">
                <span class="quality-mark" aria-hidden="true"></span>
                <strong>
                    {move || match grade() {
                        "good" => "Good reading",
                        "fair" => "Reading with reserve",
                        _ => "No reading",
                    }}
                </strong>
                <span class="quality-number">
                    {move || {
                        quality.with(|quality| {
                            let read = quality.usable || !quality.reasons.is_empty();
                            read.then(|| format!("quality {:.2}", quality.value))
                        })
                    }}
                </span>
            </p>
            <ul class="reasons">
                {move || {
                    quality.with(|quality| {
                        quality.reasons.iter().map(|reason| view! { <li>{reason.words()}</li> }).collect_view()
                    })
                }}
                {move || unchanged.get().map(|words| view! { <li id="unchanged">{words}</li> })}
                {move || few.get().map(|words| view! { <li id="few-frames">{words}</li> })}
            </ul>
        </div>
    }
}

/// The head's pose: a sketch and words.
#[component]
pub fn Pose() -> impl IntoView {
    let camera = expect_context::<CameraService>();
    let reader = expect_context::<Reader>();
    let pose = Memo::new(move |_| reader.readout.with(|summary| summary.pose));
    // The sketch turns with the picture: mirrored, left and right change places.
    let side = move || if camera.mirrored.get() { -1.0 } else { 1.0 };
    let turned = move || pose.get().unwrap_or_default();
    view! {
        <p id="pose" class="pose" class:no-reading=move || pose.get().is_none()>
            <svg class="pose-sketch" viewBox="-16 -16 32 32" aria-hidden="true">
                <g transform=move || format!("rotate({:.0})", turned().roll * side())>
                    <ellipse rx="10" ry="13" />
                    <path
                        d="M-4 -3h0M4 -3h0M0 0v3M-3 7h6"
                        transform=move || {
                            let x = libm::sinf(turned().yaw.to_radians()) * 9.0 * side();
                            let y = -libm::sinf(turned().pitch.to_radians()) * 9.0;
                            format!("translate({x:.1} {y:.1})")
                        }
                    />
                </g>
            </svg>
            <span>
                "Head: "
                {move || pose.get().map_or_else(|| "not seen".to_owned(), |pose| words::pose(&pose))}
            </span>
        </p>
    }
}
