//! Readings that are in the page alone until they are saved: what is unsaved, what was saved, what went wrong.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;

use crate::web::listener::Listener;

/// Whether the readings of files are in a file of their own yet.
#[derive(Clone, Copy)]
pub struct Kept {
    /// There are readings that no file holds: the browser asks before the page is left.
    pub unsaved: RwSignal<bool>,
    /// Under which name the readings, or their chart, were saved last, as a sentence; empty again with new readings or a problem.
    pub saved: RwSignal<String>,
    /// What went wrong, beside the buttons.
    pub problem: RwSignal<String>,
    announcement: RwSignal<String>,
    guards: StoredValue<Rc<RefCell<Vec<Listener>>>, LocalStorage>,
}

impl Kept {
    /// `announcement`: what screen readers say.
    pub fn new(announcement: RwSignal<String>) -> Self {
        let kept = Self {
            unsaved: RwSignal::new(false),
            saved: RwSignal::new(String::new()),
            problem: RwSignal::new(String::new()),
            announcement,
            guards: StoredValue::new_local(Rc::default()),
        };
        kept.guard();
        kept
    }

    /// Have the browser ask before it leaves readings that no file holds, and have a file that is dropped beside its place
    /// open nothing.
    fn guard(self) {
        let unsaved = self.unsaved;
        let leaving = Listener::before_leaving(&window(), move || unsaved.get_untracked());
        let dropped = ["dragover", "drop"]
            .map(|kind| Listener::new(&document(), kind, |event: web_sys::Event| event.prevent_default()));
        self.guards.get_value().replace(std::iter::once(leaving).chain(dropped).collect());
    }

    /// There are readings of a face that no file holds.
    pub fn note_new_readings(self) {
        // Many times a second: only a change is worth telling.
        if !self.unsaved.get_untracked() {
            self.unsaved.set(true);
        }
        if !self.saved.with_untracked(String::is_empty) {
            self.saved.set(String::new());
        }
    }

    /// A file was handed to the browser under `name`: said beside the buttons and to screen readers.
    pub fn tell_saved(self, name: &str) {
        let sentence = format!("Saved as {name}.");
        self.problem.set(String::new());
        self.announcement.set(sentence.clone());
        self.saved.set(sentence);
    }

    /// What went wrong, or nothing any more, beside the buttons.
    pub fn say(self, sentence: String) {
        self.saved.set(String::new());
        self.problem.set(sentence);
    }

    /// The readings are gone: nothing is unsaved, nothing is saved, nothing is wrong.
    pub fn forget_readings(self) {
        self.unsaved.set(false);
        self.say(String::new());
    }
}

/// Under which name the last file was saved, beside the buttons.
#[component]
pub fn SavedLine(kept: Kept) -> impl IntoView {
    view! {
        <p class="hint" id="saved" hidden=move || kept.saved.with(String::is_empty)>{move || kept.saved.get()}</p>
    }
}
