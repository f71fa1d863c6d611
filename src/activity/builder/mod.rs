//! The builder: forms that make a study, its media read from the disk, and one ZIP for a host. It reads no face and
//! has no engine, and is sealed before a file is chosen.

mod consent;
mod control;
mod details;
mod drag;
mod fields;
mod handover;
mod lists;
mod parts;
mod questions;
mod save;
mod segments;
mod shown;
mod state;
mod stimulus;

use leptos::prelude::*;

use crate::activity::Activity;
use crate::activity::builder::control::Controller;
use crate::activity::builder::parts::Form;
use crate::activity::builder::state::State;
use crate::activity::frame::Frame;
use crate::web::support::Need;

/// The builder.
#[derive(Clone, Copy)]
pub struct Builder;

impl Activity for Builder {
    const ROW: activities::Activity = activities::BUILDER;
    const NEEDS: &'static [Need] = &[];
    const START: &'static str = "Go on to the study";
    const ASKS_USE: bool = false;

    fn new(frame: Frame) -> Self {
        let state = State::new(frame);
        provide_context(state);
        provide_context(Controller::new(state));
        Self
    }

    fn lead() -> AnyView {
        view! {
            <h1 tabindex="-1">"Make a study from your videos"</h1>
            <p class="lead-text">
                "Choose videos and images, say in which order they are shown, what is asked and what participants \
                 agree to. You get one ZIP file: a folder for any web host, and a list of links, one for each \
                 participant."
            </p>
        }
        .into_any()
    }

    fn facts() -> AnyView {
        view! {
            <h2>"Nothing leaves this device"</h2>
            <p>
                "The page does not upload your videos. Before you choose a file, it seals itself: from then on the \
                 browser blocks every connection that it could make. The ZIP is written to your own disk."
            </p>
            <h2>"Before you begin"</h2>
            <p>
                "You need a web host for a folder with plain files. The camera of your participants is read on their \
                 own devices, and they hand a small file with numbers over to you, no picture."
            </p>
            <p>
                "A study may be for market research, media research, usability, science or a demonstration. Studies \
                 of people at work, of applicants, pupils and students are refused: the European Union forbids them \
                 (AI Act, Article 5)."
            </p>
        }
        .into_any()
    }

    fn others() -> AnyView {
        view! { "You need no account, and you can go on later: the ZIP can be opened here again." }.into_any()
    }

    fn work(self) -> AnyView {
        view! { <Form /> }.into_any()
    }
}
