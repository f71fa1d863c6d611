//! The link that a participant opens: `#study=studies/example/study.json&participant=P017&group=B&row=3`.
//!
//! Everything stands behind `#`, which browsers do not send: the id never lands in a host's log. The page leaves
//! [`Link::stripped`] in the address as soon as the participant has agreed, or the study has ended: until then nothing may be kept of a
//! person, and the address is what a reload, or another browser, needs.

mod ids;
mod list;
mod page;

pub use ids::{MAX_IDS, numbered, pasted};
pub use list::{Row, Target, link_list, link_list_csv, template};
pub use page::link_page;

use crate::file::{Outcomes, Study};
use crate::session::Outcome;

/// The longest fragment that is read, in bytes.
pub const MAX_FRAGMENT: usize = 8_000;
/// The longest value of a parameter, in characters.
pub const MAX_VALUE: usize = 200;
/// The largest row.
pub const MAX_ROW: u32 = 1_000_000;

/// Why a link cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// The fragment is longer than [`MAX_FRAGMENT`].
    #[error("The link is too long. Copy it again, or ask those who sent it.")]
    TooLong,
    /// Bytes that are no UTF-8.
    #[error("The part \"{0}\" of the link is damaged. Copy the link again as a whole.")]
    Damaged(String),
    /// A parameter stands there twice.
    #[error("The link says \"{0}\" twice. Copy the link again, or ask those who sent it.")]
    Twice(String),
    /// The study's path leads elsewhere.
    #[error(
        "The link names a study at another place. A study lies in a folder beside this page, as in \
         #study=studies/example/study.json. Ask those who sent the link."
    )]
    Elsewhere,
    /// A value is longer than [`MAX_VALUE`] or holds control characters.
    #[error("The value of \"{0}\" in the link is too long or damaged. Copy the link again as a whole.")]
    BadValue(String),
    /// A survey tool left its own placeholder where an id should be.
    #[error(
        "The link holds the placeholder \"{1}\" instead of a value for \"{0}\". Those who sent it must repair it."
    )]
    NotFilledIn(String, String),
    /// The study has no such group.
    #[error("This study has no group \"{0}\". Those who sent the link must repair it.")]
    UnknownGroup(String),
    /// The row is no number from 1 to [`MAX_ROW`].
    #[error(
        "The row \"{0}\" in the link is not a whole number from 1 on. Those who sent the link must repair it."
    )]
    BadRow(String),
}

/// A link of a participant, read but not yet held against its study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Path of the study file from the page, decoded.
    pub study: String,
    /// All parameters but the study, decoded, in their order.
    pub parameters: Vec<(String, String)>,
}

/// Who takes part, as the link says it to this study.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Participant {
    /// The participant's id; nothing where the link has none.
    pub id: Option<String>,
    /// The group's id, one of the study's.
    pub group: Option<String>,
    /// The row, from 1.
    pub row: Option<u32>,
    /// The declared parameters that the link has.
    pub carried: Vec<(String, String)>,
}

impl Link {
    /// Read the fragment of an address, with or without `#`; nothing if it names no study.
    ///
    /// # Errors
    /// Where it names one but cannot be used.
    pub fn parse(fragment: &str) -> Result<Option<Self>, LinkError> {
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        let names_study = |pair: &str| pair == "study" || pair.starts_with("study=");
        if !fragment.split('&').any(names_study) {
            return Ok(None);
        }
        if fragment.len() > MAX_FRAGMENT {
            return Err(LinkError::TooLong);
        }
        let mut parameters: Vec<(String, String)> = Vec::new();
        for pair in fragment.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let shown: String = pair.chars().take(40).collect();
            let decoded = decode(name).zip(decode(value)).ok_or(LinkError::Damaged(shown))?;
            if parameters.iter().any(|(known, _)| *known == decoded.0) {
                return Err(LinkError::Twice(decoded.0));
            }
            parameters.push(decoded);
        }
        let place = parameters.iter().position(|(name, _)| name == "study").ok_or(LinkError::Elsewhere)?;
        let (_, study) = parameters.remove(place);
        if !is_local_study(&study) {
            return Err(LinkError::Elsewhere);
        }
        Ok(Some(Self { study, parameters }))
    }

    /// What stays in the address after the values were taken out of it.
    pub fn stripped(&self) -> String {
        format!("#study={}", encode_path(&self.study))
    }

    /// Hold the link against its study. Parameters that the study does not declare are forgotten.
    ///
    /// # Errors
    /// Where a value cannot be used.
    pub fn resolve(&self, study: &Study) -> Result<Participant, LinkError> {
        let value = |name: &str| -> Result<Option<String>, LinkError> {
            let Some((_, value)) = self.parameters.iter().find(|(known, _)| known == name) else {
                return Ok(None);
            };
            if value.is_empty() {
                return Ok(None);
            }
            if value.chars().count() > MAX_VALUE || value.chars().any(char::is_control) {
                return Err(LinkError::BadValue(name.to_owned()));
            }
            if ["{{", "${", "[%", "%%"].iter().any(|sign| value.starts_with(sign)) {
                return Err(LinkError::NotFilledIn(name.to_owned(), value.clone()));
            }
            Ok(Some(value.clone()))
        };
        let group = match value("group")? {
            Some(group) if study.groups.is_empty() => return Err(LinkError::UnknownGroup(group)),
            Some(group) if !study.groups.iter().any(|known| known.id == group) => {
                return Err(LinkError::UnknownGroup(group));
            }
            group => group,
        };
        let row = match value("row")? {
            None => None,
            Some(text) => match text.parse::<u32>() {
                Ok(row @ 1..=MAX_ROW) if text.chars().all(|c| c.is_ascii_digit()) => Some(row),
                _ => return Err(LinkError::BadRow(text)),
            },
        };
        let mut carried = Vec::new();
        for name in &study.identity.carry {
            if let Some(value) = value(name)? {
                carried.push((name.clone(), value));
            }
        }
        Ok(Participant { id: value(&study.identity.participant_parameter)?, group, row, carried })
    }
}

/// A path to a JSON file below the page: no scheme, no host, no way up.
fn is_local_study(path: &str) -> bool {
    let part_is_right = |part: &str| !part.is_empty() && !part.starts_with('.');
    path.len() <= 300
        && path.ends_with(".json")
        && !path.chars().any(|c| c.is_control() || "\\:?#%*\"<>|".contains(c))
        && path.split('/').all(part_is_right)
}

/// Values for the names in braces of an outcome's link.
#[derive(Debug, Clone, Copy)]
pub struct EndingValues<'a> {
    /// The participant, as the link said.
    pub participant: &'a Participant,
    /// The session's id.
    pub session: &'a str,
    /// The group that was decided.
    pub group: Option<&'a str>,
    /// The completion code, where there is one.
    pub code: Option<&'a str>,
}

/// The link of an outcome with its names filled in and encoded; nothing if the study has none for it.
pub fn outcome_link(study: &Study, outcome: Outcome, values: EndingValues<'_>) -> Option<String> {
    let template = ending(&study.outcomes, outcome).link.as_deref()?;
    let mut link = String::with_capacity(template.len() + 40);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        link.push_str(before);
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        let carried =
            || values.participant.carried.iter().find(|(known, _)| known == name).map(|(_, v)| v.as_str());
        let value = match name {
            "session" => Some(values.session),
            "group" => values.group,
            "code" => values.code,
            "outcome" => Some(outcome.word()),
            name if name == "participant" || name == study.identity.participant_parameter => {
                values.participant.id.as_deref()
            }
            _ => carried(),
        };
        link.push_str(&encode(value.unwrap_or_default()));
        rest = behind;
    }
    link.push_str(rest);
    Some(link)
}

/// What the study says for an outcome.
pub fn ending(outcomes: &Outcomes, outcome: Outcome) -> &crate::file::Ending {
    match outcome {
        Outcome::Complete => &outcomes.complete,
        Outcome::ScreenedOut => &outcomes.screened_out,
        Outcome::QuotaFull => &outcomes.quota_full,
        Outcome::Declined => &outcomes.declined,
        Outcome::Failed => &outcomes.failed,
        Outcome::Withdrawn => &outcomes.withdrawn,
    }
}

/// Percent-encode everything but letters, digits and `-._~` (RFC 3986's unreserved characters).
pub fn encode(text: &str) -> String {
    encode_but(text, |_| false)
}

fn encode_path(text: &str) -> String {
    encode_but(text, |byte| byte == b'/')
}

fn encode_but(text: &str, kept: impl Fn(u8) -> bool) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept(byte) {
            out.push(byte as char);
        } else {
            out.push('%');
            out.push(DIGITS[usize::from(byte >> 4)] as char);
            out.push(DIGITS[usize::from(byte & 15)] as char);
        }
    }
    out
}

/// Decode `%41`; a `+` stays a plus. Nothing where the code is damaged.
fn decode(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let digit = |i: usize| bytes.get(i).and_then(|b| (*b as char).to_digit(16));
            match digit(at + 1).zip(digit(at + 2)) {
                Some((high, low)) => out.push((high * 16 + low) as u8),
                // A survey tool's own placeholder is no damage: it is told by its name later.
                None => out.push(b'%'),
            }
            at += if digit(at + 1).zip(digit(at + 2)).is_some() { 3 } else { 1 };
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests;
