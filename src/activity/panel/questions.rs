//! The answers of the panel, and the planner of the next one.

use emotion_panel::desk::{Answer, Ask};
use emotion_stats::{Comparison, Measure, PlanQuestion};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::activity::panel::control::Controller;
use crate::activity::panel::state::State;
use crate::activity::panel::table::{Table, header};
use crate::view::panel::words;

#[component]
pub fn Answers() -> impl IntoView {
    let state = expect_context::<State>();
    let tables = move || {
        state
            .answers
            .get()
            .into_iter()
            .map(|one| {
                let rows: Vec<Vec<String>> = one
                    .counts
                    .iter()
                    .map(|(answer, count)| {
                        let share = count.map(|count| count as f64 / one.people.max(1) as f64);
                        let count = count.map_or_else(|| "hidden".to_owned(), |count| count.to_string());
                        vec![answer.clone(), count, words::percent(share)]
                    })
                    .collect();
                let mean = one.mean.map_or_else(String::new, |mean| format!(", mean {mean:.2}"));
                let caption = format!("{}: {} ({} people{mean})", one.question, one.prompt, one.people);
                view! { <Table id="" caption header=header(&["answer", "people", "share"]) rows /> }
            })
            .collect_view()
    };
    view! {
        <Show when=move || state.answers.with(|answers| !answers.is_empty())>
            <section class="panel" aria-labelledby="answers-title">
                <h2 id="answers-title">"Answers"</h2>
                <div id="answers" class="answer-tables">{tables}</div>
                <p class="hint">
                    "Curves by answer: choose the question under Groups. Answers of fewer than five people are hidden."
                </p>
            </section>
        </Show>
    }
}

/// "To see a difference of 0.05 with 80 %: so many people per group."
#[component]
pub fn Planner() -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    let difference = RwSignal::new(0.05);
    let power = RwSignal::new(80.0);
    let measure = RwSignal::new(Measure::Happy.index());
    let answer = RwSignal::new(String::new());
    let plan = move || {
        let Some(sd) =
            state.spreads.with_untracked(|all| all.get(measure.get_untracked()).copied().flatten())
        else {
            answer.set(
                "The spread between people is not known for this stimulus: too few are usable.".to_owned(),
            );
            return;
        };
        let question = PlanQuestion {
            comparison: Comparison::TwoGroups,
            difference: difference.get_untracked(),
            sd,
            level: 0.05,
            power: power.get_untracked() / 100.0,
            usable_share: 0.8,
        };
        spawn_local(async move {
            match control.ask(&Ask::Plan { question }, None).await {
                Some((Answer::Plan(plan), _)) => answer.set(format!(
                    "{} usable people in each group, so recruit {} each (8 of 10 are usable). The spread between people of this \
                     panel is {sd:.3}. This holds for one number per person, such as a segment.",
                    plan.people, plan.recruit
                )),
                Some((Answer::Fault(sentence), _)) => answer.set(sentence),
                _ => {}
            }
        });
    };
    let number = move |id: &'static str, label: &'static str, value: RwSignal<f64>, step: &'static str| {
        view! {
            <div class="field">
                <label for=id>{label}</label>
                <input
                    id=id
                    type="number"
                    step=step
                    prop:value=move || value.get().to_string()
                    on:change=move |event| {
                        if let Ok(number) = event_target_value(&event).parse() {
                            value.set(number);
                        }
                    }
                />
            </div>
        }
    };
    view! {
        <section class="panel" aria-labelledby="plan-title">
            <h2 id="plan-title">"Plan the next study"</h2>
            <div class="settings-grid">
                {number("plan-difference", "To see a difference of", difference, "0.01")}
                {number("plan-power", "with a chance of (%)", power, "5")}
                <div class="field">
                    <label for="plan-measure">"in"</label>
                    <select
                        id="plan-measure"
                        on:change=move |event| {
                            if let Ok(at) = event_target_value(&event).parse() {
                                measure.set(at);
                            }
                        }
                    >
                        {Measure::ALL
                            .map(|of| view! {
                                <option value=of.index().to_string() selected=move || measure.get() == of.index()>{of.name()}</option>
                            })
                            .collect_view()}
                    </select>
                </div>
            </div>
            <p class="actions"><button id="plan" class="button small" on:click=move |_| plan()>"How many people?"</button></p>
            <p id="plan-answer" role="status">{move || answer.get()}</p>
        </section>
    }
}
