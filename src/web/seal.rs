//! The seal: after it nothing can leave the page by itself.
//!
//! A second Content-Security-Policy is appended to the document, stricter than the first. Policies add
//! up and cannot be taken back; workers started from a blob inherit them. What no policy covers, peer
//! connections, is removed from the window before. Another activity needs a fresh page load.

use js_sys::{Object, Reflect};
use thiserror::Error;
use wasm_bindgen::prelude::*;

use crate::web::listener::error_text;

/// The sealed policy: nothing may be fetched, connected, framed or sent by a form, except from memory.
/// `style-src 'self'` is not in it: the page's style sheet is loaded before, and scripts may go on
/// setting single properties.
pub const POLICY: &str = "default-src 'none'; script-src 'wasm-unsafe-eval'; worker-src blob:; \
    img-src blob: data:; media-src blob:; form-action 'none'; base-uri 'none'";

/// What can talk to other machines and is bound by no Content-Security-Policy, or not in every browser.
const REMOVED: [&str; 13] = [
    "RTCPeerConnection",
    "webkitRTCPeerConnection",
    "mozRTCPeerConnection",
    "RTCDataChannel",
    "RTCIceTransport",
    "RTCDtlsTransport",
    "RTCSctpTransport",
    "RTCRtpSender",
    "RTCRtpReceiver",
    "WebTransport",
    "WebSocketStream",
    "TCPSocket",
    "UDPSocket",
];

/// Why the page could not be sealed; then no camera is started.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "The page could not be closed off from the network ({0}), so the camera stays off. Use a current browser."
)]
pub struct SealFault(String);

/// Seal the page; does nothing where it is sealed already. Sets `data-sealed="true"` on the root element.
///
/// # Errors
/// [`SealFault`] where a step is refused; the page must then not read any frame.
pub fn seal() -> Result<(), SealFault> {
    set().map_err(|error| SealFault(error_text(&error)))
}

/// Whether [`seal`] has succeeded on this page.
pub fn is_sealed() -> bool {
    root().is_some_and(|root| root.dataset().get("sealed").is_some())
}

fn root() -> Option<web_sys::HtmlElement> {
    web_sys::window()?.document()?.document_element()?.dyn_into().ok()
}

fn set() -> Result<(), JsValue> {
    if is_sealed() {
        return Ok(());
    }
    let window = web_sys::window().ok_or("there is no window")?;
    let document = window.document().ok_or("there is no document")?;
    let head = document.head().ok_or("there is no head")?;
    for name in REMOVED {
        remove(&window, name)?;
    }
    let meta = document.create_element("meta")?;
    meta.set_attribute("http-equiv", "Content-Security-Policy")?;
    meta.set_attribute("content", POLICY)?;
    head.append_child(&meta)?;
    root().ok_or("there is no root element")?.dataset().set("sealed", "true")
}

/// Replace a global by `undefined` for good.
fn remove(window: &web_sys::Window, name: &str) -> Result<(), JsValue> {
    let key = JsValue::from_str(name);
    if !Reflect::has(window, &key)? {
        return Ok(());
    }
    Reflect::delete_property(window, &key)?;
    // A descriptor without `writable` and `configurable` is final.
    let descriptor = Object::new();
    Reflect::set(&descriptor, &JsValue::from_str("value"), &JsValue::UNDEFINED)?;
    if Reflect::define_property(window, &key, &descriptor)? {
        Ok(())
    } else {
        Err(JsValue::from_str(&format!("{name} cannot be removed")))
    }
}
