//! The only thing page and worker share: requests, replies and faults.
//!
//! A message is a JavaScript object `{ body, payload }`: `body` is one of these types as JSON text, and
//! `payload` carries what JSON cannot: see each variant. Every request gets exactly one reply with
//! its `id`, errors included; the worker sends nothing unasked. Before the first request the page posts
//! the compiled `WebAssembly.Module` itself, from which the worker's first lines start the engine.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use emotion_core::reading::FrameReading;
use emotion_core::still::Reach;

/// What the page asks of the worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Request {
    /// Load the models. `payload`: `{ manifest, detector, classifier }`, three ArrayBuffers, transferred.
    Load { id: u64 },
    /// Analyse one frame. `payload`: a VideoFrame or an ImageBitmap, transferred; the worker closes it.
    Analyse { id: u64, time_ms: f64 },
    /// Forget all tracked faces: another camera, or a long pause. No payload.
    Forget { id: u64 },
    /// Learn what the person of this track looks like: see [`emotion_core::person`]. No payload.
    Remember { id: u64, face: u32 },
    /// Read a picture file, every face in it. `payload`: a File or Blob, which the worker reads itself. Only
    /// the engine with the feature `pictures` can.
    Read { id: u64, reach: Reach },
    /// A question that only the worker of panels knows: `ask` is its JSON. `payload`: nothing, or the file that it reads.
    Ask { id: u64, ask: String },
}

/// What the worker answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reply {
    /// The engine is loaded and has run once.
    Loaded {
        id: u64,
        load_ms: f64,
    },
    Analysed {
        id: u64,
        reading: FrameReading,
    },
    Forgotten {
        id: u64,
    },
    Remembered {
        id: u64,
    },
    /// `payload`: an ArrayBuffer, transferred, of the thumbnails: for each face in the order of the reading, or
    /// else for the whole picture, [`emotion_core::thumbnail::THUMBNAIL_SIDE`] squared pixels of RGBA.
    Read {
        id: u64,
        reading: FrameReading,
        /// The browser decoded the picture, in a format that `image` does not know: other browsers, and the example
        /// `score`, may differ or fail.
        by_browser: bool,
        /// Faces of fewer pixels were not looked for.
        smallest_px: f32,
        /// What to know of how the file was read, as a sentence.
        note: Option<String>,
        /// What the detector cost: parts of the picture that it ran over, and the time that they took.
        searches: u32,
    },
    /// The answer to [`Request::Ask`], as JSON. `payload`: the bytes of a file, an ArrayBuffer, transferred; else nothing.
    Answered {
        id: u64,
        answer: String,
    },
    Failed {
        id: u64,
        fault: Fault,
    },
}

impl Request {
    pub fn id(&self) -> u64 {
        match self {
            Request::Load { id }
            | Request::Analyse { id, .. }
            | Request::Forget { id }
            | Request::Remember { id, .. }
            | Request::Read { id, .. }
            | Request::Ask { id, .. } => *id,
        }
    }
}

impl Reply {
    pub fn id(&self) -> u64 {
        match self {
            Reply::Loaded { id, .. }
            | Reply::Analysed { id, .. }
            | Reply::Forgotten { id }
            | Reply::Remembered { id }
            | Reply::Read { id, .. }
            | Reply::Answered { id, .. }
            | Reply::Failed { id, .. } => *id,
        }
    }
}

/// Why a request failed. The message is a sentence for a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Error)]
#[serde(tag = "fault", content = "detail", rename_all = "snake_case")]
pub enum Fault {
    /// The page and the worker do not speak the same protocol, or a payload is missing.
    #[error("The page and its engine do not fit together ({0}). Reload the page.")]
    Message(String),
    /// A model file is damaged or does not fit the manifest.
    #[error(
        "The model could not be loaded: {0}. Reload the page; if that does not help, the files on the server are damaged."
    )]
    Model(String),
    /// An analysis was asked for before the models were loaded.
    #[error("The engine was asked for a reading before it was ready. Try again.")]
    NotReady,
    /// The pixels of a frame could not be read.
    #[error("A picture of the camera or the video could not be read: {0}.")]
    Frame(String),
    /// A file gives no picture: a whole sentence, with what to do.
    #[error("{0}")]
    Picture(String),
    /// The networks failed on a frame.
    #[error("The engine failed on a frame: {0}. Start it again.")]
    Engine(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_survive_their_json() {
        let request = Request::Analyse { id: 7, time_ms: 12.5 };
        let text = serde_json::to_string(&request).unwrap();
        assert_eq!(text, r#"{"kind":"analyse","id":7,"time_ms":12.5}"#);
        assert_eq!(serde_json::from_str::<Request>(&text).unwrap(), request);
        let reply = Reply::Failed { id: 7, fault: Fault::Frame("closed".into()) };
        let text = serde_json::to_string(&reply).unwrap();
        assert_eq!(serde_json::from_str::<Reply>(&text).unwrap(), reply);
        assert_eq!(reply.id(), 7);
    }
}
