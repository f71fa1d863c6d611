//! The links, what is still open, and the ZIP.

use activities::ACTIVITIES;
use emotion_study::link::Target;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::activity::builder::control::{Controller, OPEN_POINTS_ID};
use crate::activity::builder::fields::id_of;
use crate::activity::builder::parts::SAVE_ID;
use crate::activity::builder::state::State;
use crate::ui::kept::SavedLine;
use crate::ui::parts::focus;
use crate::view::builder::{LinkPlan, Participants, words as say};

/// So many links are shown.
const SHOWN_LINKS: usize = 3;

#[component]
pub fn Save() -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    view! {
        <section class="panel part" aria-labelledby=SAVE_ID>
            <h2 id=SAVE_ID tabindex="-1">"Links and saving"</h2>
            <Plan />
            <Links />
            <OpenPoints />
            <div class="save-buttons">
                <button type="button" id="save-study" class="button primary" on:click=move |_| control.save()>
                    "Save the study as ZIP"
                </button>
                <button type="button" id="save-draft" class="button" on:click=move |_| control.save_draft()>
                    "Save a draft"
                </button>
                <button type="button" id="save-links" class="button" on:click=move |_| control.save_links()>
                    "Save the links as CSV"
                </button>
            </div>
            <SavedLine kept=state.kept />
            // Told aloud at the head of the page; shown here, where the buttons are.
            <p class="fault" aria-hidden="true">{move || state.kept.problem.get()}</p>
            <p class="hint">
                "The ZIP holds the folder for your host, a folder with the links that stays with you, and a page of \
                 instructions. A draft holds what there is, to go on later; it cannot be shown to participants."
            </p>
            <Preview />
        </section>
    }
}

/// How the study is tried before it goes out.
#[component]
fn Preview() -> impl IntoView {
    // A page without that activity has no such link.
    ACTIVITIES.iter().any(|activity| activity.id == "study").then(|| {
        view! {
            <p class="hint">
                "Try it as a participant would: save the ZIP, then "
                <a id="preview-link" href="./#study=preview" target="_blank" rel="noopener">"open the preview"</a>
                " and choose the ZIP there. The preview is a page of its own, because this one is sealed."
            </p>
        }
    })
}

/// Where the study will lie, and who takes part.
#[component]
fn Plan() -> impl IntoView {
    let state = expect_context::<State>();
    let plan = state.plan;
    let numbered =
        Memo::new(move |_| plan.with(|plan| matches!(plan.participants, Participants::Numbered { .. })));
    let start = plan.get_untracked();
    let (prefix, count) = match start.participants {
        Participants::Numbered { prefix, count } => (prefix, count),
        Participants::Pasted(_) => (String::new(), String::new()),
    };
    let (prefix, count) = (RwSignal::new(prefix), RwSignal::new(count));
    let pasted = RwSignal::new(String::new());
    let set = move |numbered: bool| {
        let participants = if numbered {
            Participants::Numbered { prefix: prefix.get_untracked(), count: count.get_untracked() }
        } else {
            Participants::Pasted(pasted.get_untracked())
        };
        plan.update(|plan| plan.participants = participants);
    };
    let way = move |id: &'static str, label: &'static str, is_numbered: bool| {
        view! {
            <div class="check">
                <input
                    type="radio"
                    name="participants"
                    id=id
                    prop:checked=move || numbered.get() == is_numbered
                    on:change=move |_| set(is_numbered)
                />
                <label for=id>{label}</label>
            </div>
        }
    };
    view! {
        <div class="field">
            <label for="page-address">"Address of the page on your host"</label>
            <input
                type="text"
                id="page-address"
                autocomplete="off"
                inputmode="url"
                aria-describedby="page-hint link-faults"
                prop:value=start.page
                on:input=move |event| plan.update(|plan| plan.page = event_target_value(&event))
            />
            <p class="hint" id="page-hint">
                "Where participants will open it. The study's folder goes into the folder studies beside it."
            </p>
        </div>
        <fieldset class="members">
            <legend>"Who gets a link of the list"</legend>
            {way("ids-numbered", "Numbers that count up", true)}
            {way("ids-pasted", "A list of ids that I have", false)}
        </fieldset>
        {move || {
            if numbered.get() {
                view! {
                    <div class="pair">
                        <div class="field">
                            <label for="link-count">"How many links"</label>
                            <input
                                type="text"
                                class="short"
                                id="link-count"
                                inputmode="numeric"
                                autocomplete="off"
                                aria-describedby="link-faults"
                                prop:value=count.get_untracked()
                                on:input=move |event| {
                                    count.set(event_target_value(&event));
                                    set(true);
                                }
                            />
                        </div>
                        <div class="field">
                            <label for="link-prefix">"What stands before the number"</label>
                            <input
                                type="text"
                                class="short"
                                id="link-prefix"
                                autocomplete="off"
                                prop:value=prefix.get_untracked()
                                on:input=move |event| {
                                    prefix.set(event_target_value(&event));
                                    set(true);
                                }
                            />
                        </div>
                    </div>
                }
                .into_any()
            } else {
                view! {
                    <div class="field">
                        <label for="link-ids">"The ids, one on each line"</label>
                        <textarea
                            id="link-ids"
                            rows="5"
                            aria-describedby="link-faults"
                            prop:value=pasted.get_untracked()
                            on:input=move |event| {
                                pasted.set(event_target_value(&event));
                                set(false);
                            }
                        ></textarea>
                    </div>
                }
                .into_any()
            }
        }}
    }
}

/// The first links, and those for survey tools.
#[component]
fn Links() -> impl IntoView {
    let state = expect_context::<State>();
    let study = Memo::new(move |_| state.draft.with(|draft| draft.study().ok()));
    let rows =
        move || study.with(|study| study.as_ref().map(|study| state.plan.with(|plan| plan.rows(study))));
    let tool = move |id: &'static str, label: &'static str, target: Target| {
        let link = move || {
            study.with(|study| {
                study.as_ref().map(|study| state.plan.with(|plan: &LinkPlan| plan.template(study, target)))
            })
        };
        view! {
            <div class="field">
                <label for=id>{label}</label>
                <input
                    type="text"
                    id=id
                    readonly
                    prop:value=move || link().unwrap_or_default()
                    on:focus=move |event| {
                        let input = event.target().map(JsCast::unchecked_into::<web_sys::HtmlInputElement>);
                        if let Some(input) = input {
                            input.select();
                        }
                    }
                />
            </div>
        }
    };
    view! {
        <div id="link-faults" class="faults" tabindex="-1">
            {move || {
                let faults = rows().and_then(Result::err).unwrap_or_default();
                faults.into_iter().take(5).map(|fault| view! { <p class="fault">{fault}</p> }).collect_view()
            }}
        </div>
        {move || match rows() {
            None => view! { <p class="hint">"The links are shown here once the study is complete."</p> }.into_any(),
            Some(rows) => {
                let rows = rows.unwrap_or_default();
                let count = rows.len();
                view! {
                    <div class="table-scroll" tabindex="0" role="region" aria-label="The first links">
                        <table id="links">
                            <caption>{format!("The first of {count} links")}</caption>
                            <thead>
                                <tr>
                                    <th scope="col">"Participant"</th>
                                    <th scope="col">"Group"</th>
                                    <th scope="col">"Row"</th>
                                    <th scope="col">"Link"</th>
                                </tr>
                            </thead>
                            <tbody>
                                {rows
                                    .into_iter()
                                    .take(SHOWN_LINKS)
                                    .map(|row| {
                                        view! {
                                            <tr>
                                                <th scope="row">{row.participant}</th>
                                                <td>{row.group}</td>
                                                <td>{row.row}</td>
                                                <td class="link-cell">{row.link}</td>
                                            </tr>
                                        }
                                    })
                                    .collect_view()}
                            </tbody>
                        </table>
                    </div>
                    <details class="end">
                        <summary>"Links for survey tools, which fill in the id"</summary>
                        {tool("link-prolific", "Prolific", Target::Prolific)}
                        {tool("link-qualtrics", "Qualtrics", Target::Qualtrics)}
                        {tool("link-plain", "Others: put the id in the place of PARTICIPANT", Target::Plain)}
                    </details>
                }
                .into_any()
            }
        }}
    }
}

/// All points that are still open, each with the way to its field.
#[component]
fn OpenPoints() -> impl IntoView {
    let state = expect_context::<State>();
    let count = Memo::new(move |_| state.placed.with(|placed| placed.count()));
    view! {
        <div id=OPEN_POINTS_ID tabindex="-1" class="open-list">
            <p role="status" id="open-count">{move || match count.get() {
                0 => "The study is complete.".to_owned(),
                count => format!("Not complete yet: {}.", say::open_points(count)),
            }}</p>
            <Show when=move || state.reveal.get() && { count.get() > 0 }>
                <ul>
                    {move || {
                        state.placed.with(|placed| {
                            placed
                                .all()
                                .into_iter()
                                .map(|(place, told)| {
                                    let (name, sentence) = (say::place_name(place), told.sentence.clone());
                                    let place = place.to_owned();
                                    view! {
                                        <li>
                                            <button type="button" class="text-button" on:click=move |_| go_to(&place)>
                                                {name}
                                            </button>
                                            ": "
                                            {sentence}
                                        </li>
                                    }
                                })
                                .collect_view()
                        })
                    }}
                </ul>
            </Show>
        </div>
    }
}

/// The keyboard goes to the field of a place, or to what is said there; what hides it is opened.
fn go_to(place: &str) {
    let id = id_of(place);
    let ids = [id.clone(), format!("{id}-fault")];
    let Some(id) = ids.into_iter().find(|id| document().get_element_by_id(id).is_some()) else { return };
    let mut element = document().get_element_by_id(&id);
    while let Some(inner) = element {
        if let Some(details) = inner.dyn_ref::<web_sys::HtmlDetailsElement>() {
            details.set_open(true);
        }
        element = inner.parent_element();
    }
    focus(&id);
}
