//! Two groups beside each other: the difference with its band, tests with method and settings, segments.

use emotion_panel::Grouping;
use emotion_panel::compare::{Comparison, Question, SegmentTest};
use emotion_panel::export::{difference_chart, group_chart};
use leptos::prelude::*;

use crate::activity::panel::control::Controller;
use crate::activity::panel::curves::Drawn;
use crate::activity::panel::state::State;
use crate::activity::panel::table::{Table, header};
use crate::view::panel::{HEIGHT, words};

#[component]
pub fn Groups() -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    // Places in the overview's lists.
    let grouping = RwSignal::new(0usize);
    let first = RwSignal::new(0usize);
    let second = RwSignal::new(1usize);
    let groupings = Memo::new(move |_| {
        state.overview.with(|overview| overview.as_ref().map(|o| o.groupings.clone()).unwrap_or_default())
    });
    let values = move || {
        groupings.with(|all| all.get(grouping.get()).map(|(_, values)| values.clone()).unwrap_or_default())
    };
    let ask = move || {
        let chosen = groupings.with_untracked(|all| all.get(grouping.get_untracked()).cloned());
        let Some((grouping, values)) = chosen else { return };
        let value =
            |place: RwSignal<usize>| values.get(place.get_untracked()).map(|(value, _)| value.clone());
        if let (Some(first), Some(second)) = (value(first), value(second)) {
            let measures = untrack(|| state.measures());
            let stimulus = state.stimulus.get_untracked();
            control.compare(Question { stimulus, grouping, first, second, measures });
        }
    };
    let choice = move |id: &'static str, label: &'static str, place: RwSignal<usize>| {
        view! {
            <div class="field">
                <label for=id>{label}</label>
                <select
                    id=id
                    on:change=move |event| {
                        if let Ok(at) = event_target_value(&event).parse() {
                            place.set(at);
                        }
                    }
                >
                    {move || {
                        values()
                            .into_iter()
                            .enumerate()
                            .map(|(at, (value, people))| view! {
                                <option value=at.to_string() selected=move || place.get() == at>
                                    {format!("{value} ({people})")}
                                </option>
                            })
                            .collect_view()
                    }}
                </select>
            </div>
        }
    };
    view! {
        <section class="panel" aria-labelledby="groups-title">
            <h2 id="groups-title">"Groups"</h2>
            <Show
                when=move || groupings.with(|all| !all.is_empty())
                fallback=|| view! { <p class="hint">"There are no groups: neither in the links, nor by an answer, nor in a table of attributes."</p> }
            >
                <div class="settings-grid">
                    <div class="field">
                        <label for="grouping">"Groups by"</label>
                        <select
                            id="grouping"
                            on:change=move |event| {
                                if let Ok(at) = event_target_value(&event).parse() {
                                    grouping.set(at);
                                    first.set(0);
                                    second.set(1);
                                }
                            }
                        >
                            {move || {
                                groupings
                                    .get()
                                    .into_iter()
                                    .enumerate()
                                    .map(|(at, (of, _)): (usize, (Grouping, _))| view! {
                                        <option value=at.to_string() selected=move || grouping.get() == at>{words::grouping(&of)}</option>
                                    })
                                    .collect_view()
                            }}
                        </select>
                    </div>
                    {choice("first-group", "First group", first)}
                    {choice("second-group", "Second group", second)}
                </div>
                <p class="actions">
                    <button id="compare" class="button small" on:click=move |_| ask()>"Compare in the shown stimulus and curves"</button>
                </p>
                {move || {
                    let problem = state.compare_problem.get();
                    (!problem.is_empty()).then(|| view! { <p class="fault" role="alert">{problem}</p> })
                }}
                {move || state.comparison.get().map(|comparison| view! { <Compared comparison /> })}
            </Show>
        </section>
    }
}

#[component]
fn Compared(comparison: Comparison) -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    let Comparison { question, people, may_test, measures, segments } = comparison;
    let names = [question.first.clone(), question.second.clone()];
    let stimulus = question.stimulus.clone();
    let measure_names: Vec<String> =
        question.measures.iter().map(|measure| measure.name().to_owned()).collect();
    let charts = measures
        .into_iter()
        .enumerate()
        .map(|(place, of)| {
            let (names, stimulus) = (names.clone(), stimulus.clone());
            let (curves, own_names, own_stimulus) = (of.clone(), names.clone(), stimulus.clone());
            let difference = move |width: f64| {
                state.tested.with(|tested| {
                    let tested = tested.as_ref().map(|tested| (tested, place));
                    Some(difference_chart(&of, [&names[0], &names[1]], &stimulus, tested, (width, HEIGHT)))
                })
            };
            let both = move |width: f64| {
                Some(group_chart(&curves, [&own_names[0], &own_names[1]], &own_stimulus, (width, HEIGHT)))
            };
            view! {
                <Drawn id="" chart=both />
                <Drawn id="" chart=difference />
            }
        })
        .collect_view();
    let sentence = format!("{}: {} people; {}: {} people.", names[0], people[0], names[1], people[1]);
    view! {
        <p id="compared">{sentence}</p>
        {charts}
        <p class="hint">
            "Above the mean curves of both groups (the second dashed), below their difference: darker the 95 % interval of a second \
             (Welch), lighter the band of the whole difference (bootstrap-t). A bar at the foot is a cluster with p below 0.05."
        </p>
        {(!may_test)
            .then(|| view! { <p id="no-test">"** No test: each group needs 30 usable people."</p> })}
        {may_test
            .then(|| view! {
                <p class="actions">
                    <button
                        id="test"
                        class="button small"
                        disabled=move || state.testing.with(Option::is_some)
                        on:click=move |_| control.test()
                    >
                        "Test the difference"
                    </button>
                    <Show when=move || state.testing.with(Option::is_some)>
                        <label class="visually-hidden" for="test-progress">"Permutations"</label>
                        <progress
                            id="test-progress"
                            max="1"
                            value=move || state.testing.with(|p| p.as_ref().map_or_else(String::new, |p| {
                                format!("{:.3}", p.done as f64 / p.total.max(1) as f64)
                            }))
                        ></progress>
                        <button id="stop-test" class="button small" on:click=move |_| control.stop_test()>"Stop"</button>
                    </Show>
                </p>
            })}
        {move || {
            state.tested.with(|tested| {
                let seed = state.settings.with_untracked(|settings| settings.seed);
                tested.as_ref().map(|tested| {
                    let lines = words::tested(tested, &measure_names, seed);
                    view! {
                        <ul id="tested" class="notes">
                            {lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
                        </ul>
                    }
                })
            })
        }}
        {(!segments.is_empty()).then(|| view! { <Segments segments /> })}
    }
}

#[component]
fn Segments(segments: Vec<SegmentTest>) -> impl IntoView {
    let rows = segments.iter().map(words::segment_test).collect();
    view! {
        <Table
            id="segment-tests"
            caption="Planned tests of the segments: Welch's t, p corrected by Holm for all of them".to_owned()
            header=header(&words::SEGMENT_HEADER)
            rows
        />
    }
}
