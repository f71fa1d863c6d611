//! The faces that were found in the last picture read up to the cursor, outlined and numbered over the player. Between two
//! readings they stay where they were.

use leptos::prelude::*;

use crate::activity::video::state::State;
use crate::view::overlay;
use crate::view::video::outlines::{Outline, outlines};

/// Lies over the player, which takes the pointer.
#[component]
pub fn Outlines() -> impl IntoView {
    let state = expect_context::<State>();
    let made = Memo::new(move |_| {
        state.tick.track();
        let (size, time_ms, whose) = (state.size.get(), state.cursor_ms.get(), state.whose.get());
        state.readings.with_value(|readings| outlines(&readings.columns, time_ms, whose, size))
    });
    // Writing as large as the picture is small: a twenty-fifth of its width.
    let letter_px = move || state.size.get().0 as f32 / 25.0;
    let one = move |outline: Outline| {
        let path = overlay::corners_path(&outline.rect);
        view! {
            <g class="face" class:shown=outline.shown>
                <path class="face-shade" d=path.clone() />
                <path class="face-corners" d=path />
                <text
                    class="face-name"
                    font-size=format!("{:.1}", letter_px())
                    x=format!("{:.1}", outline.rect.x)
                    y=format!("{:.1}", overlay::name_y(&outline.rect, letter_px()))
                >
                    {format!("Face {}", outline.face)}
                </text>
            </g>
        }
    };
    view! {
        <svg
            id="outlines"
            viewBox=move || {
                let (width, height) = state.size.get();
                format!("0 0 {width} {height}")
            }
            aria-hidden="true"
        >
            {move || made.get().into_iter().map(one).collect_view()}
        </svg>
    }
}
