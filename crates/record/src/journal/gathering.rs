//! What waits to be written: a chunk of it a second.

/// A chunk is written when it holds so many entries ...
pub const MOST_ENTRIES: usize = 64;
/// ... or when its first entry has waited so long, in milliseconds.
pub const LONGEST_MS: f64 = 1000.0;

/// Entries that are not yet in the journal.
#[derive(Debug)]
pub struct Gathering<E> {
    entries: Vec<E>,
    since_ms: f64,
}

impl<E> Default for Gathering<E> {
    fn default() -> Self {
        Self { entries: Vec::new(), since_ms: 0.0 }
    }
}

impl<E> Gathering<E> {
    /// Take entries that came at `now_ms`. Returns whether a chunk is due.
    pub fn add(&mut self, entries: impl IntoIterator<Item = E>, now_ms: f64) -> bool {
        if self.entries.is_empty() {
            self.since_ms = now_ms;
        }
        self.entries.extend(entries);
        self.entries.len() >= MOST_ENTRIES
            || (!self.entries.is_empty() && now_ms - self.since_ms >= LONGEST_MS)
    }

    /// All that was gathered; the next chunk starts empty.
    pub fn take(&mut self) -> Vec<E> {
        std::mem::take(&mut self.entries)
    }

    /// Put back what could not be written, before what came since.
    pub fn put_back(&mut self, mut entries: Vec<E>) {
        entries.append(&mut self.entries);
        self.entries = entries;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_is_due_after_a_second_or_64_entries() {
        let mut gathering = Gathering::default();
        assert!(!gathering.add([1], 10_000.0));
        assert!(!gathering.add([2], 10_999.0));
        assert!(gathering.add([3], 11_000.0));
        assert_eq!(gathering.take(), [1, 2, 3]);
        assert!(!gathering.add([0; 63], 11_001.0));
        assert!(gathering.add([0], 11_001.0));
        assert_eq!(gathering.take().len(), 64);
        assert!(!gathering.add([], 99_000.0), "nothing to write");
    }

    #[test]
    fn what_was_not_written_keeps_its_place() {
        let mut gathering = Gathering::default();
        gathering.add([1, 2], 0.0);
        let unwritten = gathering.take();
        gathering.add([3], 5.0);
        gathering.put_back(unwritten);
        assert_eq!(gathering.take(), [1, 2, 3]);
    }
}
