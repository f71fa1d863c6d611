//! Ways out of the page by a person's own act: the clipboard, the device's share sheet, a message to the page around this one.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageEvent;

use crate::view::study::parent::RESULT;
use crate::web::listener::{Listener, error_name};

/// Put a text into the clipboard, from within a click; false where the browser refuses.
pub async fn copy(text: &str) -> bool {
    let write = || -> Option<Promise> {
        let navigator = web_sys::window()?.navigator();
        let clipboard = Reflect::get(&navigator, &JsValue::from_str("clipboard")).ok()?;
        let write: Function =
            Reflect::get(&clipboard, &JsValue::from_str("writeText")).ok()?.dyn_into().ok()?;
        write.call1(&clipboard, &JsValue::from_str(text)).ok()?.dyn_into().ok()
    };
    match write() {
        Some(written) => JsFuture::from(written).await.is_ok(),
        None => false,
    }
}

/// What came of the share sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shared {
    Done,
    /// The person closed the sheet.
    Cancelled,
    Failed,
}

fn what(bytes: &[u8], name: &str) -> Option<JsValue> {
    let window = web_sys::window()?;
    let constructor: Function = Reflect::get(&window, &JsValue::from_str("File")).ok()?.dyn_into().ok()?;
    let options = Object::new();
    Reflect::set(&options, &JsValue::from_str("type"), &JsValue::from_str("application/gzip")).ok()?;
    let parts = Array::of1(&Uint8Array::from(bytes));
    let arguments: Array = Array::of3(&parts, &JsValue::from_str(name), &options);
    let file = Reflect::construct(&constructor, &arguments).ok()?;
    let data = Object::new();
    Reflect::set(&data, &JsValue::from_str("files"), &Array::of1(&file)).ok()?;
    Some(data.into())
}

/// Whether this device has a share sheet that takes such a file.
pub fn can_share(bytes: &[u8], name: &str) -> bool {
    let can = || -> Option<bool> {
        let navigator = web_sys::window()?.navigator();
        let can: Function = Reflect::get(&navigator, &JsValue::from_str("canShare")).ok()?.dyn_into().ok()?;
        can.call1(&navigator, &what(bytes, name)?).ok()?.as_bool()
    };
    can().unwrap_or(false)
}

/// Open the share sheet with a file, from within a click.
pub async fn share(bytes: &[u8], name: &str) -> Shared {
    let share = || -> Option<Promise> {
        let navigator = web_sys::window()?.navigator();
        let share: Function = Reflect::get(&navigator, &JsValue::from_str("share")).ok()?.dyn_into().ok()?;
        share.call1(&navigator, &what(bytes, name)?).ok()?.dyn_into().ok()
    };
    let Some(sharing) = share() else { return Shared::Failed };
    match JsFuture::from(sharing).await {
        Ok(_) => Shared::Done,
        Err(error) if error_name(&error) == "AbortError" => Shared::Cancelled,
        Err(_) => Shared::Failed,
    }
}

/// A result for the page around this one.
pub struct ForParent<'a> {
    pub session: &'a str,
    pub outcome: &'a str,
    pub file_name: &'a str,
    pub sha256: &'a str,
    pub file: &'a [u8],
}

/// Send a result to the page around this one, to the named origin only; any other gets nothing. False where there is no such page.
pub fn send_to_parent(origin: &str, result: &ForParent<'_>) -> bool {
    let send = || -> Result<(), JsValue> {
        let window = web_sys::window().ok_or(JsValue::NULL)?;
        let parent = window.parent()?.ok_or(JsValue::NULL)?;
        if parent == window {
            return Err(JsValue::NULL);
        }
        let message = Object::new();
        let put = |name: &str, value: &JsValue| Reflect::set(&message, &JsValue::from_str(name), value);
        put("type", &JsValue::from_str(RESULT))?;
        put("version", &JsValue::from_f64(1.0))?;
        put("session", &JsValue::from_str(result.session))?;
        put("outcome", &JsValue::from_str(result.outcome))?;
        put("file_name", &JsValue::from_str(result.file_name))?;
        put("sha256", &JsValue::from_str(result.sha256))?;
        put("file", &Uint8Array::from(result.file).buffer())?;
        parent.post_message(&message, origin)
    };
    send().is_ok()
}

/// Call `on_message` with the JSON text and the origin of each message that comes to this page.
pub fn on_message(mut on_message: impl FnMut(&str, &str) + 'static) -> Listener {
    let Some(window) = web_sys::window() else { return Listener::none() };
    Listener::new(&window, "message", move |event| {
        let Ok(event) = event.dyn_into::<MessageEvent>() else { return };
        let Ok(text) = js_sys::JSON::stringify(&event.data()) else { return };
        if let Some(text) = text.as_string() {
            on_message(&text, &event.origin());
        }
    })
}
