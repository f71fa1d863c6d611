//! The engine's worker: each request in, exactly one reply out.
//!
//! A panic or a trap replies nothing; the page hears of it by the worker's `error` event and answers
//! everything that waits, see [`crate::web::worker_source`].

mod pixels;
#[cfg(feature = "pictures")]
mod stills;

use std::cell::RefCell;

use js_sys::{ArrayBuffer, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use self::pixels::{FrameSource, PixelReader};
use crate::order::{Order, Place};
use crate::protocol::{Fault, Reply, Request};
pub use crate::worker_port::start;
use crate::worker_port::{now_ms, post, read};
use emotion_core::engine::{Engine, EngineError};
use emotion_core::frame::Frame;
use emotion_core::reading::FrameReading;

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
    static ORDER: Order = Order::default();
}

#[derive(Default)]
struct State {
    engine: Option<Engine>,
    /// Those that copy no frame at the moment.
    readers: Vec<PixelReader>,
}

/// Handle one message of the page and post its reply when it is ready, after the replies to the messages before it.
pub fn receive(message: JsValue) {
    let place = ORDER.with(Order::place);
    spawn_local(async move {
        let (reply, payload) = answer(&message, &place).await;
        place.turn().await;
        post(&reply, payload);
    });
}

/// The reply and the payload that goes with it.
async fn answer(message: &JsValue, place: &Place) -> (Reply, Option<ArrayBuffer>) {
    let request = match read(message) {
        Ok(request) => request,
        // Without an id nobody waits; 0 is never given, so the page drops it.
        Err(fault) => return (Reply::Failed { id: 0, fault }, None),
    };
    let payload = Reflect::get(message, &JsValue::from_str("payload")).unwrap_or(JsValue::UNDEFINED);
    let id = request.id();
    let mut sent = None;
    // A frame is copied while the one before it is read; nothing else overtakes.
    if !matches!(request, Request::Analyse { .. }) {
        place.turn().await;
    }
    let outcome = match request {
        Request::Load { .. } => load(&payload).map(|load_ms| Reply::Loaded { id, load_ms }),
        Request::Analyse { time_ms, .. } => {
            analyse(payload, time_ms, place).await.map(|reading| Reply::Analysed { id, reading })
        }
        Request::Forget { .. } => {
            STATE.with_borrow_mut(|state| {
                if let Some(engine) = &mut state.engine {
                    engine.forget();
                }
            });
            Ok(Reply::Forgotten { id })
        }
        Request::Remember { face, .. } => {
            STATE.with_borrow_mut(|state| {
                if let Some(engine) = &mut state.engine {
                    engine.remember(face);
                }
            });
            Ok(Reply::Remembered { id })
        }
        #[cfg(feature = "pictures")]
        Request::Read { reach, .. } => stills::read(payload, reach).await.map(|read| {
            sent = Some(read.thumbnails.clone());
            let stills::Read { reading, by_browser, smallest_px, note, searches, .. } = read;
            Reply::Read { id, reading, by_browser, smallest_px, note, searches }
        }),
        #[cfg(not(feature = "pictures"))]
        Request::Read { .. } => {
            sent = None;
            Err(Fault::Message("this engine reads no picture files".into()))
        }
        Request::Ask { .. } => Err(Fault::Message("this engine knows no panels".into())),
    };
    (outcome.unwrap_or_else(|fault| Reply::Failed { id, fault }), sent)
}

/// Load the models and run both networks once, so that the first frame is as fast as the others.
/// Returns the milliseconds that this took.
fn load(payload: &JsValue) -> Result<f64, Fault> {
    let start_ms = now_ms();
    let [manifest, detector, classifier] = ["manifest", "detector", "classifier"].map(|name| {
        let bytes = Reflect::get(payload, &JsValue::from_str(name)).ok()?;
        bytes.is_instance_of::<ArrayBuffer>().then(|| Uint8Array::new(&bytes).to_vec())
    });
    let (Some(manifest), Some(detector), Some(classifier)) = (manifest, detector, classifier) else {
        return Err(Fault::Message("the models did not come with the request".into()));
    };
    let mut engine = Engine::new(&manifest, &detector, &classifier).map_err(model_fault)?;
    let (width, height) = (128, 128);
    let grey = vec![128; width * height * 4];
    let frame = Frame::new(width, height, &grey).map_err(|error| Fault::Frame(error.to_string()))?;
    engine.analyse(&frame, 0.0, &now_ms).map_err(model_fault)?;
    engine.classify_crop(&[128; 48 * 48]).map_err(model_fault)?;
    engine.forget();
    STATE.with_borrow_mut(|state| state.engine = Some(engine));
    Ok(now_ms() - start_ms)
}

async fn analyse(payload: JsValue, time_ms: f64, place: &Place) -> Result<FrameReading, Fault> {
    let start_ms = now_ms();
    let picture =
        FrameSource::from_js(payload).ok_or_else(|| Fault::Message("a request without a frame".into()))?;
    let mut reader = STATE.with_borrow_mut(|state| state.readers.pop()).unwrap_or_default();
    let size = reader.read(&picture).await;
    // The camera has few buffers: give this one back before the work begins.
    drop(picture);
    let copy_ms = now_ms() - start_ms;
    place.turn().await;
    let turn_ms = now_ms();
    let outcome = STATE.with_borrow_mut(|state| {
        let (width, height) = size.map_err(Fault::Frame)?;
        let frame =
            Frame::new(width, height, reader.rgba()).map_err(|error| Fault::Frame(error.to_string()))?;
        let engine = state.engine.as_mut().ok_or(Fault::NotReady)?;
        engine.analyse(&frame, time_ms, &now_ms).map_err(|error| Fault::Engine(sentence_part(&error)))
    });
    STATE.with_borrow_mut(|state| state.readers.push(reader));
    let mut reading = outcome?;
    reading.stages.copy_ms = copy_ms;
    // Waiting for the frame before is no work on this one.
    reading.stages.total_ms = copy_ms + now_ms() - turn_ms;
    Ok(reading)
}

fn model_fault(error: EngineError) -> Fault {
    Fault::Model(sentence_part(&error))
}

/// The error's text without its full stop: it goes into the middle of a fault's sentence.
fn sentence_part(error: &EngineError) -> String {
    error.to_string().trim_end_matches('.').to_owned()
}
