//! Reading who is responsible, what the study is for, and what participants agree to.

use serde_json::Value;

use super::item::rich_text;
use super::types::{Consent, Controller, Purpose, limits};
use crate::fault::Faults;
use crate::walk::{self, Object};

/// Uses that are refused by name: words that people write as a purpose, and the reason.
pub const PROHIBITED_USES: &[(&[&str], &str)] = &[
    (
        &["workplace", "employee", "employees", "employment", "work", "staff", "productivity", "call_center"],
        "Recognising the emotions of people at work is forbidden in the European Union (AI Act, Article 5(1)(f)).",
    ),
    (
        &[
            "hiring",
            "recruitment",
            "recruiting",
            "job_interview",
            "interview",
            "application",
            "human_resources",
            "hr",
        ],
        "Judging applicants by their faces is work, too: forbidden in the European Union (AI Act, Article 5(1)(f)).",
    ),
    (
        &[
            "education",
            "school",
            "exam",
            "exams",
            "proctoring",
            "classroom",
            "students",
            "teaching",
            "learning",
        ],
        "Recognising emotions in schools, courses and exams is forbidden in the European Union (AI Act, Article 5(1)(f)).",
    ),
    (
        &["law_enforcement", "police", "border", "migration", "asylum", "security", "surveillance", "court"],
        "Police, borders, courts and surveillance must not use this: a face does not tell what a person feels or intends.",
    ),
    (
        &["lie_detection", "deception", "credibility", "polygraph", "fraud"],
        "A face does not show whether somebody lies. This use is refused.",
    ),
    (
        &["diagnosis", "medical", "health", "therapy", "depression", "screening_patients", "autism"],
        "This is no medical device. It must not be used to find or treat an illness.",
    ),
    (
        &[
            "insurance",
            "credit",
            "scoring",
            "pricing",
            "advertising_targeting",
            "targeting",
            "profiling",
            "manipulation",
        ],
        "Decisions about single people, and what is aimed at single people, must not rest on readings of their faces.",
    ),
    (
        &["politics", "political_campaign", "religion", "ethnicity", "categorisation", "categorization"],
        "Sorting people by belief, politics or origin is forbidden in the European Union (AI Act, Article 5(1)(g)).",
    ),
];

pub(super) fn controller(value: &Value, path: &str, faults: &mut Faults) -> Option<Controller> {
    let mut object = Object::open(value, path, faults)?;
    let short = |v: &Value, p: &str, f: &mut Faults| walk::text(v, p, f, limits::SHORT);
    let name = object.required("name", faults, short);
    let contact = object.required("contact", faults, short);
    let authority = object.required("authority", faults, short);
    object.close(faults);
    Some(Controller { name: name?, contact: contact?, authority: authority? })
}

pub(super) fn purpose(value: &Value, path: &str, faults: &mut Faults) -> Option<Purpose> {
    let word = walk::string(value, path, faults)?;
    let plain = word.trim().to_lowercase().replace([' ', '-'], "_");
    let prohibited = PROHIBITED_USES.iter().find(|(words, _)| words.contains(&plain.as_str()));
    match prohibited {
        Some((_, reason)) => {
            let allowed: Vec<&str> = Purpose::WORDS.iter().map(|(word, _)| *word).collect();
            faults.push(path, format!("{reason} A study may be for {}.", walk::listed(&allowed)));
            None
        }
        None => walk::word(value, path, faults, Purpose::WORDS),
    }
}

pub(super) fn consent(value: &Value, path: &str, faults: &mut Faults) -> Option<Consent> {
    let mut object = Object::open(value, path, faults)?;
    let short = |v: &Value, p: &str, f: &mut Faults| walk::text(v, p, f, limits::SHORT);
    let text = object.required("text", faults, |v, p, f| rich_text(v, p, f, limits::CONSENT));
    let legal_basis = object.required("legal_basis", faults, short);
    let retention = object.required("retention", faults, short);
    let recipients = object.required("recipients", faults, short);
    let withdraw_until = object.required("withdraw_until", faults, short);
    let minimum_age = object.required("minimum_age", faults, |v, p, f| walk::integer(v, p, f, (1, 99)));
    object.close(faults);
    Some(Consent {
        text: text?,
        legal_basis: legal_basis?,
        retention: retention?,
        recipients: recipients?,
        withdraw_until: withdraw_until?,
        minimum_age: minimum_age? as u32,
    })
}
