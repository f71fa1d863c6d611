use super::*;
use crate::result::{ResultFile, write};
use crate::testing::{example, result};

fn faults(change: impl FnOnce(&mut ResultFile)) -> Vec<String> {
    let mut changed = result();
    let session = changed.session.id.clone();
    change(&mut changed);
    let list = issue(&example(), &session, &write(&changed)).expect_err("it is not whole");
    list.iter().map(ToString::to_string).collect()
}

#[test]
fn a_whole_result_gets_its_code() {
    let result = result();
    let code = issue(&example(), &result.session.id, &write(&result)).expect("whole");
    assert_eq!(code, completion_code(&result.study.measure_sha256, &result.session.id));
    assert_eq!(code.len(), 11);
    assert_eq!(code::read(&code.to_lowercase()).as_deref(), Some(code.as_str()));
    let mut fixed = example();
    fixed.outcomes.complete.code = Some("C1".to_owned());
    assert_eq!(issue(&fixed, &result.session.id, &write(&result)).as_deref(), Ok("C1"));
    assert_ne!(completion_code("a", "b"), completion_code("a", "c"));
}

#[test]
fn what_is_not_whole_gets_none() {
    for (list, words) in [
        (faults(|r| r.session.outcome = Outcome::Failed), "not done to the end"),
        (faults(|r| r.answers.retain(|answer| answer.question != "liked")), "\"liked\" is missing"),
        (faults(|r| r.exposures.truncate(2)), "exposures"),
        (faults(|r| r.exposures[2].stimulus = "text".to_owned()), "\"video\" was not shown"),
        (faults(|r| r.study.measure_sha256 = "ab".repeat(32)), "another study"),
        (faults(|r| r.session.id = code::session_id([1; 10])), "another session"),
        (faults(|r| r.baselines.clear()), "Nothing was recorded"),
        (faults(|r| r.samples.time_ms.swap(0, 1)), "does not rise"),
    ] {
        assert!(list.iter().any(|fault| fault.contains(words)), "{words}: {list:?}");
    }
    let mut file = write(&result());
    let middle = file.len() / 2;
    file[middle] ^= 1;
    assert!(issue(&example(), &result().session.id, &file).is_err(), "a damaged file");
}
