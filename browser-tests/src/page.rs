//! One tab: look at the page and act on it as a person would.

use std::fs;
use std::path::Path;

use base64::Engine;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::devtools::{Event, Session};
use crate::keyboard::Key;

/// A tab. It lives as long as its browser.
pub struct Page<'browser> {
    browser: &'browser Browser,
    session: Session,
}

impl<'browser> Page<'browser> {
    pub(crate) fn new(browser: &'browser Browser, session: Session) -> Page<'browser> {
        Page { browser, session }
    }

    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// Loads `url` and waits for the load event.
    pub fn go(&self, url: &str) {
        self.loading(|| {
            let result = self.call("Page.navigate", json!({ "url": url }));
            assert!(result.get("errorText").is_none(), "{url}: {result}");
        });
    }

    /// Loads the same address again.
    pub fn reload(&self) {
        self.loading(|| drop(self.call("Page.reload", json!({}))));
    }

    pub(crate) fn loading(&self, start: impl FnOnce()) {
        let loads = |events: &[Event]| {
            let is_load =
                |event: &&Event| event.method == "Page.loadEventFired" && event.session == self.session;
            events.iter().filter(is_load).count()
        };
        let before = loads(&self.browser.events());
        start();
        self.browser.wait_for_all("the page to load", |events| (loads(events) > before).then_some(()));
    }

    /// Shows this tab; the others are hidden.
    pub fn bring_to_front(&self) {
        self.call("Page.bringToFront", json!({}));
    }

    /// Runs `script` before any script of the pages loaded later.
    pub fn run_first(&self, script: &str) {
        self.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script }));
    }

    /// The value of a JavaScript expression; a promise is awaited.
    ///
    /// # Panics
    /// If it throws or does not settle within the deadline.
    #[track_caller]
    pub fn evaluate(&self, expression: &str) -> Value {
        self.try_evaluate(expression).unwrap_or_else(|fault| panic!("{expression}\n{fault}"))
    }

    /// Whether the page has the browser ask before it is left.
    #[track_caller]
    pub fn asks_before_leaving(&self) -> bool {
        let script = "{ const leaving = new Event('beforeunload', { cancelable: true }); \
                      window.dispatchEvent(leaving); leaving.defaultPrevented }";
        self.evaluate(script) == true
    }

    /// As [`Page::evaluate`], with the exception's text as the error.
    pub fn try_evaluate(&self, expression: &str) -> Result<Value, String> {
        evaluate_in(self.browser, &self.session, expression)
    }

    /// Waits until `condition` is truthy and gives its value. It is tried whenever the document changes, whenever an image
    /// or a film has come further, and for every analysed frame.
    ///
    /// # Panics
    /// If that does not come about within the deadline; the message holds the page's text.
    #[track_caller]
    pub fn wait_until(&self, condition: &str) -> Value {
        let script = format!(
            r#"new Promise((resolve, reject) => {{
                const events = ["emotiondepth", "input", "click", "visibilitychange", "play", "loadeddata"];
                // An image's load never reaches the window.
                const loads = ["load", "loadedmetadata", "seeked", "timeupdate"];
                const end = (settle, value) => {{
                    observer.disconnect();
                    for (const name of events) removeEventListener(name, check, true);
                    for (const name of loads) document.removeEventListener(name, check, true);
                    settle(value);
                }};
                const check = () => {{
                    try {{ const value = ({condition}); if (value) end(resolve, value); }}
                    catch (error) {{ end(reject, error); }}
                }};
                const observer = new MutationObserver(check);
                observer.observe(document, {{ subtree: true, childList: true, attributes: true, characterData: true }});
                for (const name of events) addEventListener(name, check, true);
                for (const name of loads) document.addEventListener(name, check, true);
                check();
            }})"#
        );
        self.try_evaluate(&script).unwrap_or_else(|fault| {
            let state = self.try_evaluate(
                "`data-view=${document.querySelector('main')?.dataset.view}\n${document.body?.innerText}`",
            );
            panic!(
                "never came about: {condition}\n{fault}\nThe page: {}\nThe console: {:?}",
                state.ok().as_ref().and_then(Value::as_str).unwrap_or("does not answer"),
                self.complaints()
            )
        })
    }

    /// Waits for one of the views of `main[data-view]`.
    #[track_caller]
    pub fn wait_for_view(&self, view: &str) {
        self.wait_until(&format!("document.querySelector('main[data-view=\"{view}\"]') !== null"));
    }

    /// Chooses an option of a list, by its value, as a person does.
    #[track_caller]
    pub fn choose_option(&self, selector: &str, value: &str) {
        self.wait_until(&format!("document.querySelector({selector:?})?.disabled === false"));
        self.evaluate(&format!(
            "(() => {{ const select = document.querySelector({selector:?}); select.value = {value:?}; select.dispatchEvent(new Event('change', {{ bubbles: true }})); }})()"
        ));
    }

    /// Chooses files, or a folder, in a file input as a person does, once it is enabled.
    #[track_caller]
    pub fn choose_files(&self, selector: &str, files: &[&Path]) {
        self.wait_until(&format!("document.querySelector({selector:?})?.disabled === false"));
        let expression = json!({ "expression": format!("document.querySelector({selector:?})") });
        let input = self.call("Runtime.evaluate", expression)["result"]["objectId"].clone();
        self.call("DOM.setFileInputFiles", json!({ "files": files, "objectId": input }));
    }

    /// Presses and releases a key.
    pub fn press(&self, key: Key) {
        for event in key.events() {
            self.call("Input.dispatchKeyEvent", event);
        }
    }

    /// Sets the width and height of the viewport in CSS pixels, and whether the device is in dark mode.
    pub fn show_as(&self, width: u32, height: u32, dark: bool) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.call("Emulation.setDeviceMetricsOverride", size);
        let scheme = if dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.call("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// Saves a picture of the whole page as target/screenshots/NAME.png.
    pub fn screenshot(&self, name: &str) {
        let size = self.call("Page.getLayoutMetrics", json!({}))["cssContentSize"].clone();
        let clip = json!({ "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1 });
        let picture =
            self.call("Page.captureScreenshot", json!({ "captureBeyondViewport": true, "clip": clip }));
        let base64 = picture["data"].as_str().expect("a screenshot holds data");
        let bytes = base64::engine::general_purpose::STANDARD.decode(base64).expect("the data are base64");
        let folder = crate::site::target().join("screenshots");
        fs::create_dir_all(&folder).expect("the folder can be made");
        fs::write(folder.join(format!("{name}.png")), bytes).expect("the picture can be written");
    }

    /// Saves the state of the moment as it looks on a desk, on a phone and in the dark.
    pub fn screenshots(&self, name: &str) {
        for (suffix, width, height, dark) in
            [("", 1280, 900, false), ("-phone", 390, 844, false), ("-dark", 1280, 900, true)]
        {
            self.show_as(width, height, dark);
            // Two frames later the new size is laid out and painted.
            self.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
            self.screenshot(&format!("{name}{suffix}"));
        }
        self.show_as(1280, 900, false);
    }

    /// Every error and warning of the page's and its workers' consoles so far.
    pub fn complaints(&self) -> Vec<String> {
        let complaint = |event: Event| {
            let params = &event.params;
            let text = match event.method.as_str() {
                "Runtime.exceptionThrown" => params["exceptionDetails"].to_string(),
                "Runtime.consoleAPICalled"
                    if matches!(params["type"].as_str(), Some("error" | "warning" | "assert")) =>
                {
                    params["args"].to_string()
                }
                "Log.entryAdded"
                    if matches!(params["entry"]["level"].as_str(), Some("error" | "warning")) =>
                {
                    params["entry"].to_string()
                }
                _ => return None,
            };
            Some(text)
        };
        self.browser.events().into_iter().filter_map(complaint).collect()
    }

    /// The sessions of the page's dedicated workers that are attached now or were before.
    pub fn workers(&self) -> Vec<Session> {
        self.browser.events().iter().filter_map(worker_session).collect()
    }

    /// As [`Page::try_evaluate`], inside a worker.
    pub fn evaluate_in_worker(&self, worker: &Session, expression: &str) -> Result<Value, String> {
        evaluate_in(self.browser, worker, expression)
    }

    /// Runs axe-core and gives its serious and critical findings, one line each.
    ///
    /// One rule has an exception: axe wants `aria-valuenow` on every meter, and a meter without a reading has none; it is
    /// `aria-disabled`.
    pub fn axe_findings(&self) -> Vec<String> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("node_modules/axe-core/axe.min.js");
        let axe = fs::read_to_string(script).expect("axe-core is installed by `cargo xtask test`");
        self.evaluate(&format!("if (!window.axe) {{ {axe}\n }}; true"));
        // Preloading fetches style sheets, which the seal bars.
        let violations = self.evaluate(
            "axe.run(document, { resultTypes: ['violations'], preload: false }).then((report) => report.violations)",
        );
        let mut findings = Vec::new();
        for violation in violations.as_array().expect("axe lists violations") {
            let rule = violation["id"].as_str().unwrap_or_default();
            if !matches!(violation["impact"].as_str(), Some("serious" | "critical")) {
                continue;
            }
            for node in violation["nodes"].as_array().into_iter().flatten() {
                let html = node["html"].as_str().unwrap_or_default();
                let disabled_meter =
                    html.contains("role=\"meter\"") && html.contains("aria-disabled=\"true\"");
                if !(rule == "aria-required-attr" && disabled_meter) {
                    findings.push(format!("{rule}: {html}: {}", node["failureSummary"]));
                }
            }
        }
        findings
    }

    pub fn call(&self, method: &str, params: Value) -> Value {
        self.browser.call(&self.session, method, params)
    }
}

/// The session of a dedicated worker, if the event tells that one has started.
pub fn worker_session(event: &Event) -> Option<Session> {
    let is_worker =
        event.method == "Target.attachedToTarget" && event.params["targetInfo"]["type"] == "worker";
    is_worker.then(|| event.params["sessionId"].as_str().map(str::to_owned))
}

fn evaluate_in(browser: &Browser, session: &Session, expression: &str) -> Result<Value, String> {
    let params =
        json!({ "expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true });
    let result = browser.try_call(session, "Runtime.evaluate", params)?;
    match result.get("exceptionDetails") {
        Some(details) => Err(details["exception"]["description"]
            .as_str()
            .map_or_else(|| details.to_string(), str::to_owned)),
        None => Ok(result["result"]["value"].clone()),
    }
}

/// JavaScript for the element among those that a selector finds whose name, or else whose text, is this: as a person or a
/// screen reader finds it, wherever it stands.
pub fn named(selector: &str, name: &str) -> String {
    format!(
        "[...document.querySelectorAll({selector:?})].find((element) => \
         (element.getAttribute('aria-label') ?? element.innerText).trim() === {name:?})"
    )
}

/// JavaScript for the row of a table that is headed by this name.
pub fn row_named(table: &str, name: &str) -> String {
    let head = named(&format!("{table} th[scope=row]"), name);
    format!("{head}?.closest('tr')")
}
