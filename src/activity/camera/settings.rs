//! Camera, mirror and smoothing.

use leptos::prelude::*;

use crate::activity::camera::services::camera::CameraService;
use crate::activity::camera::services::reader::Reader;
use crate::activity::camera::services::work::Work;

#[component]
pub fn Settings() -> impl IntoView {
    let work = expect_context::<Work>();
    let camera = expect_context::<CameraService>();
    let reader = expect_context::<Reader>();
    view! {
        <section class="panel settings" aria-labelledby="settings-title">
            <h2 id="settings-title">"Settings"</h2>
            <div class="settings-grid">
                <div class="field">
                    <label for="camera-choice">"Camera"</label>
                    <select
                        id="camera-choice"
                        on:change=move |event| work.choose_camera(event_target_value(&event))
                    >
                        {move || {
                            let chosen = camera.chosen.get();
                            camera
                                .list
                                .get()
                                .into_iter()
                                .map(|camera| {
                                    view! {
                                        <option value=camera.id.clone() selected=camera.id == chosen>
                                            {camera.label}
                                        </option>
                                    }
                                })
                                .collect_view()
                        }}
                    </select>
                </div>
                <div class="field">
                    <label for="smoothing">"Smoothing"</label>
                    <div class="range">
                        <input
                            type="range"
                            id="smoothing"
                            min="0"
                            max="2"
                            step="0.1"
                            aria-valuetext=move || format!("{:.1} seconds", reader.smoothing_s.get())
                            prop:value=move || reader.smoothing_s.get().to_string()
                            on:input=move |event| {
                                if let Ok(seconds) = event_target_value(&event).parse() {
                                    reader.set_smoothing(seconds);
                                }
                            }
                        />
                        <output for="smoothing">{move || format!("{:.1} s", reader.smoothing_s.get())}</output>
                    </div>
                </div>
                <label class="check" for="mirror">
                    <input
                        type="checkbox"
                        id="mirror"
                        prop:checked=move || camera.mirrored.get()
                        on:change=move |event| camera.mirrored.set(event_target_checked(&event))
                    />
                    "Mirror the picture"
                </label>
            </div>
        </section>
    }
}
