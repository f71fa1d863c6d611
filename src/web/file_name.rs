//! Names of the files that the page saves.

/// A name that every file system takes: letters, digits, `.`, `-` and `_` stay, each run of anything else
/// becomes one `-`; no leading dots, at most 100 characters before the extension.
///
/// `extension` comes without its dot. An empty stem becomes `emotion-depth`.
pub fn download_name(stem: &str, extension: &str) -> String {
    let mut name = String::new();
    for character in stem.chars() {
        if character.is_alphanumeric() || matches!(character, '.' | '_') {
            name.push(character);
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    let name: String = name.trim_start_matches(['.', '-']).chars().take(100).collect();
    let name = name.trim_end_matches(['.', '-']);
    let name = if name.is_empty() { "emotion-depth" } else { name };
    format!("{name}.{extension}")
}

#[cfg(test)]
mod tests {
    use super::download_name;

    #[test]
    fn a_time_becomes_a_name_without_colons() {
        assert_eq!(
            download_name("emotion-depth 2026-11-22T10:05:00", "csv"),
            "emotion-depth-2026-11-22T10-05-00.csv"
        );
    }

    #[test]
    fn nothing_climbs_out_of_the_folder() {
        assert_eq!(download_name("../../etc/passwd", "json"), "etc-passwd.json");
        assert_eq!(download_name("", "csv"), "emotion-depth.csv");
        assert_eq!(download_name("...", "csv"), "emotion-depth.csv");
    }

    #[test]
    fn long_and_foreign_names_keep_whole_characters() {
        assert_eq!(download_name("Ärger – Übung", "csv"), "Ärger-Übung.csv");
        assert_eq!(download_name(&"ü".repeat(300), "csv").chars().count(), 104);
    }
}
