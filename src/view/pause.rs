//! A pause, and whether a face that is there after it is taken for the one from before.

/// After a longer pause every face is a new one, in milliseconds: who comes back from a coffee sits where they sat, who
/// comes after an hour may be anybody.
pub const LONGEST_MS: f64 = 5.0 * 60_000.0;

/// Since when no frames have been read. The clock is the one on the wall, which goes on while a computer sleeps.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Pause {
    since_ms: Option<f64>,
}

impl Pause {
    /// The reading pauses at `now_ms`.
    pub fn begin(&mut self, now_ms: f64) {
        self.since_ms = Some(now_ms);
    }

    /// The reading goes on at `now_ms`. Returns whether the faces keep their numbers, and with them their neutral faces,
    /// where the tracker finds them at their places again.
    #[must_use]
    pub fn end(&mut self, now_ms: f64) -> bool {
        // A clock that was set back says nothing.
        self.since_ms.take().is_some_and(|since_ms| (0.0..=LONGEST_MS).contains(&(now_ms - since_ms)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faces_are_kept_through_a_short_pause_only() {
        for (length_ms, kept) in [(0.0, true), (LONGEST_MS, true), (LONGEST_MS + 1.0, false), (-1.0, false)] {
            let mut pause = Pause::default();
            pause.begin(1000.0);
            assert_eq!(pause.end(1000.0 + length_ms), kept, "{length_ms}");
        }
    }

    #[test]
    fn without_a_pause_there_is_nothing_to_keep() {
        let mut pause = Pause::default();
        assert!(!pause.end(5.0));
        pause.begin(0.0);
        assert!(pause.end(5.0));
        assert!(!pause.end(6.0), "it has ended");
    }
}
