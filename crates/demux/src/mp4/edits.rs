//! Edit lists: which part of the track is shown, and when.

use super::boxes::{full, wide};
use crate::fault::Fault;
use crate::time::rescale;

/// So many edits are read; more make no sense for a recording.
const MOST_EDITS: usize = 1000;

/// A part of the track in ticks of its own clock, and by how much it is moved in the film.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    from: i64,
    to: i64,
    shift: i64,
}

/// Where the track's times are in the film. Without a list they are the film's own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Edits {
    parts: Vec<Part>,
}

impl Edits {
    /// `list`: the content of an elst box; `track` and `movie`: ticks a second. In a fragmented film (`open`) the last edit
    /// has no end: its length was not known when the list was written.
    pub fn parse(list: &[u8], track: u64, movie: u64, open: bool) -> Result<Self, Fault> {
        let mut parts: Vec<Part> = Vec::new();
        let Some((version, _, mut cursor)) = full(list) else { return Ok(Self::default()) };
        let count = cursor.u32().unwrap_or_default() as usize;
        let mut at = 0i64;
        for _ in 0..count.min(MOST_EDITS) {
            let Some(duration) = wide(&mut cursor, version) else { break };
            let start = if version == 1 { cursor.i64() } else { cursor.i32().map(i64::from) };
            let (Some(start), Some(rate)) = (start, cursor.i32()) else { break };
            let duration = i64::try_from(duration).unwrap_or(i64::MAX / 4).min(i64::MAX / 4);
            if start < 0 {
                at = at.saturating_add(duration);
                continue;
            }
            // 1.0 in 16.16; some writers leave it empty.
            if rate != 0x1_0000 && rate != 0 {
                return Err(Fault::Unsupported("a list of edits that changes the speed"));
            }
            let start = start.min(i64::MAX / 4);
            let to = match duration {
                0 => i64::MAX,
                _ => start.saturating_add(rescale(duration, track, movie)),
            };
            if parts.last().is_some_and(|last| start < last.to) {
                return Err(Fault::Unsupported("a list of edits that repeats a part or goes back"));
            }
            parts.push(Part { from: start, to, shift: rescale(at, track, movie).saturating_sub(start) });
            at = at.saturating_add(duration);
        }
        if open && let Some(last) = parts.last_mut() {
            last.to = i64::MAX;
        }
        Ok(Self { parts })
    }

    /// The film's time of a time of the track, both in the track's ticks, and whether the film shows it.
    pub fn place(&self, time: i64) -> (i64, bool) {
        let Some(first) = self.parts.first() else { return (time, true) };
        let after = self.parts.partition_point(|part| part.from <= time);
        let part = after.checked_sub(1).and_then(|at| self.parts.get(at)).unwrap_or(first);
        (time.saturating_add(part.shift), (part.from..part.to).contains(&time))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(entries: &[(u32, i32, i32)]) -> Vec<u8> {
        let mut bytes = vec![0; 4];
        bytes.extend((entries.len() as u32).to_be_bytes());
        for (duration, start, rate) in entries {
            bytes.extend(duration.to_be_bytes());
            bytes.extend(start.to_be_bytes());
            bytes.extend(rate.to_be_bytes());
        }
        bytes
    }

    const ONE: i32 = 0x1_0000;

    #[test]
    fn without_a_list_times_are_the_films_own() {
        assert_eq!(Edits::default().place(-7), (-7, true));
        assert_eq!(Edits::parse(&[], 30, 1000, false), Ok(Edits::default()));
    }

    #[test]
    fn an_edit_cuts_off_the_beginning_and_an_empty_one_delays() {
        // 500 ms late, from tick 20 of 30 a second on, for two seconds.
        let edits = Edits::parse(&list(&[(500, -1, ONE), (2000, 20, ONE)]), 30, 1000, false).unwrap();
        assert_eq!(edits.place(19), (14, false));
        assert_eq!(edits.place(20), (15, true));
        assert_eq!(edits.place(79), (74, true));
        assert_eq!(edits.place(80), (75, false));
        let open = Edits::parse(&list(&[(2000, 20, ONE)]), 30, 1000, true).unwrap();
        assert_eq!(open.place(1000), (980, true));
    }

    #[test]
    fn two_parts_follow_each_other_and_what_is_between_is_not_shown() {
        let edits = Edits::parse(&list(&[(1000, 0, ONE), (1000, 60, ONE)]), 30, 1000, false).unwrap();
        assert_eq!(edits.place(29), (29, true));
        assert_eq!(edits.place(45), (45, false));
        assert_eq!(edits.place(60), (30, true));
        for bad in [&[(1000, 60, ONE), (1000, 0, ONE)][..], &[(1000, 0, ONE / 2)][..]] {
            assert!(matches!(Edits::parse(&list(bad), 30, 1000, false), Err(Fault::Unsupported(_))));
        }
    }
}
