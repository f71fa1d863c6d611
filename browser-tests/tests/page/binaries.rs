//! Each activity's binary holds its own code only: what nobody opened, nobody loads.

use activities::ACTIVITIES;
use browser_tests::Site;

/// The names of a module's functions that have `text` in them; the built page keeps them outside of releases. How something
/// is dropped is left out: the compiler merges what is the same for all, under any one's name.
fn names(module: &[u8], text: &str) -> Vec<String> {
    // Names stand one after the other, with bytes between them that are no letters.
    let runs =
        module.split(|byte| !(b' '..=b'~').contains(byte)).filter_map(|run| std::str::from_utf8(run).ok());
    runs.filter(|name| name.contains(text) && !name.contains("drop_in_place<")).map(str::to_owned).collect()
}

/// So a binary does not grow when an activity is added: whatever another one brings is not in it.
#[test]
fn no_binary_holds_another_activitys_code() {
    for activity in ACTIVITIES {
        let module = Site::file(&format!("{}_bg.wasm", activity.id));
        let code_of = |id: &str| names(&module, &format!("emotion_depth::activity::{id}::"));
        let own = code_of(activity.id).len();
        assert!(own > 10, "{}: its own code is not found, so that this test could not fail", activity.id);
        for other in ACTIVITIES.into_iter().filter(|other| *other != activity) {
            let foreign = code_of(other.id);
            assert!(foreign.is_empty(), "{} holds code of {}: {foreign:#?}", activity.id, other.id);
        }
        let engine = names(&module, "emotion_core::engine::");
        assert!(engine.is_empty(), "{} holds the engine: {engine:#?}", activity.id);
    }
}
