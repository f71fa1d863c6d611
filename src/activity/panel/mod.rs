//! The panel activity: result files to curves. The numbers are made in a worker without networks; no face is read.

mod choose;
mod comparing;
mod control;
mod curves;
mod files;
mod groups;
mod numbers;
mod player;
mod questions;
mod rule;
mod saving;
mod state;
mod table;

use leptos::prelude::*;

use crate::activity::Activity;
use crate::activity::frame::Frame;
use crate::activity::panel::choose::Choose;
use crate::activity::panel::control::Controller;
use crate::activity::panel::curves::CurvesOfStimulus;
use crate::activity::panel::files::Files;
use crate::activity::panel::groups::Groups;
use crate::activity::panel::questions::{Answers, Planner};
use crate::activity::panel::rule::RuleOfQuality;
use crate::activity::panel::saving::Saving;
use crate::activity::panel::state::State;
use crate::web::support::Need;

/// The panel activity.
#[derive(Clone, Copy)]
pub struct PanelPage {
    control: Controller,
}

impl Activity for PanelPage {
    const ROW: activities::Activity = activities::PANEL;
    const NEEDS: &'static [Need] = &[Need::Engine];
    const START: &'static str = "Go on to the files";
    const ASKS_USE: bool = false;

    fn new(frame: Frame) -> Self {
        let state = State::new(frame);
        let control = Controller::new(frame, state);
        provide_context(state);
        provide_context(control);
        Self { control }
    }

    fn leave(self) {
        self.control.cancel();
    }

    fn lead() -> AnyView {
        view! {
            <h1 tabindex="-1">"How did the panel's expressions go?"</h1>
            <p class="lead-text">
                "Drop the result files of a study. The page puts them together and draws, beside the stimulus, how viewers would \
                 describe the expressions of all people, second by second, with how sure that is."
            </p>
        }
        .into_any()
    }

    fn facts() -> AnyView {
        view! {
            <h2>"Nothing leaves this device"</h2>
            <p>
                "No file, no number, no request. Before you choose files, the page seals itself: from then on the browser blocks \
                 every connection that it could make."
            </p>
            <h2>"People, not a person"</h2>
            <p>
                "Charts and reports show groups of five people or more. Tables that you save hold single people under their \
                 codes: keep them as you promised in the consent."
            </p>
        }
        .into_any()
    }

    fn others() -> AnyView {
        view! {
            "One face? "
            <a id="camera-link" href="./">"Read it live instead"</a>
            "."
        }
        .into_any()
    }

    fn work(self) -> AnyView {
        let state = expect_context::<State>();
        let some = Memo::new(move |_| state.overview.with(Option::is_some));
        let merged = Memo::new(move |_| state.overview.with(|o| o.as_ref().is_some_and(|o| o.merged > 0)));
        view! {
            <div class="photos panel-page">
                <Choose />
                <Show when=move || some.get()>
                    <Files />
                </Show>
                <Show when=move || merged.get()>
                    <RuleOfQuality />
                    <CurvesOfStimulus />
                    <Groups />
                    <Answers />
                    <Planner />
                    <Saving />
                </Show>
            </div>
        }
        .into_any()
    }
}
