//! Requests that wait for their reply: each is answered exactly once, whatever happens.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// The requests on their way. `T` is what a request is answered with, a failure included.
pub struct Pending<T> {
    last_id: u64,
    waiting: BTreeMap<u64, Waiting<T>>,
}

struct Waiting<T> {
    slot: Rc<RefCell<Slot<T>>>,
    ticks_left: u32,
}

struct Slot<T> {
    value: Option<T>,
    waker: Option<Waker>,
}

/// The answer to one request; ready as soon as the request is settled.
#[must_use = "an answer that nobody awaits is lost"]
pub struct Answer<T> {
    slot: Rc<RefCell<Slot<T>>>,
}

impl<T> Default for Pending<T> {
    fn default() -> Self {
        Self { last_id: 0, waiting: BTreeMap::new() }
    }
}

impl<T> Pending<T> {
    /// A new request: its id, from 1 and never given twice, and its answer. It may wait for `ticks`
    /// calls of [`Pending::tick`].
    pub fn open(&mut self, ticks: u32) -> (u64, Answer<T>) {
        self.last_id += 1;
        let slot = Rc::new(RefCell::new(Slot { value: None, waker: None }));
        self.waiting.insert(self.last_id, Waiting { slot: slot.clone(), ticks_left: ticks });
        (self.last_id, Answer { slot })
    }

    /// Answer a request. False where none waits under that id: the reply is stale and is dropped.
    pub fn settle(&mut self, id: u64, value: T) -> bool {
        let Some(waiting) = self.waiting.remove(&id) else { return false };
        let waker = {
            let mut slot = waiting.slot.borrow_mut();
            slot.value = Some(value);
            slot.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
        true
    }

    /// Answer everything that waits: the other side is gone.
    pub fn settle_all(&mut self, mut value: impl FnMut() -> T) {
        while let Some((&id, _)) = self.waiting.first_key_value() {
            self.settle(id, value());
        }
    }

    /// One unit of time has passed. True where a request has now waited for all its ticks.
    ///
    /// Ticks instead of a clock: while a computer sleeps, no ticks pass, and nothing is taken for dead
    /// on waking up.
    pub fn tick(&mut self) -> bool {
        let mut overdue = false;
        for waiting in self.waiting.values_mut() {
            waiting.ticks_left = waiting.ticks_left.saturating_sub(1);
            overdue |= waiting.ticks_left == 0;
        }
        overdue
    }

    /// How many requests wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

impl<T> Future for Answer<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let mut slot = self.slot.borrow_mut();
        match slot.value.take() {
            Some(value) => Poll::Ready(value),
            None => {
                slot.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::Wake;

    use super::*;

    #[derive(Default)]
    struct Count(AtomicU32);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn poll<T>(answer: &mut Answer<T>, count: &Arc<Count>) -> Poll<T> {
        Pin::new(answer).poll(&mut Context::from_waker(&Waker::from(count.clone())))
    }

    #[test]
    fn each_request_gets_its_own_reply_once() {
        let count = Arc::new(Count::default());
        let mut pending = Pending::default();
        let (first, mut first_answer) = pending.open(9);
        let (second, mut second_answer) = pending.open(9);
        assert_ne!(first, second);
        assert!(poll(&mut first_answer, &count).is_pending());
        assert!(pending.settle(second, "second"));
        assert!(pending.settle(first, "first"));
        assert_eq!(count.0.load(Ordering::Relaxed), 1, "only the one that was polled is woken");
        assert_eq!(poll(&mut first_answer, &count), Poll::Ready("first"));
        assert_eq!(poll(&mut second_answer, &count), Poll::Ready("second"));
        assert!(pending.is_empty());
    }

    #[test]
    fn stale_and_second_replies_are_dropped() {
        let count = Arc::new(Count::default());
        let mut pending = Pending::default();
        let (id, mut answer) = pending.open(9);
        assert!(!pending.settle(id + 1, 0));
        assert!(pending.settle(id, 1));
        assert!(!pending.settle(id, 2));
        assert_eq!(poll(&mut answer, &count), Poll::Ready(1));
        let (next, _answer) = pending.open(9);
        assert_ne!(next, id);
    }

    #[test]
    fn when_the_worker_dies_everything_is_answered() {
        let count = Arc::new(Count::default());
        let mut pending = Pending::default();
        let mut answers: Vec<_> = (0..3).map(|_| pending.open(9).1).collect();
        pending.settle_all(|| "died");
        for answer in &mut answers {
            assert_eq!(poll(answer, &count), Poll::Ready("died"));
        }
        assert_eq!(pending.len(), 0);
    }

    #[test]
    fn a_request_is_overdue_after_its_ticks_and_not_before() {
        let mut pending = Pending::<()>::default();
        assert!(!pending.tick());
        let (id, _answer) = pending.open(3);
        assert_eq!([pending.tick(), pending.tick(), pending.tick()], [false, false, true]);
        pending.settle(id, ());
        assert!(!pending.tick());
    }
}
