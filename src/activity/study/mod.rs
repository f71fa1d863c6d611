//! The study activity: a participant's way from the link to the hand-over.
//!
//! The session itself is a machine in the crate `emotion-study`; [`services`] tell it what happens, [`views`] show its stages. The
//! page speaks the study's language, so it has a header and a footer of its own.

mod services;
mod views;

use leptos::prelude::*;

use crate::activity::Activity;
use crate::activity::frame::Frame;
use crate::activity::study::services::Conductor;
use crate::web::support::Need;

/// The study activity.
#[derive(Clone, Copy)]
pub struct TakePart {
    conductor: Conductor,
}

impl Activity for TakePart {
    const ROW: activities::Activity = activities::STUDY;
    const ASKS_USE: bool = false;
    const NEEDS: &'static [Need] = &[Need::Engine, Need::VideoPictures, Need::Camera];

    fn new(frame: Frame) -> Self {
        let conductor = Conductor::new(frame);
        provide_context(conductor);
        conductor.begin(Self::NEEDS);
        Self { conductor }
    }

    fn enter(self) {
        self.conductor.files.sealed();
    }

    fn own_page(self) -> Option<AnyView> {
        Some(view! { <views::Page /> }.into_any())
    }
}
