//! One message that fills the view.

use leptos::prelude::*;

#[component]
pub fn Message(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="notice">
            <h1 tabindex="-1">{title}</h1>
            {children()}
        </section>
    }
}
