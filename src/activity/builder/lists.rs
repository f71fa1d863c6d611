//! What all lists of the form share: an entry with its buttons, drawn anew when entries come, go or move.

use leptos::prelude::*;

use crate::activity::builder::drag::Grip;
use crate::activity::builder::state::State;
use crate::ui::parts::focus;

/// A list of the form.
#[derive(Clone, Copy)]
pub struct List {
    state: State,
    path: StoredValue<String>,
    /// Counts the changes of its entries.
    tick: RwSignal<u32>,
}

impl List {
    pub fn new(state: State, path: impl Into<String>) -> Self {
        Self { state, path: StoredValue::new(path.into()), tick: RwSignal::new(0) }
    }

    /// How many entries there are, now and after each change of them.
    pub fn count(self) -> usize {
        self.tick.track();
        self.path.with_value(|path| self.state.draft.with_untracked(|draft| draft.len(path)))
    }

    /// How many there are now.
    pub fn count_now(self) -> usize {
        untrack(|| self.count())
    }

    /// The entries are others: draw them.
    pub fn changed(self) {
        self.state.renumbered();
        self.tick.update(|count| *count += 1);
        if self.path.with_value(|path| path == "stimuli") {
            self.state.relist();
        }
    }

    /// The list is drawn anew, and the keyboard goes to an element of it.
    pub fn changed_at(self, id: String) {
        self.changed();
        // Once it stands there.
        request_animation_frame(move || focus(&id));
    }

    fn move_up(self, at: usize) {
        self.path.with_value(|path| self.state.change(|draft| draft.move_up(path, at)));
    }

    /// Put the entry `from` to another place.
    pub fn move_to(self, from: usize, to: usize) {
        self.path.with_value(|path| self.state.change(|draft| draft.move_to(path, from, to)));
        self.changed_at(self.title_id(to));
    }

    fn title_id(self, at: usize) -> String {
        self.path.with_value(|path| title_id(path, at))
    }
}

/// The id of the heading of an entry.
pub fn title_id(path: &str, at: usize) -> String {
    format!("{}-title", super::fields::id_of(&format!("{path}[{at}]")))
}

/// One entry: its heading, the buttons that move it and take it away, and its fields.
#[component]
pub fn Entry(
    list: List,
    at: usize,
    #[prop(into)] title: String,
    /// Take it out of the study.
    on_remove: impl Fn() + 'static,
    children: Children,
) -> impl IntoView {
    let last = move || at + 1 >= list.count();
    let title_id = list.title_id(at);
    let (up, down, away) =
        (format!("Move up: {title}"), format!("Move down: {title}"), format!("Remove: {title}"));
    view! {
        <section class="entry" aria-labelledby=title_id.clone()>
            <div class="entry-head">
                <div class="entry-name">
                    <Grip list at />
                    <h3 id=title_id.clone() tabindex="-1">{title}</h3>
                </div>
                <div class="entry-tools">
                    <button
                        type="button"
                        class="button small"
                        aria-label=up
                        disabled=at == 0
                        on:click=move |_| {
                            list.move_up(at);
                            list.changed_at(list.title_id(at - 1));
                        }
                    >
                        "Up"
                    </button>
                    <button
                        type="button"
                        class="button small"
                        aria-label=down
                        disabled=last
                        on:click=move |_| {
                            list.move_up(at + 1);
                            list.changed_at(list.title_id(at + 1));
                        }
                    >
                        "Down"
                    </button>
                    <button
                        type="button"
                        class="button small quiet"
                        aria-label=away
                        on:click=move |_| {
                            on_remove();
                            list.changed_at(list.title_id(at.saturating_sub(1)));
                        }
                    >
                        "Remove"
                    </button>
                </div>
            </div>
            {children()}
        </section>
    }
}
