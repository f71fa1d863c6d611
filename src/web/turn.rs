//! One frame in flight: who may analyse, told from the request that is on its way.

/// Whose turn it is. A turn is reserved, becomes a request, and ends with that request's one reply, whether or not anybody
/// still waits for it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    #[default]
    Free,
    /// Taken, and nothing sent yet.
    Reserved,
    /// The request with this id is on its way.
    Sent(u64),
}

impl Turn {
    /// Take the turn; false where it is taken.
    pub fn reserve(&mut self) -> bool {
        let free = *self == Turn::Free;
        if free {
            *self = Turn::Reserved;
        }
        free
    }

    /// The request `id` leaves in this turn.
    pub fn send(&mut self, id: u64) {
        *self = Turn::Sent(id);
    }

    /// The request `id` could not leave after all.
    pub fn unsend(&mut self, id: u64) {
        if *self == Turn::Sent(id) {
            *self = Turn::Reserved;
        }
    }

    /// The reply to request `id` has come.
    pub fn settle(&mut self, id: u64) {
        if *self == Turn::Sent(id) {
            *self = Turn::Free;
        }
    }

    /// Whoever had the turn is gone. A request on its way keeps it until its reply.
    pub fn abandon(&mut self) {
        if *self == Turn::Reserved {
            *self = Turn::Free;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_analysis_that_is_given_up_before_it_is_sent_leaves_the_turn() {
        let mut turn = Turn::default();
        assert!(turn.reserve());
        assert!(!turn.reserve(), "one at a time");
        turn.abandon();
        assert!(turn.reserve());
    }

    #[test]
    fn an_analysis_that_is_given_up_on_its_way_ends_with_its_reply() {
        let mut turn = Turn::default();
        assert!(turn.reserve());
        turn.send(7);
        turn.abandon();
        assert!(!turn.reserve(), "the worker is still busy with it");
        turn.settle(6);
        assert!(!turn.reserve(), "another's reply");
        turn.settle(7);
        assert!(turn.reserve());
    }

    #[test]
    fn a_request_that_could_not_leave_may_be_tried_once_more_in_its_turn() {
        let mut turn = Turn::default();
        assert!(turn.reserve());
        turn.send(1);
        turn.unsend(1);
        assert!(!turn.reserve());
        turn.send(2);
        turn.settle(2);
        assert!(turn.reserve());
    }
}
