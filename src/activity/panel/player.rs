//! The stimulus itself, if its file was dropped: where it is played moves the cursor of the curves, and the other way round.

use leptos::prelude::*;

use crate::activity::panel::state::State;
use crate::web::object_url::ObjectUrl;

impl State {
    /// Go to a second, in chart and player.
    pub fn seek(self, second: f64) {
        self.cursor_s.set(second);
        if let Some(player) = self.player.get_untracked() {
            player.set_current_time(second);
        }
    }

    fn follow(self) {
        if let Some(player) = self.player.get_untracked() {
            let end = self.curves.with_untracked(|curves| curves.as_ref().map_or(0, |curves| curves.seconds))
                as f64;
            let second = player.current_time().clamp(0.0, (end - 0.001).max(0.0));
            if (second - self.cursor_s.get_untracked()).abs() > 0.02 {
                self.cursor_s.set(second);
            }
        }
    }

    fn follow_on(self) {
        request_animation_frame(move || {
            if self.player.get_untracked().is_some_and(|player| !player.paused() && !player.ended()) {
                self.follow();
                self.follow_on();
            }
        });
    }
}

/// The file of the shown stimulus as an address, kept as long as it is shown.
#[component]
pub fn Player() -> impl IntoView {
    let state = expect_context::<State>();
    let address = StoredValue::new_local(None::<ObjectUrl>);
    let shown = Memo::new(move |_| {
        state.media_count.track();
        let row = state.row()?;
        let file = row.file?;
        Some((file.rsplit('/').next().unwrap_or(&file).to_owned(), row.is_video))
    });
    let source = Memo::new(move |_| {
        state.media_count.track();
        let (name, is_video) = shown.get()?;
        let url =
            state.media.with_value(|media| media.get(&name).and_then(|file| ObjectUrl::new(file).ok()))?;
        let text = url.as_str().to_owned();
        address.set_value(Some(url));
        Some((text, is_video))
    });
    view! {
        {move || match (source.get(), shown.get()) {
            (Some((url, true)), _) => view! {
                <video
                    id="stimulus-player"
                    class="player"
                    node_ref=state.player
                    src=url
                    controls
                    playsinline
                    preload="auto"
                    aria-label="The stimulus. The curves have the same time."
                    on:timeupdate=move |_| state.follow()
                    on:seeked=move |_| state.follow()
                    on:play=move |_| state.follow_on()
                ></video>
            }
            .into_any(),
            (Some((url, false)), _) => view! { <img class="player" id="stimulus-image" src=url alt="The stimulus" /> }.into_any(),
            (None, Some((name, _))) => view! {
                <p class="hint">{format!("Drop {name} as well, to see the stimulus beside its curves.")}</p>
            }
            .into_any(),
            (None, None) => ().into_any(),
        }}
    }
}
