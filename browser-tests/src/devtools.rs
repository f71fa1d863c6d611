//! The DevTools protocol over a pipe: no port, no driver, no other program.
//!
//! A message is JSON ended by a NUL. Requests carry an id, and replies the same; everything else is an event. The
//! page's and each worker's messages are told apart by their session.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde_json::{Value, json};

use crate::DEADLINE;

/// Chromium reads commands from descriptor 3 and writes to 4; a child process here has only 0, 1 and 2.
const SWAP_DESCRIPTORS: &str = r#"exec "$0" "$@" 3<&0 4>&1 0</dev/null 1>&2"#;

/// Which target a message belongs to; `None` is the browser itself.
pub type Session = Option<String>;

/// Something that the browser told unasked.
#[derive(Debug, Clone)]
pub struct Event {
    pub session: Session,
    pub method: String,
    pub params: Value,
}

/// A running browser's connection. The browser and its children are killed on drop.
pub struct DevTools {
    child: Child,
    wire: Arc<Wire>,
}

struct Wire {
    input: Mutex<ChildStdin>,
    last_id: AtomicU64,
    heard: Mutex<Heard>,
    changed: Condvar,
}

#[derive(Default)]
struct Heard {
    replies: HashMap<u64, Value>,
    events: Vec<Event>,
    closed: bool,
}

impl DevTools {
    /// Starts `program`, which must be a Chromium, in a process group of its own.
    pub fn start(program: &Path, args: &[String]) -> DevTools {
        let mut child = Command::new("sh")
            .args(["-c", SWAP_DESCRIPTORS])
            .arg(program)
            .args(args)
            .arg("--remote-debugging-pipe")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("a shell is there");
        let input = child.stdin.take().expect("the input is piped");
        let output = child.stdout.take().expect("the output is piped");
        let wire = Arc::new(Wire {
            input: Mutex::new(input),
            last_id: AtomicU64::new(0),
            heard: Mutex::default(),
            changed: Condvar::new(),
        });
        let listening = Arc::clone(&wire);
        std::thread::spawn(move || listening.listen(output));
        DevTools { child, wire }
    }

    /// Sends a command and gives its result.
    ///
    /// # Errors
    /// The browser's own message, or that it did not answer within the deadline.
    pub fn call(&self, session: &Session, method: &str, params: Value) -> Result<Value, String> {
        let id = self.wire.send(session, method, params);
        let reply = self
            .wire
            .wait(|heard| heard.replies.remove(&id))
            .ok_or_else(|| format!("{method} was not answered within {} s", DEADLINE.as_secs()))??;
        match reply.get("error") {
            Some(error) => Err(format!("{method}: {}", error["message"].as_str().unwrap_or("failed"))),
            None => Ok(reply["result"].clone()),
        }
    }

    /// Waits for an event, earlier ones included, for which `wanted` gives something.
    ///
    /// # Errors
    /// There was none within the deadline, or the browser ended.
    pub fn wait_for<T>(&self, wanted: impl Fn(&Event) -> Option<T>) -> Result<T, String> {
        self.wait_for_all(|events| events.iter().find_map(&wanted))
    }

    /// As [`DevTools::wait_for`], with all events so far at once. `wanted` must not ask the browser for anything: it
    /// is called while no event can arrive.
    ///
    /// # Errors
    /// As [`DevTools::wait_for`].
    pub fn wait_for_all<T>(&self, wanted: impl Fn(&[Event]) -> Option<T>) -> Result<T, String> {
        let found = self.wire.wait(|heard| wanted(&heard.events));
        found.ok_or_else(|| format!("no such event within {} s", DEADLINE.as_secs()))?
    }

    /// Every event so far.
    pub fn events(&self) -> Vec<Event> {
        self.wire.lock().events.clone()
    }

    /// Forgets the events so far, so that [`DevTools::wait_for`] sees only later ones.
    pub fn forget_events(&self) {
        self.wire.lock().events.clear();
    }
}

impl Drop for DevTools {
    fn drop(&mut self) {
        // The whole group: a helper process left alive would hold the test's output open.
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Wire {
    fn lock(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(&self, session: &Session, method: &str, params: Value) -> u64 {
        let id = self.last_id.fetch_add(1, Ordering::Relaxed) + 1;
        let mut message = json!({ "id": id, "method": method, "params": params });
        if let Some(session) = session {
            message["sessionId"] = json!(session);
        }
        let mut input = self.input.lock().unwrap_or_else(PoisonError::into_inner);
        // If the browser has ended, the reader notices, and the wait for the reply fails.
        let _ = input.write_all(format!("{message}\0").as_bytes());
        id
    }

    /// `None` after the deadline, an error if the browser has ended before.
    fn wait<T>(&self, mut take: impl FnMut(&mut Heard) -> Option<T>) -> Option<Result<T, String>> {
        let end = Instant::now() + DEADLINE;
        let mut heard = self.lock();
        loop {
            if let Some(found) = take(&mut heard) {
                return Some(Ok(found));
            }
            if heard.closed {
                return Some(Err("the browser has ended; does it start by hand?".into()));
            }
            let left = end.checked_duration_since(Instant::now())?;
            heard = self.changed.wait_timeout(heard, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn listen(&self, output: ChildStdout) {
        for message in BufReader::new(output).split(0).map_while(Result::ok) {
            let Ok(mut message) = serde_json::from_slice::<Value>(&message) else { continue };
            if message["method"] == "Target.attachedToTarget" {
                self.let_run(&message["params"]["sessionId"]);
            }
            let mut heard = self.lock();
            match message["id"].as_u64() {
                Some(id) => drop(heard.replies.insert(id, message)),
                None => heard.events.push(Event {
                    session: message["sessionId"].as_str().map(str::to_owned),
                    method: message["method"].as_str().unwrap_or_default().to_owned(),
                    params: message["params"].take(),
                }),
            }
            drop(heard);
            self.changed.notify_all();
        }
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// A new worker waits until it is told to run. Nobody waits for the replies: a paused worker would never give them.
    fn let_run(&self, session: &Value) {
        let session = session.as_str().map(str::to_owned);
        for method in ["Network.enable", "Runtime.enable", "Log.enable", "Runtime.runIfWaitingForDebugger"] {
            self.send(&session, method, json!({}));
        }
    }
}
