//! What a browser must be able to do.

use js_sys::{Reflect, Uint8Array, WebAssembly};
use wasm_bindgen::JsValue;

/// A module with one function that uses one instruction of simd128 (`i8x16.splat`, `i8x16.popcnt`),
/// the shortest that a browser without it refuses.
const SIMD: [u8; 31] = [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253,
    98, 11,
];

/// What an activity may need of a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// An engine in a worker.
    Engine,
    /// Single pictures of a video or a camera.
    VideoPictures,
    Camera,
    /// A store for recordings.
    Storage,
}

/// A sentence that names what this browser lacks of what is needed and says what to do; `None` where it lacks nothing.
pub fn missing(needs: &[Need]) -> Option<String> {
    let window = web_sys::window()?;
    if !window.is_secure_context() {
        return Some(
            "This page was not opened by a secure address, so its files cannot be checked and browsers keep the \
             camera from it. Open it by https, or as localhost."
                .to_owned(),
        );
    }
    let has = |name: &str| Reflect::has(&window, &JsValue::from_str(name)).unwrap_or(false);
    let checks = needs.iter().flat_map(|need| match need {
        Need::Engine => vec![
            (simd(), "WebAssembly with SIMD"),
            (has("Worker"), "workers"),
            (has("OffscreenCanvas"), "canvases in workers"),
            (has("ReadableStream"), "streams"),
        ],
        Need::VideoPictures => {
            vec![(has("VideoFrame") || has("createImageBitmap"), "access to single pictures of a video")]
        }
        Need::Storage => vec![(has("indexedDB"), "storage for recordings")],
        Need::Camera => vec![(crate::web::camera::is_supported(), "access to cameras")],
    });
    let lacking: Vec<&str> = checks.filter(|(has, _)| !has).map(|(_, name)| name).collect();
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
