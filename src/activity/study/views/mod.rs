//! What the participant sees: one view for each stage of the session.

mod begin;
mod consent;
mod ended;
mod handover;
mod loading;
mod measuring;
mod opening;
mod parts;
mod questions;
mod review;
mod rich_text;
mod showing;

use emotion_study::session::{Outcome, Stage};
use emotion_study::words::begin as words;
use leptos::prelude::*;

use crate::activity::life::Phase;
use crate::activity::study::services::Conductor;
use crate::activity::study::services::opening::Screen;
use crate::activity::study::services::show::Scene;
use crate::activity::study::views::parts::{Eye, StudyHeader};
use crate::ui::parts::{document_language, focus_on_heading};

/// What fills the page now. A change of it moves the focus to the new heading.
#[derive(Debug, Clone, PartialEq)]
enum View {
    /// The engine failed, or the browser lacks something after all.
    Broken,
    Screen(Screen),
    /// The stage with the count of what happened: two of one name may follow each other.
    Stage(Stage, u32),
}

impl View {
    /// The value of `main[data-view]`.
    fn name(&self) -> String {
        match self {
            View::Broken => "study-broken".to_owned(),
            View::Screen(Screen::Opening) => "study-opening".to_owned(),
            View::Screen(Screen::Trouble(_)) => "study-trouble".to_owned(),
            View::Screen(Screen::ChoosePreview) => "study-preview".to_owned(),
            View::Screen(Screen::Resume(_)) => "study-resume".to_owned(),
            View::Screen(Screen::Session) => "study".to_owned(),
            View::Stage(Stage::Ended { outcome }, _) => format!("study-{}", outcome.word()),
            View::Stage(stage, _) => format!("study-{}", stage.name()),
        }
    }
}

fn needs_engine(stage: &Stage) -> bool {
    !matches!(stage, Stage::Questions | Stage::Review { .. } | Stage::Handover { .. } | Stage::Ended { .. })
}

/// The whole page.
#[component]
pub fn Page() -> impl IntoView {
    let conductor = expect_context::<Conductor>();
    let course = conductor.course;
    let view = Memo::new(move |_| match conductor.opening.screen.get() {
        Screen::Session => match conductor.frame.phase.get() {
            // What was recorded can be seen and handed over without an engine.
            Phase::Failed if needs_engine(&course.stage.get()) => View::Broken,
            _ => View::Stage(course.stage.get(), course.turn.get()),
        },
        screen => View::Screen(screen),
    });
    Effect::new(move |before: Option<View>| {
        let view = view.get();
        if before.is_some_and(|before| before != view) {
            focus_on_heading();
        }
        view
    });
    Effect::new(move |_| {
        let words = course.words.get();
        document_language(words.language(), words.direction().word());
        if let Some(study) = words.study() {
            document().set_title(&study.title);
        }
    });
    let showing = move || conductor.show.scene.get() != Scene::Nothing;
    view! {
        <div class="study" class:showing=showing>
            <StudyHeader />
            <main id="main" tabindex="-1" data-view=move || view.get().name()>
                <showing::StageBox />
                <Eye />
                {move || match view.get() {
                    View::Broken => view! { <opening::Broken /> }.into_any(),
                    View::Screen(screen) => view! { <opening::ScreenView screen=screen /> }.into_any(),
                    View::Stage(stage, _) => stage_view(stage),
                }}
            </main>
            <p class="visually-hidden" role="status" aria-live="polite">
                {move || conductor.frame.announcement.get()}
            </p>
            // The notice says it itself.
            <footer class="page-footer" hidden=move || course.stage.get() == Stage::Notice>
                <p>{move || course.words.get().say(&words::NOTICE_FIXED)}</p>
            </footer>
        </div>
    }
}

fn stage_view(stage: Stage) -> AnyView {
    match stage {
        Stage::Notice => view! { <begin::Notice /> }.into_any(),
        Stage::Screening => view! { <questions::Ask screening=true /> }.into_any(),
        Stage::Consent => view! { <consent::Consent /> }.into_any(),
        Stage::Loading => view! { <loading::Load /> }.into_any(),
        Stage::Checks => view! { <measuring::Checks /> }.into_any(),
        Stage::Baseline => view! { <measuring::Baseline /> }.into_any(),
        Stage::Ready => view! { <showing::Ready /> }.into_any(),
        // The stage box shows it.
        Stage::Showing => ().into_any(),
        Stage::Pause => view! { <showing::Pause /> }.into_any(),
        Stage::Questions => view! { <questions::Ask screening=false /> }.into_any(),
        Stage::Review { outcome } => {
            view! { <review::Review failed=outcome == Outcome::Failed /> }.into_any()
        }
        Stage::Handover { .. } => view! { <handover::Handover /> }.into_any(),
        Stage::Ended { outcome } => view! { <ended::Ended outcome=outcome /> }.into_any(),
    }
}
