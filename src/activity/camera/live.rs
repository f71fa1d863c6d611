//! The layout of the live view.

use leptos::prelude::*;

use crate::activity::camera::corrected::Corrected;
use crate::activity::camera::faces::FaceButtons;
use crate::activity::camera::gauges::Gauges;
use crate::activity::camera::picture::Picture;
use crate::activity::camera::quality::{Affect, Pose, Quality};
use crate::activity::camera::recording::SaveRecording;
use crate::activity::camera::services::work::Work;
use crate::activity::camera::settings::Settings;
use crate::activity::camera::speed::SpeedDetails;
use crate::activity::camera::timeline::TimelineChart;
use crate::activity::camera::toolbar::Toolbar;

#[component]
pub fn Live() -> impl IntoView {
    let work = expect_context::<Work>();
    view! {
        <div class="live" hidden=move || !work.view.get().shows_picture()>
            <h1 class="visually-hidden" tabindex="-1">"Live reading"</h1>
            <Toolbar />
            <SaveRecording />
            <div class="live-columns">
                <section class="panel camera-panel" aria-labelledby="camera-title">
                    <h2 id="camera-title">"Camera"</h2>
                    <Picture />
                    <FaceButtons />
                    <Quality />
                    <Pose />
                </section>
                <section class="panel gauge-panel" aria-labelledby="gauges-title">
                    <h2 id="gauges-title">"Depth of each expression"</h2>
                    <Gauges />
                    <Affect />
                </section>
            </div>
            <TimelineChart />
            <Corrected />
            <Settings />
            <SpeedDetails />
        </div>
    }
}
