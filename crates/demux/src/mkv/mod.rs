//! WebM and Matroska (RFC 9559): whole films and live recordings, with or without an index.

mod block;
mod ebml;
mod group;
mod tracks;

use std::collections::VecDeque;

use self::block::Block;
use self::ebml::{Head, head_at, id, unsigned};
use self::group::Group;
use self::tracks::{Chosen, Info, SCALE_NS};
use crate::bytes::{Held, Stop};
use crate::codec::vp9_codec;
use crate::fault::Fault;
use crate::time::rescale;
use crate::track::{Claims, Packet, Remarks, VideoTrack};

/// Info and Tracks of a real film take kilobytes.
const MOST_HEAD: u64 = 16 << 20;
/// So much is searched at once for the next cluster, behind what is no element.
const SEARCH: u64 = 1 << 18;
/// So many first bytes of a VP9 frame tell how it is coded.
const PEEK: u64 = 16;

/// Whether a file begins like this.
pub(crate) fn is_head(head: &[u8]) -> bool {
    head.starts_with(&id::EBML.to_be_bytes())
}

/// A cluster that is open.
#[derive(Debug, Clone, Copy)]
struct Cluster {
    /// `None`: up to the next element that belongs into no cluster.
    end: Option<u64>,
    time: i64,
}

#[derive(Debug, Default)]
pub(crate) struct Mkv {
    /// The next element.
    at: u64,
    info: Option<Info>,
    chosen: Option<Chosen>,
    in_segment: bool,
    cluster: Option<Cluster>,
    /// The block group of the cluster that is being read.
    group: Option<Group>,
    packets: VecDeque<Packet>,
    /// What was found is no element: search for the next cluster.
    searching: bool,
    remarks: Remarks,
}

impl Mkv {
    pub fn advance(&mut self, held: &mut Held) -> Result<Option<Packet>, Stop> {
        loop {
            if let Some(packet) = self.packets.front().cloned() {
                self.look_into(held, &packet)?;
                self.packets.pop_front();
                return Ok(Some(packet));
            }
            if self.at >= held.len {
                return if self.chosen.is_some() { Ok(None) } else { Err(Fault::NoVideo.into()) };
            }
            if self.searching {
                self.search(held)?;
            } else if self.cluster.is_some() {
                self.in_cluster(held)?;
            } else {
                self.top(held)?;
            }
        }
    }

    /// Where only the pictures themselves tell how they are coded, the first key frame is looked into.
    fn look_into(&mut self, held: &Held, packet: &Packet) -> Result<(), Stop> {
        let Some(chosen) = self.chosen.as_mut().filter(|chosen| chosen.unsure) else { return Ok(()) };
        let bytes = held.up_to(packet.range.start, PEEK.min(packet.range.end - packet.range.start))?;
        if let (Some(codec), Some(config)) = (vp9_codec(bytes), chosen.track.configs.first_mut()) {
            config.codec = codec;
        }
        chosen.unsure = false;
        Ok(())
    }

    /// Outside of clusters.
    fn top(&mut self, held: &mut Held) -> Result<(), Stop> {
        let Some(head) = head_at(held, self.at)? else { return self.damage() };
        let end = head.end.unwrap_or(held.len);
        match head.id {
            id::EBML if self.in_segment => {
                self.remarks.another_film = true;
                self.at = held.len;
                return Ok(());
            }
            id::SEGMENT => {
                self.remarks.cut_off |= end > held.len;
                (self.in_segment, self.at) = (true, head.body);
                return Ok(());
            }
            id::CLUSTER => {
                if self.chosen.is_none() {
                    return Err(Fault::Damaged { part: "description of its tracks", at: self.at }.into());
                }
                self.remarks.cut_off |= end > held.len;
                self.cluster = Some(Cluster { end: head.end, time: 0 });
                self.at = head.body;
                return Ok(());
            }
            id::INFO if self.info.is_none() => {
                if let Some(info) = whole(held, &head, "information")? {
                    self.info = Some(Info::parse(info));
                }
            }
            id::TRACKS if self.chosen.is_none() => {
                let tracks = whole(held, &head, "description of its tracks")?;
                self.chosen = Some(Chosen::parse(tracks.unwrap_or_default())?);
            }
            _ if end > held.len && !is_top(head.id) => return self.damage(),
            _ => {}
        }
        self.remarks.cut_off |= end > held.len;
        self.at = end.min(held.len);
        Ok(())
    }

    fn in_cluster(&mut self, held: &Held) -> Result<(), Stop> {
        let Some(cluster) = self.cluster else { return Ok(()) };
        if let Some(group) = self.group.as_mut() {
            let read = group.read_on(held)?;
            let end = group.to;
            self.group = None;
            let Some((block, key, duration)) = read else { return self.damage() };
            self.take(&block, cluster.time, key, duration);
            self.at = end;
            return Ok(());
        }
        if cluster.end.is_some_and(|end| self.at >= end) {
            self.cluster = None;
            return Ok(());
        }
        let Some(head) = head_at(held, self.at)? else { return self.damage() };
        // A live recording's cluster ends where another element of the film begins; a damaged one may as well.
        if is_top(head.id) && !matches!(head.id, id::VOID | id::CRC) {
            self.cluster = None;
            return Ok(());
        }
        let known = matches!(
            head.id,
            id::CLUSTER_TIMESTAMP
                | id::CLUSTER_POSITION
                | id::CLUSTER_PREVIOUS
                | id::SILENT_TRACKS
                | id::SIMPLE_BLOCK
                | id::ENCRYPTED_BLOCK
                | id::BLOCK_GROUP
                | id::VOID
                | id::CRC
        );
        let Some(end) = head.end.filter(|end| known && cluster.end.is_none_or(|most| *end <= most)) else {
            return self.damage();
        };
        if end > held.len {
            self.remarks.cut_off = true;
            self.at = held.len;
            return Ok(());
        }
        match head.id {
            id::CLUSTER_TIMESTAMP => {
                let bytes = if end - head.body <= 8 { held.get(head.body..end)? } else { None };
                let time = bytes.and_then(unsigned).and_then(|time| i64::try_from(time).ok());
                let Some(time) = time else { return self.damage() };
                self.cluster = Some(Cluster { time: time.min(i64::MAX / 4), ..cluster });
            }
            id::SIMPLE_BLOCK => match block::at(held, head.body, end)? {
                Some(block) => self.take(&block, cluster.time, block.key, None),
                None => return self.damage(),
            },
            id::BLOCK_GROUP => {
                self.group = Some(Group::new(head.body, end));
                return Ok(());
            }
            _ => {}
        }
        self.at = end;
        Ok(())
    }

    /// Take in a block; `duration` in ticks, of all its frames together.
    fn take(&mut self, block: &Block, cluster: i64, key: bool, duration: Option<u64>) {
        let Some(chosen) = self.chosen.as_ref().filter(|chosen| chosen.track.id == block.track) else {
            return;
        };
        let scale_ns = self.info.map_or(SCALE_NS, |info| info.scale_ns);
        let micros = |ticks: i64| rescale(ticks, scale_ns, 1000);
        let from_us = micros(cluster.saturating_add(i64::from(block.time)));
        let count = block.frames.len() as i64;
        let all_us = duration.and_then(|ticks| i64::try_from(ticks).ok()).map(micros);
        let each_us = |at: i64| match (all_us, chosen.default_ns) {
            (Some(all_us), _) => Some(rescale(all_us, at as u64, count as u64)),
            (None, Some(ns)) => Some(rescale(at, ns, 1000)),
            (None, None) => None,
        };
        for (at, frame) in (0..).zip(&block.frames) {
            if frame.is_empty() {
                continue;
            }
            let after_us = each_us(at).unwrap_or_default();
            self.packets.push_back(Packet {
                time_us: from_us.saturating_add(after_us),
                duration_us: each_us(at + 1).map(|end_us| end_us - after_us).filter(|us| *us > 0),
                key: key && at == 0,
                shown: !block.invisible,
                config: 0,
                range: frame.clone(),
            });
        }
    }

    /// What is here is no element.
    fn damage(&mut self) -> Result<(), Stop> {
        if self.chosen.is_none() {
            return Err(Fault::Damaged { part: "beginning", at: self.at }.into());
        }
        (self.searching, self.cluster) = (true, None);
        Ok(())
    }

    /// Look for the next cluster.
    fn search(&mut self, held: &Held) -> Result<(), Stop> {
        let from = self.at + 1;
        let bytes = held.up_to(from, SEARCH)?;
        let mark = id::CLUSTER.to_be_bytes();
        let next = match bytes.windows(4).position(|four| four == mark) {
            Some(at) => {
                let place = from + at as u64;
                // Four bytes may look like a cluster by chance: it begins with its time.
                let first = match head_at(held, place)? {
                    Some(head) => head_at(held, head.body)?,
                    None => None,
                };
                let begins =
                    [id::CLUSTER_TIMESTAMP, id::CRC, id::VOID, id::CLUSTER_POSITION, id::CLUSTER_PREVIOUS];
                self.searching = !first.is_some_and(|first| begins.contains(&first.id));
                place
            }
            None if from + bytes.len() as u64 >= held.len => held.len,
            // The mark may lie across two pieces.
            None => from + bytes.len() as u64 - 4,
        };
        let next = next.max(from);
        self.remarks.skipped_bytes += next.min(held.len) - self.at;
        self.at = next.min(held.len);
        Ok(())
    }

    pub fn track(&self) -> Option<&VideoTrack> {
        self.chosen.as_ref().map(|chosen| &chosen.track)
    }

    pub fn claims(&self) -> Claims {
        let duration_us = self.info.and_then(|info| Some(info.duration? * info.scale_ns as f64 / 1000.0));
        Claims {
            duration_us: duration_us.map(|us| us.round() as i64),
            packets: None,
            video_tracks: self.chosen.as_ref().map_or(0, |chosen| chosen.video_tracks),
        }
    }

    pub fn remarks(&self) -> Remarks {
        self.remarks
    }
}

/// Elements that stand outside of clusters.
fn is_top(id: u32) -> bool {
    matches!(
        id,
        id::EBML
            | id::SEGMENT
            | id::SEEK_HEAD
            | id::INFO
            | id::TRACKS
            | id::CLUSTER
            | id::CUES
            | id::CHAPTERS
            | id::ATTACHMENTS
            | id::TAGS
            | id::VOID
            | id::CRC
    )
}

/// The whole content of an element; `None` where the file ends before.
fn whole<'a>(held: &'a Held, head: &Head, part: &'static str) -> Result<Option<&'a [u8]>, Stop> {
    let Some(end) = head.end else { return Err(Fault::Damaged { part, at: head.body }.into()) };
    let bytes = end - head.body;
    if bytes > MOST_HEAD {
        return Err(Fault::TooLarge { part, bytes, most: MOST_HEAD }.into());
    }
    held.get(head.body..end)
}
