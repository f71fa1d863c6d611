//! Coming back after a reload or a crash.

use super::*;
use crate::file::Purpose;
use crate::hash::measure_sha256;
use crate::result::{Columns, Models, Reading};
use crate::session::journal::{Begun, Entry, ResumeError, Standing, VERSION, begun_json, resume, standing};

/// A journal as the page keeps it: the events of a session after each other.
fn journal(study: &Study, events: &[Event]) -> Vec<Entry> {
    let mut session = full_session(study);
    let mut entries = Vec::new();
    let mut before = Vec::new();
    for event in events {
        apply(&mut session, [event.clone()]);
        if entries.is_empty() {
            before.push(event.clone());
            if matches!(event, Event::Consented { .. }) {
                let begun =
                    Begun { json: &study.to_json(), sha256: "begun", measure_sha256: &measure_sha256(study) };
                entries.push(session.opened(begun, std::mem::take(&mut before), 1_000_000));
            }
        } else {
            entries.push(Entry::Event(event.clone()));
        }
    }
    entries
}

fn events(count: usize) -> Vec<Event> {
    whole_way().into_iter().take(count).map(|(event, _)| event).collect()
}

/// After a reload at every point of the whole way: between exposures, with group and order, to the end.
#[test]
fn a_reload_anywhere_goes_on_between_exposures() {
    let study = full();
    let hash = measure_sha256(&study);
    for count in 3..whole_way().len() {
        let kept = journal(&study, &events(count));
        let text = serde_json::to_string(&kept).expect("plain data");
        let kept: Vec<Entry> = serde_json::from_str(&text).expect("right");
        let resumed = resume(&study, &hash, &kept, 2_000_000).expect("it goes on");
        let mut session = resumed.session;
        assert_eq!(session.assignment().group.as_deref(), Some("A"));
        assert_eq!(session.assignment().row, Some(1));
        assert!(
            !matches!(
                session.stage(),
                Stage::Showing | Stage::Checks | Stage::Baseline | Stage::Ready | Stage::Pause
            ),
            "{count}"
        );
        let was_showing = matches!(events(count).last(), Some(Event::Started { .. }));
        assert_eq!(
            resumed
                .added
                .iter()
                .any(|event| matches!(event, Event::Interrupted { cause: Cause::LeftPage, .. })),
            was_showing
        );
        // The journal with what was added comes back as the same session.
        let mut longer = kept.clone();
        longer.extend(resumed.added.into_iter().map(Entry::Event));
        let again = resume(&study, &hash, &longer, 2_000_000).expect("it goes on");
        assert_eq!(format!("{:?}", again.session), format!("{session:?}"));
        // From there to the end.
        let mut time_ms = 200_000;
        for _ in 0..40 {
            time_ms += 100_000;
            let next = match session.stage().name() {
                "loading" => Event::Loaded,
                "checks" => Event::ChecksPassed,
                "baseline" => baseline(),
                "ready" => Event::Started { time_ms },
                "showing" => Event::Finished { time_ms, media_ms: 8_000 },
                "pause" => Event::PauseOver,
                "questions" if session.questions()[0].id == "liking" => {
                    Event::Answered { answers: vec![answer("liking", AnswerValue::Number(1))] }
                }
                "questions" => Event::Answered { answers: vec![] },
                "review" => Event::Reviewed,
                "handover" => Event::HandedOver { method: Method::File },
                _ => break,
            };
            apply(&mut session, [next]);
        }
        assert_eq!(*session.stage(), Stage::Ended { outcome: Outcome::Complete }, "from {count}");
        let whole: Vec<usize> =
            session.exposures().iter().filter(|e| e.interrupted.is_none()).map(|e| e.stimulus).collect();
        assert_eq!(whole, [0, 2], "each stimulus once as a whole, from {count}");
        assert!(session.answers().iter().filter(|answer| answer.question == "liking").count() == 1);
    }
}

#[test]
fn what_cannot_be_resumed_says_why() {
    let study = full();
    let hash = measure_sha256(&study);
    let kept = journal(&study, &events(10));
    let error = |study: &Study, hash: &str, entries: &[Entry], now| {
        resume(study, hash, entries, now).expect_err("no").clone()
    };
    let hours = 3_600_000;
    assert!(resume(&study, &hash, &kept, 1_000_000 + 48 * hours).is_ok());
    assert_eq!(error(&study, &hash, &kept, 1_000_001 + 48 * hours), ResumeError::TooOld(48));
    assert_eq!(error(&study, "other", &kept, 0), ResumeError::OtherStudy);
    assert_eq!(error(&study, &hash, &[], 0), ResumeError::Damaged);
    assert_eq!(error(&study, &hash, &kept[1..], 0), ResumeError::Damaged);
    let mut twice = kept.clone();
    twice.push(kept[0].clone());
    assert_eq!(error(&study, &hash, &twice, 0), ResumeError::Damaged);
    let mut never = study.clone();
    never.resume_max_age_h = 0;
    assert_eq!(error(&never, &hash, &kept, 1_000_000), ResumeError::TooOld(0));
    let mut withdrawn = kept.clone();
    withdrawn.push(Entry::Event(Event::Withdrawn));
    assert_eq!(error(&study, &hash, &withdrawn, 0), ResumeError::Ended);
    // A typo that was mended in between does not stop anybody; a question more does where it was asked already.
    let mut mended = study.clone();
    mended.title = "Spots".to_owned();
    mended.purpose = Purpose::Academic;
    assert!(resume(&mended, &hash, &kept, 0).is_ok());
    mended.questions[0].id = "other".to_owned();
    assert_eq!(error(&mended, &hash, &kept, 0), ResumeError::OtherStudy);
}

#[test]
fn readings_come_back_and_tell_how_far_a_stimulus_was() {
    let study = full();
    let mut kept = journal(&study, &events(8));
    for index in 0..20 {
        let mut columns = Columns::default();
        let face = Some((0.0, [0.1; 7]));
        columns.push(&Reading {
            time_ms: 10_000 + index * 100,
            media_ms: index as i32 * 100,
            exposure: 0,
            quality: 1.0,
            reasons: 0,
            face,
            inputs: &[],
        });
        kept.push(Entry::Samples(columns));
    }
    let resumed = resume(&study, &measure_sha256(&study), &kept, 0).expect("it goes on");
    assert_eq!(resumed.samples.len(), 20);
    assert_eq!(resumed.session.exposures()[0].media_ms, 1_900);
    assert_eq!(resumed.session.exposures()[0].ended_ms, 11_900);
}

#[test]
fn a_second_baseline_counts_from_its_exposure_on() {
    let study = full();
    let mut session = resume(&study, &measure_sha256(&study), &journal(&study, &events(11)), 0)
        .expect("it goes on")
        .session;
    apply(
        &mut session,
        [Event::Loaded, Event::ChecksPassed, Event::BaselineTaken { raw: [1; 7], samples: 30 }],
    );
    let from: Vec<u32> = session.baselines().iter().map(|baseline| baseline.from_exposure).collect();
    assert_eq!(from, [0, 1]);
}

fn models(classifier: &str) -> Models {
    Models {
        detector_sha256: "a".repeat(64),
        classifier_sha256: classifier.repeat(64),
        mapping: "mixture".to_owned(),
    }
}

#[test]
fn the_models_come_back_and_the_last_ones_count() {
    let study = full();
    let hash = measure_sha256(&study);
    let mut kept = journal(&study, &events(8));
    assert_eq!(resume(&study, &hash, &kept, 0).expect("it goes on").models, None);
    kept.push(Entry::Models(models("b")));
    kept.push(Entry::Models(models("c")));
    assert_eq!(resume(&study, &hash, &kept, 0).expect("it goes on").models, Some(models("c")));
}

#[test]
fn a_study_is_the_same_mended_or_another_one() {
    let study = full();
    let hash = measure_sha256(&study);
    let kept = journal(&study, &events(10));
    assert_eq!(standing(&study, "begun", &hash, &kept), Standing::Same);
    let mut mended = study.clone();
    mended.title = "Spots in spring".to_owned();
    mended.outcomes.complete.text = Some("Thank you!".to_owned());
    assert_eq!(standing(&mended, "now", &measure_sha256(&mended), &kept), Standing::Mended);
    // What the participant has agreed to.
    let others: [fn(&mut Study); 4] = [
        |study| study.consent.retention = "for ever".to_owned(),
        |study| study.controller.name = "Somebody else".to_owned(),
        |study| study.purpose = Purpose::Academic,
        |study| study.handover.parent_origin = Some("https://elsewhere.example".to_owned()),
    ];
    for change in others {
        let mut other = study.clone();
        change(&mut other);
        assert_eq!(measure_sha256(&other), hash);
        assert_eq!(standing(&other, "now", &hash, &kept), Standing::Other);
    }
    let mut other = study.clone();
    other.sample_rate_hz += 1;
    assert_eq!(standing(&other, "now", &measure_sha256(&other), &kept), Standing::Other);
}

#[test]
fn a_session_of_another_study_comes_back_with_its_own_and_ends() {
    let study = full();
    let kept = journal(&study, &events(10));
    let begun = crate::file::parse(begun_json(&kept).expect("it is kept")).expect("it is right");
    assert_eq!(begun, study);
    let mut resumed = resume(&begun, &measure_sha256(&begun), &kept, 0).expect("it comes back");
    resumed.end(Change::Study);
    assert_eq!(*resumed.session.stage(), Stage::Review { outcome: Outcome::Failed });
    assert_eq!(resumed.session.changed(), Some(Change::Study));
    assert_eq!(resumed.session.exposures().len(), 1, "nothing that was recorded is lost");
    // With what was added it comes back as the same.
    let mut longer = kept;
    longer.extend(resumed.added.iter().cloned().map(Entry::Event));
    let mut again = resume(&begun, &measure_sha256(&begun), &longer, 0).expect("it comes back");
    again.end(Change::Study);
    assert_eq!(*again.session.stage(), Stage::Review { outcome: Outcome::Failed });
    assert_eq!(again.session.changed(), Some(Change::Study));
    apply(&mut again.session, [Event::Reviewed, Event::HandedOver { method: Method::File }]);
    assert_eq!(*again.session.stage(), Stage::Ended { outcome: Outcome::Failed });
}

#[test]
fn who_has_done_all_of_it_hands_over_whatever_changed_since() {
    let study = full();
    let kept = journal(&study, &events(16));
    let mut resumed = resume(&study, &measure_sha256(&study), &kept, 0).expect("it comes back");
    resumed.end(Change::Study);
    assert_eq!(*resumed.session.stage(), Stage::Review { outcome: Outcome::Complete });
    assert_eq!(resumed.session.changed(), None);
}

/// A journal of the first version, as pages have kept it.
#[test]
fn a_journal_of_version_1_is_still_read() {
    let study = full();
    let hash = measure_sha256(&study);
    let mut kept = serde_json::to_value(journal(&study, &events(10))).expect("plain data");
    let opened = kept[0]["opened"].as_object_mut().expect("the first entry");
    opened.insert("version".to_owned(), 1.into());
    opened.remove("study_sha256");
    opened.remove("study_json");
    let kept: Vec<Entry> = serde_json::from_value(kept).expect("it is read");
    assert_eq!(standing(&study, "now", &hash, &kept), Standing::Same);
    assert_eq!(begun_json(&kept), None);
    let resumed = resume(&study, &hash, &kept, 0).expect("it goes on");
    assert_eq!((resumed.session.exposures().len(), resumed.models), (1, None));
    let mut newer = kept;
    if let Entry::Opened { version, .. } = &mut newer[0] {
        *version = VERSION + 1;
    }
    assert_eq!(resume(&study, &hash, &newer, 0).expect_err("no"), ResumeError::Newer);
}
