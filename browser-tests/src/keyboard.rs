//! Keys as the browser's input events.

use serde_json::{Value, json};

/// The keys that the page is driven with.
#[derive(Debug, Clone, Copy)]
pub enum Key {
    Tab,
    Enter,
    Space,
    ArrowDown,
    ArrowRight,
    ArrowUp,
    Home,
    End,
}

impl Key {
    /// Press and release.
    pub(crate) fn events(self) -> [Value; 2] {
        let (key, code, number, text) = match self {
            Key::Tab => ("Tab", "Tab", 9, ""),
            Key::Enter => ("Enter", "Enter", 13, "\r"),
            Key::Space => (" ", "Space", 32, " "),
            Key::ArrowDown => ("ArrowDown", "ArrowDown", 40, ""),
            Key::ArrowUp => ("ArrowUp", "ArrowUp", 38, ""),
            Key::Home => ("Home", "Home", 36, ""),
            Key::End => ("End", "End", 35, ""),
            Key::ArrowRight => ("ArrowRight", "ArrowRight", 39, ""),
        };
        let event = |kind: &str, text: &str| json!({ "type": kind, "key": key, "code": code, "windowsVirtualKeyCode": number, "text": text });
        [event(if text.is_empty() { "rawKeyDown" } else { "keyDown" }, text), event("keyUp", "")]
    }
}
