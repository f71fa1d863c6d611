//! What the address asks of the study activity.

use emotion_study::link::{Link, LinkError};

/// What stands behind `#study=` where the maker of a study wants to see it.
pub const PREVIEW: &str = "preview";

/// What an address asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Take part in a study.
    Study(Link),
    /// Look at a study of one's own, out of a file.
    Preview,
    /// It names no study.
    Nothing,
}

/// Read the fragment of an address, with or without `#`.
///
/// # Errors
/// Where it names a study but cannot be used.
pub fn asked(fragment: &str) -> Result<Asked, LinkError> {
    let bare = fragment.strip_prefix('#').unwrap_or(fragment);
    if bare.split('&').next() == Some("study=preview") {
        return Ok(Asked::Preview);
    }
    Ok(Link::parse(fragment)?.map_or(Asked::Nothing, Asked::Study))
}

/// The folder of a study file, with its slash; the media lie below it.
pub fn folder(study_file: &str) -> &str {
    study_file.rfind('/').map_or("", |slash| &study_file[..=slash])
}

/// The host of a link, for the sentence that says where a button leads.
pub fn host(link: &str) -> &str {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.rsplit_once('@').map_or(host, |(_, host)| host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_study_a_preview_or_nothing() {
        let Ok(Asked::Study(link)) = asked("#study=studies/example/study.json&participant=P1") else {
            panic!("a study")
        };
        assert_eq!(link.study, "studies/example/study.json");
        assert_eq!(asked("#study=preview"), Ok(Asked::Preview));
        assert_eq!(asked(""), Ok(Asked::Nothing));
        assert_eq!(asked("#main"), Ok(Asked::Nothing));
        assert_eq!(asked("#study=https://elsewhere.example/study.json"), Err(LinkError::Elsewhere));
    }

    #[test]
    fn folders_and_hosts() {
        assert_eq!(folder("studies/example/study.json"), "studies/example/");
        assert_eq!(folder("study.json"), "");
        assert_eq!(host("https://panel.example.org/back?id=1"), "panel.example.org");
        assert_eq!(host("https://user@panel.example.org"), "panel.example.org");
    }
}
