//! Reading short strings with a form of their own: ids, paths, links, hashes.

use serde_json::Value;

use crate::fault::Faults;
use crate::file::types::limits;
use crate::markdown;
use crate::walk::{self, shortened};

/// The languages that every text of the participant's views exists in.
pub const LANGUAGES: [&str; 4] = ["en", "de", "fr", "es"];

/// Names of the link's own parameters, which cannot be used for others.
const RESERVED: [&str; 3] = ["study", "group", "row"];

pub(in crate::file) fn id(value: &Value, path: &str, faults: &mut Faults) -> Option<String> {
    let id = walk::string(value, path, faults)?;
    if is_id(id) {
        return Some(id.to_owned());
    }
    let reason =
        "An id has 1 to 40 letters (a to z), digits, \"_\" or \"-\", and begins with a letter or a digit";
    faults.push(path, format!("{reason}; \"{}\" does not.", shortened(id)));
    None
}

/// Whether this is an id: `[A-Za-z0-9][A-Za-z0-9_-]{0,39}`.
pub(crate) fn is_id(text: &str) -> bool {
    text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

/// Whether this can name a parameter: `[A-Za-z][A-Za-z0-9_]{0,39}`.
pub(in crate::file) fn name(text: &str) -> bool {
    text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

pub(super) fn parameter(value: &Value, path: &str, faults: &mut Faults) -> Option<String> {
    let text = walk::string(value, path, faults)?;
    if !name(text) {
        let reason =
            "The name of a parameter has 1 to 40 letters (a to z), digits or \"_\", and begins with a letter";
        faults.push(path, format!("{reason}; \"{}\" does not.", shortened(text)));
        None
    } else if RESERVED.contains(&text) {
        faults.push(path, format!("The link uses \"{text}\" for itself. Choose another name."));
        None
    } else {
        Some(text.to_owned())
    }
}

pub(in crate::file) fn language(value: &Value, path: &str, faults: &mut Faults) -> Option<String> {
    let tag = walk::string(value, path, faults)?;
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    let right = tag.len() <= 35
        && (2..=3).contains(&first.len())
        && first.chars().all(|c| c.is_ascii_lowercase())
        && rest.len() <= 3
        && rest
            .iter()
            .all(|part| (2..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()));
    if right {
        return Some(tag.to_owned());
    }
    let reason = "is not the code of a language. Write \"en\", \"de\", \"fr\" or \"es\", or another code with own texts";
    faults.push(path, format!("\"{}\" {reason}.", shortened(tag)));
    None
}

pub(super) fn sha256(value: &Value, path: &str, faults: &mut Faults) -> Option<String> {
    let text = walk::string(value, path, faults)?;
    if text.len() == 64 && text.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')) {
        return Some(text.to_owned());
    }
    faults.push(
        path,
        "A SHA-256 has 64 digits (0 to 9 and a to f, in lower case). It is the fingerprint of the file: \
         it shows that participants see the file that you chose.",
    );
    None
}

/// The path of a media file: relative, below the study's folder, one of these endings.
pub(super) fn media_path(value: &Value, path: &str, faults: &mut Faults, endings: &[&str]) -> Option<String> {
    let text = walk::string(value, path, faults)?;
    match path_fault(text, endings) {
        None => Some(text.to_owned()),
        Some(reason) => {
            faults.push(path, reason);
            None
        }
    }
}

fn path_fault(text: &str, endings: &[&str]) -> Option<String> {
    if text.is_empty() {
        return Some("Write the name of the file, such as \"media/spot.mp4\".".to_owned());
    }
    if text.chars().count() > limits::PATH {
        return Some(format!("This path is longer than {} characters.", limits::PATH));
    }
    if text.contains("://") || text.starts_with("//") || text.starts_with("data:") {
        return Some(
            "Files from other addresses are not loaded. Put the file beside the study file.".to_owned(),
        );
    }
    if text.starts_with('/') {
        return Some("The path must begin in the study's folder: leave the first \"/\" out.".to_owned());
    }
    if text.contains('\\') {
        return Some("Write \"/\" between folders, not \"\\\".".to_owned());
    }
    if let Some(bad) = text.chars().find(|c| ":?#%*\"<>|".contains(*c) || c.is_control()) {
        let bad = if bad.is_control() { "an invisible character".to_owned() } else { format!("\"{bad}\"") };
        return Some(format!("The name of a file must not hold {bad}. Rename the file."));
    }
    for part in text.split('/') {
        if part == ".." {
            return Some("\"..\" leads out of the study's folder. The file must lie in it.".to_owned());
        }
        if part.is_empty() || part.starts_with('.') {
            return Some(
                "A part of this path is empty or begins with \".\". Rename the file or the folder."
                    .to_owned(),
            );
        }
    }
    let right = text.rsplit_once('.').is_some_and(|(name, ending)| {
        !name.is_empty()
            && !name.ends_with('/')
            && endings.iter().any(|known| *known == ending || known.to_uppercase() == ending)
    });
    (!right).then(|| format!("A file of this kind ends in one of {}.", walk::listed(endings)))
}

/// A web address that begins with `https://`; names in braces may stand behind the host.
pub(super) fn link(value: &Value, path: &str, faults: &mut Faults) -> Option<String> {
    let text = walk::string(value, path, faults)?;
    let fault = if text.chars().count() > limits::LINK {
        Some(format!("This link is longer than {} characters.", limits::LINK))
    } else {
        link_fault(text).map(str::to_owned)
    };
    match fault {
        None => Some(text.to_owned()),
        Some(reason) => {
            faults.push(path, reason);
            None
        }
    }
}

fn link_fault(text: &str) -> Option<&'static str> {
    let Some(rest) = text.strip_prefix("https://") else {
        return Some("A link must begin with \"https://\".");
    };
    let (host, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    if !is_host(host) {
        return Some(
            "After \"https://\" the name of a web site must follow, as in \"https://survey.example.org\", \
             without a name in braces.",
        );
    }
    if tail.contains(char::is_whitespace) || tail.chars().any(|c| "<>\"\\".contains(c) || c.is_control()) {
        return Some("This link holds a space or a sign that no link has.");
    }
    let mut open = false;
    let mut inside = String::new();
    for c in tail.chars() {
        match (c, open) {
            ('{', false) => open = true,
            ('}', true) if name(&inside) => {
                open = false;
                inside.clear();
            }
            ('{' | '}', _) => {
                return Some("The braces { } of this link do not fit: write them as in {participant}.");
            }
            (c, true) => inside.push(c),
            _ => {}
        }
    }
    open.then_some("The braces { } of this link do not fit: write them as in {participant}.")
}

/// `name` or `name:port`.
fn is_host(host: &str) -> bool {
    let (name, port) = match host.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (host, None),
    };
    is_host_name(name) && port.is_none_or(is_port)
}

fn is_host_name(name: &str) -> bool {
    let edge = |c: char| c.is_ascii_alphanumeric();
    name.starts_with(edge)
        && name.ends_with(edge)
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-')
}

fn is_port(port: &str) -> bool {
    (1..=5).contains(&port.len()) && port.chars().all(|c| c.is_ascii_digit())
}

/// The origin of a page: `https://host`, or this computer over `http` for tests.
pub(super) fn origin(value: &Value, path: &str, faults: &mut Faults) -> Option<String> {
    let text = walk::string(value, path, faults)?;
    let local = text.strip_prefix("http://").is_some_and(|host| {
        let (name, port) = host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
        matches!(name, "localhost" | "127.0.0.1") && port.is_none_or(is_port)
    });
    if text.chars().count() <= limits::LINK && (local || text.strip_prefix("https://").is_some_and(is_host)) {
        return Some(text.to_owned());
    }
    faults.push(
        path,
        "Write only the begin of the address of the page around the study, without anything behind the name, \
         as in \"https://survey.example.org\".",
    );
    None
}

pub(super) fn code(value: &Value, path: &str, faults: &mut Faults) -> Option<String> {
    let text = walk::string(value, path, faults)?;
    let right = (1..=40).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if right {
        return Some(text.to_owned());
    }
    faults.push(path, "A code has 1 to 40 letters (a to z), digits, \"_\" or \"-\".");
    None
}

/// Text in the small Markdown of [`markdown`].
pub(in crate::file) fn rich_text(
    value: &Value,
    path: &str,
    faults: &mut Faults,
    max: usize,
) -> Option<String> {
    let text = walk::text(value, path, faults, max)?;
    match markdown::link_faults(&text) {
        list if list.is_empty() => Some(text),
        list => {
            for reason in list {
                faults.push(path, reason);
            }
            None
        }
    }
}
