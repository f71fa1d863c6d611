//! The first screen of every activity: what it is, what to know, the choice of use, and the start.

use leptos::prelude::*;

use crate::ui::load_progress::LoadProgress;
use crate::ui::uses::UseChoice;
use crate::view::loading::Loading;
use crate::view::usage::Usage;

/// `lead` and `facts` say what the activity is and what to know, `others` leads to other activities, `offline` says
/// what is kept. `usage` is `None` where
/// no face is read, `loading` where there is nothing to load.
#[component]
pub fn FirstScreen(
    usage: Option<RwSignal<Option<Usage>>>,
    loading: Option<RwSignal<Loading>>,
    start_label: &'static str,
    lead: AnyView,
    facts: AnyView,
    others: AnyView,
    offline: AnyView,
    on_choose: impl Fn(Usage) + Copy + 'static,
    on_start: impl Fn() + Copy + 'static,
    on_load: impl Fn() + Copy + Send + 'static,
) -> impl IntoView {
    let chosen = move || usage.is_none_or(|usage| usage.get().is_some());
    let allowed = move || usage.is_none_or(|usage| usage.get().is_some_and(Usage::allowed));
    view! {
        <div class="welcome">
            <div class="welcome-text">
                <section class="lead">{lead}</section>
                <section class="welcome-facts" aria-label="What to know">{facts}</section>
            </div>
            <section class="welcome-start" aria-label="Start">
                {usage.map(|usage| view! { <UseChoice usage=usage on_choose=on_choose /> })}
                <button
                    id="start"
                    class="button primary large"
                    disabled=move || !allowed()
                    on:click=move |_| on_start()
                >
                    {start_label}
                </button>
                <p class="hint" hidden=chosen>"Choose a use first."</p>
                {loading.map(|loading| view! { <LoadProgress loading=loading on_retry=on_load /> })}
                {offline}
                <p class="other-activity">{others}</p>
            </section>
        </div>
    }
}
