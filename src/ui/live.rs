//! The layout of the live view.

use leptos::prelude::*;

use crate::ui::corrected::Corrected;
use crate::ui::faces::FaceButtons;
use crate::ui::gauges::Gauges;
use crate::ui::picture::Picture;
use crate::ui::quality::{Affect, Pose, Quality};
use crate::ui::recording::SaveRecording;
use crate::ui::settings::Settings;
use crate::ui::speed::SpeedDetails;
use crate::ui::state::State;
use crate::ui::timeline::TimelineChart;
use crate::ui::toolbar::Toolbar;

#[component]
pub fn Live() -> impl IntoView {
    let state = expect_context::<State>();
    view! {
        <div class="live" hidden=move || !state.view.get().shows_picture()>
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
