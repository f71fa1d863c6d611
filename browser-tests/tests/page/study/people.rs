//! Who sits before the camera: another person in the participant's place, and somebody beside them.

use browser_tests::{Browser, Camera, Page, Scene, staged_camera};
use emotion_study::result::{self, Columns, EventKind, OTHER_FACE, ResultFile};

use super::{agree, begin_showing, long_text, look_away, open, prepare, save, wait_for_readings};

/// The bit of `several_faces`.
const SEVERAL_FACES: u32 = 1 << 9;

/// The study with a camera that the test turns, up to a text that stays until [`look_away`].
#[track_caller]
fn showing<'b>(browser: &'b Browser, site: &browser_tests::Site) -> Page<'b> {
    let page = browser.open();
    page.run_first(&staged_camera(&[
        ("participant", Scene::face()),
        ("other", Scene::other_person()),
        ("beside", Scene::somebody_beside()),
    ]));
    open(&page, site, "&participant=P1");
    agree(&page);
    prepare(&page);
    begin_showing(&page);
    wait_for_readings(&page, 3);
    page
}

/// Turns the camera to a scene until some frames of it were read, and gives how often the last of them was called happy, x 10,000.
#[track_caller]
fn turn_to(page: &Page, scene: &str) -> u64 {
    page.evaluate(&format!("window.showInCamera('{scene}')"));
    // A frame of before may be on its way, and another face is taken for one only after some time.
    wait_for_readings(page, 12);
    let happy = page.evaluate(
        "new Promise((done) => addEventListener('emotiondepth', (event) => done(event.detail.samples[0].raw?.happy ?? null), { once: true }))",
    );
    happy.as_f64().map_or(0, |happy| (happy * 10_000.0) as u64)
}

#[track_caller]
fn handed_over(page: &Page, browser: &Browser) -> ResultFile {
    look_away(page, browser);
    page.wait_for_view("study-review");
    result::read(&save(page, browser)).expect("the file is right")
}

fn kinds(result: &ResultFile) -> Vec<EventKind> {
    result.events.iter().map(|event| event.kind).collect()
}

/// How often each reading of a face was called happy, x 10,000.
fn happy(columns: &Columns) -> Vec<u16> {
    (0..columns.len()).filter_map(|index| Some(columns.raw_at(index)?[3])).collect()
}

#[test]
fn another_person_is_noticed_and_none_of_their_readings_is_taken() {
    let site = long_text("skip");
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = showing(&browser, &site);
    let participants = turn_to(&page, "participant");
    let others = turn_to(&page, "other");
    page.screenshot("study-other-person");
    assert!(participants > others + 2_000, "the two faces differ: {participants} and {others}");
    turn_to(&page, "participant");
    let result = handed_over(&page, &browser);
    assert!(kinds(&result).contains(&EventKind::OtherFace), "{:?}", result.events);
    assert!(
        kinds(&result).contains(&EventKind::FaceBack),
        "the participant is known again: {:?}",
        result.events
    );
    let columns = &result.samples;
    let strange: Vec<usize> =
        (0..columns.len()).filter(|index| columns.reasons[*index] & OTHER_FACE != 0).collect();
    assert!(strange.len() >= 3, "{:?}", columns.reasons);
    assert!(strange.iter().all(|index| columns.raw_at(*index).is_none() && !columns.is_usable(*index)));
    // What was taken are the participant's: no reading is as the other face's are.
    let taken = happy(columns);
    let middle = (participants + others) / 2;
    assert!(taken.len() >= 6 && taken.iter().all(|happy| u64::from(*happy) > middle), "{middle}: {taken:?}");
    let (first, last) = (strange[0], strange[strange.len() - 1]);
    assert!((0..first).any(|index| columns.is_usable(index)), "before them the participant was read");
    assert!((last..columns.len()).any(|index| columns.is_usable(index)), "and after them again");
}

#[test]
fn somebody_beside_the_participant_is_noted_and_not_read() {
    let site = long_text("skip");
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = showing(&browser, &site);
    let alone = turn_to(&page, "participant");
    page.evaluate("window.showInCamera('beside')");
    // Somebody who walks by is not told: it must last.
    page.evaluate(
        r#"new Promise((done) => {
            let since = null;
            const heard = ({ detail }) => {
                since = detail.samples.length < 2 ? null : since ?? detail.time_ms;
                if (since === null || detail.time_ms - since < 2500) return;
                removeEventListener("emotiondepth", heard);
                done(true);
            };
            addEventListener("emotiondepth", heard);
        })"#,
    );
    let result = handed_over(&page, &browser);
    assert!(kinds(&result).contains(&EventKind::SecondFace), "{:?}", result.events);
    assert!(!kinds(&result).contains(&EventKind::OtherFace), "{:?}", result.events);
    let columns = &result.samples;
    let accompanied: Vec<usize> =
        (0..columns.len()).filter(|index| columns.reasons[*index] & SEVERAL_FACES != 0).collect();
    assert!(!accompanied.is_empty(), "{:?}", columns.reasons);
    let taken = happy(columns);
    assert!(taken.iter().all(|happy| u64::from(*happy) > alone / 2), "{alone}: {taken:?}");
}
