//! The engine with the decoders of picture files, in a worker: what the page loads for photos instead of the engine.

/// What the worker's first lines call for each message of the page.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn receive(message: wasm_bindgen::JsValue) {
    emotion_depth::worker::receive(message);
}

fn main() {
    #[cfg(target_arch = "wasm32")]
    emotion_depth::worker::start();
}
