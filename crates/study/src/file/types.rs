//! The types of the study file. Their documentation becomes the schema's descriptions.

mod choices;
mod content;
pub(crate) mod defaults;
pub mod limits;
#[cfg(feature = "schema")]
pub(crate) mod pattern;

use std::collections::BTreeMap;

pub use choices::*;
pub use content::*;

use serde::Serialize;

/// What `format` says in every study file.
pub const FORMAT: &str = "emotion-depth-study";
/// The version of the format that this code writes, and the newest that it reads.
pub const VERSION: u32 = 1;

/// Where a question stands that is asked after all stimuli.
pub const AT_THE_END: &str = "end";

macro_rules! data {
    ($($(#[$meta:meta])* pub $kind:ident $name:ident { $($body:tt)* })*) => {$(
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
        $(#[$meta])*
        pub $kind $name { $($body)* }
    )*};
}

use data;

data! {
/// A study of Emotion Depth: who asks, what is shown, what is asked, and how the result is handed over.
pub struct Study {
    /// Always `emotion-depth-study`.
    pub format: Format,
    /// The version of this format: 1.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = VERSION)))]
    pub version: u32,
    /// Short name of the study: letters, digits, `_` and `-`. It names result files.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = pattern::ID)))]
    pub id: String,
    /// The title that participants read.
    #[cfg_attr(feature = "schema", schemars(length(max = limits::TITLE), regex(pattern = pattern::TEXT)))]
    pub title: String,
    /// Language of the participant's views: `en`, `de`, `fr` or `es`, or any other code (`ar`, `pt-BR`) with own `texts`.
    #[cfg_attr(feature = "schema", schemars(length(max = 35), regex(pattern = pattern::LANGUAGE)))]
    pub language: String,
    /// Whether nobody may take part any more; who opens the link then is told so (outcome `quota_full`).
    #[serde(default)]
    pub closed: bool,
    /// Who is responsible for the data.
    pub controller: Controller,
    /// What the study is for.
    pub purpose: Purpose,
    /// What participants agree to.
    pub consent: Consent,
    /// Shown before the first stimulus; simple Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::INSTRUCTIONS), regex(pattern = pattern::TEXT)))]
    pub instructions: Option<String>,
    /// Which parameters of the link say who takes part.
    #[serde(default)]
    pub identity: Identity,
    /// Groups of participants. The link says the group; without it, it is drawn from the session's id.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::GROUPS)))]
    pub groups: Vec<Group>,
    /// Questions before the consent that decide who may take part.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::SCREENING)))]
    pub screening: Vec<Screening>,
    /// What the camera and the sound must fulfil before the study starts.
    #[serde(default)]
    pub checks: Checks,
    /// The participant's face at rest.
    #[serde(default)]
    pub baseline: Baseline,
    /// What is shown.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = limits::STIMULI)))]
    pub stimuli: Vec<Stimulus>,
    /// In which order the stimuli are shown.
    #[serde(default)]
    pub order: Order,
    /// What happens when a stimulus is interrupted.
    #[serde(default)]
    pub on_interrupt: OnInterrupt,
    /// For how many hours a study that was broken off can be continued on the same device; 0 means never.
    #[serde(default = "defaults::resume_max_age_h")]
    #[cfg_attr(feature = "schema", schemars(range(max = 168)))]
    pub resume_max_age_h: u32,
    /// Readings a second that are kept.
    #[serde(default = "defaults::sample_rate_hz")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 30)))]
    pub sample_rate_hz: u32,
    /// Questions to the participant.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::QUESTIONS)))]
    pub questions: Vec<Question>,
    /// How the result comes to you.
    #[serde(default)]
    pub handover: Handover,
    /// What a participant reads at the end, and the link back to the panel or the survey.
    #[serde(default)]
    pub outcomes: Outcomes,
    /// Own words for any text of the participant's views: key and text.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::TEXTS), schema_with = "schema_of_texts"))]
    pub texts: BTreeMap<String, String>,
}

/// Who is responsible for the data (GDPR Art. 13).
pub struct Controller {
    /// Name of the organisation or the person.
    #[cfg_attr(feature = "schema", schemars(length(max = limits::SHORT), regex(pattern = pattern::TEXT)))]
    pub name: String,
    /// How to reach them: an e-mail address, a telephone number or a postal address.
    #[cfg_attr(feature = "schema", schemars(length(max = limits::SHORT), regex(pattern = pattern::TEXT)))]
    pub contact: String,
    /// The data protection authority where a participant can complain.
    #[cfg_attr(feature = "schema", schemars(length(max = limits::SHORT), regex(pattern = pattern::TEXT)))]
    pub authority: String,
}

/// What participants agree to (GDPR Art. 13).
pub struct Consent {
    /// The text of the consent; simple Markdown.
    #[cfg_attr(feature = "schema", schemars(length(max = limits::CONSENT), regex(pattern = pattern::TEXT)))]
    pub text: String,
    /// The legal basis, such as "consent, Art. 6(1)(a) and 9(2)(a) GDPR".
    #[cfg_attr(feature = "schema", schemars(length(max = limits::SHORT), regex(pattern = pattern::TEXT)))]
    pub legal_basis: String,
    /// How long the data are kept.
    #[cfg_attr(feature = "schema", schemars(length(max = limits::SHORT), regex(pattern = pattern::TEXT)))]
    pub retention: String,
    /// Who gets the data.
    #[cfg_attr(feature = "schema", schemars(length(max = limits::SHORT), regex(pattern = pattern::TEXT)))]
    pub recipients: String,
    /// Until when a participant can withdraw after the hand-over, such as "30 days after taking part".
    #[cfg_attr(feature = "schema", schemars(length(max = limits::SHORT), regex(pattern = pattern::TEXT)))]
    pub withdraw_until: String,
    /// The age in years from which somebody may take part.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 99)))]
    pub minimum_age: u32,
}

/// Which parameters of the link say who takes part.
pub struct Identity {
    /// Name of the link's parameter with the participant's id, such as `participant` or `PROLIFIC_PID`.
    #[serde(default = "defaults::participant_parameter")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = pattern::NAME)))]
    pub participant_parameter: String,
    /// Names of further parameters that go from the link into the result and the links of the outcomes.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::CARRY), inner(regex(pattern = pattern::NAME))))]
    pub carry: Vec<String>,
}

/// A group of participants.
pub struct Group {
    /// As in the link.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = pattern::ID)))]
    pub id: String,
    /// Whether this group is full; who comes then is told so (outcome `quota_full`).
    #[serde(default)]
    pub closed: bool,
    /// Ids of the stimuli that this group sees; left out, it sees all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = limits::STIMULI), inner(regex(pattern = pattern::ID))))]
    pub stimuli: Option<Vec<String>>,
}

/// A question before the consent that decides who may take part.
pub struct Screening {
    /// The question; one with a scale or a choice.
    pub question: Question,
    /// Answers with which somebody may not take part: ids of options, or numbers of a scale.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = limits::OPTIONS)))]
    pub screen_out_if: Vec<ScreenOut>,
}

/// What the camera and the sound must fulfil before the study starts.
pub struct Checks {
    /// Frames of the camera that must be read in a second.
    #[serde(default = "defaults::min_fps")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 30)))]
    pub min_fps: u32,
    /// Quality that readings must have, 0 to 1.
    #[serde(default = "defaults::min_quality")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 1.0)))]
    pub min_quality: f64,
    /// Whether the participant types how many tones are heard, to show that the sound is on.
    #[serde(default)]
    pub sound: bool,
}

/// The participant's face at rest.
pub struct Baseline {
    /// Seconds of rest before the first stimulus.
    #[serde(default = "defaults::baseline_seconds")]
    #[cfg_attr(feature = "schema", schemars(range(min = 3, max = 60)))]
    pub seconds: u32,
    /// Milliseconds of rest before each stimulus; its samples have a negative media time.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(max = 10_000)))]
    pub before_each_ms: u32,
}

/// In which order the stimuli are shown.
#[derive(Default)]
pub struct Order {
    /// `fixed`: as in the file; `random`: shuffled; `williams`: balanced over the rows of the links.
    #[serde(default)]
    pub method: OrderMethod,
    /// Another number gives other draws.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(max = u32::MAX)))]
    pub seed: u32,
}

/// How the result comes to you.
pub struct Handover {
    /// The ways that are offered, in this order.
    #[serde(default = "defaults::methods")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 4), extend("uniqueItems" = true)))]
    pub methods: Vec<Method>,
    /// The address of the page that the study is embedded in, such as `https://survey.example.org`; for `parent` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::LINK), regex(pattern = pattern::ORIGIN)))]
    pub parent_origin: Option<String>,
    /// The longest part of a receipt, in characters: what a field of your survey tool can take.
    #[serde(default = "defaults::max_receipt_chars")]
    #[cfg_attr(feature = "schema", schemars(range(min = 200, max = 12_000)))]
    pub max_receipt_chars: u32,
}

/// What a participant reads at the end, and the link back, for each of the six outcomes.
#[derive(Default)]
pub struct Outcomes {
    /// The study was done to the end and handed over.
    #[serde(default, skip_serializing_if = "Ending::is_empty")]
    pub complete: Ending,
    /// An answer of the screening did not fit.
    #[serde(default, skip_serializing_if = "Ending::is_empty")]
    pub screened_out: Ending,
    /// The study or the group is closed.
    #[serde(default, skip_serializing_if = "Ending::is_empty")]
    pub quota_full: Ending,
    /// The participant did not agree.
    #[serde(default, skip_serializing_if = "Ending::is_empty")]
    pub declined: Ending,
    /// It did not work on this device.
    #[serde(default, skip_serializing_if = "Ending::is_empty")]
    pub failed: Ending,
    /// The participant agreed and withdrew later; everything is deleted.
    #[serde(default, skip_serializing_if = "Ending::is_empty")]
    pub withdrawn: Ending,
}

/// The end of a study for one outcome.
#[derive(Default)]
pub struct Ending {
    /// What the participant reads; simple Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::LONG), regex(pattern = pattern::TEXT)))]
    pub text: Option<String>,
    /// Where a button leads. `{participant}`, `{session}`, `{group}`, `{outcome}`, `{code}` and carried parameters are filled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::LINK), regex(pattern = pattern::LINK)))]
    pub link: Option<String>,
    /// A fixed code for all participants; left out, each session has a code of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = pattern::CODE)))]
    pub code: Option<String>,
}

}

#[cfg(feature = "schema")]
fn schema_of_texts(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({
        "type": "object",
        "additionalProperties": {"type": "string", "maxLength": limits::LONG, "pattern": pattern::TEXT}
    })
}
