/// Why a statistic cannot be computed. The sentence says what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StatsError {
    /// Fewer people, seconds or values than the formula needs.
    #[error("too few {what}: {found}, but at least {needed} are needed")]
    TooFew {
        /// What there is too little of, in the plural.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there must be.
        needed: usize,
    },
    /// A number lies outside its range, or is not finite.
    #[error("{what} is {found}, but must be {expected}")]
    OutOfRange {
        /// The number's name.
        what: &'static str,
        /// The range, in words.
        expected: &'static str,
        /// The number that was given.
        found: f64,
    },
    /// Two lists that belong together are of different length.
    #[error("{what}: {found} entries, but {expected} are expected")]
    Length {
        /// The list's name.
        what: &'static str,
        /// How long it must be.
        expected: usize,
        /// How long it is.
        found: usize,
    },
    /// The media time of a sample is smaller than that of the sample before it.
    #[error("media time runs backwards at sample {sample} (counted from 0): leave this exposure out")]
    TimeDisorder {
        /// Index of the sample that lies before its predecessor.
        sample: usize,
    },
    /// A person's second is missing in some measures and present in others.
    #[error(
        "second {second} (counted from 0) is missing in some measures only: a second is there for all or for none"
    )]
    PartlyMissing {
        /// Index of the second.
        second: usize,
    },
    /// Values do not vary, so that a ratio to their spread is not defined.
    #[error("{what} do not vary, so that this number is not defined for them")]
    NoVariation {
        /// What does not vary, in the plural.
        what: &'static str,
    },
    /// Results were asked for before all resamples were drawn.
    #[error(
        "{done} of {total} resamples are drawn: advance the test to its end before asking for its result"
    )]
    NotFinished {
        /// Resamples drawn so far.
        done: usize,
        /// Resamples of the whole test.
        total: usize,
    },
}

/// `value` if it lies strictly between 0 and 1.
pub(crate) fn open_share(what: &'static str, value: f64) -> Result<f64, StatsError> {
    if value > 0.0 && value < 1.0 {
        Ok(value)
    } else {
        Err(StatsError::OutOfRange { what, expected: "between 0 and 1, without the two ends", found: value })
    }
}

/// `found` if it is at least `needed`.
pub(crate) fn at_least(what: &'static str, found: usize, needed: usize) -> Result<usize, StatsError> {
    if found >= needed { Ok(found) } else { Err(StatsError::TooFew { what, found, needed }) }
}

/// `Ok` if a list has the expected length.
pub(crate) fn same_length(what: &'static str, found: usize, expected: usize) -> Result<(), StatsError> {
    if found == expected { Ok(()) } else { Err(StatsError::Length { what, expected, found }) }
}

/// `value` if it is neither infinite nor missing.
pub(crate) fn finite(what: &'static str, value: f64) -> Result<f64, StatsError> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(StatsError::OutOfRange { what, expected: "a finite number", found: value })
    }
}
