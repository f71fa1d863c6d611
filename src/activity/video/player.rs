//! The video itself: where it is played moves the cursor of the chart, and the other way round.

use leptos::prelude::*;
use web_sys::HtmlVideoElement;

use crate::activity::video::outlines::Outlines;
use crate::activity::video::state::State;
use emotion_core::walk::AIM_MS;

impl State {
    /// Go to a time, in chart and player.
    pub fn seek(self, time_ms: f64) {
        let time_ms = time_ms.clamp(0.0, self.window.with_untracked(|window| window.end_ms()));
        self.cursor_ms.set(time_ms);
        self.window.update(|window| *window = window.showing(time_ms));
        if let Some(player) = self.player.get_untracked() {
            if failed(&player) {
                // It stopped at a damaged place, and is asked for another one.
                player.load();
            }
            player.set_current_time((time_ms + AIM_MS) / 1000.0);
        }
    }

    /// The player has moved.
    fn follow(self) {
        if let Some(player) = self.player.get_untracked() {
            let time_ms = (player.current_time() * 1000.0 - AIM_MS).max(0.0);
            // Its own answer to a seek is not the person's doing.
            if (time_ms - self.cursor_ms.get_untracked()).abs() > AIM_MS {
                self.cursor_ms.set(time_ms);
                if !player.paused() {
                    self.window.update(|window| *window = window.showing(time_ms));
                }
            }
        }
    }

    /// While it plays, the cursor moves with each picture of the screen.
    fn follow_on(self) {
        request_animation_frame(move || {
            if self.player.get_untracked().is_some_and(|player| !player.paused() && !player.ended()) {
                self.follow();
                self.follow_on();
            }
        });
    }
}

fn failed(player: &HtmlVideoElement) -> bool {
    js_sys::Reflect::get(player, &wasm_bindgen::JsValue::from_str("error"))
        .is_ok_and(|error| error.is_object())
}

#[component]
pub fn Player() -> impl IntoView {
    let state = expect_context::<State>();
    view! {
        <div class="player-frame">
            <video
                id="player"
                class="player"
                node_ref=state.player
                src=move || state.address.get()
                controls
                playsinline
                preload="auto"
                aria-label="The video. The chart beside it has the same time."
                on:loadedmetadata=move |_| {
                    if let Some(player) = state.player.get_untracked() {
                        state.size.set((player.video_width(), player.video_height()));
                    }
                }
                on:timeupdate=move |_| state.follow()
                on:seeked=move |_| state.follow()
                on:play=move |_| state.follow_on()
            ></video>
            <Outlines />
        </div>
    }
}
