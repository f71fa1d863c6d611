//! The video activity: a page load of its own, with the camera's engine; the browser decodes the file.

mod chart;
mod choose;
mod control;
mod outlines;
mod overview;
mod player;
mod results;
mod saving;
mod shelf;
mod state;
mod summary;

use leptos::prelude::*;

use crate::activity::Activity;
use crate::activity::frame::Frame;
use crate::activity::video::choose::Choose;
use crate::activity::video::control::Controller;
use crate::activity::video::results::Results;
use crate::activity::video::state::State;
use crate::web::support::Need;

/// The video activity.
#[derive(Clone, Copy)]
pub struct Video {
    control: Controller,
}

impl Activity for Video {
    const ROW: activities::Activity = activities::VIDEO;
    const NEEDS: &'static [Need] = &[Need::Engine, Need::VideoPictures];
    const START: &'static str = "Go on to the video";

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
            <div class="photos video">
                <Choose />
                <Results />
            </div>
        }
        .into_any()
    }
}

fn lead() -> impl IntoView {
    view! {
        <h1 tabindex="-1">"How do the expressions in your video change?"</h1>
        <p class="lead-text">
            "Choose a video. The page goes through it, usually faster than it plays, and draws how viewers would describe the \
             expression at each moment: angry, disgust, fear, happy, sad, surprise or neutral, each with its depth \
             between 0 and 1."
        </p>
    }
}

fn facts() -> impl IntoView {
    view! {
        <h2>"Nothing leaves this device"</h2>
        <p>
            "No picture, no number, no request. Before you choose a video, the page seals itself: from then on the browser \
             blocks every connection that it could make. The file is read from your disk and is not copied."
        </p>
        <h2>"People must know"</h2>
        <p>
            "Tell everybody whose face is in the video that you have its expression read. In the European Union that is a \
             duty (AI Act, Article 50(3)), and the numbers are personal data."
        </p>
    }
}

fn others() -> impl IntoView {
    view! {
        "You have a camera? "
        <a id="camera-link" href="./">"Read your face live instead"</a>
        ". Pictures? "
        <a id="photos-link" href="?activity=photos">"Read photos instead"</a>
        "."
    }
}
