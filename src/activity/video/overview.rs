//! One table over all videos that were read, where there are several: each leads to its chart.

use leptos::prelude::*;

use crate::activity::video::control::Controller;
use crate::activity::video::state::State;
use crate::ui::parts::{DiscardButton, Marker, focus};
use crate::ui::save_buttons::SaveButtons;
use crate::view::video::Overview;
use crate::view::words::depth;
use emotion_core::emotion::Emotion;

#[component]
pub fn AllVideos() -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    let several = Memo::new(move |_| state.clips.with(Vec::len) > 1);
    let running = Memo::new(move |_| state.running());
    // Of several, those without a face belong into the table, too: their moments say so.
    let some = Memo::new(move |_| state.clips.with(|clips| clips.iter().any(|clip| clip.frames > 0)));
    view! {
        <Show when=move || several.get()>
            <section class="panel results" aria-labelledby="videos-title">
                <h2 id="videos-title">"All videos"</h2>
                <p class="hint">
                    {move || match running.get() {
                        true => "When all are read, each can be shown here with its chart and its files.",
                        false => "Mean depth of the largest face. Choose a video to see its chart and its files below.",
                    }}
                </p>
                <div class="table-scroll" tabindex="0" role="region" aria-label="Table of all videos">
                    <table id="videos-table" class="cards">
                        <thead>
                            <tr>
                                <th scope="col">"Video"</th>
                                <th scope="col">"Read"</th>
                                <th scope="col">"Faces"</th>
                                {Emotion::ALL
                                    .map(|emotion| {
                                        view! {
                                            <th scope="col"><Marker emotion=emotion />{emotion.name()}</th>
                                        }
                                    })
                                    .collect_view()}
                            </tr>
                        </thead>
                        <tbody>
                            {move || {
                                state
                                    .clips
                                    .get()
                                    .into_iter()
                                    .enumerate()
                                    .map(|(at, clip)| view! { <Row at=at clip=clip /> })
                                    .collect_view()
                            }}
                        </tbody>
                    </table>
                </div>
                <div class="save-buttons" hidden=move || running.get()>
                    <Show when=move || some.get()>
                        <SaveButtons id="save-all" end=", all videos" on_save=move |kind| control.save_all(kind) />
                    </Show>
                    <DiscardButton
                        id="discard-all"
                        on_discard=move || {
                            control.discard();
                            focus("video-file");
                        }
                    />
                </div>
            </section>
        </Show>
    }
}

#[component]
fn Row(at: usize, clip: Overview) -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    let name = clip.name.clone();
    let number = |value: Option<f32>| value.map_or_else(|| "–".to_owned(), depth);
    view! {
        <tr>
            <th scope="row" class="file-name">
                <button
                    class="sort"
                    disabled=move || state.running()
                    aria-current=move || (state.shown.get() == Some(at)).then_some("true")
                    on:click=move |_| control.show_video(at)
                >
                    {name}
                </button>
            </th>
            <td class="read-cell">{clip.words}</td>
            <td data-label="Faces">{clip.faces}</td>
            {Emotion::ALL
                .map(|emotion| {
                    view! { <td class="depth-cell" data-label=emotion.name()>{number(clip.means.map(|means| means[emotion.index()]))}</td> }
                })
                .collect_view()}
        </tr>
    }
}
