//! The loop around the demuxer: reads slices of a source as they are asked for, and the packets' bytes.

use std::ops::Range;

use crate::demuxer::{Demuxer, Step};
use crate::fault::Fault;
use crate::track::{Claims, Packet, Remarks, VideoTrack};

/// So much is read at once, so that a film is not read in thousands of small slices.
const AHEAD: u64 = 1 << 20;
/// No packet is larger: a raw 8K picture would be.
const MOST_PACKET: u64 = 64 << 20;

/// Where the bytes come from: a file on a disk, a browser's blob, a slice of memory.
pub trait Source {
    /// Length in bytes.
    fn len(&self) -> u64;

    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// These bytes; the range is within the length. A shorter answer counts as a fault.
    ///
    /// # Errors
    /// Why not, in words.
    fn read(&self, range: Range<u64>) -> impl Future<Output = Result<Vec<u8>, String>>;
}

/// A file's packets with their bytes. At most a few megabytes of the file are held, whatever its length.
pub struct Reader<S> {
    source: S,
    demuxer: Demuxer,
}

impl<S: Source> Reader<S> {
    pub fn new(source: S) -> Self {
        let demuxer = Demuxer::new(source.len());
        Self { source, demuxer }
    }

    /// The next packet and its bytes, whole as the decoder wants them; `None` at the end.
    ///
    /// # Errors
    /// [`Fault`] where the file cannot be read further.
    pub async fn next(&mut self) -> Result<Option<(Packet, Vec<u8>)>, Fault> {
        loop {
            match self.demuxer.step()? {
                Step::Read(range) => self.fetch(range).await?,
                Step::End => return Ok(None),
                Step::Packet(packet) => {
                    let bytes = self.bytes(&packet).await?;
                    return Ok(Some((packet, bytes)));
                }
            }
        }
    }

    /// A packet's bytes once more.
    ///
    /// # Errors
    /// [`Fault`] where the source does not give them.
    pub async fn bytes(&mut self, packet: &Packet) -> Result<Vec<u8>, Fault> {
        let range = packet.range.clone();
        let bytes = range.end.saturating_sub(range.start);
        if bytes > MOST_PACKET {
            return Err(Fault::TooLarge { part: "picture", bytes, most: MOST_PACKET });
        }
        if self.demuxer.peek(range.clone()).is_none() {
            self.fetch(range.clone()).await?;
        }
        let mut whole = self.demuxer.track().map(|track| track.prefix.clone()).unwrap_or_default();
        whole.extend_from_slice(self.demuxer.peek(range).unwrap_or_default());
        Ok(whole)
    }

    async fn fetch(&mut self, range: Range<u64>) -> Result<(), Fault> {
        let end = range.end.max(range.start.saturating_add(AHEAD)).min(self.source.len());
        let wanted = range.start..end;
        let bytes = self.source.read(wanted.clone()).await.map_err(Fault::Unreadable)?;
        if bytes.len() as u64 != end.saturating_sub(range.start) {
            return Err(Fault::Unreadable("it is shorter than it was".to_owned()));
        }
        self.demuxer.supply(wanted.start, &bytes);
        Ok(())
    }

    /// The track that is read; known with the first packet.
    pub fn track(&self) -> Option<&VideoTrack> {
        self.demuxer.track()
    }

    pub fn claims(&self) -> Claims {
        self.demuxer.claims()
    }

    pub fn remarks(&self) -> Remarks {
        self.demuxer.remarks()
    }
}
