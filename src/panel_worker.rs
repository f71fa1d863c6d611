//! The worker of panels: each question in, exactly one answer out. The desk does the work; here are its bytes.

use std::cell::RefCell;

use emotion_panel::desk::{Answer, Ask, Desk};
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Blob;

use crate::protocol::{Fault, Reply, Request};
pub use crate::worker_port::start;
use crate::worker_port::{post, read};

thread_local! {
    static DESK: RefCell<Desk> = RefCell::default();
}

/// Handle one message of the page and post its reply when it is ready.
pub fn receive(message: JsValue) {
    spawn_local(async move {
        let (reply, payload) = match read(&message) {
            Ok(request) => reply(request, &message).await,
            // Without an id nobody waits; 0 is never given, so the page drops it.
            Err(fault) => (Reply::Failed { id: 0, fault }, None),
        };
        post(&reply, payload);
    });
}

async fn reply(request: Request, message: &JsValue) -> (Reply, Option<ArrayBuffer>) {
    let id = request.id();
    let outcome = match request {
        Request::Load { .. } => return (Reply::Loaded { id, load_ms: 0.0 }, None),
        Request::Ask { ask, .. } => answer(&ask, message).await,
        _ => Err(Fault::Message("the worker of panels reads no pictures".into())),
    };
    match outcome {
        Ok((answer, bytes)) => (Reply::Answered { id, answer }, bytes),
        Err(fault) => (Reply::Failed { id, fault }, None),
    }
}

async fn answer(ask: &str, message: &JsValue) -> Result<(String, Option<ArrayBuffer>), Fault> {
    let unreadable = |error: serde_json::Error| Fault::Message(error.to_string());
    let ask: Ask = serde_json::from_str(ask).map_err(unreadable)?;
    let payload = js_sys::Reflect::get(message, &JsValue::from_str("payload")).unwrap_or(JsValue::UNDEFINED);
    let bytes = match payload.dyn_into::<Blob>() {
        Ok(file) => match JsFuture::from(file.array_buffer()).await {
            Ok(buffer) => Uint8Array::new(&buffer).to_vec(),
            // Moved or changed since it was chosen: a row among the others.
            Err(_) => {
                return wrapped(DESK.with_borrow_mut(|desk| match ask {
                    Ask::Read { name } => desk.unreadable(&name),
                    _ => (
                        Answer::Fault("The file cannot be read any more. Choose it again.".into()),
                        Vec::new(),
                    ),
                }));
            }
        },
        Err(_) => Vec::new(),
    };
    wrapped(DESK.with_borrow_mut(|desk| desk.answer(ask, bytes)))
}

fn wrapped((answer, bytes): (Answer, Vec<u8>)) -> Result<(String, Option<ArrayBuffer>), Fault> {
    let text = serde_json::to_string(&answer).map_err(|error| Fault::Message(error.to_string()))?;
    let is_file = matches!(answer, Answer::File { .. });
    Ok((text, is_file.then(|| Uint8Array::from(&bytes[..]).buffer())))
}
