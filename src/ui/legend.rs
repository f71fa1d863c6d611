//! The names of the curves.

use leptos::prelude::*;

use crate::ui::parts::Marker;
use emotion_core::emotion::Emotion;

/// Names the curves and shows or hides them.
#[component]
pub fn Legend(curves: RwSignal<[bool; 7]>) -> impl IntoView {
    view! {
        <div id="legend" class="chips" role="group" aria-label="Curves shown">
            {Emotion::ALL
                .map(|emotion| {
                    let at = emotion.index();
                    view! {
                        <button
                            class="chip"
                            aria-pressed=move || curves.with(|curves| curves[at]).to_string()
                            on:click=move |_| curves.update(|curves| curves[at] = !curves[at])
                        >
                            <Marker emotion=emotion />
                            {emotion.name()}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}
