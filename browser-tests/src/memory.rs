//! What a page and its workers hold after everything that nobody needs was thrown away.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::devtools::Session;
use crate::page::Page;

/// Bytes of JavaScript objects and of WebAssembly memories, in the page and all of its workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    pub objects: u64,
    pub wasm: u64,
}

impl Memory {
    pub fn total(self) -> u64 {
        self.objects + self.wasm
    }
}

/// Forces garbage collection and counts.
pub fn measure(browser: &Browser, page: &Page) -> Memory {
    let mut memory = Memory { objects: 0, wasm: 0 };
    let sessions = std::iter::once(page.session().clone()).chain(page.workers());
    for session in sessions {
        // A worker that has ended has no memory.
        if let Some(part) = of_session(browser, &session) {
            memory.objects += part.objects;
            memory.wasm += part.wasm;
        }
    }
    memory
}

fn of_session(browser: &Browser, session: &Session) -> Option<Memory> {
    let call = |method: &str, params: Value| browser.try_call(session, method, params).ok();
    // Twice: what finalizers let go of is only collected the next time.
    for _ in 0..2 {
        call("HeapProfiler.collectGarbage", json!({}))?;
    }
    let objects = call("Runtime.getHeapUsage", json!({}))?["usedSize"].as_f64()? as u64;
    let prototype = call("Runtime.evaluate", json!({ "expression": "WebAssembly.Memory.prototype" }))?;
    let prototype = prototype["result"]["objectId"].clone();
    let found = call("Runtime.queryObjects", json!({ "prototypeObjectId": prototype }))?;
    let count = json!({
        "functionDeclaration": "function () { return this.reduce((sum, memory) => sum + memory.buffer.byteLength, 0); }",
        "objectId": found["objects"]["objectId"],
        "returnByValue": true,
    });
    let wasm = call("Runtime.callFunctionOn", count)?["result"]["value"].as_f64()? as u64;
    Some(Memory { objects, wasm })
}
