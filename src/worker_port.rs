//! What all workers of the page share: panics that reach the page, requests in, replies out.

use js_sys::{Array, ArrayBuffer, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::DedicatedWorkerGlobalScope;

use crate::protocol::{Fault, Reply, Request};
use crate::web::worker_source::PANIC_PROPERTY;

/// Make panics readable: on the console, and for the page's `error` event.
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        // Nothing can be done about a global scope that takes no properties.
        let _ = Reflect::set(
            &js_sys::global(),
            &JsValue::from_str(PANIC_PROPERTY),
            &JsValue::from_str(info.payload_as_str().unwrap_or("a panic without a message")),
        );
        console_error_panic_hook::hook(info);
    }));
}

/// The request of a message.
///
/// # Errors
/// [`Fault::Message`]: it is none.
pub fn read(message: &JsValue) -> Result<Request, Fault> {
    let body = Reflect::get(message, &JsValue::from_str("body"))
        .ok()
        .and_then(|body| body.as_string())
        .ok_or_else(|| Fault::Message("a request without a body".into()))?;
    serde_json::from_str(&body).map_err(|error| Fault::Message(error.to_string()))
}

/// Post a reply, and transfer its payload.
pub fn post(reply: &Reply, payload: Option<ArrayBuffer>) {
    let message = Object::new();
    let transfer = Array::new();
    // A reply is plain numbers and text: serde_json cannot fail on it, and a text can always be posted.
    let posted = serde_json::to_string(reply)
        .map_err(|error| JsValue::from_str(&error.to_string()))
        .and_then(|body| Reflect::set(&message, &JsValue::from_str("body"), &JsValue::from_str(&body)))
        .and_then(|_| match &payload {
            Some(payload) => {
                transfer.push(payload);
                Reflect::set(&message, &JsValue::from_str("payload"), payload)
            }
            None => Ok(true),
        })
        .and_then(|_| {
            let scope = js_sys::global().unchecked_into::<DedicatedWorkerGlobalScope>();
            scope.post_message_with_transfer(&message, &transfer)
        });
    if let Err(error) = posted {
        wasm_bindgen::throw_val(error);
    }
}

/// Milliseconds of this worker's `performance.now()`.
pub fn now_ms() -> f64 {
    js_sys::global()
        .unchecked_into::<DedicatedWorkerGlobalScope>()
        .performance()
        .map_or(0.0, |performance| performance.now())
}
