//! A panel: the results of many people who saw the same stimuli, from files to curves, tables and reports.
//!
//! The page (`?activity=panel`) and the example `panel` of the cli both work with this crate alone, so the same files give
//! the same numbers and the same exports, bit for bit. No web type, no clock, no thread.
//!
//! ```
//! use emotion_panel::{Panel, Settings, sample};
//!
//! // Files in any order; here those of the sample data.
//! let mut panel = Panel::default();
//! panel.add("study.json", sample::study_json().as_bytes());
//! for index in 0..40 {
//!     panel.add_record(&format!("{index:03}.result.json.gz"), sample::record(index));
//! }
//! let settings = Settings::default();
//! let overview = panel.overview(&settings);
//! assert_eq!(overview.merged, 40);
//!
//! // The people of one stimulus who are usable, second by second; the mean curves.
//! let table = panel.table("joke", &settings).expect("somebody saw it");
//! let curves = table.curves(&settings).expect("the settings are right");
//! assert!(curves.people > 30 && curves.measures.len() == 9);
//! ```
//!
//! The way of a file: [`Panel::add`] looks at its bytes and keeps a record, a list or the reason why it is refused;
//! [`Panel::overview`] decides which records are merged; [`Panel::table`] makes person-seconds of them;
//! [`analysis`] and [`compare`] compute, [`export`] writes.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod analysis;
pub mod answers;
mod archive;
pub mod chart;
pub mod compare;
pub mod desk;
pub mod export;
mod lists;
mod merge;
pub mod model_error;
pub mod norms;
mod overview;
mod record;
pub mod sample;
mod settings;
mod sheet;
mod source;
mod table;
pub mod words;

pub use archive::Archive;
pub use emotion_record::export::Dialect;
pub use lists::Attributes;
pub use merge::Panel;
pub use overview::{FileRow, Model, Overview, Reconciled, Status, StimulusRow};
pub use record::{Data, Exposure, Origin, Record};
pub use settings::{Grouping, Rule, Settings};

pub use table::{Excluded, StimulusTable};
