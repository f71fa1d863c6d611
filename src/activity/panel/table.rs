//! One table for all: a header and rows of words.

use leptos::prelude::*;

/// A table that scrolls within its place. The first cell of a row names it.
#[component]
pub fn Table(
    id: &'static str,
    caption: String,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
) -> impl IntoView {
    let name = caption.clone();
    view! {
        <div class="table-scroll" role="region" aria-label=name tabindex="0">
            <table id=(!id.is_empty()).then_some(id) class="panel-table">
                <caption>{caption}</caption>
                <thead>
                    <tr>{header.into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect_view()}</tr>
                </thead>
                <tbody>
                    {rows
                        .into_iter()
                        .map(|row| {
                            let mut cells = row.into_iter();
                            view! {
                                <tr>
                                    <th scope="row">{cells.next()}</th>
                                    {cells.map(|cell| view! { <td>{cell}</td> }).collect_view()}
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// Words of a header.
pub fn header(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
