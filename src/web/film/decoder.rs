//! The browser's decoder of video (WebCodecs): set up, fed, and closed when its handle is dropped.

use std::cell::Cell;
use std::rc::Rc;

use demux::{Config, Packet, Turn};
use js_sys::{Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{EventTarget, VideoFrame};

use super::signal::Signal;
use crate::view::video::colours;
use crate::web::capture::FrameSource;
use crate::web::listener::Listener;

// Of web-sys's own only the parts that are used here: its settings refuse 64-bit times, and say nothing of turns.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = EventTarget)]
    type VideoDecoder;
    #[wasm_bindgen(constructor, catch)]
    fn new(init: &Object) -> Result<VideoDecoder, JsValue>;
    #[wasm_bindgen(static_method_of = VideoDecoder, js_name = isConfigSupported)]
    fn is_config_supported(settings: &Object) -> Promise;
    #[wasm_bindgen(method, catch)]
    fn configure(this: &VideoDecoder, settings: &Object) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn decode(this: &VideoDecoder, chunk: &EncodedVideoChunk) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    fn flush(this: &VideoDecoder) -> Promise;
    #[wasm_bindgen(method, catch)]
    fn close(this: &VideoDecoder) -> Result<(), JsValue>;
    #[wasm_bindgen(method, getter)]
    fn state(this: &VideoDecoder) -> String;
    #[wasm_bindgen(method, getter, js_name = decodeQueueSize)]
    fn decode_queue_size(this: &VideoDecoder) -> u32;

    type EncodedVideoChunk;
    #[wasm_bindgen(constructor, catch)]
    fn new(init: &Object) -> Result<EncodedVideoChunk, JsValue>;
}

/// An object with these properties.
fn object(properties: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in properties {
        // An object of our own takes every property.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object
}

/// Pictures of so many rows are taken for high definition, as Chromium's player does it.
const HIGH_DEFINITION: u32 = 720;

/// Whether this browser has a decoder at all.
pub fn is_there() -> bool {
    Reflect::has(&js_sys::global(), &JsValue::from_str("VideoDecoder")).unwrap_or(false)
}

/// How the browser is told what to decode (WebCodecs' VideoDecoderConfig).
pub fn settings(config: &Config, turn: Turn) -> Object {
    let mut properties = vec![("codec", JsValue::from_str(&config.codec))];
    let (width, height) = config.coded;
    if width > 0 && height > 0 {
        properties.extend([("codedWidth", width.into()), ("codedHeight", height.into())]);
    }
    if config.pixel_aspect != (1, 1) {
        let (across, down) = config.display_aspect();
        properties.extend([("displayAspectWidth", across.into()), ("displayAspectHeight", down.into())]);
    }
    if let Some(description) = &config.description {
        properties.push(("description", Uint8Array::from(description.as_slice()).into()));
    }
    properties.push(("colorSpace", colours(config).into()));
    if !turn.is_none() {
        // WebCodecs turns first and mirrors then.
        let degrees = if turn.mirrored { (360 - turn.degrees) % 360 } else { turn.degrees };
        properties.extend([("rotation", degrees.into()), ("flip", turn.mirrored.into())]);
    }
    object(&properties)
}

/// WebCodecs' VideoColorSpace. Where neither the file nor its pictures say it, players take small pictures for BT.601 and
/// large ones for BT.709; the decoder alone would take all for the latter. What the pictures say goes before this.
fn colours(config: &Config) -> Object {
    let said = config.colours;
    let usual = if config.coded.1 < HIGH_DEFINITION { "smpte170m" } else { "bt709" };
    let word = |name: Option<&str>| JsValue::from_str(name.unwrap_or(usual));
    object(&[
        ("primaries", word(said.primaries.and_then(colours::primaries))),
        ("transfer", word(said.transfer.and_then(colours::transfer))),
        ("matrix", word(said.matrix.and_then(colours::matrix))),
        ("fullRange", said.full_range.unwrap_or(false).into()),
    ])
}

/// Whether the browser decodes this, and shows it turned as it should be.
pub async fn is_supported(settings: &Object, turn: Turn) -> bool {
    let Ok(answer) = JsFuture::from(VideoDecoder::is_config_supported(settings)).await else { return false };
    let get = |object: &JsValue, name: &str| Reflect::get(object, &JsValue::from_str(name)).ok();
    let supported = get(&answer, "supported").is_some_and(|supported| supported.is_truthy());
    // A browser that does not know a setting leaves it out of its answer.
    let echo = get(&answer, "config");
    let knows = |name: &str| {
        echo.as_ref().and_then(|echo| get(echo, name)).is_some_and(|value| !value.is_undefined())
    };
    supported && (turn.is_none() || knows("rotation") && knows("flip"))
}

/// A decoder that is set up.
#[must_use = "the decoder is closed when this is dropped"]
pub struct Decoder {
    decoder: VideoDecoder,
    broken: Rc<Cell<bool>>,
    /// Counts up with each sign of life.
    signs: Rc<Cell<u64>>,
    _output: Closure<dyn FnMut(VideoFrame)>,
    _error: Closure<dyn FnMut(JsValue)>,
    _dequeue: Listener,
}

impl Decoder {
    /// Set up a decoder; `on_frame` gets each picture, `signal` is told of every change.
    pub fn new(
        settings: &Object,
        signal: &Rc<Signal>,
        mut on_frame: impl FnMut(FrameSource, i64) + 'static,
    ) -> Result<Self, JsValue> {
        let (broken, signs) = (Rc::new(Cell::new(false)), Rc::new(Cell::new(0)));
        let output = Closure::<dyn FnMut(VideoFrame)>::new({
            let (signal, signs) = (signal.clone(), signs.clone());
            move |frame: VideoFrame| {
                // Whole microseconds, as they were given with the packet.
                let number = Reflect::get(&frame, &JsValue::from_str("timestamp"));
                let time_us = number.ok().and_then(|number| number.as_f64()).unwrap_or(f64::MIN) as i64;
                on_frame(FrameSource::Video(frame), time_us);
                signs.set(signs.get() + 1);
                signal.changed();
            }
        });
        let error = Closure::<dyn FnMut(JsValue)>::new({
            let (signal, broken) = (signal.clone(), broken.clone());
            move |_| {
                broken.set(true);
                signal.changed();
            }
        });
        let callbacks = [("output", output.as_ref().clone()), ("error", error.as_ref().clone())];
        let decoder = VideoDecoder::new(&object(&callbacks))?;
        let dequeue = Listener::new(&decoder, "dequeue", {
            let (signal, signs) = (signal.clone(), signs.clone());
            move |_| {
                signs.set(signs.get() + 1);
                signal.changed();
            }
        });
        let decoder = Self { decoder, broken, signs, _output: output, _error: error, _dequeue: dequeue };
        decoder.decoder.configure(settings)?;
        Ok(decoder)
    }

    /// Feed a packet whose picture is to be known by `time_us`.
    ///
    /// # Errors
    /// Where the decoder refuses it, and waits for a key frame.
    pub fn feed(&self, packet: &Packet, bytes: &[u8], time_us: i64) -> Result<(), JsValue> {
        let mut properties = vec![
            ("type", JsValue::from_str(if packet.key { "key" } else { "delta" })),
            ("timestamp", (time_us as f64).into()),
            ("data", Uint8Array::from(bytes).into()),
        ];
        if let Some(duration_us) = packet.duration_us {
            properties.push(("duration", (duration_us as f64).into()));
        }
        self.decoder.decode(&EncodedVideoChunk::new(&object(&properties))?)
    }

    /// How many packets wait to be decoded.
    pub fn waiting(&self) -> u32 {
        self.decoder.decode_queue_size()
    }

    /// It gave up, or was closed by the browser.
    pub fn is_broken(&self) -> bool {
        self.broken.get() || self.decoder.state() != "configured"
    }

    /// It does not answer: be done with it.
    pub fn give_up(&self) {
        self.broken.set(true);
    }

    /// How many signs of life it gave: packets taken, pictures given.
    pub fn signs(&self) -> u64 {
        self.signs.get()
    }

    /// Wait until all that was fed is decoded. The future does not borrow the decoder.
    pub fn flush(&self) -> impl Future<Output = ()> + use<> {
        let flushed = JsFuture::from(self.decoder.flush());
        // A fault is told to the error callback as well.
        async move { drop(flushed.await) }
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        if self.decoder.state() != "closed" {
            let _ = self.decoder.close();
        }
    }
}
