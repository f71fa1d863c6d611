//! What most studies leave as it is: checks, rest before the beginning, interruptions, own words.

use emotion_study::words::all;
use leptos::prelude::*;

use crate::activity::builder::fields::{As, Check, Choose, Faults, Input, words};
use crate::activity::builder::state::State;

const INTERRUPTS: &[(&str, &str)] = &[
    ("skip", "It counts as interrupted, and the next one follows"),
    ("repeat", "It is shown once more from its begin, at most twice"),
    ("end", "The study ends; what was recorded can be handed over"),
];

#[component]
pub fn Details() -> impl IntoView {
    view! {
        <p class="hint">"You can leave all of this as it is: an empty field has the value that stands below it."</p>
        <Faults path="baseline" />
        <Faults path="checks" />
        <div class="pair">
            <Input
                path="baseline.seconds"
                label="Face at rest before the first one, in seconds"
                shown=As::Number
                hint="Left empty: 5."
            />
            <Input
                path="baseline.before_each_ms"
                label="Rest before each one, in seconds"
                shown=As::Seconds
                hint="Left empty: 0."
            />
            <Input
                path="sample_rate_hz"
                label="Readings a second that are kept"
                shown=As::Number
                hint="Left empty: 10."
            />
            <Input
                path="checks.min_fps"
                label="Pictures a second that the camera must give"
                shown=As::Number
                hint="Left empty: 10."
            />
            <Input
                path="checks.min_quality"
                label="Quality that readings must have, 0 to 1"
                shown=As::Number
                hint="Left empty: 0.5."
            />
            <Input
                path="resume_max_age_h"
                label="Hours in which a broken-off study can be continued"
                shown=As::Number
                hint="Left empty: 24. 0 is never."
            />
            <Input
                path="order.seed"
                label="Number that draws are made from"
                shown=As::Number
                hint="Left empty: 0. Another number gives other draws."
            />
        </div>
        <Choose path="on_interrupt" label="When a showing is interrupted" words=words(INTERRUPTS) otherwise="skip" />
        <Check path="checks.sound" label="Sound check: the participant types how many tones are heard" />
        <OwnWords />
    }
}

/// Other words for texts of the participant's views.
#[component]
fn OwnWords() -> impl IntoView {
    let state = expect_context::<State>();
    let tick = RwSignal::new(0_u32);
    let chosen = RwSignal::new(String::new());
    let fixed = |key: &str| key.starts_with("notice.fixed");
    view! {
        <details class="end" open=state.draft.with_untracked(|draft| !draft.own_words().is_empty())>
            <summary>"Own words for the participant's views"</summary>
            <p class="hint">
                "Names in braces are filled in by the page; you may leave them out. The notice about the AI system \
                 cannot be changed."
            </p>
            <Faults path="texts" />
            <div class="own-words">
                {move || {
                    tick.track();
                    let words = state.draft.with_untracked(|draft| draft.own_words());
                    words
                        .into_iter()
                        .map(|(key, text)| {
                            let id = format!("own-{}", key.replace('.', "-"));
                            let english = all().find(|phrase| phrase.key == key).map(|phrase| phrase.texts[0]);
                            let (typed, away) = (key.clone(), key.clone());
                            view! {
                                <div class="field">
                                    <label for=id.clone()>{key.clone()}</label>
                                    <textarea
                                        id=id
                                        rows="2"
                                        prop:value=text
                                        on:input=move |event| {
                                            let text = event_target_value(&event);
                                            state.change(|draft| draft.set_own_words(&typed, Some(&text)));
                                        }
                                        on:change=move |_| state.touch("texts")
                                    ></textarea>
                                    <p class="hint">{english.map(|text| format!("In English: {text}"))}</p>
                                    <button
                                        type="button"
                                        class="button small quiet"
                                        aria-label=format!("Remove: {key}")
                                        on:click=move |_| {
                                            state.change(|draft| draft.set_own_words(&away, None));
                                            tick.update(|count| *count += 1);
                                        }
                                    >
                                        "Remove"
                                    </button>
                                </div>
                            }
                        })
                        .collect_view()
                }}
            </div>
            <div class="pair">
                <div class="field">
                    <label for="own-key">"Text to change"</label>
                    <select id="own-key" on:change=move |event| chosen.set(event_target_value(&event))>
                        <option value="">"Please choose"</option>
                        {all()
                            .filter(|phrase| !fixed(phrase.key))
                            .map(|phrase| {
                                let short: String = phrase.texts[0].chars().take(50).collect();
                                view! { <option value=phrase.key>{format!("{}: {short}", phrase.key)}</option> }
                            })
                            .collect_view()}
                    </select>
                </div>
                <button
                    type="button"
                    class="button small"
                    id="add-own"
                    disabled=move || chosen.with(String::is_empty)
                    on:click=move |_| {
                        let key = chosen.get_untracked();
                        let text = all().find(|phrase| phrase.key == key).map(|phrase| phrase.texts[0]);
                        state.change(|draft| draft.set_own_words(&key, text));
                        tick.update(|count| *count += 1);
                    }
                >
                    "Write other words"
                </button>
            </div>
        </details>
    }
}
