//! The faces that were found in the last picture read up to the cursor, outlined and numbered over the player. Between two
//! readings they stay where they were.

use leptos::prelude::*;

use crate::activity::video::state::State;
use crate::view::overlay;
use emotion_core::geometry::Rect;
use emotion_record::clip::Whose;

/// A face of the picture at the cursor.
#[derive(Debug, Clone, PartialEq)]
struct Outline {
    face: u32,
    /// In pixels of the video.
    rect: Rect,
    /// Its curves are the ones that are shown.
    shown: bool,
}

impl State {
    fn outlines(self) -> Vec<Outline> {
        self.tick.track();
        let (width, height) = self.size.get();
        if width == 0 || height == 0 {
            return Vec::new();
        }
        let (width, height) = (width as f32, height as f32);
        let (time_ms, whose) = (self.cursor_ms.get(), self.whose.get());
        self.readings.with_value(|readings| {
            let columns = &readings.columns;
            let mut outlines: Vec<_> = columns
                .rows_at(time_ms)
                .filter_map(|row| {
                    let ([x, y, w, h], face) = (columns.face_box(row)?, columns.face(row)?);
                    let rect = Rect { x: x * width, y: y * height, width: w * width, height: h * height };
                    Some(Outline { face, rect, shown: whose == Whose::One(face) })
                })
                .collect();
            if whose == Whose::Largest {
                let area = |outline: &&mut Outline| outline.rect.width * outline.rect.height;
                // Of several as large as each other the first, as in `Columns::rows_of`.
                if let Some(largest) = outlines.iter_mut().rev().max_by(|a, b| area(a).total_cmp(&area(b))) {
                    largest.shown = true;
                }
            }
            outlines
        })
    }
}

/// Lies over the player, which takes the pointer.
#[component]
pub fn Outlines() -> impl IntoView {
    let state = expect_context::<State>();
    let outlines = Memo::new(move |_| state.outlines());
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
            {move || outlines.get().into_iter().map(one).collect_view()}
        </svg>
    }
}
