//! The photo activity: a page load of its own, with an engine that decodes picture files.

mod choose;
mod control;
mod state;
mod table;

use leptos::prelude::*;

use crate::activity::Activity;
use crate::activity::frame::Frame;
use crate::activity::photos::choose::Choose;
use crate::activity::photos::control::Controller;
use crate::activity::photos::state::State;
use crate::activity::photos::table::Results;
use crate::web::support::Need;

/// The photo activity.
#[derive(Clone, Copy)]
pub struct Photos {
    control: Controller,
}

impl Activity for Photos {
    const ROW: activities::Activity = activities::PHOTOS;
    const NEEDS: &'static [Need] = &[Need::Engine];
    const START: &'static str = "Go on to the photos";

    fn new(frame: Frame) -> Self {
        let state = State::new(frame);
        let control = Controller::new(frame, state);
        provide_context(state);
        provide_context(control);
        control.begin();
        Self { control }
    }

    fn leave(self) {
        self.control.cancel();
    }

    fn lead() -> AnyView {
        lead().into_any()
    }

    fn facts() -> AnyView {
        facts().into_any()
    }

    fn others() -> AnyView {
        others().into_any()
    }

    fn work(self) -> AnyView {
        view! {
            <div class="photos">
                <Choose />
                <Results />
            </div>
        }
        .into_any()
    }
}

fn lead() -> impl IntoView {
    view! {
        <h1 tabindex="-1">"How deep are the expressions in your photos?"</h1>
        <p class="lead-text">
            "Choose pictures, any number of them. For each face the page tells how viewers would describe \
             its expression: angry, disgust, fear, happy, sad, surprise or neutral, each with its depth \
             between 0 and 1."
        </p>
    }
}

fn facts() -> impl IntoView {
    view! {
        <h2>"Nothing leaves this device"</h2>
        <p>
            "No picture, no number, no request. Before you choose a picture, the page seals itself: from \
             then on the browser blocks every connection that it could make."
        </p>
        <h2>"People must know"</h2>
        <p>
            "Tell everybody whose face is in a picture that you have its expression read. In the \
             European Union that is a duty (AI Act, Article 50(3)), and the numbers are personal data."
        </p>
    }
}

fn others() -> impl IntoView {
    view! {
        "You have a camera? "
        <a id="camera-link" href="./">"Read your face live instead"</a>
        ". A video? "
        <a id="video-link" href="?activity=video">"Read a video instead"</a>
        "."
    }
}
