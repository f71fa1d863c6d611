//! Counts runs, so that what an earlier one still gives is told from what is wanted now.

/// The number of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run(u64);

/// The runs of something that is begun again and again.
#[derive(Debug, Clone, Default)]
pub struct Runs(u64);

impl Runs {
    /// A new run: everything that belongs to an earlier one comes too late.
    pub fn begin(&mut self) -> Run {
        self.0 += 1;
        Run(self.0)
    }

    /// The run of now.
    pub fn now(&self) -> Run {
        Run(self.0)
    }

    /// Whether another run has begun since `run`.
    pub fn is_over(&self, run: Run) -> bool {
        run.0 != self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_run_ends_the_last() {
        let mut runs = Runs::default();
        let before = runs.now();
        let first = runs.begin();
        assert!(runs.is_over(before) && !runs.is_over(first));
        assert_eq!(runs.now(), first);
        let second = runs.begin();
        assert!(runs.is_over(first) && !runs.is_over(second));
    }
}
