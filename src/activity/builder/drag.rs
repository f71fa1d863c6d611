//! The grip by which an entry is dragged to another place: with a mouse, a pen or a finger. The keyboard has "Up" and "Down".

use leptos::ev::PointerEvent;
use leptos::prelude::*;
use web_sys::Element;

use crate::activity::builder::lists::List;
use crate::view::builder::place_of;

#[component]
pub fn Grip(list: List, at: usize) -> impl IntoView {
    let grip = NodeRef::<leptos::html::Span>::new();
    let held = RwSignal::new(false);
    let target = move |event: &PointerEvent| {
        let entry = grip.get_untracked()?.closest(".entry").ok()??;
        let middles: Vec<f64> = entries_beside(&entry).iter().map(middle).collect();
        Some((entry, place_of(&middles, at, event.client_y())))
    };
    let mark = move |entry: &Element, to: Option<usize>| {
        for (place, other) in entries_beside(entry).iter().enumerate() {
            let here = to.filter(|to| *to == place && *to != at);
            // Behind the entry where the dragged one comes from above.
            let word = here.map_or("", |to| if to > at { "behind" } else { "before" });
            // A mark that cannot be drawn is only not seen.
            let _ = other.set_attribute("data-drop", word);
        }
    };
    let press = move |event: PointerEvent| {
        if event.button() != 0 || list.count_now() < 2 {
            return;
        }
        event.prevent_default();
        if let Some(grip) = grip.get_untracked() {
            // Without it a quick pointer leaves the grip behind; then nothing is moved.
            let _ = grip.set_pointer_capture(event.pointer_id());
            held.set(true);
        }
    };
    let drag = move |event: PointerEvent| {
        if let Some((entry, to)) = held.get_untracked().then(|| target(&event)).flatten() {
            mark(&entry, Some(to));
        }
    };
    let end = move |event: PointerEvent, moves: bool| {
        if !held.get_untracked() {
            return;
        }
        held.set(false);
        if let Some((entry, to)) = target(&event) {
            mark(&entry, None);
            if moves && to != at {
                list.move_to(at, to);
            }
        }
    };
    view! {
        <span
            class="grip"
            class:held=move || held.get()
            node_ref=grip
            aria-hidden="true"
            title="Drag to another place"
            on:pointerdown=press
            on:pointermove=drag
            on:pointerup=move |event| end(event, true)
            on:pointercancel=move |event| end(event, false)
        ></span>
    }
}

/// The entries of the list in which an entry stands, in their order.
fn entries_beside(entry: &Element) -> Vec<Element> {
    let mut first = entry.clone();
    while let Some(before) = first.previous_element_sibling() {
        first = before;
    }
    std::iter::successors(Some(first), Element::next_element_sibling)
        .filter(|element| element.matches(".entry").unwrap_or(false))
        .collect()
}

fn middle(entry: &Element) -> f64 {
    let place = entry.get_bounding_client_rect();
    place.y() + place.height() / 2.0
}
