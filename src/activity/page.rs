//! The page of any activity: header, the one view of the moment, footer.

use activities::Activity as Row;
use leptos::prelude::*;

use crate::activity::frame::Frame;
use crate::activity::life::Phase;
use crate::ui::first_screen::FirstScreen;
use crate::ui::header::{Footer, Header};
use crate::ui::load_progress::LoadProgress;
use crate::ui::message::Message;
use crate::ui::offline::{OfflineBox, UpdateNotice};
use crate::ui::parts::focus_on_heading;
use crate::ui::save_buttons::TableDialect;
use crate::ui::unsaved::UnsavedNotice;
use crate::web::support::Need;

/// What an activity is; the frame does everything else.
pub trait Activity: Copy + Send + Sync + 'static {
    /// Its row of the table.
    const ROW: Row;
    /// What the browser must be able to do.
    const NEEDS: &'static [Need];
    /// What the start button says; of the first screen that activities share.
    const START: &'static str = "";

    /// Whether it reads faces, so that the first screen asks whose they are. One that reads none can start at once.
    const ASKS_USE: bool = true;

    /// Its state and services; nothing starts yet.
    fn new(frame: Frame) -> Self;

    /// The page is sealed and the engine, where there is one, is starting: the work begins, or begins once more after a failure.
    fn enter(self) {}

    /// The work has ended by a failure; the engine is gone.
    fn leave(self) {}

    /// All that the page shows, from header to footer, for an activity that speaks to other people in other words.
    fn own_page(self) -> Option<AnyView> {
        None
    }

    /// What the first screen says: what the activity is, what to know, and what leads to others.
    fn lead() -> AnyView {
        ().into_any()
    }
    fn facts() -> AnyView {
        ().into_any()
    }
    fn others() -> AnyView {
        ().into_any()
    }

    /// What the page is for; shown in [`Phase::Work`].
    fn work(self) -> AnyView {
        ().into_any()
    }

    /// What stands above every view.
    fn above(self) -> AnyView {
        ().into_any()
    }

    /// What stays within reach where the work has failed.
    fn beside_failure(self) -> AnyView {
        ().into_any()
    }

    /// While this holds, nothing leads away from the page.
    fn busy(self) -> Signal<bool> {
        Signal::derive(|| false)
    }

    /// The value of `main[data-view]`.
    fn view_name(self, phase: Phase) -> String {
        let id = Self::ROW.id;
        match phase {
            Phase::First => format!("{id}-welcome"),
            Phase::Loading => format!("{id}-loading"),
            Phase::Work => id.to_owned(),
            Phase::Failed => format!("{id}-failed"),
            Phase::Unsupported => "unsupported".to_owned(),
        }
    }
}

/// Show the page of an activity in the document's body.
pub fn start<A: Activity>() {
    console_error_panic_hook::set_once();
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        document.set_title(A::ROW.title);
    }
    leptos::mount::mount_to_body(page::<A>);
}

fn page<A: Activity>() -> AnyView {
    let frame = Frame::new(A::ROW);
    provide_context(TableDialect::recalled());
    let activity = A::new(frame);
    frame.open(A::NEEDS, A::ASKS_USE, move || activity.enter(), move || activity.leave());
    // The keyboard and screen readers start where the new view starts.
    Effect::new(move |before: Option<Phase>| {
        let phase = frame.phase.get();
        if before.is_some_and(|before| before != phase) {
            focus_on_heading();
        }
        phase
    });
    // Only before the seal: afterwards nothing can be loaded, and nothing that runs is interrupted.
    let update = move || {
        let first = matches!(frame.phase.get(), Phase::First | Phase::Failed) && !frame.sealed.get();
        first.then(|| {
            view! { <UpdateNotice update=frame.offline.update on_take=move || frame.offline.take_update() /> }
        })
    };
    if let Some(own) = activity.own_page() {
        return view! {
            {update}
            {own}
        }
        .into_any();
    }
    view! {
        <Header sealed=frame.sealed activity=A::ROW busy=activity.busy() />
        <main id="main" tabindex="-1" data-view=move || activity.view_name(frame.phase.get())>
            // A participant is told nothing of what somebody else recorded.
            {(A::ROW != activities::CAMERA && !A::ROW.by_fragment).then(|| view! { <UnsavedNotice camera=activities::CAMERA.address() /> })}
            {update}
            {activity.above()}
            {move || match frame.phase.get() {
                Phase::First => first_screen::<A>(frame),
                Phase::Work => activity.work(),
                Phase::Loading => loading(frame),
                Phase::Failed => failed::<A>(frame, activity.beside_failure()),
                Phase::Unsupported => {
                    view! {
                        <Message title="The page cannot run here">
                            <p>{move || frame.fault.get()}</p>
                        </Message>
                    }
                    .into_any()
                }
            }}
        </main>
        <p class="visually-hidden" role="status" aria-live="polite">{move || frame.announcement.get()}</p>
        <Footer />
    }
    .into_any()
}

fn first_screen<A: Activity>(frame: Frame) -> AnyView {
    view! {
        <FirstScreen
            usage=A::ASKS_USE.then_some(frame.usage)
            loading=A::ROW.engine.map(|_| frame.loading)
            start_label=A::START
            lead=A::lead()
            facts=A::facts()
            others=A::others()
            offline=view! {
                <OfflineBox kept=frame.offline.kept on_keep=move || frame.offline.keep_all() />
            }
            .into_any()
            on_choose=move |usage| frame.choose_usage(usage)
            on_start=move || frame.start()
            on_load=move || frame.load()
        />
    }
    .into_any()
}

fn loading(frame: Frame) -> AnyView {
    view! {
        <Message title="One moment">
            <p>"What the page computes with is loaded once, then works on this device alone."</p>
            <LoadProgress loading=frame.loading on_retry=move || frame.load() />
        </Message>
    }
    .into_any()
}

fn failed<A: Activity>(frame: Frame, beside: AnyView) -> AnyView {
    let title = if A::ROW.engine.is_some() { "The reading cannot go on" } else { "The page cannot go on" };
    view! {
        <Message title=title>
            <p role="alert">{move || frame.fault.get()}</p>
            {beside}
            <p class="actions">
                <button id="retry" class="button primary" on:click=move |_| frame.start()>
                    "Start it again"
                </button>
            </p>
        </Message>
    }
    .into_any()
}
