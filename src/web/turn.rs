//! A few frames in flight: who may analyse, told from the requests that are on their way.

use std::collections::BTreeSet;

/// So many frames are on their way at most: while one is read, the worker has the next at hand.
pub const MOST_FRAMES: usize = 2;

/// The turns that are taken. A turn is reserved, becomes a request, and ends with that request's one reply, whether or not
/// anybody still waits for it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Turns {
    /// Taken, and nothing sent yet.
    reserved: usize,
    /// The requests on their way.
    sent: BTreeSet<u64>,
}

impl Turns {
    /// Take a turn; false where all are taken.
    pub fn reserve(&mut self) -> bool {
        let free = self.reserved + self.sent.len() < MOST_FRAMES;
        if free {
            self.reserved += 1;
        }
        free
    }

    /// The request `id` leaves in a reserved turn.
    pub fn send(&mut self, id: u64) {
        self.abandon();
        self.sent.insert(id);
    }

    /// The request `id` could not leave after all: its turn is reserved again.
    pub fn unsend(&mut self, id: u64) {
        if self.sent.remove(&id) {
            self.reserved += 1;
        }
    }

    /// The reply to request `id` has come.
    pub fn settle(&mut self, id: u64) {
        self.sent.remove(&id);
    }

    /// Whoever reserved a turn is gone, and sent nothing in it.
    pub fn abandon(&mut self) {
        self.reserved = self.reserved.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_analysis_that_is_given_up_before_it_is_sent_leaves_its_turn() {
        let mut turns = Turns::default();
        assert!(turns.reserve() && turns.reserve());
        assert!(!turns.reserve(), "two at a time");
        turns.abandon();
        assert!(turns.reserve());
        assert!(!turns.reserve());
    }

    #[test]
    fn an_analysis_on_its_way_ends_with_its_own_reply() {
        let mut turns = Turns::default();
        for id in [7, 8] {
            assert!(turns.reserve());
            turns.send(id);
        }
        assert!(!turns.reserve(), "the worker is still busy with both");
        turns.settle(6);
        assert!(!turns.reserve(), "another's reply");
        turns.settle(8);
        assert!(turns.reserve());
        assert!(!turns.reserve());
        turns.settle(8);
        assert!(!turns.reserve(), "it was settled before");
    }

    #[test]
    fn a_request_that_could_not_leave_may_be_tried_once_more_in_its_turn() {
        let mut turns = Turns::default();
        assert!(turns.reserve() && turns.reserve());
        turns.send(1);
        turns.unsend(1);
        assert!(!turns.reserve());
        turns.send(2);
        turns.settle(2);
        assert!(turns.reserve());
    }
}
