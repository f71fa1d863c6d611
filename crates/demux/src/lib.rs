//! From the slices of a video file to its coded pictures, in the order of decoding and with exact times.
//!
//! MP4 and MOV (ISO/IEC 14496-12), WebM and Matroska (RFC 9559). The file is never held in memory: a [`Demuxer`] does no
//! reading of its own but says which range of bytes it needs next, so that it works with a file on a disk, with a
//! browser's `Blob.slice` and with a slice of memory alike. [`Reader`] is the loop around it.
//!
//! Nothing that a file says is trusted. Sizes and counts are checked against limits and against the file's length before
//! anything is reserved for them, and every fault is one of [`Fault`]: a sentence that says what to do.
//!
//! ```
//! use demux::{Demuxer, Step};
//!
//! # fn main() -> Result<(), demux::Fault> {
//! # let file = include_bytes!("../tests/files/bframes.mp4").as_slice();
//! let mut demuxer = Demuxer::new(file.len() as u64);
//! let mut times_us = Vec::new();
//! loop {
//!     match demuxer.step()? {
//!         Step::Read(range) => demuxer.supply(range.start, &file[range.start as usize..range.end as usize]),
//!         Step::Packet(packet) => times_us.push(packet.time_us),
//!         Step::End => break,
//!     }
//! }
//! assert_eq!(times_us.len(), 24);
//! assert_eq!(demuxer.track().expect("it has pictures").configs[0].codec, "avc1.64000B");
//! # Ok(())
//! # }
//! ```

// What a file says is never trusted as an index.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

mod bytes;
mod codec;
mod demuxer;
mod fault;
mod ledger;
mod mkv;
mod mp4;
mod reader;
mod time;
mod track;

pub use codec::{Family, is_hidden, vp9_codec};
pub use demuxer::{Container, Demuxer, Step};
pub use fault::Fault;
pub use ledger::{Counts, Ledger, Lost, Settled, Shown};
pub use reader::{Reader, Source};
pub use track::{Claims, Colours, Config, Packet, Remarks, Turn, VideoTrack};
