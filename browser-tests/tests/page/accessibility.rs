//! Barriers: what axe finds, and the page without a mouse.

use browser_tests::{Browser, Camera, Key, Page, Scene, Site};

use crate::steps::{next_event, start, start_live, wait_for_reading};

#[track_caller]
pub fn assert_no_barriers(page: &Page, view: &str) {
    for (width, dark) in [(1280, false), (1280, true), (390, false)] {
        page.show_as(width, 900, dark);
        let findings = page.axe_findings();
        assert!(findings.is_empty(), "{view}, {width} px, dark {dark}: {findings:#?}");
    }
    page.show_as(1280, 900, false);
}

#[test]
fn axe_finds_nothing_serious_on_the_first_screens() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Denied);
    let page = browser.open();
    page.go(&site.url());
    page.wait_for_view("welcome");
    assert_no_barriers(&page, "welcome");
    page.click("input[name=use][value=work]");
    page.wait_for_view("refused");
    assert_no_barriers(&page, "refused");
    // Another tab: this one would recall the refused use.
    let page = browser.open();
    start(&page, &site.url());
    page.wait_for_view("denied");
    assert_no_barriers(&page, "denied");
}

#[test]
fn axe_finds_nothing_serious_on_the_live_page() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::coming_and_going()));
    let page = browser.open();
    start_live(&page, &site.url());
    wait_for_reading(&page);
    page.click("#speed summary");
    assert_no_barriers(&page, "live");
    page.click("#pause");
    page.wait_for_view("paused");
    assert_no_barriers(&page, "paused");
    page.click("#stop");
    page.wait_for_view("stopped");
    assert_no_barriers(&page, "stopped");
}

/// Presses Tab until `selector` has the focus, which must be seen.
#[track_caller]
pub fn tab_to(page: &Page, selector: &str) {
    for _ in 0..80 {
        page.press(Key::Tab);
        if page.evaluate(&format!("document.activeElement.matches({selector:?})")) == true {
            let outlined = page.evaluate(
                r#"(() => {
                    const focused = document.activeElement;
                    const shown = [focused, focused.closest("label"), focused.parentElement].filter(Boolean);
                    return shown.some((element) => {
                        const style = getComputedStyle(element);
                        return style.outlineStyle !== "none" || style.boxShadow !== "none";
                    });
                })()"#,
            );
            assert_eq!(outlined, true, "the focus on {selector} is not seen");
            return;
        }
    }
    panic!("Tab never reaches {selector}");
}

#[test]
fn everything_works_from_the_keyboard() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.go(&site.url());
    page.wait_for_view("welcome");
    tab_to(&page, "input[name=use]");
    page.press(Key::Space);
    tab_to(&page, "#start:not(:disabled)");
    page.press(Key::Enter);
    page.wait_for_view("live");
    wait_for_reading(&page);

    tab_to(&page, "#record");
    page.press(Key::Enter);
    page.wait_until("document.querySelector('#record').getAttribute('aria-pressed') === 'true'");
    next_event(&page);
    page.press(Key::Space);
    page.wait_until("document.querySelector('#record').getAttribute('aria-pressed') === 'false'");
    tab_to(&page, "#save-csv:not(:disabled)");
    page.press(Key::Enter);
    assert!(browser.downloaded().starts_with("time_ms,"));

    tab_to(&page, "#legend button");
    page.press(Key::Space);
    page.wait_until("document.querySelector('#legend button').getAttribute('aria-pressed') === 'false'");
    tab_to(&page, "#smoothing");
    let before = page.evaluate("document.querySelector('#smoothing').value");
    page.press(Key::ArrowRight);
    page.wait_until(&format!("document.querySelector('#smoothing').value !== {before}"));
    tab_to(&page, "#mirror");
    page.press(Key::Space);
    tab_to(&page, "#speed summary");
    page.press(Key::Enter);
    page.wait_until("document.querySelector('#speed').open");
    tab_to(&page, "#pause");
    page.press(Key::Enter);
    page.wait_for_view("paused");
    tab_to(&page, "#stop");
    page.press(Key::Enter);
    page.wait_for_view("stopped");
    tab_to(&page, "#start-again");
}
