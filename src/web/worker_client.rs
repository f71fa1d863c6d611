//! The page's end of the engine's worker: one reply for every request, whatever happens to the worker.

mod frames;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use thiserror::Error;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, ErrorEvent, MessageEvent, Worker};

use self::frames::{Begun, Reserved};
use crate::protocol::{Fault, Reply, Request};
use crate::web::assets::Assets;
use crate::web::capture::CapturedFrame;
use crate::web::listener::{Interval, Listener, error_name, error_text};
use crate::web::object_url::ObjectUrl;
use crate::web::pending::{Answer, Pending};
use crate::web::seal::Sealed;
use crate::web::turn::Turns;
use crate::web::worker_source::{crash_reason, worker_source};
use emotion_core::reading::FrameReading;
use emotion_core::still::Reach;

/// Seconds that a request may take: loading on a slow telephone, and one frame.
const LOAD_SECONDS: u32 = 120;
const FRAME_SECONDS: u32 = 20;
/// Reading one picture file: a closer search of 100 megapixels takes minutes.
const PICTURE_SECONDS: u32 = 900;
/// One question about a panel: a report of many stimuli takes minutes.
const ASK_SECONDS: u32 = 900;

/// Why the engine gave no answer. The message is for a person; after all but [`EngineFault::Request`] with
/// a bad frame and [`EngineFault::Busy`], start a new client from the same assets.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum EngineFault {
    /// The worker answered that it could not.
    #[error("{0}")]
    Request(#[from] Fault),
    #[error("The engine could not be started: {0}. Reload the page.")]
    Start(String),
    #[error("The engine stopped unexpectedly ({0}). Start it again.")]
    Crashed(String),
    #[error("The engine did not answer in time. Close other programs; then start it again.")]
    Silent,
    #[error("The engine was stopped.")]
    Stopped,
    #[error("The engine is still busy with the frames before.")]
    Busy,
}

/// A reply with its payload; `undefined` where it has none.
type Outcome = Result<(Reply, JsValue), EngineFault>;

/// What the engine found in a picture file.
pub struct ReadPicture {
    pub reading: FrameReading,
    /// See [`Reply::Read`].
    pub by_browser: bool,
    pub smallest_px: f32,
    pub note: Option<String>,
    pub searches: u32,
    /// Thumbnails, one after the other, RGBA.
    pub thumbnails: Uint8Array,
}

/// A running engine. Dropping it ends its worker; requests on their way are answered with
/// [`EngineFault::Stopped`].
#[must_use = "the engine stops when this is dropped"]
pub struct EngineClient {
    link: Rc<Link>,
    _listeners: [Listener; 3],
    _watch: Option<Interval>,
}

struct Link {
    worker: Worker,
    /// The address of its source, until it has answered.
    url: RefCell<Option<ObjectUrl>>,
    state: RefCell<LinkState>,
}

#[derive(Default)]
struct LinkState {
    pending: Pending<Outcome>,
    turns: Turns,
    /// Why the worker is gone, once it is.
    gone: Option<EngineFault>,
}

impl EngineClient {
    /// Start a worker from a blob; [`EngineClient::load`] makes an engine of it. The page must be sealed, since a worker that
    /// was started before could still reach the network.
    ///
    /// # Errors
    /// [`EngineFault::Start`]: the worker does not start.
    pub fn spawn(assets: &Assets, sealed: Sealed) -> Result<Self, EngineFault> {
        let fault = |error: JsValue| EngineFault::Start(error_text(&error));
        let (worker, url) = spawn(&assets.glue, sealed).map_err(fault)?;
        let link = Rc::new(Link { worker, state: RefCell::default(), url: RefCell::new(Some(url)) });
        let client = Self { _listeners: link.listen(), _watch: link.watch(), link };
        client.link.worker.post_message(&assets.module).map_err(fault)?;
        Ok(client)
    }

    /// Load the models into the worker. The future does not borrow the client.
    ///
    /// # Errors
    /// [`EngineFault`]: the worker does not answer, a model is refused.
    pub fn load(&self, assets: &Assets) -> impl Future<Output = Result<(), EngineFault>> + use<> {
        let (link, assets) = (self.link.clone(), assets.clone());
        async move {
            let models = Object::new();
            let transfer = Array::new();
            for (name, bytes) in &assets.models {
                // A copy goes to the worker; the page's own stays for a restart.
                let copy = bytes.slice(0, bytes.length()).buffer();
                transfer.push(&copy);
                Reflect::set(&models, &JsValue::from_str(name), &copy)
                    .map_err(|error| EngineFault::Start(error_text(&error)))?;
            }
            let answer = link.send(|id| Request::Load { id }, &models, &transfer, LOAD_SECONDS)?.await;
            // The worker has answered, so it has read its source.
            link.url.take();
            match answer? {
                (Reply::Loaded { .. }, _) => Ok(()),
                (other, _) => Err(unexpected(&other)),
            }
        }
    }

    /// What the engine finds in one frame, which is on its way when this returns. The worker reads frames in the order in which
    /// they were given; [`MOST_FRAMES`](crate::web::turn::MOST_FRAMES) may be on their way, one more is refused as
    /// [`EngineFault::Busy`]. The future does not borrow the client.
    pub fn analyse(
        &self,
        frame: CapturedFrame,
    ) -> impl Future<Output = Result<FrameReading, EngineFault>> + use<> {
        let begun = Reserved::new(&self.link).map(|turn| (turn.begin(frame), turn));
        async move {
            let (begun, turn) = begun?;
            // Whoever gives this future up gives the turn back, unless a request is on its way: that ends with its reply.
            let answer = match begun? {
                Begun::Sent(answer) => answer,
                Begun::NotTransferred(source, time_ms) => turn.send_bitmap(&source, time_ms).await?,
            };
            match answer.await? {
                (Reply::Analysed { reading, .. }, _) => Ok(reading),
                (other, _) => Err(unexpected(&other)),
            }
        }
    }

    /// Forget all tracked faces: another camera, or a long pause.
    pub fn forget(&self) -> impl Future<Output = Result<(), EngineFault>> + use<> {
        let link = self.link.clone();
        async move {
            let answer =
                link.send(|id| Request::Forget { id }, &JsValue::UNDEFINED, &Array::new(), FRAME_SECONDS)?;
            match answer.await? {
                (Reply::Forgotten { .. }, _) => Ok(()),
                (other, _) => Err(unexpected(&other)),
            }
        }
    }

    /// Learn what the person of the track `face` looks like: see [`emotion_core::person`].
    pub fn remember(&self, face: u32) -> impl Future<Output = Result<(), EngineFault>> + use<> {
        let link = self.link.clone();
        async move {
            let request = move |id| Request::Remember { id, face };
            let answer = link.send(request, &JsValue::UNDEFINED, &Array::new(), FRAME_SECONDS)?;
            match answer.await? {
                (Reply::Remembered { .. }, _) => Ok(()),
                (other, _) => Err(unexpected(&other)),
            }
        }
    }

    /// What the engine finds in a picture file, which the worker reads and decodes. The future does not borrow the
    /// client.
    pub fn read(
        &self,
        file: &Blob,
        reach: Reach,
    ) -> impl Future<Output = Result<ReadPicture, EngineFault>> + use<> {
        let (link, file) = (self.link.clone(), file.clone());
        async move {
            let answer =
                link.send(|id| Request::Read { id, reach }, &file, &Array::new(), PICTURE_SECONDS)?;
            match answer.await? {
                (Reply::Read { reading, by_browser, smallest_px, note, searches, .. }, payload) => {
                    let bytes: ArrayBuffer = payload.dyn_into().map_err(|_| {
                        EngineFault::Request(Fault::Message("a reading came without its thumbnails".into()))
                    })?;
                    let thumbnails = Uint8Array::new(&bytes);
                    Ok(ReadPicture { reading, by_browser, smallest_px, note, searches, thumbnails })
                }
                (other, _) => Err(unexpected(&other)),
            }
        }
    }

    /// Ask the worker of panels. The answer is JSON, and the bytes of a file where it gives one. The future does not borrow the
    /// client.
    pub fn ask(
        &self,
        ask: String,
        file: Option<&Blob>,
    ) -> impl Future<Output = Result<(String, Option<Uint8Array>), EngineFault>> + use<> {
        let (link, payload) = (self.link.clone(), file.map_or(JsValue::UNDEFINED, JsValue::from));
        async move {
            let answer = link.send(|id| Request::Ask { id, ask }, &payload, &Array::new(), ASK_SECONDS)?;
            match answer.await? {
                (Reply::Answered { answer, .. }, payload) => {
                    Ok((answer, payload.dyn_into::<ArrayBuffer>().ok().map(|bytes| Uint8Array::new(&bytes))))
                }
                (other, _) => Err(unexpected(&other)),
            }
        }
    }

    /// Whether the worker has crashed or fallen silent: start a new client.
    pub fn is_gone(&self) -> bool {
        self.link.state.borrow().gone.is_some()
    }
}

impl Drop for EngineClient {
    fn drop(&mut self) {
        self.link.end(EngineFault::Stopped);
    }
}

impl Link {
    /// Post a request and give its answer.
    ///
    /// # Errors
    /// Why the worker is gone; [`EngineFault::Start`] where the message cannot be posted.
    fn send(
        &self,
        request: impl FnOnce(u64) -> Request,
        payload: &JsValue,
        transfer: &Array,
        seconds: u32,
    ) -> Result<Answer<Outcome>, EngineFault> {
        let mut state = self.state.borrow_mut();
        if let Some(gone) = &state.gone {
            return Err(gone.clone());
        }
        let (id, answer) = state.pending.open(seconds);
        let request = request(id);
        if matches!(request, Request::Analyse { .. }) {
            state.turns.send(id);
        }
        let posted = message(&request, payload)
            .and_then(|message| self.worker.post_message_with_transfer(&message, transfer));
        if let Err(error) = posted {
            let fault = EngineFault::Start(format!("{}: {}", error_name(&error), error_text(&error)));
            state.pending.settle(id, Err(fault.clone()));
            // Another attempt may follow within the same turn.
            state.turns.unsend(id);
            return Err(fault);
        }
        Ok(answer)
    }

    fn listen(self: &Rc<Self>) -> [Listener; 3] {
        let link = Rc::downgrade(self);
        let on_message = Listener::new(&self.worker, "message", move |event| {
            if let Some(link) = link.upgrade() {
                link.receive(&event.unchecked_into::<MessageEvent>().data());
            }
        });
        let link = Rc::downgrade(self);
        let on_error = Listener::new(&self.worker, "error", move |event| {
            event.prevent_default();
            let why = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
            if let Some(link) = link.upgrade() {
                link.end(EngineFault::Crashed(crash_reason(&why).to_owned()));
            }
        });
        let link = Rc::downgrade(self);
        let on_message_error = Listener::new(&self.worker, "messageerror", move |_| {
            if let Some(link) = link.upgrade() {
                link.end(EngineFault::Crashed("a message could not be read".into()));
            }
        });
        [on_message, on_error, on_message_error]
    }

    /// Once a second, see whether a request has waited too long.
    fn watch(self: &Rc<Self>) -> Option<Interval> {
        let link = Rc::downgrade(self);
        Interval::new(1000, move || {
            if let Some(link) = link.upgrade() {
                let overdue = link.state.borrow_mut().pending.tick();
                if overdue {
                    link.end(EngineFault::Silent);
                }
            }
        })
    }

    fn receive(&self, data: &JsValue) {
        let body = Reflect::get(data, &JsValue::from_str("body")).ok().and_then(|body| body.as_string());
        let Some(reply) = body.and_then(|body| serde_json::from_str::<Reply>(&body).ok()) else {
            let why = Fault::Message("a reply could not be read".into());
            return self.end(EngineFault::Request(why));
        };
        let id = reply.id();
        self.state.borrow_mut().turns.settle(id);
        let outcome = match reply {
            Reply::Failed { fault, .. } => Err(EngineFault::Request(fault)),
            reply => {
                let payload = Reflect::get(data, &JsValue::from_str("payload")).unwrap_or(JsValue::UNDEFINED);
                Ok((reply, payload))
            }
        };
        self.state.borrow_mut().pending.settle(id, outcome);
    }

    /// End the worker and answer everything that waits; only the first reason counts.
    fn end(&self, why: EngineFault) {
        self.worker.terminate();
        let mut state = self.state.borrow_mut();
        let why = state.gone.get_or_insert(why).clone();
        state.pending.settle_all(|| Err(why.clone()));
    }
}

/// Start a worker. Keep the address until the worker has answered: some browsers read it late.
fn spawn(glue: &str, sealed: Sealed) -> Result<(Worker, ObjectUrl), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type("text/javascript");
    let parts = Array::of1(&JsValue::from_str(&worker_source(glue)));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
    let url = ObjectUrl::new(&blob)?;
    Ok((sealed.start_worker(url.as_str())?, url))
}

/// `{ body, payload }`, see [`crate::protocol`].
fn message(request: &Request, payload: &JsValue) -> Result<Object, JsValue> {
    let body = serde_json::to_string(request).map_err(|error| JsValue::from_str(&error.to_string()))?;
    let message = Object::new();
    Reflect::set(&message, &JsValue::from_str("body"), &JsValue::from_str(&body))?;
    Reflect::set(&message, &JsValue::from_str("payload"), payload)?;
    Ok(message)
}

fn unexpected(reply: &Reply) -> EngineFault {
    EngineFault::Request(Fault::Message(format!("reply {} does not fit its request", reply.id())))
}
