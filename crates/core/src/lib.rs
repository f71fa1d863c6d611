//! From the pixels of a frame to the depths of seven expressions. No web types, no clock of its own.
//!
//! The modules stand in the order in which the data flows:
//!
//! frame -> detect -> track -> align -> model -> depth -> pose, quality -> (engine) -> reading
//!
//! A picture file in, seven depths out:
//!
#![cfg_attr(feature = "pictures", doc = "```")]
#![cfg_attr(not(feature = "pictures"), doc = "```ignore")]
//! use std::path::Path;
//!
//! use emotion_core::emotion::Emotion;
//! use emotion_core::engine::Engine;
//! use emotion_core::model::ModelFiles;
//! use emotion_core::picture::Picture;
//! use emotion_core::still::Reach;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
//! // The networks, checked against their manifest.
//! let files = ModelFiles::read(&repository.join("models"))?;
//! let mut engine = Engine::new(&files.manifest, &files.detector, &files.classifier)?;
//!
//! // The picture, upright, and how small a face is looked for in it.
//! let picture = Picture::decode(&std::fs::read(repository.join("tests/pictures/astronaut.jpg"))?)?;
//! let frame = picture.frame()?;
//! let smallest_px = Reach::Fortieth.smallest_px(frame.width(), frame.height());
//!
//! // The clock is the caller's: nobody asks for the stages' times here.
//! let reading = engine.read_still(&frame, smallest_px, &|| 0.0)?;
//! for face in &reading.faces {
//!     for emotion in Emotion::ALL {
//!         println!("{} {:.2}", emotion.name(), face.raw.get(emotion));
//!     }
//! }
//!
//! // She smiles: most viewers would say "happy".
//! assert_eq!(reading.faces.len(), 1);
//! assert!(reading.faces[0].raw.happy > 0.5);
//! # Ok(())
//! # }
//! ```

pub mod emotion;
pub mod frame;
pub mod geometry;
pub mod reading;

pub mod align;
pub mod cover;
pub mod depth;
pub mod detect;
pub mod engine;
pub mod model;
pub mod person;
pub mod pose;
pub mod quality;
pub mod track;

/// Picture files; not in the engine that reads the camera.
#[cfg(feature = "pictures")]
pub mod picture;
pub mod sequence;
pub mod still;
pub mod thumbnail;
pub mod walk;
