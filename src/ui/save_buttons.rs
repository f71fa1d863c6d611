//! The buttons that save readings as CSV and JSON, and beside them the choice of the table's dialect.

use leptos::prelude::*;

use crate::ui::saving::FileKind;
use crate::web::chosen_dialect;
use emotion_record::export::Dialect;

/// In which dialect tables are saved: one choice for all buttons of a page, and for the next visit.
#[derive(Clone, Copy)]
pub struct TableDialect(RwSignal<Dialect>);

impl TableDialect {
    /// As it was chosen last on this device. Provide it as a context before any [`SaveButtons`] is shown.
    pub fn recalled() -> Self {
        Self(RwSignal::new(chosen_dialect::recalled().unwrap_or_default()))
    }

    /// Begin with this one where none was chosen on this device yet.
    pub fn prefer(self, dialect: Dialect) {
        if chosen_dialect::recalled().is_none() {
            self.0.set(dialect);
        }
    }

    pub fn get(self) -> Dialect {
        self.0.get()
    }

    pub fn get_untracked(self) -> Dialect {
        self.0.get_untracked()
    }

    /// The one of this name, and for the next visit as well.
    pub fn choose(self, name: &str) {
        if let Some(dialect) = Dialect::named(name) {
            self.0.set(dialect);
            chosen_dialect::remember(dialect);
        }
    }
}

/// Behind "Save as CSV", as the end of that sentence.
fn words(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Point => "with commas and 1.5",
        Dialect::Comma => "with semicolons and 1,5",
    }
}

/// "Save as CSV", the table's dialect, "Save as JSON"; to be placed into an element of the class `save-buttons`.
#[component]
pub fn SaveButtons(
    /// The beginning of the ids: `save` makes `save-csv`, `save-dialect` and `save-json`.
    id: &'static str,
    /// What the buttons' words end with: " again", or nothing.
    #[prop(optional)]
    end: &'static str,
    /// Whether saving as CSV is the first thing to do.
    #[prop(optional)]
    primary: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    on_save: impl Fn(FileKind) + Copy + 'static,
) -> impl IntoView {
    let chosen = expect_context::<TableDialect>();
    view! {
        <button
            id=format!("{id}-csv")
            class="button small"
            class:primary=primary
            disabled=move || disabled.get()
            on:click=move |_| on_save(FileKind::Csv(chosen.0.get_untracked()))
        >
            {format!("Save as CSV{end}")}
        </button>
        <select
            id=format!("{id}-dialect")
            class="dialect"
            aria-label="Form of the CSV table"
            title="Spreadsheets in German, French, Spanish and most other languages of Europe need semicolons and 1,5."
            on:change=move |event| chosen.choose(&event_target_value(&event))
        >
            {Dialect::ALL
                .map(|dialect| {
                    view! {
                        <option value=dialect.name() selected=move || chosen.0.get() == dialect>
                            {words(dialect)}
                        </option>
                    }
                })
                .collect_view()}
        </select>
        <button
            id=format!("{id}-json")
            class="button small"
            disabled=move || disabled.get()
            on:click=move |_| on_save(FileKind::Json)
        >
            {format!("Save as JSON{end}")}
        </button>
    }
}
