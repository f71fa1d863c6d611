//! The choice of use on the first screen of every activity: two uses are prohibited.

use leptos::prelude::*;

use crate::view::usage::Usage;

#[component]
pub fn UseChoice(
    usage: RwSignal<Option<Usage>>,
    on_choose: impl Fn(Usage) + Copy + 'static,
) -> impl IntoView {
    view! {
        <fieldset class="uses" aria-describedby="refusal">
            <legend>"Whose face is it?"</legend>
            {Usage::ALL
                .map(|choice| {
                    let id = || format!("use-{}", choice.value());
                    view! {
                        <label class="use" for=id()>
                            <input
                                type="radio"
                                name="use"
                                id=id()
                                value=choice.value()
                                prop:checked=move || usage.get() == Some(choice)
                                on:change=move |_| on_choose(choice)
                            />
                            <span class="use-label">{choice.label()}</span>
                            <span class="use-detail">{choice.detail()}</span>
                        </label>
                    }
                })
                .collect_view()}
        </fieldset>
        <div id="refusal" role="status">
            {move || {
                usage
                    .get()
                    .and_then(Usage::refusal)
                    .map(|refusal| {
                        view! {
                            <div class="notice-box">
                                <p class="notice-title">"Not for this use"</p>
                                <p>{refusal}</p>
                            </div>
                        }
                    })
            }}
        </div>
    }
}
