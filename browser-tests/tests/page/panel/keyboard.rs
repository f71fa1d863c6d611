//! The whole page without a mouse.

use browser_tests::{Browser, Camera, Key, Site};
use serde_json::json;

use super::settled;
use crate::accessibility::tab_to;

#[test]
fn a_panel_is_read_from_the_keyboard_alone() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    page.go(&format!("{}?activity=panel", site.url()));
    page.wait_for_view("panel-welcome");
    page.wait_until("document.querySelector('#start')?.disabled === false");
    tab_to(&page, "#start");
    page.press(Key::Enter);
    page.wait_for_view("panel");
    page.wait_until("document.querySelector('#sample:not(:disabled)') !== null");
    // The browser's own chooser opens; it is kept from doing so, and says that it was asked.
    page.call("Page.setInterceptFileChooserDialog", json!({ "enabled": true }));
    browser.forget_events();
    tab_to(&page, "#panel-files");
    page.press(Key::Enter);
    browser.wait_for("the file chooser", |event| (event.method == "Page.fileChooserOpened").then_some(()));

    tab_to(&page, "#sample");
    page.press(Key::Enter);
    settled(&page);
    tab_to(&page, "#lists summary");
    page.press(Key::Enter);
    page.wait_until("document.querySelector('#lists').open");
    tab_to(&page, "#stimulus");
    page.press(Key::ArrowDown);
    page.wait_until("document.querySelector('#stimulus').value === 'quiet'");
    settled(&page);
    page.press(Key::ArrowUp);
    page.wait_until("document.querySelector('#stimulus').value === 'joke'");
    settled(&page);
    tab_to(&page, "#take-neutral-off");
    page.press(Key::Space);
    page.wait_until("document.querySelector('#panel-chart svg text:last-of-type') !== null && document.querySelector('#panel-chart svg').innerHTML.includes('neutral face')");
    settled(&page);
    tab_to(&page, "#measures .chip[aria-pressed=false]");
    page.press(Key::Space);
    page.wait_until("document.querySelectorAll('#summary tbody tr').length === 3");
    tab_to(&page, "#panel-chart");
    page.press(Key::End);
    page.wait_until("document.querySelector('#panel-chart').getAttribute('aria-valuenow') === '29'");
    page.press(Key::Home);
    page.wait_until("document.querySelector('#panel-chart').getAttribute('aria-valuenow') === '0'");
    tab_to(&page, "#behind summary");
    page.press(Key::Enter);
    page.wait_until("document.querySelectorAll('#curve-table tbody tr').length === 30");
    // A table that is longer than its place can be scrolled by keys.
    tab_to(&page, "#behind .table-scroll");
    tab_to(&page, "#share summary");
    page.press(Key::Enter);
    tab_to(&page, "#threshold");
    tab_to(&page, "#compare");
    page.press(Key::Enter);
    page.wait_until("document.querySelector('#test') !== null");
    tab_to(&page, "#test");
    page.press(Key::Enter);
    page.wait_until("document.querySelector('#tested') !== null");
    tab_to(&page, "#plan");
    page.press(Key::Enter);
    page.wait_until(
        "document.querySelector('#plan-answer').innerText.includes('usable people in each group')",
    );
    tab_to(&page, "#save-participants");
    browser.forget_events();
    page.press(Key::Enter);
    assert!(browser.downloaded().starts_with("format_version,"));
    tab_to(&page, "#decimal-comma");
    page.press(Key::Space);
    page.wait_until("document.querySelector('#decimal-comma').checked");
    assert_eq!(page.complaints(), [""; 0]);
}
