//! Where this page is open: its address, the page around it, the browser.

use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;

use crate::view::study::obstacles::Surroundings;
use crate::web::camera;
use crate::web::support::{self, Need};

/// What stands behind `#` in the address, with it; empty where there is nothing.
pub fn fragment() -> String {
    web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// Put another fragment into the address, without loading anything and without a new entry in the history.
pub fn set_fragment(fragment: &str) {
    if self::fragment() == fragment {
        return;
    }
    keep_icon_in_memory();
    let put = || -> Option<()> {
        let window = web_sys::window()?;
        let location = window.location();
        let address = format!("{}{}{fragment}", location.pathname().ok()?, location.search().ok()?);
        let history = Reflect::get(&window, &JsValue::from_str("history")).ok()?;
        let replace: Function =
            Reflect::get(&history, &JsValue::from_str("replaceState")).ok()?.dyn_into().ok()?;
        replace.call3(&history, &JsValue::NULL, &JsValue::from_str(""), &JsValue::from_str(&address)).ok()?;
        Some(())
    };
    // Where it cannot be put, the address stays as the person has it.
    let _ = put();
}

/// The page's icon without a request: with a new address a browser asks for it once more, and the seal would bar that.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cpath \
    fill='none' stroke='%2317507f' stroke-width='4' d='M6 22a12 12 0 1 1 20 0'/%3E%3C/svg%3E";

fn keep_icon_in_memory() {
    let document = web_sys::window().and_then(|window| window.document());
    let icon = document.and_then(|document| document.query_selector("link[rel=icon]").ok().flatten());
    if let Some(icon) = icon {
        // Where it is refused, the console tells of a request that was barred, and nothing else happens.
        let _ = icon.set_attribute("href", ICON);
    }
}

/// The whole address.
pub fn address() -> String {
    web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default()
}

/// The language of the browser, as `de-AT`.
pub fn language() -> String {
    web_sys::window().and_then(|window| window.navigator().language()).unwrap_or_default()
}

/// Whether this page is shown inside another one.
pub fn is_framed() -> bool {
    let Some(window) = web_sys::window() else { return false };
    let top = Reflect::get(&window, &JsValue::from_str("top")).unwrap_or(JsValue::NULL);
    top != JsValue::from(window)
}

/// Load the page anew.
pub fn reload() {
    if let Some(window) = web_sys::window() {
        // A page that is going away anyway cannot be loaded.
        let _ = window.location().reload();
    }
}

/// What can stand in the way of a study here.
pub async fn surroundings(needs: &[Need]) -> Surroundings {
    let Some(window) = web_sys::window() else { return Surroundings::default() };
    let cameras = if camera::is_supported() { Some(camera::list().await.len()) } else { None };
    Surroundings {
        secure: window.is_secure_context(),
        lacking: support::missing(needs).is_some(),
        framed: is_framed(),
        camera_allowed: camera_allowed(),
        cameras,
        user_agent: window.navigator().user_agent().unwrap_or_default(),
    }
}

/// Whether the page around this one lets it use the camera; `None` where the browser does not tell.
fn camera_allowed() -> Option<bool> {
    let document = web_sys::window()?.document()?;
    ["permissionsPolicy", "featurePolicy"].iter().find_map(|name| {
        let policy = Reflect::get(&document, &JsValue::from_str(name)).ok()?;
        let allows: Function =
            Reflect::get(&policy, &JsValue::from_str("allowsFeature")).ok()?.dyn_into().ok()?;
        allows.call1(&policy, &JsValue::from_str("camera")).ok()?.as_bool()
    })
}

/// The shorter side of the screen in CSS pixels, and whether it is touched with a finger: for the kind of device.
pub fn screen() -> (f64, bool) {
    let Some(window) = web_sys::window() else { return (0.0, false) };
    let screen = Reflect::get(&window, &JsValue::from_str("screen")).unwrap_or(JsValue::NULL);
    let side = |name: &str| {
        Reflect::get(&screen, &JsValue::from_str(name)).ok().and_then(|side| side.as_f64()).unwrap_or(0.0)
    };
    let touched = window.match_media("(pointer: coarse)").ok().flatten().is_some_and(|query| query.matches());
    (side("width").min(side("height")), touched)
}
