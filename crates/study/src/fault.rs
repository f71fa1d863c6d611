//! What is wrong with a file, where, in words.

use std::fmt;

use serde::Serialize;

/// At most so many faults are listed; after them the reader is told that there are more.
pub const MAX_FAULTS: usize = 200;

/// One thing that is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Where it is, as in `stimuli[2].video.file`, counted from 0; empty for the file as a whole.
    pub path: String,
    /// What is wrong and what would be right: a sentence for a person who does not program.
    pub reason: String,
}

impl Fault {
    /// A fault at `path`; an empty path is the file as a whole.
    pub fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.reason),
            path => write!(f, "{path}: {}", self.reason),
        }
    }
}

/// The faults that were found so far.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    list: Vec<Fault>,
    more: bool,
}

impl Faults {
    pub fn push(&mut self, path: impl Into<String>, reason: impl Into<String>) {
        if self.list.len() < MAX_FAULTS {
            self.list.push(Fault::new(path, reason));
        } else {
            self.more = true;
        }
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The list; where it was cut, its last entry says so.
    pub fn finish(mut self) -> Vec<Fault> {
        if self.more {
            self.list.push(Fault::new(
                "",
                format!("There are more than {MAX_FAULTS} faults; these are the first."),
            ));
        }
        self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_cut_and_says_so() {
        let mut faults = Faults::default();
        for index in 0..MAX_FAULTS + 3 {
            faults.push(format!("a[{index}]"), "is wrong");
        }
        let list = faults.finish();
        assert_eq!(list.len(), MAX_FAULTS + 1);
        assert!(list[MAX_FAULTS].reason.contains("more than"));
        assert_eq!(list[7].to_string(), "a[7]: is wrong");
    }
}
