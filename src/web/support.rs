//! What a browser must be able to do.

use js_sys::{Reflect, Uint8Array, WebAssembly};
use wasm_bindgen::JsValue;

use crate::web::asset_list::Activity;

/// A module with one function that uses one instruction of simd128 (`i8x16.splat`, `i8x16.popcnt`),
/// the shortest that a browser without it refuses.
const SIMD: [u8; 31] = [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253,
    98, 11,
];

/// A sentence that names what this browser lacks for an activity and says what to do; `None` where it lacks nothing.
pub fn missing(activity: Activity) -> Option<String> {
    let window = web_sys::window()?;
    if !window.is_secure_context() {
        return Some(
            "This page was not opened by a secure address, so its files cannot be checked and browsers keep the \
             camera from it. Open it by https, or as localhost."
                .to_owned(),
        );
    }
    let has = |name: &str| Reflect::has(&window, &JsValue::from_str(name)).unwrap_or(false);
    let mut needs = vec![
        (simd(), "WebAssembly with SIMD"),
        (has("Worker"), "workers"),
        (has("OffscreenCanvas"), "canvases in workers"),
        (has("ReadableStream"), "streams"),
    ];
    if activity != Activity::Photos {
        needs.push((has("VideoFrame") || has("createImageBitmap"), "access to single pictures of a video"));
    }
    if activity == Activity::Live {
        needs.extend([
            (has("indexedDB"), "storage for recordings"),
            (crate::web::camera::is_supported(), "access to cameras"),
        ]);
    }
    let lacking: Vec<&str> = needs.iter().filter(|(has, _)| !has).map(|(_, name)| *name).collect();
    if lacking.is_empty() {
        return None;
    }
    Some(format!(
        "This browser lacks {}. Use a current Chrome, Edge, Firefox or Safari (16.4 or newer).",
        lacking.join(", ")
    ))
}

fn simd() -> bool {
    WebAssembly::validate(&Uint8Array::from(SIMD.as_slice())).unwrap_or(false)
}
