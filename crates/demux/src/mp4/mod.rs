//! MP4 and MOV (ISO/IEC 14496-12): whole films and fragmented ones.

mod boxes;
mod edits;
mod fragment;
mod movie;
mod samples;

use std::collections::VecDeque;

use self::boxes::head_at;
use self::fragment::Run;
use self::movie::Movie;
use self::samples::Sample;
use crate::bytes::{Held, Stop};
use crate::fault::Fault;
use crate::time::micros;
use crate::track::{Claims, Packet, Remarks, VideoTrack};

/// The index of ten hours at 60 frames a second with sound takes less.
const MOST_INDEX: u64 = 128 << 20;
/// A fragment of minutes takes less.
const MOST_FRAGMENT: u64 = 16 << 20;
/// So many packets behind the file's end are counted: two days at 60 frames a second.
const MOST_BEYOND: u64 = 10_000_000;
/// So much is searched at once for the next fragment, behind what is no box.
const SEARCH: u64 = 1 << 18;

/// Whether a file begins like this.
pub(crate) fn is_head(head: &[u8]) -> bool {
    let kinds = [b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp", b"sidx", b"moof"];
    head.get(4..8).is_some_and(|kind| kinds.iter().any(|known| kind == known.as_slice()))
}

#[derive(Debug, Default)]
pub(crate) struct Mp4 {
    /// The next box at the top of the file.
    at: u64,
    movie: Option<Movie>,
    runs: VecDeque<Run>,
    /// Where the last fragment ended, in ticks of the track.
    decode_time: i64,
    /// What was found is no box: search for the next fragment.
    searching: bool,
    remarks: Remarks,
}

impl Mp4 {
    pub fn advance(&mut self, held: &mut Held) -> Result<Option<Packet>, Stop> {
        loop {
            while let Some(sample) = self.sample() {
                if let Some(packet) = self.packet(&sample, held.len) {
                    return Ok(Some(packet));
                }
            }
            let ended = self.movie.as_ref().is_some_and(|movie| movie.fragments.is_none());
            if ended || self.at >= held.len {
                return if self.movie.is_some() { Ok(None) } else { Err(Fault::NoIndex.into()) };
            }
            if self.searching {
                self.search(held)?;
            } else {
                self.top(held)?;
            }
        }
    }

    fn sample(&mut self) -> Option<Sample> {
        if let Some(sample) =
            self.movie.as_mut().and_then(|movie| movie.samples.as_mut()).and_then(Iterator::next)
        {
            return Some(sample);
        }
        while let Some(run) = self.runs.front_mut() {
            match run.next() {
                Some(sample) => return Some(sample),
                None => drop(self.runs.pop_front()),
            }
        }
        None
    }

    /// `None` for a sample that holds nothing, or lies behind the file's end.
    fn packet(&mut self, sample: &Sample, len: u64) -> Option<Packet> {
        let movie = self.movie.as_ref()?;
        let end = sample.offset.saturating_add(sample.size);
        if end > len {
            self.remarks.beyond_end += 1;
            self.remarks.cut_off = true;
            if self.remarks.beyond_end >= MOST_BEYOND {
                // A table of billions that are not there: nobody waits for its end.
                self.runs.clear();
                self.movie.as_mut()?.samples = None;
            }
            return None;
        }
        if sample.size == 0 {
            return None;
        }
        let (time, shown) = movie.edits.place(sample.time);
        Some(Packet {
            time_us: micros(time, movie.scale),
            duration_us: (sample.duration > 0).then(|| micros(i64::from(sample.duration), movie.scale)),
            key: sample.key,
            shown,
            config: sample.config.min(movie.track.configs.len().saturating_sub(1)),
            range: sample.offset..end,
        })
    }

    /// Take in the next box at the top of the file.
    fn top(&mut self, held: &mut Held) -> Result<(), Stop> {
        let Some(head) = head_at(held, self.at)? else {
            if self.movie.is_none() {
                return Err(Fault::Damaged { part: "boxes", at: self.at }.into());
            }
            self.searching = true;
            return Ok(());
        };
        let size = head.end - head.body;
        let cut_off = head.end > held.len;
        match &head.kind {
            b"moov" if self.movie.is_none() => {
                if size > MOST_INDEX {
                    return Err(
                        Fault::TooLarge { part: "index (moov)", bytes: size, most: MOST_INDEX }.into()
                    );
                }
                let moov = held.get(head.body..head.end)?.ok_or(Fault::NoIndex)?;
                self.movie = Some(Movie::parse(moov)?);
                held.clear();
            }
            b"moof" => {
                if size > MOST_FRAGMENT {
                    self.searching = true;
                    return Ok(());
                }
                let Some(moof) = held.get(head.body..head.end)? else {
                    self.remarks.cut_off = true;
                    self.at = held.len;
                    return Ok(());
                };
                if let Some(movie) = &self.movie {
                    let trex = movie.fragments.unwrap_or_default();
                    let (runs, end) = fragment::runs(moof, self.at, movie.track.id, trex, self.decode_time);
                    (self.runs, self.decode_time) = (runs.into(), end);
                }
            }
            kind if self.movie.is_some() && !plausible(kind) => {
                self.searching = true;
                return Ok(());
            }
            _ => {}
        }
        self.remarks.cut_off |= cut_off;
        self.at = head.end.min(held.len);
        Ok(())
    }

    /// Look for the next fragment.
    fn search(&mut self, held: &Held) -> Result<(), Stop> {
        // Behind the box that is none: its kind would be found again.
        let from = self.at + 8;
        let bytes = held.up_to(from, SEARCH)?;
        let found = bytes.windows(4).position(|kind| kind == b"moof");
        let next = match found {
            // Its size stands before its kind.
            Some(at) => {
                self.searching = false;
                (from + at as u64).saturating_sub(4)
            }
            None if from + bytes.len() as u64 >= held.len => held.len,
            // The kind may lie across two pieces.
            None => from + bytes.len() as u64 - 11,
        };
        let next = next.max(self.at + 1);
        self.remarks.skipped_bytes += next - self.at;
        self.at = next;
        Ok(())
    }

    pub fn track(&self) -> Option<&VideoTrack> {
        self.movie.as_ref().map(|movie| &movie.track)
    }

    pub fn claims(&self) -> Claims {
        self.movie.as_ref().map(|movie| movie.claims).unwrap_or_default()
    }

    pub fn remarks(&self) -> Remarks {
        self.remarks
    }
}

/// Kinds are letters and digits; what is not is damage.
fn plausible(kind: &[u8; 4]) -> bool {
    kind.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'_' | 0xa9))
}
