use std::path::{Component, Path, PathBuf};

/// The relative file path of a URL path without its leading slash, or `None` if it would leave the folder or is not
/// well-formed.
pub fn inside(url_path: &str) -> Option<PathBuf> {
    let path = PathBuf::from(percent_decoded(url_path)?);
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    (plain && !has_backslash(&path)).then_some(path)
}

fn has_backslash(path: &Path) -> bool {
    path.to_str().is_none_or(|text| text.contains('\\'))
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || (rest.next()? as char).to_digit(16);
            bytes.push((digit()? * 16 + digit()?) as u8);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside_the_folder() {
        assert_eq!(inside("models/manifest.json"), Some(PathBuf::from("models/manifest.json")));
        assert_eq!(inside(""), Some(PathBuf::new()));
        assert_eq!(inside("a%20b.css"), Some(PathBuf::from("a b.css")));
        for outside in
            ["../Cargo.toml", "a/../../b", "%2e%2e/b", "/etc/passwd", "a%2", "a%zz", "..%5cb", "a%00"]
        {
            assert_eq!(inside(outside), None, "{outside}");
        }
    }
}
