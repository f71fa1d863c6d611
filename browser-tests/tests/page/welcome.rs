//! The first screen.

use std::collections::BTreeSet;

use browser_tests::{Browser, Camera, Site};

#[test]
fn only_an_allowed_use_can_start() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    page.go(&site.url());
    page.wait_for_view("welcome");
    assert_eq!(page.evaluate("document.querySelector('#start').disabled"), true, "no use is chosen yet");
    page.screenshots("welcome");
    for refused in ["work", "education"] {
        page.click(&format!("input[name=use][value={refused}]"));
        page.wait_for_view("refused");
        assert_eq!(page.evaluate("document.querySelector('#start').disabled"), true, "{refused}");
        let words = page.evaluate("document.querySelector('main').innerText");
        assert!(words.as_str().is_some_and(|text| text.contains("AI Act")), "{refused}: why is not told");
    }
    page.screenshots("refused");
    for allowed in ["self", "research", "demo"] {
        page.click(&format!("input[name=use][value={allowed}]"));
        page.wait_for_view("welcome");
        page.wait_until("!document.querySelector('#start').disabled");
    }
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn a_tab_asks_for_the_use_once() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    let chosen = "document.querySelector('input[name=use]:checked')?.value ?? ''";
    page.go(&site.url());
    page.wait_for_view("welcome");
    assert_eq!(page.evaluate(chosen), "");
    page.click("input[name=use][value=research]");
    page.go(&format!("{}?activity=photos", site.url()));
    page.wait_for_view("photos-welcome");
    assert_eq!(page.evaluate(chosen), "research");
    assert_eq!(page.evaluate("document.querySelector('#start').disabled"), false);
    // What is refused stays refused.
    page.click("input[name=use][value=work]");
    page.go(&site.url());
    page.wait_for_view("refused");
    assert_eq!(page.evaluate("document.querySelector('#start').disabled"), true);
    // Another tab has its own answer.
    let other = browser.open();
    other.go(&site.url());
    other.wait_for_view("welcome");
    assert_eq!(other.evaluate(chosen), "");
}

/// Below a path, as on many static hosts: all addresses must be relative.
#[test]
fn a_first_visit_loads_what_its_list_names_and_nothing_else() {
    let site = Site::below("/some/path/");
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    page.go(&site.url());
    page.wait_for_view("welcome");
    page.wait_until("document.querySelector('#load-progress').position === 1");

    let list = page.evaluate("fetch('./first-visit.json').then((reply) => reply.json())");
    let listed: BTreeSet<String> = list["files"]
        .as_array()
        .expect("files are listed")
        .iter()
        .filter_map(|entry| entry["file"].as_str().map(str::to_owned))
        .collect();
    let requests = site.server.requests();
    let asked: BTreeSet<String> = requests
        .iter()
        .filter_map(|request| request.strip_prefix("GET /some/path/"))
        .map(|file| if file.is_empty() { "index.html" } else { file }.to_owned())
        .filter(|file| file != "first-visit.json")
        .collect();
    assert_eq!(requests.len(), asked.len() + 1, "something is fetched twice or elsewhere: {requests:?}");
    // A browser without a window has no use for the icon.
    let missing: Vec<_> = listed.difference(&asked).filter(|file| !file.starts_with("icon")).collect();
    let unlisted: Vec<_> = asked.difference(&listed).collect();
    assert!(missing.is_empty() && unlisted.is_empty(), "not fetched: {missing:?}, not listed: {unlisted:?}");
    assert!(list["bytes"].as_u64().is_some_and(|bytes| bytes > 100_000), "{:?}", list["bytes"]);
}
