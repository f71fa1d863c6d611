//! The order of a worker's requests: each may be prepared as soon as it comes, and is acted on after those before it.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// Hands out places.
#[derive(Default)]
pub struct Order {
    line: Rc<Line>,
    last: Cell<u64>,
}

#[derive(Default)]
struct Line {
    /// So many places have been given up.
    gone: Cell<u64>,
    wakers: RefCell<Vec<Waker>>,
}

/// One request's place; whoever stands behind it waits until this is dropped.
#[must_use = "those behind wait until this is dropped"]
pub struct Place {
    line: Rc<Line>,
    number: u64,
}

impl Order {
    /// The place behind all others.
    pub fn place(&self) -> Place {
        let number = self.last.get();
        self.last.set(number + 1);
        Place { line: self.line.clone(), number }
    }
}

impl Place {
    /// Wait until all places before this one are given up. Do so before giving this one up, too: places are counted,
    /// not named.
    pub async fn turn(&self) {
        poll_fn(|context| {
            if self.line.gone.get() >= self.number {
                return Poll::Ready(());
            }
            self.line.wakers.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.line.gone.set(self.line.gone.get() + 1);
        for waker in self.line.wakers.take() {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;

    fn has_its_turn(place: &Place) -> bool {
        pin!(place.turn()).poll(&mut Context::from_waker(Waker::noop())).is_ready()
    }

    #[test]
    fn each_waits_for_those_before_it_and_for_no_others() {
        let order = Order::default();
        let (first, second, third) = (order.place(), order.place(), order.place());
        assert_eq!([&first, &second, &third].map(has_its_turn), [true, false, false]);
        drop(first);
        assert_eq!([&second, &third].map(has_its_turn), [true, false]);
        drop(second);
        assert!(has_its_turn(&third));
        let fourth = order.place();
        assert!(!has_its_turn(&fourth));
        drop(third);
        assert!(has_its_turn(&fourth));
    }
}
