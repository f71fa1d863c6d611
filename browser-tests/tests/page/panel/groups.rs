//! Two groups: the tests stop when they are told to, and begin anew.

use browser_tests::{Browser, Camera, Site};
use serde_json::Value;

use super::{Files, open, saved, settled};

#[test]
fn permutations_can_be_cancelled_and_begun_anew() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    // After the first permutations, once: they cannot be at their end then, however fast the machine is.
    page.run_first(
        "new MutationObserver(() => { const progress = document.querySelector('#test-progress'); \
         if (!window.stopped && progress && progress.value > 0) { window.stopped = progress.value; document.querySelector('#stop-test').click(); } }) \
         .observe(document, { subtree: true, childList: true, attributes: true })",
    );
    open(&page, &site);
    let files = Files::of_sample(80);
    files.choose(&page);
    settled(&page);
    page.click("#compare");
    page.click("#test");
    page.wait_until("window.stopped");
    page.wait_until("document.querySelector('#stop-test') === null");
    assert!(page.evaluate("window.stopped").as_f64().is_some_and(|share| share < 1.0));
    assert_eq!(page.evaluate("document.querySelector('#tested')"), Value::Null);
    // Nothing of it stands in the exports.
    let groups = String::from_utf8(saved(&browser, &page, "#save-groups")).expect("it is text");
    assert!(groups.lines().skip(1).all(|row| row.ends_with(",,,")), "{groups}");

    // Pressed again at once, before the worker has told that it stopped: one test runs, to its end, without a fault.
    page.click("#test:not(:disabled)");
    page.wait_until("document.querySelector('#tested') !== null");
    let said = page.evaluate("document.querySelector('#tested').innerText");
    assert!(said.as_str().is_some_and(|said| said.contains("5000 random permutations")), "{said}");
    assert_eq!(page.evaluate("document.querySelector('[aria-labelledby=groups-title] .fault')"), Value::Null);
    let groups = String::from_utf8(saved(&browser, &page, "#save-groups")).expect("it is text");
    assert!(groups.lines().skip(1).any(|row| !row.ends_with(",,,")), "{groups}");

    // People who answered "1" and those who answered "5", if they may be shown; else the page says why not.
    let by_answer = "[...document.querySelectorAll('#grouping option')].find((option) => option.innerText.startsWith('answer')).value";
    let by_answer = page.evaluate(by_answer);
    page.choose_option("#grouping", by_answer.as_str().unwrap_or_default());
    page.click("#compare");
    page.wait_until("/\\d: \\d+ people; \\d: \\d+ people/.test(document.querySelector('#compared')?.innerText) || document.querySelector('[aria-labelledby=groups-title] .fault') !== null");
    assert_eq!(page.complaints(), [""; 0]);
}
