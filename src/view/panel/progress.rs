//! How far the reading of result files has come.

/// The files that are being read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// Files, those of an open archive included once it is open.
    pub total: usize,
    pub done: usize,
    pub running: bool,
    pub cancelled: bool,
    pub elapsed_ms: f64,
}

impl Reading {
    /// How far, 0..1.
    pub fn share(&self) -> f64 {
        if self.total == 0 { 0.0 } else { self.done.min(self.total) as f64 / self.total as f64 }
    }

    /// In words: how many, and how many a second.
    pub fn words(&self) -> String {
        let Self { done, total, .. } = self;
        let rate = if self.elapsed_ms > 0.0 { *done as f64 * 1_000.0 / self.elapsed_ms } else { 0.0 };
        match (self.running, self.cancelled) {
            (true, _) if rate > 0.0 => format!("{done} of {total} files, {rate:.0} a second"),
            (true, _) => format!("{done} of {total} files"),
            (false, true) => format!("Stopped after {done} of {total} files. What was read is shown."),
            (false, false) => format!("{done} files read in {:.1} s", self.elapsed_ms / 1_000.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_told_in_words() {
        let mut reading = Reading { total: 200, running: true, ..Reading::default() };
        assert_eq!((reading.words().as_str(), reading.share()), ("0 of 200 files", 0.0));
        (reading.done, reading.elapsed_ms) = (50, 500.0);
        assert_eq!((reading.words().as_str(), reading.share()), ("50 of 200 files, 100 a second", 0.25));
        (reading.running, reading.done, reading.elapsed_ms) = (false, 200, 2_040.0);
        assert_eq!(reading.words(), "200 files read in 2.0 s");
        reading.cancelled = true;
        assert!(reading.words().starts_with("Stopped after 200"));
        assert_eq!(Reading::default().share(), 0.0);
    }
}
