//! Event listeners and timers that end with their handle.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget};

/// A listener for one kind of event; it is removed when this is dropped, also from within itself.
#[must_use = "the listener is removed when this is dropped"]
pub struct Listener {
    /// `None` where there is nothing to listen to.
    heard: Option<Heard>,
}

struct Heard {
    target: EventTarget,
    kind: &'static str,
    closure: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Call `on_event` for every event of the `kind` at `target`.
    pub fn new(
        target: &impl AsRef<EventTarget>,
        kind: &'static str,
        on_event: impl FnMut(Event) + 'static,
    ) -> Self {
        let target = target.as_ref().clone();
        let closure = Closure::new(on_event);
        // Fails only where the callback is no function.
        let _ = target.add_event_listener_with_callback(kind, closure.as_ref().unchecked_ref());
        Self { heard: Some(Heard { target, kind, closure }) }
    }

    /// Have the browser ask before the page is left, as long as something is `unsaved`.
    pub fn before_leaving(window: &web_sys::Window, unsaved: impl Fn() -> bool + 'static) -> Self {
        Self::new(window, "beforeunload", move |event| {
            if unsaved() {
                event.prevent_default();
            }
        })
    }

    /// A listener that never hears anything: what it would listen to does not exist in this browser.
    pub fn none() -> Self {
        Self { heard: None }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(Heard { target, kind, closure }) = self.heard.take() {
            let _ = target.remove_event_listener_with_callback(kind, closure.as_ref().unchecked_ref());
        }
    }
}

/// A repeating timer; it ends when this is dropped.
#[must_use = "the timer ends when this is dropped"]
pub struct Interval {
    id: i32,
    _closure: Closure<dyn FnMut()>,
}

impl Interval {
    /// Call `on_tick` every `period_ms` milliseconds; `None` outside a window.
    pub fn new(period_ms: i32, on_tick: impl FnMut() + 'static) -> Option<Self> {
        let closure = Closure::<dyn FnMut()>::new(on_tick);
        let id = web_sys::window()?
            .set_interval_with_callback_and_timeout_and_arguments_0(
                closure.as_ref().unchecked_ref(),
                period_ms,
            )
            .ok()?;
        Some(Self { id, _closure: closure })
    }
}

impl Drop for Interval {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            window.clear_interval_with_handle(self.id);
        }
    }
}

/// Waits for the first of several events, with a limit. It listens from the moment on at which it is made: make it before
/// what causes the events.
#[must_use = "events are missed when this is dropped"]
pub struct FirstOf {
    happens: js_sys::Promise,
    _listeners: Vec<Listener>,
    _limit: Option<Timer>,
}

impl FirstOf {
    pub fn new(target: &impl AsRef<EventTarget>, kinds: &[&'static str], limit_ms: i32) -> Self {
        let mut settle = None;
        let happens = js_sys::Promise::new(&mut |done, _| settle = Some(done));
        let listen = |kind: &'static str| {
            let settle = settle.clone();
            Listener::new(target, kind, move |_| call(settle.as_ref(), &JsValue::from_str(kind)))
        };
        let listeners = kinds.iter().map(|kind| listen(kind)).collect();
        let limit = Timer::new(limit_ms, {
            let settle = settle.clone();
            move || call(settle.as_ref(), &JsValue::NULL)
        });
        Self { happens, _listeners: listeners, _limit: limit }
    }

    /// The kind of the event that came first; `None` where none came in time.
    pub async fn wait(self) -> Option<String> {
        wasm_bindgen_futures::JsFuture::from(self.happens.clone()).await.ok()?.as_string()
    }
}

/// A promise's function; called again it does nothing.
fn call(settle: Option<&js_sys::Function>, value: &JsValue) {
    if let Some(settle) = settle {
        // A promise's own function does not throw.
        let _ = settle.call1(&JsValue::NULL, value);
    }
}

/// A timer that rings once; it does not where this is dropped before.
#[must_use = "the timer ends when this is dropped"]
pub struct Timer {
    id: i32,
    _closure: Closure<dyn FnMut()>,
}

impl Timer {
    /// Call `on_end` after `delay_ms` milliseconds; `None` outside a window.
    pub fn new(delay_ms: i32, on_end: impl FnMut() + 'static) -> Option<Self> {
        let closure = Closure::<dyn FnMut()>::new(on_end);
        let id = web_sys::window()?
            .set_timeout_with_callback_and_timeout_and_arguments_0(closure.as_ref().unchecked_ref(), delay_ms)
            .ok()?;
        Some(Self { id, _closure: closure })
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            window.clear_timeout_with_handle(self.id);
        }
    }
}

/// The text of whatever JavaScript threw: an error's message, a string, or its kind.
pub fn error_text(error: &JsValue) -> String {
    if let Some(error) = error.dyn_ref::<js_sys::Error>() {
        return String::from(error.message());
    }
    if let Some(error) = error.dyn_ref::<web_sys::DomException>() {
        return error.message();
    }
    error.as_string().unwrap_or_else(|| format!("{error:?}"))
}

/// The name of whatever JavaScript threw (`NotAllowedError`, `TypeError`), or nothing.
pub fn error_name(error: &JsValue) -> String {
    js_sys::Reflect::get(error, &JsValue::from_str("name"))
        .ok()
        .and_then(|name| name.as_string())
        .unwrap_or_default()
}
