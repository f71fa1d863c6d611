//! The quality rule, and what it leaves out.

use leptos::prelude::*;

use crate::activity::panel::control::Controller;
use crate::activity::panel::state::State;
use crate::activity::panel::table::{Table, header};
use crate::view::panel::words;
use emotion_panel::chart::clock;
use emotion_panel::{Rule, Settings};

/// A number field of the rule, in per cent.
#[component]
fn Percent(
    id: &'static str,
    label: &'static str,
    of: fn(&Rule) -> f64,
    set: fn(&mut Rule, f64),
) -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                id=id
                type="number"
                min="0"
                max="100"
                step="5"
                prop:value=move || format!("{:.0}", state.settings.with(|settings| of(&settings.rule)) * 100.0)
                on:change=move |event| {
                    let number = event_target_value(&event).parse::<f64>().ok();
                    if let Some(number) = number.filter(|number| (0.0..=100.0).contains(number)) {
                        control.set(move |settings| set(&mut settings.rule, number / 100.0));
                    }
                }
            />
        </div>
    }
}

/// A yes or no of the settings.
#[component]
pub fn Tick(
    id: &'static str,
    label: &'static str,
    of: fn(&Settings) -> bool,
    set: fn(&mut Settings, bool),
) -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    view! {
        <label class="tick" for=id>
            <input
                id=id
                type="checkbox"
                prop:checked=move || state.settings.with(of)
                on:change=move |event| {
                    let checked = event_target_checked(&event);
                    control.set(move |settings| set(settings, checked));
                }
            />
            {label}
        </label>
    }
}

#[component]
pub fn RuleOfQuality() -> impl IntoView {
    let state = expect_context::<State>();
    let rows = move || {
        state.overview.with(|overview| {
            let stimuli = overview.as_ref().map(|overview| overview.stimuli.clone()).unwrap_or_default();
            stimuli
                .into_iter()
                .map(|row| {
                    let reasons: Vec<String> = row
                        .excluded
                        .iter()
                        .map(|(code, count)| format!("{}: {count}", words::exclusion(code)))
                        .collect();
                    vec![
                        row.id,
                        clock(f64::from(row.duration_ms) / 1_000.0),
                        row.shown.to_string(),
                        row.usable.to_string(),
                        reasons.join(", "),
                    ]
                })
                .collect::<Vec<_>>()
        })
    };
    view! {
        <section class="panel" aria-labelledby="rule-title">
            <h2 id="rule-title">"Who counts"</h2>
            <div class="settings-grid">
                <Percent id="least-usable" label="Usable seconds, at least (%)" of=|rule| rule.least_usable_share set=|rule, share| rule.least_usable_share = share />
                <Percent id="least-quality" label="Quality of a reading, at least (%)" of=|rule| rule.least_quality set=|rule, share| rule.least_quality = share />
                <Percent id="most-others" label="Seconds with another face, at most (%)" of=|rule| rule.most_other_faces set=|rule, share| rule.most_other_faces = share />
            </div>
            <div class="ticks-list">
                <Tick id="no-interrupted" label="Leave interrupted showings out" of=|s| s.rule.leave_out_interrupted set=|s, on| s.rule.leave_out_interrupted = on />
                <Tick id="incomplete" label="Also use sessions that did not come to their end" of=|s| !s.rule.only_complete set=|s, on| s.rule.only_complete = !on />
            </div>
            <p class="hint" id="rule">{move || state.settings.with(|settings| settings.rule.sentence())}</p>
            {move || view! {
                <Table
                    id="stimuli"
                    caption="Stimuli, and who is usable".to_owned()
                    header=header(&["stimulus", "length", "people", "usable", "left out"])
                    rows=rows()
                />
            }}
        </section>
    }
}
