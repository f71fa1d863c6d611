//! The camera activity: Leptos components that read signals, fed by three services.
//!
//! camera -> frames -> worker -> reading -> smoothing and baseline -> [`services`] -> components.

mod corrected;
mod faces;
mod gauges;
mod live;
mod notices;
mod picture;
mod quality;
mod recording;
mod recovery;
mod services;
mod settings;
mod speed;
mod timeline;
mod toolbar;
mod welcome;

use leptos::prelude::*;

use crate::activity::Activity;
use crate::activity::camera::live::Live;
use crate::activity::camera::notices::{KeptRecording, Notice};
use crate::activity::camera::recovery::{KeptRecordings, RecoveryBanner};
use crate::activity::camera::services::camera::CameraService;
use crate::activity::camera::services::reader::Reader;
use crate::activity::camera::services::recorder::Recorder;
use crate::activity::camera::services::work::Work;
use crate::activity::frame::Frame;
use crate::activity::life::Phase;
use crate::ui::kept_studies::KeptStudies;
use crate::ui::parts::focus_on_heading;
use crate::view::camera::views::View;
use crate::web::support::Need;

/// The camera activity.
#[derive(Clone, Copy)]
pub struct Camera {
    recorder: Recorder,
    work: Work,
}

impl Activity for Camera {
    const ROW: activities::Activity = activities::CAMERA;
    const NEEDS: &'static [Need] = &[Need::Engine, Need::VideoPictures, Need::Storage, Need::Camera];
    const START: &'static str = "Start the camera";

    fn new(frame: Frame) -> Self {
        let camera = CameraService::new();
        let reader = Reader::new(frame);
        let recorder = Recorder::new(frame.announcement);
        let work = Work::new(frame, camera, reader, recorder);
        provide_context(camera);
        provide_context(reader);
        provide_context(recorder);
        provide_context(work);
        work.begin();
        follow_views(work, frame);
        Self { recorder, work }
    }

    fn enter(self) {
        self.work.enter();
    }

    fn leave(self) {
        self.work.leave();
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
        let work = self.work;
        // Asking stays mounted behind the question, so that the video element is there when the camera is.
        let live =
            Memo::new(move |_| work.working.get() == View::Asking || work.working.get().shows_picture());
        view! {
            <Show when=move || live.get()><Live /></Show>
            {move || view! { <Notice view=work.working.get() /> }}
        }
        .into_any()
    }

    fn above(self) -> AnyView {
        view! {
            <RecoveryBanner />
            <KeptRecordings />
            <KeptStudies />
        }
        .into_any()
    }

    fn beside_failure(self) -> AnyView {
        view! { <KeptRecording /> }.into_any()
    }

    fn busy(self) -> Signal<bool> {
        let recorder = self.recorder;
        Signal::derive(move || recorder.recording.with(|recording| recording.running))
    }

    fn view_name(self, _: Phase) -> String {
        self.work.view.get().name().to_owned()
    }
}

/// Within the work: move the focus to the new view's heading, and announce what a screen reader cannot see.
fn follow_views(work: Work, frame: Frame) {
    Effect::new(move |before: Option<View>| {
        let view = work.view.get();
        if let Some(before) = before
            && before != view
            && view == work.working.get_untracked()
            && !(before.shows_picture() && view.shows_picture() && view != View::Unplugged)
        {
            focus_on_heading();
        }
        if let Some(words) = view.announcement() {
            frame.announcement.set(words.to_owned());
        }
        view
    });
}
