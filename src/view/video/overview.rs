//! Several videos in one table: what came of each.

use crate::view::video::Progress;
use crate::view::video::words::{moment, progress as how_far};

/// A row of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// As in `source`.
    pub name: String,
    /// How far it was read, or why it was not.
    pub words: String,
    /// How many pictures of it were read.
    pub frames: usize,
    /// How many faces were found.
    pub faces: usize,
    /// The mean depth of each emotion, in the order of `Emotion::ALL`, of the largest face; `None` without a usable reading.
    pub means: Option<[f32; 7]>,
}

impl Overview {
    /// Of a video that is being read, or was.
    pub fn of(name: &str, progress: &Progress, faces: usize, means: Option<[f32; 7]>) -> Self {
        let words = match (&progress.fault, progress.running, progress.cancelled) {
            (_, true, _) => "is being read".to_owned(),
            (Some(fault), ..) if progress.frames == 0 => fault.clone(),
            (Some(_), ..) | (None, _, true) => how_far(progress),
            (None, ..) => format!("{}, {} pictures", moment(progress.at_ms), progress.frames),
        };
        Self { name: name.to_owned(), words, frames: progress.frames, faces, means }
    }
}

/// "Video 2 of 3"; nothing for one alone. `waiting` are those that come after the one that is read, which is the last of
/// `begun`.
pub fn place(begun: usize, waiting: usize) -> Option<String> {
    let all = begun + waiting;
    (all > 1).then(|| format!("Video {begun} of {all}"))
}

/// What is said of the videos that were not begun when the reading was cancelled.
pub fn left_out(waiting: usize) -> Option<String> {
    match waiting {
        0 => None,
        1 => Some("One more video was not read.".to_owned()),
        several => Some(format!("{several} more videos were not read.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_how_far_a_video_was_read_or_why_it_was_not() {
        let words = |progress: Progress| Overview::of("a.webm", &progress, 1, None).words;
        let read = Progress { at_ms: 4000.0, frames: 40, ..Progress::default() };
        assert_eq!(words(Progress { running: true, ..read.clone() }), "is being read");
        assert_eq!(words(read.clone()), "0:04.0, 40 pictures");
        let fault = Some("The file is empty.".to_owned());
        assert_eq!(words(Progress { fault: fault.clone(), ..Progress::default() }), "The file is empty.");
        assert_eq!(
            words(Progress { fault, ..read.clone() }),
            "Ended early at 0:04.0: 40 pictures read and kept."
        );
        let cancelled = Progress { cancelled: true, ..read };
        assert_eq!(words(cancelled), "Cancelled at 0:04.0: 40 pictures read and kept.");
    }

    #[test]
    fn a_video_alone_has_no_place_in_a_queue() {
        assert_eq!(place(1, 0), None);
        assert_eq!(place(1, 2).as_deref(), Some("Video 1 of 3"));
        assert_eq!(place(3, 0).as_deref(), Some("Video 3 of 3"));
        assert_eq!([left_out(0), left_out(2)], [None, Some("2 more videos were not read.".to_owned())]);
    }
}
