//! The task that keeps the decoder fed, and begins anew after a fault.

use std::cell::Cell;
use std::collections::VecDeque;
use std::ops::Range;
use std::rc::{Rc, Weak};

use demux::{Packet, Reader, VideoTrack, is_hidden};
use wasm_bindgen_futures::spawn_local;

use super::blob::BlobSource;
use super::decode::{Books, Work};
use super::decoder::{self, Decoder};

/// So many packets wait in the decoder at most, and so many pictures wait for the engine before it is fed again.
const MOST_WAITING: u32 = 4;
const MOST_READY: usize = 2;
/// A decoder that fails so often in a row without a picture is no use for this file.
const MOST_FAILURES: u32 = 40;
/// So many packets are remembered at most, without their bytes: more than a decoder holds.
const MOST_RECENT: usize = 256;
/// So many packets may wait in a decoder for those that are shown before them, when it gives up at another.
const MOST_DELAYED: usize = 16;

/// Keeps the decoder fed.
pub(super) struct Feeder {
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
    pub fn new(work: &Rc<Work>, reader: Reader<BlobSource>, track: VideoTrack) -> Self {
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

    pub async fn run(mut self, first: (Packet, Vec<u8>)) {
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

    /// After a fault of the decoder: what it holds is lost, and it begins anew at the next key frame.
    ///
    /// What it held and could have given comes first. Where a key frame was fed already behind the picture that is missing,
    /// it is fed again, with all behind it.
    async fn mend(&mut self, work: &Rc<Work>) {
        let broken = work.decoder.borrow().as_ref().is_some_and(Decoder::is_broken);
        if !broken {
            return;
        }
        drop(work.decoder.take());
        self.wants_key = true;
        let missing = {
            let books = &mut *work.books.borrow_mut();
            let decoded = books.ledger.counts().decoded;
            self.failures = if decoded > 0 { 0 } else { self.failures + 1 };
            let owed = |(_, time_us): &(Packet, i64)| books.ledger.owes(*time_us);
            let missing = self.recent.iter().position(owed).unwrap_or(self.recent.len());
            books.ledger.broke();
            missing
        };
        self.rescue(work, missing).await;
        let key = self.recent.iter().skip(missing + 1).position(|(packet, _)| packet.key);
        let again = key.map_or(self.recent.len(), |key| missing + 1 + key);
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
        self.recent = again;
        let all = 0..self.recent.len();
        self.wants_key = !self.feed_again(work, all).await;
    }

    /// A decoder gives pictures late, and takes with it what it held when it gave up. Feed it again up to the packet that it
    /// failed at, which is found by halving, and have it give all. `missing`: the first that it owed.
    async fn rescue(&mut self, work: &Rc<Work>, missing: usize) {
        let Some((first, _)) = self.recent.get(missing) else { return };
        let config = first.config;
        let Some(key) = self.recent.iter().take(missing + 1).rposition(|(packet, _)| packet.key) else {
            return;
        };
        // Up to `good` it goes well, up to `bad` it does not.
        let (mut good, mut bad) = (missing, self.recent.len().min(missing + 1 + MOST_DELAYED));
        while bad - good > 1 {
            let middle = usize::midpoint(good, bad);
            if !self.set_up(work, config) {
                return;
            }
            let fed = self.feed_again(work, key..middle).await;
            self.flush().await;
            if work.stopped.get() {
                return;
            }
            let whole = fed && !work.decoder.borrow().as_ref().is_none_or(Decoder::is_broken);
            drop(work.decoder.take());
            work.books.borrow_mut().ledger.broke();
            if whole { good = middle } else { bad = middle }
        }
    }

    /// Feed these of the recent packets once more; `false` where one is refused.
    async fn feed_again(&mut self, work: &Rc<Work>, which: Range<usize>) -> bool {
        for (packet, time_us) in self.recent.range(which) {
            let Ok(bytes) = self.reader.bytes(packet).await else { return false };
            work.books.borrow_mut().ledger.again(*time_us);
            let decoder = work.decoder.borrow();
            let taken =
                decoder.as_ref().is_some_and(|decoder| decoder.feed(packet, &bytes, *time_us).is_ok());
            if !taken {
                work.books.borrow_mut().ledger.refused(*time_us);
                return false;
            }
        }
        true
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
