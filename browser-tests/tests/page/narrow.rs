//! The page on a phone (390 x 844) and at 200 % zoom (which leaves 640 x 450 of 1280 x 900).

use std::path::Path;

use browser_tests::{Browser, Camera, Page, Scene, Site};

use crate::steps::{start_live, wait_for_reading};

fn show_as_phone(page: &Page) {
    page.show_as(390, 844, false);
}

fn show_at_200_percent(page: &Page) {
    page.show_as(640, 450, false);
}

/// Nothing lies beside the screen.
#[track_caller]
fn assert_no_sideways(page: &Page) {
    let widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]");
    assert_eq!(widths[0], widths[1], "the page is wider than the screen");
}

#[test]
fn the_choice_of_use_comes_before_what_to_know() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    for activity in ["", "?activity=photos", "?activity=video"] {
        page.go(&format!("{}{activity}", site.url()));
        page.wait_until("document.querySelector('#start')");
        show_as_phone(&page);
        let tops = page.evaluate(
            "['.lead', '.welcome-start', '.welcome-facts'].map((part) => document.querySelector(part).getBoundingClientRect().top)",
        );
        let tops: Vec<f64> = serde_json::from_value(tops).expect("numbers");
        assert!(tops.is_sorted() && tops[1] < 844.0, "{activity}: {tops:?}");
        assert_no_sideways(&page);
    }
    page.screenshot("narrow-welcome");
}

#[test]
fn picture_and_gauges_fill_a_phones_first_screen_and_pause_stands_beside_stop() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    start_live(&page, &site.url());
    wait_for_reading(&page);
    show_as_phone(&page);
    page.evaluate("scrollTo(0, 0)");
    page.wait_until(
        "[...document.querySelectorAll('[role=meter]')].every((meter) => meter.getBoundingClientRect().bottom <= innerHeight)",
    );
    assert_no_sideways(&page);
    page.screenshot("narrow-live");
    show_at_200_percent(&page);
    let tops =
        "['#pause', '#stop'].map((button) => document.querySelector(button).getBoundingClientRect().top)";
    page.wait_until(&format!("(([pause, stop]) => pause === stop)({tops})"));
    page.click("#record");
    page.wait_until("document.querySelector('#record').getAttribute('aria-pressed') === 'true'");
    page.wait_until(&format!("(([pause, stop]) => pause === stop)({tops})"));
    assert_eq!(page.evaluate("document.querySelector('.activities-closed').checkVisibility()"), true);
    assert_no_sideways(&page);
    page.screenshot("zoomed-live");
}

#[test]
fn the_depths_of_photos_are_seen_on_a_phone() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    page.go(&format!("{}?activity=photos", site.url()));
    page.wait_for_view("photos-welcome");
    page.click("input[name=use][value=research]");
    page.click("#start");
    page.wait_for_view("photos");
    show_as_phone(&page);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the repository");
    let files = ["astronaut.jpg", "kinds/plain.jpg", "kinds/picture.pdf"];
    let files = files.map(|name| root.join("tests/pictures").join(name));
    page.choose_files("#photo-files", &files.each_ref().map(|file| file.as_path()));
    page.wait_until("document.querySelector('#progress')?.dataset.running === 'false'");
    let beside = page.evaluate(
        "[...document.querySelectorAll('#photos-table tbody td, #photos-table tbody th')].filter((cell) => cell.getBoundingClientRect().right > innerWidth).length",
    );
    assert_eq!(beside, 0, "no cell lies beside the screen");
    let depths = page.evaluate("document.querySelectorAll('#photos-table .depth-cell').length");
    assert!(depths.as_u64() >= Some(7), "{depths}");
    assert_no_sideways(&page);
    page.screenshot("narrow-photos");
    show_at_200_percent(&page);
    page.screenshot("zoomed-photos");
}
