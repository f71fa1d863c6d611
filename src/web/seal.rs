//! The seal: after it nothing can leave the page by itself.
//!
//! A second Content-Security-Policy is appended to the document, stricter than the first. Policies add
//! up and cannot be taken back; workers started from a blob inherit them. What no policy covers is removed from the
//! window before: peer connections, the ways to another tab of this host, the ways to another world (a frame, a window, a
//! worker), which would have all of them again, and the page's own service worker with the files that it gives out.
//! Frames are refused by `public/no_frames.js`, which runs before
//! all other code; the seal tries whether it does. Another activity needs a fresh page load.
//!
//! What it does not bar is listed in SECURITY.md.

use std::cell::RefCell;

use js_sys::{Array, Function, Object, Reflect};
use thiserror::Error;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Window, Worker};

use crate::web::listener::error_text;

/// The sealed policy: nothing may be fetched, connected, framed or sent by a form, except from memory.
/// `style-src 'self'` is not in it: the page's style sheet is loaded before, and scripts may go on
/// setting single properties.
pub const POLICY: &str = "default-src 'none'; script-src 'wasm-unsafe-eval'; worker-src blob:; \
    img-src blob: data:; media-src blob:; form-action 'none'; base-uri 'none'";

/// What can talk to other machines and is bound by no Content-Security-Policy, or not in every browser.
const REMOVED: [&str; 21] = [
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
    // Another tab of this host may not be sealed.
    "BroadcastChannel",
    "SharedWorker",
    // Another window or worker has all of these again.
    "open",
    "documentPictureInPicture",
    "DocumentPictureInPicture",
    "Worker",
    "PresentationRequest",
    // What is kept there is given out at the next visit, as if it were the page.
    "caches",
];

/// What leads to the service worker, and what it can be made to send: a header at the next navigation, a fetch in the
/// background, a message. Their prototypes are emptied, because an object of theirs may have been taken before.
const EMPTIED: [&str; 11] = [
    "ServiceWorkerContainer",
    "ServiceWorkerRegistration",
    "ServiceWorker",
    "NavigationPreloadManager",
    "BackgroundFetchManager",
    "SyncManager",
    "PeriodicSyncManager",
    "PushManager",
    "CookieStoreManager",
    "CacheStorage",
    "Cache",
];

/// What can hold a window of its own, and the properties that lead there.
const FRAMES: &str = "iframe, frame, object, embed, fencedframe";
const FRAME_CLASSES: [&str; 3] = ["HTMLIFrameElement", "HTMLFrameElement", "HTMLObjectElement"];
const FRAME_DOORS: [&str; 3] = ["contentWindow", "contentDocument", "getSVGDocument"];

// Only what is used here.
#[wasm_bindgen]
extern "C" {
    type MutationObserver;
    #[wasm_bindgen(constructor, catch)]
    fn new(callback: &Function) -> Result<MutationObserver, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn observe(this: &MutationObserver, target: &Document, options: &Object) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    fn disconnect(this: &MutationObserver);
}

thread_local! {
    /// Lives as long as the page.
    static FRAME_GUARD: RefCell<Option<FrameGuard>> = const { RefCell::new(None) };
    /// The class of workers, which is removed from the window: engines are started anew after the seal.
    static WORKER: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Why the page could not be sealed; then no camera is started.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "The page could not be closed off from the network ({0}), so the camera stays off. Use a current browser."
)]
pub struct SealFault(String);

/// Proof that the page is sealed: only [`seal`] gives it, and an engine cannot be started without it.
#[derive(Debug, Clone, Copy)]
pub struct Sealed(());

/// Seal the page; does nothing where it is sealed already. Sets `data-sealed="true"` on the root element.
///
/// # Errors
/// [`SealFault`] where a step is refused; the page must then not read any frame.
pub fn seal() -> Result<Sealed, SealFault> {
    set().map(|()| Sealed(())).map_err(|error| SealFault(error_text(&error)))
}

/// Whether [`seal`] has succeeded on this page.
pub fn is_sealed() -> bool {
    root().is_some_and(|root| root.dataset().get("sealed").is_some())
}

impl Sealed {
    /// A worker from a blob's address; on the sealed page nobody else can start one.
    ///
    /// # Errors
    /// What the browser says.
    pub fn start_worker(self, url: &str) -> Result<Worker, JsValue> {
        let class = WORKER.with_borrow(Clone::clone).ok_or("this browser has no workers")?;
        Ok(Reflect::construct(&class, &Array::of1(&JsValue::from_str(url)))?.unchecked_into())
    }
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
    if document.create_element("iframe").is_ok() {
        return Err("frames are not refused".into());
    }
    let worker = Reflect::get(&window, &"Worker".into())?.dyn_into::<Function>().ok();
    WORKER.set(worker);
    for name in REMOVED {
        remove(&window, name)?;
    }
    bar_frames(&window)?;
    bar_service_worker(&window)?;
    let guard = FrameGuard::start(&document)?;
    FRAME_GUARD.set(Some(guard));
    let meta = document.create_element("meta")?;
    meta.set_attribute("http-equiv", "Content-Security-Policy")?;
    meta.set_attribute("content", POLICY)?;
    head.append_child(&meta)?;
    root().ok_or("there is no root element")?.dataset().set("sealed", "true")
}

/// Replace a global by `undefined` for good.
fn remove(window: &Window, name: &str) -> Result<(), JsValue> {
    let key = JsValue::from_str(name);
    if !Reflect::has(window, &key)? {
        return Ok(());
    }
    Reflect::delete_property(window, &key)?;
    fix(window, name)
}

/// Make the property `name` undefined for good: a descriptor without `writable` and `configurable` is final.
fn fix(object: &Object, name: &str) -> Result<(), JsValue> {
    let descriptor = Object::new();
    Reflect::set(&descriptor, &JsValue::from_str("value"), &JsValue::UNDEFINED)?;
    if Reflect::define_property(object, &JsValue::from_str(name), &descriptor)? {
        Ok(())
    } else {
        Err(JsValue::from_str(&format!("{name} cannot be removed")))
    }
}

/// Close the properties by which a script reaches the window of a frame that it has made.
fn bar_frames(window: &Window) -> Result<(), JsValue> {
    for class in FRAME_CLASSES {
        let Ok(class) = Reflect::get(window, &JsValue::from_str(class)) else { continue };
        if !class.is_function() {
            continue;
        }
        let prototype: Object = Reflect::get(&class, &JsValue::from_str("prototype"))?.unchecked_into();
        for door in FRAME_DOORS {
            if Reflect::has(&prototype, &JsValue::from_str(door))? {
                fix(&prototype, door)?;
            }
        }
    }
    Ok(())
}

/// Close the ways to the service worker.
fn bar_service_worker(window: &Window) -> Result<(), JsValue> {
    for class in EMPTIED {
        let Ok(class) = Reflect::get(window, &JsValue::from_str(class)) else { continue };
        if !class.is_function() {
            continue;
        }
        let prototype: Object = Reflect::get(&class, &JsValue::from_str("prototype"))?.unchecked_into();
        for key in Reflect::own_keys(&prototype)?.iter().filter_map(|key| key.as_string()) {
            if key != "constructor" {
                fix(&prototype, &key)?;
            }
        }
    }
    let navigator = window.navigator();
    if Reflect::has(&navigator, &JsValue::from_str("serviceWorker"))? {
        fix(&navigator, "serviceWorker")?;
        fix(&Object::get_prototype_of(&navigator), "serviceWorker")?;
    }
    Ok(())
}

/// Takes every frame out of the document as soon as the script that put it there has ended, should one come in by a way
/// that is not known yet: what a frame had begun to connect ends with it. The page itself has no frames.
struct FrameGuard {
    observer: MutationObserver,
    _on_change: Closure<dyn FnMut()>,
}

impl FrameGuard {
    fn start(document: &Document) -> Result<Self, JsValue> {
        let watched = document.clone();
        let on_change = Closure::<dyn FnMut()>::new(move || {
            while let Ok(Some(frame)) = watched.query_selector(FRAMES) {
                frame.remove();
            }
        });
        let observer = MutationObserver::new(on_change.as_ref().unchecked_ref())?;
        let options = Object::new();
        for option in ["childList", "subtree"] {
            Reflect::set(&options, &JsValue::from_str(option), &JsValue::TRUE)?;
        }
        observer.observe(document, &options)?;
        Ok(Self { observer, _on_change: on_change })
    }
}

impl Drop for FrameGuard {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
