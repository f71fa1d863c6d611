//! What a screen reader hears when the reading is lost for a while, and when it is back.

/// So long without a reading is announced, in milliseconds.
const SILENCE_MS: f64 = 3000.0;

/// Since when there has been no usable reading, and whether that was announced.
#[derive(Debug, Clone, Default)]
pub struct Silence {
    since_ms: Option<f64>,
    announced: bool,
}

impl Silence {
    /// A frame was read at `now_ms`, with or without a usable reading. Returns what is to be announced.
    pub fn hear(&mut self, now_ms: f64, reading: bool) -> Option<&'static str> {
        if reading {
            self.since_ms = None;
            return std::mem::take(&mut self.announced).then_some("The reading is back.");
        }
        let since_ms = *self.since_ms.get_or_insert(now_ms);
        if now_ms - since_ms < SILENCE_MS || self.announced {
            return None;
        }
        self.announced = true;
        Some("There is no reading. The quality section says why.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_silence_and_its_end_are_announced_once_each() {
        let mut silence = Silence::default();
        assert_eq!(silence.hear(0.0, true), None);
        assert_eq!(silence.hear(100.0, false), None);
        assert_eq!(silence.hear(3099.0, false), None);
        assert!(silence.hear(3100.0, false).is_some_and(|words| words.contains("no reading")));
        assert_eq!(silence.hear(9000.0, false), None);
        assert!(silence.hear(9100.0, true).is_some_and(|words| words.contains("back")));
        assert_eq!(silence.hear(9200.0, true), None);
    }

    #[test]
    fn a_short_silence_is_not_worth_a_word() {
        let mut silence = Silence::default();
        for now_ms in [0.0, 2000.0] {
            assert_eq!(silence.hear(now_ms, false), None);
        }
        assert_eq!(silence.hear(2500.0, true), None);
        assert_eq!(silence.hear(4000.0, false), None, "it begins anew");
    }
}
