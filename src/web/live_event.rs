//! The event for an embedding script: one per analysed frame.

use emotion_record::session::LiveEvent;
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit};

/// The event's name on `window`.
pub const NAME: &str = "emotiondepth";

/// Dispatch `emotiondepth` on `window` with `detail` = `{time_ms, samples}` as plain objects.
///
/// Nothing is dispatched outside a window, or where the samples cannot be written as JSON: a sample
/// has no such value, and an event that nobody needs must not stop the reading.
pub fn dispatch(event: &LiveEvent) {
    let Some(window) = web_sys::window() else { return };
    let Ok(text) = serde_json::to_string(event) else { return };
    let Ok(detail) = js_sys::JSON::parse(&text) else { return };
    let init = CustomEventInit::new();
    init.set_detail(&detail);
    if let Ok(event) = CustomEvent::new_with_event_init_dict(NAME, &init) {
        // An exception in somebody's listener is reported by the browser, not thrown here.
        let _: Result<bool, JsValue> = window.dispatch_event(&event);
    }
}
