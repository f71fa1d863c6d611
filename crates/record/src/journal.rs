//! The journal: what a recording leaves behind while it runs, and how it becomes a recording again after a crash.
//!
//! Things happen one after the other ([`Entry`]); a second of them is one chunk. A chunk of version 2, which is written, is
//! bytes: the version (2), and then for each part `tag: u8`, `length: u32`, and
//!
//! | tag | part |
//! |---|---|
//! | 1 | a session as JSON |
//! | 2 | samples, packed: [`crate::store::Samples::pack`] |
//! | 3 | the moment of saving, f64, milliseconds since 1970 |
//!
//! Numbers are little-endian; tags that are not known are skipped. A chunk of version 1, which is still read, is text: the
//! recording's name in the first line, a JSON array of entries in the second.

mod chunk;
mod found;
mod gathering;

pub use chunk::{ChunkError, decode, decode_text, encode, text_recording};
pub use found::{Assembly, Found, KEPT_MS};
pub use gathering::{Gathering, LONGEST_MS, MOST_ENTRIES};

use serde::{Deserialize, Serialize};

use crate::session::{Sample, Session};

/// One entry of the journal, in the order in which things happened. As JSON it is that of version 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(
    clippy::large_enum_variant,
    reason = "nearly every entry is a sample: a box for each would only cost"
)]
pub enum Entry {
    /// The circumstances as they were from here on; a later one replaces an earlier one.
    Session(Session),
    Sample(Sample),
    /// What stands before was handed to the browser as a file, in milliseconds since 1970.
    Saved(f64),
}
