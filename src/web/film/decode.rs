//! The way by decoding: packets go into the browser's decoder, its pictures come out in the order of presentation, and those
//! on which a look falls are handed out. A task of its own keeps the decoder fed while the engine reads.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use demux::{Fault, Ledger, Reader, Settled};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use super::Event;
use super::blob::BlobSource;
use super::decoder::{self, Decoder};
use super::feed::Feeder;
use super::signal::Signal;
use crate::view::video::Holdings;
use crate::web::capture::{CapturedFrame, FrameSource};
use crate::web::clip_fault::ClipFault;
use crate::web::listener::Interval;
use emotion_core::sequence::Sequence;
use emotion_core::walk::{Pace, Span};

/// Without a sign of life for so many seconds, although packets wait, a decoder is given up.
const SILENT_SECONDS: u32 = 20;
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

/// What the task that feeds and the reading share.
pub(super) struct Work {
    pub signal: Rc<Signal>,
    pub stopped: Cell<bool>,
    pub books: RefCell<Books>,
    pub decoder: RefCell<Option<Decoder>>,
}

/// What is known so far.
pub(super) struct Books {
    pub ledger: Ledger,
    sequence: Sequence,
    /// The newest picture: when it ends is not known yet.
    held: Option<FrameSource>,
    pub ready: VecDeque<Event>,
    pub holdings: Holdings,
    at_ms: f64,
    done: bool,
    pub fault: Option<Fault>,
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
    pub fn came(&self, frame: FrameSource, time_us: i64) {
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
    pub fn finish(&mut self) {
        self.done = true;
        let settled = self.ledger.finish();
        let last = self.held.take();
        self.settle(last, settled);
    }
}
