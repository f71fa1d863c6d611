//! The folder of a study, as a list of paths: from a ZIP, a chosen folder, or single files.

use thiserror::Error;

/// The name of the study file.
pub const STUDY_FILE: &str = "study.json";

/// Why there is no study among some files.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FolderFault {
    /// No `study.json`.
    #[error(
        "There is no study.json among these files. Choose the ZIP that the builder saved, or study.json with its media."
    )]
    NoStudy,
    /// Several in folders beside each other.
    #[error("There are several studies here: {0} and {1}. Choose the folder of one of them.")]
    Several(String, String),
}

/// Which of these paths is the study file: the `study.json` that lies least deep. Its media lie in the same folder.
///
/// # Errors
/// [`FolderFault`] where there is none, or several in folders beside each other.
pub fn study_file<'p>(paths: impl IntoIterator<Item = &'p str>) -> Result<usize, FolderFault> {
    let mut studies: Vec<(usize, usize, &str)> = paths
        .into_iter()
        .enumerate()
        .filter(|(_, path)| path.rsplit('/').next() == Some(STUDY_FILE))
        .map(|(at, path)| (path.matches('/').count(), at, path))
        .collect();
    studies.sort_unstable();
    match studies[..] {
        [] => Err(FolderFault::NoStudy),
        [(first_depth, _, first), (second_depth, _, second), ..] if first_depth == second_depth => {
            Err(FolderFault::Several(first.to_owned(), second.to_owned()))
        }
        [(_, at, _), ..] => Ok(at),
    }
}

/// Which of these paths is meant by a path of the study file, `media/spot.mp4`: the one at that place beside
/// `study_path`, else the only one with that name, for files that were chosen one by one.
pub fn media_file<'p>(
    study_path: &str,
    media: &str,
    paths: impl IntoIterator<Item = &'p str> + Clone,
) -> Option<usize> {
    let folder = study_path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let wanted = format!("{folder}{media}");
    if let Some(at) = paths.clone().into_iter().position(|path| path == wanted) {
        return Some(at);
    }
    let name = |path: &'p str| path.rsplit('/').next();
    let mut same = paths.into_iter().enumerate().filter(|(_, path)| name(path) == media.rsplit('/').next());
    match (same.next(), same.next()) {
        (Some((at, _)), None) => Some(at),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_study_is_the_one_that_lies_least_deep() {
        assert_eq!(study_file(["a/old/study.json", "a/study.json", "study.json.txt"]), Ok(1));
        assert_eq!(study_file(["study.json"]), Ok(0));
        assert_eq!(study_file(["mystudy.json", "a/media/x.png"]), Err(FolderFault::NoStudy));
        let several = FolderFault::Several("a/study.json".to_owned(), "b/study.json".to_owned());
        assert_eq!(study_file(["a/study.json", "b/study.json"]), Err(several));
    }

    #[test]
    fn media_are_found_beside_the_study_or_by_their_name() {
        let paths = ["s/study.json", "s/media/a.mp4", "s/a.mp4", "b.png"];
        let find = |media| media_file("s/study.json", media, paths);
        assert_eq!(find("media/a.mp4"), Some(1));
        assert_eq!(find("a.mp4"), Some(2));
        assert_eq!(find("media/b.png"), Some(3), "chosen one by one");
        assert_eq!(find("other/a.mp4"), None, "there are two of this name");
        assert_eq!(find("c.png"), None);
        assert_eq!(media_file("study.json", "media/a.mp4", ["study.json", "a.mp4"]), Some(1));
    }
}
