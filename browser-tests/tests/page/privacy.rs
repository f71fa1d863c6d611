//! The seal: after it nothing leaves the page, and nothing is asked of its own server.
//!
//! Every way out that a page has is tried, from the page and from inside the engine's worker, towards listeners that count.
//! That each way works without the seal is shown by the same attempts on a page without it: else the test proves nothing.

use std::io::{Read, Write};
use std::net::TcpStream;

use browser_tests::{Browser, Camera, Listeners, Scene, Site};

use crate::steps::{next_event, start_live, wait_for_reading};

/// Tries every way; resolves when each has ended one way or the other. `ATTEMPT` names the way in the address.
const PAGE_ATTEMPTS: &str = r#"(async () => {
    const http = (way) => `http://127.0.0.1:${HTTP_PORT}/${way}`;
    const ended = (target, ...names) => new Promise((done) => {
        for (const name of names) target.addEventListener(name, () => done(), { once: true });
    });
    const element = (name, attributes) => {
        const made = Object.assign(document.createElement(name), attributes);
        const end = ended(made, "load", "error");
        document.head.append(made);
        return end;
    };
    const ways = {
        "fetch": () => fetch(http("fetch"), { mode: "no-cors" }),
        "own-fetch": () => fetch("./own-fetch"),
        "xhr": () => { const xhr = new XMLHttpRequest(); const end = ended(xhr, "loadend"); xhr.open("GET", http("xhr")); xhr.send(); return end; },
        "websocket": () => ended(new WebSocket(http("websocket").replace("http", "ws")), "open", "error", "close"),
        "event-source": () => { const source = new EventSource(http("event-source")); return ended(source, "open", "error").then(() => source.close()); },
        "beacon": () => navigator.sendBeacon(http("beacon"), "1"),
        "image": () => { const image = new Image(); const end = ended(image, "load", "error"); image.src = http("image"); return end; },
        "own-image": () => { const image = new Image(); const end = ended(image, "load", "error"); image.src = "./own-image"; return end; },
        "script": () => element("script", { src: http("script") }),
        "style": () => element("link", { rel: "stylesheet", href: http("style") }),
        "module": () => import(http("module")),
        "own-module": () => import("./own-module"),
        "frame": () => {
            const frame = document.createElement("iframe");
            // The sealed page takes frames out at once; such a frame never loads.
            const removed = new Promise((done) => new MutationObserver(() => frame.isConnected || done())
                .observe(document, { childList: true, subtree: true }));
            const end = Promise.race([removed, ended(frame, "load", "error")]);
            frame.src = http("frame");
            document.body.append(frame);
            return end;
        },
        "media": () => { const video = document.createElement("video"); const end = ended(video, "error", "loadeddata"); video.src = http("media"); video.load(); return end; },
        "prefetch": () => element("link", { rel: "prefetch", as: "script", href: http("prefetch") }),
        "module-preload": () => element("link", { rel: "modulepreload", href: http("module-preload") }),
        "own-worker": () => ended(new Worker("./own-worker"), "error", "message"),
        "own-service-worker": () => navigator.serviceWorker.register("./own-service-worker"),
        "webrtc": async () => {
            const connection = new RTCPeerConnection({ iceServers: [
                { urls: `stun:127.0.0.1:${UDP_PORT}` },
                { urls: `turn:127.0.0.1:${TCP_PORT}?transport=tcp`, username: "a", credential: "b" },
            ] });
            connection.createDataChannel("way-out");
            const end = new Promise((done) => {
                connection.addEventListener("icecandidateerror", () => done());
                connection.addEventListener("icegatheringstatechange", () => connection.iceGatheringState === "complete" && done());
            });
            await connection.setLocalDescription(await connection.createOffer());
            await end;
        },
    };
    const outcomes = await Promise.all(Object.entries(ways).map(async ([way, attempt]) => {
        try { await attempt(); return way; } catch (error) { return `${way}: ${error}`; }
    }));
    return outcomes;
})()"#;

/// The ways out of a worker.
const WORKER_ATTEMPTS: &str = r#"(async () => {
    const http = (way) => `http://127.0.0.1:${HTTP_PORT}/${way}`;
    const ended = (target, ...names) => new Promise((done) => {
        for (const name of names) target.addEventListener(name, () => done(), { once: true });
    });
    const ways = {
        "worker-fetch": () => fetch(http("worker-fetch"), { mode: "no-cors" }),
        "worker-xhr": () => { const xhr = new XMLHttpRequest(); const end = ended(xhr, "loadend"); xhr.open("GET", http("worker-xhr")); xhr.send(); return end; },
        "worker-websocket": () => ended(new WebSocket(http("worker-websocket").replace("http", "ws")), "open", "error", "close"),
        "worker-event-source": () => { const source = new EventSource(http("worker-event-source")); return ended(source, "open", "error").then(() => source.close()); },
        "worker-script": () => importScripts(http("worker-script")),
        "worker-module": () => import(http("worker-module")),
    };
    return Promise.all(Object.entries(ways).map(async ([way, attempt]) => {
        try { await attempt(); return way; } catch (error) { return `${way}: ${error}`; }
    }));
})()"#;

/// Ways that a page has without a seal; the last two are those of WebRTC.
const WORKING_WAYS: [&str; 21] = [
    "/fetch",
    "/xhr",
    "/websocket",
    "/event-source",
    "/beacon",
    "/image",
    "/script",
    "/style",
    "/module ",
    "/frame",
    "/media",
    "/prefetch",
    "/module-preload",
    "/worker-fetch",
    "/worker-xhr",
    "/worker-websocket",
    "/worker-event-source",
    "/worker-script",
    "/worker-module",
    "udp: ",
    "tcp: ",
];

fn with_ports(script: &str, listeners: &Listeners) -> String {
    script
        .replace("${HTTP_PORT}", &listeners.http_port.to_string())
        .replace("${TCP_PORT}", &listeners.tcp_port.to_string())
        .replace("${UDP_PORT}", &listeners.udp_port.to_string())
}

/// Asks the listener from here; once it has counted this, it has counted everything that came before.
pub fn ask_last(listeners: &Listeners) -> Vec<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", listeners.http_port)).expect("the listener lives");
    stream.write_all(b"GET /last HTTP/1.1\r\n\r\n").expect("it listens");
    let _ = stream.read_to_end(&mut Vec::new());
    listeners.hits()
}

#[test]
fn every_way_out_works_without_the_seal() {
    let listeners = Listeners::start();
    let site = Site::of_html("<!doctype html><title>Without a seal</title><p>Nothing is barred here.");
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    page.go(&site.url());
    page.evaluate("window.worker = new Worker(URL.createObjectURL(new Blob(['onmessage = () => {}'])))");
    let worker = browser.wait_for("the worker", browser_tests::worker_session);
    let from_page = page.evaluate(&with_ports(PAGE_ATTEMPTS, &listeners));
    let from_worker = page.evaluate_in_worker(&worker, &with_ports(WORKER_ATTEMPTS, &listeners));
    let reached = |hits: &[String], way: &str| hits.iter().any(|hit| hit.contains(way));
    let hits = listeners.wait_until(|hits| WORKING_WAYS.iter().all(|way| reached(hits, way)));
    for way in WORKING_WAYS {
        assert!(reached(&hits, way), "{way}: {hits:#?}\n{from_page}\n{from_worker:?}");
    }
    let requests = site.server.requests();
    for way in ["own-fetch", "own-image", "own-module", "own-worker", "own-service-worker"] {
        assert!(requests.iter().any(|request| request.contains(way)), "{way}: {requests:?}");
    }
}

#[test]
fn nothing_leaves_after_the_seal() {
    let listeners = Listeners::start();
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = browser.open();
    start_live(&page, &site.url());
    wait_for_reading(&page);
    assert_eq!(page.evaluate("document.documentElement.dataset.sealed"), "true");
    let requests_before = site.server.requests();

    let from_page = page.evaluate(&with_ports(PAGE_ATTEMPTS, &listeners));
    let workers = page.workers();
    assert!(!workers.is_empty(), "the engine runs in a worker");
    for worker in &workers {
        let outcome = page.evaluate_in_worker(worker, &with_ports(WORKER_ATTEMPTS, &listeners));
        assert!(outcome.is_ok(), "{outcome:?}");
    }
    assert_eq!(ask_last(&listeners), ["http: GET /last HTTP/1.1"], "{from_page}");
    // The page works on, and all the while it has asked nothing of its own server either.
    for _ in 0..5 {
        next_event(&page);
    }
    page.click("#stop");
    page.wait_for_view("stopped");
    page.click("#start-again");
    page.wait_for_view("live");
    wait_for_reading(&page);
    assert_eq!(site.server.requests(), requests_before);
    assert_eq!(ask_last(&listeners).len(), 2);
}
