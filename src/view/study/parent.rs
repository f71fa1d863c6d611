//! The hand-over to the page around this one, by messages: only to the origin that the study names, and only counted once that
//! page has said that it has the result.
//!
//! | from | message |
//! |---|---|
//! | this page | `{type: "emotion-depth-result", version: 1, session, outcome, file_name, sha256, file: ArrayBuffer}` |
//! | the parent | `{type: "emotion-depth-received", session, sha256}` |

use serde::Deserialize;

/// What the result's message is called.
pub const RESULT: &str = "emotion-depth-result";
/// What the acknowledgement is called.
pub const RECEIVED: &str = "emotion-depth-received";
/// So long the acknowledgement is waited for, in milliseconds.
pub const WAIT_MS: i32 = 20_000;

/// The parent's answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Received {
    #[serde(rename = "type")]
    pub kind: String,
    pub session: String,
    pub sha256: String,
}

/// Whether a message acknowledges this very result: from the named origin, for this session and these bytes.
pub fn acknowledges(message: &str, from: &str, origin: &str, session: &str, sha256: &str) -> bool {
    let Ok(received) = serde_json::from_str::<Received>(message) else { return false };
    from == origin && received.kind == RECEIVED && received.session == session && received.sha256 == sha256
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_named_parent_can_acknowledge_and_only_this_result() {
        let survey = "https://survey.example.org";
        let right = r#"{"type":"emotion-depth-received","session":"ABCD","sha256":"12","more":1}"#;
        assert!(acknowledges(right, survey, survey, "ABCD", "12"));
        assert!(!acknowledges(right, "https://evil.example", survey, "ABCD", "12"));
        assert!(!acknowledges(right, survey, survey, "EFGH", "12"));
        assert!(!acknowledges(right, survey, survey, "ABCD", "34"), "another file of the same session");
        assert!(!acknowledges(r#"{"type":"hello"}"#, survey, survey, "ABCD", "12"));
        assert!(!acknowledges("nonsense", survey, survey, "ABCD", "12"));
    }
}
