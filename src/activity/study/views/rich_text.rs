//! A study's own texts: a typed tree becomes elements; text never becomes markup.

use emotion_study::markdown::{Block, Inline, parse};
use leptos::prelude::*;

/// A text with paragraphs, lists, emphasis and links, which open in a new tab.
#[component]
pub fn RichText(#[prop(into)] text: String) -> impl IntoView {
    view! { <div class="rich-text" dir="auto">{parse(&text).into_iter().map(block).collect_view()}</div> }
}

fn block(block: Block) -> AnyView {
    match block {
        Block::Paragraph(content) => view! { <p>{inlines(content)}</p> }.into_any(),
        Block::List { ordered, items } => {
            let items = items.into_iter().map(|item| view! { <li>{inlines(item)}</li> }).collect_view();
            if ordered {
                view! { <ol>{items}</ol> }.into_any()
            } else {
                view! { <ul>{items}</ul> }.into_any()
            }
        }
    }
}

fn inlines(content: Vec<Inline>) -> Vec<AnyView> {
    content.into_iter().map(inline).collect()
}

fn inline(piece: Inline) -> AnyView {
    match piece {
        Inline::Text(text) => text.into_any(),
        Inline::Emphasis(content) => view! { <em>{inlines(content)}</em> }.into_any(),
        Inline::Strong(content) => view! { <strong>{inlines(content)}</strong> }.into_any(),
        Inline::Link { href, content } => view! {
            <a href=href target="_blank" rel="noopener noreferrer" referrerpolicy="no-referrer">
                {inlines(content)}
            </a>
        }
        .into_any(),
    }
}
