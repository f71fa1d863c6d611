//! What the participant reads, in English, German, French and Spanish.
//!
//! A study's `texts` may put own words in the place of any text but those of the fixed notice. Names in braces are filled
//! in: an own text may leave them out, but it cannot have others.

macro_rules! phrases {
    ($($(#[$meta:meta])* $name:ident = $key:literal { $en:literal, $de:literal, $fr:literal, $es:literal $(,)? })*) => {
        $(
            $(#[$meta])*
            pub const $name: Phrase = Phrase { key: $key, texts: [$en, $de, $fr, $es] };
        )*

        /// All phrases of this part.
        pub(super) const ALL: &[Phrase] = &[$($name),*];
    };
}

pub mod begin;
pub mod camera;
pub mod end;
pub mod show;

use crate::file::{LANGUAGES, Study};
use crate::walk::{listed, nearest, shortened};

/// Keys that begin so cannot be overridden: the law asks for these words.
const FIXED: &str = "notice.fixed";

/// A text of the participant's views.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phrase {
    /// Its key in a study's `texts`.
    pub key: &'static str,
    /// In the languages of [`LANGUAGES`].
    pub texts: [&'static str; 4],
}

/// All phrases, in the order in which a participant meets them.
pub fn all() -> impl Iterator<Item = &'static Phrase> {
    begin::ALL.iter().chain(camera::ALL).chain(show::ALL).chain(end::ALL)
}

/// How text runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From left to right.
    LeftToRight,
    /// From right to left.
    RightToLeft,
}

impl Direction {
    /// The value of HTML's `dir`.
    pub fn word(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

/// How text of a language runs: by its script where the code names one (`az-Arab`), else by the language.
pub fn direction(language: &str) -> Direction {
    const SCRIPTS: [&str; 9] = ["adlm", "arab", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"];
    const LANGUAGES: [&str; 14] =
        ["ar", "arc", "ckb", "dv", "fa", "he", "ku", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"];
    let mut parts = language.split('-').map(str::to_ascii_lowercase);
    let first = parts.next().unwrap_or_default();
    let script = parts.find(|part| part.len() == 4 && part.chars().all(|c| c.is_ascii_alphabetic()));
    let right = match script {
        Some(script) => SCRIPTS.contains(&script.as_str()),
        None => LANGUAGES.contains(&first.as_str()),
    };
    if right { Direction::RightToLeft } else { Direction::LeftToRight }
}

/// Place of the language in [`LANGUAGES`]; English where the texts do not exist in it.
fn language_index(language: &str) -> usize {
    let first = language.split('-').next().unwrap_or_default();
    LANGUAGES.iter().position(|known| *known == first).unwrap_or(0)
}

/// The text of a phrase in this study: its own words, else the language's.
pub fn say<'t>(study: &'t Study, phrase: &Phrase) -> &'t str {
    match study.texts.get(phrase.key) {
        Some(own) if !phrase.key.starts_with(FIXED) => own,
        _ => phrase.texts[language_index(&study.language)],
    }
}

/// The text of a phrase in a language, where there is no study yet; in English where it does not exist in it.
pub fn in_language(language: &str, phrase: &Phrase) -> &'static str {
    phrase.texts[language_index(language)]
}

/// The text of a phrase with its names in braces filled in.
pub fn fill(study: &Study, phrase: &Phrase, values: &[(&str, &str)]) -> String {
    let mut text = String::new();
    let mut rest = say(study, phrase);
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            text.push('{');
            rest = after;
            continue;
        };
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => text.push_str(value),
            None => text.push_str(&format!("{{{name}}}")),
        }
        rest = behind;
    }
    text.push_str(rest);
    text
}

/// The names in braces of a text, in alphabetical order.
pub fn names(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> =
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Keys of the phrases that a study in a language without own texts must still translate; English stands there meanwhile.
pub fn untranslated(study: &Study) -> Vec<&'static str> {
    let first = study.language.split('-').next().unwrap_or_default();
    if LANGUAGES.contains(&first) {
        return Vec::new();
    }
    let open = |phrase: &&Phrase| !phrase.key.starts_with(FIXED) && !study.texts.contains_key(phrase.key);
    all().filter(open).map(|phrase| phrase.key).collect()
}

/// Why a study cannot put its own words there; nothing where it can.
pub(crate) fn override_fault(key: &str, text: &str) -> Option<String> {
    let Some(phrase) = all().find(|phrase| phrase.key == key) else {
        let hint = match nearest(key, all().map(|phrase| phrase.key)) {
            Some(name) => format!(" Did you mean \"{name}\"?"),
            None => " docs/studies.md lists the keys.".to_owned(),
        };
        return Some(format!("There is no text with the key \"{}\".{hint}", shortened(key)));
    };
    if key.starts_with(FIXED) {
        return Some(
            "The notice about the AI system is always shown in its own words. Remove this text.".to_owned(),
        );
    }
    let known = names(phrase.texts[0]);
    names(text).into_iter().find(|name| !known.contains(name)).map(|name| {
        let possible = if known.is_empty() { "no names".to_owned() } else { listed(&known) };
        format!("Nothing is called {{{}}} in this text; possible: {possible}.", shortened(name))
    })
}

#[cfg(test)]
mod tests;
