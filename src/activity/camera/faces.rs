//! Choosing a face by buttons: for the keyboard, and where boxes are small.

use leptos::prelude::*;

use crate::activity::camera::picture::MOST_FACES;
use crate::activity::camera::services::reader::Reader;

#[component]
pub fn FaceButtons() -> impl IntoView {
    let reader = expect_context::<Reader>();
    let ids = Memo::new(move |_| {
        reader.faces.with(|faces| {
            std::array::from_fn::<_, MOST_FACES, _>(|slot| faces.faces.get(slot).map(|face| face.face))
        })
    });
    let shown = Memo::new(move |_| reader.readout.with(|summary| summary.face));
    let seen = Memo::new(move |_| reader.readout.with(|summary| !summary.quality.reasons.is_empty()));
    view! {
        <div id="faces" class="chips" role="group" aria-label="Whose gauges are shown">
            {move || {
                let ids: Vec<u32> = ids.get().into_iter().flatten().collect();
                if ids.is_empty() {
                    return view! {
                        <span class="hint">
                            {move || if seen.get() { "No face in the picture" } else { "No picture is read now" }}
                        </span>
                    }
                    .into_any();
                }
                ids.into_iter()
                    .map(|face| {
                        view! {
                            <button
                                class="chip"
                                aria-pressed=move || (shown.get() == Some(face)).to_string()
                                on:click=move |_| reader.choose_face(face)
                            >
                                {format!("Face {face}")}
                            </button>
                        }
                    })
                    .collect_view()
                    .into_any()
            }}
        </div>
    }
}
