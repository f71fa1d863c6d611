//! Names of files as samples carry them in `source`: no two files have one name.

use std::collections::{BTreeMap, BTreeSet};

/// Gives every file a name of its own, as files are added. What comes with its path keeps it; where a name was given already, a
/// counter follows: "IMG_0001.jpg", "IMG_0001.jpg (2)".
#[derive(Debug, Clone, Default)]
pub struct SourceNames {
    given: BTreeSet<String>,
    counts: BTreeMap<String, u32>,
}

impl SourceNames {
    /// The name for the next file, and whether a counter had to be added.
    pub fn take(&mut self, name: &str) -> (String, bool) {
        let count = self.counts.entry(name.to_owned()).or_insert(0);
        let mut unique = name.to_owned();
        loop {
            *count += 1;
            if *count > 1 {
                unique = format!("{name} ({count})");
            }
            // A file may be called like another one with its counter.
            if self.given.insert(unique.clone()) {
                return (unique, *count > 1);
            }
        }
    }

    /// Forget all names: the table is empty again.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

/// Names for files of which the paths are known: each one's last part, with as many folders before it as are needed to tell
/// it from the others. `paths` have slashes; equal paths get a counter.
pub fn of_paths(paths: &[&str]) -> Vec<String> {
    let parts: Vec<Vec<&str>> =
        paths.iter().map(|path| path.split('/').filter(|part| !part.is_empty()).collect()).collect();
    let mut depths = vec![1; paths.len()];
    let name = |index: usize, depth: usize| {
        let parts: &[&str] = &parts[index];
        parts[parts.len().saturating_sub(depth)..].join("/")
    };
    loop {
        let mut same: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, depth) in depths.iter().enumerate() {
            same.entry(name(index, *depth)).or_default().push(index);
        }
        let mut deeper = false;
        for index in same.into_values().filter(|same| same.len() > 1).flatten() {
            if depths[index] < parts[index].len() {
                depths[index] += 1;
                deeper = true;
            }
        }
        if !deeper {
            break;
        }
    }
    let mut names = SourceNames::default();
    (0..paths.len()).map(|index| names.take(&name(index, depths[index])).0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_from_two_folders_gets_a_counter() {
        let mut names = SourceNames::default();
        let mut take = |name: &str| names.take(name);
        assert_eq!(take("IMG_0001.jpg"), ("IMG_0001.jpg".into(), false));
        assert_eq!(take("a/IMG_0001.jpg"), ("a/IMG_0001.jpg".into(), false));
        assert_eq!(take("IMG_0001.jpg"), ("IMG_0001.jpg (2)".into(), true));
        assert_eq!(take("IMG_0001.jpg (2)"), ("IMG_0001.jpg (2) (2)".into(), true));
        assert_eq!(take("IMG_0001.jpg"), ("IMG_0001.jpg (3)".into(), true));
        names.clear();
        assert_eq!(names.take("IMG_0001.jpg"), ("IMG_0001.jpg".into(), false));
    }

    #[test]
    fn paths_are_told_apart_by_as_few_folders_as_will_do() {
        assert_eq!(of_paths(&["x/a.jpg", "y/b.jpg"]), ["a.jpg", "b.jpg"]);
        assert_eq!(of_paths(&["mon/a.jpg", "tue/a.jpg", "b.jpg"]), ["mon/a.jpg", "tue/a.jpg", "b.jpg"]);
        assert_eq!(of_paths(&["1/x/a.jpg", "2/x/a.jpg", "2/y/a.jpg"]), ["1/x/a.jpg", "2/x/a.jpg", "y/a.jpg"]);
        assert_eq!(of_paths(&["a.jpg", "x/a.jpg"]), ["a.jpg", "x/a.jpg"]);
        assert_eq!(of_paths(&["/t/a.jpg", "/t/a.jpg"]), ["t/a.jpg", "t/a.jpg (2)"]);
        assert_eq!(of_paths(&[]), [""; 0]);
    }
}
