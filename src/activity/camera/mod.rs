//! The camera activity: Leptos components that read signals, fed by one controller.
//!
//! camera -> frames -> worker -> reading -> smoothing and baseline -> [`state::State`] -> components.

mod control;
mod corrected;
mod faces;
mod gauges;
mod live;
mod notices;
mod picture;
mod quality;
mod recording;
mod recovery;
mod settings;
mod speed;
mod state;
mod timeline;
mod toolbar;
mod welcome;

use leptos::prelude::*;

use crate::activity::Activity;
use crate::activity::camera::control::Controller;
use crate::activity::camera::live::Live;
use crate::activity::camera::notices::{KeptRecording, Notice};
use crate::activity::camera::recovery::{KeptRecordings, RecoveryBanner};
use crate::activity::camera::state::State;
use crate::activity::frame::Frame;
use crate::activity::life::Phase;
use crate::ui::parts::focus_on_heading;
use crate::view::camera::views::View;
use crate::web::support::Need;

/// The camera activity.
#[derive(Clone, Copy)]
pub struct Camera {
    state: State,
    control: Controller,
}

impl Activity for Camera {
    const ROW: activities::Activity = activities::CAMERA;
    const NEEDS: &'static [Need] = &[Need::Engine, Need::VideoPictures, Need::Storage, Need::Camera];
    const START: &'static str = "Start the camera";

    fn new(frame: Frame) -> Self {
        let state = State::new(frame);
        let control = Controller::new(frame, state);
        provide_context(state);
        provide_context(control);
        control.begin();
        follow_views(state);
        Self { state, control }
    }

    fn enter(self) {
        self.control.enter();
    }

    fn leave(self) {
        self.control.leave();
    }

    fn lead() -> AnyView {
        welcome::lead().into_any()
    }

    fn facts() -> AnyView {
        welcome::facts().into_any()
    }

    fn others() -> AnyView {
        welcome::others().into_any()
    }

    fn work(self) -> AnyView {
        let state = self.state;
        // Asking stays mounted behind the question, so that the video element is there when the camera is.
        let live =
            Memo::new(move |_| state.working.get() == View::Asking || state.working.get().shows_picture());
        view! {
            <Show when=move || live.get()><Live /></Show>
            {move || view! { <Notice view=state.working.get() /> }}
        }
        .into_any()
    }

    fn above(self) -> AnyView {
        view! {
            <RecoveryBanner />
            <KeptRecordings />
        }
        .into_any()
    }

    fn beside_failure(self) -> AnyView {
        view! { <KeptRecording /> }.into_any()
    }

    fn busy(self) -> Signal<bool> {
        let state = self.state;
        Signal::derive(move || state.recording.with(|recording| recording.running))
    }

    fn view_name(self, _: Phase) -> String {
        self.state.view.get().name().to_owned()
    }
}

/// Within the work: move the focus to the new view's heading, and announce what a screen reader cannot see.
fn follow_views(state: State) {
    Effect::new(move |before: Option<View>| {
        let view = state.view.get();
        if let Some(before) = before
            && before != view
            && view == state.working.get_untracked()
            && !(before.shows_picture() && view.shows_picture() && view != View::Unplugged)
        {
            focus_on_heading();
        }
        if let Some(words) = view.announcement() {
            state.announcement.set(words.to_owned());
        }
        view
    });
}
