//! How far the reading of files has come.

/// The files that were given since the last time that nothing was to do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Batch {
    pub total: usize,
    /// Read or refused.
    pub done: usize,
    pub faces: usize,
    pub failed: usize,
    pub running: bool,
    pub cancelled: bool,
    /// Since the first file began.
    pub elapsed_ms: f64,
}

impl Batch {
    /// Files a second, once there is something to measure.
    pub fn rate(&self) -> Option<f64> {
        (self.done > 0 && self.elapsed_ms > 0.0).then(|| self.done as f64 * 1000.0 / self.elapsed_ms)
    }

    /// How long the rest takes at this rate, in milliseconds.
    pub fn left_ms(&self) -> Option<f64> {
        self.rate().map(|rate| (self.total - self.done.min(self.total)) as f64 * 1000.0 / rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_and_time_left_follow_from_what_is_done() {
        let mut batch = Batch { total: 10, ..Batch::default() };
        assert_eq!((batch.rate(), batch.left_ms()), (None, None));
        batch.done = 4;
        batch.elapsed_ms = 2000.0;
        assert_eq!((batch.rate(), batch.left_ms()), (Some(2.0), Some(3000.0)));
        batch.done = 10;
        assert_eq!(batch.left_ms(), Some(0.0));
    }
}
