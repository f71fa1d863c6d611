//! The one demuxer for all containers: it says what it needs, and gives packets.

use std::ops::Range;

use crate::bytes::{Held, Stop};
use crate::fault::Fault;
use crate::mkv::Mkv;
use crate::mp4::Mp4;
use crate::track::{Claims, Packet, Remarks, VideoTrack};

/// So many first bytes tell what a file is.
const HEAD_BYTES: u64 = 12;

/// What is to be done next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Supply these bytes, in one piece; never an empty range, and never beyond the file's end. More bytes around them
    /// may be supplied and save later steps.
    Read(Range<u64>),
    /// The next packet, in the order of decoding.
    Packet(Packet),
    /// There is nothing more.
    End,
}

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    Mp4,
    Matroska,
}

#[derive(Debug)]
enum Kind {
    Unknown,
    Mp4(Box<Mp4>),
    Mkv(Box<Mkv>),
}

/// Takes a file apart without reading it: see [`Step`].
#[derive(Debug)]
pub struct Demuxer {
    held: Held,
    kind: Kind,
}

impl Demuxer {
    /// For a file of so many bytes.
    pub fn new(len: u64) -> Self {
        Self { held: Held::new(len), kind: Kind::Unknown }
    }

    /// Bytes of the file from the byte `from` on. The last four pieces are kept.
    pub fn supply(&mut self, from: u64, bytes: &[u8]) {
        self.held.supply(from, bytes);
    }

    /// Bytes that were supplied and are still kept, if they lie in one piece.
    pub fn peek(&self, range: Range<u64>) -> Option<&[u8]> {
        self.held.peek(range)
    }

    /// Go on. After a fault there is nothing more.
    ///
    /// # Errors
    /// [`Fault`] where the file cannot be read further. What was given before it stays valid.
    pub fn step(&mut self) -> Result<Step, Fault> {
        match self.advance() {
            Ok(Some(packet)) => Ok(Step::Packet(packet)),
            Ok(None) => Ok(Step::End),
            Err(Stop::Need(range)) => Ok(Step::Read(range)),
            Err(Stop::Fault(fault)) => Err(fault),
        }
    }

    fn advance(&mut self) -> Result<Option<Packet>, Stop> {
        match &mut self.kind {
            Kind::Unknown => {
                let head = self.held.up_to(0, HEAD_BYTES)?;
                self.kind = if crate::mkv::is_head(head) {
                    Kind::Mkv(Box::default())
                } else if crate::mp4::is_head(head) {
                    Kind::Mp4(Box::default())
                } else {
                    return Err(Fault::Unknown.into());
                };
                self.advance()
            }
            Kind::Mp4(mp4) => mp4.advance(&mut self.held),
            Kind::Mkv(mkv) => mkv.advance(&mut self.held),
        }
    }

    /// The track that is read; known, and final, with the first packet.
    pub fn track(&self) -> Option<&VideoTrack> {
        match &self.kind {
            Kind::Unknown => None,
            Kind::Mp4(mp4) => mp4.track(),
            Kind::Mkv(mkv) => mkv.track(),
        }
    }

    pub fn container(&self) -> Option<Container> {
        match &self.kind {
            Kind::Unknown => None,
            Kind::Mp4(_) => Some(Container::Mp4),
            Kind::Mkv(_) => Some(Container::Matroska),
        }
    }

    /// What the file says of itself.
    pub fn claims(&self) -> Claims {
        match &self.kind {
            Kind::Unknown => Claims::default(),
            Kind::Mp4(mp4) => mp4.claims(),
            Kind::Mkv(mkv) => mkv.claims(),
        }
    }

    /// What was noticed so far.
    pub fn remarks(&self) -> Remarks {
        match &self.kind {
            Kind::Unknown => Remarks::default(),
            Kind::Mp4(mp4) => mp4.remarks(),
            Kind::Mkv(mkv) => mkv.remarks(),
        }
    }
}
