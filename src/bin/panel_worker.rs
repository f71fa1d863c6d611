//! The worker of panels: result files to curves, no networks and no Leptos.

/// What the worker's first lines call for each message of the page.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn receive(message: wasm_bindgen::JsValue) {
    emotion_depth::panel_worker::receive(message);
}

fn main() {
    #[cfg(target_arch = "wasm32")]
    emotion_depth::panel_worker::start();
}
