//! Waiting for something that another task or the browser brings about.

use std::cell::RefCell;
use std::future::poll_fn;
use std::task::{Poll, Waker};

/// Wakes those who wait whenever something has changed.
#[derive(Default)]
pub struct Signal {
    wakers: RefCell<Vec<Waker>>,
}

impl Signal {
    /// Something has changed: whoever waits looks again.
    pub fn changed(&self) {
        for waker in self.wakers.take() {
            waker.wake();
        }
    }

    /// Wait until `look` gives something. It is asked at once, and after each change.
    pub async fn until<T>(&self, mut look: impl FnMut() -> Option<T>) -> T {
        poll_fn(|context| match look() {
            Some(found) => Poll::Ready(found),
            None => {
                self.wakers.borrow_mut().push(context.waker().clone());
                Poll::Pending
            }
        })
        .await
    }
}
