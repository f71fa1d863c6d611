//! The full screen: preferred, never required. A telephone may have none.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::web::listener::Listener;

/// Whether the screen is full now: the state itself, because some browsers' events are wrong.
pub fn is_full() -> bool {
    web_sys::window()
        .and_then(|window| window.document())
        .is_some_and(|document| document.fullscreen_element().is_some())
}

/// Whether this browser has a full screen for pages.
pub fn is_possible() -> bool {
    let enabled = || {
        let document = web_sys::window()?.document()?;
        Reflect::get(&document, &JsValue::from_str("fullscreenEnabled")).ok()?.as_bool()
    };
    enabled().unwrap_or(false)
}

/// Ask for it, from within a click. Who refuses, stays as they are.
pub fn ask() {
    let ask = || -> Option<Promise> {
        let root = web_sys::window()?.document()?.document_element()?;
        let request: Function =
            Reflect::get(&root, &JsValue::from_str("requestFullscreen")).ok()?.dyn_into().ok()?;
        request.call0(&root).ok()?.dyn_into().ok()
    };
    settle(ask());
}

/// Leave it.
pub fn leave() {
    if !is_full() {
        return;
    }
    let leave = || -> Option<Promise> {
        let document = web_sys::window()?.document()?;
        let exit: Function =
            Reflect::get(&document, &JsValue::from_str("exitFullscreen")).ok()?.dyn_into().ok()?;
        exit.call0(&document).ok()?.dyn_into().ok()
    };
    settle(leave());
}

/// Call `on_change` when it is entered or left.
pub fn on_change(mut on_change: impl FnMut(bool) + 'static) -> Listener {
    match web_sys::window().and_then(|window| window.document()) {
        Some(document) => Listener::new(&document, "fullscreenchange", move |_| on_change(is_full())),
        None => Listener::none(),
    }
}

/// A refusal is no fault.
fn settle(asked: Option<Promise>) {
    if let Some(asked) = asked {
        spawn_local(async move {
            let _ = JsFuture::from(asked).await;
        });
    }
}
