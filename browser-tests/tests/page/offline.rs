//! Use without a network: what was used, everything by one button, studies, and the way to a new version.

use std::fs;

use browser_tests::{Browser, Camera, Page, Scene, Site};
use serde_json::json;

use crate::steps::{next_event, start, start_live, wait_for_reading};

/// What the first screen says of it, when the browser has kept what there is to keep.
#[track_caller]
fn wait_until_kept(page: &Page) {
    page.wait_until("document.querySelector('#offline')?.innerText.includes('works without a network')");
}

/// Opens an activity by its address and waits for the view.
#[track_caller]
fn visit(page: &Page, url: &str, activity: &str) {
    page.go(&format!("{url}?activity={activity}"));
    page.wait_for_view(&if activity == "camera" {
        "welcome".to_owned()
    } else {
        format!("{activity}-welcome")
    });
}

/// The folder that the open page takes its files from.
fn release_of(page: &Page) -> String {
    let id = page.evaluate("document.querySelector('meta[name=release]').content");
    id.as_str().expect("a release has a name").to_owned()
}

/// The release of every file that the open page names or asked for: one, whatever happened.
fn releases_in_use(page: &Page) -> String {
    let used = page.evaluate(
        r#"[...new Set([
            ...[...document.querySelectorAll('link[href],script[src]')].map((element) => element.href ?? element.src),
            ...performance.getEntriesByType('resource').map((entry) => entry.name),
        ].map((name) => name.match(/\/([0-9a-f]{32})\//)?.[1]).filter(Boolean))].join()"#,
    );
    used.as_str().unwrap_or_default().to_owned()
}

#[test]
fn what_was_used_works_without_a_server_in_a_fresh_tab() {
    let site = Site::release("one");
    let url = site.url();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    for activity in ["camera", "photos"] {
        visit(&page, &url, activity);
        wait_until_kept(&page);
    }
    page.screenshots("offline-kept");
    assert!(page.axe_findings().is_empty(), "{:?}", page.axe_findings());
    let manifest = page.call("Page.getAppManifest", json!({}));
    assert_eq!(manifest["errors"], json!([]), "{manifest}");
    let wrong = page.call("Page.getInstallabilityErrors", json!({}));
    assert_eq!(wrong["installabilityErrors"], json!([]), "{wrong}");
    assert_eq!(page.complaints(), [""; 0]);

    let _gone = site.stop();
    let fresh = browser.open();
    start_live(&fresh, &url);
    wait_for_reading(&fresh);
    assert_eq!(fresh.evaluate("document.documentElement.dataset.sealed"), "true");
    visit(&fresh, &url, "photos");
    fresh.wait_until("document.querySelector('#load-progress').position === 1");
    // What was never opened says that it cannot.
    fresh.go(&format!("{url}?activity=panel"));
    fresh.wait_until("document.querySelector('[role=alert]')?.innerText.includes('could not start')");
}

#[test]
fn everything_is_kept_by_one_button_that_says_how_much_it_is() {
    let site = Site::release("one");
    let url = site.url();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    visit(&page, &url, "builder");
    wait_until_kept(&page);
    let words = page.evaluate("document.querySelector('#keep-everything').innerText");
    assert!(words.as_str().is_some_and(|words| words.contains(" MB)")), "{words}");
    page.evaluate(
        "window.bars = 0; new MutationObserver(() => { if (document.querySelector('#offline-progress')) window.bars += 1; })
            .observe(document.body, { subtree: true, childList: true })",
    );
    page.click("#keep-everything");
    page.wait_until("document.querySelector('#offline').innerText.startsWith('Everything is kept')");
    assert!(page.evaluate("window.bars").as_u64().is_some_and(|bars| bars > 0), "progress is shown");
    let _gone = site.stop();
    for activity in ["camera", "photos", "video", "builder", "panel"] {
        visit(&browser.open(), &url, activity);
    }
    let study = browser.open();
    study.go(&format!("{url}#study=studies/example/study.json"));
    // The page is there; the study itself was never opened.
    study.wait_for_view("study-trouble");
}

#[test]
fn a_study_is_kept_by_being_opened() {
    let site = Site::release("one");
    let address = format!("{}#study=studies/example/study.json", site.url());
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let load = |page: &Page| {
        page.go(&address);
        page.wait_for_view("study-notice");
        crate::study::agree(page);
        page.click("#load");
        page.wait_for_view("study-checks");
        assert_eq!(page.evaluate("document.documentElement.dataset.sealed"), "true");
    };
    let page = browser.open();
    load(&page);
    let _gone = site.stop();
    let fresh = browser.open();
    fresh.go(&address);
    fresh.wait_for_view("study-notice");
    crate::study::agree(&fresh);
    fresh.click("#load");
    fresh.wait_for_view("study-checks");
}

/// Lets the page ask for a new version, and stops it before the first of its files until `window.goOn()`.
const HOLD_UPDATE: &str = r#"
    const load = window.fetch;
    let reached;
    window.updateReached = new Promise((done) => { reached = done; });
    const released = new Promise((done) => { window.goOn = done; });
    window.fetch = async function (...args) {
        if (args[1]?.cache === "reload") { reached(true); await released; }
        return load.apply(this, args);
    };
"#;

#[test]
fn a_new_version_is_told_and_taken_whole_or_not_at_all() {
    let site = Site::release("one");
    let url = site.url();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    visit(&page, &url, "camera");
    wait_until_kept(&page);
    let one = release_of(&page);
    page.reload();
    page.wait_for_view("welcome");
    assert_eq!(page.evaluate("navigator.serviceWorker.controller !== null"), true);

    // Another tab records all the while.
    let recording = browser.open();
    start_live(&recording, &url);
    recording.click("#record");
    recording.wait_until("document.querySelector('#record').getAttribute('aria-pressed') === 'true'");

    // The new version is on the host: the page is the old one, and says so.
    site.deploy("two");
    page.bring_to_front();
    page.run_first(HOLD_UPDATE);
    page.reload();
    page.wait_until("document.querySelector('#take-update')");
    assert_eq!(release_of(&page), one);
    page.screenshots("update-told");

    // The host goes away in the middle of it.
    page.click("#take-update");
    page.evaluate("window.updateReached");
    let stopped = site.stop();
    page.evaluate("window.goOn()");
    page.wait_until("document.querySelector('#update').innerText.includes('was not taken')");
    page.screenshots("update-cut");
    page.reload();
    page.wait_for_view("welcome");
    assert_eq!(releases_in_use(&page), one);

    // A file of it is damaged on the host.
    let site = stopped.start();
    let two = {
        let list: serde_json::Value =
            serde_json::from_slice(&fetch(&site, "release.json")).expect("the list is JSON");
        list["id"].as_str().expect("it has an id").to_owned()
    };
    assert_ne!(one, two);
    let sheet = format!("{two}/style.css");
    let good = fetch(&site, &sheet);
    site.change(|folder| {
        fs::write(folder.join(&sheet), "body { display: none }").expect("it can be written")
    });
    page.reload();
    page.evaluate("window.goOn()");
    page.click("#take-update");
    page.wait_until("document.querySelector('#update').innerText.includes('style.css is damaged')");
    page.reload();
    page.wait_for_view("welcome");
    assert_eq!(releases_in_use(&page), one);

    // And now it is whole.
    site.change(|folder| fs::write(folder.join(&sheet), good).expect("it can be written"));
    page.evaluate("window.goOn()");
    page.wait_until("document.querySelector('#take-update')");
    page.follow("#take-update");
    page.wait_for_view("welcome");
    assert_eq!(release_of(&page), two);
    assert_eq!(releases_in_use(&page), two);
    wait_until_kept(&page);
    page.wait_until("document.querySelector('#update') === null");
    let _gone = site.stop();

    recording.bring_to_front();
    // The recording went on, and the new version works without a server, too.
    for _ in 0..3 {
        next_event(&recording);
    }
    assert_eq!(release_of(&recording), one);
    let fresh = browser.open();
    start(&fresh, &url);
    fresh.wait_for_view("live");
    wait_for_reading(&fresh);
    assert_eq!(releases_in_use(&fresh), two);
}

fn fetch(site: &Site, file: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    site.change(|folder| bytes = fs::read(folder.join(file)).expect("the file is there"));
    bytes
}

/// Kept files that another page of this host has changed are not given out.
#[test]
fn a_kept_file_that_was_changed_is_fetched_anew() {
    let site = Site::release("one");
    let url = site.url();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    visit(&page, &url, "builder");
    wait_until_kept(&page);
    let id = release_of(&page);
    page.evaluate(&format!(
        "(async () => {{
            const cache = await caches.open('emotion-depth-{id}');
            await cache.put('./', new Response('<p id=evil>changed', {{ headers: {{ 'Content-Type': 'text/html' }} }}));
        }})()"
    ));
    page.reload();
    page.wait_for_view("builder-welcome");
    assert_eq!(page.evaluate("document.querySelector('#evil') === null"), true);
}

/// Takes hold of all that leads to the service worker before the page takes it away.
const HELD: &str = r#"
    window.held = { container: navigator.serviceWorker, caches };
    window.holding = (async () => {
        held.registration = await held.container.ready;
        held.worker = held.registration.active;
        held.script = held.worker.scriptURL;
        held.preload = held.registration.navigationPreload;
        held.cache = await caches.open("held");
    })();
"#;

/// What a script of a sealed page may try with it; the names of the ways that did not fail. `ONLY` is a list of ways, or null.
const ATTEMPTS: &str = r#"(async () => {
    const only = ONLY;
    const secret = "secret=0.838";
    const ways = {
        "message": () => held.worker.postMessage(secret),
        "controller": () => navigator.serviceWorker.controller.postMessage(secret),
        "held controller": () => held.container.controller.postMessage(secret),
        "register": () => held.container.register(`${held.script}?${secret}`),
        "update": () => held.registration.update(),
        "preload": () => held.registration.navigationPreload.setHeaderValue(secret),
        "held preload": () => held.preload.setHeaderValue(secret),
        "preload enabled": () => held.preload.enable(),
        "background fetch": () => held.registration.backgroundFetch.fetch("a", [`./?${secret}`]),
        "sync": () => held.registration.sync.register(secret),
        "push": () => held.registration.pushManager.subscribe(),
        "cache": () => caches.open("a"),
        "held caches": () => held.caches.open("a"),
        "held cache": () => held.cache.put("./", new Response(secret)),
        "cache that fetches": () => held.cache.add(`./?${secret}`),
        "fetch": () => fetch(`./?${secret}`),
        "fetch of a kept file": () => fetch(document.querySelector("link[rel=stylesheet]").href),
    };
    const open = [];
    for (const [way, attempt] of Object.entries(ways)) {
        if (only && !only.includes(way)) continue;
        try { await attempt(); open.push(way); } catch {}
    }
    return open;
})()"#;

#[test]
fn the_service_worker_is_no_way_out() {
    let site = Site::release("one");
    let url = site.url();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    visit(&page, &url, "camera");
    wait_until_kept(&page);
    page.run_first(HELD);
    page.go(&url);
    page.evaluate("window.holding");
    // Without the seal they work; of some a browser without a window would ask the person.
    let working = json!([
        "message",
        "controller",
        "held controller",
        "preload",
        "held preload",
        "preload enabled",
        "cache",
        "held caches",
        "held cache",
        "fetch",
        "fetch of a kept file"
    ]);
    assert_eq!(page.evaluate(&ATTEMPTS.replace("ONLY", &working.to_string())), working);
    page.evaluate("held.preload.disable()");
    page.evaluate("caches.delete('held')");

    start_live(&page, &url);
    page.evaluate("window.holding");
    wait_for_reading(&page);
    let asked = site.server.requests().len();
    assert_eq!(page.evaluate(&ATTEMPTS.replace("ONLY", "null")), json!([]));
    for worker in page.workers() {
        let doors = "[typeof caches, typeof navigator.serviceWorker].join()";
        assert_eq!(page.evaluate_in_worker(&worker, doors).expect("it answers"), "undefined,undefined");
    }
    for _ in 0..5 {
        next_event(&page);
    }
    // The browser itself looks whether the worker's script has changed, by its plain name, whenever a page was opened.
    let script = format!("GET /offline-{}.js", release_of(&page));
    let requests = site.server.requests();
    let further: Vec<_> = requests[asked..].iter().filter(|request| **request != script).collect();
    assert!(further.is_empty(), "{further:?}");
}
