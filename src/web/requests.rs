//! What the page has asked for, by the browser's own list (Resource Timing).

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::prelude::*;

/// How many requests began after `from_ms` of the page's clock, what lies in the page's own memory not counted. `None`:
/// the browser keeps no list.
pub fn since(from_ms: f64) -> Option<usize> {
    let performance: JsValue = web_sys::window()?.performance()?.into();
    let get = |of: &JsValue, name: &str| Reflect::get(of, &JsValue::from_str(name)).ok();
    let list = get(&performance, "getEntriesByType")?.dyn_into::<Function>().ok()?;
    let entries = Array::from(&list.call1(&performance, &JsValue::from_str("resource")).ok()?);
    let counts = |entry: &JsValue| {
        let address = get(entry, "name").and_then(|name| name.as_string()).unwrap_or_default();
        let began_ms = get(entry, "startTime").and_then(|time| time.as_f64()).unwrap_or(f64::MAX);
        began_ms > from_ms && !address.starts_with("blob:") && !address.starts_with("data:")
    };
    Some(entries.iter().filter(counts).count())
}
