//! The way by decoding: packets go into the browser's decoder, its pictures come out in the order of presentation, and those
//! on which a look falls are handed out. A task of its own keeps the decoder fed while the engine reads.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use demux::{Fault, Ledger, Packet, Reader, Settled, VideoTrack, is_hidden};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use super::Event;
use super::blob::BlobSource;
use super::decoder::{self, Decoder};
use super::signal::Signal;
use crate::view::video::Holdings;
use crate::web::capture::{CapturedFrame, FrameSource};
use crate::web::clip_fault::ClipFault;
use crate::web::listener::Interval;
use emotion_core::sequence::Sequence;
use emotion_core::walk::{Pace, Span};

/// So many packets wait in the decoder at most, and so many pictures wait for the engine before it is fed again.
const MOST_WAITING: u32 = 4;
const MOST_READY: usize = 2;
/// Without a sign of life for so many seconds, although packets wait, a decoder is given up.
const SILENT_SECONDS: u32 = 20;
/// A decoder that fails so often in a row without a picture is no use for this file.
const MOST_FAILURES: u32 = 40;
/// So many packets are remembered at most, without their bytes: more than a decoder holds.
const MOST_RECENT: usize = 256;
/// The last picture stands until the film ends, where that is not later than so many milliseconds: sound that rings out.
const TAIL_MS: f64 = 2000.0;

/// Why this way is closed.
#[derive(Debug)]
pub enum WhyNot {
    /// No decoder in this browser, or none for this.
    Decoder,
    Container(Fault),
}

impl WhyNot {
    /// The demuxer's words, where they are better than the player's.
    pub fn says_more(self) -> Option<ClipFault> {
        match self {
            WhyNot::Container(fault @ (Fault::NoIndex | Fault::Encrypted)) => {
                Some(ClipFault::Container(fault))
            }
            _ => None,
        }
    }
}

/// A video that is being decoded; it ends when this is dropped.
pub struct Decoded {
    work: Rc<Work>,
    _watch: Option<Interval>,
}

struct Work {
    signal: Rc<Signal>,
    stopped: Cell<bool>,
    books: RefCell<Books>,
    decoder: RefCell<Option<Decoder>>,
}

/// What is known so far.
struct Books {
    ledger: Ledger,
    sequence: Sequence,
    /// The newest picture: when it ends is not known yet.
    held: Option<FrameSource>,
    ready: VecDeque<Event>,
    holdings: Holdings,
    at_ms: f64,
    done: bool,
    fault: Option<Fault>,
}

impl Decoded {
    pub async fn open(file: &File, pace: Pace) -> Result<Self, WhyNot> {
        let mut reader = Reader::new(BlobSource(file.clone().into()));
        // The demuxer first: what is wrong with a file is worth knowing without a decoder as well.
        let first = reader.next().await.map_err(WhyNot::Container)?;
        let (Some(first), Some(track)) = (first, reader.track().cloned()) else {
            return Err(WhyNot::Container(Fault::NoVideo));
        };
        if !decoder::is_there() {
            return Err(WhyNot::Decoder);
        }
        for config in &track.configs {
            if !decoder::is_supported(&decoder::settings(config, track.turn), track.turn).await {
                return Err(WhyNot::Decoder);
            }
        }
        let claims = reader.claims();
        let holdings = Holdings {
            claimed_ms: claims.duration_us.map(|us| us as f64 / 1000.0),
            claimed_pictures: claims.packets,
            video_tracks: claims.video_tracks,
            ..Holdings::default()
        };
        let books = Books {
            ledger: Ledger::default(),
            sequence: Sequence::new(pace),
            held: None,
            ready: VecDeque::new(),
            holdings,
            at_ms: 0.0,
            done: false,
            fault: None,
        };
        let work = Rc::new(Work {
            signal: Rc::default(),
            stopped: Cell::new(false),
            books: RefCell::new(books),
            decoder: RefCell::new(None),
        });
        spawn_local(Feeder::new(&work, reader, track).run(first));
        let watch = watch(&work);
        Ok(Self { work, _watch: watch })
    }

    pub async fn next(&mut self) -> Result<Option<Event>, ClipFault> {
        let work = &self.work;
        let taken = work.signal.until(|| {
            let mut books = work.books.borrow_mut();
            let event = books.ready.pop_front();
            (event.is_some() || books.done).then_some(event)
        });
        let taken = taken.await;
        // There is room for another picture.
        work.signal.changed();
        if taken.is_none() {
            let books = work.books.borrow();
            if books.ledger.counts().decoded == 0 {
                return Err(ClipFault::NotDecoded);
            }
            if let Some(fault) = &books.fault {
                return Err(ClipFault::Container(fault.clone()));
            }
        }
        Ok(taken)
    }

    /// Whether any picture was decoded.
    pub fn gave_any(&self) -> bool {
        self.work.books.borrow().ledger.counts().decoded > 0
    }

    /// Until all is read it is what the file claims.
    pub fn end_ms(&self) -> Option<f64> {
        let books = self.work.books.borrow();
        if books.done && books.ready.is_empty() { Some(books.at_ms) } else { books.holdings.claimed_ms }
    }

    pub fn at_ms(&self) -> f64 {
        self.work.books.borrow().at_ms
    }

    pub fn refused(&mut self, time_ms: f64, span_ms: f64) {
        let mut books = self.work.books.borrow_mut();
        books.holdings.refused += 1;
        books.sequence.lost(time_ms, time_ms + span_ms);
    }

    pub fn unread(&self) -> Vec<Span> {
        self.work.books.borrow().sequence.unread().to_vec()
    }

    pub fn holdings(&self) -> Holdings {
        let books = self.work.books.borrow();
        let counts = books.ledger.counts();
        Holdings {
            pictures: counts.packets + books.holdings.missing,
            not_shown: counts.not_shown,
            lost: counts.lost,
            decoded: counts.decoded,
            ..books.holdings
        }
    }
}

impl Drop for Decoded {
    fn drop(&mut self) {
        self.work.stopped.set(true);
        // Not within a callback of the decoder's own: the feeding task lets go of it.
        self.work.signal.changed();
        let mut books = self.work.books.borrow_mut();
        books.held = None;
        books.ready.clear();
    }
}

/// Once a second, see whether the decoder has fallen silent.
fn watch(work: &Rc<Work>) -> Option<Interval> {
    let weak = Rc::downgrade(work);
    let (last, silent) = (Cell::new(0), Cell::new(0));
    Interval::new(1000, move || {
        let Some(work) = weak.upgrade() else { return };
        let decoder = work.decoder.borrow();
        let Some(decoder) = decoder.as_ref() else { return };
        let signs = decoder.signs();
        if decoder.waiting() == 0 || last.replace(signs) != signs {
            silent.set(0);
            return;
        }
        silent.set(silent.get() + 1);
        if silent.get() >= SILENT_SECONDS {
            silent.set(0);
            decoder.give_up();
            work.signal.changed();
        }
    })
}

impl Work {
    /// The decoder gave a picture.
    fn came(&self, frame: FrameSource, time_us: i64) {
        if self.stopped.get() {
            return;
        }
        let books = &mut *self.books.borrow_mut();
        let Some(settled) = books.ledger.came(time_us) else { return };
        let before = books.held.replace(frame);
        books.settle(before, settled);
    }
}

impl Books {
    /// It is certain now until when the picture before is shown, and what is lost behind it.
    fn settle(&mut self, before: Option<FrameSource>, settled: Settled) {
        if let (Some(frame), Some(shown)) = (before, settled.shown) {
            let (time_ms, until_ms) = (shown.time_us as f64 / 1000.0, shown.until_us as f64 / 1000.0);
            self.holdings.until_ms = until_ms;
            let stands_until_ms = self.stands_until_ms(until_ms);
            self.at_ms = self.at_ms.max(stands_until_ms);
            match self.sequence.picture(time_ms, stands_until_ms) {
                Some(span_ms) => {
                    self.holdings.read += 1;
                    self.ready.push_back(Event::Picture { frame: CapturedFrame { frame, time_ms }, span_ms });
                }
                None => drop(frame),
            }
        }
        if let Some(lost) = settled.lost {
            self.sequence.lost(lost.from_us as f64 / 1000.0, lost.to_us as f64 / 1000.0);
            self.at_ms = self.at_ms.max(lost.to_us as f64 / 1000.0);
        }
    }

    /// Behind the last picture the sound may ring out.
    fn stands_until_ms(&self, until_ms: f64) -> f64 {
        let claimed_ms = self.holdings.claimed_ms.filter(|_| self.done).unwrap_or(until_ms);
        if claimed_ms - until_ms <= TAIL_MS { until_ms.max(claimed_ms) } else { until_ms }
    }

    /// Nothing more comes.
    fn finish(&mut self) {
        self.done = true;
        let settled = self.ledger.finish();
        let last = self.held.take();
        self.settle(last, settled);
    }
}

/// Keeps the decoder fed.
struct Feeder {
    work: Weak<Work>,
    reader: Reader<BlobSource>,
    track: VideoTrack,
    /// The coding that the decoder is set up for.
    config: usize,
    /// Nothing can be decoded before the next key frame.
    wants_key: bool,
    failures: u32,
    /// What was fed since the last key frame but one: faults are told late, when the next key frame is in already.
    recent: VecDeque<(Packet, i64)>,
    /// The key frame from which was begun anew last.
    begun_at: Option<u64>,
}

impl Feeder {
    fn new(work: &Rc<Work>, reader: Reader<BlobSource>, track: VideoTrack) -> Self {
        Self {
            work: Rc::downgrade(work),
            reader,
            track,
            config: 0,
            wants_key: true,
            failures: 0,
            recent: VecDeque::new(),
            begun_at: None,
        }
    }

    async fn run(mut self, first: (Packet, Vec<u8>)) {
        let mut next = Some(first);
        while let Some((packet, bytes)) = next.take() {
            if !self.feed(&packet, &bytes).await {
                break;
            }
            next = match self.reader.next().await {
                Ok(next) => next,
                Err(fault) => {
                    self.with_books(|books| books.fault = Some(fault));
                    None
                }
            };
        }
        self.flush().await;
        if let Some(work) = self.work.upgrade().filter(|work| !work.stopped.get()) {
            // What the last fault hid behind it.
            self.mend(&work).await;
            drop(work);
            self.flush().await;
        }
        let remarks = self.reader.remarks();
        self.with_books(|books| {
            books.holdings.missing = remarks.beyond_end;
            books.holdings.cut_off = remarks.cut_off;
            books.holdings.skipped_bytes = remarks.skipped_bytes;
            books.holdings.another_film = remarks.another_film;
            books.finish();
        });
        if let Some(work) = self.work.upgrade() {
            drop(work.decoder.take());
            work.signal.changed();
        }
    }

    fn with_books(&self, change: impl FnOnce(&mut Books)) {
        if let Some(work) = self.work.upgrade() {
            change(&mut work.books.borrow_mut());
        }
    }

    /// Feed one packet once there is room; `false` where nobody wants more, or nothing comes of it.
    async fn feed(&mut self, packet: &Packet, bytes: &[u8]) -> bool {
        let Some(work) = self.work.upgrade() else { return false };
        work.signal
            .until(|| {
                let decoder = work.decoder.borrow();
                let waiting = decoder
                    .as_ref()
                    .map_or(0, |decoder| if decoder.is_broken() { 0 } else { decoder.waiting() });
                let room = waiting < MOST_WAITING && work.books.borrow().ready.len() < MOST_READY;
                (room || work.stopped.get()).then_some(())
            })
            .await;
        if work.stopped.get() {
            drop(work.decoder.take());
            return false;
        }
        self.mend(&work).await;
        if self.failures >= MOST_FAILURES {
            return false;
        }
        let family = self.track.configs.get(packet.config).map(|config| config.family);
        let shown = packet.shown && !family.is_some_and(|family| is_hidden(family, bytes));
        if self.wants_key && !packet.key {
            work.books.borrow_mut().ledger.skip(packet, shown);
            return true;
        }
        if packet.config != self.config || work.decoder.borrow().is_none() {
            self.flush().await;
            if !self.set_up(&work, packet.config) {
                self.failures = MOST_FAILURES;
                return false;
            }
        }
        let time_us = work.books.borrow_mut().ledger.feed(packet, shown);
        let fed = work
            .decoder
            .borrow()
            .as_ref()
            .is_some_and(|decoder| decoder.feed(packet, bytes, time_us).is_ok());
        self.wants_key = !fed;
        if fed {
            self.remember(packet, time_us);
        } else {
            work.books.borrow_mut().ledger.refused(time_us);
        }
        true
    }

    /// After a fault of the decoder: what it was fed is lost, and it begins anew at the next key frame.
    ///
    /// Where a key frame was fed already behind the picture that is missing first, it is fed again, with all behind it.
    async fn mend(&mut self, work: &Rc<Work>) {
        let broken = work.decoder.borrow().as_ref().is_some_and(Decoder::is_broken);
        if !broken {
            return;
        }
        drop(work.decoder.take());
        self.wants_key = true;
        let again = {
            let books = &mut *work.books.borrow_mut();
            let decoded = books.ledger.counts().decoded;
            self.failures = if decoded > 0 { 0 } else { self.failures + 1 };
            let owed = |(_, time_us): &(Packet, i64)| books.ledger.owes(*time_us);
            let missing = self.recent.iter().position(owed).unwrap_or(self.recent.len());
            books.ledger.broke();
            let key = self.recent.iter().skip(missing + 1).position(|(packet, _)| packet.key);
            key.map_or(self.recent.len(), |key| missing + 1 + key)
        };
        let again = self.recent.split_off(again);
        self.recent.clear();
        let Some((first, _)) = again.front() else { return };
        // Once from each key frame: what fails again is lost.
        if self.begun_at.is_some_and(|begun_at| begun_at >= first.range.start)
            || !self.set_up(work, first.config)
        {
            return;
        }
        self.begun_at = Some(first.range.start);
        for (packet, time_us) in again {
            let Ok(bytes) = self.reader.bytes(&packet).await else { break };
            work.books.borrow_mut().ledger.again(time_us);
            let fed = work
                .decoder
                .borrow()
                .as_ref()
                .is_some_and(|decoder| decoder.feed(&packet, &bytes, time_us).is_ok());
            self.wants_key = !fed;
            if !fed {
                work.books.borrow_mut().ledger.refused(time_us);
                break;
            }
            self.recent.push_back((packet, time_us));
        }
    }

    fn remember(&mut self, packet: &Packet, time_us: i64) {
        if packet.key {
            let last_key = self.recent.iter().rposition(|(packet, _)| packet.key).unwrap_or_default();
            self.recent.drain(..last_key);
        }
        self.recent.push_back((packet.clone(), time_us));
        if self.recent.len() > MOST_RECENT {
            self.recent.pop_front();
        }
    }

    fn set_up(&mut self, work: &Rc<Work>, config: usize) -> bool {
        let Some(settings) = self.settings(config) else { return false };
        let weak = Rc::downgrade(work);
        let on_frame = move |frame, time_us| {
            if let Some(work) = weak.upgrade() {
                work.came(frame, time_us);
            }
        };
        drop(work.decoder.take());
        match Decoder::new(&settings, &work.signal, on_frame) {
            Ok(decoder) => {
                work.decoder.replace(Some(decoder));
                self.config = config;
                true
            }
            Err(_) => false,
        }
    }

    fn settings(&self, config: usize) -> Option<js_sys::Object> {
        Some(decoder::settings(self.track.configs.get(config)?, self.track.turn))
    }

    /// Wait until the decoder has given all that it can give, or has given up.
    async fn flush(&mut self) {
        let Some(work) = self.work.upgrade() else { return };
        let flushed = Rc::new(Cell::new(false));
        if let Some(decoder) = work.decoder.borrow().as_ref().filter(|decoder| !decoder.is_broken()) {
            let (flush, flushed, signal) = (decoder.flush(), flushed.clone(), work.signal.clone());
            spawn_local(async move {
                flush.await;
                flushed.set(true);
                signal.changed();
            });
        } else {
            return;
        }
        work.signal
            .until(|| {
                let broken = work.decoder.borrow().as_ref().is_none_or(Decoder::is_broken);
                (flushed.get() || broken || work.stopped.get()).then_some(())
            })
            .await;
        self.wants_key = true;
    }
}
