//! Inputs for the fields of the study file, each with what is wrong with it.

use leptos::prelude::*;

use crate::activity::builder::state::State;
use crate::view::builder::Draft;

/// How a value is shown and typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum As {
    Text,
    /// Several lines, so many at first.
    Lines(u32),
    Number,
    /// Milliseconds in the file.
    Seconds,
    /// A list with commas.
    Words,
    Numbers,
    /// The id of a stimulus; others name it.
    Stimulus,
    /// The id of an option; others name it.
    Answer,
}

impl As {
    fn shown(self, draft: &Draft, path: &str) -> String {
        match self {
            As::Seconds => draft.seconds(path),
            As::Words | As::Numbers => draft.listed(path),
            _ => draft.text(path),
        }
    }

    fn put(self, draft: &mut Draft, path: &str, typed: &str) {
        match self {
            As::Text => draft.set_text(path, typed.trim()),
            As::Lines(_) => draft.set_text(path, typed.trim_end()),
            As::Number => draft.set_number(path, typed),
            As::Seconds => draft.set_seconds(path, typed),
            As::Words => draft.set_words(path, typed),
            As::Numbers => draft.set_numbers(path, typed),
            As::Stimulus => draft.rename_stimulus(entry(path), typed),
            As::Answer => draft.rename_option(path, typed),
        }
    }

    /// What others name is changed when the person has written it to its end.
    fn is_name(self) -> bool {
        matches!(self, As::Stimulus | As::Answer)
    }
}

/// The first number in brackets.
fn entry(path: &str) -> usize {
    path.split(['[', ']']).nth(1).and_then(|number| number.parse().ok()).unwrap_or_default()
}

/// The id of the input of a field in the document.
pub fn id_of(path: &str) -> String {
    let mut id = "f-".to_owned();
    id.extend(
        path.chars()
            .filter(|letter| *letter != ']')
            .map(|letter| if ".[".contains(letter) { '-' } else { letter }),
    );
    id
}

/// What is wrong at a place. It stands there empty, so that an input can name it.
#[component]
pub fn Faults(#[prop(into)] path: String) -> impl IntoView {
    let state = expect_context::<State>();
    let id = format!("{}-fault", id_of(&path));
    let told = Memo::new(move |_| state.told(&path));
    view! {
        <div id=id class="faults" tabindex="-1">
            {move || {
                told.get()
                    .into_iter()
                    .map(|told| {
                        let remove = told.remove.map(|path| {
                            view! {
                                <button
                                    type="button"
                                    class="button small"
                                    on:click=move |_| state.change(|draft| draft.remove(&path))
                                >
                                    "Take it away"
                                </button>
                            }
                        });
                        view! { <p class="fault">{told.sentence}" "{remove}</p> }
                    })
                    .collect_view()
            }}
        </div>
    }
}

/// An input for text, numbers or times.
#[component]
pub fn Input(
    #[prop(into)] path: String,
    #[prop(into)] label: String,
    #[prop(default = As::Text)] shown: As,
    #[prop(into, optional)] hint: String,
) -> impl IntoView {
    let state = expect_context::<State>();
    let id = id_of(&path);
    let value = state.draft.with_untracked(|draft| shown.shown(draft, &path));
    let path = StoredValue::new(path);
    let wrong = Memo::new(move |_| path.with_value(|path| !state.told(path).is_empty()));
    let has_hint = !hint.is_empty();
    let described = if has_hint { format!("{id}-hint {id}-fault") } else { format!("{id}-fault") };
    let put = move |typed: String| {
        path.with_value(|path| state.change(|draft| shown.put(draft, path, &typed)));
        if shown == As::Stimulus {
            state.relist();
        }
    };
    let typed = move |typed: String| {
        if !shown.is_name() {
            put(typed);
        }
    };
    let left = move |typed: String| {
        if shown.is_name() {
            put(typed);
        }
        path.with_value(|path| state.touch(path));
    };
    let input = match shown {
        As::Lines(rows) => view! {
            <textarea
                id=id.clone()
                rows=rows
                aria-describedby=described
                aria-invalid=move || wrong.get().to_string()
                prop:value=value
                on:input=move |event| typed(event_target_value(&event))
                on:change=move |event| left(event_target_value(&event))
            ></textarea>
        }
        .into_any(),
        _ => view! {
            <input
                type="text"
                id=id.clone()
                class:short=matches!(shown, As::Number | As::Seconds)
                inputmode=matches!(shown, As::Number | As::Seconds).then_some("decimal")
                autocomplete="off"
                aria-describedby=described
                aria-invalid=move || wrong.get().to_string()
                prop:value=value
                on:input=move |event| typed(event_target_value(&event))
                on:change=move |event| left(event_target_value(&event))
            />
        }
        .into_any(),
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            {input}
            {has_hint.then(|| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })}
            <Faults path=path.get_value() />
        </div>
    }
}

/// One of some words. `otherwise` is the word that counts where the field is left out.
#[component]
pub fn Choose(
    #[prop(into)] path: String,
    #[prop(into)] label: String,
    /// The words of the file, and what a person reads.
    words: Vec<(String, String)>,
    #[prop(optional)] otherwise: &'static str,
    #[prop(into, optional)] hint: String,
) -> impl IntoView {
    let state = expect_context::<State>();
    let id = id_of(&path);
    let now = state.draft.with_untracked(|draft| draft.text(&path));
    let now = if now.is_empty() { otherwise.to_owned() } else { now };
    let known = words.iter().any(|(word, _)| *word == now);
    // What stands in the file and is none of the words stays to be seen.
    let foreign = (!known).then(|| {
        let text = if now.is_empty() { "Please choose".to_owned() } else { now.clone() };
        view! { <option value=now.clone() selected=true>{text}</option> }
    });
    let path = StoredValue::new(path);
    let wrong = Memo::new(move |_| path.with_value(|path| !state.told(path).is_empty()));
    let has_hint = !hint.is_empty();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select
                id=id.clone()
                aria-describedby=format!("{id}-hint {id}-fault")
                aria-invalid=move || wrong.get().to_string()
                on:change=move |event| {
                    let word = event_target_value(&event);
                    path.with_value(|path| {
                        state.change(|draft| draft.set_text(path, &word));
                        state.touch(path);
                    });
                }
            >
                {foreign}
                {words
                    .into_iter()
                    .map(|(word, text)| {
                        let selected = word == now;
                        view! { <option value=word selected=selected>{text}</option> }
                    })
                    .collect_view()}
            </select>
            <p class="hint" id=format!("{id}-hint") hidden=!has_hint>{hint}</p>
            <Faults path=path.get_value() />
        </div>
    }
}

/// Yes or no. `absent` is what counts where the field is left out.
#[component]
pub fn Check(
    #[prop(into)] path: String,
    #[prop(into)] label: String,
    #[prop(optional)] absent: bool,
) -> impl IntoView {
    let state = expect_context::<State>();
    let id = id_of(&path);
    let checked = state.draft.with_untracked(|draft| draft.get(&path).map_or(absent, |_| draft.flag(&path)));
    let put = path.clone();
    view! {
        <div>
            <div class="check">
                <input
                    type="checkbox"
                    id=id.clone()
                    aria-describedby=format!("{id}-fault")
                    prop:checked=checked
                    on:change=move |event| {
                        let checked = event_target_checked(&event);
                        state.change(|draft| draft.set(&put, serde_json::Value::Bool(checked)));
                    }
                />
                <label for=id>{label}</label>
            </div>
            <Faults path=path />
        </div>
    }
}

/// One member of a list of words.
#[component]
pub fn Member(
    #[prop(into)] path: String,
    #[prop(into)] word: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] on_change: Option<Callback<()>>,
) -> impl IntoView {
    let state = expect_context::<State>();
    let id = format!("{}-{word}", id_of(&path));
    let checked = state.draft.with_untracked(|draft| draft.member(&path, &word));
    view! {
        <div class="check">
            <input
                type="checkbox"
                id=id.clone()
                prop:checked=checked
                on:change=move |event| {
                    let member = event_target_checked(&event);
                    state.change(|draft| draft.set_member(&path, &word, member));
                    state.touch(&path);
                    if let Some(told) = on_change {
                        told.run(());
                    }
                }
            />
            <label for=id>{label}</label>
        </div>
    }
}

/// Pairs of a word of the file and its meaning.
pub fn words(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(word, text)| ((*word).to_owned(), (*text).to_owned())).collect()
}
