//! Ways round the seal that lead over another world: a frame, a window or a worker has all of it again that the seal
//! removes here, and another tab or another page is not sealed at all. Each is shown to work without the seal.

use browser_tests::{Browser, Camera, Listeners, Page, Scene, Site};
use serde_json::Value;

use crate::privacy::ask_last;
use crate::steps::{start_live, wait_for_reading};

/// Tries to come by an element with a window of its own; gives the names of the ways that succeeded.
const FRAMES: &str = r#"(async () => {
    const host = document.createElement("div");
    document.body.append(host);
    const xhtml = "http://www.w3.org/1999/xhtml";
    const parsed = (make) => { make(); return host.querySelector("iframe, object, embed") ?? host.shadowRoot?.querySelector("iframe"); };
    let asked = 0;
    const changing = { toString: () => (asked++ === 0 ? "div" : "iframe") };
    const changingMarkup = { toString: () => (asked++ === 1 ? "<p>" : "<iframe></iframe>") };
    const ways = {
        "name": () => document.createElement("iframe"),
        "upper case": () => document.createElement("IFRAME"),
        "object": () => document.createElement("object"),
        "embed": () => document.createElement("embed"),
        "frameset": () => document.createElement("frameset"),
        "with a namespace": () => document.createElementNS(xhtml, "iframe"),
        "with a prefix": () => document.createElementNS(xhtml, "a:iframe"),
        "a name that changes": () => { asked = 0; const made = document.createElement(changing); return made.localName === "iframe" && made; },
        "inner": () => parsed(() => { host.innerHTML = "<p><iframe></iframe>"; }),
        "inner, a text that changes": () => parsed(() => { asked = 1; host.innerHTML = changingMarkup; }),
        "inner, with a line break": () => parsed(() => { host.innerHTML = "<IFrame\nsrc=''></iframe>"; }),
        "inner, cut off": () => parsed(() => { host.innerHTML = "<iframe src=x/"; host.innerHTML += ">"; }),
        "outer": () => { const inner = host.appendChild(document.createElement("p")); return parsed(() => { inner.outerHTML = "<iframe></iframe>"; }); },
        "adjacent": () => parsed(() => host.insertAdjacentHTML("beforeend", "<iframe></iframe>")),
        "template": () => { const made = document.createElement("template"); made.innerHTML = "<iframe></iframe>"; return made.content.firstElementChild; },
        "range": () => document.createRange().createContextualFragment("<iframe></iframe>").firstElementChild,
        "unsafe": () => parsed(() => host.setHTMLUnsafe("<iframe></iframe>")),
        "another document": () => document.implementation.createDocument(xhtml, "iframe").documentElement,
        "another document's name": () => document.implementation.createHTMLDocument("").createElement("iframe"),
        "parser": () => new DOMParser().parseFromString("<iframe></iframe>", "text/html").querySelector("iframe"),
        "parser of XML": () => new DOMParser().parseFromString(`<a:iframe xmlns:a="${xhtml}"/>`, "application/xml").documentElement,
        "static parser": () => Document.parseHTMLUnsafe("<iframe></iframe>").querySelector("iframe"),
        "own class": () => { customElements.define("a-b", class extends HTMLIFrameElement {}, { extends: "iframe" }); return new (customElements.get("a-b"))(); },
        "command": () => { host.contentEditable = "true"; host.focus(); document.execCommand("insertHTML", false, "<iframe></iframe>"); return host.querySelector("iframe"); },
        "shadow root": () => { const root = document.createElement("div").attachShadow({ mode: "open" }); root.innerHTML = "<iframe></iframe>"; return root.firstElementChild; },
    };
    const found = [];
    for (const [way, attempt] of Object.entries(ways)) {
        host.replaceChildren();
        try { if (attempt()) found.push(way); } catch {}
    }
    host.remove();
    return found;
})()"#;

/// Ways to another window, another tab or another worker that are there.
const DOORS: &str = r#"(() => {
    const ways = {
        "open": () => window.open,
        "document.open": () => document.open,
        "picture-in-picture": () => window.documentPictureInPicture,
        "broadcast": () => new BroadcastChannel("a"),
        "shared worker": () => SharedWorker,
        "worker": () => new Worker(URL.createObjectURL(new Blob(["new BroadcastChannel('a')"]))),
        "peer": () => RTCPeerConnection,
    };
    return Object.entries(ways).filter(([, way]) => { try { return way(); } catch { return false; } }).map(([name]) => name);
})()"#;

/// The same from inside a worker.
const WORKER_DOORS: &str =
    r#"["Worker", "BroadcastChannel", "WebTransport"].filter((name) => self[name] !== undefined)"#;

/// Loading another page with data in its address; each would end the page, where it works.
const LEAVING: [(&str, &str); 5] = [
    ("location", "location.href = ADDRESS"),
    ("replace", "location.replace(ADDRESS)"),
    (
        "link",
        "document.body.appendChild(Object.assign(document.createElement('a'), { href: ADDRESS })).click()",
    ),
    (
        "download",
        "document.body.appendChild(Object.assign(document.createElement('a'), { href: ADDRESS, download: 'a' })).click()",
    ),
    (
        "refresh",
        "document.head.appendChild(Object.assign(document.createElement('meta'), { httpEquiv: 'refresh', content: '0; url=' + ADDRESS }))",
    ),
];

fn leave(page: &Page, listeners: &Listeners, way: &str, script: &str) {
    let address = format!("'http://127.0.0.1:{}/{way}'", listeners.http_port);
    // Nothing of it is awaited, because the page may go away; what is cancelled is so at once.
    page.evaluate(&format!("void ({})", script.replace("ADDRESS", &address)));
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().map(|all| all.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

#[test]
fn they_are_open_without_the_seal() {
    let listeners = Listeners::start();
    let site = Site::of_html("<!doctype html><title>Without a seal</title><p>Nothing is barred here.");
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    page.go(&site.url());
    let frames = page.evaluate(FRAMES);
    // Not all browsers know all of them; the rest proves that the attempts are attempts.
    for way in ["name", "inner", "template", "another document", "parser of XML", "own class", "command"] {
        assert!(strings(&frames).contains(&way), "{way}: {frames}");
    }
    let doors = page.evaluate(DOORS);
    for way in ["open", "broadcast", "worker", "peer"] {
        assert!(strings(&doors).contains(&way), "{way}: {doors}");
    }
    for (way, script) in LEAVING {
        let page = browser.open();
        page.go(&site.url());
        leave(&page, &listeners, way, script);
        listeners.wait_until(|hits| hits.iter().any(|hit| hit.contains(&format!("/{way}"))));
    }
}

#[test]
fn none_is_open_after_the_seal() {
    let listeners = Listeners::start();
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    start_live(&page, &site.url());
    wait_for_reading(&page);
    assert_eq!(strings(&page.evaluate(FRAMES)), Vec::<&str>::new());
    assert_eq!(strings(&page.evaluate(DOORS)), Vec::<&str>::new());
    for worker in page.workers() {
        let doors = page.evaluate_in_worker(&worker, WORKER_DOORS).expect("the worker answers");
        assert_eq!(strings(&doors), Vec::<&str>::new());
    }
    // The page says since when, and how many requests there were.
    page.click("#seal summary");
    page.wait_until("document.querySelector('#requests').innerText.startsWith('No request since')");
    assert!(page.axe_findings().is_empty(), "{:?}", page.axe_findings());
    page.screenshots("sealed-since");
    for (way, script) in LEAVING {
        leave(&page, &listeners, way, script);
    }
    wait_for_reading(&page);
    assert_eq!(ask_last(&listeners), ["http: GET /last HTTP/1.1"]);
}

/// A page of the same host that wraps this one: `src` in a frame that may use the camera.
#[test]
fn it_does_not_run_inside_another_page() {
    let site = Site::changed(|folder| {
        let page =
            r#"<!doctype html><title>Around</title><iframe allow="camera" src="./index.html"></iframe>"#;
        std::fs::write(folder.join("around.html"), page).expect("the page can be written");
    });
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    page.go(&format!("{}around.html", site.url()));
    // The outer page hears nothing of what happens in the frame; the frame's own page is told to wait for it.
    let shown = page.evaluate(
        r#"(async () => {
            const inner = frames[0];
            const told = () => inner.document.querySelector('main[data-view="unsupported"]')?.innerText;
            if (inner.document.readyState !== "complete") {
                await new Promise((done) => inner.frameElement.addEventListener("load", done));
            }
            while (!told()) await new Promise((done) => inner.requestAnimationFrame(done));
            return told();
        })()"#,
    );
    let shown = shown.as_str().unwrap_or_default();
    assert!(shown.contains("inside itself") && shown.contains("/index.html"), "{shown}");
    assert_eq!(page.evaluate("frames[0].document.querySelector('#start') === null"), true);
}
