//! A click as a person makes it: on what is seen, once it holds still, and made again if the page moved under it.

use serde_json::{Value, json};

use crate::page::{Page, named};

/// How often a click is tried. Between aiming and clicking the page may move its parts or draw them anew.
const TRIES: usize = 5;

/// Waits for two painted frames in which the element stands at one place with nothing over it (at most 600: then it says
/// what is in the way), and keeps watch over the click that follows: what does not meet the element does nothing. A
/// hidden tab paints no frames; there the place is taken as it is.
const AIM: &str = r#"(async () => {
    const find = () => ELEMENT;
    const belongs = (element, hit) =>
        hit && (element.contains(hit) || element.control === hit || hit.closest?.("label")?.control === element);
    const frame = () => new Promise(requestAnimationFrame);
    let last = null, why = "it is not there";
    for (let tries = 0; tries < 600; tries++) {
        const element = find();
        if (element && !element.disabled) {
            element.scrollIntoView({ block: "center", behavior: "instant" });
            const box = element.getBoundingClientRect();
            const place = [box.x + box.width / 2, box.y + box.height / 2];
            const hit = document.elementFromPoint(...place);
            const reached = belongs(element, hit);
            if (document.hidden || (reached && last && last[0] === place[0] && last[1] === place[1])) {
                const kinds = ["pointerdown", "mousedown", "pointerup", "mouseup", "click"];
                const watch = { clicked: false, missed: null };
                const guard = (event) => {
                    // What the page itself clicks, such as a link to a file, is its own affair.
                    if (!event.isTrusted) return;
                    if (!belongs(element, event.target)) {
                        watch.missed = event.target.outerHTML?.slice(0, 200) ?? "the window";
                        event.preventDefault();
                        event.stopImmediatePropagation();
                    } else if (event.type === "click") {
                        watch.clicked = true;
                    }
                };
                for (const kind of kinds) addEventListener(kind, guard, true);
                watch.end = () => {
                    for (const kind of kinds) removeEventListener(kind, guard, true);
                    delete globalThis.__watchedClick;
                    return { clicked: watch.clicked, missed: watch.missed };
                };
                globalThis.__watchedClick = watch;
                return { place };
            }
            last = place;
            why = reached ? "it does not hold still" : `in the way: ${hit?.outerHTML?.slice(0, 200)}`;
        }
        await frame();
    }
    return { why };
})()"#;

impl Page<'_> {
    /// Clicks the middle of an element with the mouse, scrolled into view, once it is there and enabled.
    ///
    /// # Panics
    /// If that does not come about within the deadline, or something stays in the way.
    #[track_caller]
    pub fn click(&self, selector: &str) {
        self.click_element(&format!("document.querySelector({selector:?})"));
    }

    /// As [`Page::click`], of the one among several that has this name: see [`named`].
    ///
    /// # Panics
    /// As [`Page::click`].
    #[track_caller]
    pub fn click_named(&self, selector: &str, name: &str) {
        self.click_element(&named(selector, name));
    }

    #[track_caller]
    fn click_element(&self, element: &str) {
        let mut missed = Value::Null;
        for _ in 0..TRIES {
            self.wait_until(&format!(
                "((element) => element && !element.disabled && element.getBoundingClientRect().width > 0)({element})"
            ));
            let aim = self.evaluate(&AIM.replace("ELEMENT", element));
            assert!(aim["place"].is_array(), "{element} cannot be clicked: {}", aim["why"]);
            for kind in ["mousePressed", "mouseReleased"] {
                let event = json!({
                    "type": kind, "x": aim["place"][0], "y": aim["place"][1], "button": "left", "clickCount": 1
                });
                self.call("Input.dispatchMouseEvent", event);
            }
            // Where the click led to another page, nobody is there to ask.
            match self.try_evaluate("globalThis.__watchedClick?.end()") {
                Ok(watched) if watched["clicked"] == false => missed = watched["missed"].clone(),
                _ => return,
            }
        }
        panic!("{TRIES} clicks did not reach {element}; they met {missed}");
    }

    /// Clicks a link and waits until what it leads to is loaded.
    #[track_caller]
    pub fn follow(&self, selector: &str) {
        self.loading(|| self.click(selector));
    }

    /// Drags with the mouse within an element, from one place to another: shares of its width, halfway down.
    #[track_caller]
    pub fn drag(&self, selector: &str, from: f64, to: f64) {
        let area = self.wait_until(&format!(
            r#"(() => {{
                const element = document.querySelector({selector:?});
                element.scrollIntoView({{ block: "center", behavior: "instant" }});
                const box = element.getBoundingClientRect();
                return [box.x, box.y + box.height / 2, box.width];
            }})()"#
        ));
        let [left, y, width] = [0, 1, 2].map(|at| area[at].as_f64().unwrap_or_default());
        let x = |share: f64| left + share * width;
        let steps = [
            ("mousePressed", from),
            ("mouseMoved", (from + to) / 2.0),
            ("mouseMoved", to),
            ("mouseReleased", to),
        ];
        for (kind, share) in steps {
            let event = json!({ "type": kind, "x": x(share), "y": y, "button": "left", "buttons": 1, "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", event);
        }
    }

    /// Drags with the mouse from the middle of an element to the lower edge of another; both are in view.
    #[track_caller]
    pub fn drag_below(&self, selector: &str, below: &str) {
        let places = self.wait_until(&format!(
            r#"(() => {{
                const [from, to] = [{selector:?}, {below:?}].map((name) => document.querySelector(name)?.getBoundingClientRect());
                return from && to && [from.x + from.width / 2, from.y + from.height / 2, to.bottom - 4];
            }})()"#
        ));
        let [x, from, to] = [0, 1, 2].map(|at| places[at].as_f64().unwrap_or_default());
        let steps = [
            ("mousePressed", from),
            ("mouseMoved", (from + to) / 2.0),
            ("mouseMoved", to),
            ("mouseReleased", to),
        ];
        for (kind, y) in steps {
            let event =
                json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", event);
        }
    }
}
