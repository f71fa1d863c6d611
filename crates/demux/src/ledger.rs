//! The books of a reading: which pictures were expected, which came, which are lost, and how long each is shown.
//!
//! Packets go into a decoder in the order of decoding and pictures come out in the order of presentation. A picture's
//! length is known when the next one has come; one that was expected before it will not come any more and is lost. So the
//! counts add up: packets = not shown + lost + decoded.

use std::collections::BTreeMap;

use crate::track::Packet;

/// How long the last picture lasts where nothing says it: 25 a second.
const USUAL_US: i64 = 40_000;

/// A picture and until when it is shown, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    pub time_us: i64,
    pub until_us: i64,
}

/// Pictures in a row that could not be decoded, and the part of the film that they stand for, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost {
    pub from_us: i64,
    pub to_us: i64,
    pub frames: u64,
}

/// What is certain now, in the order of presentation: first a picture, then what is lost behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settled {
    pub shown: Option<Shown>,
    pub lost: Option<Lost>,
}

/// Packets of a track; the sum of the last three is the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub packets: u64,
    pub not_shown: u64,
    pub lost: u64,
    pub decoded: u64,
}

/// See the module.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    /// Fed, and no picture yet: length by time.
    expected: BTreeMap<i64, Option<i64>>,
    /// Given up, behind the picture that is held: length by time.
    lost: BTreeMap<i64, Option<i64>>,
    /// The newest picture and the length that its packet has.
    held: Option<(i64, Option<i64>)>,
    /// From one picture to the next.
    interval_us: Option<i64>,
    counts: Counts,
}

impl Ledger {
    /// A packet goes to the decoder. Gives the time by which its picture is known: its own, or where two packets have the
    /// same one, a microsecond later for the second.
    ///
    /// `shown`: whether a picture is wanted of it.
    pub fn feed(&mut self, packet: &Packet, shown: bool) -> i64 {
        self.counts.packets += 1;
        if !shown {
            self.counts.not_shown += 1;
            return packet.time_us;
        }
        let time_us = self.free(packet.time_us);
        self.expected.insert(time_us, packet.duration_us);
        time_us
    }

    /// A packet that cannot go to the decoder: the key frame before it is missing.
    pub fn skip(&mut self, packet: &Packet, shown: bool) {
        self.counts.packets += 1;
        if !shown {
            self.counts.not_shown += 1;
            return;
        }
        let time_us = self.free(packet.time_us);
        self.lost.insert(time_us, packet.duration_us);
    }

    fn free(&self, mut time_us: i64) -> i64 {
        let taken = |time_us| {
            self.expected.contains_key(&time_us)
                || self.lost.contains_key(&time_us)
                || self.held.is_some_and(|(held_us, _)| held_us == time_us)
        };
        while taken(time_us) {
            time_us += 1;
        }
        time_us
    }

    /// The decoder gave a picture. `None`: it is not wanted, close it. Else it is held until the next call settles it, and the
    /// one that was held before is settled now.
    pub fn came(&mut self, time_us: i64) -> Option<Settled> {
        let length = self.expected.remove(&time_us)?;
        let later = self.expected.split_off(&time_us);
        // Pictures come in the order of presentation: what is before this one will not come.
        self.lost.append(&mut self.expected);
        self.expected = later;
        let settled = self.settle(Some(time_us));
        if let (Some((before_us, _)), None) = (self.held, settled.lost) {
            self.interval_us = Some(time_us - before_us);
        }
        self.counts.decoded += 1;
        self.held = Some((time_us, length));
        Some(settled)
    }

    /// The decoder has given up: nothing of what it was fed will come any more.
    pub fn broke(&mut self) {
        self.lost.append(&mut self.expected);
    }

    /// The decoder refused the packet whose picture would have been known by this time.
    pub fn refused(&mut self, time_us: i64) {
        if let Some(length) = self.expected.remove(&time_us) {
            self.lost.insert(time_us, length);
        }
    }

    /// Whether the picture of this time is expected still.
    pub fn owes(&self, time_us: i64) -> bool {
        self.expected.contains_key(&time_us)
    }

    /// A packet that was given up is fed once more.
    pub fn again(&mut self, time_us: i64) {
        if let Some(length) = self.lost.remove(&time_us) {
            self.expected.insert(time_us, length);
        }
    }

    /// Nothing more is fed, and what was not given will not come.
    pub fn finish(&mut self) -> Settled {
        self.broke();
        let settled = self.settle(None);
        self.held = None;
        settled
    }

    /// How many pictures the decoder still owes.
    pub fn owed(&self) -> usize {
        self.expected.len()
    }

    pub fn counts(&self) -> Counts {
        Counts { lost: self.counts.lost + self.lost.len() as u64, ..self.counts }
    }

    /// The end of the picture that is held, and what is lost between it and the next.
    fn settle(&mut self, next_us: Option<i64>) -> Settled {
        let later = match next_us {
            Some(next_us) => self.lost.split_off(&next_us),
            None => BTreeMap::new(),
        };
        let lost = std::mem::replace(&mut self.lost, later);
        self.counts.lost += lost.len() as u64;
        let usual_us = |length: Option<i64>| length.or(self.interval_us).unwrap_or(USUAL_US).max(1);
        // What is lost from before the picture that is held cannot be placed between the two any more.
        let held_us = self.held.map_or(i64::MIN, |(time_us, _)| time_us);
        let first = lost.keys().find(|time_us| **time_us > held_us).copied().or(lost.keys().next().copied());
        let end_us = lost.last_key_value().map(|(time_us, length)| time_us.saturating_add(usual_us(*length)));
        let span = first.map(|from_us| Lost {
            from_us,
            to_us: next_us.or(end_us).unwrap_or(from_us).max(from_us),
            frames: lost.len() as u64,
        });
        let shown = self.held.map(|(time_us, length)| {
            let lost_us = first.filter(|from_us| *from_us > time_us);
            let until_us = lost_us.or(next_us).unwrap_or_else(|| time_us.saturating_add(usual_us(length)));
            Shown { time_us, until_us: until_us.max(time_us) }
        });
        Settled { shown, lost: span }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(time_us: i64) -> Packet {
        let duration_us = Some(100);
        Packet { time_us, duration_us, key: true, shown: true, config: 0, range: 0..1 }
    }

    fn feed(ledger: &mut Ledger, times: &[i64]) {
        for time_us in times {
            ledger.feed(&packet(*time_us), true);
        }
    }

    fn shown(time_us: i64, until_us: i64) -> Option<Shown> {
        Some(Shown { time_us, until_us })
    }

    #[test]
    fn each_picture_is_shown_until_the_next() {
        let mut ledger = Ledger::default();
        feed(&mut ledger, &[0, 300, 100, 200]);
        assert_eq!(ledger.came(0), Some(Settled::default()));
        assert_eq!(ledger.came(100), Some(Settled { shown: shown(0, 100), lost: None }));
        assert_eq!(ledger.came(200), Some(Settled { shown: shown(100, 200), lost: None }));
        assert_eq!(ledger.came(250), None, "it was never fed");
        assert_eq!(ledger.came(300), Some(Settled { shown: shown(200, 300), lost: None }));
        assert_eq!(ledger.finish(), Settled { shown: shown(300, 400), lost: None });
        assert_eq!(ledger.counts(), Counts { packets: 4, decoded: 4, ..Counts::default() });
    }

    #[test]
    fn what_does_not_come_is_lost_with_its_times() {
        let mut ledger = Ledger::default();
        feed(&mut ledger, &[0, 100, 200, 300]);
        ledger.came(0);
        let lost = Some(Lost { from_us: 100, to_us: 300, frames: 2 });
        assert_eq!(ledger.came(300), Some(Settled { shown: shown(0, 100), lost }));
        feed(&mut ledger, &[400]);
        ledger.broke();
        assert_eq!((ledger.owed(), ledger.owes(400)), (0, false));
        ledger.again(400);
        assert!(ledger.owes(400));
        ledger.broke();
        let fed_us = ledger.feed(&packet(500), true);
        ledger.refused(fed_us);
        feed(&mut ledger, &[600]);
        let lost = Some(Lost { from_us: 400, to_us: 600, frames: 2 });
        assert_eq!(ledger.came(600), Some(Settled { shown: shown(300, 400), lost }));
        ledger.skip(&packet(700), true);
        let lost = Some(Lost { from_us: 700, to_us: 800, frames: 1 });
        assert_eq!(ledger.finish(), Settled { shown: shown(600, 700), lost });
        assert_eq!(ledger.counts(), Counts { packets: 8, not_shown: 0, lost: 5, decoded: 3 });
    }

    #[test]
    fn a_film_that_begins_without_a_key_frame_has_lost_its_beginning() {
        let mut ledger = Ledger::default();
        ledger.skip(&packet(0), true);
        ledger.skip(&packet(100), true);
        feed(&mut ledger, &[200]);
        let lost = Some(Lost { from_us: 0, to_us: 200, frames: 2 });
        assert_eq!(ledger.came(200), Some(Settled { shown: None, lost }));
    }

    #[test]
    fn what_the_film_does_not_show_is_neither_expected_nor_lost() {
        let mut ledger = Ledger::default();
        ledger.feed(&packet(-100), false);
        feed(&mut ledger, &[0]);
        assert_eq!(ledger.came(-100), None);
        ledger.came(0);
        assert_eq!(ledger.finish(), Settled { shown: shown(0, 100), lost: None });
        assert_eq!(ledger.counts(), Counts { packets: 2, not_shown: 1, lost: 0, decoded: 1 });
    }

    #[test]
    fn two_pictures_of_the_same_time_are_told_apart() {
        let mut ledger = Ledger::default();
        assert_eq!([ledger.feed(&packet(5), true), ledger.feed(&packet(5), true)], [5, 6]);
        ledger.came(5);
        assert_eq!(ledger.came(6), Some(Settled { shown: shown(5, 6), lost: None }));
    }

    #[test]
    fn the_last_picture_lasts_as_long_as_the_one_before_where_nothing_says_it() {
        let mut ledger = Ledger::default();
        for time_us in [0, 70] {
            ledger.feed(&Packet { duration_us: None, ..packet(time_us) }, true);
            ledger.came(time_us);
        }
        assert_eq!(ledger.finish().shown, shown(70, 140));
    }
}
