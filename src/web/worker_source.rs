//! The text of the engine's worker: wasm-bindgen's glue and a few lines that start it, in one blob.
//!
//! One blob because of the seal: a worker started from a blob inherits the page's policy, and under
//! it no file may be imported.

/// The start-up lines. The first message is the compiled module; every further one goes to the engine in
/// the order in which they came, those that came while it was being set up included.
///
/// Whatever fails where nobody can catch it (a trap, a panic, a rejected promise) is thrown once more, with
/// the panic's message and outside of any promise: so it reaches the page as the worker's `error` event.
///
/// A file of its own, so that benches/browser starts the same worker.
const START: &str = include_str!("worker_start.js");

/// What is worth telling of the message of a worker's `error` event: browsers put words before it.
pub fn crash_reason(message: &str) -> &str {
    let message = message.strip_prefix("Uncaught ").unwrap_or(message);
    let message = message.strip_prefix("Error: ").unwrap_or(message).trim().trim_end_matches('.');
    if message.is_empty() { "the browser gives no reason" } else { message }
}

/// The property of the worker's global scope that holds the last panic's message; see `START`.
pub const PANIC_PROPERTY: &str = "enginePanic";

/// The worker's whole text from the `glue` that wasm-bindgen wrote for the target `no-modules`.
pub fn worker_source(glue: &str) -> String {
    format!("{glue}\n{START}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worker_is_the_glue_and_imports_nothing() {
        let source = worker_source("let wasm_bindgen = 1;");
        assert!(source.starts_with("let wasm_bindgen = 1;\n"));
        assert!(source.contains(PANIC_PROPERTY));
        for word in ["importScripts", "import ", "fetch("] {
            assert!(!START.contains(word));
        }
    }

    #[test]
    fn a_crash_is_told_in_its_own_words() {
        assert_eq!(crash_reason("Uncaught Error: index out of bounds."), "index out of bounds");
        assert_eq!(crash_reason("RuntimeError: unreachable"), "RuntimeError: unreachable");
        assert_eq!(crash_reason(""), "the browser gives no reason");
    }
}
