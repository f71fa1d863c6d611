use super::*;
use crate::testing::{
    answer, apply, baseline, consented, example, example_answers, full, participant, session,
    to_first_stimulus,
};

/// One event of each kind, for trying all of them in every stage.
fn all_events() -> Vec<Event> {
    vec![
        Event::NoticeRead,
        Event::CannotRun,
        Event::Answered { answers: vec![] },
        consented(),
        Event::Declined,
        Event::Loaded,
        Event::LoadFailed,
        Event::ChecksPassed,
        baseline(),
        Event::GaveUp,
        Event::Started { time_ms: 900_000 },
        Event::Finished { time_ms: 900_000, media_ms: 6_000 },
        Event::Interrupted { time_ms: 900_000, media_ms: 1, cause: Cause::Hidden },
        Event::PauseOver,
        Event::Reloaded,
        Event::Changed { what: Change::Models },
        Event::Reviewed,
        Event::HandedOver { method: Method::File },
        Event::Deleted,
        Event::Withdrawn,
    ]
}

fn watch(time_ms: u32, media_ms: u32) -> [Event; 2] {
    [Event::Started { time_ms }, Event::Finished { time_ms: time_ms + media_ms, media_ms }]
}

/// The way through the full study (group A: spot, a question, rest, pack, questions) and the stage after each event.
fn whole_way() -> Vec<(Event, &'static str)> {
    let screening =
        vec![answer("age", AnswerValue::Text("grown".to_owned())), answer("often", AnswerValue::Number(3))];
    vec![
        (Event::NoticeRead, "screening"),
        (Event::Answered { answers: screening }, "consent"),
        (consented(), "loading"),
        (Event::LoadFailed, "loading"),
        (Event::Loaded, "checks"),
        (Event::ChecksPassed, "baseline"),
        (baseline(), "ready"),
        (Event::Started { time_ms: 10_000 }, "showing"),
        (Event::Finished { time_ms: 40_000, media_ms: 30_000 }, "questions"),
        (Event::Answered { answers: vec![answer("liking", AnswerValue::Number(7))] }, "pause"),
        (Event::PauseOver, "ready"),
        (Event::Started { time_ms: 50_000 }, "showing"),
        (Event::Interrupted { time_ms: 51_000, media_ms: 1_000, cause: Cause::Hidden }, "ready"),
        (Event::Started { time_ms: 60_000 }, "showing"),
        (Event::Finished { time_ms: 68_000, media_ms: 8_000 }, "questions"),
        (
            Event::Answered {
                answers: vec![answer("words", AnswerValue::Options(vec!["fresh".to_owned()]))],
            },
            "review",
        ),
        (Event::Reviewed, "handover"),
        (Event::HandedOver { method: Method::Receipt }, "ended"),
        (Event::HandedOver { method: Method::File }, "ended"),
        (Event::Deleted, "ended"),
    ]
}

fn full_session(study: &Study) -> Session<'_> {
    let who = Participant { group: Some("A".to_owned()), row: Some(1), ..participant() };
    Session::open(study, "S", who)
}

#[test]
fn a_whole_session_goes_its_way() {
    let study = full();
    let mut session = full_session(&study);
    assert_eq!(session.stage().name(), "notice");
    for (event, stage) in whole_way() {
        session.apply(event.clone()).unwrap_or_else(|error| panic!("{event:?}: {error}"));
        assert_eq!(session.stage().name(), stage, "{event:?}");
    }
    assert_eq!(*session.stage(), Stage::Ended { outcome: Outcome::Complete });
    assert_eq!(session.handed_over(), [Method::Receipt, Method::File]);
    assert!(session.is_deleted());
}

/// In every stage of the whole way every event is tried: what is refused has changed nothing.
#[test]
fn impossible_events_change_nothing() {
    let study = full();
    let mut session = full_session(&study);
    let way = whole_way();
    let mut refused = std::collections::BTreeMap::new();
    for step in 0..=way.len() {
        for event in all_events() {
            let mut tried = session.clone();
            if tried.apply(event.clone()).is_err() {
                assert_eq!(
                    format!("{tried:?}"),
                    format!("{session:?}"),
                    "{event:?} in {}",
                    session.stage().name()
                );
                *refused.entry(session.stage().name()).or_insert(0) += 1;
            } else if event != Event::Reloaded {
                // A reload while loading is nothing new.
                assert_ne!(
                    format!("{tried:?}"),
                    format!("{session:?}"),
                    "{event:?} did nothing in {}",
                    session.stage().name()
                );
            }
        }
        if let Some((event, _)) = way.get(step) {
            apply(&mut session, [event.clone()]);
        }
    }
    assert_eq!(refused.len(), 13, "every stage was there: {refused:?}");
}

/// Which events each stage takes; all others are refused.
#[test]
fn each_stage_takes_its_own_events_only() {
    let study = full();
    let way = whole_way();
    let table: &[(&str, &[&str])] = &[
        ("notice", &["notice_read", "cannot_run", "declined", "withdrawn"]),
        ("screening", &["declined", "withdrawn"]), // and answers that fit
        ("consent", &["consented", "declined", "withdrawn"]),
        ("loading", &["loaded", "load_failed", "gave_up", "reloaded", "changed", "withdrawn"]),
        ("checks", &["checks_passed", "gave_up", "reloaded", "changed", "withdrawn"]),
        ("baseline", &["baseline_taken", "gave_up", "reloaded", "changed", "withdrawn"]),
        ("ready", &["gave_up", "started", "reloaded", "changed", "withdrawn"]),
        ("showing", &["finished", "interrupted", "withdrawn"]),
        ("pause", &["pause_over", "reloaded", "changed", "withdrawn"]),
        ("questions", &["reloaded", "changed", "withdrawn"]), // and answers that fit
        ("review", &["reloaded", "reviewed", "withdrawn"]),
        ("handover", &["reloaded", "handed_over", "withdrawn"]),
        ("ended", &["handed_over", "deleted", "withdrawn"]),
    ];
    for (stage, taken) in table {
        let mut session = full_session(&study);
        for (event, _) in &way {
            if session.stage().name() == *stage {
                break;
            }
            apply(&mut session, [event.clone()]);
        }
        assert_eq!(session.stage().name(), *stage);
        let takes = |event: &Event| session.clone().apply(event.clone()).is_ok();
        let names: Vec<&str> = all_events().iter().filter(|event| takes(event)).map(Event::name).collect();
        assert_eq!(names, *taken, "{stage}");
    }
}

#[test]
fn answers_must_be_whole_and_fit() {
    let study = full();
    let mut session = full_session(&study);
    apply(&mut session, [Event::NoticeRead]);
    let age = |value: &str| answer("age", AnswerValue::Text(value.to_owned()));
    let often = |number| answer("often", AnswerValue::Number(number));
    for wrong in [
        vec![],
        vec![age("grown")],
        vec![age("old"), often(3)],
        vec![age("grown"), often(8)],
        vec![age("grown"), age("grown"), often(3)],
        vec![age("grown"), often(3), answer("other", AnswerValue::Number(1))],
        vec![answer("age", AnswerValue::Number(1)), often(3)],
    ] {
        assert_eq!(
            session.apply(Event::Answered { answers: wrong.clone() }),
            Err(Impossible::Answers),
            "{wrong:?}"
        );
    }
    let mut out = session.clone();
    apply(&mut out, [Event::Answered { answers: vec![age("young"), often(3)] }]);
    assert_eq!(*out.stage(), Stage::Ended { outcome: Outcome::ScreenedOut });
    let mut out = session.clone();
    apply(&mut out, [Event::Answered { answers: vec![age("grown"), often(1)] }]);
    assert_eq!(*out.stage(), Stage::Ended { outcome: Outcome::ScreenedOut });
    // Who is screened out has nothing to hand over, to delete twice or to withdraw.
    for event in [Event::HandedOver { method: Method::File }, Event::Withdrawn] {
        assert!(out.apply(event).is_err());
    }
}

#[test]
fn all_six_outcomes_are_reached() {
    let study = example();
    let ended = |session: &Session<'_>, outcome| assert_eq!(*session.stage(), Stage::Ended { outcome });
    let mut declined = session(&study);
    apply(&mut declined, [Event::NoticeRead, Event::Declined]);
    ended(&declined, Outcome::Declined);

    let mut cannot = session(&study);
    apply(&mut cannot, [Event::CannotRun]);
    ended(&cannot, Outcome::Failed);

    let mut not_loaded = session(&study);
    apply(&mut not_loaded, [Event::NoticeRead, consented(), Event::LoadFailed, Event::LoadFailed]);
    assert_eq!(*not_loaded.stage(), Stage::Loading);
    apply(&mut not_loaded, [Event::LoadFailed]);
    ended(&not_loaded, Outcome::Failed);

    let mut closed = example();
    closed.closed = true;
    ended(&session(&closed), Outcome::QuotaFull);
    let full = full();
    ended(
        &Session::open(&full, "S", Participant { group: Some("B".to_owned()), ..participant() }),
        Outcome::QuotaFull,
    );

    for events in 0..5 {
        let mut withdrawn = session(&study);
        let way = [
            Event::NoticeRead,
            consented(),
            Event::Loaded,
            Event::ChecksPassed,
            baseline(),
            Event::Started { time_ms: 1 },
        ];
        apply(&mut withdrawn, way[..events + 2].to_vec());
        apply(&mut withdrawn, [Event::Withdrawn]);
        ended(&withdrawn, Outcome::Withdrawn);
        assert!(
            withdrawn.is_deleted() && withdrawn.exposures().is_empty() && withdrawn.baselines().is_empty()
        );
        assert!(withdrawn.apply(Event::HandedOver { method: Method::File }).is_err());
    }
}

#[test]
fn after_the_hand_over_one_can_still_withdraw() {
    let study = example();
    let (mut session, _) = crate::testing::done(&study);
    apply(&mut session, [example_answers(), Event::Reviewed]);
    assert!(
        session.apply(Event::HandedOver { method: Method::Parent }).is_err(),
        "the study does not offer this way"
    );
    apply(&mut session, [Event::HandedOver { method: Method::File }, Event::Withdrawn]);
    assert_eq!(*session.stage(), Stage::Ended { outcome: Outcome::Withdrawn });
    assert_eq!(session.handed_over(), [Method::File], "so that the page can say where it lies");
}

#[test]
fn the_policy_of_interruptions_is_kept() {
    let mut study = example();
    let start = |session: &mut Session<'_>, time_ms| {
        apply(
            session,
            [
                Event::Started { time_ms },
                Event::Interrupted { time_ms: time_ms + 500, media_ms: 500, cause: Cause::Stalled },
            ],
        );
    };
    study.on_interrupt = OnInterrupt::Repeat;
    let mut repeat = session(&study);
    to_first_stimulus(&mut repeat);
    for attempt in 1..=MAX_ATTEMPTS {
        assert_eq!(repeat.stimulus().map(|stimulus| stimulus.id.as_str()), Some("text"));
        start(&mut repeat, attempt * 1_000);
    }
    assert_eq!(repeat.stimulus().map(|stimulus| stimulus.id.as_str()), Some("image"), "then it is skipped");
    assert_eq!(repeat.exposures().iter().map(|exposure| exposure.attempt).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(repeat.progress(), (1, 3));

    study.on_interrupt = OnInterrupt::Skip;
    let mut skip = session(&study);
    to_first_stimulus(&mut skip);
    start(&mut skip, 1_000);
    assert_eq!(skip.stimulus().map(|stimulus| stimulus.id.as_str()), Some("image"));
    assert_eq!(skip.exposures()[0].interrupted, Some(Cause::Stalled));

    study.on_interrupt = OnInterrupt::End;
    let mut end = session(&study);
    to_first_stimulus(&mut end);
    start(&mut end, 1_000);
    assert_eq!(*end.stage(), Stage::Review { outcome: Outcome::Failed }, "what was recorded is not lost");
    let mut deleted = end.clone();
    apply(&mut deleted, [Event::Deleted]);
    assert!(deleted.is_deleted());
    assert_eq!(*deleted.stage(), Stage::Ended { outcome: Outcome::Failed });
    apply(&mut end, [Event::Reviewed, Event::HandedOver { method: Method::File }]);
    assert_eq!(*end.stage(), Stage::Ended { outcome: Outcome::Failed });
}

#[test]
fn a_clock_that_goes_backwards_is_refused() {
    let study = example();
    let mut session = session(&study);
    to_first_stimulus(&mut session);
    apply(&mut session, watch(5_000, 6_000));
    let error = session.apply(Event::Started { time_ms: 10_999 }).expect_err("backwards");
    assert_eq!(error, Impossible::Disorder { time_ms: 10_999, last_ms: 11_000 });
    assert!(session.apply(Event::Started { time_ms: 11_000 }).is_ok());
}

mod journal;
