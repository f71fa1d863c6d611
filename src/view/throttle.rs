//! Lets something happen at most so often.

/// Says when it is time again.
#[derive(Debug, Clone, Default)]
pub struct Throttle {
    last_ms: Option<f64>,
}

impl Throttle {
    /// Whether at `now_ms` it is at least `every_ms` since it was last due; if so, it counts from now on. A clock that runs
    /// backwards is another one's, and it is time at once.
    pub fn due(&mut self, now_ms: f64, every_ms: f64) -> bool {
        let due = self.last_ms.is_none_or(|last_ms| now_ms - last_ms >= every_ms || now_ms < last_ms);
        if due {
            self.last_ms = Some(now_ms);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_due_at_once_and_then_only_so_often() {
        let mut throttle = Throttle::default();
        let due = [5.0, 6.0, 104.9, 105.0, 204.0, 300.0].map(|now| throttle.due(now, 100.0));
        assert_eq!(due, [true, false, false, true, false, true]);
    }

    #[test]
    fn another_clock_does_not_make_it_wait() {
        let mut throttle = Throttle::default();
        assert!(throttle.due(90_000.0, 100.0));
        assert!(throttle.due(10.0, 100.0));
        assert!(!throttle.due(20.0, 100.0));
    }
}
