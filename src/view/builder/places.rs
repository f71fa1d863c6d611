//! Where the forms show a fault: beside the field that it is about, or at the nearest place around it.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::path::{above, pattern};
use super::words;
use emotion_study::fault::Fault;

/// Every place of the forms at which faults are shown; `[]` stands for the number of an entry. The empty one is the
/// head of the whole form.
pub const PLACES: &[&str] = &[
    "",
    "id",
    "title",
    "language",
    "closed",
    "purpose",
    "controller",
    "controller.name",
    "controller.contact",
    "controller.authority",
    "consent",
    "consent.text",
    "consent.legal_basis",
    "consent.retention",
    "consent.recipients",
    "consent.withdraw_until",
    "consent.minimum_age",
    "instructions",
    "identity",
    "identity.participant_parameter",
    "identity.carry",
    "groups",
    "groups[]",
    "groups[].id",
    "groups[].closed",
    "groups[].stimuli",
    "screening",
    "screening[]",
    "screening[].question.id",
    "screening[].question.prompt",
    "screening[].question.scale",
    "screening[].question.scale.min",
    "screening[].question.scale.max",
    "screening[].question.scale.min_label",
    "screening[].question.scale.max_label",
    "screening[].question.choice.options",
    "screening[].question.choice.options[]",
    "screening[].question.choice.options[].id",
    "screening[].question.choice.options[].text",
    "screening[].screen_out_if",
    "checks",
    "checks.min_fps",
    "checks.min_quality",
    "checks.sound",
    "baseline",
    "baseline.seconds",
    "baseline.before_each_ms",
    "stimuli",
    "stimuli[]",
    "stimuli[].id",
    "stimuli[].video.file",
    "stimuli[].video.duration_ms",
    "stimuli[].image.file",
    "stimuli[].image.duration_ms",
    "stimuli[].image.alt",
    "stimuli[].text.text",
    "stimuli[].text.duration_ms",
    "stimuli[].pause.text",
    "stimuli[].pause.duration_ms",
    "stimuli[].segments",
    "stimuli[].segments[]",
    "stimuli[].segments[].id",
    "stimuli[].segments[].from_ms",
    "stimuli[].segments[].to_ms",
    "order",
    "order.method",
    "order.seed",
    "on_interrupt",
    "resume_max_age_h",
    "sample_rate_hz",
    "questions",
    "questions[]",
    "questions[].id",
    "questions[].prompt",
    "questions[].required",
    "questions[].after",
    "questions[].scale",
    "questions[].scale.min",
    "questions[].scale.max",
    "questions[].scale.min_label",
    "questions[].scale.max_label",
    "questions[].choice.options",
    "questions[].choice.options[]",
    "questions[].choice.options[].id",
    "questions[].choice.options[].text",
    "questions[].text.max_chars",
    "handover",
    "handover.methods",
    "handover.parent_origin",
    "handover.max_receipt_chars",
    "outcomes",
    "outcomes.complete.text",
    "outcomes.complete.link",
    "outcomes.complete.code",
    "outcomes.screened_out.text",
    "outcomes.screened_out.link",
    "outcomes.screened_out.code",
    "outcomes.quota_full.text",
    "outcomes.quota_full.link",
    "outcomes.quota_full.code",
    "outcomes.declined.text",
    "outcomes.declined.link",
    "outcomes.declined.code",
    "outcomes.failed.text",
    "outcomes.failed.link",
    "outcomes.failed.code",
    "outcomes.withdrawn.text",
    "outcomes.withdrawn.link",
    "outcomes.withdrawn.code",
    "texts",
];

/// A part of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    Study,
    Shown,
    Questions,
    Consent,
    HandOver,
    Details,
}

impl Section {
    pub const ALL: [Section; 6] = [
        Section::Study,
        Section::Shown,
        Section::Questions,
        Section::Consent,
        Section::HandOver,
        Section::Details,
    ];

    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Section::Study => "The study",
            Section::Shown => "What is shown",
            Section::Questions => "Questions",
            Section::Consent => "Consent",
            Section::HandOver => "Hand-over and ends",
            Section::Details => "Details",
        }
    }

    /// The id of its heading in the document.
    pub fn id(self) -> &'static str {
        match self {
            Section::Study => "part-study",
            Section::Shown => "part-shown",
            Section::Questions => "part-questions",
            Section::Consent => "part-consent",
            Section::HandOver => "part-handover",
            Section::Details => "part-details",
        }
    }

    /// In which part the field at a path stands.
    fn of(path: &str) -> Self {
        match path.split(['.', '[']).next().unwrap_or_default() {
            "stimuli" | "instructions" | "order" | "groups" => Section::Shown,
            "questions" | "screening" => Section::Questions,
            "consent" => Section::Consent,
            "handover" | "outcomes" | "identity" => Section::HandOver,
            "checks" | "baseline" | "on_interrupt" | "resume_max_age_h" | "sample_rate_hz" | "texts" => {
                Section::Details
            }
            _ => Section::Study,
        }
    }
}

/// A fault as the forms tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What is wrong, and what to do.
    pub sentence: String,
    /// The path of something that no field of the forms can mend: a button takes it away.
    pub remove: Option<String>,
}

/// All faults, by the place that shows them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placed {
    by_place: BTreeMap<String, Vec<Told>>,
}

impl Placed {
    /// What is wrong at a place.
    pub fn at(&self, place: &str) -> &[Told] {
        self.by_place.get(place).map_or(&[], Vec::as_slice)
    }

    /// How many faults there are.
    pub fn count(&self) -> usize {
        self.by_place.values().map(Vec::len).sum()
    }

    /// How many faults a part of the form has.
    pub fn count_in(&self, section: Section) -> usize {
        self.by_place
            .iter()
            .filter(|(place, _)| Section::of(place) == section)
            .map(|(_, told)| told.len())
            .sum()
    }

    /// All places with their faults, part by part.
    pub fn all(&self) -> Vec<(&str, &Told)> {
        let mut all: Vec<(&str, &Told)> = self
            .by_place
            .iter()
            .flat_map(|(place, told)| told.iter().map(move |told| (place.as_str(), told)))
            .collect();
        all.sort_by_key(|(place, _)| Section::of(place));
        all
    }
}

/// Put every fault at its place.
pub fn place(draft: &Draft, faults: &[Fault]) -> Placed {
    let mut placed = Placed::default();
    for fault in faults {
        let place = place_of(&fault.path);
        // What stands in the file and has no field here cannot be mended here.
        let foreign = place != fault.path && !fault.path.is_empty() && draft.get(&fault.path).is_some();
        let mendable = !place.is_empty() && !place.ends_with(']') && !is_group(&place);
        let remove = (foreign && !mendable).then(|| fault.path.clone());
        let sentence = match &remove {
            Some(path) => words::foreign(path, fault),
            None => words::fault(draft, fault),
        };
        let told = Told { sentence, remove };
        placed.by_place.entry(place).or_default().push(told);
    }
    placed
}

/// The path itself where the forms show it, else the nearest around it.
fn place_of(path: &str) -> String {
    let mut place = path;
    while !PLACES.contains(&pattern(place).as_str()) {
        match above(place) {
            Some(outer) => place = outer,
            None => return String::new(),
        }
    }
    place.to_owned()
}

/// A group of fields, whose own place is its heading.
fn is_group(place: &str) -> bool {
    let inner = format!("{}.", pattern(place));
    PLACES.iter().any(|other| other.starts_with(&inner)) || pattern(place) == "texts"
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const FULL: &str = include_str!("../../../crates/study/tests/files/full-study.json");

    fn faults_of(value: &Value) -> (Draft, Vec<Fault>) {
        let draft = Draft::of_json(&value.to_string()).expect("the head is right");
        let faults = draft.study().err().unwrap_or_default();
        (draft, faults)
    }

    fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
        let inner: Vec<(String, &Value)> = match value {
            Value::Object(fields) => fields.iter().map(|(name, value)| (format!(".{name}"), value)).collect(),
            Value::Array(entries) => {
                entries.iter().enumerate().map(|(at, value)| (format!("[{at}]"), value)).collect()
            }
            _ => Vec::new(),
        };
        for (step, value) in inner {
            let path = format!("{path}{step}").trim_start_matches('.').to_owned();
            found.push(path.clone());
            leaves(value, &path, found);
        }
    }

    /// Every field of a full study, made wrong in three ways: each fault has a place, and a fault of a field that has
    /// an input stands at that input.
    #[test]
    fn every_fault_of_every_field_has_its_place() {
        let full: Value = serde_json::from_str(FULL).expect("JSON");
        let mut paths = Vec::new();
        leaves(&full, "", &mut paths);
        paths.retain(|path| !matches!(path.as_str(), "format" | "version"));
        let mut tried = 0;
        for path in &paths {
            for wrong in [Some(json!({"x": []})), Some(json!(-1e15)), None] {
                let mut value = full.clone();
                match &wrong {
                    Some(wrong) => {
                        *crate::view::builder::path::make(&mut value, path).expect("it is there") =
                            wrong.clone()
                    }
                    None => crate::view::builder::path::remove(&mut value, path),
                }
                let (draft, faults) = faults_of(&value);
                let placed = place(&draft, &faults);
                assert_eq!(placed.count(), faults.len(), "{path}");
                tried += faults.len();
                for fault in &faults {
                    let place = place_of(&fault.path);
                    assert!(fault.path.starts_with(&place), "{fault}");
                    assert!(placed.at(&place).iter().any(|told| told.sentence.len() > 10), "{fault}");
                    // A hash is of the file, and is mended by choosing the file again.
                    let inner = ["sha256", "bytes"].iter().any(|end| fault.path.ends_with(end));
                    assert!(
                        !place.is_empty() || fault.path.is_empty() || inner,
                        "{fault} is only told above all"
                    );
                }
            }
        }
        assert!(tried > 200, "{tried}");
    }

    #[test]
    fn what_no_field_shows_can_be_taken_away() {
        let mut value: Value = serde_json::from_str(FULL).expect("JSON");
        value["colour"] = json!("red");
        value["stimuli"][0]["loud"] = json!(true);
        value["consent"]["cookies"] = json!([]);
        value["title"] = json!("");
        let (mut draft, faults) = faults_of(&value);
        let placed = place(&draft, &faults);
        let at = |place: &str| placed.at(place)[0].remove.clone();
        assert_eq!(at(""), Some("colour".to_owned()));
        assert_eq!(at("stimuli[0]"), Some("stimuli[0].loud".to_owned()));
        assert_eq!(at("consent"), Some("consent.cookies".to_owned()));
        assert_eq!(at("title"), None, "an input mends it");
        assert_eq!(
            (placed.count(), placed.count_in(Section::Shown), placed.count_in(Section::Study)),
            (4, 1, 2)
        );
        for path in ["colour", "stimuli[0].loud", "consent.cookies"] {
            draft.remove(path);
        }
        draft.set_text("title", "Spring");
        assert!(draft.study().is_ok());
    }

    #[test]
    fn places_stand_once_and_lead_to_the_nearest() {
        let mut places = PLACES.to_vec();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), PLACES.len());
        assert_eq!(place_of("stimuli[3].video.sha256"), "stimuli[3]");
        assert_eq!(place_of("identity.carry[1]"), "identity.carry");
        assert_eq!(place_of("texts.next"), "texts");
        assert_eq!(place_of("colour.of.it"), "");
    }
}
