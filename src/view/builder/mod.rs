//! What the builder decides: how forms change a study file, where its faults stand, how files are named, which links
//! are made, and what the ZIP holds.

mod draft;
mod drag;
mod links;
mod media;
mod package;
mod path;
mod places;
mod stimuli;
pub mod words;

pub use draft::Draft;
pub use drag::place_of;
pub use links::{LinkPlan, Participants};
pub use media::{Kind, MediaFacts, kind_of, media_path, stimulus_id};
pub use package::{TextFile, media_name, texts};
pub use path::{at, pattern};
pub use places::{PLACES, Placed, Section, Told, place};
