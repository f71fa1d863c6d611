//! What stands in a saved file, folded away beside the save buttons.

use leptos::prelude::*;

use emotion_record::session::{FIELDS, Field, SETTINGS};

#[component]
pub fn ColumnHelp() -> impl IntoView {
    view! {
        <details id="columns" class="column-help">
            <summary>"What the columns mean"</summary>
            <p>
                "CSV has a row for each face in each frame, and one for a frame without a face. JSON has the same names, nested \
                 where a name has a dot, and the session once. What is not known is empty. Spreadsheets in German, French, \
                 Spanish and most other languages of Europe read a CSV with semicolons and decimal commas; statistics \
                 programs, and spreadsheets in English, one with commas and decimal points."
            </p>
            <dl>
                {FIELDS
                    .iter()
                    .chain(&SETTINGS)
                    .map(|field| view! { <dt>{names(field)}</dt><dd>{words(field.meaning)}</dd> })
                    .collect_view()}
            </dl>
        </details>
    }
}

/// The name of a column, or the first and the last of several.
fn names(field: &Field) -> impl IntoView + use<> {
    let columns = field.columns();
    let last = (columns.len() > 1).then(|| columns.last().cloned()).flatten();
    view! {
        <code>{columns.into_iter().next()}</code>
        {last.map(|last| view! { " to "<code>{last}</code> })}
    }
}

/// A text in which names stand between backticks.
fn words(text: &'static str) -> impl IntoView + use<> {
    text.split('`')
        .enumerate()
        .map(|(at, part)| match at % 2 {
            0 => part.into_any(),
            _ => view! { <code>{part}</code> }.into_any(),
        })
        .collect_view()
}
