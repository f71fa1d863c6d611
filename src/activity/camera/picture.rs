//! The camera's picture and, over it, the outline of each face with its points and number.

use leptos::prelude::*;

use crate::activity::camera::services::camera::CameraService;
use crate::activity::camera::services::reader::Reader;
use crate::activity::camera::services::recorder::Recorder;
use crate::activity::camera::services::work::Work;
use crate::view::camera::views::View;
use crate::view::overlay;
use crate::view::words;
use emotion_core::geometry::Rect;
use emotion_core::reading::FaceReading;

/// The most faces that the engine follows.
pub const MOST_FACES: usize = 4;

#[component]
pub fn Picture() -> impl IntoView {
    let work = expect_context::<Work>();
    let camera = expect_context::<CameraService>();
    let reader = expect_context::<Reader>();
    let shape = move || reader.faces.with(|faces| (faces.width.max(1), faces.height.max(1)));
    view! {
        <div class="picture" class:mirrored=move || camera.mirrored.get() class:still=move || work.view.get() != View::Live>
            <video
                id="camera"
                node_ref=camera.video
                muted
                playsinline
                aria-label="The camera's picture"
            ></video>
            <svg
                id="overlay"
                viewBox=move || {
                    let (width, height) = shape();
                    format!("0 0 {width} {height}")
                }
                aria-hidden="true"
            >
                {(0..MOST_FACES).map(|place| view! { <FaceOutline place=place /> }).collect_view()}
            </svg>
            <RecordingSign />
            <PictureNote />
        </div>
    }
}

/// The outline of the face in one place; empty while there are fewer faces.
#[component]
fn FaceOutline(place: usize) -> impl IntoView {
    let camera = expect_context::<CameraService>();
    let reader = expect_context::<Reader>();
    let face = move || reader.faces.with(|faces| faces.faces.get(place).map(|face| face.face));
    // Of the face in this place, the frame's width and whether it is mirrored.
    fn drawn<T>(
        reader: Reader,
        mirrored: bool,
        place: usize,
        draw: impl Fn(&FaceReading, f32, bool) -> T,
    ) -> Option<T> {
        reader.faces.with(|faces| Some(draw(faces.faces.get(place)?, faces.width as f32, mirrored)))
    }
    let shown_box = move || {
        drawn(reader, camera.mirrored.get(), place, |face, width, mirrored| {
            overlay::shown_box(&face.box_px, width, mirrored)
        })
    };
    let outline = move || shown_box().map(|rect| overlay::corners_path(&rect));
    let points = move || {
        drawn(reader, camera.mirrored.get(), place, |face, width, mirrored| {
            overlay::points_path(&face.points_px, width, mirrored)
        })
    };
    let side = move |side: fn(&Rect) -> f32| shown_box().map(|rect| format!("{:.1}", side(&rect).max(0.0)));
    let is_shown = move || face().is_some() && reader.readout.with(|summary| summary.face) == face();
    // Writing as large as the picture is small: a thirtieth of its width.
    let letter_px = move || reader.faces.with(|faces| faces.width as f32 / 30.0);
    view! {
        <g class="face" class:shown=is_shown class:absent=move || face().is_none()>
            <rect
                class="face-area"
                x=move || side(|rect| rect.x)
                y=move || side(|rect| rect.y)
                width=move || side(|rect| rect.width)
                height=move || side(|rect| rect.height)
                on:click=move |_| {
                    if let Some(face) = face() {
                        reader.choose_face(face);
                    }
                }
            />
            <path class="face-shade" d=outline />
            <path class="face-shade points" d=points />
            <path class="face-corners" d=outline />
            <path class="face-points" d=points />
            <text
                class="face-name"
                font-size=move || format!("{:.1}", letter_px())
                x=move || side(|rect| rect.x)
                y=move || shown_box().map(|rect| format!("{:.1}", overlay::name_y(&rect, letter_px())))
            >
                {move || face().map(|face| format!("Face {face}"))}
            </text>
        </g>
    }
}

/// REC and the time, while a recording runs; that it is paused with the picture.
#[component]
fn RecordingSign() -> impl IntoView {
    let work = expect_context::<Work>();
    let recorder = expect_context::<Recorder>();
    view! {
        <p class="recording-sign" hidden=move || !recorder.recording.with(|recording| recording.running)>
            <span class="recording-dot" aria-hidden="true"></span>
            {move || if work.view.get() == View::Live { "REC " } else { "REC paused " }}
            <span id="recording-time">
                {move || recorder.recording.with(|recording| words::clock(recording.elapsed_ms))}
            </span>
        </p>
    }
}

/// Why the picture stands still.
#[component]
fn PictureNote() -> impl IntoView {
    let work = expect_context::<Work>();
    let camera = expect_context::<CameraService>();
    let note = move || match work.view.get() {
        View::Live if camera.muted.get() => Some((
            "The camera gives no picture",
            "Another program may have taken it, or its shutter is closed.",
        )),
        View::Paused => Some(("Paused", "The camera is still on. Continue, or stop to switch it off.")),
        View::Hidden => Some(("Paused", "This tab was hidden. The reading goes on when it is shown.")),
        View::Unplugged if camera.there.get() => {
            Some(("The camera is back", "Go on where you were. Nothing recorded was lost."))
        }
        View::Unplugged => Some((
            "The camera was unplugged",
            "Plug it in again, or go on with another one. Nothing recorded was lost.",
        )),
        _ => None,
    };
    move || {
        note().map(|(title, words)| {
            view! {
                <div class="picture-note">
                    <p class="notice-title">{title}</p>
                    <p>{words}</p>
                    <Show when=move || work.view.get() == View::Unplugged><GoOn /></Show>
                </div>
            }
        })
    }
}

/// Ask for the camera again after it was unplugged.
#[component]
fn GoOn() -> impl IntoView {
    let work = expect_context::<Work>();
    let camera = expect_context::<CameraService>();
    view! {
        <button id="retry" class="button primary" on:click=move |_| work.ask_again()>
            {move || if camera.there.get() { "Go on" } else { "Try again" }}
        </button>
    }
}
