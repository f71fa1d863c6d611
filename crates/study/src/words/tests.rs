use std::collections::BTreeSet;

use super::*;
use crate::testing::example;

#[test]
fn every_key_is_there_once_and_in_every_language() {
    let mut keys = BTreeSet::new();
    for phrase in all() {
        assert!(keys.insert(phrase.key), "{} is there twice", phrase.key);
        for (language, text) in LANGUAGES.iter().zip(phrase.texts) {
            assert!(
                !text.trim().is_empty() || phrase.key == "notice.translation",
                "{} has no {language}",
                phrase.key
            );
            assert_eq!(names(text), names(phrase.texts[0]), "{} in {language}", phrase.key);
            assert_eq!(text.matches('{').count(), text.matches('}').count());
        }
        // A text that nobody has translated stands there twice; a few words are the same in two languages.
        let same = (1..4)
            .filter(|i| phrase.texts[*i] == phrase.texts[0] && phrase.texts[0].chars().count() > 20)
            .count();
        assert_eq!(same, 0, "{} is not translated", phrase.key);
    }
    assert!(keys.len() > 110, "{}", keys.len());
}

#[test]
fn sentences_end_alike_in_every_language() {
    for phrase in all().filter(|phrase| phrase.texts[0].ends_with('.')) {
        for (language, text) in LANGUAGES.iter().zip(phrase.texts) {
            assert!(text.ends_with('.') || text.ends_with('}'), "{} in {language}: {text}", phrase.key);
        }
    }
}

#[test]
fn the_fixed_notice_is_the_law_s() {
    assert_eq!(
        begin::NOTICE_FIXED.texts[0],
        "This study uses an AI system that recognises expressions (emotion recognition). From your camera picture it estimates \
         which expression other people would see. It does not know what you feel. No picture is stored or leaves your device; \
         numbers leave only if you hand them over."
    );
    let mut study = example();
    study.texts.insert("notice.fixed".to_owned(), "nothing".to_owned());
    assert_eq!(say(&study, &begin::NOTICE_FIXED), begin::NOTICE_FIXED.texts[0], "whatever the study says");
}

#[test]
fn every_stage_and_outcome_has_its_words() {
    let keys: BTreeSet<&str> = all().map(|phrase| phrase.key).collect();
    for stage in [
        "notice",
        "screening",
        "consent",
        "loading",
        "checks",
        "baseline",
        "ready",
        "pause",
        "questions",
        "review",
        "handover",
    ] {
        assert!(keys.contains(format!("{stage}.title").as_str()), "{stage}");
    }
    for outcome in crate::session::Outcome::ALL {
        assert!(keys.contains(format!("outcome.{}", outcome.word()).as_str()), "{}", outcome.word());
        assert!(keys.contains(format!("outcome.{}.title", outcome.word()).as_str()), "{}", outcome.word());
    }
    for reason in crate::result::REASONS.iter().filter(|reason| {
        !matches!(
            **reason,
            "uncertain" | "no_frame" | "incomplete" | "other_face" | "upside_down" | "unchanged"
        )
    }) {
        assert!(keys.contains(format!("advice.{reason}").as_str()), "{reason}");
    }
}

#[test]
fn a_study_s_language_and_own_words_are_used() {
    let mut study = example();
    assert_eq!(say(&study, &begin::NEXT), "Next");
    study.language = "de-AT".to_owned();
    assert_eq!(say(&study, &begin::NEXT), "Weiter");
    study.texts.insert("progress".to_owned(), "Teil {done}".to_owned());
    assert_eq!(fill(&study, &begin::PROGRESS, &[("done", "2"), ("all", "{done}")]), "Teil 2");
    study.language = "ar".to_owned();
    assert_eq!(say(&study, &begin::NEXT), "Next");
    assert!(untranslated(&study).contains(&"next"));
    assert!(!untranslated(&study).contains(&"progress"));
    assert!(!untranslated(&study).contains(&"notice.fixed"));
    study.language = "fr".to_owned();
    assert!(untranslated(&study).is_empty());
}

#[test]
fn values_are_not_filled_in_twice() {
    let study = example();
    let text = fill(&study, &begin::PROGRESS, &[("done", "{all}"), ("all", "3")]);
    assert_eq!(text, "{all} of 3");
}

#[test]
fn right_to_left_follows_script_and_language() {
    for (language, direction_word) in [
        ("ar", "rtl"),
        ("he-IL", "rtl"),
        ("fa", "rtl"),
        ("ur-PK", "rtl"),
        ("az-Arab", "rtl"),
        ("en", "ltr"),
        ("de", "ltr"),
        ("ku-Latn", "ltr"),
        ("az", "ltr"),
        ("arn", "ltr"),
        ("pa-Arab-PK", "rtl"),
    ] {
        assert_eq!(direction(language).word(), direction_word, "{language}");
    }
}
